import { ZERO_HLC } from '#shared/kernel/hlc.ts';
import { sameContent } from '#shared/kernel/json.ts';
import { stampedFields } from '#shared/merge/join.ts';
import type { PullRequest, PushReply, PushRequest } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { fieldsSince, hasTable, isSameSince, lowerRow, raiseRow } from '#shared/schema/older.ts';
import type { TableName } from '#shared/schema/tables.ts';

/**
 * What is said to a server that is older than this device, as one is that was rolled back. It is told what
 * it knows; what it does not know stays here and waits, and nothing of it is ever taken for accepted.
 */

type PushRow = PushRequest['rows'][number];
type AnyRow = Readonly<Record<string, unknown>>;

/** The tables of a pull that a server of a version knows. */
export const askable = (request: PullRequest, version: number): PullRequest => ({
  ...request,
  tables: request.tables.filter(({ table }) => hasTable(table, version)),
});

/**
 * A row as a server of a version takes it.
 * @returns null when it holds a change that such a server could not keep
 */
export function lowerPush({ table, row, base }: PushRow, version: number): PushRow | null {
  if (!hasTable(table, version)) return null;
  if (isSameSince(table, version)) return { table, row, base };
  const low = lowerRow(table, row, version);
  if (!low) return null;
  const since = fieldsSince(table, version);
  const back = raiseRow(table, low, version);
  const isWhole = Object.keys(row).every(
    (name) => name === 'field_hlc' || since.has(name) || sameContent(back[name], row[name]),
  );
  if (!isWhole || changesNewer(table, row, base, since)) return null;
  const seen = base && (lowerRow(table, { field_hlc: base }, version)?.field_hlc ?? null);
  return { table, row: low, base: seen };
}

/** True when a field that the server does not know was given a value here that it has not. */
function changesNewer(
  table: TableName,
  row: AnyRow,
  base: PushRow['base'],
  since: ReadonlyMap<string, unknown>,
): boolean {
  const stamps = (row['field_hlc'] ?? {}) as Readonly<Record<string, string>>;
  const stamped = new Set(stampedFields(table));
  return [...since].some(([name, untouched]) => {
    if (base !== null && stamped.has(name)) {
      return (stamps[name] ?? ZERO_HLC) > (base[name] ?? ZERO_HLC);
    }
    return !sameContent(row[name], untouched);
  });
}

/**
 * A row of a server of a version as this device has it: what that server does not know stays as it is
 * here.
 * @param held the row here, if there is one
 */
export function raisePulled(
  table: TableName,
  raw: AnyRow,
  version: number,
  held: AnyRow | undefined,
): AnyRow {
  if (isSameSince(table, version)) return raw;
  const row: Record<string, unknown> = { ...raiseRow(table, raw, version) };
  const stamps: Record<string, unknown> = { ...(raw['field_hlc'] as AnyRow | undefined) };
  const own = (held?.['field_hlc'] ?? {}) as AnyRow;
  for (const name of fieldsSince(table, version).keys()) {
    delete stamps[name];
    if (!held) continue;
    row[name] = held[name];
    if (own[name] !== undefined) stamps[name] = own[name];
  }
  if (raw['field_hlc'] !== undefined) row['field_hlc'] = stamps;
  return row;
}

/**
 * Pushes to a server of a version: what it cannot keep is not sent, and is answered here as to be sent
 * later.
 */
export async function pushLowered(
  request: PushRequest,
  version: number,
  send: (request: PushRequest) => Promise<PushReply>,
  now: () => number,
): Promise<PushReply> {
  const lowered = request.rows.map((row) => lowerPush(row, version));
  const rows = lowered.filter((row) => row !== null);
  const reply = rows.length > 0 ? await send({ rows }) : { results: [], serverTime: now() };
  const answers = reply.results[Symbol.iterator]();
  const results = request.rows.map(({ table, row }, index): PushReply['results'][number] => {
    const answer = lowered[index] ? answers.next().value : undefined;
    if (!answer) return { outcome: 'retry', table, id: String(row['id']), code: 'SERVER_OLDER' };
    if (answer.outcome !== 'master') return answer;
    return { ...answer, row: { ...raisePulled(table, answer.row, version, row as Row) } };
  });
  return { ...reply, results };
}
