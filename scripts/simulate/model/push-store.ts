import { sameContent } from '#shared/kernel/json.ts';
import { changeableFields } from '#shared/merge/join.ts';
import type { KeptState } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { WriteSkipped, rowKey } from '#server/sync/ports.ts';
import type {
  AuditEntry,
  Master,
  Memory,
  MemoryKey,
  OpenPush,
  PushStore,
  QuarantineEntry,
} from '#server/sync/ports.ts';
import type { Effect } from '#server/sync/effects/effects.ts';
import type { Caller } from '#server/http/route.ts';
import { appendAudit } from './audit-chain.ts';
import {
  countedLines,
  countersOf,
  lastOrderNumber,
  lineTotals,
  onHand,
  sameItems,
} from './counting.ts';
import type { ModelDatabase } from './database.ts';
import { accessOf } from './rights.ts';
import { ignore } from './transaction.ts';
import type { Opened, Transaction } from './transaction.ts';
import { checkReferences, insertRow, policiesOf, updateRow } from './write-rows.ts';

/** Pushes over the model: one transaction each, in the name of the caller. */
export function modelPush(db: ModelDatabase, opened: Opened = ignore): OpenPush {
  return async (caller, work) => {
    const tx = db.begin(caller.userId);
    opened(tx);
    try {
      const last: Promise<unknown>[] = [];
      let xid: string | null = null;
      const store = createPushStore(tx, caller, last, () => {
        xid = tx.xid === null ? null : String(tx.xid);
      });
      const result = await work(store);
      await Promise.all(last);
      await tx.commit();
      return { result, xid };
    } catch (error) {
      await tx.rollback();
      throw error;
    }
  };
}

