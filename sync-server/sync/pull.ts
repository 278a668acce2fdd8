import type pg from 'pg';
import { replicaScopes } from '#shared/access/rights.ts';
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
import { START, pullSql } from './table-sql.ts';

type AskedTable = PullRequest['tables'][number];

interface PulledRow {
  part: number;
  xid: string;
  id: string;
  deleted: boolean;
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
      const read: Page[] = [];
      let bytesLeft: number = LIMITS.pullBytes;
      for (const asked of request.tables) {
        const granted = replicaScopes(access.grants, caller.userId, asked.table);
        const page = await readPage(tx, asked, granted, bytesLeft);
        for (const row of page.rows) bytesLeft -= row.length;
        read.push(page);
      }
      return { epoch: access.epoch, pages: read };
    },
    { mode: 'snapshot' },
  );
  return new JsonText(replyText(epoch, deps.clock.now(), pages));
}

/** Reads one table's page, cut where the bytes run out; the first row of a page is always taken. */
async function readPage(
  tx: Tx,
  { table, cursors, limit }: AskedTable,
  granted: readonly string[],
  bytesLeft: number,
): Promise<Page> {
  const parts = granted.map((part) => {
    const [xid, id] = cursors[part] ?? [START.xid, START.id];
    return { part, xid, id };
  });
  const ended = Object.keys(cursors).filter((part) => !granted.includes(part));
  if (parts.length === 0) return { table, rows: [], cursors: {}, ended, more: false };
  // Nothing fits any more: say so without asking. The device comes back with the same cursors.
  if (bytesLeft <= 0) return { table, rows: [], cursors: {}, ended, more: true };

  // One row beyond the page tells whether there is more.
  const { text, values } = pullSql(table, parts, limit + 1);
  const found = await tx.query<PulledRow>(text, values);
  const rows: string[] = [];
  const reached: Record<string, Cursor> = {};
  let bytes = 0;
  for (const row of found) {
    const json = row.deleted || row.doc === null ? tombstone(row.id) : row.doc;
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
