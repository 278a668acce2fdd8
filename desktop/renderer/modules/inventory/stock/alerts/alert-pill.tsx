import {
  IconAlertTriangle,
  IconArrowBarUp,
  IconCalendarExclamation,
  IconCalendarX,
  IconCircleArrowDown,
  IconDroplet,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import type { AlertKind } from '#shared/merge/derive/stock-alerts.ts';
import { useI18n } from '../../../../ui/i18n.tsx';
import { StatusPill } from '../../../../ui/status-pill.tsx';
import type { Tone } from '../../../../ui/status-pill.tsx';

const LOOKS: Readonly<Record<AlertKind, readonly [Tone, Icon]>> = {
  negative: ['red', IconAlertTriangle],
  expired: ['red', IconCalendarX],
  beyond_use: ['red', IconDroplet],
  low: ['amber', IconCircleArrowDown],
  expiring: ['amber', IconCalendarExclamation],
  overstock: ['blue', IconArrowBarUp],
};

export function AlertPill({ kind }: { kind: AlertKind }) {
  const { t } = useI18n();
  const [tone, icon] = LOOKS[kind];
  return (
    <StatusPill tone={tone} icon={icon}>
      {t(`alerts.kind.${kind}`)}
    </StatusPill>
  );
}
