import { expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { ServerApi } from './server-api.ts';
import { openClinic, until, untilStatus, untilSynced } from './testing/clinic.suite.ts';
import { ITEM, SITE_A } from './testing/fixtures.ts';

test('an app that is too old is paused, works on offline, and goes on by itself after the update', async () => {
  const clinic = openClinic();
  const { server } = clinic;
  let tooOld = false;
  const real = server.api.bind(server);
  const unlessTooOld =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (tooOld) throw new AppError('SYNC_CLIENT_TOO_OLD', { oldest: 2 });
      return call(...args);
    };
  server.api = (userId, deviceId): ServerApi => {
    const api = real(userId, deviceId);
    return {
      session: unlessTooOld(api.session),
      pull: unlessTooOld(api.pull),
      push: unlessTooOld(api.push),
      live: unlessTooOld(api.live),
    };
  };
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);

  tooOld = true;
  const place = {
    item_id: ITEM,
    location_id: SITE_A,
    par: 5,
    min: null,
    max: null,
    reorder_qty: null,
  };
  const id = await device.insert('item_locations', { ...place, bin: null, is_stocked: true });
  const paused = await untilStatus(device, ({ state }) => state === 'paused');
  expect(paused).toMatchObject({ problem: 'SYNC_CLIENT_TOO_OLD', waiting: 1, needsYou: 0 });
  // Nothing is in the way of work.
  await device.edit('item_locations', id, { par: 7 });
  expect(await device.get('item_locations', id)).toMatchObject({ par: 7 });

  // As an update does: the app ends and starts again on the same file.
  await device.stop();
  tooOld = false;
  await device.start();
  await untilSynced(device);
  await until(() => server.rows('item_locations').some((row) => row.id === id), 'it went out');
  expect(server.rows('item_locations').find((row) => row.id === id)).toMatchObject({ par: 7 });
});
