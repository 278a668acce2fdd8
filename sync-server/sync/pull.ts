import { replicaScopes } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { LIMITS, PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import type { Cursor, PullReply, PullRequest } from '#shared/protocol/messages.ts';
import { isSameSince, lowerRow } from '#shared/schema/older.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { JsonText } from '../http/route.ts';
import type { Caller } from '../http/route.ts';
import { requireKnown } from './access.ts';
import type { OpenPull, PartRequest, PullStore, PulledRow } from './ports.ts';
import { START } from './table-sql.ts';

export interface PullDeps {
  readonly open: OpenPull;
  readonly clock: Clock;
  /** Told how many rows went out. */
  readonly onRows?: (rows: number) => void;
}

/** The answer for one table; rows are JSON text as the database made it. */
interface Page {
  readonly table: TableName;
  readonly rows: readonly string[];
  readonly cursors: Readonly<Record<string, Cursor>>;
  readonly ended: readonly string[];
  readonly more: boolean;
  readonly withheld?: number;
}

/**
 * Reads what a device does not have yet: every part of every asked table from its cursor on, all as
 * of one moment, so that no row comes without the one that it refers to unless the page ends between
 * them. Parts that the caller may not hold any more come back as ended, also for people who have
 * lost every right.
 * @returns the text of a `PullReply`
 * @throws AppError as `requireKnown`, SYNC_EPOCH_CHANGED
 */
export async function pull(
  deps: PullDeps,
  caller: Caller,
  request: PullRequest,
): Promise<JsonText> {
  const { epoch, pages } = await deps.open(caller, async (store) => {
    const access = requireKnown(await store.access());
    if (request.epoch !== null && request.epoch !== access.epoch) {
      throw new AppError('SYNC_EPOCH_CHANGED');
    }
    const asked = request.tables.map((table) => splitParts(access.grants, caller.userId, table));
    const news = await store.news(asked);
    const read: Page[] = [];
    let bytesLeft: number = LIMITS.pullBytes;
    for (const [index, table] of asked.entries()) {
      const page = news[index]
        ? await readPage(store, table, bytesLeft, caller.protocol)
        : emptyPage(table);
      for (const row of page.rows) bytesLeft -= row.length;
      read.push(page);
    }
    return { epoch: access.epoch, pages: read };
  });
  deps.onRows?.(pages.reduce((sum, { rows }) => sum + rows.length, 0));
  return new JsonText(replyText(epoch, deps.clock.now(), pages));
}

/** The parts of a table that somebody may hold, and those that they hold and may not any more. */
interface Asked {
  readonly table: TableName;
  readonly parts: readonly PartRequest[];
  readonly ended: readonly string[];
  readonly limit: number;
}

function splitParts(
  grants: readonly Grant[],
  userId: string,
  { table, cursors, limit }: PullRequest['tables'][number],
): Asked {
  const granted = replicaScopes(grants, userId, table);
  const parts = granted.map((part) => {
    const [xid, id] = cursors[part] ?? [START.xid, START.id];
    return { part, xid, id };
  });
  return { table, parts, ended: Object.keys(cursors).filter((p) => !granted.includes(p)), limit };
}

const emptyPage = ({ table, ended }: Asked, more = false): Page => ({
  table,
  rows: [],
  cursors: {},
  ended,
  more,
});

/** Reads one table's page, cut where the bytes run out; the first row of a page is always taken. */
async function readPage(
  store: PullStore,
  asked: Asked,
  bytesLeft: number,
  version: number | undefined,
): Promise<Page> {
  const { table, parts, ended, limit } = asked;
  // Nothing fits any more: say so without reading. The device comes back with the same cursors.
  if (bytesLeft <= 0) return emptyPage(asked, true);

  // One row beyond the page tells whether there is more.
  const found = await store.rows(table, parts, limit + 1);
  const rows: string[] = [];
  const reached: Record<string, Cursor> = {};
  const asRead = readerOf(table, version);
  let bytes = 0;
  let taken = 0;
  const page = (more: boolean): Page => {
    const withheld = taken - rows.length;
    return { table, rows, cursors: reached, ended, more, ...(withheld > 0 ? { withheld } : {}) };
  };
  for (const row of found) {
    const json = row.state === 'row' ? asRead(row.doc ?? '') : stubOf(row);
    bytes += json?.length ?? 0;
    if (taken === limit || (bytes > bytesLeft && rows.length > 0)) return page(true);
    taken += 1;
    if (json !== null) rows.push(json);
    const part = parts[row.part];
    if (part) reached[part.part] = [row.xid, row.id];
  }
  return page(false);
}

/** How a client of a version is given a row, as text; null when it cannot read it. */
function readerOf(table: TableName, version = PROTOCOL_VERSION): (doc: string) => string | null {
  if (isSameSince(table, version)) return (doc) => doc;
  return (doc) => {
    const row = lowerRow(table, JSON.parse(doc) as Record<string, unknown>, version);
    return row && JSON.stringify(row);
  };
}

/**
 * left: not deleted, but the device may not hold it any more, nor what hangs on it. deleted: taken
 * back.
 */
const stubOf = ({ id, state }: PulledRow): string =>
  JSON.stringify(state === 'left' ? { id, _left: true } : { id, _deleted: true });

/** Typed against the wire, although the rows are text already. */
function replyText(epoch: string, serverTime: number, pages: readonly Page[]): string {
  type Head = Omit<PullReply['tables'][number], 'rows'>;
  const tables = pages.map(({ rows, ...head }) => {
    const fields = JSON.stringify(
      head satisfies Readonly<Omit<Head, 'ended'> & { ended: readonly string[] }>,
    );
    return `${fields.slice(0, -1)},"rows":[${rows.join(',')}]}`;
  });
  return `{"epoch":${JSON.stringify(epoch)},"serverTime":${serverTime},"tables":[${tables.join(',')}]}`;
}
