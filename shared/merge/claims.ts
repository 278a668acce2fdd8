/**
 * Where a claim to something scarce stands. requested: made on a device, nobody has answered yet ·
 * hold, confirmed: the server gave it a seat · released: given back, run out or cancelled · lost:
 * all seats were taken when it arrived.
 */
export const CLAIM_STATES = ['requested', 'hold', 'confirmed', 'lost', 'released'] as const;
export type ClaimState = (typeof CLAIM_STATES)[number];

export interface Claim {
  readonly id: string;
  /** What is claimed: claims of one key compete. */
  readonly key: string;
  /** Number of its arrival at the server. Clocks of devices have no say in who was first. */
  readonly arrival: number;
  readonly state: ClaimState;
  /** From 1 to the capacity, for claims that hold a seat. */
  readonly seat: number | null;
}

export interface Settlement {
  /** All claims, each once, in the order of their arrival, as they stand now. */
  readonly claims: readonly Claim[];
  /** Ids of those that got a seat now: their makers are told. */
  readonly granted: readonly string[];
  /** Ids of those that are lost now: their makers are told and offered alternatives. */
  readonly lost: readonly string[];
}

const holds = ({ state }: Claim): boolean => state === 'hold' || state === 'confirmed';
const waits = ({ state }: Claim): boolean => state === 'requested';

/**
 * Decides who holds what. Who has a seat keeps it; of those that wait, the first to arrive at the
 * server gets the next free one (as `hold`), the others lose. Settling what is settled changes
 * nothing, and a claim that arrives again is the same claim.
 *
 * A loser stays one when a seat becomes free later: it has been told, and claims again if it still
 * wants to. A hold that has run out is passed as `released`.
 * @param capacity seats of a key; when it was made smaller, those who came last lose theirs
 */
export function settleClaims(
  claims: readonly Claim[],
  capacity: number | ((key: string) => number),
): Settlement {
  const seatsOf = typeof capacity === 'number' ? () => capacity : capacity;
  const claimsNow: Claim[] = [];
  const granted: string[] = [];
  const lost: string[] = [];
  const byKey = Map.groupBy(distinctClaims(claims), ({ key }) => key);
  for (const [key, rivals] of byKey) {
    const seats = Math.max(0, Math.floor(seatsOf(key)));
    const inOrder = rivals.toSorted(byArrival);
    const first = [...inOrder.filter(holds), ...inOrder.filter(waits)].slice(0, seats);
    const seatOf = seatThem(first, seats);
    for (const claim of inOrder) {
      const seat = seatOf.get(claim.id) ?? null;
      if (seat !== null) {
        if (waits(claim)) granted.push(claim.id);
        claimsNow.push({ ...claim, seat, state: waits(claim) ? 'hold' : claim.state });
      } else if (holds(claim) || waits(claim)) {
        lost.push(claim.id);
        claimsNow.push({ ...claim, seat, state: 'lost' });
      } else {
        claimsNow.push({ ...claim, seat });
      }
    }
  }
  return {
    claims: claimsNow.toSorted(byArrival),
    granted: granted.toSorted(),
    lost: lost.toSorted(),
  };
}

/** Who has a seat of their own stays on it; the others get the lowest that is free. */
function seatThem(claims: readonly Claim[], seats: number): ReadonlyMap<string, number> {
  const seatOf = new Map<string, number>();
  const taken = new Set<number>();
  const sit = (claim: Claim, seat: number): void => {
    seatOf.set(claim.id, seat);
    taken.add(seat);
  };
  for (const claim of claims) {
    const { seat } = claim;
    if (seat !== null && seat >= 1 && seat <= seats && !taken.has(seat)) sit(claim, seat);
  }
  let free = 1;
  for (const claim of claims) {
    if (seatOf.has(claim.id)) continue;
    while (taken.has(free)) free += 1;
    sit(claim, free);
  }
  return seatOf;
}

/** A claim that arrived twice: it arrived when it first did, and stands where it came furthest. */
function distinctClaims(claims: readonly Claim[]): Claim[] {
  const byId = new Map<string, Claim>();
  for (const claim of claims) {
    const known = byId.get(claim.id);
    if (!known) byId.set(claim.id, claim);
    else {
      const further = isFurther(claim, known) ? claim : known;
      byId.set(claim.id, { ...further, arrival: Math.min(claim.arrival, known.arrival) });
    }
  }
  return [...byId.values()];
}

function isFurther(a: Claim, b: Claim): boolean {
  if (a.state !== b.state) return CLAIM_STATES.indexOf(a.state) > CLAIM_STATES.indexOf(b.state);
  return (a.seat ?? Infinity) < (b.seat ?? Infinity);
}

const byArrival = (a: Claim, b: Claim): number =>
  a.arrival - b.arrival || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
