import { SlotOffer } from '#shared/protocol/messages.ts';
import { isTableName } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { ParkedChange } from './parked-store.ts';

interface Kept {
  readonly offers: readonly SlotOffer[];
  readonly at: number;
}

/**
 * Free slots that the server offered for visits which did not get theirs, in the profile's encrypted
 * database: who was told "taken" can still choose after a restart, without the network.
 */
export interface SlotOffers {
  keep(table: TableName, id: string, offers: readonly SlotOffer[], at: number): void;
  of(table: TableName, id: string): readonly SlotOffer[] | undefined;
  /** @returns true when there was something to forget */
  forget(table: TableName, id: string): boolean;
  /** Visits that the server has stored as a conflict and about which nobody has done anything yet. */
  lost(): (ParkedChange & { readonly alternatives: readonly SlotOffer[] })[];
}

const SCHEMA = `create table if not exists sync_offers (
  tbl text not null, id text not null, offers text not null, at integer not null,
  primary key (tbl, id)) without rowid`;

export function openSlotOffers(database: EncryptedDatabase): SlotOffers {
  database.run(SCHEMA);
  const kept = new Map<string, Kept & { table: TableName; id: string }>();
  for (const { tbl, id, offers, at } of database.read<{
    tbl: string;
    id: string;
    offers: string;
    at: number;
  }>('select tbl, id, offers, at from sync_offers')) {
    const parsed = SlotOffer.array().safeParse(JSON.parse(offers));
    if (isTableName(tbl) && parsed.success) {
      kept.set(keyOf(tbl, id), { table: tbl, id, offers: parsed.data, at });
    }
  }

  /** The state of a visit as it is here now; undefined when it is not here. */
  const statusOf = (table: TableName, id: string): unknown =>
    database.read<{ status: string }>(`select status from live_${table} where id = ?`, [id])[0]
      ?.status;

  return {
    keep(table, id, offers, at) {
      database.run(
        `insert into sync_offers (tbl, id, offers, at) values (?, ?, ?, ?)
         on conflict (tbl, id) do update set offers = excluded.offers, at = excluded.at`,
        [table, id, JSON.stringify(offers), at],
      );
      kept.set(keyOf(table, id), { table, id, offers, at });
    },
    of: (table, id) => kept.get(keyOf(table, id))?.offers,
    forget(table, id) {
      if (!kept.delete(keyOf(table, id))) return false;
      database.run('delete from sync_offers where tbl = ? and id = ?', [table, id]);
      return true;
    },
    lost: () =>
      [...kept.values()]
        .filter(({ table, id }) => statusOf(table, id) === 'conflict')
        .map(({ table, id, offers, at }) => ({
          table,
          id,
          code: 'SYNC_SLOT_TAKEN' as const,
          fields: ['starts_at'],
          parkedAt: at,
          alternatives: offers,
        }))
        .toSorted((a, b) => a.parkedAt - b.parkedAt || (a.id < b.id ? -1 : 1)),
  };
}

const keyOf = (table: TableName, id: string): string => `${table}/${id}`;
