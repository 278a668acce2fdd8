import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import { z } from 'zod';

/** Wraps and unwraps keys with something that only this user on this machine has. */
export interface KeyWrap {
  /** Name of what does the wrapping; stored beside the key, so that a change is noticed. */
  readonly backend: string;
  wrap(hex: string): Promise<Buffer>;
  /** `renew`: the keychain has a better key by now and wants this one wrapped again. */
  unwrap(wrapped: Buffer): Promise<{ readonly hex: string; readonly renew: boolean }>;
}

const KeyFile = z.strictObject({
  version: z.literal(1),
  backend: z.string(),
  wrapped: z.base64(),
});

export interface KeyChain {
  /**
   * The key of a file as 64 hex characters. Made anew only when `create` is set and no key exists.
   * @throws AppError STORE_KEY_MISSING when there is none and none may be made, or when the keychain
   *   changed and cannot read it; KEYCHAIN_UNAVAILABLE when there is no safe place for keys;
   *   STORE_DISK_FULL, STORE_READ_ONLY, STORE_IO when a new one cannot be written
   */
  key(name: string, create: boolean): Promise<string>;
  /** Removes the key of a name for good: whatever it opened stays closed. None is fine too. @throws as `key` */
  forget(name: string): Promise<void>;
  /**
   * Name of what keeps the keys, for example `gnome_libsecret`.
   * @throws AppError KEYCHAIN_UNAVAILABLE
   */
  backend(): Promise<string>;
}

/** What a name may be: it becomes the name of a file. */
const NAME = /^[a-z0-9-]{1,60}$/;

/** Keys lie wrapped in `<dir>/<name>.key`. */
export function createKeyChain(dir: string, wrap: () => KeyWrap | Promise<KeyWrap>): KeyChain {
  const fileOf = (name: string): string => {
    if (!NAME.test(name)) throw new AppError('STORE_KEY_MISSING', { reason: 'bad-name' });
    return path.join(dir, `${name}.key`);
  };

  const load = async (name: string): Promise<string | null> => {
    let text: string;
    try {
      text = await readFile(fileOf(name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw new AppError('STORE_KEY_MISSING', { name }, error);
    }
    const file = KeyFile.safeParse(safeJson(text));
    if (!file.success) throw new AppError('STORE_KEY_MISSING', { name, reason: 'unreadable' });
    const wrapping = await wrap();
    const { backend: was } = file.data;
    if (was !== wrapping.backend) {
      const is = wrapping.backend;
      throw new AppError('STORE_KEY_MISSING', { name, reason: 'backend-changed', was, is });
    }
    const { hex, renew } = await unwrap(wrapping, name, file.data.wrapped);
    if (renew) await renewed(name, wrapping, hex);
    return hex;
  };

  const unwrap = async (wrapping: KeyWrap, name: string, wrapped: string) => {
    try {
      return await wrapping.unwrap(Buffer.from(wrapped, 'base64'));
    } catch (error) {
      throw new AppError('STORE_KEY_MISSING', { name, reason: 'unwrap-failed' }, error);
    }
  };

  /** Writes a wrapped key beside the name that it will have. @returns the temporary name */
  const writeBeside = async (name: string, wrapping: KeyWrap, hex: string): Promise<string> => {
    const wrapped = (await wrapping.wrap(hex)).toString('base64');
    const content = JSON.stringify({ version: 1, backend: wrapping.backend, wrapped });
    const temporary = `${fileOf(name)}.${randomBytes(6).toString('hex')}`;
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
      await handle.close();
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(temporary, { force: true });
      throw error;
    }
    return temporary;
  };

  /** The same key in a new wrapping; when that fails, the old wrapping still opens it. */
  const replace = async (name: string, wrapping: KeyWrap, hex: string): Promise<void> => {
    const temporary = await writeBeside(name, wrapping, hex);
    try {
      const again = await wrapping.unwrap(
        Buffer.from(KeyFile.parse(safeJson(await readFile(temporary, 'utf8'))).wrapped, 'base64'),
      );
      if (again.hex === hex) await rename(temporary, fileOf(name));
    } finally {
      await rm(temporary, { force: true });
    }
    await syncFolder(dir);
  };

  /** No reason to keep anybody from their data: without room for it, the next opening tries again. */
  const renewed = async (name: string, wrapping: KeyWrap, hex: string): Promise<void> => {
    try {
      await replace(name, wrapping, hex);
    } catch (error) {
      if (diskCodeOf(error) === undefined) throw error;
    }
  };

  const make = async (name: string): Promise<string> => {
    const hex = randomBytes(32).toString('hex');
    await mkdir(dir, { recursive: true, mode: 0o700 });
    // Written beside, then linked: a kill in between leaves no half key, and a key that came to be
    // meanwhile is never overwritten, since data may be written under it already.
    const temporary = await writeBeside(name, await wrap(), hex);
    try {
      await link(temporary, fileOf(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await rm(temporary, { force: true });
    }
    await syncFolder(dir);
    const kept = await load(name);
    if (kept === null) throw new AppError('STORE_KEY_MISSING', { name, reason: 'not-kept' });
    return kept;
  };

  const find = async (name: string, create: boolean): Promise<string> => {
    const known = await load(name);
    if (known !== null) return known;
    if (!create) throw new AppError('STORE_KEY_MISSING', { name, reason: 'absent' });
    return make(name);
  };

  const forget = async (name: string): Promise<void> => {
    const file = fileOf(name);
    try {
      const handle = await open(file, 'r+');
      try {
        const { size } = await handle.stat();
        await handle.write(randomBytes(size), 0, size, 0);
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    await rm(file, { force: true });
    await syncFolder(dir);
  };

  // One after the other: two that find no key must not make two.
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const asked = queue.then(work);
    queue = asked.catch(() => undefined);
    return asked;
  };
  return {
    key: (name, create) => inTurn(() => onDisk(() => find(name, create))),
    forget: (name) => inTurn(() => onDisk(() => forget(name))),
    backend: async () => (await wrap()).backend,
  };
}

/** What the disk says, as a code that somebody can act on. */
const DISK_CODES: Readonly<Record<string, Code>> = {
  ENOSPC: 'STORE_DISK_FULL',
  EDQUOT: 'STORE_DISK_FULL',
  EFBIG: 'STORE_DISK_FULL',
  EROFS: 'STORE_READ_ONLY',
  EACCES: 'STORE_READ_ONLY',
  EPERM: 'STORE_READ_ONLY',
  EIO: 'STORE_IO',
};

function diskCodeOf(error: unknown): Code | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return DISK_CODES[String(error.code)];
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof AppError ? undefined : diskCodeOf(error);
    if (code === undefined) throw error;
    throw new AppError(code, { reason: 'key' }, error);
  }
}

/** Keys without protection: for tests and the demo on machines that have no keychain. */
export const unprotectedWrap: KeyWrap = {
  backend: 'unprotected-file',
  wrap: (hex) => Promise.resolve(Buffer.from(hex, 'utf8')),
  unwrap: (wrapped) => Promise.resolve({ hex: wrapped.toString('utf8'), renew: false }),
};

/** Makes a new name in a folder as durable as the file itself. Windows does so by itself. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
