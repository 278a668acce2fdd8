import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StackError, errorCode } from './stack-error.ts';

/**
 * Returns the secret kept in `file`; makes a random one (32 bytes, base64url) at the first call.
 * The file is readable by its owner only. Throws `StackError` when it exists but is empty, since
 * making it anew would lock the data that it protects.
 */
export async function readOrCreateSecret(file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await writeFile(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  const secret = (await readFile(file, 'utf8')).trim();
  if (secret === '')
    throw new StackError(`The secret file ${file} is empty: restore or remove it.`);
  return secret;
}
