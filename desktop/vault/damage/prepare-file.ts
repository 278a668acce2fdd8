import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { removeHalfRestored } from '../backup/restore-backup.ts';
import { removeOldUpgradeCopy } from '../backup/upgrade-copy.ts';
import { finishSwitch } from '../files/switch-store.ts';
import { examineFile, profileFile } from './examine-file.ts';
import { repairSalt } from './repair-salt.ts';

export interface PrepareFile {
  /** The folder of the profile, locked by this process. */
  readonly folder: string;
  /** The raw key, 64 hexadecimal digits. */
  readonly key: string;
  /** Salts noted with the wrapped key (32 hexadecimal digits each). */
  readonly salts?: readonly string[] | undefined;
  /** True: the profile has been used, so a missing file is a loss. */
  readonly mustExist: boolean;
  readonly nativeBinding?: string | undefined;
  readonly log: Logger;
  readonly now?: () => number;
}

/** `repaired`: its first bytes were lost and put back; it is whole. */
export type PreparedFile = 'fine' | 'new' | 'repaired';

/** Ends switches and quarantines that were cut short: before anybody asks what files there are. */
export function finishWhatWasCut(folder: string, now: () => number = Date.now): void {
  finishSwitch(folder);
  removeHalfRestored(folder);
  removeOldUpgradeCopy(folder, now);
}

/**
 * The last step before a profile's database is opened: what was cut short is finished, and the file is
 * looked at. A damaged one is left where it is, since a person decides what becomes of it.
 * @throws AppError STORE_DAMAGED (`damage`), STORE_KEY_WRONG, STORE_READ_ONLY, STORE_DISK_FULL, STORE_IO
 */
export function prepareFile(options: PrepareFile): PreparedFile {
  const { folder, key, salts, mustExist, nativeBinding, log } = options;
  finishWhatWasCut(folder, options.now);
  const file = profileFile(folder);
  const verdict = examineFile({ file, key, salts, mustExist });
  switch (verdict.state) {
    case 'new':
      return 'new';
    case 'fine':
      return 'fine';
    case 'key-wrong':
      throw new AppError('STORE_KEY_WRONG', { reason: 'no page fits' });
    case 'damaged':
      throw new AppError('STORE_DAMAGED', { damage: verdict.damage });
    case 'salt-lost':
      repairSalt({ file, key, salt: verdict.salt, nativeBinding });
      log.warn('the first bytes of a profile were lost and put back');
      return 'repaired';
  }
}
