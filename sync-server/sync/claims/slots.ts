import { slotClaimId } from '#shared/merge/ids.ts';
import { stampsOf } from '#shared/merge/join.ts';
import type { SlotOffer } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { noteNew, noteWrite, refuse, settle } from '../batch.ts';
import type { Batch } from '../batch.ts';
import { refusedBefore } from '../conflict/memory.ts';
import { transitionRow, writeAsEngine } from '../notes.ts';
import { master } from '../outcome.ts';
import type { RecordUnit } from '../push-records.ts';
import type { ClaimDesk } from './desk.ts';
import type { SlotBook, Verdict, Wish } from './slot-book.ts';
import { openBooks } from './slot-loading.ts';

const TABLE = 'pharma_appointments';
/** A seat that waits for an approval is held so long, and never past the visit's beginning. */
const HOLD_MS = 72 * 3_600_000;
const OFFERS = 3;

const HOLDS: readonly string[] = ['held', 'confirmed'];
const GIVES_BACK: readonly string[] = [
  'declined',
  'cancelled_by_rep',
  'cancelled_by_clinic',
  'no_show',
];

const statusOf = (row: Row | undefined): string => String(row?.['status']);
export const wishOf = (visit: Row): Wish => ({
  appointmentId: visit.id,
  activityId: String(visit['activity_id']),
  startsAt: Number(visit['starts_at']),
  endsAt: Number(visit['ends_at']),
});

/** True when a visit that holds a seat is put at another time. */
function isMoved({ before, decision: { row } }: RecordUnit): boolean {
  return (
    before !== null &&
    HOLDS.includes(statusOf(before.row)) &&
    HOLDS.includes(statusOf(row)) &&
    (before.row['starts_at'] !== row['starts_at'] || before.row['ends_at'] !== row['ends_at'])
  );
}

/**
 * Gives the slots of a site to visits of representatives. A visit that asks gets a seat (held until
 * it is approved, or confirmed at once where nobody has to approve) or becomes a conflict, with free
 * slots to choose from. One that holds a seat and cannot be moved stays where it is, and the move is
 * refused.
 */
export async function slotDesk(
  batch: Batch,
  units: readonly RecordUnit[],
): Promise<ClaimDesk | null> {
  const rows = units.map(({ decision }) => decision.row);
  const books = await openBooks(batch, rows);
  const offers = (book: SlotBook, visit: Row): SlotOffer[] =>
    book.alternatives(wishOf(visit), batch.now, OFFERS).map(({ startsAt, endsAt, seat }) => ({
      starts_at: startsAt,
      ends_at: endsAt,
      seat_no: seat,
    }));
  const seats = new Map<string, number>();

  return {
    before: async () =>
      units.filter((unit) => {
        const { decision, incoming } = unit;
        const book = books.of(decision.row);
        const status = statusOf(decision.row);
        if (GIVES_BACK.includes(status)) book.free(decision.row.id);
        if (!isMoved(unit)) return true;
        const verdict = book.ask(wishOf(decision.row));
        // Who was told "taken" asks again by another edit, also when it has become free since.
        const before = refusedBefore(incoming, unit.memory, batch, true);
        if (verdict.seat === null || before !== null) {
          refuse(batch, incoming, {
            outcome: 'refused',
            code: 'SYNC_SLOT_TAKEN',
            fields: ['starts_at'],
            alternatives: offers(book, decision.row),
          });
          return false;
        }
        book.take(wishOf(decision.row), verdict.seat);
        seats.set(decision.row.id, verdict.seat);
        return true;
      }),

    async after(written) {
      for (const unit of written) {
        const { decision, incoming } = unit;
        const { row } = decision;
        const status = statusOf(row);
        const isNew = decision.do === 'insert' || decision.write;
        const book = books.of(row);
        if (isNew && GIVES_BACK.includes(status)) await release(batch, row.id);
        const seat = seats.get(row.id);
        if (isNew && seat !== undefined) await move(batch, row, seat);
        let now = row;
        if (isNew && status === 'requested') {
          const verdict = book.ask(wishOf(row));
          if (verdict.seat !== null) book.take(wishOf(row), verdict.seat);
          now = await answerRequest(batch, row, verdict, books.needsApproval(row));
          settle(batch, incoming, master(now));
        }
        if (statusOf(now) === 'conflict') {
          settle(batch, incoming, master(now, offers(book, now)));
        }
      }
    },
  };
}

