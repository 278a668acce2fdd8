import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCutProxy } from '#stack/cut-proxy.ts';
import type { CutProxy } from '#stack/cut-proxy.ts';
import { startDevStack } from '../../scripts/dev/dev-stack.ts';
import type { DevStack } from '../../scripts/dev/dev-stack.ts';
import { PEOPLE } from '../../supabase/demo/people.ts';
import { deviceIn, openWindow, signIn } from './store.suite.ts';
import type { TestWindow } from './store.suite.ts';
import type { Store } from './store.ts';

/** What was read on a machine, against the real server: offline, over restarts, after people have left. */
let root = '';
let stack: DevStack;
let line: CutProxy;
let db: pg.Pool;
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'ganger-store-reads-'));
  stack = await startDevStack({
    dataDir: path.join(root, 'stack'),
    port: 0,
    log: () => undefined,
    clinic: true,
  });
  const { hostname: host, port } = new URL(stack.serverUrl);
  line = await startCutProxy({ target: { host, port: Number(port) } });
  db = new pg.Pool({ connectionString: stack.databaseUrl, max: 2 });
});
afterAll(async () => {
  await db?.end();
  await line?.close();
  await stack?.stop();
  await rm(root, { recursive: true, force: true });
});

const machine = (name: string) =>
  deviceIn(path.join(root, name), { ...stack, serverUrl: `http://127.0.0.1:${line.port}` });

interface Entry {
  readonly action: string;
  readonly actor_id: string | null;
  readonly row_ids: string[];
  readonly patient_ids: string[];
  readonly because: string | null;
}
const onServer = async (device: string, ...actions: readonly string[]): Promise<Entry[]> => {
  const { rows } = await db.query<Entry>(
    `select e.action, e.actor_id, e.row_ids, e.patient_ids, e.body::jsonb ->> 'because' as because
       from private.device_entries e join private.device_chains c on c.id = e.chain_id
      where e.device_id = $1 and e.action = any ($2) order by c.begun_at, e.seq`,
    [device, actions],
  );
  return rows;
};
const faults = async (device: string): Promise<(string | null)[]> => {
  const { rows } = await db.query<{ fault: string | null; wrong: string | null }>(
    `select c.fault, v.fault as wrong from private.device_chains c,
            private.verify_device_chain(c.id) v where c.device_id = $1 order by c.begun_at`,
    [device],
  );
  expect(rows.every(({ wrong }) => wrong === null)).toBe(true);
  return rows.map(({ fault }) => fault);
};

/** Patients whom a device holds. */
async function patientsOf(store: Store, n: number): Promise<string[]> {
  const { database } = store.profiles.signedIn().profile.file;
  const ids = () =>
    database
      .read<{ id: string }>('select id from live_patients order by id limit ?', [n])
      .map(({ id }) => id);
  await expect.poll(() => ids().length, { timeout: 60_000 }).toBe(n);
  return ids();
}

async function openPatient(window: TestWindow, patientId: string): Promise<void> {
  const told = window.watch('patients.timeline', { patientId, limit: 500 });
  await expect.poll(told, { timeout: 10_000 }).toBeTruthy();
}

const deviceOf = (store: Store): string => store.deviceFacts().deviceId;
const everythingSent = async (store: Store): Promise<void> => {
  store.woke();
  await expect.poll(() => store.reads.chain.countUnsent(), { timeout: 20_000 }).toBe(0);
};

