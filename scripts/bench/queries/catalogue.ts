import { replicaScopes } from '#shared/access/rights.ts';
import { deviceFields } from '#shared/schema/rows.ts';
import { LIMITS } from '#shared/protocol/messages.ts';
import type { Cursor } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { readAccess } from '#server/sync/access.ts';
import { EXPECTED_SQL } from '#server/sync/count-sql.ts';
import {
  START,
  insertSql,
  lockSql,
  newsOfTablesSql,
  pullSql,
  readSql,
} from '#server/sync/table-sql.ts';
import type { PartRequest } from '#server/sync/ports.ts';
import { sampleRow } from '../../../supabase/schema/sample-rows.ts';
import { idOf } from './load.ts';
import type { Loaded } from './load.ts';
import { DEVICE, PERSON, SITE } from './people.ts';
import type { BenchPerson } from './people.ts';

/** A statement of the product, and in whose name it runs. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface BenchQuery extends Statement {
  readonly name: string;
  readonly person: BenchPerson;
  /** `engine`: the server on its own behalf, within the person's transaction. */
  readonly as: 'person' | 'engine';
  /** Indexes that its plan must name, each by a pattern. */
  readonly indexes: readonly RegExp[];
  /** Long tables that it reads whole by its nature. */
  readonly whole: readonly string[];
}

const WINDOWED = [/^scope_members_/, /^delivery_tracking_(patient_id_)?feed_idx$/];

/** Rows of one push in the bench. */
const PUSHED = 50;

/** Parts of a table that somebody replicates, all read up to the same cursor. */
export const partsOf = (
  person: BenchPerson,
  table: TableName,
  [xid, id]: Cursor,
): readonly PartRequest[] =>
  replicaScopes(person.grants, person.id, table).map((part) => ({ part, xid, id }));

/** A page of a pull, as the server asks for it. */
export const pageSql = (
  person: BenchPerson,
  table: TableName,
  cursor: Cursor,
  rows: number = LIMITS.pullRows,
): Statement => pullSql(table, partsOf(person, table, cursor), rows + 1);

/** The question that opens every pull: which of all tables have anything new. */
export function newsSql(person: BenchPerson, cursorOf: (table: TableName) => Cursor): Statement {
  return newsOfTablesSql(
    TABLE_NAMES.map((table) => ({ table, parts: partsOf(person, table, cursorOf(table)) })),
  );
}

/** A cursor behind every row. */
const EVERYTHING: Cursor = [String(2n ** 62n), START.id];

/** The cursor of somebody who has all but the last `missing` rows of a table. */
export function nearlyAll({ counts, xidAt }: Loaded, table: TableName, missing = 0): Cursor {
  const count = counts[table];
  if (count === undefined) return EVERYTHING;
  const id = count > missing ? idOf(table, count - 1 - missing) : START.id;
  return [String(Number(xidAt(1)) - 1), id];
}

