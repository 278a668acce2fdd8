/**
 * A program of somebody else: it knows RxDB and the published package, and nothing of this project.
 * Run as `node program.ts <step> <directory> [key]`, it prints one line of JSON.
 */
import { addRxPlugin, createRxDatabase } from 'rxdb';
import type { RxCollection, RxStorage } from 'rxdb';
import { RxDBMigrationSchemaPlugin } from 'rxdb/plugins/migration-schema';

interface Published {
  getRxStorageSqlite(options: { directory: string; key?: string }): RxStorage<unknown, never>;
}

addRxPlugin(RxDBMigrationSchemaPlugin);

const [, , step = '', directory = '', key] = process.argv;
// The package is installed beside the program, and unknown where the program is checked.
const name = 'rxdb-storage-sqlcipher';
const { getRxStorageSqlite } = (await import(name)) as Published;

const SCHEMA = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 20 },
    city: { type: 'string', maxLength: 20 },
    size: { type: 'number' },
  },
  required: ['id', 'city'],
  indexes: ['city'],
};

async function openHouses(version = 0): Promise<RxCollection> {
  const storage = getRxStorageSqlite({ directory, ...(key === undefined ? {} : { key }) });
  const database = await createRxDatabase({ name: 'Houses & more', storage });
  const upper = (old: { city: string }) => ({ ...old, city: old.city.toUpperCase() });
  const { houses } = await database.addCollections({
    houses: {
      schema: { ...SCHEMA, version } as never,
      ...(version === 0 ? {} : { migrationStrategies: { 1: upper } }),
    },
  });
  if (!houses) throw new Error('no collection');
  return houses;
}

const idsIn = async (houses: RxCollection, city: string): Promise<string[]> => {
  const found = await houses.find({ selector: { city }, sort: [{ id: 'asc' }] }).exec();
  return found.map((one) => one.primary as string);
};

async function write(): Promise<unknown> {
  const houses = await openHouses();
  const shown: number[] = [];
  houses.find({ selector: { city: 'Ann' } }).$.subscribe((found) => shown.push(found.length));
  const rows = Array.from({ length: 30 }, (_, at) => ({
    id: `h${String(at).padStart(2, '0')}`,
    city: at % 10 === 0 ? 'Ann' : 'Bay',
  }));
  await houses.bulkInsert(rows);
  while (shown.at(-1) !== 3) await new Promise((resolve) => setTimeout(resolve, 5));
  await (await houses.findOne('h10').exec(true)).remove();
  while (shown.at(-1) !== 2) await new Promise((resolve) => setTimeout(resolve, 5));
  const count = await houses.count().exec();
  await houses.database.close();
  return { shown: shown.at(-1), count };
}

async function read(version: number, city: string): Promise<unknown> {
  const houses = await openHouses(version);
  const ids = await idsIn(houses, city);
  const count = await houses.count().exec();
  await houses.database.close();
  return { ids, count };
}

async function hold(): Promise<unknown> {
  await openHouses();
  process.stdin.resume();
  return { held: true };
}

async function remove(): Promise<unknown> {
  const houses = await openHouses(1);
  await houses.database.remove();
  return { removed: true };
}

async function run(): Promise<unknown> {
  switch (step) {
    case 'write':
      return write();
    case 'read':
      return read(0, 'Ann');
    case 'migrate':
      return read(1, 'ANN');
    case 'hold':
      return hold();
    case 'remove':
      return remove();
    default:
      throw new Error('no such step');
  }
}

function say(answer: unknown): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

try {
  say(await run());
} catch (error) {
  say({ code: (error as { code?: unknown }).code, message: (error as Error).message });
}
