import type { PatientEvent, PatientTimeline, TimelineKind } from '#shared/ipc/patient-views.ts';
import { paymentState } from '#shared/merge/derive/payment-state.ts';
import type { PaymentFact } from '#shared/merge/derive/payment-state.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { byText, isOpen, live } from './definition.ts';
import type { Read, ViewDefinition } from './definition.ts';

/** Columns that all parts of the timeline give; what a part does not have is null. */
type Found = Omit<PatientEvent, 'kind' | 'waiting'> & { readonly origin: string };

/** A part of the timeline: from which table, how, and the tables that only name things. */
interface Part {
  readonly kind: TimelineKind;
  readonly table: TableName;
  readonly names?: readonly TableName[];
  readonly columns: string;
  readonly joins?: string;
}

const NOTHING = 'null as detail, null as cents, null as n';

/**
 * Tables that say something about a patient. Where a role reads a summary and not the whole, the
 * device has the summary alone, so each table can be a part of its own.
 */
const PARTS: readonly Part[] = [
  {
    kind: 'visit',
    table: 'appointments',
    columns: `t.starts_at as at, t.status as code, t.type as about, t.reason as detail,
              null as cents, null as n, (select display_name from ${live('users')} u
              where u.id = t.provider_id) as who`,
  },
  {
    kind: 'desk',
    table: 'check_in_records',
    columns: `t.occurred_at as at, t.event as code, t.source as about, ${NOTHING}`,
  },
  {
    kind: 'handout',
    table: 'generated_handouts',
    names: ['handout_template_versions', 'handout_templates'],
    columns: `t.created_at as at, 'given' as code, h.title as about, t.locale as detail,
              null as cents, null as n`,
    joins: `left join ${live('handout_template_versions')} v on v.id = t.template_version_id
            left join ${live('handout_templates')} h on h.id = v.template_id`,
  },
  {
    kind: 'handout',
    table: 'handout_summaries',
    columns: `t.made_at as at, 'given' as code, null as about, null as detail, null as cents,
              t.handouts as n, null as who`,
  },
  {
    kind: 'authorization',
    table: 'authorization_requests',
    names: ['medications'],
    columns: `t.created_at as at, t.status as code, t.request_no as about, m.name as detail,
              null as cents, null as n`,
    joins: `left join ${live('medications')} m on m.id = t.medication_id`,
  },
  {
    kind: 'authorization',
    table: 'authorization_summaries',
    columns: `t.created_at as at, t.status as code, t.request_no as about, ${NOTHING},
              null as who`,
  },
  {
    kind: 'consent',
    table: 'consents',
    columns: `t.given_at as at, t.decision as code, t.purpose as about, t.method as detail,
              null as cents, null as n`,
  },
  {
    kind: 'consent',
    table: 'opt_outs',
    columns: `t.received_at as at, 'opted_out' as code, t.channel as about, ${NOTHING}`,
  },
  {
    kind: 'form',
    table: 'form_submissions',
    columns: `t.created_at as at, t.progress as code, t.kind as about, ${NOTHING}`,
  },
  {
    kind: 'form',
    table: 'form_submission_summaries',
    columns: `t.created_at as at, t.progress as code, t.kind as about, ${NOTHING}, null as who`,
  },
  {
    kind: 'proposal',
    table: 'patient_field_changes',
    columns: `t.created_at as at, 'proposed' as code, t.field as about, t.source as detail,
              null as cents, null as n`,
  },
];

/** The name of whoever made a row, where a part names nobody else. */
const MAKER = `(select display_name from ${live('users')} u where u.id = t.created_by) as who`;

function partOf(read: Read, part: Part, patientId: string, limit: number): PatientEvent[] {
  const who = part.columns.includes(' as who') ? '' : `, ${MAKER}`;
  return read<Found>(
    `select t.id as key, ${part.columns}${who}, l.code as location_code, t.origin
     from ${live(part.table)} t left join ${live('locations')} l on l.id = t.location_id
     ${part.joins ?? ''} where t.patient_id = ? order by at desc, t.id limit ?`,
    [patientId, limit],
  ).map(({ origin, ...event }) => ({ ...event, kind: part.kind, waiting: origin === 'local' }));
}

interface PaymentRow extends PaymentFact {
  readonly intent_id: string;
  readonly purpose: string;
  readonly method: string;
  readonly occurred_at: number;
  readonly location_code: string | null;
  readonly who: string | null;
  readonly origin: string;
}

/** Payments, one line each: what has become of an intent, not every step of it. */
function paymentsOf(read: Read, patientId: string): PatientEvent[] {
  const rows = read<PaymentRow>(
    `select t.id, t.intent_id, t.idempotency_key, t.event, t.amount_cents, t.purpose, t.method,
            t.occurred_at, l.code as location_code, u.display_name as who, t.origin
     from ${live('payment_transactions')} t
     left join ${live('locations')} l on l.id = t.location_id
     left join ${live('users')} u on u.id = t.collected_by
     where t.patient_id = ? order by t.occurred_at, t.id`,
    [patientId],
  );
  const intents = Map.groupBy(rows, ({ intent_id: intent }) => intent);
  return [...intents].flatMap(([intent, facts]) => {
    const state = paymentState(facts);
    const last = facts.at(-1);
    if (!state || !last) return [];
    return [
      {
        key: intent,
        kind: 'payment' as const,
        at: last.occurred_at,
        code: state.state,
        about: last.purpose,
        detail: last.method,
        cents: state.balanceCents > 0 ? state.balanceCents : state.askedCents,
        n: null,
        location_code: last.location_code,
        who: last.who,
        waiting: facts.some(({ origin }) => origin === 'local'),
      },
    ];
  });
}

/** Everything about a patient that this device has, the latest first. */
export const patientTimeline: ViewDefinition<
  { patientId: string; limit: number },
  PatientTimeline
> = {
  reads: [
    ...PARTS.flatMap(({ table, names = [] }) => [table, ...names]),
    'payment_transactions',
    'users',
    'locations',
  ],
  compute(read, { patientId, limit }) {
    const parts = PARTS.filter(({ table, names = [] }) =>
      [table, ...names].every((name) => isOpen(read, name)),
    );
    const hasPayments = isOpen(read, 'payment_transactions');
    const events = [
      ...parts.flatMap((part) => partOf(read, part, patientId, limit)),
      ...(hasPayments ? paymentsOf(read, patientId) : []),
    ];
    const kinds = new Set<TimelineKind>(parts.map(({ kind }) => kind));
    if (hasPayments) kinds.add('payment');
    return {
      kinds: [...kinds],
      events: events.toSorted((a, b) => b.at - a.at || byText(a.key, b.key)).slice(0, limit),
    };
  },
};
