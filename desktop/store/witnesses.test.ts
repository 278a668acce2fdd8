import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toAppError } from '#shared/errors/app-error.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import type { Row } from '#shared/schema/define.ts';
import { keysOf, openWorld, PROFILE } from '#desktop/vault/keys/worlds.suite.ts';
import type { World } from '#desktop/vault/keys/worlds.suite.ts';
import { Witnesses } from './witnesses.ts';

const PIN = '493817';
const ME = '0190c0de-0000-7000-8000-0000000000ff';
const act = (witness: string | null) => ({ witnessed_by: witness }) as unknown as Row;
const refusal = async (work: () => unknown): Promise<string | null> => {
  try {
    await work();
    return null;
  } catch (error) {
    return toAppError(error).code;
  }
};

let root: string;
let world: World;
let now: number;
let witnesses: Witnesses;
beforeEach(async () => {
  root = mkdtempSync(path.join(os.tmpdir(), 'ganger-witness-'));
  world = openWorld(root);
  const keys = keysOf(world);
  await keys.create();
  await keys.setPin(null, PIN);
  keys.lock();
  now = 0;
  witnesses = new Witnesses({
    userId: ME,
    config: { dataDir: root },
    secrets: world.secrets,
    kv: world.kv,
    log: silentLogger,
    uptime: () => now,
  });
});
afterEach(() => {
  world.device.close();
  rmSync(root, { recursive: true, force: true });
});

test('somebody with a PIN here confirms with it, for one act', async () => {
  await witnesses.confirm(PROFILE, PIN);
  expect(await refusal(() => witnesses.take(act(PROFILE)))).toBe(null);
  expect(await refusal(() => witnesses.take(act(PROFILE)))).toBe('PIN_OF_WITNESS');
});

test('nobody is named as a witness who has not confirmed, and nobody has to be', async () => {
  expect(await refusal(() => witnesses.take(act(PROFILE)))).toBe('PIN_OF_WITNESS');
  expect(await refusal(() => witnesses.take(act(null)))).toBe(null);
});

test('a wrong PIN confirms nothing, and counts as it does at the lock', async () => {
  expect(await refusal(() => witnesses.confirm(PROFILE, '111222'))).toBe('PIN_WRONG');
  expect(await refusal(() => witnesses.take(act(PROFILE)))).toBe('PIN_OF_WITNESS');
  expect(keysOf(world).attempts().failed).toBe(1);
  await witnesses.confirm(PROFILE, PIN);
  expect(keysOf(world).attempts().failed).toBe(0);
});

test('after too many wrong ones even the right one has to wait', async () => {
  for (let n = 0; n < 5; n += 1) await refusal(() => witnesses.confirm(PROFILE, '111222'));
  expect(await refusal(() => witnesses.confirm(PROFILE, PIN))).toBe('PIN_WAIT');
});

test('a confirmation is worth something for two minutes', async () => {
  await witnesses.confirm(PROFILE, PIN);
  now = 120_001;
  expect(await refusal(() => witnesses.take(act(PROFILE)))).toBe('PIN_OF_WITNESS');
});

test('nobody confirms what they do themselves, or without a PIN here, or by a path', async () => {
  expect(await refusal(() => witnesses.confirm(ME, PIN))).toBe('CALL_NOT_ALLOWED');
  const other = PROFILE.replace(/1$/, '2');
  expect(await refusal(() => witnesses.confirm(other, PIN))).toBe('PIN_NEEDED');
  expect(await refusal(() => witnesses.confirm(`../profiles/${PROFILE}`, PIN))).toBe('PIN_NEEDED');
  expect(witnesses.able([ME, other, PROFILE, `../${PROFILE}`])).toEqual([PROFILE]);
});

test('opens nothing: the profile still asks for its PIN afterwards', async () => {
  await witnesses.confirm(PROFILE, PIN);
  expect(await refusal(() => keysOf(world).unlock(null))).toBe('PIN_NEEDED');
});
