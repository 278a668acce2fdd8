import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { silentLogger } from '#shared/logging/logger.ts';
import { createKeyChain, unprotectedWrap } from '#desktop/main/keys/key-chain.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import { openProfileKeys } from '#desktop/vault/keys/profile-keys.ts';
import type { ProfileKeys } from '#desktop/vault/keys/profile-keys.ts';

export const PROFILE = '0190c0de-0000-7000-8000-0000000000f1';
const DEVICE_KEY = 'd1'.repeat(32);

export interface ProfileWorld {
  /** Folder of the profile. */
  readonly folder: string;
  /** The database in it. */
  readonly file: string;
  readonly keys: ProfileKeys;
  close(): void;
}

/** The keys of a profile with a keychain and a device's file, below one folder. */
export function openProfileWorld(root: string, step?: (step: string) => void): ProfileWorld {
  const folder = path.join(root, 'profiles', PROFILE);
  mkdirSync(folder, { recursive: true });
  const chain = createKeyChain(path.join(root, 'keys'), () => unprotectedWrap);
  const device = openDatabase({
    file: path.join(root, 'device.db'),
    key: DEVICE_KEY,
    log: silentLogger,
  });
  const keys = openProfileKeys({
    folder,
    profileId: PROFILE,
    secrets: {
      get: (name, create) => chain.key(name, create),
      forget: (name) => chain.forget(name),
      backend: () => chain.backend(),
    },
    kv: device.kv,
    log: silentLogger,
    recoveryKey: null,
    step,
  });
  return {
    folder,
    file: path.join(folder, 'ganger.db'),
    keys,
    close() {
      keys.lock();
      device.close();
    },
  };
}
