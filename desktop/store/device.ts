import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Code } from '#shared/errors/codes.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { Host } from './host.ts';

/** What belongs to the machine, not to a person: its id and the sessions of its profiles. */
export interface Device {
  readonly id: string;
  readonly kv: EncryptedDatabase['kv'];
  /** The machine's own file. */
  readonly database: EncryptedDatabase;
  /** True: there was another file before it, which would not open any more. */
  readonly isAnew: boolean;
  close(): void;
}

/** Codes of a device's file that will not open any more on this machine as it is. */
const LOST: ReadonlySet<Code> = new Set(['STORE_KEY_MISSING', 'STORE_KEY_WRONG', 'STORE_DAMAGED']);

/** True when a device's file is beyond help: its keychain entry or its pages are gone. */
export const isLostDevice = (code: Code): boolean => LOST.has(code);

export interface OpenDevice {
  readonly dataDir: string;
  readonly nativeBinding: string | null;
  readonly host: Host;
  readonly log: Logger;
  /**
   * True: a new one is made beside what is there, under a key of its own. Nothing is deleted, and the
   * machine is a new device to the server.
   */
  readonly anew?: boolean | undefined;
}

/**
 * Opens (at the first start: makes) the device's own small encrypted file, the newest there is.
 * @throws AppError when its key is missing or does not fit
 */
export async function openDevice(options: OpenDevice): Promise<Device> {
  const { dataDir, nativeBinding, host, log, anew = false } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const newest = newestIn(dataDir);
  const number = anew ? (newest ?? 0) + 1 : (newest ?? 0);
  const name = number === 0 ? 'device' : `device-${number}`;
  const file = path.join(dataDir, `${name}.db`);
  const isNew = !existsSync(file);
  const key = await host.secret(name, isNew);
  const database = openDatabase({
    file,
    key,
    mustExist: !isNew,
    log,
    ...(nativeBinding ? { nativeBinding } : {}),
  });
  let id = database.kv.get('device.id');
  if (!id) {
    id = newId();
    database.kv.set('device.id', id);
  }
  return { id, kv: database.kv, database, isAnew: number > 0, close: () => database.close() };
}

/** Number of the newest device's file in a folder; the first one has none in its name. */
function newestIn(dataDir: string): number | null {
  const numbers = readdirSync(dataDir).flatMap((name) => {
    const [, number] = /^device(?:-(\d{1,6}))?\.db$/.exec(name) ?? [null];
    if (number === null) return [];
    return [number === undefined ? 0 : Number(number)];
  });
  return numbers.length === 0 ? null : Math.max(...numbers);
}
