import type { HybridClock } from '#shared/kernel/hlc.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import type { PaymentEvent } from '#shared/schema/payment-events.ts';
import type { Queries } from '../../db/with-session.ts';
import type { Written } from '../write-rows.ts';
import type { OwnFacts } from './payment-hub.ts';

/** How the server stands with a command; see the migration "payments". */
export type CommandState =
  | 'begun'
  | 'waiting'
  | 'unknown'
  | 'done'
  | 'declined'
  | 'refused'
  | 'cancelled'
  | 'risky';

/** Something that the server was asked to do at Stripe. */
export interface Command {
  readonly key: string;
  readonly does: 'take' | 'refund' | 'void';
  readonly state: CommandState;
  readonly locationId: string;
  readonly patientId: string;
  readonly appointmentId: string | null;
  readonly intentId: string;
  readonly purpose: string;
  readonly amountCents: number;
  readonly readerRef: string | null;
  readonly paymentRef: string | null;
  readonly refundRef: string | null;
  readonly reasonCode: string | null;
  readonly score: number | null;
  readonly problem: string | null;
  readonly askedBy: string | null;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  readonly isOver: boolean;
}

type Row = Omit<Command, 'amountCents' | 'score' | 'createdAt'> & {
  readonly amountCents: string;
  readonly score: string | null;
  readonly createdAt: string;
};

const COLUMNS = `
  c.key, c.does, c.state, c.location_id as "locationId", c.patient_id as "patientId",
  c.appointment_id as "appointmentId", c.intent_id as "intentId", c.purpose,
  c.amount_cents::text as "amountCents", c.reader_ref as "readerRef",
  c.payment_ref as "paymentRef", c.refund_ref as "refundRef", c.reason_code as "reasonCode",
  c.score::text as score, c.problem, c.asked_by as "askedBy",
  floor(extract(epoch from c.created_at) * 1000)::bigint::text as "createdAt",
  c.ended_at is not null as "isOver"`;

const commandOf = (row: Row): Command => ({
  ...row,
  amountCents: Number(row.amountCents),
  score: row.score === null ? null : Number(row.score),
  createdAt: Number(row.createdAt),
});

/** The command of a key. */
export async function readCommand(db: Queries, key: string): Promise<Command | null> {
  const [row] = await db.query<Row>(
    `select ${COLUMNS} from private.payment_commands c where c.key = $1`,
    [key],
  );
  return row ? commandOf(row) : null;
}

/** The taking that Stripe's id belongs to. */
export async function commandOfPayment(db: Queries, paymentRef: string): Promise<Command | null> {
  const [row] = await db.query<Row>(
    `select ${COLUMNS} from private.payment_commands c where c.payment_ref = $1 and c.does = 'take'`,
    [paymentRef],
  );
  return row ? commandOf(row) : null;
}

export type NewCommand = Pick<
  Command,
  | 'key'
  | 'does'
  | 'locationId'
  | 'patientId'
  | 'appointmentId'
  | 'intentId'
  | 'purpose'
  | 'amountCents'
  | 'readerRef'
  | 'paymentRef'
  | 'reasonCode'
  | 'askedBy'
>;

/** Keeps a command. @returns true where its key is new */
export async function insertCommand(db: Queries, command: NewCommand): Promise<boolean> {
  const made = await db.execute(
    `insert into private.payment_commands
       (key, does, location_id, patient_id, appointment_id, intent_id, purpose, amount_cents,
        reader_ref, payment_ref, reason_code, asked_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (key) do nothing`,
    [
      command.key,
      command.does,
      command.locationId,
      command.patientId,
      command.appointmentId,
      command.intentId,
      command.purpose,
      command.amountCents,
      command.readerRef,
      command.paymentRef,
      command.reasonCode,
      command.askedBy,
    ],
  );
  return made > 0;
}

/** Says how a command stands that is not over. @returns true where it was not over yet */
export async function moveCommand(
  db: Queries,
  key: string,
  to: {
    readonly state: CommandState;
    readonly isOver: boolean;
    readonly problem?: string | null;
    readonly paymentRef?: string | null;
    readonly refundRef?: string | null;
  },
): Promise<boolean> {
  const moved = await db.execute(
    `update private.payment_commands
        set state = $2, ended_at = case when $3 then now() end, problem = $4,
            payment_ref = coalesce($5, payment_ref), refund_ref = coalesce($6, refund_ref)
      where key = $1 and ended_at is null`,
    [key, to.state, to.isOver, to.problem ?? null, to.paymentRef ?? null, to.refundRef ?? null],
  );
  return moved > 0;
}

