import { canonicalJson } from '#shared/kernel/json.ts';
import type { Row } from '#shared/schema/define.ts';

/**
 * Two lists of facts as one: their union by id, sorted by id. A fact never changes, so two states of
 * one are the same; should they not be, all replicas keep the same one of them.
 */
export function unionFacts(a: readonly Row[], b: readonly Row[]): Row[] {
  return distinctFacts([...a, ...b]).toSorted((x, y) => (x.id < y.id ? -1 : 1));
}

/**
 * Each fact once, in no order that means anything. All that is derived from facts starts here: a
 * fact that came twice counts once.
 */
export function distinctFacts<F extends { readonly id: string }>(facts: readonly F[]): F[] {
  const byId = new Map<string, F>();
  for (const fact of facts) {
    const known = byId.get(fact.id);
    if (!known || (known !== fact && canonicalJson(fact) < canonicalJson(known))) {
      byId.set(fact.id, fact);
    }
  }
  return [...byId.values()];
}
