import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { NO_HEAD, linked } from '#shared/kernel/chain.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { AUDIT_PATHS } from '#shared/protocol/audit.ts';
import { ADMIN_CALLS } from '#shared/protocol/admin.ts';
import type { AdminCall, AdminOut } from '#shared/protocol/admin.ts';
import type { Role } from '#shared/schema/roles.ts';
import { createContract } from '#stack/openapi-contract.ts';
import { createPool } from '../db/pool.ts';
import { withSession } from '../db/with-session.ts';
import { sha256 } from '../audit/device-chains.ts';
import { SITE, must, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

let rig: Rig;
let it_: Client;
let manager: Client;
let superadmin: Client;
let satellite: Client;
let desk: Client;
/** A chain of reads of the desk, with two entries. */
let readChain: string;
beforeAll(async () => {
  rig = await openRig();
  const client = async (role: Role, site: string | null = null): Promise<Client> =>
    rig.client(await rig.person([role, site]));
  it_ = await client('IT');
  manager = await client('MG');
  superadmin = await client('SA');
  satellite = await client('LM', SITE.WX);
  desk = await client('FD', SITE.AA);
  readChain = await readOn(desk, PATIENT, OTHER);
});
afterAll(() => rig.close());

const PATIENT = newId();
const OTHER = newId();

/** Hands over a chain of a device on which the pages of patients were opened. @returns its id */
async function readOn(client: Client, ...patients: readonly string[]): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  const chain = newId();
  await client.post(AUDIT_PATHS.begin, { chain, key });
  const links = linked(
    sha256,
    chain,
    NO_HEAD,
    patients.map((patient, n) =>
      canonicalJson({
        id: newId(),
        at: Date.now() - 60_000 + n,
        actor: client.userId,
        action: 'read',
        table: 'patients',
        rows: [patient],
        patients: [patient],
        how: 'search',
        screen: 'patients.timeline',
      }),
    ),
  );
  const { seq, hash } = links.at(-1) ?? NO_HEAD;
  const payload = JSON.stringify({
    chain,
    head: { seq, hash },
    signed: null,
    entries: links.map((link) => [link.seq, link.hash, link.body]),
  });
  const signature = sign(null, Buffer.from(payload), privateKey).toString('hex');
  const { body } = await client.post(AUDIT_PATHS.entries, { payload, signature });
  expect(body).toMatchObject({ state: 'taken', seq: patients.length });
  return chain;
}

interface Told<C extends AdminCall> {
  readonly status: number;
  readonly out: AdminOut<C>;
  readonly code: string | undefined;
}

/** Asks a route of the administration; an answer that is not of its contract fails the test. */
async function ask<C extends AdminCall>(
  client: Client,
  name: C,
  body: unknown = {},
): Promise<Told<C>> {
  const { path, out } = ADMIN_CALLS[name];
  const reply = await client.post(path, body);
  const { error } = reply.body as { error?: { code: string } };
  return {
    status: reply.status,
    code: error?.code,
    out: (reply.status === 200 ? out.parse(reply.body) : undefined) as AdminOut<C>,
  };
}

const refusal = { status: 403, code: 'CALL_NOT_ALLOWED' };

/** What stands in the audit about a row. */
async function trail(rowId: string): Promise<readonly Record<string, unknown>[]> {
  const { rows } = await rig.db.admin.query(
    `select action, outcome, actor_id, device_id, field_names, purpose, patient_ref
       from public.audit_logs where row_id = $1 order by row_xid, seq`,
    [rowId],
  );
  return rows as Record<string, unknown>[];
}

const page = (filter: Record<string, unknown> = {}, over: Record<string, unknown> = {}) => ({
  filter,
  after: null,
  limit: 200,
  ...over,
});
const wish = (over: Record<string, unknown> = {}) => ({
  id: newId(),
  key: 'po.limit.LM',
  locationId: null,
  value: 60_000,
  from: Date.now() + 86_400_000,
  ...over,
});

