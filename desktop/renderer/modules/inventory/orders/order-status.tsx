import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCircleCheck,
  IconCircleX,
  IconClipboardText,
  IconClock,
  IconFlame,
  IconLock,
  IconPackage,
  IconPackageImport,
  IconSend,
  IconTruckDelivery,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import { useI18n } from '../../../ui/i18n.tsx';
import type { T } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import type { Tone } from '../../../ui/status-pill.tsx';

const STATES = {
  draft: { tone: 'grey', icon: IconClipboardText, key: 'orders.state.draft' },
  submitted: { tone: 'amber', icon: IconSend, key: 'orders.state.submitted' },
  returned: { tone: 'violet', icon: IconArrowBackUp, key: 'orders.state.returned' },
  approved: { tone: 'blue', icon: IconCircleCheck, key: 'orders.state.approved' },
  ordered: { tone: 'blue', icon: IconTruckDelivery, key: 'orders.state.ordered' },
  partially_received: {
    tone: 'amber',
    icon: IconPackageImport,
    key: 'orders.state.partially_received',
  },
  received: { tone: 'green', icon: IconPackage, key: 'orders.state.received' },
  closed: { tone: 'grey', icon: IconLock, key: 'orders.state.closed' },
  cancelled: { tone: 'grey', icon: IconCircleX, key: 'orders.state.cancelled' },
} as const satisfies Record<string, { tone: Tone; icon: Icon; key: string }>;

type State = keyof typeof STATES;
const isState = (status: string): status is State => Object.hasOwn(STATES, status);

export const orderStates = Object.keys(STATES) as readonly State[];
export const orderStateWord = (t: T, status: string): string =>
  isState(status) ? t(STATES[status].key) : status;
export const orderStateLook = (status: string): { tone: Tone; icon: Icon } =>
  isState(status) ? STATES[status] : STATES.draft;

/** Where an order stands. */
export function OrderStatus(props: { status: string }) {
  const { t } = useI18n();
  const { tone, icon } = orderStateLook(props.status);
  return (
    <StatusPill tone={tone} icon={icon}>
      {orderStateWord(t, props.status)}
    </StatusPill>
  );
}

const URGENCIES = {
  routine: 'orders.urgency.routine',
  urgent: 'orders.urgency.urgent',
  emergency: 'orders.urgency.emergency',
} as const;
export type Urgency = keyof typeof URGENCIES;
export const urgencies = Object.keys(URGENCIES) as readonly Urgency[];
export const isUrgency = (value: string | null): value is Urgency =>
  value !== null && Object.hasOwn(URGENCIES, value);
export const urgencyWord = (t: T, urgency: string): string =>
  isUrgency(urgency) ? t(URGENCIES[urgency]) : urgency;

/** How pressing an order is; nothing where it is as usual. */
export function UrgencyPill(props: { urgency: string }) {
  const { t } = useI18n();
  if (props.urgency === 'routine') return null;
  const isEmergency = props.urgency === 'emergency';
  return (
    <StatusPill
      tone={isEmergency ? 'red' : 'amber'}
      icon={isEmergency ? IconFlame : IconAlertTriangle}
    >
      {urgencyWord(t, props.urgency)}
    </StatusPill>
  );
}

/** What the server has not confirmed yet. */
export function WaitingPill() {
  const { t } = useI18n();
  return (
    <StatusPill tone="amber" icon={IconClock} title={t('history.waitingHelp')}>
      {t('history.waiting')}
    </StatusPill>
  );
}
