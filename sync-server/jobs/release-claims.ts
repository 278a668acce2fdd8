import type { Row } from '#shared/schema/define.ts';
import { writeDown } from '../sync/batch.ts';
import { sessionKey, slotKey } from '../sync/claims/desk.ts';
import { ACTIVE_SESSION, expireSessions } from '../sync/claims/sessions.ts';
import { release, stepVisit } from '../sync/claims/slots.ts';
import { SERVER_CALLER, serverBatch } from './server-caller.ts';
import type { ServerWrites } from './server-caller.ts';

/** A check-in whose device has not been heard of for so long after its lease is over. */
const SILENT_MS = 15 * 60_000;

/**
 * Gives back what was held for a time and that time is over: seats that nobody approved, whose visits
 * become conflicts (somebody asks again or calls off), and check-ins whose kiosk fell silent. Locks
 * the keys first, as a push does, and looks again behind them.
 * @returns how many were given back
 */
export async function releaseClaims(deps: ServerWrites): Promise<number> {
  const { open, announce } = deps;
  const now = deps.clock.now();
  const { result, xid } = await open(SERVER_CALLER, async (store) => {
    const overdue = async (): Promise<{ holds: Row[]; sessions: Row[] }> => {
      const [holds, sessions] = await Promise.all([
        store.find('slot_claims', {
          fields: { state: ['hold'] },
          between: { field: 'hold_expires_at', from: 0, to: now },
        }),
        store.find('kiosk_sessions', {
          fields: { state: ACTIVE_SESSION },
          between: { field: 'lease_until', from: 0, to: now - SILENT_MS },
        }),
      ]);
      return { holds, sessions };
    };
    const seen = await overdue();
    if (seen.holds.length + seen.sessions.length === 0) return null;
    await store.lockKeys([
      ...seen.holds.map((claim) => slotKey(String(claim['location_id']))),
      ...seen.sessions.flatMap(({ appointment_id: visit }) =>
        typeof visit === 'string' ? [sessionKey(visit)] : [],
      ),
    ]);
    const { holds, sessions } = await overdue();
    const batch = serverBatch(store, deps);
    const visits = await store.records(
      'pharma_appointments',
      holds.map((claim) => String(claim['appointment_id'])),
    );
    for (const { row: visit } of visits.values()) {
      await release(batch, visit.id);
      if (visit['status'] === 'held') await stepVisit(batch, visit, 'conflict');
    }
    await expireSessions(batch, sessions);
    await writeDown(batch);
    return { changes: batch.changes.list(), count: visits.size + sessions.length };
  });
  if (result && xid !== null) announce({ xid, changes: result.changes });
  return result?.count ?? 0;
}
