import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '#shared/schema/define.ts';
import type { Role } from '#shared/schema/roles.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { createHlc } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Caller } from '../http/route.ts';
import type { AuditEntry, OpenPull, OpenPush, OpenSession, PushStore } from '../sync/ports.ts';
import {
  act,
  countLine,
  countSession,
  edited,
  item,
  itemLocation,
  line,
  record,
} from './rows.suite.ts';

/** A database behind the ports of the engine, with people in it. */
export interface PortsUnderTest {
  readonly openPush: OpenPush;
  readonly openPull: OpenPull;
  readonly openSession: OpenSession;
  readonly sites: { readonly AA: string; readonly WX: string };
  /** A person with roles, at one site or at all. */
  person(...grants: readonly (readonly [Role, string | null])[]): Promise<string>;
  endGrants(userId: string): Promise<void>;
  /** Rows of a table as they stand, with the number of the transaction that wrote them last. */
  stored(table: TableName): Promise<readonly { id: string; xid: string }[]>;
  close(): Promise<void>;
}

const START: readonly [string, string] = ['0', '00000000-0000-0000-0000-000000000000'];

/** Lets other connections come to their statements. */
const turn = (ms = 60): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * What the engine may expect of a database. Run for Postgres and for the model of it: a model that
 * behaves otherwise would prove something about nothing.
 */
