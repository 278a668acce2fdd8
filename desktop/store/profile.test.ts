import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import { KEPT_KEY } from '#desktop/storage/released/keep.suite.ts';
import type { UpgradeProgress } from '#desktop/storage/storage-types.ts';
import type { Host } from './host.ts';
import { openProfile } from './profile.ts';

const KEPT = path.join(import.meta.dirname, '../storage/released');
const RELEASED = readdirSync(KEPT).filter((name) => name.endsWith('.db'));

const host: Host = {
  key: () => Promise.resolve(KEPT_KEY),
  openExternal: () => undefined,
  renewPorts: () => undefined,
  ready: () => undefined,
  stopped: () => undefined,
};
const unreachable = (): Promise<never> => Promise.reject(new AppError('SERVER_UNREACHABLE'));

/** A data folder with the file of an old version as the profile of the person who is in it. */
function dataDirWith(name: string) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'ganger-profile-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const open = (file: string) => openDatabase({ file, key: KEPT_KEY, log: silentLogger });
  const device = open(path.join(dataDir, 'device.db'));
  onTestFinished(() => device.close());
  const kept = path.join(dataDir, 'kept.db');
  copyFileSync(path.join(KEPT, name), kept);
  const old = open(kept);
  const known = JSON.parse(old.kv.get('session') ?? '{}') as { session: { user: { id: string } } };
  old.close();
  const userId = known.session.user.id;
  const file = path.join(dataDir, 'profiles', userId, 'ganger.db');
  mkdirSync(path.dirname(file), { recursive: true });
  copyFileSync(path.join(KEPT, name), file);
  const openIt = (onUpgrade?: (progress: UpgradeProgress) => void) =>
    openProfile({
      userId,
      fresh: null,
      config: {
        dataDir,
        serverUrl: 'http://server.example',
        authUrl: 'http://auth.example',
        authKey: 'key',
        deviceName: 'Test',
        deviceKind: 'desktop',
        nativeBinding: null,
        logLevel: 'silent',
      },
      device: { id: '00000000-0000-7000-8000-0000000d0001', kv: device.kv, close: () => undefined },
      host,
      api: { session: unreachable, pull: unreachable, push: unreachable, live: unreachable },
      log: silentLogger,
      ...(onUpgrade ? { onUpgrade } : {}),
    });
  return { file, open, openIt };
}

test.each(RELEASED)(
  'a person goes on offline with the file of %s, told of the upgrade once, and all still waits',
  async (name) => {
    const { openIt } = dataDirWith(name);
    const told: UpgradeProgress[] = [];
    const first = await openIt((progress) => told.push(progress));
    const { waiting, needsYou } = first.replication.status;
    expect(waiting).toBeGreaterThan(0);
    expect(needsYou).toBeGreaterThan(0);
    await first.close();
    expect(told.at(-1)?.done).toBe(told.at(-1)?.total);
    expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).toSorted(byNumber));

    const toldAgain: UpgradeProgress[] = [];
    const second = await openIt((progress) => toldAgain.push(progress));
    expect(toldAgain).toEqual([]);
    expect(second.replication.status).toMatchObject({ waiting, needsYou });
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
    expect(readdirSync(path.dirname(file))).toEqual(['ganger.db']);
  },
);

const byNumber = (a: number, b: number): number => a - b;
