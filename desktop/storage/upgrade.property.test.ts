import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '#shared/kernel/json.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import type { Row } from '#shared/schema/define.ts';
import { TEST_KEY, insertAll, note, temporaryFolder } from './fixtures.suite.ts';
import { openDatabase } from './open-database.ts';
import type { EncryptedDatabase } from './open-database.ts';
import { getRxStorageSqlite } from './rx-storage-sqlite.ts';
import { definitionsOf, metaRow, openTable } from './upgrade.suite.ts';
import type { FieldKinds, Version } from './upgrade.suite.ts';

/** More with `UPGRADE_RUNS=500`, for a change of the upgrade itself. */
const RUNS = Number(process.env['UPGRADE_RUNS'] ?? 40);
const TABLES = ['people', 'things'] as const;
const ORIGIN_CONTEXTS = ['window-1', 'replication-downstream-x', 'store-derived'] as const;

const FIRST: Version = { fields: { a: 'text', b: 'int', c: 'nullable' } };

/** One change of a definition; `pick` chooses the field it is about. */
interface Step {
  readonly do: 'add nullable' | 'add filled' | 'rename' | 'drop' | 'double' | 'pack' | 'index';
  readonly pick: number;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom(
    'add nullable' as const,
    'add filled' as const,
    'rename' as const,
    'drop' as const,
    'double' as const,
    'pack' as const,
    'index' as const,
  ),
  pick: fc.nat(50),
});

/** The version after a step. Doing an upgrade twice or leaving one out gives other rows. */
function after(before: Version, { do: what, pick }: Step, at: number): Version {
  const { fields } = before;
  const ofKind = (...kinds: string[]): string | undefined => {
    const fitting = Object.keys(fields).filter((name) => kinds.includes(fields[name] ?? ''));
    return fitting[pick % (fitting.length || 1)];
  };
  const added = `f${at}`;
  const without = (name: string): FieldKinds =>
    Object.fromEntries(Object.entries(fields).filter(([one]) => one !== name));
  const moved = (row: Row, from: string, to: string, make = (value: unknown) => value): Row => {
    const { [from]: value, ...others } = row;
    return { ...others, [to]: make(value) } as Row;
  };
  const number = ofKind('int');
  const words = ofKind('text');
  const any = ofKind('text', 'int', 'nullable', 'json');
  switch (what) {
    case 'add filled':
      return {
        fields: { ...fields, [added]: 'int' },
        upgrade: (row) => ({ ...row, [added]: canonicalJson(row).length }),
      };
    case 'rename':
      if (any === undefined) break;
      return {
        fields: { ...without(any), [added]: fields[any] ?? 'json' },
        upgrade: (row) => moved(row, any, added, (value) => value ?? null),
      };
    case 'drop':
      if (any === undefined) break;
      return {
        fields: without(any),
        upgrade: ({ [any]: _gone, ...row }) => row as Row,
      };
    case 'double':
      if (number === undefined) break;
      return { fields, upgrade: (row) => ({ ...row, [number]: Number(row[number]) * 2 + 1 }) };
    case 'pack':
      if (words === undefined) break;
      return {
        fields: { ...without(words), [added]: 'json' },
        upgrade: (row) => moved(row, words, added, (value) => ({ was: value })),
      };
    case 'index':
      return { fields, indexes: number === undefined ? [] : [number] };
    case 'add nullable':
  }
  return { fields: { ...fields, [added]: 'nullable' } };
}

const anyChain = fc
  .array(anyStep, { minLength: 1, maxLength: 6 })
  .map((steps) =>
    steps.reduce<Version[]>(
      (versions, step, at) => [...versions, after(versions.at(-1) ?? FIRST, step, at + 2)],
      [FIRST],
    ),
  );

const anyRow = fc.record({
  a: fc.string({ unit: 'grapheme', maxLength: 12 }),
  b: fc.nat(1_000),
  c: fc.option(fc.string({ maxLength: 5 }), { nil: undefined }),
  context: fc.constantFrom(...ORIGIN_CONTEXTS),
  isDeleted: fc.boolean(),
  hasMeta: fc.boolean(),
});
type AnyRow = typeof anyRow extends fc.Arbitrary<infer R> ? R : never;

