import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { temporaryFolder } from '#desktop/storage/fixtures.suite.ts';
import { openSideLog } from './side-log.ts';

const CHILD = fileURLToPath(new URL('full-disk.suite.ts', import.meta.url));

test('a disk that takes no more is told once, and what did not fit is written when there is room', () => {
  const folder = temporaryFolder();
  const script = `ulimit -f 1024; exec "$0" "$1" "$2"`;
  const { stdout, stderr } = spawnSync('sh', ['-c', script, process.execPath, CHILD, folder], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const { failedAt, ...told } = JSON.parse(stdout) as { failedAt: number };
  expect(failedAt).toBeGreaterThan(5);
  expect(told).toEqual({
    again: false,
    waitingFull: failedAt + 1,
    after: true,
    troubles: ['STORE_DISK_FULL', null],
  });
  const sideLog = openSideLog({ folder, key: '5c'.repeat(32), log: silentLogger });
  const expected = [failedAt - 2, failedAt - 1, failedAt, failedAt + 1, failedAt + 2];
  expect(sideLog.waiting().map(({ seq }) => seq)).toEqual(expected);
  expect(sideLog.missingAtOpen).toBe(0);
  sideLog.close();
});
