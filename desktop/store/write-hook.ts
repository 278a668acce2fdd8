import { isHlc } from '#shared/kernel/hlc.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import { expandAct } from '#shared/merge/expand.ts';
import { stampsIn } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { applyDecisions } from '#desktop/replication/decisions.ts';
import { confirmOnMetaWrite } from '#desktop/replication/meta-rows.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { SqliteStorage, WriteEvent } from '#desktop/storage/storage-types.ts';

/**
 * What a profile does inside every write transaction of its storage: what the server has is marked
 * as the server's, its decisions about refused changes apply, its stamps are followed, and an act brings
 * what it stands for.
 */
export function onProfileWrite(
  event: WriteEvent,
  profile: {
    readonly hlc: HybridClock;
    readonly storage: SqliteStorage;
    readonly database: EncryptedDatabase;
  },
): void {
  const { hlc } = profile;
  confirmOnMetaWrite(event);
  applyDecisions(event, profile);
  if (!isTableName(event.collection)) return;
  for (const doc of event.rows) {
    if (event.origin === 'server') followStamps(hlc, event.collection, doc as unknown as Row);
    // The act and what it stands for are one transaction, wherever the act comes from.
    if (!tableOf(event.collection).expand) continue;
    for (const { table, row } of expandAct(event.collection, bare(doc as never))) {
      event.tx.insertDerived(table, [row]);
    }
  }
}

/** The server has judged its stamps already: however slow this machine's clock, it follows them. */
function followStamps(hlc: HybridClock, table: TableName, row: Row): void {
  for (const stamp of stampsIn(row, table)) if (isHlc(stamp)) hlc.follow(stamp);
}

function bare(doc: Row & { _deleted?: boolean }): Row {
  return Object.fromEntries(Object.entries(doc).filter(([key]) => !key.startsWith('_'))) as Row;
}
