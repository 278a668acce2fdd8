import { debounceTime, merge } from 'rxjs';
import type { Observable } from 'rxjs';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { CommitNotice } from '#desktop/storage/storage-types.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';

/** So long nothing has changed: rows of a pull come in many parts. */
const QUIET_MS = 2_000;
const TABLES = ['sds_documents', 'file_uploads', 'inventory_items'];

/** Files of sheets in force, and pictures of items, whose bytes the server has. */
const WANTED = `
  select f.id from live_sds_documents d join live_file_uploads f on f.id = d.file_id
   where d.status = 'current' and f.upload_state = 'complete'
  union all
  select f.id from live_inventory_items i join live_file_uploads f on f.id = i.image_file_id
   where i.status = 'active' and f.upload_state = 'complete' and f.size_bytes <= 262144`;

/**
 * Brings the makers' safety sheets to this device before anybody asks for them: they must be in reach on
 * every shift, also without a network (29 CFR 1910.1200(g)(8)). Small pictures of items follow, so that
 * a list shows them offline. One file at a time; what does not come now is tried when
 * the network is back.
 * @returns ends it
 */
export function keepSafetySheets(options: {
  readonly database: Pick<EncryptedDatabase, 'read'>;
  readonly fetch: (fileId: string) => Promise<void>;
  readonly status$: Observable<Pick<SyncStatus, 'online'>>;
  readonly changes$: Observable<Pick<CommitNotice, 'collections'>>;
  readonly log: Logger;
  readonly quietMs?: number;
}): () => Promise<void> {
  const { database, fetch, status$, changes$, log, quietMs = QUIET_MS } = options;
  let isOnline = false;
  let isOver = false;
  let isAsked = false;
  let running: Promise<void> | null = null;

  const bring = async (): Promise<void> => {
    isAsked = false;
    for (const { id } of database.read<{ id: string }>(WANTED)) {
      if (isOver || !isOnline) return;
      try {
        // At once when the bytes are here.
        await fetch(id);
      } catch (error) {
        const { code } = toAppError(error);
        log.info('a safety sheet was not fetched', { code });
        // Without the server the others do not come either.
        if (code === 'SERVER_UNREACHABLE') return;
      }
    }
  };
  const go = (): void => {
    isAsked = true;
    running ??= (async () => {
      while (isAsked && isOnline && !isOver) await bring();
    })()
      .catch((error: unknown) =>
        log.error('safety sheets not fetched', { code: toAppError(error).code }),
      )
      .finally(() => {
        running = null;
      });
  };
  const told = status$.subscribe(({ online }) => {
    isOnline = online;
  });
  const wakes = merge(status$, changes$).subscribe((what) => {
    if ('collections' in what && !what.collections.some((name) => TABLES.includes(name))) return;
    isAsked = true;
  });
  const quiet = merge(status$, changes$)
    .pipe(debounceTime(quietMs))
    .subscribe(() => {
      if (isAsked && isOnline) go();
    });
  return async () => {
    isOver = true;
    told.unsubscribe();
    wakes.unsubscribe();
    quiet.unsubscribe();
    await running;
  };
}
