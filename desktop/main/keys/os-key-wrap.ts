import { safeStorage } from 'electron';
import type { KeyWrap } from './key-chain.ts';
import { keyWrapOf } from './key-wrap.ts';
import type { OsKeyWrapOptions } from './key-wrap.ts';

/**
 * Wrapping by the operating system's keychain. Only after the app is ready.
 * @throws AppError KEYCHAIN_UNAVAILABLE when there is none, or only one without protection
 */
export function osKeyWrap(options: OsKeyWrapOptions = {}): Promise<KeyWrap> {
  return keyWrapOf(safeStorage, process.platform, options);
}
