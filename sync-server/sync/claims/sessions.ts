import { ZERO_HLC, parseHlc } from '#shared/kernel/hlc.ts';
import { stampsOf } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { noteNew, noteWrite, refuse } from '../batch.ts';
import type { Batch } from '../batch.ts';
import { transitionRow, writeAsEngine } from '../notes.ts';
import { refused } from '../outcome.ts';
import type { RecordUnit } from '../push-records.ts';
import type { ClaimDesk } from './desk.ts';

const TABLE = 'kiosk_sessions';
/** States in which a session holds its visit. */
export const ACTIVE_SESSION: readonly string[] = [
  'started',
  'identified',
  'verifying',
  'forms',
  'signing',
  'payment',
];

/** A lease is over so long after it was taken at the latest, milliseconds: nobody holds a visit for good. */
const LONGEST_LEASE_MS = 60 * 60_000;

const isActive = (row: Row): boolean => ACTIVE_SESSION.includes(String(row['state']));
const visitOf = (row: Row): string | null =>
  typeof row['appointment_id'] === 'string' ? row['appointment_id'] : null;

/**
 * Of a visit one check-in is active. The first to arrive is; a second one becomes "go on at the
 * desk", with all that its patient has entered. Who let its lease run out holds nothing any more.
 */
export async function sessionDesk(
  batch: Batch,
  units: readonly RecordUnit[],
): Promise<ClaimDesk | null> {
  const claiming = units.filter(({ decision: { row } }) => isActive(row) && visitOf(row) !== null);
  if (claiming.length === 0) return null;
  const visits = [...new Set(claiming.flatMap(({ decision }) => visitOf(decision.row) ?? []))];
  const [active, appointments] = await Promise.all([
    batch.store.find(TABLE, { fields: { appointment_id: visits, state: ACTIVE_SESSION } }),
    batch.store.rows('appointments', visits),
  ]);
  /** Its site does not see the visit, and would keep it from the one that does. */
  const isElsewhere = (row: Row): boolean => {
    const appointment = appointments.get(visitOf(row) ?? '');
    return appointment !== undefined && appointment['location_id'] !== row['location_id'];
  };

  return {
    async before() {
      const pushed = new Map(units.map((unit) => [unit.incoming.id, unit]));
      const holders = new Map<string, string>();
      const late: Row[] = [];
      for (const session of active) {
        const unit = pushed.get(session.id);
        // One that ends in this very push is written before those that begin.
        if (unit && !isActive(unit.decision.row)) continue;
        if (!unit && leaseEnd(session) < batch.now) late.push(session);
        else holders.set(visitOf(session) ?? '', session.id);
      }
      await expireSessions(batch, late);
      return units.flatMap((unit) => {
        const { row } = unit.decision;
        const visit = visitOf(row);
        if (visit === null || !isActive(row)) return unit;
        if (isElsewhere(row)) {
          refuse(batch, unit.incoming, refused('SYNC_ROW_REFUSED', ['appointment_id']));
          return [];
        }
        const holder = holders.get(visit);
        if (holder === undefined || holder === row.id) {
          holders.set(visit, row.id);
          return unit;
        }
        return handOver(batch, unit);
      });
    },
    after: async () => undefined,
  };
}

/** The device says until when; the stamp with which it did is never later than the server's time. */
function leaseEnd(session: Row): number {
  const taken = stampsOf(session)['lease_until'] ?? ZERO_HLC;
  return Math.min(Number(session['lease_until']), parseHlc(taken).ms + LONGEST_LEASE_MS);
}

/** The session as it is written: at the desk, by a step of the server's own. */
function handOver(batch: Batch, unit: RecordUnit): RecordUnit {
  const { decision, before, notes } = unit;
  const basis = before ? (stampsOf(before.row)['state'] ?? null) : null;
  const seen = stampsOf(decision.row)['state'];
  if (seen !== undefined) batch.hlc.observe(seen);
  const hlc = batch.hlc.next();
  const from = before ? String(before.row['state']) : 'started';
  const step = { field: 'state', from, to: 'handed_to_staff', hlc, notAuthor: false };
  const row: Row = {
    ...decision.row,
    state: step.to,
    field_hlc: { ...stampsOf(decision.row), state: hlc },
  };
  return {
    ...unit,
    decision:
      decision.do === 'insert'
        ? { ...decision, row, step }
        : {
            ...decision,
            row,
            step,
            write: true,
            changed: [...new Set([...decision.changed, 'state'])],
          },
    notes: [
      ...notes.filter(({ table }) => table !== 'transitions'),
      transitionRow(batch, TABLE, row, step, basis, null),
    ],
  };
}

/** Ends sessions whose lease has run out, as the server's own step. */
export async function expireSessions(batch: Batch, sessions: readonly Row[]): Promise<void> {
  if (sessions.length === 0) return;
  const steps = sessions.map((session) => {
    const before = stampsOf(session)['state'] ?? null;
    if (before !== null) batch.hlc.observe(before);
    const hlc = batch.hlc.next();
    const row: Row = {
      ...session,
      state: 'expired',
      field_hlc: { ...stampsOf(session), state: hlc },
    };
    const step = { from: String(session['state']), to: 'expired', hlc };
    return { row, note: transitionRow(batch, TABLE, row, step, before, null) };
  });
  await batch.store.stepAsEngine(
    TABLE,
    'state',
    steps.map(({ row }) => row),
  );
  for (const { table, row } of await writeAsEngine(
    batch,
    steps.map(({ note }) => note),
  )) {
    noteNew(batch, table, row);
  }
  for (const { row } of steps) {
    noteWrite(batch, 'update', TABLE, row, { outcome: 'expired', fields: ['state'] });
  }
}
