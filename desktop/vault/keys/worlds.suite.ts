// A profile as the app has it, without a test runner: also used by processes that are killed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { createKeyChain, unprotectedWrap } from '#desktop/main/keys/key-chain.ts';
import type { KeyChain } from '#desktop/main/keys/key-chain.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { KeyClock, KeyStore } from './attempts.ts';
import { openProfileKeys } from './profile-keys.ts';
import type { OpenProfileKeys, ProfileKeys } from './profile-keys.ts';
import type { Secrets } from './secrets.ts';

export const PROFILE = '0190c0de-0000-7000-8000-000000000001';
const DEVICE_KEY = 'd0'.repeat(32);
/** Stands in every row: what must not be readable anywhere. */
export const PLAIN = 'Biopsy-left-forearm';

export interface World {
  readonly root: string;
  readonly folder: string;
  readonly database: string;
  readonly chain: KeyChain;
  readonly secrets: Secrets;
  /** The device's own encrypted file. */
  readonly device: EncryptedDatabase;
  readonly kv: KeyStore;
}

/** Opens (or makes) the data of a device below a folder. */
export function openWorld(root: string): World {
  const folder = path.join(root, 'profiles', PROFILE);
  mkdirSync(folder, { recursive: true });
  const chain = createKeyChain(path.join(root, 'keys'), () => unprotectedWrap);
  const file = path.join(root, 'device.db');
  const device = openDatabase({ file, key: DEVICE_KEY, log: silentLogger });
  const { kv } = device;
  const database = path.join(folder, 'ganger.db');
  return { root, folder, database, chain, secrets: secretsOf(chain), device, kv };
}

export function secretsOf(chain: KeyChain): Secrets {
  return {
    get: (name, create) => chain.key(name, create),
    forget: (name) => chain.forget(name),
    backend: () => chain.backend(),
  };
}

export function keysOf(world: World, more: Partial<OpenProfileKeys> = {}): ProfileKeys {
  const { folder, secrets, kv } = world;
  const log = silentLogger;
  const pinCost = CHEAP_PIN;
  return openProfileKeys({
    folder,
    profileId: PROFILE,
    secrets,
    kv,
    log,
    recoveryKey: null,
    pinCost,
    ...more,
  });
}

/** Fills the profile's database, with a write-ahead log that is not empty. */
export function fill(world: World, key: string, rows = 300): string {
  const database = openDatabase({ file: world.database, key, log: silentLogger });
  database.exec(
    `create table notes(id text primary key not null, doc text not null,
       site text generated always as (json_extract(doc, '$.site')) stored);
     create index notes_site on notes(site);
     create view open_notes as select id from notes where site = 'A';`,
  );
  database.transaction(() => {
    for (let at = 0; at < rows; at += 1) {
      const doc = JSON.stringify({ site: at % 2 ? 'A' : 'B', text: `${PLAIN} ${at} `.repeat(10) });
      database.run('insert into notes(id, doc) values(?, ?)', [`n${at}`, doc]);
    }
  });
  database.kv.set('session', 'kept');
  database.exec('pragma user_version=7');
  const content = contentOf(database);
  database.close();
  return content;
}

/** Opens the profile's database and tells what it holds as one hash; fails when it is not whole. */
export function contentWith(world: World, key: string): string {
  const { database: file } = world;
  const database = openDatabase({ file, key, mustExist: true, log: silentLogger });
  try {
    const [check] = database.read<{ integrity_check: string }>('pragma integrity_check');
    if (check?.integrity_check !== 'ok') throw new Error('not whole');
    return contentOf(database);
  } finally {
    database.close();
  }
}

function contentOf(database: EncryptedDatabase): string {
  const parts = [
    database.read('select id, doc, site from notes order by id'),
    database.read('select id from open_notes order by id'),
    database.read('select k, v from kv order by k'),
    database.read('select type, name, sql from sqlite_master order by type, name'),
    database.read('pragma user_version'),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Names in the profile's folder, without the empty ones that SQLite leaves. */
export function filesIn(world: World): string[] {
  return existsSync(world.folder) ? readdirSync(world.folder).toSorted() : [];
}

/** The code of what a promise is refused with, and its safe details. */
export async function refusal(
  promise: Promise<unknown>,
): Promise<{ code: string; safe: AppError['safe'] }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, safe: error.safe };
    throw error;
  }
  return { code: 'none', safe: {} };
}

/** For tests that try many PINs: pin.test.ts holds the true cost. */
export const CHEAP_PIN = { memoryKib: 64, iterations: 1, parallelism: 1 } as const;

/** A clock that a test turns. */
export function turnableClock() {
  const state = { now: 1_800_000_000_000, uptime: 1_000_000, boot: 'first' };
  const clock: KeyClock = {
    now: () => state.now,
    uptime: () => state.uptime,
    boot: () => state.boot,
  };
  const pass = (ms: number): void => {
    state.now += ms;
    state.uptime += ms;
  };
  return { clock, state, pass };
}
