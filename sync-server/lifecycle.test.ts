import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { startParts } from './lifecycle.ts';
import { safeErrorFields } from './monitoring/safe-error.ts';

function parts(failing: { start?: string; stop?: string } = {}) {
  const events: string[] = [];
  const part = (name: string) => ({
    name,
    start: async () => {
      if (failing.start === name) throw new Error(`${name} does not start`);
      events.push(`start ${name}`);
    },
    stop: async () => {
      events.push(`stop ${name}`);
      if (failing.stop === name) throw new Error(`${name} does not stop`);
    },
  });
  return { events, list: ['a', 'b', 'c'].map(part) };
}

describe('the parts of the server', () => {
  test('start in order and stop in reverse, once', async () => {
    const { events, list } = parts();
    const stop = await startParts(list, silentLogger);
    await Promise.all([stop(), stop()]);
    expect(events).toEqual(['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a']);
  });

  test('that run already are stopped when a later one fails', async () => {
    const { events, list } = parts({ start: 'c' });
    await expect(startParts(list, silentLogger)).rejects.toThrow('c does not start');
    expect(events).toEqual(['start a', 'start b', 'stop b', 'stop a']);
  });

  test('are all stopped even when one of them cannot', async () => {
    const { events, list } = parts({ stop: 'b' });
    await (
      await startParts(list, silentLogger)
    )();
    expect(events.slice(3)).toEqual(['stop c', 'stop b', 'stop a']);
  });
});

test('an error in a log shows its kind and place, never its words', () => {
  const cause = Object.assign(new Error('value "secret one"'), { code: '23505' });
  const fields = safeErrorFields(new Error('about "secret two"\nsecret three', { cause }));
  expect(fields).toMatchObject({ error: 'Error', cause_error: 'Error', cause_code: '23505' });
  expect(fields['at']).not.toHaveLength(0);
  expect(JSON.stringify(fields)).not.toContain('secret');
  expect(safeErrorFields('secret')).toEqual({ error: 'string' });
});

test('the program with unusable settings says which, and ends with its own code', async () => {
  const child = spawn(process.execPath, ['sync-server/main.ts'], {
    env: {
      PATH: process.env['PATH'],
      GANGER_PORT: 'x',
      GANGER_DATABASE_URL: 'postgres://u:hunter2@',
    },
  });
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += data.toString('utf8');
  });
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(78);
  expect(said).toContain('GANGER_PORT: must be a whole number');
  expect(said).toContain('GANGER_DATABASE_URL: must be a postgres:// address');
  expect(said).toContain('GANGER_AUTH_URL: is required');
  expect(said).not.toContain('hunter2');
});
