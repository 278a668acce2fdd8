import { safeStorage } from 'electron';
import { AppError } from '#shared/errors/app-error.ts';
import type { KeyWrap } from './key-chain.ts';

/**
 * Wrapping by the operating system's keychain.
 * @throws AppError KEYCHAIN_UNAVAILABLE when there is none, or only one without protection
 */
export function osKeyWrap(): KeyWrap {
  const backend =
    process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : process.platform;
  if (!safeStorage.isEncryptionAvailable() || backend === 'basic_text') {
    throw new AppError('KEYCHAIN_UNAVAILABLE', { backend });
  }
  return {
    backend,
    wrap: (hex) => safeStorage.encryptString(hex),
    unwrap: (wrapped) => safeStorage.decryptString(wrapped),
  };
}
