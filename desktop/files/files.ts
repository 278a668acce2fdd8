import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { BehaviorSubject } from 'rxjs';
import type { Observable } from 'rxjs';
import { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { toStoreError } from '#desktop/storage/sqlite-errors.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { realTimers, sleep } from '#desktop/replication/timers.ts';
import type { Timers } from '#desktop/replication/timers.ts';
import type { FileApi } from './file-api.ts';
import { FileBox } from './file-box.ts';
import type { Added, Adding } from './file-box.ts';
import { createFileFetcher } from './file-fetcher.ts';
import { openFileIndex } from './file-index.ts';
import type { Send } from './file-index.ts';
import { createFileSender } from './file-sender.ts';
import type { RowState } from './file-sender.ts';
import { openRootKeys } from './root-keys.ts';

/** What of a file's row counts for its bytes. */
export interface FileRow {
  readonly id: string;
  readonly sha256: string;
  readonly size: number;
  /** True when the server has all bytes. */
  readonly isComplete: boolean;
}

/** Bytes on their way, as the screen shows them. */
export interface Transfer {
  readonly fileId: string;
  readonly direction: 'up' | 'down';
  readonly done: number;
  readonly size: number;
  /** held: waits for its row or its turn; offline: for the network or the server. */
  readonly state: 'held' | 'offline' | 'moving' | 'checking' | 'refused';
  /** Why it is refused, or what it waits for. */
  readonly code: Code | null;
}

export interface FilesOptions {
  /** The folder of the profile; files lie in one below it. */
  readonly folder: string;
  readonly database: EncryptedDatabase;
  /** The data key of the profile, 64 hexadecimal digits. */
  readonly key: string;
  readonly api: FileApi;
  /** The row of a file, or null. */
  readonly rowOf: (fileId: string) => FileRow | null;
  readonly rowState: (fileId: string) => RowState;
  /** Rows that this device made and whose bytes the server does not have, for bytes that were found. */
  readonly unsentRows: () => readonly FileRow[];
  /** Contents that no row wants kept any more: their time is over. */
  readonly overdue?: () => readonly string[];
  readonly now?: () => number;
  readonly timers?: Timers;
  readonly random?: () => number;
  /** Bytes of fetched files that may stay on this device. */
  readonly limitBytes?: number;
  readonly log: Logger;
}

export interface Files {
  readonly transfers$: Observable<readonly Transfer[]>;
  readonly transfers: readonly Transfer[];
  /** Begins to take bytes in; nothing of them is sent before `queue`. */
  add(): Promise<Adding>;
  /**
   * Notes that bytes which were added belong to a row and are to be sent. Before the row is written:
   * whatever ends in between leaves a note without a row, which the next start throws away.
   */
  queue(fileId: string, added: Added): void;
  /** Takes that back: the row was not written. */
  unqueue(fileId: string): void;
  /** True when the bytes of a row are on this device. */
  has(sha256: string): boolean;
  /** Brings the bytes of a file here. @throws AppError as the server says; FILE_HASH_WRONG */
  fetch(fileId: string): Promise<void>;
  /** Bytes of a file that is here. @throws AppError NOT_FOUND, FILE_DAMAGED */
  read(fileId: string, from: number, length: number): Promise<Uint8Array>;
  /**
   * Writes a file that is here to a place outside, unencrypted, in pieces; a part of it is never left.
   * @throws AppError NOT_FOUND, FILE_DAMAGED, STORE_DISK_FULL, STORE_READ_ONLY
   */
  saveTo(fileId: string, out: string): Promise<void>;
  /** Tries a file again that was refused. @throws AppError NOT_FOUND */
  retry(fileId: string): void;
  /** Something may have changed: rows, rights, the network. */
  wake(): void;
  /** Files that will not be sent as they are. */
  refused(): readonly (Send & { readonly refused: Code })[];
  /** Bytes that only this device has: files and bytes. */
  unsent(): { readonly files: number; readonly bytes: number };
  /** Resolves when what a kill has left behind is in order. */
  readonly settled: Promise<void>;
  stop(): Promise<void>;
}

const FOLDER = 'files';
const LIMIT_BYTES = 2 * 1024 * 1024 * 1024;
const SHOW_EVERY_MS = 100;

/** The files of one profile: kept, sent and fetched for as long as it is open. */
export function openFiles(options: FilesOptions): Files {
  const { database, api, rowOf, rowState, log } = options;
  const { now = Date.now, timers = realTimers, random = Math.random } = options;
  const folder = path.join(options.folder, FOLDER);
  const index = openFileIndex(database);
  const transfers$ = new BehaviorSubject<readonly Transfer[]>([]);
  let shown = false;
  let isOver = false;

  /** Shows what is, at most some times a second. */
  const show = (): void => {
    if (shown || isOver) return;
    shown = true;
    timers.after(SHOW_EVERY_MS, () => {
      shown = false;
      if (!isOver) transfers$.next(list());
    });
  };

  const box = new FileBox({
    folder,
    index,
    roots: openRootKeys(database, folder, options.key),
    limitBytes: options.limitBytes ?? LIMIT_BYTES,
    now,
    log,
  });
  const sender = createFileSender({
    api,
    box,
    index,
    rowState,
    timers,
    random,
    log,
    onChange: show,
  });
  const fetcher = createFileFetcher({
    api,
    box,
    pause: (ms) => sleep(timers, ms),
    onChange: show,
  });

  const list = (): Transfer[] => {
    const up = index.sends().map((send): Transfer => {
      const { fileId, sent: done, size, refused } = send;
      const common = { fileId, direction: 'up', done, size } as const;
      if (refused !== null) return { ...common, state: 'refused', code: refused };
      if (sender.now?.fileId === fileId) {
        const state = sender.now.phase === 'checking' ? 'checking' : 'moving';
        return { ...common, state, code: null };
      }
      const row = rowState(fileId);
      if (row !== 'there' && row !== 'waits') return { ...common, state: 'refused', code: row };
      const { problem } = sender;
      return { ...common, state: problem === null ? 'held' : 'offline', code: problem };
    });
    const down = fetcher.running.map((fetching): Transfer => {
      const { fileId, done, size } = fetching;
      return { fileId, direction: 'down', done, size, state: 'moving', code: null };
    });
    return [...up, ...down];
  };

  /** After a start: notes without a row go, bytes that were found are sent when a row wants them. */
  const settle = async (): Promise<void> => {
    const { lost, found } = await box.settle();
    for (const send of index.sends()) {
      const row = rowOf(send.fileId);
      if (!row || row.isComplete) unqueue(send.fileId);
      else if (lost.includes(send.sha256)) index.putSend({ ...send, refused: 'FILE_DAMAGED' });
    }
    for (const row of options.unsentRows()) {
      if (index.send(row.id) || !box.has(row.sha256)) continue;
      queue(row.id, row);
    }
    // What no row of ours waits for is the server's, or nobody's.
    const wanted = new Set(index.sends().map(({ sha256 }) => sha256));
    for (const sha256 of found) if (!wanted.has(sha256)) box.release(sha256);
    for (const sha256 of options.overdue?.() ?? []) box.drop(sha256);
    show();
    sender.wake();
  };

  const queue = (fileId: string, { sha256, size }: Pick<Added, 'sha256' | 'size'>): void => {
    const send = { fileId, sha256, size, sent: 0, refused: null, wrong: 0, addedAt: now() };
    index.transaction(() => {
      index.putSend(send);
      index.keepBytes(sha256, true);
    });
    show();
  };

  const unqueue = (fileId: string): void => {
    const send = index.send(fileId);
    if (!send) return;
    index.dropSend(fileId);
    if (!index.sends().some(({ sha256 }) => sha256 === send.sha256)) box.release(send.sha256);
    show();
  };

  const requireRow = (fileId: string): FileRow => {
    const row = rowOf(fileId);
    if (!row) throw new AppError('NOT_FOUND');
    return row;
  };

  const settled = settle().catch((error: unknown) => {
    log.error('files not settled', { code: error instanceof AppError ? error.code : 'INTERNAL' });
  });

  return {
    transfers$,
    get transfers() {
      return list();
    },
    settled,
    add: () => box.add(),
    queue,
    unqueue,
    has: (sha256) => box.has(sha256),
    async fetch(fileId) {
      const { sha256, size } = requireRow(fileId);
      await fetcher.fetch({ fileId, sha256, size });
    },
    async read(fileId, from, length) {
      const { sha256 } = requireRow(fileId);
      const chunks: Buffer[] = [];
      for await (const chunk of box.read(sha256, from, length)) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    async saveTo(fileId, out) {
      const { sha256 } = requireRow(fileId);
      const part = `${out}.part`;
      try {
        const file = await open(part, 'w', 0o600);
        try {
          for await (const chunk of box.read(sha256)) await file.writeFile(chunk);
        } finally {
          await file.close();
        }
        await rename(part, out);
      } catch (error) {
        await rm(part, { force: true });
        throw error instanceof AppError ? error : toStoreError(error);
      }
    },
    retry(fileId) {
      const send = index.send(fileId);
      if (!send) throw new AppError('NOT_FOUND');
      index.putSend({ ...send, refused: null, wrong: 0 });
      show();
      sender.wake();
    },
    wake() {
      show();
      sender.wake();
    },
    refused: () =>
      index
        .sends()
        .flatMap((send) => (send.refused === null ? [] : [{ ...send, refused: send.refused }])),
    unsent() {
      const kept = index.bytes().filter(({ isKept }) => isKept);
      return { files: kept.length, bytes: kept.reduce((sum, { size }) => sum + size, 0) };
    },
    async stop() {
      await Promise.all([sender.stop(), fetcher.stop()]);
      await settled;
      isOver = true;
      transfers$.complete();
    },
  };
}
