import { readdir } from 'node:fs/promises';
import type { Migration } from '#stack/migration-files.ts';
import { RELEASED_DIR } from '../../scripts/schema/keep-version.ts';
import type { ReleasedHashes } from '../../scripts/schema/keep-version.ts';

/** The released versions whose data are kept, oldest first. */
export async function keptVersions(dir = RELEASED_DIR): Promise<string[]> {
  return (await readdir(dir)).flatMap((file) => /^(\d+)\.sql$/.exec(file)?.[1] ?? []).toSorted();
}

/**
 * What is wrong with the migrations of a folder, given those that were released: one sentence each.
 * A released file stays as it was, and new ones come after all released ones.
 */
export function releaseFaults(
  migrations: readonly Migration[],
  released: ReleasedHashes,
  kept: readonly string[],
): string[] {
  const faults: string[] = [];
  const byVersion = new Map(migrations.map((migration) => [migration.version, migration]));
  for (const [version, sha256] of Object.entries(released)) {
    const migration = byVersion.get(version);
    if (!migration) {
      faults.push(`The migration ${version} was released and is gone: put it back.`);
    } else if (migration.sha256 !== sha256) {
      faults.push(
        `The migration ${migration.file} was released and has changed since: put it back and ` +
          'write the change as a new migration.',
      );
    }
  }
  const last = Object.keys(released).toSorted().at(-1) ?? '';
  for (const { version, file } of migrations) {
    if (!(version in released) && version < last) {
      faults.push(
        `The migration ${file} sorts before the released ${last}: databases that have that one ` +
          'would never run it. Give it a later version.',
      );
    }
  }
  for (const version of kept) {
    const missing = migrations.filter((m) => m.version <= version && !(m.version in released));
    if (missing.length > 0) faults.push(`The kept version ${version} has no hashes of its files.`);
  }
  return faults;
}
