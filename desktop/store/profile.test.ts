import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { StoreWork } from '#shared/ipc/store-contract.ts';
import type { StoreConfig } from '#shared/ipc/store-host.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import { KEPT_KEY } from '#desktop/storage/released/keep.suite.ts';
import type { Host } from './host.ts';
import { openDoor, secretsOf } from './profile-door.ts';
import { Witnesses } from './witnesses.ts';
import { openProfile } from './profile.ts';

const KEPT = path.join(import.meta.dirname, '../storage/released');
const RELEASED = readdirSync(KEPT).filter((name) => name.endsWith('.db'));

/** The keychain of a machine on which an earlier build kept the data key itself. */
function hostOf(userId: string): Host {
  const secrets = new Map([[`profile-${userId}`, KEPT_KEY]]);
  return {
    secret(name, create) {
      if (create && !secrets.has(name)) secrets.set(name, randomBytes(32).toString('hex'));
      const found = secrets.get(name);
      return found ? Promise.resolve(found) : Promise.reject(new AppError('STORE_KEY_MISSING'));
    },
    forgetSecret: (name) => Promise.resolve(void secrets.delete(name)),
    keychain: () => Promise.resolve('test'),
    askPath: () => Promise.resolve(null),
    askCopyPath: () => Promise.resolve(null),
    openExternal: () => undefined,
    renewPorts: () => undefined,
    ready: () => undefined,
    stopped: () => undefined,
  };
}
const unreachable = (): Promise<never> => Promise.reject(new AppError('SERVER_UNREACHABLE'));

/** A data folder with the file of an old version as the profile of the person who is in it. */
function dataDirWith(name: string) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'ganger-profile-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const open = (file: string) => openDatabase({ file, key: KEPT_KEY, log: silentLogger });
  const kept = open(path.join(dataDir, 'device.db'));
  onTestFinished(() => kept.close());
  copyFileSync(path.join(KEPT, name), path.join(dataDir, 'kept.db'));
  const old = open(path.join(dataDir, 'kept.db'));
  const known = JSON.parse(old.kv.get('session') ?? '{}') as { session: { user: { id: string } } };
  old.close();
  const userId = known.session.user.id;
  const file = path.join(dataDir, 'profiles', userId, 'ganger.db');
  mkdirSync(path.dirname(file), { recursive: true });
  copyFileSync(path.join(KEPT, name), file);
  const host = hostOf(userId);
  const config: StoreConfig = {
    dataDir,
    serverUrl: 'http://server.example',
    authUrl: 'http://auth.example',
    authKey: 'key',
    deviceName: 'Test',
    deviceKind: 'desktop',
    nativeBinding: null,
    logLevel: 'silent',
    recoveryKey: null,
    appVersion: '0.0.0',
    queryLog: false,
  };
  const openIt = async (onWork: (work: StoreWork | null) => void = () => undefined) => {
    const device = {
      id: '00000000-0000-7000-8000-0000000d0001',
      kv: kept.kv,
      database: kept,
      isAnew: false,
      close: () => undefined,
    };
    const log = silentLogger;
    const door = openDoor({
      userId,
      config,
      device,
      host,
      log,
      onWork,
      onTrouble: () => undefined,
    });
    try {
      const profile = await openProfile({
        userId,
        file: await door.open(null, false),
        fresh: null,
        config,
        device,
        api: { session: unreachable, pull: unreachable, push: unreachable, live: unreachable },
        fileApi: {
          state: unreachable,
          part: unreachable,
          complete: unreachable,
          read: () => {
            throw new Error('not reached');
          },
        },
        witnesses: new Witnesses({ userId, config, secrets: secretsOf(host), kv: kept.kv, log }),
        log,
        onWork,
        onDamaged: () => undefined,
        onRights: () => undefined,
      });
      const close = async (): Promise<void> => {
        await profile.close();
        door.release();
      };
      return { status: profile.replication.status, close };
    } catch (error) {
      door.release();
      throw error;
    }
  };
  return { file, open, openIt };
}

test.each(RELEASED)(
  'a person goes on offline with the file of %s, told of the upgrade once, and all still waits',
  async (name) => {
    const { openIt } = dataDirWith(name);
    const told: StoreWork[] = [];
    const note = (work: StoreWork | null) => void (work?.kind === 'upgrade' && told.push(work));
    const first = await openIt(note);
    const { waiting, needsYou } = first.status;
    expect(waiting).toBeGreaterThan(0);
    expect(needsYou).toBeGreaterThan(0);
    await first.close();
    expect(told.at(-1)?.done).toBe(told.at(-1)?.total);
    expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).toSorted(byNumber));

    const before = told.length;
    const second = await openIt(note);
    expect(told).toHaveLength(before);
    expect(second.status).toMatchObject({ waiting, needsYou });
    await second.close();
  },
);

const LATER = {
  'a later definition': {
    table: 'locations',
    sql: ["update ganger_tables set definition = 1000 where name = 'locations'"],
  },
  'a table that is not known, with a row that waits': {
    table: 'of_later_builds',
    sql: [
      'create table of_later_builds(id text, origin text)',
      "insert into of_later_builds values('a', 'local')",
      `insert into ganger_tables(name, database_name, schema_json, version, last_seq, facts)
       select 'of_later_builds', database_name, schema_json, version, 1, facts
       from ganger_tables where name = 'locations'`,
    ],
  },
};

test.each(Object.entries(LATER))(
  'a file with %s is refused, closed and left as it is',
  async (...of) => {
    const [, { table, sql }] = of;
    const { file, open, openIt } = dataDirWith(RELEASED[0] ?? '');
    await (await openIt()).close();
    const newer = open(file);
    for (const statement of sql) newer.run(statement);
    newer.secureCheckpoint();
    newer.close();
    const bytes = readFileSync(file);
    await expect(openIt()).rejects.toMatchObject({
      code: 'STORE_NEWER',
      safe: { reason: 'file of a newer build', table },
    });
    expect(readFileSync(file).equals(bytes)).toBe(true);
    const files = readdirSync(path.dirname(file)).filter((found) => found.startsWith('ganger.db'));
    expect(files).toEqual(['ganger.db']);
  },
);

const byNumber = (a: number, b: number): number => a - b;
