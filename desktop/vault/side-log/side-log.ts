import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { toStoreError } from '#desktop/storage/sqlite-errors.ts';
import { moveDurably, writeAll } from '../files/durable.ts';
import { decodeNote, encodeNote, grouped, keyOf, withoutRows } from './entries.ts';
import type { Marks, Note, SideLogEntry } from './entries.ts';
import {
  FILE_HEAD_BYTES,
  decodeRecord,
  encodeRecord,
  fileHead,
  readHead,
  scanRecords,
  sideLogKey,
} from './record-format.ts';

export const SIDE_LOG_FILE = 'unsent.log';
const COMPACT_FROM_BYTES = 1024 * 1024;
/** Rows kept in memory while the disk is full; beyond, the database alone knows them. */
const MAX_PENDING_ROWS = 2_000;

export interface OpenSideLog {
  /** The folder of the profile; the log is the file `unsent.log` in it. */
  readonly folder: string;
  /** The data key of the profile, 64 hexadecimal digits. */
  readonly key: string;
  /** The data key before a rotation that may have been cut short. */
  readonly formerKey?: string | undefined;
  readonly log: Logger;
  /** Told when appending begins to fail, and with null when it works again. Must not throw. */
  readonly onTrouble?: ((code: Code | null) => void) | undefined;
}

/** All that a log says, in place of what it says now. */
export interface Truth {
  readonly storeId: string;
  readonly lastSeq: ReadonlyMap<string, number>;
  readonly rows: Iterable<SideLogEntry>;
}

export interface SideLog {
  /**
   * Adds rows as one group; they are on the disk when it returns true. It never throws: the rows are
   * in the database already, and a rejected write would be one that has happened. False: the disk did
   * not take them (`onTrouble`); they are tried again with the next group.
   */
  append(entries: readonly SideLogEntry[]): boolean;
  /** Rows that the server has now. Not awaited on the disk: a lost note costs a repeated question. */
  confirmed(table: string, ids: readonly string[]): void;
  /** Rows that were removed on purpose and must not come back; on the disk when it returns. */
  dropped(table: string, ids: readonly string[]): void;
  /** The latest state of each row that is not confirmed, in the order in which they were written. */
  waiting(): SideLogEntry[];
  count(): number;
  lastMarks(): Marks;
  /** The file that the log belongs to, by its last `compact`; null when it never had one. */
  readonly storeId: string | null;
  /** Code of what keeps it from writing, or null. */
  readonly trouble: Code | null;
  /** Records that could not be read when it was opened, between others that could. */
  readonly missingAtOpen: number;
  /** Size of the file in bytes. */
  readonly bytes: number;
  /** Writes a new file with what the database says (or with what waits by its own account). */
  compact(truth?: Truth): void;
  /** Writes a new file under another data key. */
  rekey(newKey: string): void;
  close(): void;
}

/**
 * Opens (or makes) the side log of a profile: what the server does not have yet, beside the
 * database and independent of it.
 * @throws AppError STORE_KEY_WRONG when it was written under another key (nothing is touched),
 *   STORE_NEWER, STORE_READ_ONLY, STORE_DISK_FULL
 */
export function openSideLog(options: OpenSideLog): SideLog {
  return new Log(options);
}

interface Place {
  readonly offset: number;
  readonly length: number;
  /** This row's part of the record. */
  readonly share: number;
}

class Log implements SideLog {
  readonly #file: string;
  readonly #log: Logger;
  readonly #onTrouble: (code: Code | null) => void;
  readonly missingAtOpen: number = 0;
  #key: Buffer;
  #handle: number;
  #end = FILE_HEAD_BYTES;
  #number = 0;
  /** Rows that wait, in the order of their last write. */
  #places = new Map<string, Place>();
  #liveBytes = 0;
  #storeId: string | null = null;
  #lastSeq = new Map<string, number>();
  #pending: SideLogEntry[] = [];
  #trouble: Code | null = null;

