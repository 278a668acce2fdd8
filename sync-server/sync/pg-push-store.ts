import type pg from 'pg';
import type { Row } from '#shared/schema/define.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { changeableFields } from '#shared/merge/join.ts';
import { KEPT, withSession } from '../db/with-session.ts';
import type { Queries, Tx } from '../db/with-session.ts';
import type { Caller } from '../http/route.ts';
import { activeTraceparent } from '../monitoring/tracing/tracing.ts';
import { readAccess } from './access.ts';
import type { Effect } from './effects/effects.ts';
import { machineOf } from './conflict/state-step.ts';
import { EXPECTED_SQL, ON_HAND_SQL, SAME_ITEMS_SQL, expectedLine } from './count-sql.ts';
import type { ExpectedRow } from './count-sql.ts';
import { WriteSkipped, rowKey } from './ports.ts';
import type {
  AuditEntry,
  Master,
  Memory,
  MemoryKey,
  OpenPush,
  PushStore,
  QuarantineEntry,
} from './ports.ts';
import {
  changeSql,
  findSql,
  goneSql,
  insertSql,
  lockSql,
  readSql,
  takenNumbersSql,
  updateSql,
} from './table-sql.ts';

/** Keys of claims are hashed apart from the numbers of jobs. */
export const KEY_SPACE = 731_000_100;

interface DocumentRow {
  id: string;
  doc: Row;
  field_by?: Record<string, string>;
}

/** Pushes over Postgres: one transaction each, in the name of the caller. */
export function pgPush(pool: pg.Pool): OpenPush {
  return async (caller, work) => {
    let xid: string | null = null;
    const result = await withSession(pool, caller, (tx) =>
      work(
        createPushStore(tx, caller, (id) => {
          xid = id;
        }),
      ),
    );
    return { result, xid };
  };
}

/**
 * True when people change rows of a table: not where every field is set once or by the server, and the
 * server makes every step, as of visits, which the desk only adds.
 */
function mayChange(table: TableName): boolean {
  const { fields, machine } = tableOf(table);
  const steps = machineOf(table)?.transitions.some(({ needs }) => needs !== 'server') ?? false;
  return Object.entries(fields).some(([name, { merge }]) =>
    name === machine?.field ? steps : merge !== 'AO' && merge !== 'CEN',
  );
}

