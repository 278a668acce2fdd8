import type pg from 'pg';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { borrow } from '../db/borrow.ts';
import type { Queries } from '../db/with-session.ts';
import { auditFile, sayOfFile } from '../files/file-records.ts';
import { partsFolder } from '../files/file-store.ts';
import type { FileStore } from '../files/file-store.ts';
import type { ChangeSet } from '../realtime/change.ts';
import { periodic } from './periodic.ts';

const EVERY_MS = 60 * 60_000;
/** Only one of several servers sweeps at a time. */
const LOCK = 731_000_002;
/** An upload that nobody touched for so long begins anew. */
const ABANDONED_AFTER = '14 days';
/** Bytes that no row of ours names may belong to something that is just being written. */
const ORPHAN_AFTER_MS = 2 * 24 * 60 * 60_000;
const AT_ONCE = 100;
/** The device whose chain holds what the server does by itself. */
export const SERVER_DEVICE = '5e7f0000-0000-4000-8000-000000000001';

/** What one run removed. */
export interface Swept {
  /** Files whose time of keeping is over, or whose rows were removed. */
  readonly ended: number;
  /** Uploads that were given up. */
  readonly abandoned: number;
  /** Objects that nothing names any more. */
  readonly orphans: number;
}

export interface FileKeeper {
  /** Removes what is over; null when another server does. */
  run(): Promise<Swept | null>;
  start(): void;
  stop(): Promise<void>;
}

/**
 * Removes bytes whose time of keeping is over, uploads that were given up, and objects that nothing
 * names; never anything else. Rows stay until their own time is over: they say that there was a file.
 */
