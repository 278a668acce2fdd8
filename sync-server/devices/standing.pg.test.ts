import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { ADMIN_CALLS } from '#shared/protocol/admin.ts';
import type { AdminOut } from '#shared/protocol/admin.ts';
import { DEVICE_PATHS, DeviceStanding } from '#shared/protocol/device.ts';
import { must, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';

let rig: Rig;
let boss: Client;
beforeAll(async () => {
  rig = await openRig();
  boss = await rig.client(await rig.person(['SA', null]));
});
afterAll(() => rig.close());

interface Machine {
  readonly client: Client;
  readonly secret: string;
}

async function machine(): Promise<Machine> {
  const client = await rig.client(await rig.person(['MG', null]));
  const secret = randomBytes(32).toString('base64url');
  const kept = await client.post(DEVICE_PATHS.secret, { hash: hashOf(secret) });
  expect(kept).toMatchObject({ status: 200, body: { kept: true } });
  return { client, secret };
}
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** As a machine asks on which nobody is signed in: without any token. */
async function report(
  { client, secret }: Machine,
  over: object = {},
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(rig.server.url + DEVICE_PATHS.standing, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      deviceId: client.deviceId,
      secret,
      appVersion: '1.2.3',
      waiting: 4,
      needsYou: 1,
      profiles: [client.userId],
      wiped: false,
      ...over,
    }),
  });
  return { status: answer.status, body: await answer.json() };
}
const standing = async (of: Machine, over: object = {}): Promise<DeviceStanding> =>
  DeviceStanding.parse((await report(of, over)).body);

async function view(deviceId: string): Promise<AdminOut<'admin.setDevice'>['device']> {
  const reply = await boss.post(ADMIN_CALLS['admin.devices'].path, {});
  const { devices } = ADMIN_CALLS['admin.devices'].out.parse(reply.body);
  return must(devices.find(({ id }) => id === deviceId));
}
const lose = (deviceId: string) =>
  boss.post(ADMIN_CALLS['admin.setDevice'].path, {
    deviceId,
    was: 'active',
    status: 'retired',
    purpose: 'lost',
  });

test('a machine says version and queue, and administrators see them', async () => {
  const one = await machine();
  expect(await view(one.client.deviceId)).toMatchObject({ reportedAt: null, appVersion: null });
  expect(await standing(one)).toEqual({
    status: 'active',
    wipe: false,
    closed: [],
    channel: 'stable',
  });
  expect(await view(one.client.deviceId)).toMatchObject({
    reportedAt: expect.any(Number),
    appVersion: '1.2.3',
    waiting: 4,
    needsYou: 1,
    updateChannel: 'stable',
  });
  await standing(one, { waiting: null, needsYou: null });
  expect(await view(one.client.deviceId)).toMatchObject({ waiting: null, needsYou: null });
});

test('the channel of updates is set for one machine, which reads it', async () => {
  const one = await machine();
  const wish = { deviceId: one.client.deviceId, channel: 'early' };
  const { path } = ADMIN_CALLS['admin.setChannel'];
  expect((await one.client.post(path, wish)).status).toBe(403);
  expect((await boss.post(path, wish)).status).toBe(200);
  expect((await boss.post(path, wish)).status).toBe(200);
  expect((await standing(one)).channel).toBe('early');
  const { rows } = await rig.db.admin.query(
    `select purpose from public.audit_logs where row_id = $1 and 'update_channel' = any (
       select jsonb_array_elements_text(field_names))`,
    [one.client.deviceId],
  );
  expect(rows).toEqual([{ purpose: 'early' }]);
});

test('nobody speaks for a machine without its secret, and nobody gives it another one', async () => {
  const one = await machine();
  const forged = { ...one, secret: randomBytes(32).toString('base64url') };
  expect(await report(forged)).toMatchObject({
    status: 403,
    body: { error: { code: 'DEVICE_REFUSED' } },
  });
  const again = await one.client.post(DEVICE_PATHS.secret, { hash: hashOf(forged.secret) });
  expect(again).toMatchObject({ status: 200, body: { kept: false } });
  expect((await report(forged)).status).toBe(403);
  expect((await report(one)).status).toBe(200);
  expect((await report({ ...one, client: { ...one.client, deviceId: newId() } })).status).toBe(403);
  expect((await report(one, { all: true })).status).toBe(400);
  // One that was never told a secret proves nothing.
  const bare = await rig.client(await rig.person(['MG', null]));
  expect((await report({ client: bare, secret: one.secret })).status).toBe(403);
  expect((await one.client.post(DEVICE_PATHS.secret, { hash: 'x' })).status).toBe(400);
});

test('a lost machine learns that it is to be wiped, says when it is, and both stand in the audit', async () => {
  const one = await machine();
  const { deviceId } = one.client;
  expect((await standing(one, { wiped: true })).wipe).toBe(false);
  expect((await view(deviceId)).wipedAt).toBeNull();
  expect((await lose(deviceId)).status).toBe(200);
  expect((await lose(deviceId)).status).toBe(200);
  expect(await standing(one)).toMatchObject({ status: 'retired', wipe: true });
  expect(await view(deviceId)).toMatchObject({
    wipeOrderedAt: expect.any(Number),
    wipedAt: null,
  });
  expect(await standing(one, { wiped: true, profiles: [] })).toMatchObject({ wipe: false });
  expect(await standing(one)).toMatchObject({ wipe: false });
  expect(await view(deviceId)).toMatchObject({ wipedAt: expect.any(Number) });
  const { rows } = await rig.db.admin.query(
    `select purpose, actor_id, device_id from public.audit_logs
      where row_id = $1 and table_name = 'devices' and action = 'update' order by row_xid, seq`,
    [deviceId],
  );
  expect(rows).toEqual([
    { purpose: 'lost', actor_id: boss.userId, device_id: boss.deviceId },
    { purpose: 'wipe ordered', actor_id: boss.userId, device_id: boss.deviceId },
    { purpose: 'wiped', actor_id: null, device_id: deviceId },
  ]);
});

test('a machine learns whose profiles are to go, of those that lie on it', async () => {
  const one = await machine();
  const [gone, here] = [await rig.person(['FD', null]), await rig.person(['FD', null])];
  await rig.db.admin.query(`update public.users set status = 'left' where id = $1`, [gone]);
  expect((await standing(one, { profiles: [gone, here, newId()] })).closed).toEqual([gone]);
  expect((await standing(one, { profiles: [here] })).closed).toEqual([]);
});
