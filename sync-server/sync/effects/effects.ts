import { derivedId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';

/**
 * Something to be done once because of what was written. It names a row and says nothing about it:
 * what is sent is read when it is sent, and consent is asked then.
 */
export interface Effect {
  /** Follows from kind and cause: the same cause is the same effect, however often it is found. */
  readonly id: string;
  readonly kind: string;
  /** staff: shown inside the suite · outside: leaves the house. */
  readonly audience: 'staff' | 'outside';
  readonly table: TableName;
  readonly rowId: string;
  readonly locationId: string | null;
}

interface Rule {
  /** Whose new rows are the cause. */
  readonly cause: TableName;
  readonly when: (row: Row) => boolean;
  readonly kind: string;
  readonly audience: Effect['audience'];
  /** The row that it is about; absent: the cause itself. */
  readonly about?: { readonly table: TableName; readonly field: string };
}

/** A step that somebody or the server took, as its row says. */
const step = (table: TableName, to: string, from?: readonly string[]): Rule['when'] => {
  return (row) =>
    row['table_name'] === table &&
    row['to_state'] === to &&
    (from === undefined || from.includes(String(row['from_state'])));
};
const visit = { table: 'pharma_appointments', field: 'appointment_id' } as const;
const stepped = (table: TableName): Required<Rule>['about'] => ({ table, field: 'row_id' });

/**
 * Every cause is a row that came into being: a fact, a claim, a review, or a step. Who was told that
 * a slot is theirs hears of it when it is taken back; who lost it was promised nothing, so nothing
 * about it ever leaves the house.
 */
export const EFFECT_RULES: readonly Rule[] = [
  {
    cause: 'slot_claims',
    when: ({ state }) => state === 'hold' || state === 'confirmed',
    kind: 'slot.granted',
    audience: 'staff',
    about: visit,
  },
  {
    cause: 'slot_claims',
    when: ({ state }) => state === 'lost',
    kind: 'slot.lost',
    audience: 'staff',
    about: visit,
  },
  {
    cause: 'transitions',
    when: step('pharma_appointments', 'confirmed'),
    kind: 'visit.confirmed',
    audience: 'outside',
    about: stepped('pharma_appointments'),
  },
  {
    cause: 'transitions',
    when: step('pharma_appointments', 'declined', ['held']),
    kind: 'visit.declined',
    audience: 'outside',
    about: stepped('pharma_appointments'),
  },
  {
    cause: 'transitions',
    when: step('pharma_appointments', 'cancelled_by_clinic', ['held', 'confirmed']),
    kind: 'visit.cancelled',
    audience: 'outside',
    about: stepped('pharma_appointments'),
  },
  {
    cause: 'transitions',
    when: step('kiosk_sessions', 'handed_to_staff'),
    kind: 'check-in.at-desk',
    audience: 'staff',
    about: stepped('kiosk_sessions'),
  },
  {
    cause: 'transitions',
    when: step('count_sessions', 'posted', ['in_review']),
    kind: 'count.approved',
    audience: 'staff',
    about: stepped('count_sessions'),
  },
  {
    cause: 'transitions',
    when: step('purchase_orders', 'ordered'),
    kind: 'order.placed',
    audience: 'outside',
    about: stepped('purchase_orders'),
  },
  { cause: 'order_sends', when: () => true, kind: 'order.summary', audience: 'outside' },
  {
    cause: 'po_approvals',
    when: ({ decision }) => decision === 'approved',
    kind: 'order.approved',
    audience: 'staff',
    about: { table: 'purchase_orders', field: 'order_id' },
  },
  {
    cause: 'review_items',
    when: ({ status }) => status === 'open',
    kind: 'review.opened',
    audience: 'staff',
  },
  {
    cause: 'delivery_tracking',
    when: ({ event, channel }) => event === 'queued' && channel !== 'print',
    kind: 'handout.queued',
    audience: 'outside',
  },
];

/** The id of what a row sets off. */
export const effectId = (kind: string, causeId: string): string =>
  derivedId('effect', kind, causeId);

const BY_CAUSE = Map.groupBy(EFFECT_RULES, ({ cause }) => cause);

/** What is to be done because a row came into being. */
export function effectsOf(table: TableName, row: Row): Effect[] {
  return (BY_CAUSE.get(table) ?? [])
    .filter(({ when }) => when(row))
    .map(({ kind, audience, about }) => ({
      id: effectId(kind, row.id),
      kind,
      audience,
      table: about?.table ?? table,
      rowId: about ? String(row[about.field]) : row.id,
      locationId: typeof row['location_id'] === 'string' ? row['location_id'] : null,
    }));
}
