import { parentPort } from 'node:worker_threads';
import { AppError, toAppError } from '#shared/errors/app-error.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { FromReader, ReaderFile, ToReader } from './messages.ts';
import { ReaderWork } from './reader-work.ts';

/** The reader thread: answers views on a connection of its own. This file wires it. */

/** Beside the store's own cache; a scan of a large table needs no more to be quick. */
const CACHE_KIB = 24 * 1024;

const tell = (message: FromReader): void => parentPort?.postMessage(message);

let file: ReaderFile | null = null;
let database: EncryptedDatabase | null = null;
let work: ReaderWork | null = null;

/** Opens the file at once, since it is needed soon, and tries again with every view that is asked for. */
function opened(): ReaderWork {
  if (work) return work;
  if (!file) throw new AppError('STORE_NOT_OPEN');
  database = openDatabase({ ...file, readonly: true, log: silentLogger });
  database.exec(`pragma cache_size=-${CACHE_KIB}`);
  work = new ReaderWork(database, tell);
  return work;
}

parentPort?.on('message', (message: ToReader) => {
  if (message.kind === 'open') {
    file = message.file;
    try {
      opened();
    } catch {
      // Whoever asks for a view is told.
    }
  } else if (message.kind === 'close') {
    work?.stop();
    database?.close();
    tell({ kind: 'closed' });
    parentPort?.close();
  } else if (message.kind === 'watch') {
    try {
      opened().take(message);
    } catch (error) {
      const { code } = toAppError(error);
      tell({ kind: 'failed', id: message.id, code, reason: 'open' });
    }
  } else {
    work?.take(message);
  }
});