/** Writes down what a visit got; returns it as it is then. */
async function answerRequest(
  batch: Batch,
  visit: Row,
  verdict: Verdict,
  needsApproval: boolean,
): Promise<Row> {
  const granted = verdict.seat !== null;
  const confirmed = granted && !needsApproval;
  const asked = stampsOf(visit)['status'] ?? '';
  const startsAt = Number(visit['starts_at']);
  const claim = claimRow(batch, visit, {
    id: slotClaimId(visit.id, String(visit['activity_id']), startsAt, asked),
    seat_no: verdict.seat ?? Number(visit['seat_no']),
    state: !granted ? 'lost' : confirmed ? 'confirmed' : 'hold',
    hold_expires_at: granted && !confirmed ? holdEnd(batch.now, startsAt) : null,
  });
  await insertClaim(batch, claim);
  return stepVisit(batch, visit, !granted ? 'conflict' : confirmed ? 'confirmed' : 'held');
}

const holdEnd = (now: number, startsAt: number): number =>
  Math.min(now + HOLD_MS, Math.max(startsAt, now));

/** The seat of a visit that was put at another time: the old one is given back, the new one held. */
async function move(batch: Batch, visit: Row, seat: number): Promise<void> {
  const [old] = await release(batch, visit.id);
  const startsAt = Number(visit['starts_at']);
  const stamp = stampsOf(visit)['starts_at'] ?? '';
  await insertClaim(
    batch,
    claimRow(batch, visit, {
      id: slotClaimId(visit.id, String(visit['activity_id']), startsAt, stamp),
      seat_no: seat,
      state: statusOf(visit) === 'confirmed' ? 'confirmed' : 'hold',
      hold_expires_at: old?.['hold_expires_at'] === null ? null : holdEnd(batch.now, startsAt),
    }),
  );
}

/** Gives back what a visit holds. @returns the claims as they were */
export async function release(batch: Batch, visitId: string): Promise<Row[]> {
  const live = await batch.store.find('slot_claims', {
    fields: { appointment_id: [visitId], state: ['hold', 'confirmed'] },
  });
  const rows = live.map((claim) => ({ ...claim, state: 'released', hold_expires_at: null }));
  await batch.store.changeAsEngine('slot_claims', ['state', 'hold_expires_at'], rows);
  for (const row of rows) {
    noteWrite(batch, 'update', 'slot_claims', row, { outcome: 'released', fields: ['state'] });
  }
  return live;
}

function claimRow(batch: Batch, visit: Row, fields: Record<string, unknown> & { id: string }): Row {
  return {
    created_at: batch.now,
    created_by: null,
    device_id: null,
    location_id: visit['location_id'],
    activity_id: visit['activity_id'],
    starts_at: visit['starts_at'],
    appointment_id: visit.id,
    ...fields,
  };
}

async function insertClaim(batch: Batch, claim: Row): Promise<void> {
  for (const { table, row } of await writeAsEngine(batch, [{ table: 'slot_claims', row: claim }])) {
    noteWrite(batch, 'insert', table, row, {
      outcome: String(row['state']),
      fields: ['state', 'seat_no'],
    });
  }
}

/** Takes the server's own step with a visit; a confirmed one gets its number. */
export async function stepVisit(batch: Batch, visit: Row, to: string): Promise<Row> {
  const before = stampsOf(visit)['status'] ?? null;
  if (before !== null) batch.hlc.observe(before);
  const hlc = batch.hlc.next();
  const numbered = to === 'confirmed' && visit['confirmation_no'] === null;
  const row: Row = {
    ...visit,
    status: to,
    ...(numbered ? { confirmation_no: confirmationNo(visit.id) } : {}),
    field_hlc: {
      ...stampsOf(visit),
      status: hlc,
      ...(numbered ? { confirmation_no: hlc } : {}),
    },
  };
  await batch.store.changeAsEngine(TABLE, ['status', 'confirmation_no'], [row]);
  const step = { from: statusOf(visit), to, hlc };
  const note = transitionRow(batch, TABLE, row, step, before, null);
  for (const { table, row: made } of await writeAsEngine(batch, [note])) {
    noteNew(batch, table, made);
  }
  noteWrite(batch, 'update', TABLE, row, { outcome: to, fields: ['status'] });
  return row;
}

/** Short enough to be read out on the telephone; the end of an id made at random. */
const confirmationNo = (id: string): string => `V-${id.slice(-8).toUpperCase()}`;
