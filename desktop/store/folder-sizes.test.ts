import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { sizesIn } from './folder-sizes.ts';

test('bytes of a profile are told apart by what they are; a link leads nowhere', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ganger-sizes-'));
  try {
    const put = (name: string, bytes: number) =>
      writeFileSync(path.join(folder, name), Buffer.alloc(bytes));
    put('ganger.db', 1_000);
    put('ganger.db-wal', 200);
    put('unsent.log', 30);
    put('ganger.key', 4);
    mkdirSync(path.join(folder, 'files', 'ab'), { recursive: true });
    put('files/ab/one', 50_000);
    put('files/roots.key', 6);
    symlinkSync('/', path.join(folder, 'files', 'everything'));
    const { rest, ...sizes } = sizesIn(folder);
    expect(sizes).toMatchObject({ rows: 1_200, unsent: 30 });
    // The link itself has a few bytes; what it names has many more.
    expect(sizes.files).toBeGreaterThanOrEqual(50_006);
    expect(sizes.files).toBeLessThan(50_106);
    expect(rest).toBe(4);
    expect(sizesIn(path.join(folder, 'none'))).toEqual({ rows: 0, unsent: 0, files: 0, rest: 0 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