function createPushStore(
  tx: Transaction,
  caller: Caller,
  last: Promise<unknown>[],
  onAudited: () => void,
): PushStore {
  const inOrder = (rows: readonly Row[]): Row[] =>
    rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((row) => structuredClone(row));
  const found = <T>(ids: readonly string[], of: (id: string) => T | null): Map<string, T> =>
    new Map(
      ids.flatMap((id) => {
        const value = of(id);
        return value === null ? [] : [[id, value] as const];
      }),
    );
  const lock = (table: TableName, ids: readonly string[]): Promise<void> =>
    tx.statement(async () => {
      const policies = policiesOf(tx);
      for (const id of [...ids].toSorted()) {
        const stored = tx.read(table, id);
        if (stored && policies.mayChange(table, stored.row)) {
          await tx.lock(`row:${table}/${id}`, 'update');
        }
      }
    });
  const records = (table: TableName, ids: readonly string[]): Promise<Map<string, Master>> =>
    tx.statement(() =>
      found(ids, (id) => {
        const stored = tx.read(table, id);
        if (!stored || stored.isDeleted) return null;
        return { row: structuredClone(stored.row), fieldBy: { ...stored.fieldBy } };
      }),
    );
  const insert = async (
    table: TableName,
    rows: readonly Row[],
    role: 'person' | 'engine',
    skipKnown: boolean,
  ): Promise<string[]> => {
    const made: string[] = [];
    for (const row of inOrder(rows)) {
      if (await insertRow(tx, table, row, role, skipKnown)) made.push(row.id);
    }
    await checkReferences(
      tx,
      table,
      rows.filter(({ id }) => made.includes(id)),
    );
    return made;
  };

  const store: PushStore = {
    access: () =>
      tx.statement(() => accessOf(tx, caller.userId, caller.deviceId, tx.now, tx.db.epoch)),
    lockKeys: (keys) =>
      tx.statement(async () => {
        for (const key of [...new Set(keys)].toSorted()) await tx.lock(`claim:${key}`, 'update');
      }),
    lock,
    records,
    masters: async (table, ids) => (await Promise.all([lock(table, ids), records(table, ids)]))[1],
    async rows(table, ids) {
      if (ids.length === 0) return new Map();
      return tx.statement(() =>
        found(ids, (id) => {
          const stored = tx.read(table, id);
          return stored && !stored.isDeleted ? structuredClone(stored.row) : null;
        }),
      );
    },
    find: (table, { fields, between }) =>
      tx.statement(() =>
        inOrder(
          tx
            .all(table)
            .filter(({ isDeleted }) => !isDeleted)
            .map(({ row }) => row)
            .filter(
              (row) =>
                Object.entries(fields).every(([name, wanted]) =>
                  wanted.some((value) => value === row[name]),
                ) &&
                (!between ||
                  (Number(row[between.field]) >= between.from &&
                    Number(row[between.field]) < between.to)),
            ),
        ),
      ),
    gone: (table, ids) =>
      tx.statement(() => new Set(ids.filter((id) => tx.read(table, id)?.isDeleted === true))),
    async takenNumbers(table, facts) {
      const numbers = new Set(
        facts.flatMap(({ origin_seq: seq }) => (typeof seq === 'number' ? [seq] : [])),
      );
      const device = facts[0]?.device_id ?? null;
      const own = new Set(facts.map(({ id }) => id));
      if (numbers.size === 0) return new Set();
      return tx.statement(
        () =>
          new Set(
            tx
              .all(table)
              .filter(({ row }) => row.device_id === device && !own.has(row.id))
              .flatMap(({ row }) =>
                numbers.has(row.origin_seq ?? -1) ? [Number(row.origin_seq)] : [],
              ),
          ),
      );
    },
    insertAsPerson: (table, rows) =>
      tx.statement(async () => {
        await insert(table, rows, 'person', false);
      }),
    updateAsPerson: async (table, rows) => {
      const fields = changeableFields(table);
      await tx
        .statement(async () => {
          let written = 0;
          for (const row of inOrder(rows)) {
            if (await updateRow(tx, table, row, fields, { role: 'person' })) written += 1;
          }
          await checkReferences(tx, table, rows);
          return written;
        })
        .then((written) => {
          if (written !== rows.length) throw new WriteSkipped();
        });
    },
    async insertAsEngine(table, rows) {
      if (rows.length === 0) return new Set();
      return new Set(await tx.statement(() => insert(table, rows, 'engine', true)));
    },
    async stepAsEngine(table, field, rows) {
      if (tableOf(table).machine?.field !== field) {
        throw new Error(`${table} has no state ${field}`);
      }
      const written = await tx.statement(async () => {
        let count = 0;
        for (const row of inOrder(rows)) {
          const options = { role: 'engine', unsigned: field } as const;
          if (await updateRow(tx, table, row, [field], options)) count += 1;
        }
        return count;
      });
      if (written !== rows.length) throw new WriteSkipped();
    },
    async changeAsEngine(table, fields, rows) {
      const state = tableOf(table).machine?.field;
      const options = {
        role: 'engine',
        ...(state !== undefined && fields.includes(state) ? { unsigned: state } : {}),
      } as const;
      const written = await tx.statement(async () => {
        let count = 0;
        for (const row of inOrder(rows)) {
          if (await updateRow(tx, table, row, fields, options)) count += 1;
        }
        return count;
      });
      if (written !== rows.length) throw new WriteSkipped();
    },
    counters: (ids) => tx.statement(() => countersOf(tx, ids)),
    lineTotals: (ids) => tx.statement(() => lineTotals(tx, ids)),
    countedLines: (ids) => tx.statement(() => countedLines(tx, ids)),
    lastOrderNumber: (year) => tx.statement(() => lastOrderNumber(tx, year)),
    onHand: (shelves) => tx.statement(() => onHand(tx, shelves)),
    sameItems: (ids) => tx.statement(() => sameItems(tx, ids)),
    async recall(keys) {
      if (keys.length === 0) return new Map();
      return tx.statement(
        () =>
          new Map(
            keys.flatMap(({ table, id }) => {
              const stored = tx.read('push_memory', memoryId(caller.deviceId, { table, id }));
              if (!stored) return [];
              const { base, pushed } = stored.row as unknown as Memory;
              return [[rowKey(table, id), structuredClone({ base, pushed })] as const];
            }),
          ),
      );
    },
    leave(memories, entries, effects) {
      if (effects.length > 0) last.push(tx.statement(() => setOff(tx, effects)));
      if (memories.length > 0) last.push(tx.statement(() => remember(tx, caller, memories)));
      if (entries.length > 0) {
        last.push(
          tx.statement(async () => {
            await appendAudit(tx, caller.deviceId, entries as readonly AuditEntry[]);
            onAudited();
          }),
        );
      }
      for (const statement of last) statement.catch(() => undefined);
    },
    async quarantine(entries, most) {
      return tx.statement(() => {
        let waiting = tx
          .all('quarantine')
          .filter(
            ({ row }) => row.created_by === caller.userId && row['status'] === 'waiting',
          ).length;
        const kept = new Map<string, KeptState>();
        for (const entry of entries) {
          const known = tx.read('quarantine', entry.id);
          if (!known) {
            if (waiting >= most) continue;
            waiting += 1;
            keep(tx, entry);
          }
          kept.set(
            entry.id,
            (known?.row['entry'] as QuarantineEntry | undefined)?.status ?? 'waiting',
          );
        }
        return kept;
      });
    },
    quarantined: (ids) =>
      tx.statement(() =>
        found(ids, (id) => {
          const stored = tx.read('quarantine', id);
          return stored ? (structuredClone(stored.row['entry']) as QuarantineEntry) : null;
        }),
      ),
    async settleQuarantined(id, status) {
      await tx.statement(() => {
        const stored = tx.read('quarantine', id);
        if (stored?.row['status'] !== 'waiting') return;
        keep(tx, { ...(stored.row['entry'] as QuarantineEntry), status });
      });
    },
    // Past the policies, as the engine writes.
    releasing: () => ({
      ...store,
      insertAsPerson: (table, rows) =>
        tx.statement(async () => {
          await insert(table, rows, 'engine', false);
        }),
      updateAsPerson: (table, rows) => store.changeAsEngine(table, changeableFields(table), rows),
    }),
    attempt: (work) => tx.attempt(work),
  };
  return store;
}

