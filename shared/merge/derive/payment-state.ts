/** What can happen to a payment, in rank order: of one command, a later one stands for more. */
export const PAYMENT_EVENTS = [
  'created',
  'processing',
  'deferred',
  'failed',
  'succeeded',
  'voided',
  'refunded',
  'reconciled',
] as const;
export type PaymentEvent = (typeof PAYMENT_EVENTS)[number];

export interface PaymentFact {
  readonly id: string;
  /** One per command; with the event it names what happened, however often it is told. */
  readonly idempotency_key: string;
  readonly event: PaymentEvent;
  /** Always above zero; the event says which way the money went. */
  readonly amount_cents: number;
}

export interface PaymentState {
  readonly state: PaymentEvent;
  /** What was asked for. */
  readonly askedCents: number;
  /** What was taken and given back. */
  readonly takenCents: number;
  readonly returnedCents: number;
  /** What the clinic holds now: taken less returned. */
  readonly balanceCents: number;
}

/**
 * Where one intent stands. Money decides first: what was taken and not given back is `succeeded`
 * (or `reconciled`, once somebody has compared it), what was wholly given back `voided` or
 * `refunded`. Without money it is the most hopeful of its commands: an outcome that is not known yet
 * is `processing`, and nobody charges again. The same for any order and repetition of its events.
 * @returns null when nothing is known of it
 */
export function paymentState(facts: readonly PaymentFact[]): PaymentState | null {
  const told = distinctCommands(facts);
  if (told.length === 0) return null;
  const sum = (...events: PaymentEvent[]): number =>
    told.reduce((cents, f) => (events.includes(f.event) ? cents + f.amount_cents : cents), 0);
  const takenCents = sum('succeeded');
  const returnedCents = sum('voided', 'refunded');
  const balanceCents = takenCents - returnedCents;
  return {
    state: stateOf(told, balanceCents),
    askedCents: askedIn(told),
    takenCents,
    returnedCents,
    balanceCents,
  };
}

function stateOf(told: readonly PaymentFact[], balance: number): PaymentEvent {
  const has = (event: PaymentEvent): boolean => told.some((fact) => fact.event === event);
  if (balance > 0) return has('reconciled') ? 'reconciled' : 'succeeded';
  // A return that arrives before the taking that it returns says as much.
  if (has('voided')) return 'voided';
  if (has('refunded')) return 'refunded';
  if (has('reconciled')) return 'reconciled';
  const furthest = new Map<string, PaymentEvent>();
  for (const { idempotency_key: command, event } of told) {
    const known = furthest.get(command);
    if (known === undefined || rankOf(event) > rankOf(known)) furthest.set(command, event);
  }
  const states = new Set(furthest.values());
  for (const state of ['processing', 'deferred', 'failed'] as const) {
    if (states.has(state)) return state;
  }
  return 'created';
}

/** The first amount asked for, or else the one of the command by which it became known. */
function askedIn(told: readonly PaymentFact[]): number {
  const byRank = told.toSorted(
    (a, b) => rankOf(a.event) - rankOf(b.event) || (a.id < b.id ? -1 : 1),
  );
  return byRank[0]?.amount_cents ?? 0;
}

/** What each command did, once: also under two ids it was one doing. */
function distinctCommands(facts: readonly PaymentFact[]): PaymentFact[] {
  const told = new Map<string, PaymentFact>();
  for (const fact of facts) {
    const key = `${fact.event}\u001f${fact.idempotency_key}`;
    const known = told.get(key);
    if (!known || fact.id < known.id) told.set(key, fact);
  }
  return [...told.values()];
}

const rankOf = (event: PaymentEvent): number => PAYMENT_EVENTS.indexOf(event);
