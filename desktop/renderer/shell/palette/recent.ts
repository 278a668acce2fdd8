import { z } from 'zod';

/** What somebody chose in Ctrl+K before, the latest first: ids only, never names. */
export type Recent = readonly string[];

const MOST = 8;
const Kept = z.array(z.string().max(120)).max(100);

/** @param kept as it was remembered; what cannot be read is nothing */
export function readRecent(kept: string | null): Recent {
  if (kept === null) return [];
  try {
    const parsed = Kept.safeParse(JSON.parse(kept));
    return parsed.success ? parsed.data.slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** The chosen one goes first, and stands there once. */
export const withRecent = (recent: Recent, id: string): Recent =>
  [id, ...recent.filter((other) => other !== id)].slice(0, MOST);

/**
 * What was chosen lately comes first, in the order of choosing.
 * @returns the two parts; what is not there any more is left out
 */
export function byRecent<C extends { readonly id: string }>(
  commands: readonly C[],
  recent: Recent,
): { readonly recent: C[]; readonly others: C[] } {
  const known = new Map(commands.map((command) => [command.id, command]));
  const first = recent.flatMap((id) => known.get(id) ?? []);
  const ids = new Set(first.map(({ id }) => id));
  return { recent: first, others: commands.filter(({ id }) => !ids.has(id)) };
}