describe('who reaches the administration', () => {
  const bodies: Readonly<Record<AdminCall, () => unknown>> = {
    'admin.devices': () => ({}),
    'admin.setDevice': () => ({
      deviceId: desk.deviceId,
      was: 'suspended',
      status: 'suspended',
      purpose: 'suspended',
    }),
    'admin.setChannel': () => ({ deviceId: desk.deviceId, channel: 'stable' }),
    'admin.person': () => ({ userId: desk.userId }),
    'admin.invitePerson': () => ({
      id: newId(),
      name: 'New Person',
      email: `${newId()}@example.com`,
      homeLocationId: null,
      mfaRequired: false,
    }),
    'admin.editPerson': () => ({
      userId: desk.userId,
      name: 'Sam Sample',
      homeLocationId: null,
      mfaRequired: false,
    }),
    'admin.setPerson': () => ({
      userId: desk.userId,
      was: 'active',
      status: 'active',
      deviceIds: [],
    }),
    'admin.resetFactors': () => ({ userId: desk.userId }),
    'admin.giveRole': () => ({
      id: newId(),
      userId: newId(),
      role: 'FD',
      locationId: SITE.WX,
      from: 0,
      to: null,
    }),
    'admin.endRole': () => ({ grantId: newId(), at: 0 }),
    'admin.proposals': () => ({}),
    'admin.decideRole': () => ({ id: newId(), give: false }),
    'admin.saveSite': () => ({
      id: SITE.WX,
      code: 'WX',
      name: 'WX',
      timeZone: 'America/New_York',
      address: null,
      phone: null,
      active: true,
    }),
    'admin.setSetting': () => wish(),
    'admin.audit': () => page(),
    'admin.auditChain': () => ({ deviceId: desk.deviceId }),
    'admin.readChains': () => ({}),
    'admin.readChain': () => ({ chainId: readChain }),
    'admin.auditExport': () => ({ filter: {}, rows: 3 }),
    'admin.health': () => ({}),
    'admin.outbox': () => ({}),
    'admin.outboxAgain': () => letter,
    'admin.outboxArrived': () => letter,
    'admin.payments': () => ({}),
    'admin.paymentLook': () => ({ key: 'there is no such key' }),
    'admin.paymentsCompare': () => ({}),
    'admin.paymentsReplay': () => ({ unmatchedOnly: true, days: 1 }),
    'admin.monitor': () => ({ hours: 24 }),
    'admin.silenceAlert': () => silence(),
    'admin.endSilence': () => ({ id: newId() }),
    'admin.takeUpAlert': () => ({ id: newId() }),
    'recall.patients': () => ({ lotId: newId() }),
  };
  const OF_AUDIT: readonly AdminCall[] = [
    'admin.audit',
    'admin.auditChain',
    'admin.readChains',
    'admin.readChain',
    'admin.auditExport',
  ];
  const silence = (over: Record<string, unknown> = {}) => ({
    id: newId(),
    rule: 'outbox-failed',
    subject: null,
    hours: 1,
    reason: 'the mail server is being moved',
    ...over,
  });
  /** Nothing has this id, and this server carries nothing out: who may is told that. */
  const letter = { id: newId(), runs: 0 };
  const NAMES = Object.keys(ADMIN_CALLS) as AdminCall[];
  /** For superadmins, and some for IT. */
  const OF_PEOPLE_AND_MACHINES: ReadonlySet<AdminCall> = new Set([
    'admin.setDevice',
    'admin.setChannel',
    'admin.person',
    'admin.invitePerson',
    'admin.editPerson',
    'admin.setPerson',
    'admin.resetFactors',
    'admin.endRole',
    'admin.decideRole',
    'admin.silenceAlert',
    'admin.endSilence',
    'admin.takeUpAlert',
  ]);
  /** Beside these calls a role gets none. */
  const MAY: Partial<Record<Role, readonly AdminCall[]>> = {
    FD: ['recall.patients'],
    CS: ['recall.patients'],
    PR: ['recall.patients'],
    BUY: ['recall.patients'],
    KD: [],
    CO: OF_AUDIT,
    LM: [
      'admin.devices',
      'admin.giveRole',
      'admin.proposals',
      'admin.saveSite',
      ...OF_AUDIT,
      'recall.patients',
    ],
    MG: NAMES.filter((name) => !OF_PEOPLE_AND_MACHINES.has(name)),
    IT: [
      'admin.devices',
      'admin.setDevice',
      'admin.setChannel',
      'admin.saveSite',
      'admin.health',
      'admin.outbox',
      'admin.outboxAgain',
      'admin.outboxArrived',
      'admin.payments',
      'admin.paymentLook',
      'admin.paymentsCompare',
      'admin.paymentsReplay',
      'admin.monitor',
      'admin.silenceAlert',
      'admin.endSilence',
      'admin.takeUpAlert',
    ],
    SA: NAMES,
  };

  /** Of what is not there, or not as it was seen, those alone are told who may change it. */
  const TOLD: ReadonlySet<unknown> = new Set([
    'SYNC_TRANSITION_REFUSED',
    'NOT_FOUND',
    'ACCOUNTS_OFF',
    'HUB_OFF',
  ]);

  test.each(Object.entries(MAY) as [Role, readonly AdminCall[]][])(
    '%s reaches %j, and nothing else',
    async (role, may) => {
      const client = await rig.client(await rig.person([role, role === 'LM' ? SITE.WX : null]));
      const got: AdminCall[] = [];
      for (const name of NAMES) {
        const { status, code } = await ask(client, name, bodies[name]());
        if (status === 200 || TOLD.has(code)) got.push(name);
        else expect([name, status, code]).toEqual([name, 403, 'CALL_NOT_ALLOWED']);
      }
      expect(got).toEqual(NAMES.filter((name) => may.includes(name)));
    },
  );

  test('nobody whose grant has ended, whose account is suspended, or on a retired machine', async () => {
    const [ended, suspended, retired] = await Promise.all(
      [0, 1, 2].map(async () => rig.client(await rig.person(['SA', null]))),
    );
    const { admin } = rig.db;
    await admin.query(
      `update public.user_roles set valid_to = now() - interval '1 s' where user_id = $1`,
      [must(ended).userId],
    );
    await admin.query(`update public.users set status = 'suspended' where id = $1`, [
      must(suspended).userId,
    ]);
    await admin.query(`update public.devices set status = 'retired' where id = $1`, [
      must(retired).deviceId,
    ]);
    for (const name of NAMES) {
      expect(await ask(must(ended), name, bodies[name]()), name).toMatchObject(refusal);
      expect(await ask(must(suspended), name, bodies[name]()), name).toMatchObject(refusal);
      expect(await ask(must(retired), name, bodies[name]()), name).toMatchObject({
        status: 403,
        code: 'DEVICE_REFUSED',
      });
    }
  });

  test('no stranger, and no token of somebody else', async () => {
    const stranger = await rig.client(newId(), { enrol: false });
    for (const name of NAMES) {
      const { path } = ADMIN_CALLS[name];
      const reply = await stranger.post(path, bodies[name]());
      expect([name, reply.status]).toEqual([name, 403]);
      const none = await superadmin.post(path, bodies[name](), { authorization: 'Bearer a.b.c' });
      expect([name, none.status]).toEqual([name, 401]);
    }
  });

  test('a body that says more, less or something else is refused as a whole', async () => {
    for (const [name, forged] of [
      ['admin.devices', { all: true }],
      [
        'admin.setDevice',
        { deviceId: "x' or 1=1", was: 'active', status: 'gone', purpose: 'lost' },
      ],
      ['admin.setDevice', { ...(bodies['admin.setDevice']() as object), by: superadmin.userId }],
      ['admin.setSetting', wish({ setBy: newId() })],
      ['admin.setSetting', wish({ value: { a: 1 } })],
      ['admin.audit', page({ table: 'pg_authid' })],
      ['admin.audit', page({ userId: '1) or true --' })],
      ['admin.audit', page({}, { limit: 100_000 })],
      ['admin.audit', page({}, { after: { xid: '1::xid8 or true', id: newId() } })],
      ['admin.auditExport', { filter: {}, rows: 0 }],
      ['admin.health', []],
      ['admin.monitor', { hours: 7 }],
      ['admin.silenceAlert', silence({ rule: 'everything' })],
      ['admin.silenceAlert', silence({ hours: 9_999 })],
    ] as [AdminCall, unknown][]) {
      const { status, code } = await ask(superadmin, name, forged);
      expect([name, status, code]).toEqual([name, 400, 'REQUEST_INVALID']);
    }
  });

  test('the database refuses by itself what the matrix of the server would let through', async () => {
    const { admin } = rig.db;
    const someone = await rig.client(await rig.person(['IT', null]));
    const { rows } = await admin.query(
      `delete from private.access_matrix where role = 'IT' and table_name = 'devices'
        and operation = 'update' returning *`,
    );
    expect(rows).toHaveLength(1);
    try {
      const asked = { deviceId: desk.deviceId, was: 'active', status: 'retired', purpose: 'lost' };
      expect(await ask(someone, 'admin.setDevice', asked)).toMatchObject(refusal);
    } finally {
      await admin.query(
        `insert into private.access_matrix (role, table_name, operation, reach)
         values ('IT', 'devices', 'update', 'all')`,
      );
    }
  });

  test('a refusal stands in the audit, in the name of who tried', async () => {
    const asked = { deviceId: it_.deviceId, was: 'active', status: 'retired', purpose: 'lost' };
    expect(await ask(desk, 'admin.setDevice', asked)).toMatchObject(refusal);
    expect((await trail(it_.deviceId)).at(-1)).toMatchObject({
      action: 'refuse',
      outcome: 'CALL_NOT_ALLOWED',
      actor_id: desk.userId,
      device_id: desk.deviceId,
    });
  });

  test('is described as it answers', async () => {
    const api = (await (await fetch(`${rig.server.url}/docs/json`)).json()) as object;
    const contract = createContract(api, { errorSchema: '#/components/schemas/ErrorReply' });
    for (const name of NAMES) {
      const { path } = ADMIN_CALLS[name];
      for (const client of [superadmin, desk]) {
        const reply = await client.post(path, bodies[name]());
        expect(contract.judge({ method: 'POST', path, ...reply }), path).toEqual({ kept: true });
      }
    }
  });
});

