import { createHash } from 'node:crypto';
import type pg from 'pg';
import { AppError } from '#shared/errors/app-error.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { FILE_TYPES, isFileType } from '#shared/schema/file-types.ts';
import { FILE_LIMITS } from '#shared/protocol/files.ts';
import type { FileState } from '#shared/protocol/files.ts';
import type { Tx } from '../db/with-session.ts';
import { createLimiter } from '../http/limiter.ts';
import type { Caller } from '../http/route.ts';
import type { ChangeSet } from '../realtime/change.ts';
import { checkedBytes, drain } from './checked-bytes.ts';
import {
  auditFile,
  beginSend,
  forgetSend,
  lockBlob,
  mayFetchSame,
  noteBlob,
  noteStoredPart,
  sayOfFile,
  storedParts,
  withFile,
} from './file-records.ts';
import type { FileFacts, StoredPart } from './file-records.ts';
import { blobKey, partKey } from './file-store.ts';
import type { FileStore } from './file-store.ts';

export interface UploadDeps {
  readonly pool: pg.Pool;
  readonly store: FileStore;
  readonly hlc: HybridClock;
  readonly announce: (set: ChangeSet) => void;
  readonly log: Logger;
}

/** Files that are put together at once: each holds a piece or two of 6 MiB on its way to the store. */
const CHECKS_AT_ONCE = 4;
const CHECKS_WAITING = 64;