function keep(tx: Transaction, entry: QuarantineEntry): void {
  const row: Row = {
    id: entry.id,
    created_at: entry.receivedAt,
    created_by: entry.userId,
    device_id: entry.deviceId,
    status: entry.status,
    entry,
  };
  tx.write('quarantine', { row: Object.freeze(row), fieldBy: {}, isDeleted: false });
}

function setOff(tx: Transaction, effects: readonly Effect[]): void {
  for (const effect of effects) {
    if (tx.read('outbox', effect.id)) continue;
    const row: Row = { ...effect, created_at: tx.now, created_by: null, device_id: null };
    tx.write('outbox', { row: Object.freeze(row), fieldBy: {}, isDeleted: false });
  }
}

/** Id of what is remembered of a device's pushes of a row. */
export const memoryId = (deviceId: string, { table, id }: MemoryKey): string =>
  `${deviceId}/${table}/${id}`;

async function remember(
  tx: Transaction,
  caller: Caller,
  memories: readonly (MemoryKey & Memory)[],
): Promise<void> {
  const sorted = memories.toSorted((a, b) =>
    rowKey(a.table, a.id) < rowKey(b.table, b.id) ? -1 : 1,
  );
  for (const memory of sorted) {
    const id = memoryId(caller.deviceId, memory);
    await tx.lock(`memory:${id}`, 'update');
    const row: Row = {
      id,
      created_at: 0,
      created_by: null,
      device_id: caller.deviceId,
      base: memory.base,
      pushed: memory.pushed,
    };
    const known = tx.read('push_memory', id);
    if (known && sameContent(known.row, row)) continue;
    tx.write('push_memory', { row: Object.freeze(row), fieldBy: {}, isDeleted: false });
  }
}
