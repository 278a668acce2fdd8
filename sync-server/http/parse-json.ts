import { AppError } from '#shared/errors/app-error.ts';

/** The key may be written with escapes; only where it can be there the text is looked through. */
const PERHAPS = /__proto__|\\u00(?:5f|7[024]|6f)/i;
/** What a row with the key gets instead: no table has such a field, so its own schema refuses it. */
const FORBIDDEN = '(forbidden key)';

/**
 * Reads the JSON of a request. A key `__proto__` would be dropped by the schemas without a word, and
 * what is dropped would count as accepted: in a pushed row it makes that row wrong, anywhere else
 * the request.
 * @throws AppError REQUEST_INVALID
 */
export function parseJson(text: string): unknown {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new AppError('REQUEST_INVALID', { reason: 'not JSON' }, error);
  }
  if (!text.includes('__proto__') && !text.includes('\\u00')) return body;
  if (!PERHAPS.test(text) || !hasPrototypeKey(body)) return body;
  const { rows, ...rest } = body as { rows?: unknown };
  if (!Array.isArray(rows) || hasPrototypeKey(rest)) throw notAllowed();
  for (const entry of rows as unknown[]) {
    if (!hasPrototypeKey(entry)) continue;
    const { row, ...beside } = entry as { row?: unknown };
    if (typeof row !== 'object' || row === null || hasPrototypeKey(beside)) throw notAllowed();
    (row as Record<string, unknown>)[FORBIDDEN] = true;
  }
  return body;
}

const notAllowed = (): AppError =>
  new AppError('REQUEST_INVALID', { reason: 'a key that is not allowed' });

/** Without recursion: a text may nest deeper than the stack. */
function hasPrototypeKey(value: unknown): boolean {
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== 'object' || next === null) continue;
    for (const key of Object.keys(next)) {
      if (key === '__proto__') return true;
      left.push((next as Record<string, unknown>)[key]);
    }
  }
  return false;
}
