import {
  addRxPlugin,
  createRxDatabase,
  defaultConflictHandler,
  removeRxDatabase,
  rxStorageInstanceToReplicationHandler,
} from 'rxdb/plugins/core';
import type { RxCollection, RxDatabase, RxStorage } from 'rxdb/plugins/core';
import { RxDBCleanupPlugin } from 'rxdb/plugins/cleanup';
import { RxDBDevModePlugin, disableWarnings } from 'rxdb/plugins/dev-mode';
import { wrappedKeyEncryptionCryptoJsStorage } from 'rxdb/plugins/encryption-crypto-js';
import { wrappedKeyCompressionStorage } from 'rxdb/plugins/key-compression';
import { RxDBLocalDocumentsPlugin } from 'rxdb/plugins/local-documents';
import { RxDBMigrationSchemaPlugin } from 'rxdb/plugins/migration-schema';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { RxDBUpdatePlugin } from 'rxdb/plugins/update';
import { wrappedValidateAjvStorage } from 'rxdb/plugins/validate-ajv';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AnyStorage, TestedStorage } from './storages.suite.ts';

disableWarnings();
addRxPlugin(RxDBDevModePlugin);
addRxPlugin(RxDBLocalDocumentsPlugin);
addRxPlugin(RxDBMigrationSchemaPlugin);
addRxPlugin(RxDBUpdatePlugin);
addRxPlugin(RxDBCleanupPlugin);

const PERSON = {
  title: 'people',
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 30 },
    name: { type: 'string', maxLength: 40 },
    age: { type: 'integer', minimum: 0, maximum: 150, multipleOf: 1 },
    address: {
      type: 'object',
      properties: { city: { type: 'string', maxLength: 30 } },
      required: ['city'],
    },
    tags: { type: 'array', items: { type: 'string' } },
  },
  required: ['id', 'name', 'age', 'address'],
  indexes: ['age', 'address.city', ['address.city', 'age']],
} as const;

interface Person {
  readonly id: string;
  readonly name: string;
  readonly age: number;
  readonly address: { readonly city: string };
  readonly tags?: readonly string[];
}

type People = RxCollection<Person>;

const person = (id: string, age: number, city = 'Ann', tags?: string[]): Person => ({
  id,
  name: `Name ${id}`,
  age,
  address: { city },
  ...(tags ? { tags } : {}),
});