export function createFileKeeper(deps: {
  readonly pool: pg.Pool;
  readonly store: FileStore;
  readonly hlc: HybridClock;
  readonly announce: (set: ChangeSet) => void;
  readonly log: Logger;
  readonly now?: () => number;
}): FileKeeper {
  const { pool, store, hlc, announce, log, now = Date.now } = deps;

  /** One transaction as the engine, of the server's own. */
  const asEngine = async <T>(work: (engine: Queries) => Promise<T>): Promise<T> => {
    const { client, giveBack } = await borrow(pool);
    try {
      await client.query(`begin; set local role ganger_engine;
        set local statement_timeout = '20s'; set local transaction_timeout = '60s'`);
      const result = await work({
        query: async (text, values = []) => (await client.query(text, [...values])).rows as never,
        execute: async (text, values = []) => (await client.query(text, [...values])).rowCount ?? 0,
      });
      await client.query('commit');
      giveBack();
      return result;
    } catch (error) {
      // A connection in an unknown state serves nobody.
      giveBack(error instanceof Error ? error : new Error('files not swept'));
      throw error;
    }
  };

  interface Over {
    readonly id: string;
    readonly location_id: string | null;
    readonly sha256: string;
  }

  const endKeeping = async (): Promise<number> => {
    const over = await asEngine((engine) =>
      engine.query<Over & { [column: string]: unknown }>(
        `select id, location_id, sha256 from public.file_uploads
          where retention_until < current_date and upload_state = 'complete'
          order by retention_until limit ${AT_ONCE}`,
      ),
    );
    for (const file of over) await endOne(file);
    return over.length;
  };

  const endOne = async (file: Over): Promise<void> => {
    const change = await asEngine(async (engine) => {
      const [blob] = await engine.query<{ storage_key: string }>(
        'select storage_key from private.file_blobs where sha256 = $1 for update',
        [file.sha256],
      );
      const says = { upload_state: 'local', storage_key: null } as const;
      const change = await sayOfFile(engine, file, says, hlc.next());
      if (change) {
        await auditFile(engine, SERVER_DEVICE, file, { action: 'update', outcome: 'not kept' });
      }
      // Looked at after the lock: whoever names the same bytes meanwhile waits for this.
      const others = await engine.query(
        `select from public.file_uploads where sha256 = $1 and upload_state = 'complete' limit 1`,
        [file.sha256],
      );
      if (blob && others.length === 0) {
        await engine.execute('delete from private.file_blobs where sha256 = $1', [file.sha256]);
        // Before the commit: whoever brings the same bytes again finds that they are not there.
        await store.remove([blob.storage_key]);
      }
      return change;
    });
    if (change) announce(change);
  };

  /** Bytes whose last row has been removed after its time of keeping. @returns how many */
  const endUnnamed = async (): Promise<number> =>
    asEngine(async (engine) => {
      const unnamed = await engine.query<{ sha256: string; storage_key: string }>(
        `select b.sha256, b.storage_key from private.file_blobs b
          where not exists (select from public.file_uploads f where f.sha256 = b.sha256)
          order by b.sha256 limit ${AT_ONCE} for update skip locked`,
      );
      if (unnamed.length === 0) return 0;
      // Looked at again behind the locks: whoever names the same bytes meanwhile waits for these.
      const gone = await engine.query<{ storage_key: string }>(
        `delete from private.file_blobs b where b.sha256 = any ($1)
            and not exists (select from public.file_uploads f where f.sha256 = b.sha256)
         returning b.storage_key`,
        [unnamed.map(({ sha256 }) => sha256)],
      );
      await store.remove(gone.map(({ storage_key: key }) => key));
      return gone.length;
    });

  const giveUp = async (): Promise<number> => {
    const given = await asEngine((engine) =>
      engine.query<{ id: string; location_id: string | null }>(
        `delete from private.file_sends s using public.file_uploads f
          where f.id = s.file_id and s.touched_at < now() - interval '${ABANDONED_AFTER}'
          returning f.id, f.location_id`,
      ),
    );
    // Older than this, a fetch is written down anew in any case.
    await asEngine((engine) =>
      engine.execute(`delete from private.file_fetches where noted_at < now() - interval '1 day'`),
    );
    for (const file of given) {
      const change = await asEngine((engine) =>
        sayOfFile(engine, file, { upload_state: 'local' }, hlc.next()),
      );
      if (change) announce(change);
    }
    return given.length;
  };

  /** Parts of uploads that are over, and bytes that no row names. */
  const sweepOrphans = async (): Promise<number> => {
    const isOld = (changedAt: number | null): boolean =>
      changedAt !== null && changedAt < now() - ORPHAN_AFTER_MS;
    let removed = 0;
    for (const id of await foldersIn(store, 'parts')) {
      const [known] = await asEngine((engine) =>
        engine.query('select from private.file_sends where file_id::text = $1', [id]),
      );
      if (known) continue;
      removed += await removeAll(store, await oldIn(store, partsFolder(id), isOld));
    }
    for (const shelf of await foldersIn(store, 'files')) {
      const keys = await oldIn(store, `files/${shelf}`, isOld);
      if (keys.length === 0) continue;
      removed += await asEngine(async (engine) => {
        const named = await engine.query<{ storage_key: string }>(
          'select storage_key from private.file_blobs where storage_key = any($1)',
          [keys],
        );
        const known = new Set(named.map(({ storage_key: key }) => key));
        return removeAll(
          store,
          keys.filter((key) => !known.has(key)),
        );
      });
    }
    return removed;
  };

  const run = async (): Promise<Swept | null> => {
    const { client, giveBack } = await borrow(pool);
    try {
      const { rows } = await client.query<{ mine: boolean }>(
        `select pg_try_advisory_lock(${LOCK}) as mine`,
      );
      if (rows[0]?.mine !== true) return null;
      try {
        const swept = {
          ended: (await endKeeping()) + (await endUnnamed()),
          abandoned: await giveUp(),
          orphans: await sweepOrphans(),
        };
        if (swept.ended + swept.abandoned + swept.orphans > 0) log.info('files swept', swept);
        return swept;
      } finally {
        await client.query(`select pg_advisory_unlock(${LOCK})`);
      }
    } finally {
      giveBack();
    }
  };

  return { run, ...periodic('keep-files', EVERY_MS, run, log, { atStart: false }) };
}

async function foldersIn(store: FileStore, folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isFolder } of store.list(folder)) if (isFolder) names.push(name);
  return names;
}

/** Keys in a folder, read to the end before any is removed. */
async function oldIn(
  store: FileStore,
  folder: string,
  isOld: (changedAt: number | null) => boolean,
): Promise<string[]> {
  const keys: string[] = [];
  for await (const { name, isFolder, changedAt } of store.list(folder)) {
    if (!isFolder && isOld(changedAt)) keys.push(`${folder}/${name}`);
  }
  return keys;
}

async function removeAll(store: FileStore, keys: readonly string[]): Promise<number> {
  await store.remove(keys);
  return keys.length;
}
