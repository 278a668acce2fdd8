import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconPencil,
  IconTruck,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import type { TransferRow } from '#shared/ipc/views.stock.ts';
import { differencesOf, inTransit } from '#shared/merge/derive/transfer-legs.ts';
import { useI18n } from '../../../../ui/i18n.tsx';
import { StatusPill } from '../../../../ui/status-pill.tsx';
import type { Tone } from '../../../../ui/status-pill.tsx';

export type TransferState =
  | 'draft'
  | 'in_transit'
  | 'arrived_first'
  | 'differs'
  | 'received'
  | 'short'
  | 'cancelled';

/**
 * What is to be said of a transfer: its status as the server has it, or what its legs say already while
 * that is on its way.
 */
export function stateOf({ status, lines }: Pick<TransferRow, 'status' | 'lines'>): TransferState {
  if (status === 'received' || status === 'short' || status === 'cancelled') return status;
  const sent = lines.some((line) => line.sent > 0);
  const came = lines.some((line) => line.received > 0);
  if (!sent) return came ? 'arrived_first' : 'draft';
  if (differencesOf(lines).length === 0) return 'received';
  return came ? 'differs' : 'in_transit';
}

export const inTransitOf = ({ status, lines }: Pick<TransferRow, 'status' | 'lines'>): number =>
  status === 'cancelled' || status === 'received' ? 0 : inTransit(lines);

const LOOKS: Readonly<Record<TransferState, readonly [Tone, Icon]>> = {
  draft: ['grey', IconPencil],
  in_transit: ['blue', IconTruck],
  arrived_first: ['amber', IconAlertTriangle],
  differs: ['amber', IconAlertTriangle],
  received: ['green', IconCircleCheck],
  short: ['red', IconAlertTriangle],
  cancelled: ['grey', IconCircleX],
};

export function TransferStatus(props: { transfer: Pick<TransferRow, 'status' | 'lines'> }) {
  const { t } = useI18n();
  const state = stateOf(props.transfer);
  const [tone, icon] = LOOKS[state];
  return (
    <StatusPill tone={tone} icon={icon} title={t(`transfers.help.${state}`)}>
      {t(`transfers.state.${state}`)}
    </StatusPill>
  );
}