/** Keeps the score of whoever judges first. @returns the one that holds */
export async function holdScore(db: Queries, key: string, score: number): Promise<number> {
  const [row] = await db.query<{ score: string }>(
    `update private.payment_commands set score = coalesce(score, $2) where key = $1
     returning score::text as score`,
    [key, score],
  );
  return row ? Number(row.score) : score;
}

/** What of the story of a reader and of a patient says something about a payment. */
export async function ownFacts(db: Queries, command: Command): Promise<OwnFacts> {
  const [row] = await db.query<{ tries: number; declined: number }>(
    `select (select count(*)::int from private.payment_commands t
              where t.reader_ref = $1 and t.does = 'take'
                and t.created_at > now() - interval '10 minutes') as tries,
            (select count(*)::int from private.payment_commands d
              where d.patient_id = $2 and d.state = 'declined'
                and d.created_at > now() - interval '1 day') as declined`,
    [command.readerRef, command.patientId],
  );
  return { triesAtReader: row?.tries ?? 1, declinedToday: row?.declined ?? 0 };
}

/** What happened, beside what the command says. */
export interface Happened {
  readonly event: PaymentEvent;
  /** Another one than the command's: of what was not asked for here. */
  readonly key?: string;
  readonly amountCents?: number;
  readonly ref?: string | null;
  readonly reason?: string | null;
  readonly card?: { readonly brand: string | null; readonly last4: string | null } | null;
}

/** Writes a fact of a payment, once however often it is told. @returns the row where it is new */
export async function writeFact(
  db: Queries,
  hlc: HybridClock,
  command: Command,
  happened: Happened,
  now: number,
): Promise<Written | null> {
  const key = happened.key ?? command.key;
  const [site] = await db.query<{ zone: string }>(
    'select time_zone as zone from public.locations where id = $1',
    [command.locationId],
  );
  const [row] = await db.query<Written['row']>(
    `insert into public.payment_transactions
       (id, created_at, hlc, location_id, patient_id, appointment_id, intent_id, idempotency_key,
        purpose, amount_cents, currency, method, event, processor_ref, last4, brand, reason_code,
        collected_by, occurred_at, local_date)
     values ($1, date_trunc('milliseconds', now()), $2, $3, $4, $5, $6, $7, $8, $9, 'USD',
        'card_present', $10, $11, $12, $13, $14, $15, to_timestamp($16::bigint / 1000.0), $17)
     on conflict do nothing
     returning id, location_id, patient_id`,
    [
      derivedId('payment', key, happened.event),
      hlc.next(),
      command.locationId,
      command.patientId,
      command.appointmentId,
      command.intentId,
      key,
      command.does === 'take' && happened.key === undefined ? command.purpose : 'refund',
      happened.amountCents ?? command.amountCents,
      happened.event,
      happened.ref ?? command.refundRef ?? command.paymentRef,
      happened.card?.last4?.slice(-4) ?? null,
      happened.card?.brand?.slice(0, 20) ?? null,
      (happened.reason ?? command.reasonCode)?.slice(0, 40) ?? null,
      command.askedBy,
      now,
      clinicDate(now, site?.zone ?? 'America/New_York'),
    ],
  );
  return row ? { table: 'payment_transactions', row } : null;
}

/** Why a person has to look at a payment. */
export type PaymentQuestion = 'risky' | 'unknown' | 'disputed' | 'refund_failed' | 'unsettled';

/** Opens a question for a person, once. @returns the row where it is new */
export async function askPerson(
  db: Queries,
  hlc: HybridClock,
  command: Command,
  why: PaymentQuestion,
  more: { readonly about?: string; readonly score?: number } = {},
): Promise<Written | null> {
  const [row] = await db.query<Written['row']>(
    `insert into public.review_items
       (id, created_at, field_hlc, location_id, kind, table_name, row_id, facts, status)
     values ($1, date_trunc('milliseconds', now()), $2, $3, 'unknown_payment',
        'payment_transactions', $4, $5, 'open')
     on conflict (id) do nothing
     returning id, location_id`,
    [
      derivedId('payment-review', command.key, why, more.about ?? ''),
      JSON.stringify({ status: hlc.next() }),
      command.locationId,
      derivedId('payment', command.key, command.does === 'take' ? 'created' : 'processing'),
      JSON.stringify({ why, does: command.does, amount_cents: command.amountCents, ...more }),
    ],
  );
  return row ? { table: 'review_items', row } : null;
}
