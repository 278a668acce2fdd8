import { AppError } from '#shared/errors/app-error.ts';
import type { KeyWrap } from './key-chain.ts';

/** What is used of Electron's `safeStorage`; the asynchronous half is there in newer ones only. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
  getSelectedStorageBackend(): string;
  setUsePlainTextEncryption(usePlainText: boolean): void;
  isAsyncEncryptionAvailable?(): Promise<boolean>;
  encryptStringAsync?(text: string): Promise<Buffer>;
  decryptStringAsync?(encrypted: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }>;
}

export interface OsKeyWrapOptions {
  /**
   * True: on a Linux without a keychain, keys are kept with a fixed password, which protects them
   * from nobody who can read the disk. For machines whose policy says so.
   */
  readonly allowBasicText?: boolean;
}

/**
 * Wrapping by a given `safeStorage`. The asynchronous interface is used where this Electron has it;
 * it reads what the other one wrote, not the other way round.
 * @throws AppError KEYCHAIN_UNAVAILABLE when there is none, or only one without protection
 */
export async function keyWrapOf(
  storage: SafeStorage,
  platform: NodeJS.Platform,
  { allowBasicText = false }: OsKeyWrapOptions,
): Promise<KeyWrap> {
  const backend = platform === 'linux' ? storage.getSelectedStorageBackend() : platform;
  if (backend === 'basic_text') {
    if (!allowBasicText) {
      throw new AppError('KEYCHAIN_UNAVAILABLE', { backend, reason: 'basic-text' });
    }
    storage.setUsePlainTextEncryption(true);
  }
  const later = await asyncHalf(storage);
  // Plain text is a choice of the older interface alone.
  if (later && backend !== 'basic_text') {
    return {
      backend,
      wrap: later.encrypt,
      async unwrap(wrapped) {
        const { result, shouldReEncrypt } = await later.decrypt(wrapped);
        return { hex: result, renew: shouldReEncrypt };
      },
    };
  }
  if (!storage.isEncryptionAvailable()) {
    throw new AppError('KEYCHAIN_UNAVAILABLE', { backend, reason: 'not-available' });
  }
  return {
    backend,
    wrap: async (hex) => storage.encryptString(hex),
    unwrap: async (wrapped) => ({ hex: storage.decryptString(wrapped), renew: false }),
  };
}

async function asyncHalf(storage: SafeStorage) {
  const { isAsyncEncryptionAvailable, encryptStringAsync, decryptStringAsync } = storage;
  if (!isAsyncEncryptionAvailable || !encryptStringAsync || !decryptStringAsync) return null;
  if (!(await isAsyncEncryptionAvailable.call(storage))) return null;
  return {
    encrypt: (text: string) => encryptStringAsync.call(storage, text),
    decrypt: (bytes: Buffer) => decryptStringAsync.call(storage, bytes),
  };
}
