/**
 * JSON text with sorted keys in which an absent property and a null one are the same thing (both
 * are left out), so that equal content always gives equal text, and equal text an equal hash.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'null';
}

/** Equality of content in the sense of `canonicalJson`, found without making either text. */
export function sameContent(a: unknown, b: unknown): boolean {
  if (a === b || (isAbsent(a) && isAbsent(b))) return true;
  if (isPlain(a) && isPlain(b)) return false;
  if (Array.isArray(a) && Array.isArray(b)) return sameItems(a, b);
  if (isObject(a) && isObject(b)) return sameProperties(a, b);
  // What is of two kinds, or no JSON at all, is told by its text.
  return canonicalJson(a) === canonicalJson(b);
}

const isAbsent = (value: unknown): boolean => value === null || value === undefined;

/** True for values whose texts differ when they do. */
const isPlain = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (!sameContent(a[at], b[at])) return false;
  return true;
}

function sameProperties(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): boolean {
  let left = 0;
  for (const key of Object.keys(a)) {
    if (isAbsent(a[key])) continue;
    if (!Object.hasOwn(b, key) || !sameContent(a[key], b[key])) return false;
    left += 1;
  }
  for (const key of Object.keys(b)) if (!isAbsent(b[key])) left -= 1;
  return left === 0;
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
