import { createHash } from 'node:crypto';
import { canonicalJson } from '#shared/kernel/json.ts';
import { clampStamps, isHlc } from '#shared/kernel/hlc.ts';
import type { Hlc } from '#shared/kernel/hlc.ts';
import { clampBase, clampRow, malformedTexts, stampsIn } from '#shared/merge/join.ts';
import type { Stamps } from '#shared/merge/join.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import type { PushRequest } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import {
  definitionAt,
  hasTable,
  isSameSince,
  raiseRow,
  raiseStamps,
} from '#shared/schema/older.ts';
import { parseRow, parseRowOf } from '#shared/schema/rows.ts';
import { PUSHABLE, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { refused } from './outcome.ts';
import type { Refusal } from './outcome.ts';

/** A row of a push that has the shape of its table. */
export interface Incoming {
  /** Place in the request, and so in the answer. */
  readonly index: number;
  readonly table: TableName;
  readonly id: string;
  readonly base: Stamps | null;
  /** As it was sent. */
  readonly sent: Row;
  /** With stamps from too far in the future brought back to the server's time. */
  readonly row: Row;
  readonly clamped: boolean;
  /** Version of the protocol that its sender speaks: what came later it does not know. */
  readonly sender: number;
  /** Stamps from too far in the future, those within sets as well: as sent → as brought back. */
  readonly clamps: ReadonlyMap<Hlc, Hlc>;
}

type Unclamped = Omit<Incoming, 'row' | 'clamped' | 'clamps'>;

/** A row of a push that cannot even be judged. */
export interface Unreadable {
  readonly index: number;
  readonly table: TableName;
  readonly id: string;
  /** As it was sent, whatever it is. */
  readonly sent: unknown;
  readonly refusal: Refusal;
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Levels of nesting that a row may have; the deepest one of the definitions has three. */
const DEEPEST = 32;
const PUSHED: ReadonlySet<TableName> = new Set(PUSHABLE);

/** Reads the rows of a request one by one; a row that is wrong harms no other. */
export function readIncoming(
  rows: PushRequest['rows'],
  now: number,
  sender: number = PROTOCOL_VERSION,
): { readable: Incoming[]; unreadable: Unreadable[] } {
  const readable: Unclamped[] = [];
  const unreadable: Unreadable[] = [];
  rows.forEach(({ table, base, row: input }, index) => {
    const id = typeof input['id'] === 'string' ? input['id'].slice(0, 60).toLowerCase() : '';
    const refuse = (refusal: Refusal): void => {
      unreadable.push({ index, table, id, sent: input, refusal });
    };
    if (!PUSHED.has(table) || !hasTable(table, sender)) return refuse(refused('SYNC_ROW_REFUSED'));
    const isOlder = !isSameSince(table, sender);
    const asSent = isOlder ? parseSafely(table, input, sender) : null;
    if (asSent?.ok === false) return refuse(refused('SYNC_ROW_INVALID', asSent.fields));
    const raised = asSent ? raiseRow(table, asSent.row, sender) : input;
    const parsed = parseSafely(table, raised);
    if (!parsed.ok) return refuse(refused('SYNC_ROW_INVALID', parsed.fields));
    const { row } = parsed;
    const seen = base && isOlder ? raiseStamps(table, base, sender) : base;
    readable.push({ index, table, id: row.id, base: knownStamps(table, seen), sent: row, sender });
  });
  return { readable: clampAll(readable, now), unreadable };
}

/**
 * Stamps from too far in the future are brought back together, so that the order in which the device
 * did things stays: a receipt that followed a count must follow it here too, and an edit what it edits.
 */
function clampAll(rows: readonly Unclamped[], now: number): Incoming[] {
  const stamps = rows.flatMap(({ table, sent, base }) => [
    ...stampsIn(sent, table),
    ...Object.values(base ?? {}).filter(isHlc),
  ]);
  const clamped = clampStamps(stamps, now);
  return rows.map((incoming) => ({
    ...incoming,
    base: incoming.base === null ? null : clampBase(incoming.base, clamped),
    row: clampRow(incoming.sent, clamped, incoming.table),
    clamps: clamped,
    clamped:
      clamped.size > 0 &&
      stampsIn(incoming.sent, incoming.table).some((stamp) => clamped.has(stamp)),
  }));
}

/** True for an id that columns of ids take. */
export const isGuid = (id: string): boolean => GUID.test(id);

/** A short text that is equal for equal content. */
export function contentHash(row: unknown): string {
  // What nests too deep to be written out is never taken as known.
  if (isDeeperThan(row, DEEPEST)) return '';
  return createHash('sha256').update(canonicalJson(row)).digest('base64url').slice(0, 22);
}

/** @param version where it is said, as that version has the table */
function parseSafely(
  table: TableName,
  input: unknown,
  version?: number,
): { ok: true; row: Row } | { ok: false; fields: string[] } {
  // Nested ten thousand deep it would run every reader behind this one out of stack.
  if (isDeeperThan(input, DEEPEST)) return { ok: false, fields: ['(row)'] };
  const definition = version === undefined ? null : definitionAt(table, version);
  const parsed = definition ? parseRowOf(definition, input) : parseRow(table, input);
  if (!parsed.ok) return parsed;
  const row = parsed.row as Row;
  if (definition) return { ok: true, row };
  const broken = malformedTexts(table, row);
  return broken.length === 0 ? { ok: true, row } : { ok: false, fields: broken };
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (levels === 0) return true;
  for (const key of Object.keys(value)) {
    if (isDeeperThan((value as Record<string, unknown>)[key], levels - 1)) return true;
  }
  return false;
}

/** A base may name anything; only fields of the table mean something, and only they are kept. */
function knownStamps(table: TableName, base: Stamps | null): Stamps | null {
  if (base === null) return null;
  const { fields } = tableOf(table);
  if (Object.keys(base).every((name) => Object.hasOwn(fields, name))) return base;
  return Object.fromEntries(Object.entries(base).filter(([name]) => Object.hasOwn(fields, name)));
}
