import { distinctFacts } from '../facts.ts';

/** What can happen to a visit at the front desk. */
export const CHECK_IN_EVENTS = ['arrived', 'checked_in', 'undo', 'left', 'roomed'] as const;
export type CheckInEvent = (typeof CHECK_IN_EVENTS)[number];

export interface CheckInFact {
  readonly id: string;
  readonly event: CheckInEvent;
  /** Milliseconds since the Unix epoch. */
  readonly occurred_at: number;
  /** Of an undo: the one record that it takes back; null takes back all before it. */
  readonly undoes_id: string | null;
}

export interface CheckInState {
  readonly state: 'expected' | 'arrived' | 'checked_in' | 'roomed' | 'left';
  /** The check-in that counts: the earliest that was not taken back. */
  readonly checkInId: string | null;
  readonly checkedInAt: number | null;
  /** Check-ins of the same visit that came later, in their order. They are kept and do not count. */
  readonly duplicateIds: readonly string[];
}

const RANK = { expected: 0, arrived: 1, checked_in: 2, roomed: 3, left: 4 } as const;

/**
 * Where one visit stands. Two check-ins of one visit (a kiosk and the desk, both offline) become the
 * earlier; what comes in late never moves a visit back, only an undo does. The same for any order
 * and repetition of its events.
 */
export function checkInState(facts: readonly CheckInFact[]): CheckInState {
  const inOrder = distinctFacts(facts).toSorted(
    // At the same moment an undo comes last: there is something that it undoes.
    (a, b) =>
      a.occurred_at - b.occurred_at ||
      Number(a.event === 'undo') - Number(b.event === 'undo') ||
      (a.id < b.id ? -1 : 1),
  );
  const undos = inOrder.filter(({ event }) => event === 'undo');
  const undone = new Set(undos.flatMap(({ undoes_id }) => undoes_id ?? []));
  const fresh = inOrder.findLastIndex((f) => f.event === 'undo' && f.undoes_id === null) + 1;
  const standing = inOrder.slice(fresh).filter(({ id }) => !undone.has(id));
  let state: CheckInState['state'] = 'expected';
  for (const { event } of standing) {
    if (event !== 'undo' && RANK[event] > RANK[state]) state = event;
  }
  const [first, ...others] = standing.filter(({ event }) => event === 'checked_in');
  return {
    state,
    checkInId: first?.id ?? null,
    checkedInAt: first?.occurred_at ?? null,
    duplicateIds: others.map(({ id }) => id),
  };
}