  constructor({ folder, key, formerKey, log, onTrouble }: OpenSideLog) {
    this.#file = path.join(folder, SIDE_LOG_FILE);
    this.#log = log;
    this.#onTrouble = onTrouble ?? (() => undefined);
    this.#key = sideLogKey(key);
    rmSync(`${this.#file}.tmp`, { force: true });
    try {
      const bytes = existsSync(this.#file) ? readFileSync(this.#file) : Buffer.alloc(0);
      const head = bytes.length === 0 ? 'new' : readHead(bytes, this.#key);
      if (head === 'newer') throw new AppError('STORE_NEWER', { reason: 'side log' });
      if (head === 'other-key' && formerKey !== undefined) {
        this.#key = sideLogKey(formerKey);
        if (readHead(bytes, this.#key) !== 'fits') throw wrongKey();
      } else if (head === 'other-key') throw wrongKey();
      const scan = scanRecords(bytes, this.#key);
      const isUnreadable = head === 'broken' && scan.records.length === 0;
      // Whatever it was, it is not written over: somebody may want to look at it.
      if (isUnreadable && bytes.length > FILE_HEAD_BYTES) {
        log.error('side log cannot be read', { bytes: bytes.length });
        moveDurably(this.#file, `${this.#file}.unreadable`);
      }
      this.missingAtOpen = scan.missing;
      for (const { number, payload, offset, length } of scan.records) {
        this.#number = number;
        this.#take(decodeNote(payload), offset, length);
      }
      this.#end = Math.max(scan.end, FILE_HEAD_BYTES);
      if (scan.missing > 0) log.error('side log has gaps', { missing: scan.missing });
      this.#handle = openSync(this.#file, existsSync(this.#file) ? 'r+' : 'w+', 0o600);
      if (head === 'new' || head === 'broken') this.#writeHead();
      if (scan.tornBytes > 0 && !isUnreadable) ftruncateSync(this.#handle, this.#end);
    } catch (error) {
      throw toStoreError(error);
    }
    if (formerKey !== undefined && !this.#key.equals(sideLogKey(key))) this.rekey(key);
  }

  get trouble(): Code | null {
    return this.#trouble;
  }

  get storeId(): string | null {
    return this.#storeId;
  }

  get bytes(): number {
    return this.#end;
  }

  append(entries: readonly SideLogEntry[]): boolean {
    const all = this.#pending.length > 0 ? [...this.#pending, ...entries] : entries;
    if (all.length === 0) return true;
    try {
      for (const group of grouped(all)) this.#write({ kind: 'rows', rows: group });
      fdatasyncSync(this.#handle);
    } catch (error) {
      this.#pending = all.slice(-MAX_PENDING_ROWS);
      this.#failed(error);
      return false;
    }
    this.#pending = [];
    if (this.#trouble !== null) this.#setTrouble(null);
    this.#compactIfDead();
    return true;
  }

  confirmed(table: string, ids: readonly string[]): void {
    this.#settle(table, ids, false);
  }

  dropped(table: string, ids: readonly string[]): void {
    this.#settle(table, ids, true);
  }

  waiting(): SideLogEntry[] {
    const found = new Map<string, SideLogEntry>();
    const byOffset = new Map<number, number>();
    for (const { offset, length } of this.#places.values()) byOffset.set(offset, length);
    for (const [offset, length] of [...byOffset].toSorted(([a], [b]) => a - b)) {
      const note = this.#read(offset, length);
      if (note?.kind !== 'rows') continue;
      for (const entry of note.rows) {
        const key = keyOf(entry.table, entry.id);
        if (this.#places.get(key)?.offset !== offset) continue;
        found.delete(key);
        found.set(key, entry);
      }
    }
    for (const entry of this.#pending) {
      found.delete(keyOf(entry.table, entry.id));
      found.set(keyOf(entry.table, entry.id), entry);
    }
    return [...found.values()];
  }

  count(): number {
    const keys = new Set(this.#places.keys());
    for (const { table, id } of this.#pending) keys.add(keyOf(table, id));
    return keys.size;
  }

  lastMarks(): Marks {
    return { storeId: this.#storeId, lastSeq: new Map(this.#lastSeq) };
  }

  compact(truth?: Truth): void {
    try {
      this.#rewrite(this.#key, truth);
    } catch (error) {
      this.#failed(error);
      throw toStoreError(error);
    }
    if (this.#trouble !== null) this.#setTrouble(null);
  }

  rekey(newKey: string): void {
    try {
      this.#rewrite(sideLogKey(newKey), undefined);
    } catch (error) {
      throw toStoreError(error);
    }
  }

  close(): void {
    if (this.#handle === -1) return;
    try {
      fdatasyncSync(this.#handle);
    } catch (error) {
      this.#log.warn('side log not flushed', { code: toStoreError(error).code });
    }
    closeSync(this.#handle);
    this.#handle = -1;
  }

  #settle(table: string, ids: readonly string[], isUrgent: boolean): void {
    const known = ids.filter((id) => this.#places.has(keyOf(table, id)));
    if (this.#pending.length > 0) {
      const gone = new Set(ids);
      this.#pending = this.#pending.filter((entry) => entry.table !== table || !gone.has(entry.id));
    }
    if (known.length === 0) return;
    try {
      this.#write({ kind: 'done', table, ids: known });
      if (isUrgent) fdatasyncSync(this.#handle);
    } catch (error) {
      for (const id of known) this.#forget(keyOf(table, id));
      this.#failed(error);
      return;
    }
    this.#compactIfDead();
  }

  /** Takes note of what a record says. */
  #take(note: Note, offset: number, length: number): void {
    if (note.kind === 'rows') {
      const share = length / note.rows.length;
      for (const { table, id, seq } of note.rows) {
        const key = keyOf(table, id);
        this.#forget(key);
        this.#places.set(key, { offset, length, share });
        this.#liveBytes += share;
        this.#lastSeq.set(table, Math.max(seq, this.#lastSeq.get(table) ?? 0));
      }
    } else if (note.kind === 'done') {
      for (const id of note.ids) this.#forget(keyOf(note.table, id));
    } else {
      this.#storeId = note.storeId;
      this.#lastSeq = new Map(Object.entries(note.lastSeq));
    }
  }

  #forget(key: string): void {
    const place = this.#places.get(key);
    if (!place) return;
    this.#liveBytes -= place.share;
    this.#places.delete(key);
  }

  #write(note: Note): void {
    const record = encodeRecord(this.#key, this.#number + 1, encodeNote(note));
    try {
      writeAll(this.#handle, record, this.#end);
    } catch (error) {
      this.#undo();
      throw error;
    }
    this.#number += 1;
    this.#take(note, this.#end, record.length);
    this.#end += record.length;
  }

  /** Half a record stays for the next one to be written over when this does not work. */
  #undo(): void {
    try {
      ftruncateSync(this.#handle, this.#end);
    } catch {
      // The next record starts at the same place.
    }
  }

  #read(offset: number, length: number): Note | null {
    const bytes = Buffer.alloc(length);
    readSync(this.#handle, bytes, 0, length, offset);
    const payload = decodeRecord(this.#key, bytes);
    return payload && decodeNote(payload);
  }

  #writeHead(): void {
    writeAll(this.#handle, fileHead(this.#key), 0);
    fsyncSync(this.#handle);
  }

  #compactIfDead(): void {
    if (this.#end < COMPACT_FROM_BYTES || this.#liveBytes * 2 > this.#end) return;
    try {
      this.#rewrite(this.#key, undefined);
    } catch (error) {
      this.#log.warn('side log not compacted', { code: toStoreError(error).code });
    }
  }

  /** A new file beside, moved into the place of the old one when it is whole. */
  #rewrite(key: Buffer, truth: Truth | undefined): void {
    const storeId = truth?.storeId ?? this.#storeId;
    const lastSeq = truth?.lastSeq ?? this.#lastSeq;
    const rows = truth?.rows ?? this.waiting();
    const temporary = `${this.#file}.tmp`;
    const handle = openSync(temporary, 'w+', 0o600);
    const written: { note: Note; offset: number; length: number }[] = [];
    let end = FILE_HEAD_BYTES;
    let number = this.#number;
    const write = (note: Note): void => {
      const record = encodeRecord(key, (number += 1), encodeNote(note));
      writeAll(handle, record, end);
      written.push({ note: withoutRows(note), offset: end, length: record.length });
      end += record.length;
    };
    try {
      writeAll(handle, fileHead(key), 0);
      for (const group of grouped(rows)) write({ kind: 'rows', rows: group });
      // Last, since the numbers of the rows above are not more than what the store has given.
      if (storeId !== null) write({ kind: 'marks', storeId, lastSeq: Object.fromEntries(lastSeq) });
      fsyncSync(handle);
    } catch (error) {
      closeSync(handle);
      rmSync(temporary, { force: true });
      throw error;
    }
    closeSync(handle);
    // Windows replaces no file that is open.
    closeSync(this.#handle);
    try {
      moveDurably(temporary, this.#file);
    } finally {
      this.#handle = openSync(this.#file, 'r+');
    }
    this.#pending = [];
    this.#key = key;
    this.#end = end;
    this.#number = number;
    this.#places = new Map();
    this.#liveBytes = 0;
    this.#lastSeq = new Map();
    for (const { note, offset, length } of written) this.#take(note, offset, length);
    if (storeId === null) this.#lastSeq = new Map(lastSeq);
  }

  #failed(error: unknown): void {
    const { code } = toStoreError(error);
    this.#log.error('side log cannot be written', { code });
    if (code !== this.#trouble) this.#setTrouble(code);
  }

  #setTrouble(code: Code | null): void {
    this.#trouble = code;
    this.#onTrouble(code);
  }
}

const wrongKey = (): AppError => new AppError('STORE_KEY_WRONG', { reason: 'side log' });
