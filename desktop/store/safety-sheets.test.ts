import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BehaviorSubject, Subject } from 'rxjs';
import { AppError } from '#shared/errors/app-error.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { keepSafetySheets } from './safety-sheets.ts';
import { TestStore, rowOf } from './views/store.suite.ts';

const id = (name: string) => derivedId('sheets', name);
let store: TestStore;
beforeEach(async () => {
  store = await TestStore.open();
});
afterEach(() => store.close());

const put = async (name: string, status: string, upload_state: string): Promise<void> => {
  await store.put('sds_documents', [
    rowOf('sds_documents', {
      id: id(name),
      product_name: name,
      first_aid: 'Rinse.',
      file_id: id(`${name} file`),
      language: 'en',
      status,
      field_hlc: {},
    }),
  ]);
  await store.put('file_uploads', [
    rowOf('file_uploads', {
      id: id(`${name} file`),
      location_id: null,
      sha256: 'a'.repeat(64),
      size_bytes: 10,
      mime: 'application/pdf',
      owner_table: 'sds_documents',
      owner_id: id(name),
      phi_class: 'P0',
      encryption_key_id: 'device:x',
      scan_status: 'clean',
      upload_state,
      field_hlc: {},
    }),
  ]);
};

test('sheets in force come by themselves once there is a network', async () => {
  await put('Phenol', 'current', 'complete');
  await put('Draft', 'draft', 'complete');
  await put('Elsewhere', 'current', 'local');
  const status$ = new BehaviorSubject<Pick<SyncStatus, 'online'>>({ online: false });
  const changes$ = new Subject<{ collections: readonly string[] }>();
  const fetched = new Set<string>();
  let isDown = true;
  const stop = keepSafetySheets({
    database: store.database,
    fetch: (file) => {
      if (isDown) return Promise.reject(new AppError('SERVER_UNREACHABLE'));
      fetched.add(file);
      return Promise.resolve();
    },
    status$,
    changes$: changes$ as never,
    log: silentLogger,
    quietMs: 5,
  });
  status$.next({ online: true });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect([...fetched]).toEqual([]);
  isDown = false;
  status$.next({ online: true });
  await vi.waitFor(() => expect([...fetched]).toEqual([id('Phenol file')]));
  // What has nothing to do with sheets starts nothing; a new sheet brings itself alone.
  changes$.next({ collections: ['stock_acts'] });
  await put('Acetone', 'current', 'complete');
  changes$.next({ collections: ['sds_documents'] });
  await vi.waitFor(() => expect(fetched).toEqual(new Set([id('Phenol file'), id('Acetone file')])));
  await stop();
});
