import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { SITE, inOrder, openRig } from '../testing/rig.suite.ts';
import type { Rig } from '../testing/rig.suite.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

const device = (id = newId(), over = {}) => ({
  device: { id, name: 'Desk 1', kind: 'desktop', ...over },
});

describe('a session', () => {
  test('tells who one is, what one may do, and the epoch', async () => {
    const user = await rig.person(['FD', SITE.AA], ['LM', SITE.WX]);
    const client = await rig.client(user, { enrol: false });
    const session = await client.session();
    expect(session.user).toEqual({
      id: user,
      displayName: 'Sam Sample',
      email: `${user}@example.com`,
    });
    expect(inOrder(session.grants.map(({ role, locationId }) => [role, locationId]))).toEqual(
      inOrder([
        ['FD', SITE.AA],
        ['LM', SITE.WX],
      ]),
    );
    expect(session.epoch).toMatch(/^\d+-\d+-\d+$/);
    expect(Math.abs(session.serverTime - Date.now())).toBeLessThan(5_000);
  });

  test('enrols a device once, in the name of who brought it, and audits that', async () => {
    const [user, colleague] = [
      await rig.person(['FD', SITE.AA]),
      await rig.person(['FD', SITE.AA]),
    ];
    const first = await rig.client(user);
    const second = await rig.client(colleague, { deviceId: first.deviceId });
    await Promise.all([first.session(), second.session()]);
    const { rows } = await rig.db.admin.query(
      'select status, enrolled_by, last_seen_at from public.devices where id = $1',
      [first.deviceId],
    );
    expect(rows).toMatchObject([
      { status: 'active', enrolled_by: user, last_seen_at: expect.any(Date) },
    ]);
    const audit = await rig.db.admin.query(
      `select action, actor_id from public.audit_logs where row_id = $1`,
      [first.deviceId],
    );
    expect(audit.rows).toEqual([{ action: 'insert', actor_id: user }]);
  });

  test('without the second factor that somebody must have opens nothing, an invitation included', async () => {
    const user = await rig.person(['SA', null]);
    const before = await rig.client(user);
    await rig.db.admin.query(
      `update public.users set mfa_required = true, status = 'invited' where id = $1`,
      [user],
    );
    const weak = await rig.client(user, { enrol: false });
    const asked = [
      ['/v1/session', device()],
      ['/v1/push', { rows: [{ table: 'locations', base: null, row: {} }] }],
      ['/v1/pull', { epoch: null, tables: [{ table: 'locations', cursors: {}, limit: 9 }] }],
    ] as const;
    for (const client of [weak, before]) {
      for (const [path, body] of asked) {
        const reply = await client.post(path, body);
        const refusal = { status: 403, body: { error: { code: 'AUTH_MFA_NEEDED' } } };
        expect(reply, path).toMatchObject(refusal);
      }
    }
    const token = await rig.issuer.token(user, { over: { aal: 'aal2' } });
    await (await rig.client(user, { token, enrol: false })).session();
    const { rows } = await rig.db.admin.query<{ status: string }>(
      'select status from public.users where id = $1',
      [user],
    );
    expect(rows).toEqual([{ status: 'active' }]);
  });

  test('does not move the device in the feed each time', async () => {
    const client = await rig.client(await rig.person(['FD', SITE.AA]));
    const version = async () =>
      (
        await rig.db.admin.query('select row_version, row_xid from public.devices where id = $1', [
          client.deviceId,
        ])
      ).rows;
    const before = await version();
    await client.session();
    await client.session();
    expect(await version()).toEqual(before);
  });

  test('is refused without any right, to people who are not active, and to strangers', async () => {
    const suspended = await rig.person(['MG', null]);
    await rig.db.admin.query(`update public.users set status = 'suspended' where id = $1`, [
      suspended,
    ]);
    for (const user of [await rig.person(), suspended, newId()]) {
      const client = await rig.client(user, { enrol: false });
      expect(await client.post('/v1/session', device())).toMatchObject({
        status: 403,
        body: { error: { code: 'AUTH_NO_ACCESS' } },
      });
    }
  });

  test('takes no unreadable name, and no kiosk that turns up by itself', async () => {
    const client = await rig.client(await rig.person(['FD', SITE.AA]), { enrol: false });
    expect(await client.post('/v1/session', device(newId(), { name: 'a\u0000b' }))).toMatchObject({
      status: 400,
      body: { error: { code: 'REQUEST_INVALID', details: { fields: ['device.name'] } } },
    });
    expect(await client.post('/v1/session', device(newId(), { kind: 'kiosk' }))).toMatchObject({
      status: 403,
      body: { error: { code: 'DEVICE_REFUSED' } },
    });
  });
});

describe('a device', () => {
  test('that was never enrolled neither pulls nor pushes', async () => {
    const client = await rig.client(await rig.person(['MG', null]), { enrol: false });
    const pull = { epoch: null, tables: [{ table: 'locations', cursors: {}, limit: 1 }] };
    const push = { rows: [{ table: 'inventory_items', base: null, row: {} }] };
    for (const reply of [
      await client.post('/v1/pull', pull),
      await client.post('/v1/push', push),
    ]) {
      expect(reply).toMatchObject({ status: 403, body: { error: { code: 'DEVICE_REFUSED' } } });
    }
    await expect(client.live()).rejects.toThrow('refused: 403');
  });

  test('that was suspended is turned away at once', async () => {
    const client = await rig.client(await rig.person(['MG', null]));
    await client.pull([{ table: 'locations' }]);
    await rig.db.admin.query(`update public.devices set status = 'suspended' where id = $1`, [
      client.deviceId,
    ]);
    for (const path of ['/v1/session', '/v1/pull']) {
      const body =
        path === '/v1/session'
          ? device(client.deviceId)
          : { epoch: null, tables: [{ table: 'locations', cursors: {}, limit: 1 }] };
      expect(await client.post(path, body)).toMatchObject({
        status: 403,
        body: { error: { code: 'DEVICE_REFUSED' } },
      });
    }
  });
});
