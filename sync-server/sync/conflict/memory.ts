import {
  MAX_COUNTER,
  ZERO_HLC,
  createHlc,
  formatHlc,
  isHlc,
  parseHlc,
} from '#shared/kernel/hlc.ts';
import type { Hlc } from '#shared/kernel/hlc.ts';
import { sameContent } from '#shared/kernel/json.ts';
import { clampRow, isAhead, joinStamps, stampsIn, stampsOf } from '#shared/merge/join.ts';
import type { Stamps } from '#shared/merge/join.ts';
import type { Lineage } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { isCode } from '#shared/errors/codes.ts';
import { contentHash } from '../incoming.ts';
import type { Incoming } from '../incoming.ts';
import { refused } from '../outcome.ts';
import type { Refusal } from '../outcome.ts';
import type { Clamps, Memory, Refused } from '../ports.ts';

/** Who pushes: a person on a device, and which pushes of their profile came before. */
export interface Profile {
  readonly userId: string;
  /** Not said by clients of the first version: then everything of that person and device is theirs. */
  readonly lineage?: Lineage | undefined;
}

/** Places of a lineage that are remembered: a request is not late by more openings of a profile. */
const LINEAGE_KEPT = 16;
/** Profiles beside the last one that are remembered of a row: people at one machine, copies of it. */
const OTHERS_KEPT = 3;

/**
 * What a profile had seen when it wrote. An answer that was lost, or a request that comes twice or out
 * of turn, names a base older than what the same profile pushed before. That profile has seen its own
 * push, so a base that is not ahead of the remembered one counts as that push; without this the
 * profile would seem to contradict itself. What a copy of the machine has pushed it has not seen.
 */
export function effectiveBase(base: Stamps | null, memory: Memory | null, who: Profile): Stamps {
  const claimed = base ?? {};
  const own = branchOf(memory, who);
  if (!own) return claimed;
  const known = knowledgeOf(own);
  return isBehind(claimed, known) ? known : claimed;
}

/**
 * True for a stamp that another profile of the same device gave a field, as far as is remembered: the
 * stamps of a machine and of its copy name the same node.
 */
export function isOfAnother(
  memory: Memory | null,
  who: Profile,
  { field, hlc }: { readonly field: string; readonly hlc: Hlc },
): boolean {
  const { others } = linesOf(memory, who);
  return others.some(({ stamps }) => stamps[field] === hlc);
}

/**
 * True when everything that a push says was taken from this profile before: its answer was lost, or it
 * comes twice. Rights that have ended since make it no new write.
 */
export function wasTaken(
  incoming: Judged,
  memory: Memory | null,
  held: Row,
  who: Profile,
): boolean {
  const own = branchOf(memory, who);
  if (!own) return false;
  const row = clampAsBefore(incoming, memory);
  // Sets, counters and shared texts have no stamp of their own: the record holds all of them.
  return isBehind(stampsOf(row), own.stamps) && !isAhead(incoming.table, row, held);
}

/** What to remember of a push that was judged. */
export function rememberPush(incoming: Judged, memory: Memory | null, who: Profile): Memory {
  const { base } = incoming;
  // As it was judged: else a write that comes a third time would be taken for a later one.
  const stamps = stampsOf(clampAsBefore(incoming, memory));
  const own = branchOf(memory, who);
  const isLate = own !== null && isBehind(base ?? {}, knowledgeOf(own));
  const branch = isLate
    ? { base: own.base, stamps: joinStamps(own.stamps, stamps) }
    : { base, stamps };
  return withBranch(memory, who, { ...own, ...branch }, clampsAfter(incoming, memory));
}

/** What to remember of a push that was refused. */
export function rememberRefusal(memory: Memory | null, who: Profile, refused: Refused): Memory {
  const own = branchOf(memory, who);
  const earlier = refusalsIn(own).slice(0, REFUSALS_KEPT - 1);
  const branch = { base: null, stamps: {}, ...own, refused, earlier };
  return withBranch(memory, who, branch, memory?.pushed.clamps ?? {});
}

/** Refusals of a row that are remembered: a repeated request gets the answer that it got first. */
const REFUSALS_KEPT = 8;

/** What a profile was refused of a row, newest first. */
export const refusalsOf = (memory: Memory | null, who: Profile): readonly Refused[] =>
  refusalsIn(branchOf(memory, who));

const refusalsIn = (branch: Pick<Branch, 'refused' | 'earlier'> | null): readonly Refused[] =>
  branch?.refused ? [branch.refused, ...(branch.earlier ?? [])] : [];

/**
 * The refusal that the same content got before, or null. Whatever has changed since (rights, who holds
 * a name or a slot), a repeated request is answered as it was; a new try is an edit, with new stamps.
 */