describe('machines', () => {
  const move = (deviceId: string, was: string, status: string, purpose = 'suspended') => ({
    deviceId,
    was,
    status,
    purpose,
  });

  test('are listed with who wrote last from them; a satellite sees its own and those of no site', async () => {
    const here = await rig.client(await rig.person(['MG', null]));
    const elsewhere = await rig.client(await rig.person(['MG', null]));
    await rig.db.admin.query('update public.devices set location_id = $2 where id = $1', [
      elsewhere.deviceId,
      SITE.AA,
    ]);
    await here.push({ table: 'inventory_items', row: make.item(here) });
    const { out } = await ask(it_, 'admin.devices');
    expect(out.devices.find(({ id }) => id === here.deviceId)).toMatchObject({
      name: 'Test machine',
      status: 'active',
      enrolledBy: here.userId,
      lastPersonId: here.userId,
      lastSeenAt: expect.any(Number),
      quarantined: 0,
    });
    const ids = (await ask(satellite, 'admin.devices')).out.devices.map(({ id }) => id);
    expect(ids).toContain(here.deviceId);
    expect(ids).not.toContain(elsewhere.deviceId);
  });

  test('suspended, a machine is refused from the next request on; let in again, it is served', async () => {
    const lost = await rig.client(await rig.person(['MG', null]));
    const there = await it_.live();
    expect(
      await ask(it_, 'admin.setDevice', move(lost.deviceId, 'active', 'suspended')),
    ).toMatchObject({ status: 200, out: { device: { id: lost.deviceId, status: 'suspended' } } });
    await there.changed('devices');
    there.socket.close();
    const asked = { epoch: null, tables: [{ table: 'locations', cursors: {}, limit: 1 }] };
    expect((await lost.post('/v1/pull', asked)).status).toBe(403);
    const back = move(lost.deviceId, 'suspended', 'active', 'active-again');
    expect((await ask(it_, 'admin.setDevice', back)).status).toBe(200);
    expect((await lost.post('/v1/pull', asked)).status).toBe(200);
    expect((await trail(lost.deviceId)).slice(1)).toMatchObject([
      { action: 'update', actor_id: it_.userId, field_names: ['status'], purpose: 'suspended' },
      { action: 'update', actor_id: it_.userId, field_names: ['status'], purpose: 'active-again' },
    ]);
  });

  test('retired is for good; what it still sends waits for a decision and is counted', async () => {
    const lost = await rig.client(await rig.person(['MG', null]));
    const gone = move(lost.deviceId, 'active', 'retired', 'lost');
    expect((await ask(it_, 'admin.setDevice', gone)).status).toBe(200);
    // Asked again, nothing changes and nothing more is written down.
    expect((await ask(it_, 'admin.setDevice', gone)).status).toBe(200);
    expect((await trail(lost.deviceId)).map(({ purpose }) => purpose)).toEqual([
      null,
      'lost',
      'wipe ordered',
    ]);
    for (const status of ['active', 'suspended']) {
      const again = move(lost.deviceId, 'retired', status);
      expect(await ask(it_, 'admin.setDevice', again)).toMatchObject({
        status: 409,
        code: 'SYNC_TRANSITION_REFUSED',
      });
    }
    await lost.push({ table: 'inventory_items', row: make.item(lost) });
    const { out } = await ask(it_, 'admin.devices');
    expect(out.devices.find(({ id }) => id === lost.deviceId)).toMatchObject({
      status: 'retired',
      quarantined: 1,
    });
  });

  test('of two people who move one machine, the second is told', async () => {
    const one = await rig.client(await rig.person(['MG', null]));
    await ask(it_, 'admin.setDevice', move(one.deviceId, 'active', 'suspended'));
    const late = move(one.deviceId, 'active', 'retired', 'retired');
    expect((await ask(superadmin, 'admin.setDevice', late)).code).toBe('SYNC_TRANSITION_REFUSED');
  });

  test('nobody shuts out the machine that they sit at; one that is not there is not found', async () => {
    const own = move(it_.deviceId, 'active', 'retired', 'retired');
    expect(await ask(it_, 'admin.setDevice', own)).toMatchObject(refusal);
    const none = move(newId(), 'active', 'retired', 'retired');
    expect((await ask(it_, 'admin.setDevice', none)).code).toBe('NOT_FOUND');
    // Who may change no machine learns nothing about which there are.
    expect(await ask(manager, 'admin.setDevice', none)).toMatchObject(refusal);
  });
});

