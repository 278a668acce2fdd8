import type pg from 'pg';
import { replicaScopes } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { LIMITS } from '#shared/protocol/messages.ts';
import type { Cursor, PullReply, PullRequest } from '#shared/protocol/messages.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { withSession } from '../db/with-session.ts';
import type { Tx } from '../db/with-session.ts';
import { JsonText } from '../http/route.ts';
import type { Caller } from '../http/route.ts';
import { readAccess, requireKnown } from './access.ts';
import { START, newsOfTablesSql, pullSql } from './table-sql.ts';
import type { PartRequest } from './table-sql.ts';

interface PulledRow {
  part: number;
  xid: string;
  id: string;
  state: 'row' | 'deleted' | 'left';
  doc: string | null;
}

/** The answer for one table; rows are JSON text as the database made it. */
interface Page {
  readonly table: TableName;
  readonly rows: readonly string[];
  readonly cursors: Readonly<Record<string, Cursor>>;
  readonly ended: readonly string[];
  readonly more: boolean;
}

/**
 * Reads what a device does not have yet: every part of every asked table from its cursor on, all as
 * of one moment, so that no row comes without the one that it refers to unless the page ends between
 * them. Parts that the caller may not hold any more come back as ended, also for people who have
 * lost every right.
 * @returns the text of a `PullReply`
 * @throws AppError AUTH_NO_ACCESS, DEVICE_REFUSED, SYNC_EPOCH_CHANGED
 */
export async function pull(
  deps: { pool: pg.Pool; clock: Clock },
  caller: Caller,
  request: PullRequest,
): Promise<JsonText> {
  const { epoch, pages } = await withSession(
    deps.pool,
    caller,
    async (tx) => {
      const access = requireKnown(
        await tx.asEngine((engine) => readAccess(engine, caller.userId, caller.deviceId)),
      );
      if (request.epoch !== null && request.epoch !== access.epoch) {
        throw new AppError('SYNC_EPOCH_CHANGED');
      }
      const asked = request.tables.map((table) => splitParts(access.grants, caller.userId, table));
      const news = await tablesWithNews(tx, asked);
      const read: Page[] = [];
      let bytesLeft: number = LIMITS.pullBytes;
      for (const [index, table] of asked.entries()) {
        const page = news[index] ? await readPage(tx, table, bytesLeft) : emptyPage(table);
        for (const row of page.rows) bytesLeft -= row.length;
        read.push(page);
      }
      return { epoch: access.epoch, pages: read };
    },
    { mode: 'snapshot' },
  );
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

async function tablesWithNews(tx: Tx, asked: readonly Asked[]): Promise<readonly boolean[]> {
  const { text, values } = newsOfTablesSql(asked);
  const [row] = await tx.query<{ news: boolean[] }>(text, values);
  return row?.news ?? [];
}

const emptyPage = ({ table, ended }: Asked, more = false): Page => ({
  table,
  rows: [],
  cursors: {},
  ended,
  more,
});

/** Reads one table's page, cut where the bytes run out; the first row of a page is always taken. */
async function readPage(tx: Tx, asked: Asked, bytesLeft: number): Promise<Page> {
  const { table, parts, ended, limit } = asked;
  // Nothing fits any more: say so without reading. The device comes back with the same cursors.
  if (bytesLeft <= 0) return emptyPage(asked, true);

  // One row beyond the page tells whether there is more.
  const { text, values } = pullSql(table, parts, limit + 1);
  const found = await tx.query<PulledRow>(text, values);
  const rows: string[] = [];
  const reached: Record<string, Cursor> = {};
  let bytes = 0;
  for (const row of found) {
    const json = row.doc ?? (row.state === 'left' ? departure(row.id) : tombstone(row.id));
    bytes += json.length;
    if (rows.length === limit || (bytes > bytesLeft && rows.length > 0)) {
      return { table, rows, cursors: reached, ended, more: true };
    }
    rows.push(json);
    const part = parts[row.part];
    if (part) reached[part.part] = [row.xid, row.id];
  }
  return { table, rows, cursors: reached, ended, more: false };
}

/** Not deleted: the device may not hold it any more, nor what hangs on it. */
const departure = (id: string): string => JSON.stringify({ id, _left: true });
const tombstone = (id: string): string => JSON.stringify({ id, _deleted: true });

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