export function refusedBefore(
  { sent }: Pick<Incoming, 'sent'>,
  memory: Memory | null,
  who: Profile,
  isThere: boolean,
): Refusal | null {
  const all = refusalsOf(memory, who);
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

/** What is remembered of one profile. */
type Branch = NonNullable<Memory['pushed']['others']>[number];

/** What is remembered of a row: of this profile, of the others, and of all as it came, the last first. */
function linesOf(
  memory: Memory | null,
  who: Profile,
): { own: Branch | null; others: readonly Branch[]; all: readonly Branch[] } {
  if (!memory) return { own: null, others: [], all: [] };
  const { clamps: _, others: more = [], ...last } = memory.pushed;
  const all = [{ ...last, base: memory.base }, ...more];
  const own = all.find(
    ({ user, lineage }) => user === who.userId && isOneLine(lineage, who.lineage),
  );
  return { own: own ?? null, others: all.filter((one) => one !== own), all };
}

const branchOf = (memory: Memory | null, who: Profile): Branch | null => linesOf(memory, who).own;

/**
 * True for two pushes of one profile: one comes after the other. After a copy both go on by names of
 * their own from the push at which the copy was made.
 */
function isOneLine(a: Lineage | undefined, b: Lineage | undefined): boolean {
  return !a || !b || isAfter(a, b) || isAfter(b, a);
}

const isAfter = (later: Lineage, [head]: Lineage): boolean =>
  head !== undefined && later.some(([run, count]) => run === head[0] && count >= head[1]);

/** The memory with what is remembered of one profile renewed; equal where nothing is new. */
function withBranch(
  memory: Memory | null,
  who: Profile,
  renewed: Pick<Branch, 'base' | 'stamps' | 'refused' | 'earlier' | 'lineage'>,
  clamps: Clamps,
): Memory {
  const { own, others: rest, all } = linesOf(memory, who);
  const { refused: last, earlier = [] } = renewed;
  const lineage = laterOf(renewed.lineage, who.lineage);
  const branch: Branch = {
    user: who.userId,
    base: renewed.base,
    stamps: renewed.stamps,
    ...(lineage ? { lineage } : {}),
    ...(last ? { refused: last, earlier } : {}),
  };
  const isNews = !sameContent({ ...branch, lineage: null }, { ...own, lineage: null });
  const next = isNews ? [branch, ...rest.slice(0, OTHERS_KEPT)] : all;
  const [{ base, ...pushed } = branch, ...others] = next;
  return {
    base,
    pushed: {
      ...pushed,
      ...(Object.keys(clamps).length > 0 ? { clamps } : {}),
      ...(others.length > 0 ? { others } : {}),
    },
  };
}

/** The lineage of the later of two pushes of one profile, as far back as it is remembered. */
function laterOf(known: Lineage | undefined, said: Lineage | undefined): Lineage | undefined {
  if (!said || (known && isAfter(known, said))) return known;
  return said.slice(0, LINEAGE_KEPT);
}

/** All stamps that a profile had seen at its last push. */
const knowledgeOf = ({ base, stamps }: Branch): Stamps => joinStamps(base ?? {}, stamps);

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
 * pushed of it (after a lost answer the request names those no more, and they may lie ahead), but
 * never behind one that the device gave later: the request that named it has overtaken this one.
 */
function clampsOf(
  { table, sent, clamps }: Pick<Judged, 'table' | 'sent' | 'clamps'>,
  memory: Memory | null,
): ReadonlyMap<Hlc, Hlc> {
  if (!memory) return clamps;
  const { base, pushed } = memory;
  const taken = new Map(Object.values(pushed.clamps ?? {}).map(({ sent: raw, as }) => [raw, as]));
  if (clamps.size === 0) return taken;
  const ahead = stampsIn(sent, table)
    .flatMap((raw) => {
      const as = clamps.get(raw);
      return as === undefined || taken.has(raw) ? [] : [{ raw, as }];
    })
    .toSorted((a, b) => (a.raw < b.raw ? -1 : 1));
  const latest = [...taken.keys()].reduce(laterStamp, ZERO_HLC);
  let last = [...Object.values(base ?? {}), ...Object.values(pushed.stamps)]
    .filter(isHlc)
    .reduce(laterStamp, ZERO_HLC);
  for (const { raw, as } of ahead.filter((one) => one.raw > latest)) {
    const now = (): number => parseHlc(as).ms;
    last = as > last ? as : createHlc({ clock: { now }, node: as.slice(18), last }).next();
    taken.set(raw, last);
  }
  for (const { raw, as } of ahead.filter((one) => one.raw < latest).toReversed()) {
    const later = [...taken].flatMap(([known, its]) => (known > raw ? [its] : []));
    const first = later.reduce((one, other) => (one < other ? one : other));
    taken.set(raw, as < first ? as : justBefore(first));
  }
  return taken;
}

const laterStamp = (a: Hlc, b: Hlc): Hlc => (a > b ? a : b);

function justBefore(hlc: Hlc): Hlc {
  const { ms, counter, node } = parseHlc(hlc);
  return counter > 0
    ? formatHlc({ ms, counter: counter - 1, node })
    : formatHlc({ ms: ms - 1, counter: MAX_COUNTER, node });
}

/** So many stamps from the future are remembered of a row, the latest ones. */
const MOST_CLAMPS = 50;

/** How stamps of a row were taken, those of earlier pushes as well: any of these may come again. */
function clampsAfter(incoming: Judged, memory: Memory | null): Clamps {
  const taken = clampsOf(incoming, memory);
  if (taken.size === 0) return {};
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