/** RxDB programs in dev-mode, with validation: what a storage is for. */
export function describePrograms({ name, make }: TestedStorage): void {
  const open = async (
    storage: AnyStorage,
    more: Record<string, unknown> = {},
  ): Promise<RxDatabase> => {
    const database = await createRxDatabase({
      name: 'people',
      storage: wrappedValidateAjvStorage({ storage: storage as RxStorage<unknown, unknown> }),
      multiInstance: false,
      ...more,
    });
    onTestFinished(async () => void (await database.close()));
    return database;
  };
  const openPeople = async (storage: AnyStorage, more: Record<string, unknown> = {}) => {
    const database = await open(storage, more);
    const { people } = await database.addCollections({
      people: { schema: PERSON as never, localDocuments: true },
    });
    return { database, people: people as unknown as People };
  };
  const idsOf = (found: readonly { id: string }[]): string[] => found.map(({ id }) => id);

  describe(`${name}: an RxDB program in dev-mode`, () => {
    test('writes, finds, follows, counts, updates and removes', async () => {
      const { people } = await openPeople(make());
      let shown: string[] = [];
      const query = people.find({
        selector: { 'address.city': 'Ann', tags: { $elemMatch: { $eq: 'x' } } } as never,
        sort: [{ age: 'desc' }],
      });
      query.$.subscribe((found) => (shown = idsOf(found)));
      await people.bulkInsert([
        person('a', 30, 'Ann', ['x']),
        person('b', 40, 'Ann', ['x', 'y']),
        person('c', 50, 'Bay', ['x']),
        person('d', 60),
      ]);
      await expect.poll(() => shown).toEqual(['b', 'a']);
      expect(await people.count({ selector: { age: { $gte: 40 } } }).exec()).toBe(3);
      const c = await people.findOne('c').exec(true);
      await c.incrementalPatch({ address: { city: 'Ann' } });
      await expect.poll(() => shown).toEqual(['c', 'b', 'a']);
      await people.find({ selector: { age: { $lt: 45 } } }).update({ $inc: { age: 100 } });
      await expect.poll(() => shown).toEqual(['b', 'a', 'c']);
      await people.find({ selector: { id: { $in: ['a', 'c'] } } }).remove();
      await expect.poll(() => shown).toEqual(['b']);
    });

    test('is refused what breaks the schema, and told of a conflict', async () => {
      const { people } = await openPeople(make());
      await people.insert(person('a', 1));
      await expect(people.insert(person('a', 2))).rejects.toMatchObject({ code: 'CONFLICT' });
      await expect(people.insert({ id: 'b' } as never)).rejects.toMatchObject({ code: 'VD2' });
      expect(await people.count().exec()).toBe(1);
    });

    test('keeps local documents of a collection', async () => {
      const { people } = await openPeople(make());
      await people.insertLocal('draft', { text: 'half' });
      await people.upsertLocal('draft', { text: 'whole' });
      expect((await people.getLocal('draft'))?.toJSON().data).toEqual({ text: 'whole' });
    });

    test('two databases of one name show each other what they write', async () => {
      const storage = make();
      const one = await openPeople(storage, { ignoreDuplicate: true, multiInstance: true });
      const two = await openPeople(storage, { ignoreDuplicate: true, multiInstance: true });
      let shown: string[] = [];
      two.people.find({ sort: [{ id: 'asc' }] }).$.subscribe((found) => (shown = idsOf(found)));
      await one.people.bulkInsert([person('a', 1), person('b', 2)]);
      await expect.poll(() => shown).toEqual(['a', 'b']);
      await one.database.close();
      await two.people.insert(person('c', 3));
      await expect.poll(() => shown).toEqual(['a', 'b', 'c']);
    });

    test('works under key compression, with its nested index', async () => {
      const storage = wrappedKeyCompressionStorage({ storage: make() as never });
      const database = await open(storage as never);
      const { people } = await database.addCollections({
        people: { schema: { ...PERSON, keyCompression: true } as never },
      });
      await people?.bulkInsert([person('a', 1), person('b', 2, 'Bay'), person('c', 3, 'Bay')]);
      const found = await people
        ?.find({ selector: { 'address.city': 'Bay' }, sort: [{ age: 'desc' }] })
        .exec();
      expect(found?.map((one) => one.toJSON())).toMatchObject([
        { id: 'c', address: { city: 'Bay' } },
        { id: 'b' },
      ]);
    });

    test('works under RxDB’s own encryption of fields', async () => {
      const storage = wrappedKeyEncryptionCryptoJsStorage({ storage: make() as never });
      const database = await open(storage as never, { password: 'long enough to be taken' });
      const { people } = await database.addCollections({
        people: { schema: { ...PERSON, encrypted: ['name', 'tags'] } as never },
      });
      await people?.bulkInsert([person('a', 1, 'Ann', ['x']), person('b', 2)]);
      const found = await people?.find({ selector: { age: { $lt: 2 } } }).exec();
      expect(found?.map((one) => one.toJSON())).toMatchObject([{ name: 'Name a', tags: ['x'] }]);
    });

    test('cleans up what was deleted', async () => {
      const { people } = await openPeople(make());
      await people.bulkInsert([person('a', 1), person('b', 2)]);
      await (await people.findOne('a').exec(true)).remove();
      await people.cleanup(0);
      const left = await people.storageInstance.findDocumentsById(['a', 'b'], true);
      expect(idsOf(left as unknown as Person[])).toEqual(['b']);
    });

    test('removed, leaves nothing of its collections', async () => {
      const storage = make();
      const first = await openPeople(storage);
      await first.people.insert(person('a', 1));
      await first.people.remove();
      expect(first.database.collections['people']).toBeUndefined();
      const again = await first.database.addCollections({ people: { schema: PERSON as never } });
      expect(await again['people']?.count().exec()).toBe(0);
      await again['people']?.insert(person('b', 2));
      await first.database.close();
      await removeRxDatabase('people', storage as never);
      const second = await openPeople(storage);
      expect(await second.people.count().exec()).toBe(0);
    });
  });

  describe(`${name}: RxDB's schema migration`, () => {
    test('brings documents, deleted ones and later versions over, and drops the old', async () => {
      const storage = make();
      const first = await openPeople(storage);
      const all = Array.from({ length: 60 }, (_, at) => person(`p${at}`, at));
      await first.people.bulkInsert(all);
      await (await first.people.findOne('p7').exec(true)).remove();
      await first.database.close();

      const schema = {
        ...PERSON,
        version: 2,
        properties: { ...PERSON.properties, decade: { type: 'integer' } },
      };
      const database = await open(storage);
      const { people } = await database.addCollections({
        people: {
          schema: schema as never,
          autoMigrate: false,
          migrationStrategies: {
            1: (old: Person) => (old.age === 3 ? null : { ...old, name: old.name.toUpperCase() }),
            2: (old: Person) => ({ ...old, decade: Math.floor(old.age / 10) }),
          },
        },
      });
      if (!people) throw new Error('no collection');
      expect(await people.migrationNeeded()).toBe(true);
      await people.migratePromise(10);
      expect(await people.count().exec()).toBe(58);
      const p42 = await people.findOne('p42').exec(true);
      expect(p42.toJSON()).toMatchObject({ name: 'NAME P42', decade: 4, age: 42 });
      expect(await people.findOne('p3').exec()).toBeNull();
      expect(await people.count({ selector: { age: { $gte: 50 } } }).exec()).toBe(10);
      await database.close();

      const reopened = await open(storage);
      const again = await reopened.addCollections({
        people: { schema: schema as never, migrationStrategies: { 1: (d) => d, 2: (d) => d } },
      });
      expect(await again['people']?.migrationNeeded()).toBe(false);
      expect(await again['people']?.count().exec()).toBe(58);
    });
  });

  describe(`${name}: RxDB's replication`, () => {
    test('brings two databases to the same rows, with conflicts and deletions', async () => {
      const storage = make();
      const server = await openPeople(storage, { name: 'server' });
      const left = await openPeople(storage, { name: 'left' });
      const right = await openPeople(storage, { name: 'right' });
      const replications = [left, right].map(({ people }) => replicateWith(server.people, people));
      const settle = async (): Promise<void> => {
        for (let round = 0; round < 3; round += 1) {
          for (const replication of replications) {
            replication.reSync();
            await replication.awaitInSync();
          }
        }
      };
      await left.people.bulkInsert([person('a', 1), person('b', 2)]);
      await right.people.bulkInsert([person('c', 3), person('b', 20, 'Bay')]);
      await settle();
      await (await left.people.findOne('c').exec(true)).remove();
      await (await right.people.findOne('a').exec(true)).incrementalPatch({ age: 11 });
      await settle();
      const rows = async ({ people }: { people: People }): Promise<unknown[]> =>
        (await people.find({ sort: [{ id: 'asc' }] }).exec()).map((one) => one.toJSON());
      const wanted = await rows(server);
      expect(wanted).toMatchObject([{ id: 'a', age: 11 }, { id: 'b' }]);
      expect(await rows(left)).toEqual(wanted);
      expect(await rows(right)).toEqual(wanted);
      for (const replication of replications) await replication.cancel();
    });
  });
}

/** A server that is itself a collection, reached through RxDB's own protocol. */
function replicateWith(server: People, people: People) {
  const { masterChangesSince, masterWrite } = rxStorageInstanceToReplicationHandler(
    server.storageInstance,
    defaultConflictHandler,
    server.database.token,
  );
  return replicateRxCollection<Person, unknown>({
    replicationIdentifier: `${people.database.name}-to-server`,
    collection: people,
    live: true,
    retryTime: 50,
    pull: {
      handler: async (checkpoint, batchSize) =>
        (await masterChangesSince(checkpoint as never, batchSize)) as never,
    },
    push: { handler: async (rows) => (await masterWrite(rows as never)) as never },
  });
}
