import { createKeyChain, unprotectedWrap } from '#desktop/main/keys/key-chain.ts';
import { openProfileKeys } from '#desktop/vault/keys/profile-keys.ts';
import { silentLogger } from '#shared/logging/logger.ts';

/**
 * The data key of a profile without a PIN, by what the demo key store keeps unprotected. For tests that
 * look into a file; the app must not be running on it.
 * @param keysDir folder of the demo key store
 * @param folder folder of the profile, or of a copy of it
 */
export function demoProfileKey(
  keysDir: string,
  folder: string,
  profileId: string,
): Promise<string> {
  const chain = createKeyChain(keysDir, () => unprotectedWrap);
  const values = new Map<string, string>();
  const keys = openProfileKeys({
    folder,
    profileId,
    secrets: {
      get: (name, create) => chain.key(name, create),
      forget: (name) => chain.forget(name),
      backend: () => chain.backend(),
    },
    kv: {
      get: (key) => values.get(key),
      set: (key, value) => void values.set(key, value),
      delete: (key) => void values.delete(key),
    },
    log: silentLogger,
    recoveryKey: null,
  });
  return keys.unlock(null);
}
