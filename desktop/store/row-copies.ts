import { isTableName } from '#shared/schema/tables.ts';
import { upgradeKeptCopies } from '#desktop/replication/kept-copies.ts';
import { openParkedStore } from '#desktop/replication/parked-store.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { UpgradeEvent } from '#desktop/storage/storage-types.ts';

/**
 * Upgrades what the replication keeps of rows outside of their table and its meta rows, in the
 * transaction that upgrades the table: the server's states of rows with local changes, copies of what
 * the server has in quarantine, and the digests of refused changes. A refused row would else pass for edited, and be sent again by itself.
 */
export function upgradeCopies(
  database: EncryptedDatabase,
  { table, upgrade, find }: UpgradeEvent,
): void {
  if (!isTableName(table)) return;
  const parked = openParkedStore(database);
  for (const { id } of database.read<{ id: string }>('select id from sync_masters where tbl = ?', [
    table,
  ])) {
    const master = parked.masterOf(table, id);
    if (master) parked.rememberMaster(table, id, upgrade(master));
  }
  upgradeKeptCopies(database, table, upgrade);
  for (const change of parked.list()) {
    const row = change.table === table ? find(change.id) : undefined;
    // Edited since it was refused: not parked any more, whatever the digest.
    if (!row || !parked.entryFor(table, { ...row, id: change.id })) continue;
    parked.park(change, upgrade(row));
  }
}

/** Small values that the replication keeps for each table. */
const KEPT_BY_TABLE = ['sync.first', 'sync.ended', 'sync.relisting', 'sync.skipped'];
const LISTS_BY_TABLE = ['sync_parked', 'sync_masters', 'sync_offers', 'sync_seen', 'sync_kept'];

/** Removes all that the replication keeps of a table that is not in the file any more. */
export function forgetTable(database: EncryptedDatabase, table: string): void {
  const lists = database.read<{ name: string }>(
    "select name from sqlite_master where type = 'table' and name in (select value from json_each(?))",
    [JSON.stringify(LISTS_BY_TABLE)],
  );
  database.transaction(() => {
    for (const { name } of lists) database.run(`delete from ${name} where tbl = ?`, [table]);
    for (const key of KEPT_BY_TABLE) database.kv.delete(`${key}.${table}`);
  });
}