function createPushStore(tx: Tx, caller: Caller, onXid: (xid: string | null) => void): PushStore {
  const readDocuments = (table: TableName, ids: readonly string[]): Promise<DocumentRow[]> =>
    tx.asEngine((engine) => engine.query<DocumentRow>(readSql(table), [ids], KEPT));

  /** Under policies a write that may not be done is passed over in silence: the count tells. */
  const insertAsPerson = async (table: TableName, rows: readonly Row[]): Promise<void> => {
    const written = await tx.execute(insertSql(table), [JSON.stringify(rows)], KEPT);
    if (written !== rows.length) throw new WriteSkipped();
  };
  const update = async (as: Queries, text: string, rows: readonly Row[]): Promise<void> => {
    const written = await as.execute(text, [JSON.stringify(rows), rows.map(({ id }) => id)], KEPT);
    if (written !== rows.length) throw new WriteSkipped();
  };

  const lock = async (table: TableName, ids: readonly string[]): Promise<void> => {
    // Postgres lets nobody lock what they may not change; what is only made has nothing to wait for.
    if (mayChange(table)) await tx.query(lockSql(table), [ids], KEPT);
  };
  const records = async (table: TableName, ids: readonly string[]): Promise<Map<string, Master>> =>
    new Map(
      (await readDocuments(table, ids)).map(({ id, doc, field_by }) => [
        id,
        { row: doc, fieldBy: field_by ?? {} },
      ]),
    );

  const remember = (entries: readonly (MemoryKey & Memory)[]): Promise<unknown> =>
    tx.asEngine((engine) =>
      engine.execute(
        `insert into private.push_memory as m (device_id, table_name, row_id, base, pushed)
         select $1, r."table", r.id, r.base, r.pushed
         from jsonb_to_recordset($2::jsonb) as r("table" text, id uuid, base jsonb, pushed jsonb)
         order by r."table", r.id
         on conflict (device_id, table_name, row_id)
         do update set base = excluded.base, pushed = excluded.pushed, recorded_at = now()`,
        [caller.deviceId, JSON.stringify(entries)],
        KEPT,
      ),
    );
  const setOff = (effects: readonly Effect[]): Promise<unknown> =>
    tx.asEngine((engine) =>
      engine.execute(
        `insert into private.outbox (id, kind, audience, table_name, row_id, location_id, trace)
         select e.id, e.kind, e.audience, e."table", e."rowId", e."locationId", $2::text
         from jsonb_to_recordset($1::jsonb) as e(
           id uuid, kind text, audience text, "table" text, "rowId" uuid, "locationId" uuid)
         order by e.id
         on conflict (id) do nothing`,
        [JSON.stringify(effects), activeTraceparent()],
      ),
    );
  const audit = async (entries: readonly AuditEntry[]): Promise<void> => {
    const [row] = await tx.asEngine((engine) =>
      engine.query<{ xid: string | null }>(
        `select private.append_audit($1, $2::jsonb), pg_current_xact_id_if_assigned()::text as xid`,
        [caller.deviceId, JSON.stringify(entries)],
        KEPT,
      ),
    );
    onXid(row?.xid ?? null);
  };

  const store: PushStore = {
    access: () => tx.asEngine((engine) => readAccess(engine, caller.userId, caller.deviceId)),

    async lockKeys(keys) {
      if (keys.length === 0) return;
      // One statement a key would do as well; sorted, so that two pushes never wait crosswise.
      await tx.asEngine((engine) =>
        engine.execute(
          `select pg_advisory_xact_lock(k.lock)
           from (select distinct hashtextextended(key, $2) as lock from unnest($1::text[]) key
                 order by 1) k`,
          [keys, KEY_SPACE],
        ),
      );
    },

    lock,
    records,
    // Read behind the lock, so that it sees what the lock waited for.
    masters: async (table, ids) => (await Promise.all([lock(table, ids), records(table, ids)]))[1],

    async rows(table, ids) {
      if (ids.length === 0) return new Map();
      return new Map((await readDocuments(table, ids)).map(({ id, doc }) => [id, doc]));
    },

    async find(table, question) {
      const { text, values } = findSql(table, question);
      const found = await tx.asEngine((engine) => engine.query<DocumentRow>(text, values));
      return found.map(({ doc }) => doc);
    },

    async gone(table, ids) {
      if (ids.length === 0) return new Set();
      const found = await tx.asEngine((engine) =>
        engine.query<{ id: string }>(goneSql(table), [table, ids]),
      );
      return new Set(found.map(({ id }) => id));
    },

    async takenNumbers(table, facts) {
      const numbers = facts.flatMap(({ origin_seq: seq }) =>
        typeof seq === 'number' ? [seq] : [],
      );
      if (numbers.length === 0) return new Set();
      const found = await tx.asEngine((engine) =>
        engine.query<{ seq: number }>(
          takenNumbersSql(table),
          [facts[0]?.device_id ?? null, numbers, facts.map(({ id }) => id)],
          KEPT,
        ),
      );
      return new Set(found.map(({ seq }) => Number(seq)));
    },

    insertAsPerson,
    updateAsPerson: (table, rows) => update(tx, changeSql(table), rows),

    async insertAsEngine(table, rows) {
      if (rows.length === 0) return new Set();
      const made = await tx.asEngine((engine) =>
        engine.query<{ id: string }>(
          insertSql(table, { skipKnown: true }),
          [JSON.stringify(rows)],
          KEPT,
        ),
      );
      return new Set(made.map(({ id }) => id));
    },

    async stepAsEngine(table, field, rows) {
      if (tableOf(table).machine?.field !== field)
        throw new Error(`${table} has no state ${field}`);
      const text = updateSql(table, [field], { unsigned: field });
      await tx.asEngine((engine) => update(engine, text, rows));
    },

    async changeAsEngine(table, fields, rows) {
      if (rows.length === 0) return;
      const state = tableOf(table).machine?.field;
      const text = updateSql(table, fields, state === undefined ? {} : { unsigned: state });
      await tx.asEngine((engine) => update(engine, text, rows));
    },

    async counters(sessionIds) {
      const found = await tx.asEngine((engine) =>
        engine.query<{ session_id: string; users: string[] }>(
          `select session_id, array_agg(distinct counter_id) as users
           from public.count_lines where session_id = any($1::uuid[]) group by session_id`,
          [sessionIds],
        ),
      );
      return new Map(found.map(({ session_id, users }) => [session_id, new Set(users)]));
    },

    async lineTotals(sessionIds) {
      const found = await tx.asEngine((engine) =>
        engine.query<{ session_id: string; total: string }>(
          `select session_id, count(*)::text as total
           from public.count_lines where session_id = any($1::uuid[]) group by session_id`,
          [sessionIds],
        ),
      );
      return new Map(found.map(({ session_id, total }) => [session_id, Number(total)]));
    },

    async countedLines(sessionIds) {
      const found = await tx.asEngine((engine) =>
        engine.query<ExpectedRow>(EXPECTED_SQL, [sessionIds]),
      );
      return found.map(expectedLine);
    },

    async lastOrderNumber(year) {
      const [row] = await tx.asEngine((engine) =>
        engine.query<{ last: number }>(
          `select coalesce(max(substring(po_no from '^PO-[0-9]{4}-([0-9]{5,9})$')::integer), 0) as last
           from public.purchase_orders where po_no like 'PO-' || $1 || '-%'`,
          [year],
        ),
      );
      return row?.last ?? 0;
    },

    async onHand(shelves) {
      const found = await tx.asEngine((engine) =>
        engine.query<{ item_id: string; location_id: string; lot_id: string; on_hand: string }>(
          ON_HAND_SQL,
          [
            [...new Set(shelves.map(({ itemId }) => itemId))],
            [...new Set(shelves.map(({ locationId }) => locationId))],
          ],
        ),
      );
      return found.map((row) => ({
        itemId: row.item_id,
        locationId: row.location_id,
        lotId: row.lot_id === '' ? null : row.lot_id,
        onHand: Number(row.on_hand),
      }));
    },

    async sameItems(itemIds) {
      if (itemIds.length === 0) return new Map();
      const found = await tx.asEngine((engine) =>
        engine.query<{ id: string; other: string }>(SAME_ITEMS_SQL, [itemIds]),
      );
      const byItem = Map.groupBy(found, ({ id }) => id);
      return new Map(
        itemIds.map((id) => [id, new Set([id, ...(byItem.get(id) ?? []).map((k) => k.other)])]),
      );
    },

    async recall(keys) {
      if (keys.length === 0) return new Map();
      const found = await tx.asEngine((engine) =>
        engine.query<{ table_name: TableName; row_id: string } & Memory>(
          `select m.table_name, m.row_id, m.base, m.pushed
           from unnest($2::text[], $3::uuid[]) as k(table_name, row_id)
           join private.push_memory m
             on m.device_id = $1 and m.table_name = k.table_name and m.row_id = k.row_id`,
          [caller.deviceId, keys.map(({ table }) => table), keys.map(({ id }) => id)],
          KEPT,
        ),
      );
      return new Map(
        found.map(({ table_name, row_id, base, pushed }) => [
          rowKey(table_name, row_id),
          { base, pushed },
        ]),
      );
    },

    leave(memories, entries, effects) {
      if (effects.length > 0) tx.withCommit(setOff(effects));
      if (memories.length > 0) tx.withCommit(remember(memories));
      if (entries.length > 0) tx.withCommit(audit(entries));
    },

    async quarantine(entries, most) {
      if (entries.length === 0) return new Map();
      await tx.asEngine((engine) =>
        engine.execute(KEEP_SQL, [caller.deviceId, most, JSON.stringify(entries), caller.userId]),
      );
      const kept = await tx.asEngine((engine) =>
        engine.query<Pick<QuarantineEntry, 'id' | 'status'>>(
          'select id, status from private.quarantine where id = any($1::uuid[])',
          [entries.map(({ id }) => id)],
        ),
      );
      return new Map(kept.map(({ id, status }) => [id, status]));
    },

    async quarantined(ids) {
      const found = await tx.asEngine((engine) =>
        engine.query<QuarantineEntry & pg.QueryResultRow>(KEPT_SQL, [ids]),
      );
      return new Map(
        found.map((entry) => [entry.id, { ...entry, receivedAt: Number(entry.receivedAt) }]),
      );
    },

    async settleQuarantined(id, status, by) {
      await tx.asEngine((engine) =>
        engine.execute(
          `update private.quarantine set status = $2, decided_by = $3, decided_at = now()
           where id = $1 and status = 'waiting'`,
          [id, status, by],
        ),
      );
    },

    releasing(author) {
      const write = async (
        call: string,
        values: unknown[],
        rows: readonly Row[],
      ): Promise<void> => {
        if (rows.length === 0) return;
        const [made] = await tx.asEngine((engine) =>
          engine.query<{ n: number }>(`select ${call} as n`, [
            ...values,
            JSON.stringify(rows),
            author,
          ]),
        );
        if (made?.n !== rows.length) throw new WriteSkipped();
      };
      return {
        ...store,
        insertAsPerson: (table, rows) =>
          write('private.insert_released($1, $2::jsonb, $3)', [table], rows),
        updateAsPerson: (table, rows) =>
          write(
            'private.update_released($1, $2::text[], $3::jsonb, $4)',
            [table, changeableFields(table)],
            rows,
          ),
      };
    },

    attempt: (work) => tx.savepoint(work),
  };
  return store;
}

/** Rows of a device ($1) that are to be kept ($3), as long as no more than so many ($2) wait. */
const KEEP_SQL = `
  with waiting as (
    select count(*)::integer as n from private.quarantine
     where user_id = $4 and status = 'waiting')
  insert into private.quarantine
    (id, user_id, device_id, table_name, row_id, location_id, base, content, reason, grants)
  select e.id, e."userId", $1, e."table", e."rowId", e."locationId", e.base, e.content, e.reason,
         e.grants
    from rows from (jsonb_to_recordset($3::jsonb) as (
           id uuid, "userId" uuid, "table" text, "rowId" uuid, "locationId" uuid, base jsonb,
           content jsonb, reason text, grants jsonb)) with ordinality
         e (id, "userId", "table", "rowId", "locationId", base, content, reason, grants, nth)
   where e.nth <= $2 - (select n from waiting)
   order by e.nth
  on conflict (id) do nothing`;

const KEPT_SQL = `
  select id, user_id as "userId", device_id as "deviceId", table_name as "table",
    row_id as "rowId", location_id as "locationId", base, content, reason, grants, status,
    floor(extract(epoch from received_at) * 1000)::text as "receivedAt"
  from private.quarantine where id = any($1::uuid[]) for update`;
