/**
 * JSON text with sorted keys in which an absent property and a null one are the same thing (both
 * are left out), so that equal content always gives equal text, and equal text an equal hash.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'null';
}

/** Equality of content in the sense of `canonicalJson`. */
export function sameContent(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const source = value as Record<string, unknown>;
  const out: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(source).toSorted()) {
    const item = source[key];
    if (item !== null && item !== undefined) out[key] = sorted(item);
  }
  return out;
}
