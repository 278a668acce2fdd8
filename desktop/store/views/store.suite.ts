import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fillWithDefaultSettings } from 'rxdb/plugins/core';
import { now } from 'rxdb/plugins/utils';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { getRxStorageSqlite } from '#desktop/storage/rx-storage-sqlite.ts';
import type { SqliteStorage } from '#desktop/storage/storage-types.ts';
import { formatHlc } from '#shared/kernel/hlc.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { expandAct } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import { parseRow } from '#shared/schema/rows.ts';
import { rxSchemaOf } from '#shared/schema/rx-schema.ts';
import type { TableName } from '#shared/schema/tables.ts';

/** A store of the tables that inventory, reviews and patients are made of, in a file of its own. */

export const KEY = 'ab'.repeat(32);
const TABLES: readonly TableName[] = [
  'locations',
  'users',
  'devices',
  'inventory_items',
  'item_merges',
  'item_locations',
  'vendors',
  'sds_documents',
  'file_uploads',
  'vendor_items',
  'vendor_prices',
  'purchase_orders',
  'purchase_order_acts',
  'purchase_order_lines',
  'po_approvals',
  'order_sends',
  'order_send_events',
  'reorder_requests',
  'transitions',
  'location_configs',
  'unmatched_scans',
  'inventory_lots',
  'stock_acts',
  'stock_movements',
  'vial_acts',
  'patient_uses',
  'sample_log',
  'transfers',
  'count_sessions',
  'count_lines',
  'conflict_log',
  'review_items',
  'review_decisions',
  'patients',
  'appointments',
  'check_in_records',
  'payment_transactions',
  'consents',
  'generated_handouts',
  'handout_template_versions',
  'handout_templates',
];

/** An instant by its minute, with its stamp. */
export const at = (minute: number): { ms: number; hlc: string } => {
  const ms = 1_790_000_000_000 + minute * 60_000;
  return { ms, hlc: formatHlc({ ms, counter: 0, node: '0123456789ab' }) };
};

/** A row as the schema fills it. @throws Error with the names of wrong fields */
export function rowOf(table: TableName, input: Record<string, unknown>): Row {
  const parsed = parseRow(table, { created_at: at(0).ms, ...input });
  if (!parsed.ok) throw new Error(`${table}: ${parsed.fields.join()}`);
  return parsed.row;
}

/** An item of the catalogue of which nothing matters but what is said. */
export const itemRow = (id: string, name: string, more: Record<string, unknown> = {}): Row =>
  rowOf('inventory_items', {
    id,
    name,
    kind: 'supply',
    sku: `SKU-${name}`,
    base_unit: 'each',
    packs: [],
    lot_policy: 'none',
    expiry_policy: 'none',
    controlled_schedule: 'none',
    hazardous: false,
    status: 'active',
    field_hlc: {},
    ...more,
  });

export class TestStore {
  readonly file: string;
  readonly database: EncryptedDatabase;
  readonly storage: SqliteStorage;
  readonly #dir: string;

  private constructor() {
    this.#dir = mkdtempSync(path.join(os.tmpdir(), 'ganger-views-'));
    this.file = path.join(this.#dir, 'a.db');
    this.database = openDatabase({ file: this.file, key: KEY, log: silentLogger });
    this.storage = getRxStorageSqlite({ database: this.database, log: silentLogger });
  }

  static async open(): Promise<TestStore> {
    const store = new TestStore();
    for (const table of TABLES) {
      await store.storage.createStorageInstance({
        databaseInstanceToken: 't',
        databaseName: 'ganger',
        collectionName: table,
        schema: fillWithDefaultSettings(rxSchemaOf(table) as never),
        options: {},
        multiInstance: false,
        devMode: false,
      });
    }
    return store;
  }

  /** Writes rows over what is stored, in one transaction. */
  async put(table: TableName, rows: readonly Row[], context = 'test'): Promise<void> {
    const instance = this.storage.instance(table);
    const stored = await instance?.findDocumentsById(
      rows.map(({ id }) => id),
      true,
    );
    const before = new Map(stored?.map((doc) => [doc['id'], doc]));
    const answer = await instance?.bulkWrite(
      rows.map((row) => {
        const previous = before.get(row.id);
        const height = previous ? Number.parseInt(previous._rev, 10) + 1 : 1;
        return {
          ...(previous ? { previous } : {}),
          document: {
            _deleted: false,
            ...row,
            _attachments: {},
            _rev: `${height}-t`,
            _meta: { lwt: now() },
          },
        };
      }) as never,
      context,
    );
    if (answer?.error.length !== 0) throw new Error('not written');
  }

  /** Writes acts with the rows that they stand for. */
  async act(
    acts: readonly Row[],
    context = 'test',
    of: 'stock_acts' | 'vial_acts' | 'patient_uses' | 'sample_log' = 'stock_acts',
  ): Promise<void> {
    const made = new Map<TableName, Map<string, Row>>();
    for (const act of acts) {
      for (const { table, row } of expandAct(of, act)) {
        const rows = made.get(table) ?? new Map<string, Row>();
        made.set(table, rows.set(row.id, row));
      }
    }
    for (const [table, rows] of made) await this.put(table, [...rows.values()], context);
    await this.put(of, acts, context);
  }

  close(): void {
    this.database.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
