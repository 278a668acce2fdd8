import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SUPABASE_DIR, readMigrations } from '#stack/migration-files.ts';
import type { Migration } from '#stack/migration-files.ts';
import { readHashes } from '../../scripts/schema/keep-version.ts';
import { keptVersions, releaseFaults } from './migrations-released.ts';

const migrations = await readMigrations(path.join(SUPABASE_DIR, 'migrations'));
const released = await readHashes();
const kept = await keptVersions();

const [first, second] = migrations;
const without = (gone: Migration | undefined): Migration[] =>
  migrations.filter((migration) => migration !== gone);

it('released migrations are as they were, and new ones come after them', () => {
  expect(releaseFaults(migrations, released, kept)).toEqual([]);
});

it('the first released version is kept', () => {
  expect(kept).toContain('20261122000800');
  expect(Object.keys(released)).toContain('20261122000800');
});

describe('a fault is', () => {
  it('a released file that has changed', () => {
    const changed = migrations.map((m) => (m === second ? { ...m, sha256: 'another' } : m));
    expect(releaseFaults(changed, released, kept)).toEqual([
      `The migration ${second?.file} was released and has changed since: put it back and write ` +
        'the change as a new migration.',
    ]);
  });

  it('a released file that is gone, by deletion or by another name', () => {
    expect(releaseFaults(without(first), released, kept)).toEqual([
      `The migration ${first?.version} was released and is gone: put it back.`,
    ]);
  });

  it('a new file that sorts before a released one', () => {
    const late = { version: '20261122000150', file: '20261122000150_late.sql' };
    const faults = releaseFaults(
      [...migrations, { ...late, name: '', sql: '', sha256: '' }],
      released,
      [],
    );
    expect(faults).toEqual([expect.stringContaining('20261122000150_late.sql sorts before')]);
  });

  it('a kept version whose files nobody took the hashes of', () => {
    expect(releaseFaults(migrations, {}, ['20261122000300'])).toEqual([
      'The kept version 20261122000300 has no hashes of its files.',
    ]);
  });
});