test('read offline, over a restart and by two people: each once, in order, handed over by whoever comes', async () => {
  const desk = machine('desk');
  let store = await desk.start();
  let window = openWindow(store);
  expect(await signIn(window, PEOPLE.frontDesk.email)).toBe('ok');
  const device = deviceOf(store);
  const [first = '', second = '', third = ''] = await patientsOf(store, 3);
  await everythingSent(store);

  line.cut();
  await openPatient(window, first);
  await openPatient(window, first);
  await store.stop();
  store = await desk.start();
  window = openWindow(store);
  await expect.poll(() => window.auth(), { timeout: 10_000 }).toMatchObject({ state: 'signed-in' });
  await openPatient(window, first);
  await openPatient(window, second);
  expect(await window.call('auth.signOut', {})).toBe('ok');
  expect(await onServer(device, 'read')).toEqual([]);

  // Nobody is signed in when the network is back.
  line.restore();
  await everythingSent(store);
  const ana = PEOPLE.frontDesk.id;
  const read = (id: string, actor: string) => ({
    action: 'read',
    actor_id: actor,
    row_ids: [id],
    patient_ids: [id],
    because: null,
  });
  expect(await onServer(device, 'read')).toEqual([read(first, ana), read(second, ana)]);

  expect(await signIn(window, PEOPLE.clinical.email)).toBe('ok');
  await patientsOf(store, 3);
  await openPatient(window, third);
  await everythingSent(store);
  // What the window still watches for the one before is not given to the next.
  expect(await onServer(device, 'read')).toEqual([
    read(first, ana),
    read(second, ana),
    read(third, PEOPLE.clinical.id),
  ]);
  const signs = await onServer(device, 'sign_in', 'sign_out');
  expect(signs.map(({ action, actor_id: who }) => [action, who])).toEqual([
    ['sign_in', ana],
    ['sign_out', ana],
    ['sign_in', ana],
    ['sign_out', ana],
    ['sign_in', PEOPLE.clinical.id],
  ]);
  expect(await faults(device)).toEqual([null]);
  await store.stop();
});

test('a list of visits is one entry with who is in it; its export names what leaves, and no more', async () => {
  const store = await machine('list').start();
  const window = openWindow(store);
  expect(await signIn(window, PEOPLE.frontDesk.email)).toBe('ok');
  await patientsOf(store, 3);
  const { database } = store.profiles.signedIn().profile.file;
  const day = () =>
    database.read<{ site: string; date: string; n: number }>(
      `select location_id as site, local_date as date, count(*) as n from live_appointments
        where status <> 'entered-in-error' group by 1, 2 order by 3 desc limit 1`,
    )[0];
  await expect.poll(() => day()?.n ?? 0, { timeout: 60_000 }).toBeGreaterThan(2);
  const { site = '', date = '' } = day() ?? {};
  const told = window.watch('patients.day', { locationId: site, date });
  await expect.poll(told, { timeout: 10_000 }).toBeTruthy();
  const visits = told() as { id: string; patient_id: string }[];
  const [one, two] = visits;
  if (!one || !two) throw new Error('no visits');
  expect(
    await window.call('reads.leave', { action: 'export', ids: [two.id, one.id, 'not-here'] }),
  ).toBe('ok');
  await everythingSent(store);
  const device = deviceOf(store);
  const [list, ...more] = await onServer(device, 'list');
  expect(more).toEqual([]);
  expect(list?.row_ids).toEqual(visits.map(({ id }) => id));
  expect(list?.patient_ids.toSorted()).toEqual(
    [...new Set(visits.map(({ patient_id: id }) => id))].toSorted(),
  );
  const [out] = await onServer(device, 'export');
  expect(out?.row_ids.toSorted()).toEqual([one.id, two.id].toSorted());
  await store.stop();
});

test('a machine restored from a copy begins a chain that says so; a second machine beside it too', async () => {
  const desk = machine('copied');
  let store = await desk.start();
  const window = openWindow(store);
  expect(await signIn(window, PEOPLE.frontDesk.email)).toBe('ok');
  const device = deviceOf(store);
  const [first = '', second = ''] = await patientsOf(store, 2);
  await openPatient(window, first);
  await everythingSent(store);
  await store.stop();
  await cp(path.join(root, 'copied'), path.join(root, 'copy'), { recursive: true });

  store = await desk.start();
  const again = openWindow(store);
  await expect.poll(() => again.auth(), { timeout: 10_000 }).toMatchObject({ state: 'signed-in' });
  await openPatient(again, second);
  await everythingSent(store);
  await store.stop();

  const copy = await machine('copy').start();
  const other = openWindow(copy);
  await expect.poll(() => other.auth(), { timeout: 10_000 }).toMatchObject({ state: 'signed-in' });
  expect(deviceOf(copy)).toBe(device);
  await expect.poll(() => faults(device), { timeout: 30_000 }).toEqual(['forked', null]);
  await everythingSent(copy);
  expect((await onServer(device, 'begin')).map(({ because }) => because)).toEqual([
    'first',
    'forked',
  ]);
  expect((await onServer(device, 'read')).map(({ row_ids: ids }) => ids[0])).toEqual([
    first,
    second,
  ]);
  await copy.stop();
});
