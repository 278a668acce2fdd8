import { expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { openClinic, untilSynced } from './testing/clinic.suite.ts';
import { ITEM, SITE_A, USER_ANA, deviceId } from './testing/fixtures.ts';

test('a table that is read anew after an update and ends where it was holds nothing up', async () => {
  const clinic = openClinic();
  const id = newId();
  clinic.server.put('review_decisions', {
    id,
    created_at: 1_790_000_000_000,
    created_by: USER_ANA,
    device_id: deviceId(2),
    hlc: '0190000000a1-0000-000000000009',
    origin_seq: 1,
    location_id: SITE_A,
    table_name: 'inventory_items',
    row_id: ITEM,
    lines: [
      {
        about: 'review_items',
        about_id: newId(),
        field: 'name',
        choice: 'other',
        value: 'Gauze',
        before: null,
        seen: null,
      },
    ],
    reverses_id: null,
    accepted_at: null,
  });
  // What waits longer than 10 s would do so until after this test.
  const time: typeof clinic.time = {
    now: clinic.time.now,
    after: (ms, run) => (ms > 10_000 ? () => undefined : clinic.time.after(ms, run)),
  };
  const device = clinic.device(1, { tables: ['locations', 'review_decisions'], time });
  await device.start();
  await untilSynced(device);
  await device.stop();

  // As a build left it that did not note in which version rows came.
  await device.open();
  device.database.kv.delete('sync.version.review_decisions');
  await device.startSync();
  await untilSynced(device);
  expect(await device.all('review_decisions')).toMatchObject([{ id }]);
});
