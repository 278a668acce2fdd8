import path from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { examineFile } from '#desktop/vault/damage/examine-file.ts';
import { quarantine } from '#desktop/vault/damage/quarantine.ts';
import { repairSalt } from '#desktop/vault/damage/repair-salt.ts';

export interface LookFirst {
  readonly file: string;
  readonly key: string;
  /** First 16 bytes of the file as they were noted, 32 hexadecimal digits. */
  readonly salt: string;
  /** True: the files are set aside first, as somebody decides who is told of damage. */
  readonly setAside: boolean;
}

/**
 * Looks at a file before SQLite does, as the door of a profile does.
 * @returns true when the file must be there
 * @throws AppError STORE_DAMAGED, STORE_KEY_WRONG
 */
export function lookFirst({ file, key, salt, setAside }: LookFirst): boolean {
  if (setAside) quarantine({ folder: path.dirname(file), reason: 'pages' });
  const look = () => examineFile({ file, key, salts: [salt], mustExist: !setAside });
  let verdict = look();
  if (verdict.state === 'salt-lost') {
    repairSalt({ file, key, salt: verdict.salt });
    verdict = look();
  }
  if (verdict.state === 'key-wrong') throw new AppError('STORE_KEY_WRONG');
  if (verdict.state === 'salt-lost') throw new AppError('STORE_DAMAGED', { damage: 'first-page' });
  if (verdict.state === 'damaged') throw new AppError('STORE_DAMAGED', { damage: verdict.damage });
  return verdict.state !== 'new';
}
