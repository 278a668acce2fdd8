import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#desktop/storage/fixtures.suite.ts';
import { finishQuarantine, listSetAside, quarantine, removeSetAside } from './quarantine.ts';

const FILES = ['ganger.db', 'ganger.db-wal', 'ganger.db-shm'];

function profile(): string {
  const folder = path.join(temporaryFolder(), 'user-1');
  mkdirSync(folder);
  for (const name of [...FILES, 'keys.json', 'unsent.log']) {
    writeFileSync(path.join(folder, name), `content of ${name}`);
  }
  return folder;
}

test('the database and its log go, the key file and the side log stay', () => {
  const folder = profile();
  const { name, reason, bytes } = quarantine({ folder, reason: 'first-page', now: () => 1_000 });
  expect(readdirSync(folder).toSorted()).toEqual(['keys.json', 'set-aside', 'unsent.log']);
  const own = path.join(folder, 'set-aside', name);
  expect(readdirSync(own).toSorted()).toEqual([...FILES, 'note.json'].toSorted());
  expect(readFileSync(path.join(own, 'ganger.db'), 'utf8')).toBe('content of ganger.db');
  expect([reason, bytes > 60]).toEqual(['first-page', true]);
  expect(readFileSync(path.join(own, 'note.json'), 'utf8')).toBe(
    '{"reason":"first-page","at":1000}',
  );
});

test('killed at any step, the next start finishes it', () => {
  const steps: string[] = [];
  quarantine({ folder: profile(), reason: 'pages', onStep: (step) => steps.push(step) });
  expect(steps.length).toBeGreaterThan(5);
  for (const last of steps) {
    const folder = profile();
    const killed = (): void =>
      void quarantine({
        folder,
        reason: 'pages',
        onStep(step) {
          if (step === last) throw new Error('killed');
        },
      });
    expect(killed).toThrow();
    finishQuarantine(folder);
    finishQuarantine(folder);
    const wasBegun = last !== 'marker';
    expect(FILES.some((name) => existsSync(path.join(folder, name)))).toBe(!wasBegun);
    expect(listSetAside(folder)).toHaveLength(wasBegun ? 1 : 0);
    if (wasBegun) {
      const own = path.join(folder, 'set-aside', listSetAside(folder)[0]?.name ?? '');
      expect(readdirSync(own)).toHaveLength(4);
    }
    expect(existsSync(path.join(folder, 'set-aside.json'))).toBe(false);
  }
});

test('only the newest sets are kept, and they can be removed', () => {
  const folder = profile();
  for (let at = 1; at <= 5; at += 1) {
    writeFileSync(path.join(folder, 'ganger.db'), `number ${at}`);
    quarantine({ folder, reason: 'wal', now: () => at * 1000, keep: 2 });
  }
  expect(listSetAside(folder).map(({ at }) => at)).toEqual([5000, 4000]);
  removeSetAside(folder);
  expect(listSetAside(folder)).toEqual([]);
});