interface World {
  readonly folder: string;
  readonly rows: readonly AnyRow[];
}

const fileIn = (folder: string): string => join(folder, 'store.db');
const idOf = (n: number): string => `id${n}`;

async function openAll(database: EncryptedDatabase, versions: readonly Version[]) {
  const definitions = definitionsOf(Object.fromEntries(TABLES.map((name) => [name, versions])));
  const storage = getRxStorageSqlite({ database, log: silentLogger, definitions });
  const tables = [];
  for (const name of TABLES) tables.push(await openTable(storage, name, versions));
  return tables;
}

const openFile = (folder: string): EncryptedDatabase =>
  openDatabase({ file: fileIn(folder), key: TEST_KEY, log: silentLogger });

/** Writes the rows as the first version has them, into all tables. */
async function fill({ folder, rows }: World): Promise<void> {
  const database = openFile(folder);
  for (const { rows: fork, meta } of await openAll(database, [FIRST])) {
    for (const [n, row] of rows.entries()) {
      const { a, b, c, context, isDeleted, hasMeta } = row;
      const own = { id: idOf(n), a, b, ...(c === undefined ? {} : { c }) };
      const others = { cat: undefined, n: undefined, active: undefined };
      await insertAll(fork, [note({ ...own, ...others, _deleted: isDeleted })], context);
      if (hasMeta) await insertAll(meta, [metaRow({ ...own, b: b + 1, _deleted: isDeleted })]);
    }
  }
  database.close();
}

/** What a row must have become, worked out without the storage. */
function expected(own: Row, versions: readonly Version[]): string {
  let row = own;
  for (const { upgrade } of versions.slice(1)) row = upgrade?.(row) ?? row;
  return canonicalJson(row);
}

/** Checks a file in which every table is of one of the given versions. @returns their numbers */
function check(database: EncryptedDatabase, { rows }: World, versions: readonly Version[]) {
  expect(database.read('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  return TABLES.flatMap((table) =>
    [table, `rx-meta-${table}`].map((collection) => {
      const [entry] = database.read<{ definition: number; last_seq: number }>(
        'select definition, last_seq from ganger_tables where name = ?',
        [collection],
      );
      const chain = versions.slice(0, entry?.definition);
      const stored = database.read<Record<string, string | number | null>>(
        `select * from "${collection}" order by seq`,
      );
      const isMeta = collection !== table;
      const wanted = [...rows.entries()].filter(([, { hasMeta }]) => hasMeta || !isMeta);
      expect(stored.length).toBe(wanted.length);
      expect(entry?.last_seq).toBe(wanted.length);
      for (const [at, [n, { a, b, c, context, isDeleted }]] of wanted.entries()) {
        const { doc, seq, origin, rev, deleted, ...columns } = stored[at] ?? {};
        const document = JSON.parse(String(doc)) as Record<string, Record<string, unknown>>;
        const state = isMeta ? (document['docData'] ?? {}) : document;
        const { _deleted, _rev, _meta, _attachments, ...own } = state;
        const old = { id: idOf(n), a, b: isMeta ? b + 1 : b, c } as unknown as Row;
        expect(canonicalJson(own)).toBe(isDeleted ? canonicalJson(old) : expected(old, chain));
        expect({ seq, _deleted, deleted }).toEqual({
          seq: at + 1,
          _deleted: isDeleted,
          deleted: isDeleted && !isMeta ? 1 : 0,
        });
        if (isMeta) continue;
        const byContext = { 'window-1': 'local', 'store-derived': 'derived' } as const;
        const origins: Readonly<Record<string, string>> = byContext;
        expect([origin, rev]).toEqual([origins[context] ?? 'server', '1-test']);
        for (const [name, kind] of Object.entries(chain.at(-1)?.fields ?? {})) {
          if (kind === 'json') expect(columns).not.toHaveProperty(name);
          else expect(columns[name] ?? null).toBe(own[name] ?? null);
          if (kind === 'nullable' && !isDeleted && chain.length > 1) {
            expect(own).toHaveProperty(name);
          }
        }
      }
      return entry?.definition ?? 0;
    }),
  );
}

const newFolder = (root: string, name: string): string => {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  return folder;
};

test('any chain of upgrades over any rows gives what the steps say, at once or one by one', async () => {
  const root = temporaryFolder();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(anyChain, fc.array(anyRow, { maxLength: 12 }), async (versions, rows) => {
      run += 1;
      for (const way of ['at once', 'one by one']) {
        const world = { folder: newFolder(root, `${run} ${way}`), rows };
        await fill(world);
        const from = way === 'at once' ? versions.length : 1;
        for (let to = from; to <= versions.length; to += 1) {
          const database = openFile(world.folder);
          await openAll(database, versions.slice(0, to));
          const numbers = check(database, world, versions.slice(0, to));
          expect(new Set(numbers)).toEqual(new Set([to]));
          database.close();
        }
      }
    }),
    { numRuns: RUNS },
  );
}, 120_000);

