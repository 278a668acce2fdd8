import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { insertAll, note, temporaryFolder } from '#desktop/storage/fixtures.suite.ts';
import type { Definitions } from '#desktop/storage/definitions.ts';
import { prepareFile } from '../damage/prepare-file.ts';
import { listSetAside } from '../damage/quarantine.ts';
import { finishSwitch } from '../files/switch-store.ts';
import { KEY, idsIn, openProfile } from './fixtures.suite.ts';
import {
  keepBeforeUpgrade,
  removeOldUpgradeCopy,
  removeUpgradeCopy,
  rollBackUpgrade,
  upgradeCopyAt,
  willRewrite,
} from './upgrade-copy.ts';

const DAY = 24 * 3600 * 1000;
const version = (wants: number): Definitions => ({
  of: (table) => (table === 'notes' ? { version: wants, upgrades: {}, fields: {} } : undefined),
  dropped: new Set(),
});

/** A profile that has a copy of 20 rows, and 5 more since. */
async function upgraded(): Promise<string> {
  const folder = path.join(temporaryFolder(), 'profile');
  const { database, notes } = await openProfile(folder, 20);
  expect(keepBeforeUpgrade(database, folder, () => 10 * DAY)).toBe('kept');
  await insertAll(
    notes,
    Array.from({ length: 5 }, (_, n) => note({ id: `since${n}` })),
  );
  database.close();
  return folder;
}

test('only a file that will be rewritten needs a copy', async () => {
  const { database } = await openProfile(path.join(temporaryFolder(), 'profile'), 1);
  expect(willRewrite(database, version(1))).toBe(false);
  expect(willRewrite(database, version(2))).toBe(true);
  database.close();
});

test('the file from before comes back, the upgraded one is set aside', async () => {
  const folder = await upgraded();
  expect(idsIn(folder)).toHaveLength(25);
  rollBackUpgrade(folder);
  expect(idsIn(folder)).toHaveLength(20);
  expect(listSetAside(folder)).toMatchObject([{ reason: 'upgrade' }]);
  expect(upgradeCopyAt(folder)).toBeNull();
  expect(() => rollBackUpgrade(folder)).toThrow('NOT_FOUND');
});

test('killed at any step of the way back, the next start has one of the two, whole', async () => {
  const steps: string[] = [];
  rollBackUpgrade(await upgraded(), (step) => steps.push(step));
  expect(steps.length).toBeGreaterThan(6);
  for (const last of new Set(steps)) {
    const folder = await upgraded();
    const killed = (): void =>
      rollBackUpgrade(folder, (step) => {
        if (step === last) throw new Error('killed');
      });
    expect(killed).toThrow();
    finishSwitch(folder);
    expect(idsIn(folder)).toHaveLength(last === steps[0] ? 25 : 20);
    expect(existsSync(path.join(folder, 'switch.json'))).toBe(false);
  }
});

test('a copy is not replaced by one of a half-upgraded file, and goes after seven days', async () => {
  const folder = await upgraded();
  const { database } = await openProfile(folder, 0);
  expect(keepBeforeUpgrade(database, folder, () => 12 * DAY)).toBe('already-there');
  expect(upgradeCopyAt(folder)).toBe(10 * DAY);
  removeOldUpgradeCopy(folder, () => 16 * DAY);
  expect(upgradeCopyAt(folder)).toBe(10 * DAY);
  database.close();
  const options = { folder, key: KEY, mustExist: true, log: silentLogger };
  prepareFile({ ...options, now: () => 18 * DAY });
  expect(upgradeCopyAt(folder)).toBeNull();
});

test('a copy that was cut short is none', async () => {
  const folder = await upgraded();
  removeUpgradeCopy(folder);
  const { database } = await openProfile(folder, 0);
  keepBeforeUpgrade(database, folder, () => 10 * DAY);
  removeUpgradeCopy(folder);
  keepBeforeUpgrade(database, folder, () => 10 * DAY);
  const own = path.join(folder, 'before-upgrade');
  expect(readdirSync(own).toSorted()).toEqual(['ganger.db', 'note.json']);
  writeFileSync(path.join(own, 'ganger.db.part'), 'half');
  expect(upgradeCopyAt(folder)).toBe(10 * DAY);
  database.close();
});