describe('settings', () => {
  const read = async (id: string) =>
    (
      await rig.db.admin.query(
        `select key, value, location_id, set_by, created_by,
                effective_from <= now() as begun from public.location_configs where id = $1`,
        [id],
      )
    ).rows as Record<string, unknown>[];

  test('hold from a day on; the database follows them; the same id again changes nothing', async () => {
    const now = wish({ from: 0, value: 70_000, locationId: SITE.AA });
    expect((await ask(manager, 'admin.setSetting', now)).out).toEqual({ id: now.id });
    expect((await ask(manager, 'admin.setSetting', { ...now, value: 1 })).status).toBe(200);
    expect(await read(now.id)).toEqual([
      {
        key: 'po.limit.LM',
        value: 70_000,
        location_id: SITE.AA,
        set_by: manager.userId,
        created_by: manager.userId,
        // Never before now, whatever was asked: the past stays explained.
        begun: true,
      },
    ]);
    const limit = async (site: string) =>
      (
        await rig.db.admin.query<{ limit: string }>(
          `select private.setting($1, 'po.limit.LM', 50000) as limit`,
          [site],
        )
      ).rows[0]?.limit;
    expect([await limit(SITE.AA), await limit(SITE.WX)]).toEqual(['70000', '50000']);
    expect(await trail(now.id)).toMatchObject([
      { action: 'insert', actor_id: manager.userId, purpose: 'po.limit.LM' },
    ]);
  });

  test('reach other machines at once', async () => {
    const there = await satellite.live();
    await ask(manager, 'admin.setSetting', wish());
    await there.changed('location_configs');
    there.socket.close();
  });

  test('nobody moves the limit that binds them, and nobody sets what is not read', async () => {
    expect(await ask(manager, 'admin.setSetting', wish({ key: 'po.limit.MG' }))).toMatchObject(
      refusal,
    );
    expect(await ask(satellite, 'admin.setSetting', wish({ locationId: SITE.WX }))).toMatchObject(
      refusal,
    );
    expect(await ask(it_, 'admin.setSetting', wish())).toMatchObject(refusal);
    for (const [over, fields] of [
      [{ key: 'no.such.key' }, ['key']],
      [{ value: -1 }, ['value']],
      [{ value: 1.5 }, ['value']],
      [{ value: '60000' }, ['value']],
      [{ key: 'retention.years', value: 3 }, ['value']],
      [{ key: 'retention.years', value: 9, locationId: SITE.AA }, ['locationId']],
    ] as const) {
      const { path } = ADMIN_CALLS['admin.setSetting'];
      const reply = await superadmin.post(path, wish(over));
      expect(reply).toMatchObject({
        status: 400,
        body: { error: { code: 'REQUEST_INVALID', details: { fields } } },
      });
    }
  });

  test('say which site does not exist, and that two cannot begin at one instant', async () => {
    const nowhere = wish({ locationId: newId() });
    expect((await ask(superadmin, 'admin.setSetting', nowhere)).code).toBe('SYNC_PARENT_MISSING');
    const from = Date.now() + 3 * 86_400_000;
    expect((await ask(superadmin, 'admin.setSetting', wish({ from }))).status).toBe(200);
    expect((await ask(superadmin, 'admin.setSetting', wish({ from }))).code).toBe(
      'SYNC_UNIQUE_TAKEN',
    );
  });
});

