import { ZERO_HLC, createHlc, isHlc, parseHlc } from '#shared/kernel/hlc.ts';
import type { Hlc } from '#shared/kernel/hlc.ts';
import { clampRow, joinStamps, stampsIn, stampsOf } from '#shared/merge/join.ts';
import type { Stamps } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { isCode } from '#shared/errors/codes.ts';
import { contentHash } from '../incoming.ts';
import type { Incoming } from '../incoming.ts';
import { refused } from '../outcome.ts';
import type { Refusal } from '../outcome.ts';
import type { Clamps, Memory, Refused } from '../ports.ts';

/**
 * What a device had seen when it wrote. An answer that was lost, or a request that comes twice or out
 * of turn, names a base older than what the same profile pushed before. That profile has seen its own
 * push, so a base that is not ahead of the remembered one counts as that push; without this the
 * profile would seem to contradict itself.
 */
export function effectiveBase(base: Stamps | null, memory: Memory | null, user: string): Stamps {
  const claimed = base ?? {};
  const known = knowledgeOf(memory, user);
  return known && isBehind(claimed, known) ? known : claimed;
}

/** What to remember of a push that was judged. */
export function rememberPush(incoming: Judged, memory: Memory | null, user: string): Memory {
  const { base } = incoming;
  // As it was judged: else a write that comes a third time would be taken for a later one.
  const stamps = stampsOf(clampAsBefore(incoming, memory));
  const clamps = clampsAfter(incoming, memory);
  const known = knowledgeOf(memory, user);
  const before = refusalsOf(memory, user);
  const [latest, ...earlier] = before;
  const refusals = latest ? { refused: latest, earlier } : {};
  if (memory && known && isBehind(base ?? {}, known)) {
    const joined = joinStamps(memory.pushed.stamps, stamps);
    return { base: memory.base, pushed: { ...pushedOf(user, joined, clamps), ...refusals } };
  }
  return { base, pushed: { ...pushedOf(user, stamps, clamps), ...refusals } };
}

/** Refusals of a row that are remembered: a repeated request gets the answer that it got first. */
export const REFUSALS_KEPT = 8;

/** What this person's profile was refused of a row, newest first. */
export function refusalsOf(memory: Memory | null, user: string): readonly Refused[] {
  if (memory?.pushed.user !== user) return [];
  const { refused, earlier = [] } = memory.pushed;
  return refused ? [refused, ...earlier] : earlier;
}

/**
 * The refusal that the same content got before, or null. Whatever has changed since (rights, who holds
 * a name or a slot), a repeated request is answered as it was; a new try is an edit, with new stamps.
 */
export function refusedBefore(
  { sent }: Pick<Incoming, 'sent'>,
  memory: Memory | null,
  user: string,
  isThere: boolean,
): Refusal | null {
  const all = refusalsOf(memory, user);
  if (all.length === 0) return null;
  const content = contentHash(sent);
  // What lies in quarantine was released when it is there: it is not a change of what it became.
  const isChange = ({ asNew, code }: Refused): boolean =>
    isThere && asNew === true && code !== 'SYNC_ROW_QUARANTINED';
  const found = all.find((one) => one.content === content && !isChange(one));
  return found && isCode(found.code) ? refused(found.code, found.fields ?? []) : null;
}

/** What is needed of a row that was judged. */
type Judged = Pick<Incoming, 'table' | 'base' | 'sent' | 'clamps'>;

/** All stamps that the profile had seen at its last push, or null when another profile pushed last. */
function knowledgeOf(memory: Memory | null, user: string): Stamps | null {
  if (memory?.pushed.user !== user) return null;
  return joinStamps(memory.base ?? {}, memory.pushed.stamps);
}

function pushedOf(user: string, stamps: Stamps, clamps: Clamps): Memory['pushed'] {
  return Object.keys(clamps).length === 0 ? { user, stamps } : { user, stamps, clamps };
}

/**
 * The row with stamps brought back to the server's time in the same way as when it came first. Else
 * one write would get a new time at each try, and a request that comes twice would change something.
 */
export function clampAsBefore(
  incoming: Pick<Judged, 'table' | 'sent' | 'clamps'>,
  memory: Memory | null,
): Row {
  return clampRow(incoming.sent, clampsOf(incoming, memory), incoming.table);
}

/**
 * How the stamps of a row are taken: known ones as before, new ones behind all that this device has
 * pushed of it. After a lost answer the request names those no more, and they may lie ahead.
 */
function clampsOf(
  { table, sent, clamps }: Pick<Judged, 'table' | 'sent' | 'clamps'>,
  memory: Memory | null,
): ReadonlyMap<Hlc, Hlc> {
  if (!memory) return clamps;
  const { base, pushed } = memory;
  const taken = new Map(Object.values(pushed.clamps ?? {}).map(({ sent: raw, as }) => [raw, as]));
  let last = [...Object.values(base ?? {}), ...Object.values(pushed.stamps)]
    .filter(isHlc)
    .reduce((a, b) => (a > b ? a : b), ZERO_HLC);
  for (const raw of stampsIn(sent, table).toSorted()) {
    const as = clamps.get(raw);
    if (as === undefined || taken.has(raw)) continue;
    const now = (): number => parseHlc(as).ms;
    last = as > last ? as : createHlc({ clock: { now }, node: as.slice(18), last }).next();
    taken.set(raw, last);
  }
  return taken;
}

/** So many stamps from the future are remembered of a row, the latest ones. */
const MOST_CLAMPS = 50;

/** How stamps of a row were taken, those of earlier pushes as well: any of these may come again. */
function clampsAfter(incoming: Judged, memory: Memory | null): Clamps {
  const taken = clampsOf(incoming, memory);
  const all = new Map(
    stampsIn(incoming.sent, incoming.table).flatMap((stamp) => {
      const as = taken.get(stamp);
      return as === undefined ? [] : [[stamp, { sent: stamp, as }] as const];
    }),
  );
  for (const clamp of Object.values(memory?.pushed.clamps ?? {})) all.set(clamp.sent, clamp);
  const latest = [...all].toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(-MOST_CLAMPS);
  return Object.fromEntries(latest);
}

/** True when no stamp of `a` is later than that of `b`. */
const isBehind = (a: Stamps, b: Stamps): boolean =>
  Object.entries(a).every(([field, hlc]) => hlc <= (b[field] ?? ZERO_HLC));
