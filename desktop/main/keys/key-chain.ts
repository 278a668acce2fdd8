import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { z } from 'zod';

/** Wraps and unwraps keys with something that only this user on this machine has. */
export interface KeyWrap {
  /** Name of what does the wrapping; stored beside the key, so that a change is noticed. */
  readonly backend: string;
  wrap(hex: string): Buffer;
  unwrap(wrapped: Buffer): string;
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
   *   changed and cannot read it; KEYCHAIN_UNAVAILABLE when there is no safe place for keys
   */
  key(name: string, create: boolean): Promise<string>;
}

/** Keys lie wrapped in `<dir>/<name>.key`. */
export function createKeyChain(dir: string, wrap: () => KeyWrap): KeyChain {
  const fileOf = (name: string): string => path.join(dir, `${name}.key`);

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
    const { backend } = wrap();
    if (file.data.backend !== backend) {
      const was = file.data.backend;
      throw new AppError('STORE_KEY_MISSING', {
        name,
        reason: 'backend-changed',
        was,
        is: backend,
      });
    }
    try {
      return wrap().unwrap(Buffer.from(file.data.wrapped, 'base64'));
    } catch (error) {
      throw new AppError('STORE_KEY_MISSING', { name, reason: 'unwrap-failed' }, error);
    }
  };

  const make = async (name: string): Promise<string> => {
    const hex = randomBytes(32).toString('hex');
    const wrapping = wrap();
    const content = JSON.stringify({
      version: 1,
      backend: wrapping.backend,
      wrapped: wrapping.wrap(hex).toString('base64'),
    });
    await mkdir(dir, { recursive: true, mode: 0o700 });
    // Written beside, then linked: a kill in between leaves no half key, and a key that came to be
    // meanwhile is never overwritten, since data may be written under it already.
    const temporary = `${fileOf(name)}.${randomBytes(6).toString('hex')}`;
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
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

  // One after the other: two that find no key must not make two.
  let queue: Promise<unknown> = Promise.resolve();
  return {
    key(name, create) {
      const asked = queue.then(() => find(name, create));
      queue = asked.catch(() => undefined);
      return asked;
    },
  };
}

/** Keys without protection: for tests and the demo on machines that have no keychain. */
export const unprotectedWrap: KeyWrap = {
  backend: 'unprotected-file',
  wrap: (hex) => Buffer.from(hex, 'utf8'),
  unwrap: (wrapped) => wrapped.toString('utf8'),
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