describe('the audit', () => {
  test('is read in pages, newest first, each entry once', async () => {
    const writer = await rig.client(await rig.person(['MG', null]));
    for (let n = 0; n < 5; n += 1) {
      await writer.push({ table: 'inventory_items', row: make.item(writer) });
    }
    const filter = { deviceId: writer.deviceId };
    const all = (await ask(superadmin, 'admin.audit', page(filter))).out;
    expect(all.more).toBe(false);
    expect(all.entries.map(({ seq }) => seq)).toEqual([6, 5, 4, 3, 2, 1]);
    const seen: string[] = [];
    let after: unknown = null;
    for (let more = true; more;) {
      const { out } = await ask(superadmin, 'admin.audit', page(filter, { after, limit: 2 }));
      expect(out.entries.length).toBeLessThanOrEqual(2);
      seen.push(...out.entries.map(({ id }) => id));
      const last = must(out.entries.at(-1));
      after = { xid: last.xid, id: last.id };
      ({ more } = out);
    }
    expect(seen).toEqual(all.entries.map(({ id }) => id));
  });

  test('is chosen by person, table, action and time, all of them at once', async () => {
    const [one, other] = [
      await rig.client(await rig.person(['MG', null])),
      await rig.client(await rig.person(['MG', null])),
    ];
    for (const client of [one, other]) {
      await client.push({ table: 'inventory_items', row: make.item(client) });
    }
    const ofOne = { userId: one.userId, table: 'inventory_items', action: 'insert' };
    const { entries } = (await ask(superadmin, 'admin.audit', page(ofOne))).out;
    expect(entries.map(({ actorId, tableName }) => [actorId, tableName])).toEqual([
      [one.userId, 'inventory_items'],
    ]);
    const { recordedAt } = must(entries[0]);
    const found = async (over: object) =>
      (await ask(superadmin, 'admin.audit', page({ ...ofOne, ...over }))).out.entries.length;
    expect(await found({ from: recordedAt, until: recordedAt + 1 })).toBe(1);
    expect(await found({ from: recordedAt + 1 })).toBe(0);
    expect(await found({ until: recordedAt })).toBe(0);
  });

  test('is chosen by patient; that somebody looked at that trail stands in it', async () => {
    const patient = newId();
    const filter = { patientRef: patient };
    expect((await ask(superadmin, 'admin.audit', page(filter))).out.entries).toEqual([]);
    const { entries } = (await ask(superadmin, 'admin.audit', page(filter))).out;
    expect(entries).toMatchObject([
      { action: 'list', tableName: 'audit_logs', actorId: superadmin.userId, patientRef: patient },
    ]);
  });

  test('shows a satellite what belongs to its site or to none', async () => {
    const writer = await rig.client(await rig.person(['MG', null]));
    const [here, there] = [make.item(writer), make.item(writer)];
    await writer.push(
      { table: 'inventory_items', row: here },
      { table: 'inventory_items', row: there },
    );
    for (const [item, site] of [
      [here, SITE.WX],
      [there, SITE.AA],
    ] as const) {
      await writer.push({ table: 'item_locations', row: make.itemLocation(writer, item.id, site) });
    }
    const { entries } = (
      await ask(
        satellite,
        'admin.audit',
        page({ deviceId: writer.deviceId, table: 'item_locations' }),
      )
    ).out;
    expect(entries.map(({ locationId }) => locationId)).toEqual([SITE.WX]);
  });

  test('a chain that was changed behind its back is found, with the place', async () => {
    const writer = await rig.client(await rig.person(['MG', null]));
    for (let n = 0; n < 3; n += 1) {
      await writer.push({ table: 'inventory_items', row: make.item(writer) });
    }
    const chain = async () =>
      (await ask(superadmin, 'admin.auditChain', { deviceId: writer.deviceId })).out;
    expect(await chain()).toEqual({
      deviceId: writer.deviceId,
      checked: 4,
      brokenAt: null,
      fault: null,
    });
    const { admin } = rig.db;
    await admin.query(`alter table public.audit_logs disable trigger append_only`);
    await admin.query(
      `update public.audit_logs set outcome = 'nothing happened' where device_id = $1 and seq = 3`,
      [writer.deviceId],
    );
    await admin.query(`alter table public.audit_logs enable always trigger append_only`);
    expect(await chain()).toMatchObject({ brokenAt: 3, fault: 'changed' });
  });

  test('reads stand beside writes in one order, and can be listed alone', async () => {
    const reader = await rig.client(await rig.person(['MG', null]));
    await reader.push({ table: 'inventory_items', row: make.item(reader) });
    const patient = newId();
    const chainId = await readOn(reader, patient, newId());
    await reader.push({ table: 'inventory_items', row: make.item(reader) });
    const list = async (filter: object, over: Record<string, unknown> = {}) =>
      (await ask(superadmin, 'admin.audit', page({ deviceId: reader.deviceId, ...filter }, over)))
        .out.entries;
    const all = await list({});
    expect(all.map(({ chainId: chain, action }) => [chain !== null, action])).toEqual([
      [false, 'insert'],
      [true, 'read'],
      [true, 'read'],
      [false, 'insert'],
      [false, 'insert'],
    ]);
    // Page by page as at once.
    let after: unknown = null;
    const seen: string[] = [];
    for (let n = 0; n < all.length; n += 1) {
      const [entry] = await list({}, { after, limit: 1 });
      seen.push(must(entry).id);
      after = { xid: must(entry).xid, id: must(entry).id };
    }
    expect(seen).toEqual(all.map(({ id }) => id));
    expect((await list({ kind: 'writes' })).map(({ chainId: chain }) => chain)).toEqual([
      null,
      null,
      null,
    ]);
    const reads = await list({ kind: 'reads', userId: reader.userId, action: 'read' });
    expect(reads).toHaveLength(2);
    expect(await list({ kind: 'reads', patientRef: patient })).toMatchObject([
      {
        chainId,
        action: 'read',
        tableName: 'patients',
        rowId: patient,
        rowIds: [patient],
        patientRef: patient,
        patientRefs: [patient],
        actorId: reader.userId,
        screen: 'patients.timeline',
        purpose: 'search',
        outcome: 'ok',
        fieldNames: [],
      },
    ]);
  });

  test('reads on a machine of a site are for who answers for that site', async () => {
    const reader = await rig.client(await rig.person(['FD', SITE.AA]));
    await rig.db.admin.query('update public.devices set location_id = $2 where id = $1', [
      reader.deviceId,
      SITE.AA,
    ]);
    const chainId = await readOn(reader, newId());
    const own = await rig.client(await rig.person(['LM', SITE.AA]));
    const filter = { deviceId: reader.deviceId, kind: 'reads' };
    const seen = async (client: Client) =>
      (await ask(client, 'admin.audit', page(filter))).out.entries.length;
    expect([await seen(own), await seen(satellite), await seen(superadmin)]).toEqual([1, 0, 1]);
    const chains = async (client: Client) =>
      (await ask(client, 'admin.readChains')).out.chains.some((chain) => chain.chainId === chainId);
    expect([await chains(own), await chains(satellite)]).toEqual([true, false]);
    expect(await ask(satellite, 'admin.readChain', { chainId })).toMatchObject(refusal);
    expect((await ask(own, 'admin.readChain', { chainId })).status).toBe(200);
    // And the database says the same to who goes around the server.
    const pool = createPool({ databaseUrl: rig.config.databaseUrl, poolSize: 1 }, silentLogger);
    const { userId } = satellite;
    const direct = await withSession(
      pool,
      { userId, claims: { sub: userId }, expiresAt: Infinity },
      (tx) => tx.query('select id from private.device_entries where chain_id = $1', [chainId]),
    );
    await pool.end();
    expect(direct).toEqual([]);
  });

  test('a chain of reads says how far it is, when it was checked, and what is wrong with it', async () => {
    const reader = await rig.client(await rig.person(['FD', SITE.AA]));
    const chainId = await readOn(reader, newId(), newId(), newId());
    const chain = async () =>
      must(
        (await ask(superadmin, 'admin.readChains')).out.chains.find((c) => c.chainId === chainId),
      );
    expect(await chain()).toMatchObject({
      deviceId: reader.deviceId,
      seq: 3,
      isSigned: true,
      isLast: true,
      fault: null,
      checkedAt: null,
    });
    const { out } = await ask(superadmin, 'admin.readChain', { chainId });
    expect(out).toMatchObject({ fault: null, checked: 3 });
    expect(out.checkedAt).not.toBeNull();
    const { admin } = rig.db;
    await admin.query('alter table private.device_entries disable trigger append_only');
    await admin.query('delete from private.device_entries where chain_id = $1 and seq = 2', [
      chainId,
    ]);
    await admin.query('alter table private.device_entries enable always trigger append_only');
    const wrong = { fault: 'missing', faultSeq: 3, checked: 2 };
    expect((await ask(superadmin, 'admin.readChain', { chainId })).out).toMatchObject(wrong);
    expect(await chain()).toMatchObject(wrong);
    expect(await ask(superadmin, 'admin.readChain', { chainId: newId() })).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
    });
  });

  test('an export is an entry of its own, with its filter by name', async () => {
    const { out } = await ask(manager, 'admin.auditExport', {
      filter: { userId: desk.userId },
      rows: 12,
    });
    expect(await trail(out.exportId)).toMatchObject([
      {
        action: 'export',
        outcome: 'ok, 12 entries',
        actor_id: manager.userId,
        device_id: manager.deviceId,
        field_names: ['userId'],
      },
    ]);
    expect(await ask(it_, 'admin.auditExport', { filter: {}, rows: 1 })).toMatchObject(refusal);
  });
});

