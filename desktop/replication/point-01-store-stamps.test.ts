import { expect, test } from 'vitest';
import type { StoredDocument } from '#desktop/storage/storage-types.ts';
import { openClinic, pause, until, untilSynced } from './testing/clinic.suite.ts';
import type { Device } from './testing/device.ts';
import { ITEM, SITE_A, stockRow } from './testing/fixtures.ts';

const OLD = '00000000-0000-7000-8000-000000000201';
const FOREIGN = '00000000-0000-7000-8000-000000000202';

async function writeRaw(device: Device, id: string, lwt: number, context: string): Promise<void> {
  const document: StoredDocument = {
    ...stockRow(id, ITEM, SITE_A),
    _deleted: false,
    _attachments: {},
    _meta: { lwt },
    _rev: '1-raw',
  };
  const result = await device.storage
    .instance('item_locations')
    ?.bulkWrite([{ document }], context);
  expect(result?.error).toEqual([]);
}

test('a change whose writer had a slow clock is pushed all the same', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  await device.stopSync();
  await writeRaw(device, OLD, Date.now() - 3_600_000, 'window-1');
  await device.startSync();
  await until(() => clinic.server.row('item_locations', OLD) !== undefined, 'old row pushed');
});

test('what is written in the name of replication is never pushed', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  await writeRaw(device, FOREIGN, Date.now(), 'replication-downstream-x');
  device.replication.syncNow();
  await pause(50);
  await untilSynced(device);
  expect(clinic.server.row('item_locations', FOREIGN)).toBeUndefined();
  expect(clinic.server.requests.push).toBe(0);
});
