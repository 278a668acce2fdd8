import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { ADMIN_CALLS } from '#shared/protocol/admin.ts';
import type { AdminCall, AdminOut } from '#shared/protocol/admin.ts';
import type { Role } from '#shared/schema/roles.ts';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';
import { PASSWORD, SERVICE_KEY, setUpAuth } from '#stack/test-fixtures/auth-setup.ts';
import type { AuthSetup } from '#stack/test-fixtures/auth-setup.ts';
import { SITE, inOrder, must, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

/** People, roles and sites, by a real server, with a real sign-in service beside it. */

let authDb: TestDatabase;
let auth: AuthSetup;
let rig: Rig;
let boss: Client;
let second: Client;
let satellite: Client;
beforeAll(async () => {
  authDb = await openTestDatabase({ seed: false });
  auth = await setUpAuth(authDb);
  rig = await openRig({
    over: { accounts: { url: `${auth.auth.url}/auth/v1`, key: SERVICE_KEY } },
  });
  boss = await client('SA');
  second = await client('SA');
  satellite = await client('LM', SITE.WX);
});
afterAll(async () => {
  await rig.close();
  await auth.stop();
  await authDb.close();
});

const client = async (role: Role, site: string | null = null): Promise<Client> =>
  rig.client(await rig.person([role, site]));

interface Told<C extends AdminCall> {
  readonly status: number;
  readonly out: AdminOut<C>;
  readonly code: string | undefined;
}

async function ask<C extends AdminCall>(by: Client, name: C, body: unknown): Promise<Told<C>> {
  const { path, out } = ADMIN_CALLS[name];
  const reply = await by.post(path, body);
  const { error } = reply.body as { error?: { code: string } };
  return {
    status: reply.status,
    code: error?.code,
    out: (reply.status === 200 ? out.parse(reply.body) : undefined) as AdminOut<C>,
  };
}

const trail = async (rowId: string) =>
  (
    await rig.db.admin.query<Record<string, unknown>>(
      `select action, outcome, purpose, actor_id, field_names from public.audit_logs
        where row_id = $1 order by row_xid, seq`,
      [rowId],
    )
  ).rows;

const invitation = (over: object = {}) => {
  const id = newId();
  return {
    id,
    name: 'Nina New',
    email: `${id}@example.com`,
    homeLocationId: SITE.WX,
    mfaRequired: false,
    ...over,
  };
};
const roleFor = (userId: string, over: object = {}) => ({
  id: newId(),
  userId,
  role: 'FD',
  locationId: SITE.WX,
  from: 0,
  to: null,
  ...over,
});
const leave = (userId: string, over: object = {}) => ({
  userId,
  was: 'active',
  status: 'left',
  deviceIds: [],
  ...over,
});

describe('an invitation', () => {
  test('makes an account, a person who is invited, and an entry; again it changes nothing', async () => {
    const wish = invitation({ email: `${newId()}@Example.com` });
    expect(await ask(boss, 'admin.invitePerson', wish)).toMatchObject({ status: 200 });
    expect(await ask(boss, 'admin.invitePerson', wish)).toMatchObject({ status: 200 });
    const { person } = (await ask(boss, 'admin.person', { userId: wish.id })).out;
    expect(person).toMatchObject({
      email: wish.email.toLowerCase(),
      status: 'invited',
      signIn: 'open',
      lastSignInAt: null,
      factors: 0,
      devices: [],
    });
    expect(await trail(wish.id)).toMatchObject([
      { action: 'insert', purpose: 'invited', actor_id: boss.userId },
    ]);
  });

  test('is accepted by signing in, once there is a role; then the grants count', async () => {
    const wish = invitation();
    await ask(boss, 'admin.invitePerson', wish);
    const nina = await rig.client(wish.id, { enrol: false });
    const device = { id: nina.deviceId, name: 'Desk', kind: 'desktop' };
    const come = () => nina.post('/v1/session', { device });
    expect(await come()).toMatchObject({
      status: 403,
      body: { error: { code: 'AUTH_NO_ACCESS' } },
    });
    await ask(boss, 'admin.giveRole', roleFor(wish.id));
    expect(await come()).toMatchObject({
      status: 200,
      body: { grants: [{ role: 'FD', locationId: SITE.WX }] },
    });
    expect((await ask(boss, 'admin.person', { userId: wish.id })).out.person).toMatchObject({
      status: 'active',
      devices: [{ id: nina.deviceId, name: 'Desk', brought: true }],
    });
    expect((await trail(wish.id)).at(-1)).toMatchObject({
      purpose: 'invitation accepted',
      actor_id: wish.id,
    });
  });

  test('to an address that somebody has is refused, here and at the sign-in service', async () => {
    const first = invitation();
    await ask(boss, 'admin.invitePerson', first);
    const again = invitation({ email: first.email });
    expect(await ask(boss, 'admin.invitePerson', again)).toMatchObject({
      status: 409,
      code: 'SYNC_UNIQUE_TAKEN',
    });
    const email = `${newId()}@example.com`;
    await auth.addUser(email);
    expect((await ask(boss, 'admin.invitePerson', invitation({ email }))).code).toBe(
      'SYNC_UNIQUE_TAKEN',
    );
  });

  test('cannot be made by a server that has no key for accounts', async () => {
    const bare = await rig.another({ accounts: null });
    const by = await rig.client(boss.userId, { server: bare });
    expect(await ask(by, 'admin.invitePerson', invitation())).toMatchObject({
      status: 503,
      code: 'ACCOUNTS_OFF',
    });
    const wrong = await rig.another({
      accounts: { url: `${auth.auth.url}/auth/v1`, key: 'sb_secret_not-the-key' },
    });
    const with_ = await rig.client(boss.userId, { server: wrong });
    expect((await ask(with_, 'admin.invitePerson', invitation())).code).toBe('ACCOUNTS_OFF');
  });
});

describe('a role', () => {
  test('of one site brings that site’s rows, and its end takes them back', async () => {
    const manager = await client('MG');
    const item = make.item(manager);
    await manager.push({ table: 'inventory_items', row: item });
    for (const site of [SITE.WX, SITE.AA]) {
      await manager.push({
        table: 'item_locations',
        row: make.itemLocation(manager, item.id, site),
      });
    }
    const desk = await client('FD', SITE.AA);
    const asked = (cursors = {}) => desk.pull([{ table: 'item_locations', cursors }]);
    const sites = async () => (await asked()).tables[0]?.rows.map((row) => row['location_id']);
    expect(await sites()).toEqual([SITE.AA]);

    const there = await desk.live();
    const wish = roleFor(desk.userId);
    expect((await ask(satellite, 'admin.giveRole', wish)).out).toEqual({
      id: wish.id,
      state: 'given',
    });
    await there.changed('user_roles');
    expect(inOrder((await sites()) ?? [])).toEqual(inOrder([SITE.AA, SITE.WX]));

    const page = must((await asked()).tables[0]);
    there.messages.length = 0;
    expect((await ask(satellite, 'admin.endRole', { grantId: wish.id, at: 0 })).out).toEqual({
      changed: true,
    });
    await there.changed('user_roles');
    there.socket.close();
    expect((await asked(page.cursors)).tables[0]?.ended).toEqual([`loc:${SITE.WX}`]);
    expect(await sites()).toEqual([SITE.AA]);
    expect(await trail(wish.id)).toMatchObject([
      { action: 'insert', purpose: 'role FD', actor_id: satellite.userId },
      { action: 'update', field_names: ['valid_to'], actor_id: satellite.userId },
    ]);
  });

  test('begins and ends on its days', async () => {
    const desk = await client('FD', SITE.AA);
    const soon = Date.now() + 700;
    const wish = roleFor(desk.userId, { from: soon, to: soon + 700 });
    expect((await ask(boss, 'admin.giveRole', wish)).out.state).toBe('given');
    const sites = async () => (await desk.session()).grants.map(({ locationId }) => locationId);
    expect(await sites()).toEqual([SITE.AA]);
    await sleep(soon - Date.now() + 50);
    expect(inOrder(await sites())).toEqual(inOrder([SITE.AA, SITE.WX]));
    await sleep(soon + 700 - Date.now() + 50);
    expect(await sites()).toEqual([SITE.AA]);
  });

  test('that is refused changes nothing and stands in the audit', async () => {
    const desk = await client('FD', SITE.WX);
    for (const [by, over, code] of [
      [satellite, { locationId: null }, 'CALL_NOT_ALLOWED'],
      [satellite, { role: 'MG' }, 'CALL_NOT_ALLOWED'],
      [satellite, { userId: satellite.userId }, 'ADMIN_OWN'],
      [boss, { userId: boss.userId, role: 'CO' }, 'ADMIN_OWN'],
      [desk, {}, 'CALL_NOT_ALLOWED'],
    ] as const) {
      const wish = roleFor((await client('FD', SITE.AA)).userId, over);
      expect(await ask(by, 'admin.giveRole', wish)).toMatchObject({ status: 403, code });
      expect(await trail(wish.id)).toMatchObject([
        { action: 'refuse', outcome: code, actor_id: by.userId },
      ]);
    }
  });

  test('of a superadmin waits for a second one, who alone sees and decides it', async () => {
    const to = await client('FD', SITE.AA);
    const wish = roleFor(to.userId, { role: 'SA', locationId: null });
    expect((await ask(boss, 'admin.giveRole', wish)).out.state).toBe('waiting');
    const waiting = async (by: Client) =>
      (await ask(by, 'admin.proposals', {})).out.proposals.filter(({ id }) => id === wish.id);
    expect(await waiting(boss)).toHaveLength(1);
    expect(await waiting(second)).toMatchObject([{ role: 'SA', proposedBy: boss.userId }]);
    expect(await waiting(satellite)).toEqual([]);
    expect((await ask(boss, 'admin.decideRole', { id: wish.id, give: true })).code).toBe(
      'SYNC_OWN_APPROVAL',
    );
    expect((await to.session()).grants).toHaveLength(1);
    const decided = await ask(second, 'admin.decideRole', { id: wish.id, give: true });
    expect(decided.out).toEqual({ changed: true });
    expect(inOrder((await to.session()).grants.map(({ role }) => role))).toEqual(
      inOrder(['FD', 'SA']),
    );
    expect(await waiting(second)).toEqual([]);
    await ask(second, 'admin.endRole', { grantId: wish.id, at: 0 });
  });

  test('that a manager proposes is given by a superadmin', async () => {
    const manager = await client('MG');
    const to = await client('FD', SITE.AA);
    const wish = roleFor(to.userId, { role: 'CS', locationId: SITE.AA });
    expect((await ask(manager, 'admin.giveRole', wish)).out.state).toBe('waiting');
    await ask(boss, 'admin.decideRole', { id: wish.id, give: true });
    expect((await to.session()).grants).toHaveLength(2);
  });
});

describe('an account', () => {
  const signIn = (email: string) =>
    auth.client().auth.signInWithPassword({ email, password: PASSWORD });

  test('that is suspended is refused from the next request on, and cannot sign in; let in, it can', async () => {
    const email = `${newId()}@example.com`;
    const id = await auth.addUser(email);
    await rig.db.admin.query(
      `insert into public.users (id, display_name, status, email, mfa_required)
       values ($1, 'Rhea', 'active', $2, false)`,
      [id, email],
    );
    await ask(boss, 'admin.giveRole', roleFor(id));
    const rhea = await rig.client(id);
    const there = await rhea.live();
    const wish = { userId: id, was: 'active', status: 'suspended', deviceIds: [] };
    expect((await ask(boss, 'admin.setPerson', wish)).out).toEqual({
      status: 'suspended',
      ended: 0,
      signIn: 'done',
    });
    // The machine on which they sit is told at once, and refused when it asks.
    await there.changed('users');
    there.socket.close();
    const device = { id: rhea.deviceId, name: 'Desk', kind: 'desktop' };
    expect((await rhea.post('/v1/session', { device })).status).toBe(403);
    expect((await signIn(email)).error?.code).toBe('user_banned');
    expect((await ask(boss, 'admin.person', { userId: id })).out.person.signIn).toBe('closed');
    const back = { ...wish, was: 'suspended', status: 'active' };
    expect((await ask(boss, 'admin.setPerson', back)).status).toBe(200);
    expect((await signIn(email)).error).toBeNull();
    expect((await rhea.session()).grants).toHaveLength(1);
    expect((await trail(id)).map(({ purpose }) => purpose)).toEqual(['suspended', 'active']);
  });

  test('of somebody who leaves ends with all roles, sessions and machines', async () => {
    const email = `${newId()}@example.com`;
    const id = await auth.addUser(email);
    await rig.db.admin.query(
      `insert into public.users (id, display_name, status, email, mfa_required)
       values ($1, 'Lea', 'active', $2, false)`,
      [id, email],
    );
    const session = auth.client(new Map());
    await session.auth.signInWithPassword({ email, password: PASSWORD });
    for (const role of ['FD', 'CS']) await ask(boss, 'admin.giveRole', roleFor(id, { role }));
    const lea = await rig.client(id);
    const { person } = (await ask(boss, 'admin.person', { userId: id })).out;
    const deviceIds = person.devices.map((device) => device.id);
    expect(deviceIds).toEqual([lea.deviceId]);
    expect((await ask(boss, 'admin.setPerson', leave(id, { deviceIds }))).out).toEqual({
      status: 'left',
      ended: 2,
      signIn: 'done',
    });
    expect((await session.auth.refreshSession()).error?.code).toBe('user_banned');
    const asked = { epoch: null, tables: [{ table: 'locations', cursors: {}, limit: 1 }] };
    expect(await lea.post('/v1/pull', asked)).toMatchObject({
      status: 403,
      body: { error: { code: 'DEVICE_REFUSED' } },
    });
    const machine = (await ask(boss, 'admin.devices', {})).out.devices.find(
      (device) => device.id === lea.deviceId,
    );
    expect(machine).toMatchObject({ status: 'retired', wipeOrderedAt: expect.any(Number) });
    // What they still hold on another machine waits for a decision.
    const elsewhere = await rig.client(id, { enrol: false });
    await rig.db.admin.query(
      `insert into public.devices (id, kind, name, status, enrolled_by)
       values ($1, 'desktop', 'x', 'active', $2)`,
      [elsewhere.deviceId, id],
    );
    const [late] = await elsewhere.push({
      table: 'count_sessions',
      row: make.countSession(elsewhere, SITE.WX),
    });
    expect(late).toMatchObject({ code: 'SYNC_ROW_QUARANTINED' });
  });

  test('is told to have moved on when somebody else was first, and is never one’s own', async () => {
    const desk = await client('FD', SITE.AA);
    await ask(boss, 'admin.setPerson', leave(desk.userId));
    const late = leave(desk.userId, { status: 'suspended' });
    expect((await ask(second, 'admin.setPerson', late)).code).toBe('SYNC_TRANSITION_REFUSED');
    expect((await ask(boss, 'admin.setPerson', leave(boss.userId))).code).toBe('ADMIN_OWN');
    expect((await ask(boss, 'admin.setPerson', leave(newId()))).code).toBe('NOT_FOUND');
  });

  test('goes on in the database when the sign-in service does not answer, and says so', async () => {
    const away = await rig.another({
      accounts: { url: 'http://127.0.0.1:9/auth/v1', key: SERVICE_KEY },
    });
    const by = await rig.client(boss.userId, { server: away });
    const desk = await client('FD', SITE.AA);
    const wish = leave(desk.userId, { status: 'suspended' });
    expect((await ask(by, 'admin.setPerson', wish)).out).toMatchObject({
      status: 'suspended',
      signIn: 'failed',
    });
    // The same again tries the rest again.
    expect((await ask(boss, 'admin.setPerson', wish)).out).toMatchObject({ signIn: 'done' });
  });

  test('loses its second factors, so that the person sets a new one', async () => {
    const email = `${newId()}@example.com`;
    const id = await auth.addUser(email);
    await rig.db.admin.query(
      `insert into public.users (id, display_name, status, email, mfa_required)
       values ($1, 'Max', 'active', $2, true)`,
      [id, email],
    );
    await authDb.postgres.query(
      `insert into auth.mfa_factors (id, user_id, friendly_name, factor_type, status, secret)
       values ($1, $2, 'phone', 'totp', 'verified', 'x'), ($3, $2, 'new', 'totp', 'unverified', 'x')`,
      [newId(), id, newId()],
    );
    expect((await ask(boss, 'admin.person', { userId: id })).out.person.factors).toBe(1);
    expect((await ask(satellite, 'admin.resetFactors', { userId: id })).status).toBe(403);
    expect((await ask(boss, 'admin.resetFactors', { userId: id })).out).toEqual({ removed: 1 });
    expect((await ask(boss, 'admin.person', { userId: id })).out.person.factors).toBe(0);
    expect((await trail(id)).map(({ purpose }) => purpose)).toEqual([null, 'second factor reset']);
  });
});

test('who must have a second factor administers with it alone', async () => {
  const strict = await rig.person(['SA', null]);
  const weak = await rig.client(strict);
  await rig.db.admin.query('update public.users set mfa_required = true where id = $1', [strict]);
  const strong = await rig.client(strict, {
    token: await rig.issuer.token(strict, { over: { aal: 'aal2' } }),
  });
  const desk = await client('FD', SITE.AA);
  const bodies = {
    'admin.giveRole': () => roleFor(desk.userId),
    'admin.setPerson': () => leave(desk.userId, { status: 'suspended' }),
    'admin.invitePerson': () => invitation(),
    'admin.saveSite': () => ({
      id: SITE.AA,
      code: 'AA',
      name: 'Ann Arbor',
      timeZone: 'America/New_York',
      address: null,
      phone: null,
      active: true,
    }),
    'admin.setDevice': () => ({
      deviceId: desk.deviceId,
      was: 'active',
      status: 'suspended',
      purpose: 'suspended',
    }),
    'admin.setSetting': () => ({
      id: newId(),
      key: 'refund.limit',
      locationId: null,
      value: 5_000,
      from: Date.now() + 9_000_000,
    }),
  } as const;
  for (const [name, body] of Object.entries(bodies)) {
    const refused = await ask(weak, name as keyof typeof bodies, body());
    expect([name, refused.status, refused.code]).toEqual([name, 403, 'AUTH_MFA_NEEDED']);
    expect([name, (await ask(strong, name as keyof typeof bodies, body())).status]).toEqual([
      name,
      200,
    ]);
  }
});

describe('a site', () => {
  const site = (over: object = {}) => ({
    id: newId(),
    code: 'NV',
    name: 'Novi',
    timeZone: 'America/Detroit',
    address: null,
    phone: null,
    active: true,
    ...over,
  });

  test('is made and changed, seen by other machines at once, with an entry by name of field', async () => {
    const there = await satellite.live();
    const wish = site();
    expect((await ask(boss, 'admin.saveSite', wish)).status).toBe(200);
    await there.changed('locations');
    there.socket.close();
    const moved = { ...wish, phone: '555 0100' };
    expect((await ask(boss, 'admin.saveSite', moved)).out.fields).toEqual(['phone']);
    expect((await ask(boss, 'admin.saveSite', moved)).out.fields).toEqual([]);
    expect(await trail(wish.id)).toMatchObject([
      { action: 'insert' },
      { action: 'update', field_names: ['phone'] },
    ]);
  });

  test('of one’s own is changed in what is one’s own to change', async () => {
    const own = site({ id: SITE.WX, code: 'WX', name: 'WX', timeZone: 'America/New_York' });
    const phone = await ask(satellite, 'admin.saveSite', { ...own, phone: '555 0101' });
    expect(phone.out.fields).toEqual(['phone']);
    const named = { ...own, phone: '555 0101', name: 'Wixom' };
    expect((await ask(satellite, 'admin.saveSite', named)).code).toBe('CALL_NOT_ALLOWED');
    const other = site({ id: SITE.AA, code: 'AA', name: 'AA', phone: '1' });
    expect((await ask(satellite, 'admin.saveSite', other)).code).toBe('CALL_NOT_ALLOWED');
  });

  test('that does not fit says in which field', async () => {
    const { path } = ADMIN_CALLS['admin.saveSite'];
    for (const [over, status, fields] of [
      [{ timeZone: 'Mars/Olympus' }, 400, ['time_zone']],
      [{ code: 'WX' }, 409, ['code']],
      [{ name: '' }, 400, ['name']],
    ] as const) {
      const reply = await boss.post(path, site(over));
      expect(reply).toMatchObject({ status, body: { error: { details: { fields } } } });
    }
  });
});