/** The queries that the server runs most, on what `load` has made. */
export async function hottestQueries(loaded: Loaded): Promise<BenchQuery[]> {
  const { FD, CS, MG } = PERSON;
  const { counts, xidAt } = loaded;
  const old: Cursor = [xidAt(0.3), START.id];
  const asPerson = (
    name: string,
    person: BenchPerson,
    statement: Statement,
    indexes: readonly RegExp[],
    whole: readonly string[] = [],
  ): BenchQuery => ({ name, person, as: 'person', ...statement, indexes, whole });
  const asEngine = (
    name: string,
    statement: Statement,
    indexes: readonly RegExp[],
  ): BenchQuery => ({
    ...asPerson(name, FD, statement, indexes),
    as: 'engine',
  });
  const coverages = Array.from({ length: PUSHED }, (_, nth) =>
    idOf('coverages', Math.floor((nth * (counts.coverages ?? 0)) / PUSHED)),
  );
  const lateMembers: Cursor = [String(Number(xidAt(1)) - 4), START.id];

  return [
    asPerson('1 pull: movements of a site, old cursor', FD, pageSql(FD, 'stock_movements', old), [
      /^stock_movements_(location_id_)?feed_idx$/,
    ]),
    asPerson(
      '2 pull: movements of a site, 20 rows behind',
      FD,
      pageSql(FD, 'stock_movements', nearlyAll(loaded, 'stock_movements', 20)),
      [/^stock_movements_(location_id_)?feed_idx$/],
    ),
    asPerson('3 pull: movements of all sites', MG, pageSql(MG, 'stock_movements', old), [
      /^stock_movements_feed_idx$/,
    ]),
    asPerson(
      '4 pull: news of all tables',
      FD,
      newsSql(FD, (table) => nearlyAll(loaded, table)),
      [/^stock_movements_(location_id_)?feed_idx$/],
    ),
    asPerson('5 pull: patients of the day', FD, pageSql(FD, 'patients', [START.xid, START.id]), [
      /^patients_pkey$/,
    ]),
    asPerson(
      '6 pull: deliveries of the care window, changed',
      CS,
      pageSql(CS, 'delivery_tracking', [xidAt(0.99), START.id]),
      WINDOWED,
    ),
    asPerson(
      '7 pull: the same, patients came in',
      CS,
      pageSql(CS, 'delivery_tracking', lateMembers),
      WINDOWED,
    ),
    asPerson(
      '7b pull: the same, first page of a new device',
      CS,
      pageSql(CS, 'delivery_tracking', [START.xid, START.id]),
      [/^scope_members_/],
      // Where most patients are members, most rows are read.
      ['delivery_tracking'],
    ),
    asPerson('8a push: lock 50 records', FD, { text: lockSql('coverages'), values: [coverages] }, [
      /^coverages_pkey$/,
    ]),
    asEngine('8b push: read 50 records', { text: readSql('coverages'), values: [coverages] }, [
      /^coverages_pkey$/,
    ]),
    asPerson('9a push: insert 50 acts', FD, actsOf(FD), []),
    asEngine('9b push: insert 100 movements', movementsOf(loaded), []),
    asEngine('10 access of a session', await accessSql(FD), []),
    asPerson(
      '11a on hand of an item at a site',
      FD,
      {
        text: `select lot_id, on_hand from public.on_hand where item_id = $1 and location_id = $2`,
        values: [idOf('inventory_items', 7), SITE.AA],
      },
      [/^stock_movements_item_id_location_id_idx$/],
    ),
    asPerson(
      '11b on hand of a whole site',
      FD,
      {
        text: `select item_id, lot_id, on_hand from public.on_hand where location_id = $1`,
        values: [SITE.AA],
      },
      [],
      // The sum of everything that ever moved there.
      ['stock_movements', 'count_lines'],
    ),
    asEngine(
      '11c expected of a count of 100 lines',
      { text: EXPECTED_SQL, values: [[idOf('count_sessions', 0)]] },
      [/^stock_movements_item_id_location_id_idx$/],
    ),
    asPerson(
      '12a visits of a site today',
      FD,
      {
        text: `select id, patient_id, starts_at, status from public.appointments
               where location_id = $1 and local_date = current_date order by starts_at, id`,
        values: [SITE.AA],
      },
      [/^appointments_location_id_local_date_idx$/],
    ),
    asPerson(
      '12b patients by the beginning of the name',
      FD,
      {
        text: `select id, family_name, given_name, birth_date from public.patients
               where family_name >= $1 and family_name < $2
               order by family_name, given_name, id limit 50`,
        values: ['Aab', 'Aac'],
      },
      [/^patients_family_name_given_name_idx$/],
    ),
    asEngine(
      '12c audit: append 50 entries',
      {
        text: 'select private.append_audit($1, $2::jsonb)',
        values: [
          DEVICE(FD.id),
          JSON.stringify(
            coverages.map((row_id) => ({
              action: 'insert',
              table_name: 'coverages',
              row_id,
              outcome: 'ok',
              location_id: SITE.AA,
              field_names: ['payer'],
              occurred_at: null,
            })),
          ),
        ],
      },
      [],
    ),
  ];
}

/** The statement by which the server learns what somebody may do; it is not exported by itself. */
async function accessSql(person: BenchPerson): Promise<Statement> {
  const asked: Statement[] = [];
  await readAccess(
    {
      query: (text, values = []) => {
        asked.push({ text, values });
        return Promise.resolve([]);
      },
      execute: () => Promise.resolve(0),
    },
    person.id,
    DEVICE(person.id),
  );
  const [statement] = asked;
  if (!statement) throw new Error('readAccess asks nothing');
  return statement;
}

/** A row as a device sends it. */
function documentOf(table: TableName, row: Row): Record<string, unknown> {
  const system = ['id', 'created_at', 'created_by', 'device_id', 'hlc', 'origin_seq'];
  const names = [...system, ...deviceFields(tableOf(table)).map(([name]) => name)];
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}

function actsOf(person: BenchPerson): Statement {
  const refs = {
    locations: SITE.AA,
    users: person.id,
    inventory_items: idOf('inventory_items', 0),
  };
  const rows = Array.from({ length: PUSHED }, () =>
    documentOf(
      'stock_acts',
      sampleRow('stock_acts', refs, {
        created_by: person.id,
        kind: 'receive',
        location_id: SITE.AA,
      }),
    ),
  );
  return { text: insertSql('stock_acts'), values: [JSON.stringify(rows)] };
}

function movementsOf({ counts }: Loaded): Statement {
  const rows = Array.from({ length: 2 * PUSHED }, (_, nth) =>
    documentOf(
      'stock_movements',
      sampleRow(
        'stock_movements',
        { locations: SITE.AA, users: PERSON.FD.id },
        {
          act_id: idOf('stock_acts', nth >> 1),
          // Lines that no act of the load has.
          line_no: 10 + (nth & 1),
          item_id: idOf('inventory_items', nth % (counts.inventory_items ?? 1)),
          location_id: SITE.AA,
          type: 'receive',
        },
      ),
    ),
  );
  return {
    text: insertSql('stock_movements', { skipKnown: true }),
    values: [JSON.stringify(rows)],
  };
}