/** A database that calls `tick` before and after everything that reaches the file. */
function watched(database: EncryptedDatabase, tick: () => void): EncryptedDatabase {
  const around =
    <A extends unknown[], R>(fn: (...args: A) => R) =>
    (...args: A): R => {
      tick();
      const result = fn(...args);
      tick();
      return result;
    };
  return new Proxy(database, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (key === 'prepare') {
        return (...args: Parameters<EncryptedDatabase['prepare']>) => {
          const statement = target.prepare(...args);
          const run = around((...params: Parameters<typeof statement.run>) =>
            statement.run(...params),
          );
          const { get, all, iterate } = statement;
          return {
            run,
            get: get.bind(statement),
            all: all.bind(statement),
            iterate: iterate.bind(statement),
          };
        };
      }
      if (key === 'transaction') {
        return <T>(fn: () => T): T => around(() => target.transaction(around(fn)))();
      }
      if (key === 'read' || key === 'run' || key === 'exec') {
        return around((value as (...args: unknown[]) => unknown).bind(target));
      }
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

class Killed extends Error {}

test('killed at any statement, every table is as it was or as it should be, and the next opening ends it', async () => {
  const root = temporaryFolder();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      anyChain,
      fc.array(anyRow, { minLength: 1, maxLength: 8 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (versions, rows, where) => {
        run += 1;
        const old = { folder: newFolder(root, `${run} old`), rows };
        await fill(old);
        const copyOf = (from: string, name: string): string => {
          const folder = newFolder(root, `${run} ${name}`);
          for (const part of ['', '-wal']) {
            const file = fileIn(from) + part;
            if (existsSync(file)) copyFileSync(file, fileIn(folder) + part);
          }
          return folder;
        };
        // How many statements there are; then the same until one of them.
        let statements = 0;
        const whole = openFile(copyOf(old.folder, 'whole'));
        await openAll(
          watched(whole, () => (statements += 1)),
          versions,
        );
        whole.close();
        const last = Math.floor(where * statements);
        const thrown = copyOf(old.folder, 'thrown');
        const database = openFile(thrown);
        let cut = '';
        let count = 0;
        const upgrade = openAll(
          watched(database, () => {
            count += 1;
            if (count <= last || cut !== '') return;
            // What a power cut would leave of the file, in the middle of it all.
            cut = copyOf(thrown, 'cut');
            throw new Killed();
          }),
          versions,
        );
        if (last < statements) await expect(upgrade).rejects.toThrow(Killed);
        else await upgrade;
        database.close();

        for (const folder of cut === '' ? [thrown] : [thrown, cut]) {
          const world = { folder, rows };
          const found = openFile(folder);
          const [columns] = found.read<{ n: number }>(
            "select count(*) as n from pragma_table_info('ganger_tables') where name = 'definition'",
          );
          expect(columns?.n).toBe(1);
          const numbers = check(found, world, versions);
          for (const number of numbers) expect([1, versions.length]).toContain(number);
          await openAll(found, versions);
          expect(new Set(check(found, world, versions))).toEqual(new Set([versions.length]));
          found.close();
        }
      },
    ),
    { numRuns: RUNS },
  );
}, 120_000);
