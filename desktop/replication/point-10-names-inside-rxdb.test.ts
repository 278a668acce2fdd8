import { RXDB_VERSION } from 'rxdb/plugins/utils';
import { expect, test } from 'vitest';
import type { Row } from '#shared/schema/define.ts';
import { openClinic, until, untilSynced } from './testing/clinic.suite.ts';
import { ITEM, SITE_A, stockFields } from './testing/fixtures.ts';

test('the replication rests on names inside RxDB 17.6.0; another version needs all points anew', () => {
  expect(RXDB_VERSION).toBe('17.6.0');
});

test('RxDB writes under the names that the replication and the storage know', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.open();
  const contexts = new Set<string>();
  device.onWrite = ({ context }) => void contexts.add(context.replace(/(downstream-).*/, '$1'));
  await device.startSync();
  await untilSynced(device);
  const id = await device.insert('item_locations', stockFields(ITEM, SITE_A));
  await untilSynced(device);
  const master = clinic.server.row('item_locations', id) as Row;
  const stamp = `${'a'.repeat(12)}-0000-00000000beef`;
  const theirs = { ...master, max: 5, field_hlc: { ...master.field_hlc, max: stamp } };
  clinic.server.put('item_locations', theirs, { silent: true });
  await device.edit('item_locations', id, { bin: 'x' });
  await until(async () => (await device.get('item_locations', id))?.['max'] === 5, 'merged');
  expect([...contexts].toSorted()).toEqual([
    'replication-down-write-meta',
    'replication-downstream-',
    'replication-set-checkpoint',
    'replication-up-write-conflict',
    'replication-up-write-conflict-meta',
    'replication-up-write-meta',
    'window-1',
  ]);
});
