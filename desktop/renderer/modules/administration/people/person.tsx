import { IconCircleCheck, IconDoorExit, IconMail, IconPlayerPause } from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import type { TableRow } from '#shared/schema/tables.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import type { Tone } from '../../../ui/status-pill.tsx';

export type Grant = TableRow<'user_roles'>;

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly status: TableRow<'users'>['status'];
  readonly home: string;
  readonly homeId: string | null;
  /** Those that count first. */
  readonly grants: readonly Grant[];
  /** Roles in force, in words. */
  readonly roles: string;
}

const STATUS: Readonly<Record<Person['status'], { tone: Tone; icon: Icon }>> = {
  invited: { tone: 'blue', icon: IconMail },
  active: { tone: 'green', icon: IconCircleCheck },
  suspended: { tone: 'amber', icon: IconPlayerPause },
  left: { tone: 'grey', icon: IconDoorExit },
};

export function PersonStatus(props: { status: Person['status'] }) {
  const { t } = useI18n();
  const { tone, icon } = STATUS[props.status];
  return (
    <StatusPill tone={tone} icon={icon}>
      {t(`people.status.${props.status}`)}
    </StatusPill>
  );
}
