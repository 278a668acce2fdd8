import { isCode } from '#shared/errors/codes.ts';
import type { T } from '../../../ui/i18n.tsx';
import { useI18n } from '../../../ui/i18n.tsx';

const EFFECTS = {
  'order.summary': 'outbox.kind.orderSummary',
  'order.placed': 'outbox.kind.orderPlaced',
  'order.approved': 'outbox.kind.orderApproved',
  'visit.confirmed': 'outbox.kind.visitConfirmed',
  'visit.declined': 'outbox.kind.visitDeclined',
  'visit.cancelled': 'outbox.kind.visitCancelled',
  'handout.queued': 'outbox.kind.handoutQueued',
  'payment.take': 'payments.does.take',
  'payment.refund': 'payments.does.refund',
  'payment.void': 'payments.does.void',
  'alert.notice': 'outbox.kind.alertNotice',
} as const;
type Known = keyof typeof EFFECTS;

/** What was to be done, in words; a kind without words of its own by its name. */
export const effectWord = (t: T, kind: string): string =>
  Object.hasOwn(EFFECTS, kind) ? t(EFFECTS[kind as Known]) : kind;

const CHANNELS = {
  email: 'outbox.channel.email',
  slack: 'outbox.channel.slack',
  sms: 'outbox.channel.sms',
  card: 'outbox.channel.card',
  webhook: 'outbox.channel.webhook',
} as const;

export const channelWord = (t: T, channel: string): string =>
  Object.hasOwn(CHANNELS, channel) ? t(CHANNELS[channel as keyof typeof CHANNELS]) : channel;

/** What a problem means, in words. */
export function useProblemWords(): (problem: string | null) => string {
  const { say } = useI18n();
  return (problem) => (problem !== null && isCode(problem) ? say(problem) : (problem ?? '–'));
}
