import { addDays, clinicDate, instantOf } from '#shared/kernel/dates.ts';
import { distinctFacts } from '../facts.ts';
import { expiresAt } from './lot-choice.ts';
import type { LotFacts } from './lot-choice.ts';

/** What happened to an opened container, as far as it says what is left; quantities in 1/10,000. */
export interface VialFact {
  readonly id: string;
  readonly step: 'open' | 'draw' | 'discard';
  readonly vial_id: string | null;
  readonly units: number;
  readonly reverses_id: string | null;
}

export interface VialState {
  readonly vial_id: string;
  readonly content: number;
  readonly drawn: number;
  readonly discarded: number;
  /** What is left; never below nothing. */
  readonly rest: number;
  /** By so much more was taken than was in it: somebody has to look. */
  readonly over: number;
  /** True once the rest was thrown away or nothing is left. */
  readonly isClosed: boolean;
}

/**
 * Opened containers with what is left in each, by what happened to them. The same facts in any order,
 * and any of them more than once, say the same. A container whose opening is not among them is left out.
 */
export function vialStates(facts: readonly VialFact[]): Map<string, VialState> {
  const all = distinctFacts(facts);
  const byId = new Map(all.map((fact) => [fact.id, fact]));
  const undone = new Set<string>();
  for (const { reverses_id: of, vial_id: vial } of all) {
    if (of !== null && byId.get(of)?.vial_id === vial) undone.add(of);
  }
  const counted = all.filter(({ id, reverses_id: of }) => of === null && !undone.has(id));
  const byVial = Map.groupBy(counted, ({ vial_id: vial }) => vial);
  const sum = (list: readonly VialFact[], step: VialFact['step']): number =>
    list.reduce((total, fact) => total + (fact.step === step ? fact.units : 0), 0);
  return new Map(
    all
      .filter(({ step, vial_id: vial }) => step === 'open' && vial === null)
      .map(({ id, units: content }): [string, VialState] => {
        const own = byVial.get(id) ?? [];
        const drawn = sum(own, 'draw');
        const discarded = sum(own, 'discard');
        const rest = content - drawn - discarded;
        return [
          id,
          {
            vial_id: id,
            content,
            drawn,
            discarded,
            rest: Math.max(0, rest),
            over: Math.max(0, -rest),
            isClosed: rest <= 0 || own.some(({ step }) => step === 'discard'),
          },
        ];
      }),
  );
}

/**
 * From which instant on nothing may be drawn any more: the earliest of so many hours after opening, the
 * end of so many days after it, and the end of the lot. Null when none of them is said.
 * @throws RangeError when the zone is unknown
 */
export function openUntil(of: {
  readonly openedAt: number;
  readonly hours: number | null;
  readonly days: number | null;
  readonly lot: Pick<LotFacts, 'expiry_date' | 'expiry_precision'> | null;
  /** IANA name. */
  readonly timeZone: string;
}): number | null {
  const { openedAt, hours, days, lot, timeZone } = of;
  const ends = [
    hours === null ? null : openedAt + hours * 3_600_000,
    days === null
      ? null
      : instantOf(addDays(clinicDate(openedAt, timeZone), days + 1), 0, timeZone),
    lot === null ? null : expiresAt(lot, timeZone),
  ].filter((end) => end !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}

/** A container that stands open, as somebody chooses from it. */
export interface OpenVial {
  readonly vial_id: string;
  readonly rest: number;
  readonly use_by: number | null;
  readonly opened_at: number;
  /** False for a lot that is recalled or set aside. */
  readonly isUsable: boolean;
}

export const isOverdue = (vial: Pick<OpenVial, 'use_by'>, now: number): boolean =>
  vial.use_by !== null && now >= vial.use_by;

/** Those from which something may be drawn, what has to be used up first on top. */
export const drawOrder = <V extends OpenVial>(vials: readonly V[], now: number): V[] =>
  vials
    .filter((vial) => vial.rest > 0 && vial.isUsable && !isOverdue(vial, now))
    .toSorted(
      (a, b) =>
        (a.use_by ?? Infinity) - (b.use_by ?? Infinity) ||
        a.opened_at - b.opened_at ||
        (a.vial_id < b.vial_id ? -1 : 1),
    );

/**
 * How so much is drawn: from the container that is over first, then from the next.
 * @returns what is drawn of which, and what no open one has
 */
export function allocateDraw<V extends OpenVial>(
  vials: readonly V[],
  wanted: number,
  now: number,
): {
  readonly draws: readonly { readonly vial: V; readonly units: number }[];
  readonly missing: number;
} {
  const draws: { vial: V; units: number }[] = [];
  let missing = wanted;
  for (const vial of drawOrder(vials, now)) {
    if (missing <= 0) break;
    const units = Math.min(vial.rest, missing);
    draws.push({ vial, units });
    missing -= units;
  }
  return { draws, missing: Math.max(0, missing) };
}
