import {
  IconCalendarEvent,
  IconCalendarOff,
  IconCheck,
  IconDoorExit,
  IconMapPin,
  IconUserX,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import type { DayVisit } from '#shared/ipc/patient-views.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { StatusPill } from '../../ui/status-pill.tsx';
import type { Tone } from '../../ui/status-pill.tsx';
import { visitStatusWord } from './words.ts';

/** States in which the EHR has closed a visit, whatever the desk wrote down. */
const CLOSED: ReadonlySet<string> = new Set(['fulfilled', 'cancelled', 'noshow']);
const LOOKS: Readonly<Record<string, readonly [Tone, Icon]>> = {
  arrived: ['blue', IconMapPin],
  'checked-in': ['green', IconCheck],
  roomed: ['green', IconCheck],
  left: ['grey', IconDoorExit],
  fulfilled: ['grey', IconCheck],
  cancelled: ['amber', IconCalendarOff],
  noshow: ['amber', IconUserX],
};

/**
 * Where a visit stands: what the EHR says of one that it has closed, else the further of what the desk
 * wrote down and what the EHR knows.
 */
export function visitState({ status, desk }: Pick<DayVisit, 'status' | 'desk'>): string {
  if (CLOSED.has(status) || desk === 'expected') return status;
  if (desk === 'arrived' && status === 'checked-in') return status;
  return desk === 'checked_in' ? 'checked-in' : desk;
}

/** True while somebody can still arrive for it. */
export const isExpected = (visit: Pick<DayVisit, 'status' | 'desk'>): boolean =>
  ['booked', 'pending', 'proposed', 'waitlist'].includes(visitState(visit));

export function VisitPill(props: { visit: Pick<DayVisit, 'status' | 'desk'> }) {
  const { t } = useI18n();
  const state = visitState(props.visit);
  const [tone, icon] = LOOKS[state] ?? ['grey', IconCalendarEvent];
  return (
    <StatusPill tone={tone} icon={icon}>
      {visitStatusWord(t, state)}
    </StatusPill>
  );
}
