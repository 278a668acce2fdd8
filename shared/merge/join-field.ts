import type { Hlc } from '#shared/kernel/hlc.ts';
import { joinCounters } from '#shared/schema/counter.ts';
import type { Counter } from '#shared/schema/counter.ts';
import type { Field } from '#shared/schema/define.ts';
import { Dots, OrSet, joinDots, joinSets } from '#shared/schema/or-set.ts';
import { emptyText, joinTexts } from './shared-text.ts';

/**
 * What a field holds whose value carries its own history, so that two states join without a stamp
 * beside them: a set, the membership of one, a counter, a text.
 */
export type JoinedShape = 'set' | 'dots' | 'counter' | 'text';

/**
 * @returns null for fields of all other rules
 * @throws TypeError when an observed-remove field was declared without `orSet` or `membership`: by
 *   its value alone an empty one could not be told apart
 */
export function joinedShape(field: Field<unknown>): JoinedShape | null {
  if (field.merge === 'CNT') return 'counter';
  if (field.merge === 'TXT') return 'text';
  if (field.merge !== 'ORS') return null;
  if (field.zod === OrSet) return 'set';
  if (field.zod === Dots) return 'dots';
  throw new TypeError('joinedShape: an ORS field is declared by orSet() or membership()');
}

/** The value that nobody has changed yet. */
export const emptyOf = (shape: JoinedShape): unknown => (shape === 'text' ? emptyText() : {});

/** Two states of such a value as one. A value that is not there counts as one that is empty. */
export function joinValues(shape: JoinedShape, a: unknown, b: unknown): unknown {
  switch (shape) {
    case 'set':
      return joinSets((a ?? {}) as OrSet, (b ?? {}) as OrSet);
    case 'dots':
      return joinDots((a ?? {}) as Dots, (b ?? {}) as Dots);
    case 'counter':
      return joinCounters((a ?? {}) as Counter, (b ?? {}) as Counter);
    case 'text':
      return joinTexts((a ?? emptyText()) as string, (b ?? emptyText()) as string);
  }
}

/** The clock stamps within such a value. */
export function stampsInValue(shape: JoinedShape, value: unknown): Hlc[] {
  return dotsIn(shape, value).flatMap((dots) =>
    Object.values(dots)
      .flat()
      .filter((stamp) => stamp !== ''),
  );
}

/** Such a value with some of its stamps replaced, see `clampStamps`. */
export function clampValue(
  shape: JoinedShape,
  value: unknown,
  clamped: ReadonlyMap<Hlc, Hlc>,
): unknown {
  const clampDots = (dots: Dots): Dots =>
    Object.fromEntries(
      Object.entries(dots).map(([node, [added, removed]]) => [
        node,
        [clamped.get(added) ?? added, clamped.get(removed) ?? removed],
      ]),
    );
  if (shape === 'dots') return clampDots((value ?? {}) as Dots);
  if (shape !== 'set') return value;
  return Object.fromEntries(
    Object.entries((value ?? {}) as OrSet).map(([member, dots]) => [member, clampDots(dots)]),
  );
}

function dotsIn(shape: JoinedShape, value: unknown): Dots[] {
  if (shape === 'dots') return [(value ?? {}) as Dots];
  return shape === 'set' ? Object.values((value ?? {}) as OrSet) : [];
}