/** One part as it came. */
export interface SentPart {
  readonly file: string;
  readonly at: number;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

export interface Uploads {
  /**
   * Where the upload of a file stands; begins it when there is none.
   * @throws AppError as `withFile`; FILE_TOO_LARGE, FILE_TYPE_REFUSED, FILE_GONE
   */
  state(caller: Caller, file: string): Promise<FileState>;
  /**
   * Stores a part when it is the next one. Whatever is sent again changes nothing.
   * @throws AppError as `state`; FILE_PART_WRONG, FILES_NO_ROOM
   */
  part(caller: Caller, part: SentPart): Promise<FileState>;
  /**
   * Checks the whole, once all parts have come, and makes the file readable for others.
   * @throws AppError as `state`; FILE_HASH_WRONG: the upload begins anew
   */
  complete(caller: Caller, file: string): Promise<FileState>;
}

/**
 * Uploads of files. Nothing of one is in this process: what has arrived stands in the database and the
 * store, so each request may reach another server, and a kill costs the part that was on its way.
 */
export function createUploads(deps: UploadDeps): Uploads {
  const { pool, store, hlc, announce, log } = deps;
  const turns = createLimiter(CHECKS_AT_ONCE, CHECKS_WAITING);
  /** Checks that run here: the same one is not begun twice by a device that asks again. */
  const checking = new Map<string, Promise<FileState>>();

  const tell = (change: ChangeSet | null): void => {
    if (change) announce(change);
  };

  /** The state after a transaction that may also have completed the file without a byte. */
  const state = async (caller: Caller, file: string): Promise<FileState> => {
    const { answer, change } = await withFile(pool, caller, file, 'upload', async (facts, tx) => {
      requireAcceptable(facts);
      if (facts.upload_state === 'complete') return { answer: whole(facts), change: null };
      const known = await completeAsKnown(facts, tx);
      if (known) return { answer: whole(facts), change: known };
      const received = await tx.asEngine((engine) => beginSend(engine, file));
      return { answer: partly(facts, received), change: null };
    });
    tell(change);
    return answer;
  };

  /** What the caller may fetch already need not be sent: it is the same bytes. */
  const completeAsKnown = async (facts: FileFacts, tx: Tx): Promise<ChangeSet | null> => {
    if (!(await mayFetchSame(tx, facts))) return null;
    return tx.asEngine(async (engine) => {
      const key = await lockBlob(engine, facts.sha256);
      if (key === null) return null;
      return sayOfFile(engine, facts, { upload_state: 'complete', storage_key: key }, hlc.next());
    });
  };

  const part = async (caller: Caller, sent: SentPart): Promise<FileState> => {
    const { file, at, bytes } = sent;
    const before = await state(caller, file);
    if (before.isComplete || at !== before.received) return before;
    const end = at + bytes.byteLength;
    const isCrumb = bytes.byteLength < FILE_LIMITS.leastPartBytes && end < before.size;
    if (end > before.size || isCrumb) throw new AppError('FILE_PART_WRONG');
    if (createHash('sha256').update(bytes).digest('hex') !== sent.sha256) {
      throw new AppError('FILE_PART_WRONG');
    }
    const stored = { at, length: bytes.byteLength };
    await store.put(partKey(file, at, stored.length), stored.length, once(bytes));
    // Rights are judged again: they may have ended while the bytes were on their way.
    const { answer, change } = await withFile(pool, caller, file, 'upload', (facts, tx) =>
      tx.asEngine(async (engine) => {
        if (facts.upload_state === 'complete') return { answer: whole(facts), change: null };
        const isNext = await noteStoredPart(engine, file, stored);
        const change =
          isNext && at === 0
            ? await sayOfFile(engine, facts, { upload_state: 'partial' }, hlc.next())
            : null;
        const received = isNext ? at + stored.length : await beginSend(engine, file);
        return { answer: partly(facts, received), change };
      }),
    );
    tell(change);
    return answer;
  };

  const complete = async (caller: Caller, file: string): Promise<FileState> => {
    const before = await state(caller, file);
    if (before.isComplete || before.received < before.size) return before;
    const { facts, parts } = await withFile(pool, caller, file, 'upload', (found, tx) =>
      tx.asEngine(async (engine) => ({ facts: found, parts: await storedParts(engine, file) })),
    );
    try {
      await keepWhole(facts, parts);
    } catch (error) {
      if (await noteFault(caller, facts, parts, error)) return whole(facts);
      throw error;
    }
    const answer = await finish(caller, file);
    await dropParts(file, parts);
    return answer;
  };

  /** Reads the parts once, checks them, and puts the whole in its place, unless it is there. */
  const keepWhole = async (facts: FileFacts, parts: readonly StoredPart[]): Promise<void> => {
    const key = blobKey(facts.sha256);
    const bytes = checkedBytes(readParts(facts.id, parts), facts);
    // Who sends the same bytes as somebody else has to prove that they have them, and no more.
    if ((await store.size(key)) === facts.size) await drain(bytes);
    else await store.put(key, facts.size, bytes);
  };

  async function* readParts(
    file: string,
    parts: readonly StoredPart[],
  ): AsyncGenerator<Uint8Array> {
    for (const { at, length } of parts) yield* store.read(partKey(file, at, length), 0, length);
  }

  const finish = async (caller: Caller, file: string): Promise<FileState> => {
    const { answer, change } = await withFile(pool, caller, file, 'upload', (facts, tx) =>
      tx.asEngine(async (engine) => {
        const key = blobKey(facts.sha256);
        await noteBlob(engine, facts, key);
        // Held now; before, a sweep of the same bytes may have come in between.
        if ((await store.size(key)) !== facts.size) {
          throw new AppError('SERVER_BUSY', { reason: 'swept' });
        }
        await forgetSend(engine, file);
        const says = { upload_state: 'complete', storage_key: key } as const;
        const change = await sayOfFile(engine, facts, says, hlc.next());
        if (change) {
          const entry = { action: 'update', outcome: 'uploaded' } as const;
          await auditFile(engine, caller.deviceId, facts, entry);
        }
        return { answer: whole(facts), change };
      }),
    );
    tell(change);
    return answer;
  };

  /**
   * What turned out to be wrong is not kept, so that the device can send it anew or learns why not.
   * @returns true when another server has made it whole meanwhile, and taken the parts away
   */
  const noteFault = async (
    caller: Caller,
    facts: FileFacts,
    parts: readonly StoredPart[],
    error: unknown,
  ): Promise<boolean> => {
    const code = error instanceof AppError ? error.code : null;
    // A part that the store has lost is as good as one that never came.
    const isLost = code === 'NOT_FOUND';
    if (code !== 'FILE_HASH_WRONG' && code !== 'FILE_TYPE_REFUSED' && !isLost) return false;
    const { isWhole, change } = await withFile(pool, caller, facts.id, 'upload', (found, tx) =>
      tx.asEngine(async (engine) => {
        if (found.upload_state === 'complete') return { isWhole: true, change: null };
        await forgetSend(engine, facts.id);
        const entry = { action: 'refuse', outcome: isLost ? 'parts lost' : code } as const;
        await auditFile(engine, caller.deviceId, facts, entry);
        const says =
          code === 'FILE_TYPE_REFUSED'
            ? ({ upload_state: 'local', scan_status: 'failed' } as const)
            : ({ upload_state: 'local' } as const);
        return { isWhole: false, change: await sayOfFile(engine, facts, says, hlc.next()) };
      }),
    );
    if (isWhole) return true;
    tell(change);
    await dropParts(facts.id, parts);
    if (isLost) throw new AppError('FILE_HASH_WRONG', { reason: 'parts lost' });
    return false;
  };

  const dropParts = async (file: string, parts: readonly StoredPart[]): Promise<void> => {
    try {
      await store.remove(parts.map(({ at, length }) => partKey(file, at, length)));
    } catch (error) {
      // They are swept later.
      log.warn('parts of a file stay for now', {
        reason: error instanceof Error ? error.name : '',
      });
    }
  };

  return {
    state,
    part,
    complete: (caller, file) => {
      const running = checking.get(file);
      // Its rights are those of who began it; whoever joins is asked for theirs.
      if (running) return state(caller, file).then(() => running);
      const work = turns.run(() => complete(caller, file)).finally(() => checking.delete(file));
      checking.set(file, work);
      return work;
    },
  };
}

const SHA256 = /^[0-9a-f]{64}$/;

/** @throws AppError FILE_GONE, FILE_NOT_ALLOWED, FILE_TYPE_REFUSED, FILE_TOO_LARGE */
function requireAcceptable(facts: FileFacts): void {
  // It becomes the name of a place in the store.
  if (!SHA256.test(facts.sha256)) throw new AppError('FILE_NOT_ALLOWED');
  if (facts.is_over) throw new AppError('FILE_GONE');
  if (facts.scan_status === 'failed' || facts.scan_status === 'infected') {
    throw new AppError('FILE_TYPE_REFUSED');
  }
  if (!isFileType(facts.mime)) throw new AppError('FILE_TYPE_REFUSED');
  const limit = FILE_TYPES[facts.mime];
  if (facts.size > limit) throw new AppError('FILE_TOO_LARGE', { limit });
}

const whole = ({ id, size }: FileFacts): FileState => ({
  file: id,
  received: size,
  size,
  isComplete: true,
});

const partly = ({ id, size }: FileFacts, received: number): FileState => ({
  file: id,
  received,
  size,
  isComplete: false,
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
