import { workerData } from 'node:worker_threads';
import { startPowerSyncWorker } from '@powersync/node/worker.js';
import Database from 'better-sqlite3';

/** PowerSync's worker over an encrypted file: the SDK reads the file before it offers to set a key. */
class Encrypted extends Database {
  constructor(file, options) {
    super(file, options);
    this.pragma("cipher='sqlcipher'");
    this.pragma(`key="x'${workerData.key}'"`);
    this.pragma('cache_size=-65536');
    this.pragma('synchronous=full');
  }
}

startPowerSyncWorker({ loadBetterSqlite3: () => Promise.resolve(Encrypted) });