describe('health', () => {
  test('says how the server is and what waits, in figures', async () => {
    const { out } = await ask(it_, 'admin.health');
    expect(out).toMatchObject({ hasRedis: false, hasFiles: false, protocol: 2 });
    expect(out.database.version).toMatch(/^17/);
    expect(out.database.bytes).toBeGreaterThan(1_000_000);
    expect(out.queues.quarantined).toBeGreaterThanOrEqual(0);
    expect(Math.abs(out.serverTime - Date.now())).toBeLessThan(5_000);
    const names = out.jobs.map(({ name }) => name);
    expect(names).toEqual([
      'move-windows',
      'retention',
      'release-claims',
      'short-transfers',
      'upkeep',
      'health-monitor',
    ]);
    await expect
      .poll(async () => (await ask(it_, 'admin.health')).out.jobs.find((j) => j.name === 'upkeep'))
      .toMatchObject({ state: 'ok', lastRunAt: expect.any(Number) });
  });

  test('what fires is shown, taken up and silenced, each with an entry of the audit', async () => {
    const { admin } = rig.db;
    await expect
      .poll(async () => (await ask(it_, 'admin.monitor', { hours: 6 })).out.judgedAt)
      .toEqual(expect.any(Number));
    const id = newId();
    await admin.query(
      `insert into private.alerts (id, rule, subject, severity, since, fired_at, value)
       values ($1, 'job-failed', 'a-job', 'warning', now(), now(), 1)`,
      [id],
    );
    const seen = async () => (await ask(it_, 'admin.monitor', { hours: 6 })).out;
    const before = await seen();
    expect(before.firing.find((one) => one.id === id)).toMatchObject({
      subject: 'a-job',
      acknowledgedBy: null,
      notices: [],
    });
    expect(before.replicas).toMatchObject([{ state: 'ok', redis: 'off' }]);
    expect(before.devices.active).toBeGreaterThan(0);
    expect((await ask(it_, 'admin.takeUpAlert', { id })).out).toEqual({ changed: true });
    // Somebody does already.
    expect((await ask(superadmin, 'admin.takeUpAlert', { id })).out).toEqual({ changed: false });
    const silence = newId();
    const asked = { id: silence, rule: 'job-failed', subject: 'a-job', hours: 4, reason: 'known' };
    await ask(it_, 'admin.silenceAlert', asked);
    await ask(it_, 'admin.silenceAlert', asked);
    const after = await seen();
    expect(after.firing.find((one) => one.id === id)?.acknowledgedBy).toBe(it_.userId);
    const own = (all: typeof after) => all.silences.filter(({ rule }) => rule === 'job-failed');
    expect(own(after)).toMatchObject([{ id: silence, reason: 'known', madeBy: it_.userId }]);
    expect((await ask(it_, 'admin.endSilence', { id: silence })).out).toEqual({ changed: true });
    expect(own(await seen())).toEqual([]);
    const { rows } = await admin.query<{ purpose: string }>(
      `select purpose from public.audit_logs where row_id = any ($1::uuid[]) and outcome = 'ok'
        and purpose like 'alert.%' order by purpose`,
      [[id, silence]],
    );
    expect(new Set(rows.map(({ purpose }) => purpose))).toEqual(
      new Set(['alert.silence', 'alert.silence-end', 'alert.take-up']),
    );
    await admin.query('delete from private.alerts where id = $1', [id]);
  });
});
