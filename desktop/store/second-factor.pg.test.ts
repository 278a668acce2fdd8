import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { totp } from '#stack/auth/totp.ts';
import { startDevStack } from '../../scripts/dev/dev-stack.ts';
import type { DevStack } from '../../scripts/dev/dev-stack.ts';
import { PEOPLE } from '../../supabase/demo/people.ts';
import { deviceIn, openWindow, signIn } from './store.suite.ts';
import type { TestDevice, TestWindow } from './store.suite.ts';
import type { Store } from './store.ts';

/** Signing in with a second factor, against the real server and sign-in service. */
const STRICT = PEOPLE.manager;
const FREE = PEOPLE.buyer;

let root = '';
let stack: DevStack;
let db: pg.Pool;
let device: TestDevice;
let store: Store;
let window: TestWindow;
/** What the phones of the two hold. */
const phones: Record<string, string> = {};

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'ganger-factor-'));
  const dataDir = path.join(root, 'stack');
  stack = await startDevStack({ dataDir, port: 0, log: () => undefined });
  db = new pg.Pool({ connectionString: stack.databaseUrl, max: 2 });
  device = deviceIn(path.join(root, 'device'), stack);
  await restart();
});
afterAll(async () => {
  await store?.stop();
  await db?.end();
  await stack?.stop();
  await rm(root, { recursive: true, force: true });
});

async function restart(): Promise<void> {
  await store?.stop();
  store = await device.start();
  window = openWindow(store);
}
const codeOf = (who: { id: string }): string => totp(phones[who.id] ?? '', Date.now());
const wrongCode = (who: { id: string }): string =>
  String((Number(codeOf(who)) + 500_000) % 1_000_000).padStart(6, '0');
const confirm = (code: string) => window.call('auth.confirmFactor', { code });
const step = () => expect.poll(() => window.auth());
const synced = () =>
  expect
    .poll(() => store.profiles.profile$.value?.replication.status.state, { timeout: 30_000 })
    .toBe('synced');
async function setUp(who: { id: string }): Promise<void> {
  const begun = (await window.ask('auth.beginFactor', {})) as { uri: string; secret: string };
  expect(begun.uri).toMatch(/^otpauth:\/\/totp\/Ganger:.*secret=/);
  phones[who.id] = begun.secret;
}

test('who must have one is not let in before it is set up, also by another window', async () => {
  await db.query('update public.users set mfa_required = true where id = $1', [STRICT.id]);
  expect(await signIn(window, STRICT.email)).toBe('ok');
  await step().toEqual({ state: 'second-factor', step: 'set-up' });
  expect(await window.call('sync.now', {})).toBe('STORE_NOT_OPEN');
  await setUp(STRICT);
  // A second window shows the same code: what is in the phone by now is not made worthless.
  expect(await window.ask('auth.beginFactor', {})).toMatchObject({ secret: phones[STRICT.id] });
  expect(await confirm(wrongCode(STRICT))).toBe('AUTH_CODE_WRONG');
  await step().toEqual({ state: 'second-factor', step: 'set-up' });
  expect(await confirm(codeOf(STRICT))).toBe('ok');
  await step().toMatchObject({ state: 'signed-in', who: { userId: STRICT.id } });
  expect(await window.ask('auth.factor', {})).toEqual({ isSet: true });
  await synced();
});

test('started again, the profile opens without any code', async () => {
  await restart();
  await step().toMatchObject({ state: 'signed-in', who: { userId: STRICT.id } });
});

test('at the next sign-in the code is asked for; a wrong one says so, and nobody is in', async () => {
  await window.call('auth.signOut', {});
  expect(await signIn(window, STRICT.email)).toBe('ok');
  await step().toEqual({ state: 'second-factor', step: 'code' });
  expect(await confirm(wrongCode(STRICT))).toBe('AUTH_CODE_WRONG');
  await step().toEqual({ state: 'second-factor', step: 'code' });
  // A new one is not begun by whoever has the password alone.
  expect(await window.call('auth.beginFactor', {})).toBe('AUTH_MFA_NEEDED');
  expect(await confirm(codeOf(STRICT))).toBe('ok');
  await step().toMatchObject({ state: 'signed-in', who: { userId: STRICT.id } });
});

test('who is asked for a code may turn back, and nothing of the session is left', async () => {
  await window.call('auth.signOut', {});
  await signIn(window, STRICT.email);
  expect(await window.call('auth.signOut', {})).toBe('ok');
  await step().toEqual({ state: 'signed-out', because: null });
  expect(await confirm(codeOf(STRICT))).toBe('STORE_NOT_OPEN');
});

test('who sets one by themselves works on, and is asked for it on another machine', async () => {
  await signIn(window, FREE.email);
  await step().toMatchObject({ state: 'signed-in', who: { userId: FREE.id } });
  const other = deviceIn(path.join(root, 'other'), stack);
  const there = await other.start();
  const away = openWindow(there);
  await signIn(away, FREE.email);
  expect(await window.ask('auth.factor', {})).toEqual({ isSet: false });
  await setUp(FREE);
  expect(await confirm(codeOf(FREE))).toBe('ok');
  await window.call('sync.now', {});
  await synced();
  // The session of before, opened by a password alone, is worth nothing any more.
  await away.call('sync.now', {});
  await expect
    .poll(() => away.auth(), { timeout: 15_000 })
    .toMatchObject({
      state: 'signed-out',
      because: expect.stringMatching(/^AUTH_(MFA_NEEDED|SESSION_ENDED)$/),
    });
  await there.stop();
});

test('reset by an administrator while the code is asked for, it is set up anew', async () => {
  await window.call('auth.signOut', {});
  await signIn(window, FREE.email);
  await db.query('delete from auth.mfa_factors where user_id = $1', [FREE.id]);
  expect(await confirm(codeOf(FREE))).toBe('AUTH_SESSION_ENDED');
  await step().toEqual({ state: 'signed-out', because: 'AUTH_SESSION_ENDED' });
  await signIn(window, FREE.email);
  await step().toMatchObject({ state: 'signed-in', who: { userId: FREE.id } });
});
