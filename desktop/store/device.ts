import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { newId } from '#shared/kernel/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { Host } from './host.ts';

/** What belongs to the machine, not to a person: its id and the sessions of its profiles. */
export interface Device {
  readonly id: string;
  readonly kv: EncryptedDatabase['kv'];
  close(): void;
}

/**
 * Opens (at the first start: makes) the device's own small encrypted file.
 * @throws AppError when its key is missing or does not fit
 */
export async function openDevice(options: {
  dataDir: string;
  nativeBinding: string | null;
  host: Host;
  log: Logger;
}): Promise<Device> {
  const { dataDir, nativeBinding, host, log } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = path.join(dataDir, 'device.db');
  const key = await host.secret('device', !existsSync(file));
  const database = openDatabase({ file, key, log, ...(nativeBinding ? { nativeBinding } : {}) });
  let id = database.kv.get('device.id');
  if (!id) {
    id = newId();
    database.kv.set('device.id', id);
  }
  return { id, kv: database.kv, close: () => database.close() };
}
