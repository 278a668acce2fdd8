import { describe, expect, it } from 'vitest';
import { parsePidFile } from './postgres-pid-file.ts';

describe('parsePidFile', () => {
  it('reads process, folder, port and state of a running server', () => {
    const text = '4711\n/srv/data\n1763800000\n54322\n\n127.0.0.1\n  1234  0\nready   \n';
    expect(parsePidFile(text)).toEqual({
      pid: 4711,
      dataDir: '/srv/data',
      port: 54322,
      ready: true,
    });
  });

  it('knows a server that starts up or shuts down from one that is ready', () => {
    const text = '4711\n/srv/data\n1763800000\n54322\n\n127.0.0.1\n  1234  0\nstopping\n';
    expect(parsePidFile(text)).toMatchObject({ port: 54322, ready: false });
  });

  it('has no port while the file is only begun', () => {
    expect(parsePidFile('4711\n/srv/data\n')).toMatchObject({ pid: 4711, port: undefined });
  });

  it.each(['', '\n', 'not a number\n', '-5\n', '0\n'])('takes %j for no pid file', (text) => {
    expect(parsePidFile(text)).toBeUndefined();
  });
});