export function portsSuite(name: string, open: () => Promise<PortsUnderTest>): void {
  describe(`the database behind the engine (${name})`, () => {
    let db: PortsUnderTest;
    let mia: Caller;
    let lea: Caller;

    const callerOf = async (userId: string): Promise<Caller> => {
      const caller = {
        userId,
        deviceId: newId(),
        claims: { sub: userId, role: 'authenticated' },
        expiresAt: Date.now() + 3_600_000,
      };
      await db.openSession(caller, (store) =>
        store.enrol({ id: caller.deviceId, name: 'Desk 1', kind: 'desktop' }),
      );
      return caller;
    };
    const write = (caller: Caller, table: TableName, ...rows: Row[]) =>
      db.openPush(caller, async (store) => {
        await store.insertAsPerson(table, rows);
        store.leave([], [entry(table, rows[0]?.id ?? '')], []);
      });
    const entry = (table: TableName, rowId: string): AuditEntry => ({
      action: 'insert',
      table_name: table,
      row_id: rowId,
      outcome: 'ok',
      location_id: null,
      field_names: [],
      occurred_at: null,
    });
    const readOf = async (caller: Caller, table: TableName, part: string, after = START) =>
      db.openPull(caller, (store) =>
        store.rows(table, [{ part, xid: after[0], id: after[1] }], 1_000),
      );
    const idsOf = async (caller: Caller, table: TableName, part: string): Promise<string[]> =>
      (await readOf(caller, table, part)).map(({ id }) => id);
    /** A push that has done its work and does not commit before it is told to. */
    const hold = async (caller: Caller, work: (store: PushStore) => Promise<void>) => {
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      let done: () => void = () => undefined;
      const worked = new Promise<void>((resolve) => {
        done = resolve;
      });
      const end = db.openPush(caller, async (store) => {
        try {
          await work(store);
        } finally {
          done();
        }
        await released;
      });
      end.catch(() => undefined);
      await worked;
      return { release, end };
    };
    const codeOf = async (work: Promise<unknown>): Promise<string> => {
      try {
        await work;
        return 'none';
      } catch (error) {
        const { code, name: kind } = error as Error & { code?: string };
        return code ?? kind;
      }
    };
    const constraintOf = async (work: Promise<unknown>): Promise<unknown> => {
      try {
        await work;
        return 'none';
      } catch (error) {
        return (error as { constraint?: unknown }).constraint;
      }
    };

    beforeAll(async () => {
      db = await open();
      mia = await callerOf(await db.person(['MG', null]));
      lea = await callerOf(await db.person(['LM', db.sites.AA]));
    });
    afterAll(() => db.close());

    test('a pull stops before a row whose transaction may still be overtaken', async () => {
      const [first, second] = [item(mia), item(mia)];
      const early = await hold(mia, (store) => store.insertAsPerson('inventory_items', [first]));
      await write(lea, 'stock_acts', act(lea, db.sites.AA, [line(newId())]));
      await write(mia, 'inventory_items', second);
      expect(await idsOf(mia, 'inventory_items', 'all')).not.toContain(second.id);
      early.release();
      await early.end;
      const rows = await readOf(mia, 'inventory_items', 'all');
      const places = rows.map(({ xid }) => BigInt(xid));
      expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining([first.id, second.id]));
      expect(places).toEqual(places.toSorted((a, b) => (a < b ? -1 : 1)));
    });

    test('a pull sees one moment, whatever is committed while it reads', async () => {
      const late = item(mia);
      const seen = await db.openPull(mia, async (store) => {
        await store.access();
        await write(mia, 'inventory_items', late);
        return store.rows('inventory_items', [{ part: 'all', xid: '0', id: START[1] }], 1_000);
      });
      expect(seen.map(({ id }) => id)).not.toContain(late.id);
      expect(await idsOf(mia, 'inventory_items', 'all')).toContain(late.id);
    });

    test('a pull goes on from its cursor, in its order, as far as it is allowed to', async () => {
      const rows = [item(mia), item(mia), item(mia)];
      for (const row of rows) await write(mia, 'inventory_items', row);
      const all = await readOf(mia, 'inventory_items', 'all');
      const from = all.at(-3);
      if (!from) throw new Error('no rows');
      const rest = await readOf(mia, 'inventory_items', 'all', [from.xid, from.id]);
      expect(rest.map(({ id }) => id)).toEqual(rows.slice(1).map(({ id }) => id));
      const news = await db.openPull(mia, (store) =>
        store.news([
          { table: 'inventory_items', parts: [{ part: 'all', xid: '0', id: START[1] }] },
          { table: 'inventory_items', parts: [{ part: 'all', xid: '999999999', id: START[1] }] },
        ]),
      );
      expect(news).toEqual([true, false]);
    });

    test('a part holds the rows of its place and no others', async () => {
      const fridge = item(mia);
      await write(mia, 'inventory_items', fridge);
      const here = itemLocation(mia, fridge.id, db.sites.AA);
      const there = itemLocation(mia, fridge.id, db.sites.WX);
      await write(mia, 'item_locations', here, there);
      expect(await idsOf(lea, 'item_locations', `loc:${db.sites.AA}`)).toContain(here.id);
      expect(await idsOf(lea, 'item_locations', `loc:${db.sites.AA}`)).not.toContain(there.id);
      // The second lock: a part that is not theirs gives nothing, whoever asks for it.
      expect(await idsOf(lea, 'item_locations', `loc:${db.sites.WX}`)).toEqual([]);
      expect(await idsOf(mia, 'item_locations', 'all')).toEqual(
        expect.arrayContaining([here.id, there.id]),
      );
    });

    test('a push sees what others committed since it began, and what it waited for', async () => {
      const row = item(mia);
      await write(mia, 'inventory_items', row);
      const other = await callerOf(mia.userId);
      const first = await hold(mia, async (store) => {
        await store.masters('inventory_items', [row.id]);
        const named = edited(row, mia, { name: 'first' });
        await store.updateAsPerson('inventory_items', [named]);
      });
      let seen: unknown;
      const second = db.openPush(other, async (store) => {
        const before = await store.records('inventory_items', [row.id]);
        const locked = await store.masters('inventory_items', [row.id]);
        seen = [before.get(row.id)?.row['name'], locked.get(row.id)?.row['name']];
      });
      await turn();
      expect(seen).toBeUndefined();
      first.release();
      await Promise.all([first.end, second]);
      expect(seen).toEqual([row['name'], 'first']);
    });

    test('two that wait for each other: one is ended with 40P01, the other goes on', async () => {
      const [a, b] = [item(mia), item(mia)];
      await write(mia, 'inventory_items', a, b);
      const other = await callerOf(mia.userId);
      const crosswise = async (caller: Caller, first: string, then: string): Promise<void> => {
        await db.openPush(caller, async (store) => {
          await store.masters('inventory_items', [first]);
          await turn();
          await store.masters('inventory_items', [then]);
        });
      };
      const codes = await Promise.all([
        codeOf(crosswise(mia, a.id, b.id)),
        codeOf(crosswise(other, b.id, a.id)),
      ]);
      expect(codes.toSorted()).toEqual(['40P01', 'none']);
    });

    test('the same id from two: the second waits, and learns that it is taken', async () => {
      const row = item(mia);
      const first = await hold(mia, (store) => store.insertAsPerson('inventory_items', [row]));
      const second = constraintOf(write(await callerOf(mia.userId), 'inventory_items', row));
      await turn();
      first.release();
      await first.end;
      expect(await second).toBe('inventory_items_pkey');
    });

    test('a key that is taken is named; one that was given back is free', async () => {
      const row = item(mia);
      const double = item(mia, { sku: row['sku'] });
      const broken = db.openPush(mia, async (store) => {
        await store.insertAsPerson('inventory_items', [row]);
        throw new Error('changed my mind');
      });
      await expect(broken).rejects.toThrow('changed my mind');
      await write(mia, 'inventory_items', double);
      expect(await constraintOf(write(mia, 'inventory_items', row))).toBe(
        'inventory_items_sku_key',
      );
      expect(await idsOf(mia, 'inventory_items', 'all')).not.toContain(row.id);
    });

    test('the engine passes over what is there already', async () => {
      const shelf = item(mia);
      await write(mia, 'inventory_items', shelf);
      const lot = record('inventory_lots', mia, {
        item_id: shelf.id,
        lot_no: 'L1',
        serial: '',
        recall_status: 'none',
      });
      const made = await db.openPush(lea, async (store) => {
        const first = await store.insertAsEngine('inventory_lots', [lot]);
        const again = await store.insertAsEngine('inventory_lots', [lot]);
        return [[...first], [...again]];
      });
      expect(made.result).toEqual([[lot.id], []]);
    });

    test('a row whose parent is not committed yet has none', async () => {
      const parent = item(mia);
      const child = itemLocation(lea, parent.id, db.sites.AA);
      const early = await hold(mia, (store) => store.insertAsPerson('inventory_items', [parent]));
      expect(await codeOf(write(lea, 'item_locations', child))).toBe('23503');
      early.release();
      await early.end;
      expect(await codeOf(write(lea, 'item_locations', child))).toBe('none');
      const both = item(mia);
      const together = db.openPush(mia, async (store) => {
        await Promise.all([
          store.insertAsPerson('inventory_items', [both]),
          store.insertAsPerson('item_locations', [itemLocation(mia, both.id, db.sites.WX)]),
        ]);
      });
      expect(await codeOf(together)).toBe('none');
    });

    test('a statement that fails ends all behind it, unless it was only tried', async () => {
      const [good, bad] = [item(mia), item(mia, { sku: '' })];
      const taken = item(mia);
      await write(mia, 'inventory_items', taken);
      const twice = { ...bad, sku: taken['sku'] } as Row;
      const sent = db.openPush(mia, async (store) => {
        await Promise.all([
          store.insertAsPerson('inventory_items', [twice]).catch(() => undefined),
          store.insertAsPerson('inventory_items', [good]),
        ]);
      });
      expect(await codeOf(sent)).toBe('25P02');
      const careful = await db.openPush(mia, async (store) => {
        const tried = codeOf(store.attempt(() => store.insertAsPerson('inventory_items', [twice])));
        expect(await tried).toBe('23505');
        await store.attempt(() => store.insertAsPerson('inventory_items', [good]));
        store.leave([], [entry('inventory_items', good.id)], []);
      });
      expect(careful.xid).toMatch(/^\d+$/);
      expect(await idsOf(mia, 'inventory_items', 'all')).toContain(good.id);
    });

    test('what a person may not write the database does not take', async () => {
      const shelf = item(mia);
      await write(mia, 'inventory_items', shelf);
      const elsewhere = itemLocation(lea, shelf.id, db.sites.WX);
      expect(await codeOf(write(lea, 'item_locations', elsewhere))).toBe('42501');
      const forged = itemLocation(mia, shelf.id, db.sites.AA);
      expect(await codeOf(write(lea, 'item_locations', forged))).toBe('42501');
      const theirs = itemLocation(mia, shelf.id, db.sites.WX);
      await write(mia, 'item_locations', theirs);
      const hidden = db.openPush(lea, (store) =>
        store.updateAsPerson('item_locations', [edited(theirs, lea, { bin: 'Z9' })]),
      );
      expect(await codeOf(hidden)).toBe('WriteSkipped');
    });

    test('rights that end during a push count no more in its next statement', async () => {
      const ben = await callerOf(await db.person(['LM', db.sites.AA]));
      const shelf = item(mia);
      await write(mia, 'inventory_items', shelf);
      const push = db.openPush(ben, async (store) => {
        expect((await store.access())?.grants).toHaveLength(1);
        await db.endGrants(ben.userId);
        await store.insertAsPerson('item_locations', [itemLocation(ben, shelf.id, db.sites.AA)]);
      });
      expect(await codeOf(push)).toBe('42501');
    });

    test('a state moves by the steps of its machine, by those who may', async () => {
      const count = countSession(lea, db.sites.AA);
      await write(lea, 'count_sessions', count);
      const step = (caller: Caller, status: string) =>
        codeOf(
          db.openPush(caller, (store) =>
            store.updateAsPerson('count_sessions', [edited(count, caller, { status })]),
          ),
        );
      expect(await step(lea, 'posted')).toBe('GN002');
      expect(await step(lea, 'submitted')).toBe('none');
      expect(await step(lea, 'in_review')).toBe('GN002');
      const engine = db.openPush(lea, (store) =>
        store.stepAsEngine('count_sessions', 'status', [
          edited(count, lea, { status: 'in_review' }),
        ]),
      );
      expect(await codeOf(engine)).toBe('none');
      expect(await step(lea, 'posted')).toBe('GN003');
      expect(await step(mia, 'posted')).toBe('none');
      const shelf = item(mia);
      await write(mia, 'inventory_items', shelf);
      const late = countLine(lea, count, shelf.id, 30_000);
      expect(await codeOf(write(lea, 'count_lines', late))).toBe('GN004');
    });

    test('who wrote a field last is known; of the engine’s own steps it is nobody', async () => {
      const count = countSession(lea, db.sites.AA);
      await write(lea, 'count_sessions', count);
      const byOf = async (): Promise<unknown> =>
        (await db.openPush(mia, (store) => store.records('count_sessions', [count.id]))).result.get(
          count.id,
        )?.fieldBy;
      const first = (await byOf()) as Record<string, string>;
      expect(new Set(Object.values(first))).toEqual(new Set([lea.userId]));
      await db.openPush(mia, (store) =>
        store.updateAsPerson('count_sessions', [
          edited(count, mia, { note: 'again', status: 'submitted' }),
        ]),
      );
      expect(await byOf()).toEqual({ ...first, note: mia.userId, status: mia.userId });
      const closed = edited(count, mia, { note: 'again', status: 'posted' });
      await db.openPush(mia, (store) => store.stepAsEngine('count_sessions', 'status', [closed]));
      const { status: _nobody, ...others } = first;
      expect(await byOf()).toEqual({ ...others, note: mia.userId });
    });

    test('a write that changes nothing keeps its place in the feed', async () => {
      const row = item(mia);
      await write(mia, 'inventory_items', row);
      const placeOf = async (): Promise<string | undefined> =>
        (await db.stored('inventory_items')).find(({ id }) => id === row.id)?.xid;
      const before = await placeOf();
      await db.openPush(mia, (store) => store.updateAsPerson('inventory_items', [row]));
      expect(await placeOf()).toBe(before);
      await db.openPush(mia, (store) =>
        store.updateAsPerson('inventory_items', [edited(row, mia, { name: 'other' })]),
      );
      expect(BigInt((await placeOf()) ?? 0)).toBeGreaterThan(BigInt(before ?? 0));
    });

    test('what a device pushed is remembered for that device, once it is committed', async () => {
      const row = item(mia);
      const key = { table: 'inventory_items', id: row.id } as const;
      const stamp = createHlc({ clock: { now: Date.now }, node: '0'.repeat(12) }).next();
      const memory = { base: null, pushed: { user: mia.userId, stamps: { name: stamp } } };
      await db.openPush(mia, async (store) => {
        store.leave([{ ...key, ...memory }], [], []);
      });
      const recalled = (caller: Caller) => db.openPush(caller, (store) => store.recall([key]));
      expect([...(await recalled(mia)).result.values()]).toEqual([memory]);
      expect((await recalled(await callerOf(mia.userId))).result.size).toBe(0);
    });

    test('keys of claims: who comes second waits for the first, in whatever order they are named', async () => {
      const [a, b] = [`slots/${newId()}`, `kiosk/${newId()}`];
      const order: string[] = [];
      const claim = (caller: Caller, keys: string[], name: string) =>
        db.openPush(caller, async (store) => {
          await store.lockKeys(keys);
          order.push(name);
          await turn();
          order.push(`${name} ends`);
        });
      await Promise.all([claim(mia, [a, b], 'first'), claim(lea, [b, a, a], 'second')]);
      const [one = '', oneEnds, two = '', twoEnds] = order;
      expect([oneEnds, twoEnds]).toEqual([`${one} ends`, `${two} ends`]);
    });

    test('finds the rows that answer a question, and writes what the engine changes of them', async () => {
      const shelf = item(mia);
      await write(mia, 'inventory_items', shelf);
      const count = countSession(lea, db.sites.AA);
      await write(lea, 'count_sessions', count);
      await write(lea, 'count_lines', countLine(lea, count, shelf.id, 30_000));
      const { result } = await db.openPush(lea, async (store) => {
        const find = (status: string) =>
          store.find('count_sessions', { fields: { id: [count.id, newId()], status: [status] } });
        const there = await find('open');
        await store.changeAsEngine('count_sessions', ['status'], there);
        return { there, gone: await find('posted') };
      });
      expect(result.there.map(({ id }) => id)).toEqual([count.id]);
      expect(result.gone).toEqual([]);
      const lines = await db.openPush(lea, (store) =>
        store.find('count_lines', {
          fields: { session_id: [count.id] },
          between: { field: 'counted_at', from: 0, to: Date.now() + 60_000 },
        }),
      );
      expect(lines.result).toHaveLength(1);
    });

    test('the audit is one chain a device: two pushes append one after the other', async () => {
      const rows = [1, 2, 3].map(() => item(mia));
      await Promise.all(rows.map((row) => write(mia, 'inventory_items', row)));
      const chain = await db.stored('audit_logs');
      expect(chain.length).toBeGreaterThanOrEqual(4);
      expect(new Set(chain.map(({ id }) => id)).size).toBe(chain.length);
    });

    test('numbers of facts that are taken, counters and lines of counts', async () => {
      const shelf = item(mia);
      await write(mia, 'inventory_items', shelf);
      const received = { ...act(lea, db.sites.AA, [line(newId())]), origin_seq: 7 } as Row;
      await write(lea, 'stock_acts', received);
      const again = { ...act(lea, db.sites.AA, [line(newId())]), origin_seq: 7 } as Row;
      expect(await constraintOf(write(lea, 'stock_acts', again))).toBe('stock_acts_origin_key');
      const count = countSession(lea, db.sites.AA);
      await write(lea, 'count_sessions', count);
      const counted = countLine(lea, count, shelf.id, 30_000);
      await write(lea, 'count_lines', counted);
      const { result } = await db.openPush(lea, async (store) => ({
        taken: await store.takenNumbers('stock_acts', [again]),
        own: await store.takenNumbers('stock_acts', [received]),
        counters: await store.counters([count.id]),
        totals: await store.lineTotals([count.id]),
        lines: await store.countedLines([count.id]),
      }));
      expect([[...result.taken], [...result.own]]).toEqual([[7], []]);
      expect(result.counters.get(count.id)).toEqual(new Set([lea.userId]));
      expect(result.totals.get(count.id)).toBe(1);
      expect(result.lines).toMatchObject([
        { lineId: counted.id, counted: 30_000, expected: 0, unitCostCents: null },
      ]);
    });

    test('a device is made known once, whoever else brings it', async () => {
      const device = { id: newId(), name: 'Desk 2', kind: 'desktop' } as const;
      const statusOf = () => db.openSession(mia, (store) => store.access(device.id));
      expect((await statusOf())?.deviceStatus).toBeNull();
      await Promise.all([
        db.openSession(mia, (store) => store.enrol(device)),
        db.openSession(lea, (store) => store.enrol(device)),
      ]);
      expect((await statusOf())?.deviceStatus).toBe('active');
      expect((await db.stored('devices')).filter(({ id }) => id === device.id)).toHaveLength(1);
    });
  });
}
