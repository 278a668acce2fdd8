import { AppError, toAppError } from '#shared/errors/app-error.ts';

/** The keychain, as the main process gives it: one secret of 32 bytes a name. */
export interface Secrets {
  /**
   * The secret of a name as 64 hex characters; made only when `create` is set and there is none.
   * @throws AppError STORE_KEY_MISSING, KEYCHAIN_UNAVAILABLE
   */
  get(name: string, create: boolean): Promise<string>;
  /** Removes the secret of a name for good; one that is not there is fine. */
  forget(name: string): Promise<void>;
  /** What keeps the secrets, for example `gnome_libsecret`. */
  backend(): Promise<string>;
}

/** Names of keychain entries that a profile may own; nothing else is ever forgotten for it. */
export const vaultSecret = (profileId: string): string => `vault-${profileId}`;
/** Where earlier builds kept the data key itself. */
export const legacySecret = (profileId: string): string => `profile-${profileId}`;

export function ownsSecret(profileId: string, name: string): boolean {
  const vault = vaultSecret(profileId);
  return name === legacySecret(profileId) || name === vault || name.startsWith(`${vault}-`);
}

/**
 * The bytes of a secret. The caller zeroes them.
 * @throws AppError STORE_KEY_MISSING (`secret-lost`, or what the keychain said: `backend-changed`,
 *   `unwrap-failed`, `unreadable`); KEYCHAIN_UNAVAILABLE
 */
export async function secretBytes(secrets: Secrets, name: string, create = false): Promise<Buffer> {
  let hex: string;
  try {
    hex = await secrets.get(name, create);
  } catch (error) {
    const { code, safe } = toAppError(error);
    if (code !== 'STORE_KEY_MISSING') throw error;
    const said = safe['reason'];
    const reason = said === undefined || said === 'absent' ? 'secret-lost' : said;
    throw new AppError('STORE_KEY_MISSING', { ...safe, reason }, error);
  }
  if (!/^[0-9a-f]{64}$/i.test(hex)) {
    throw new AppError('STORE_KEY_MISSING', { reason: 'secret-unreadable' });
  }
  return Buffer.from(hex, 'hex');
}
