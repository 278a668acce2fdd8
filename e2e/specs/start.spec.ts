import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { isAlive } from '#stack/processes.ts';
import { ROOT } from '../../scripts/dev/paths.ts';

/** `npm start -- --server-only`: comes up, stops clean, and gets over a predecessor that was killed. */
let dataDir = '';
const started: ChildProcess[] = [];

test.beforeAll(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'ganger-start-'));
});
test.afterAll(async () => {
  for (const child of started) if (child.exitCode === null) child.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly server: string;
  readonly postgresPort: number;
  readonly text: () => string;
}

async function start(): Promise<Started> {
  const child = spawn(
    process.execPath,
    [path.join(ROOT, 'scripts/start.ts'), '--server-only', '--port', '0', '--data', dataDir],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  started.push(child);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  await expect.poll(() => text, { timeout: 60_000 }).toContain('Ctrl+C stops everything');
  return {
    child,
    server: /sync server +(http\S+)/.exec(text)?.[1] ?? '',
    postgresPort: Number(/Postgres +127\.0\.0\.1:(\d+)/.exec(text)?.[1]),
    text: () => text,
  };
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    (answer) => answer.ok,
    () => false,
  );

test('it says where everything listens, and Ctrl+C leaves nothing behind', async () => {
  const run = await start();
  expect(await answers(run.server)).toBe(true);
  expect(run.text()).toContain('frontdesk@ganger.example');
  const gone = once(run.child, 'exit');
  run.child.kill('SIGINT');
  expect(await gone).toEqual([0, null]);
  expect(await answers(run.server)).toBe(false);
});

test('a start that was killed is followed by one that works, on the same data', async () => {
  const killed = await start();
  killed.child.kill('SIGKILL');
  await once(killed.child, 'exit');

  const next = await start();
  expect(await answers(next.server)).toBe(true);
  // What the killed one left running is gone: its server answers no more.
  await expect.poll(() => answers(killed.server)).toBe(killed.server === next.server);
  const gone = once(next.child, 'exit');
  next.child.kill('SIGINT');
  expect(await gone).toEqual([0, null]);
});

test('two at once on one data folder are refused in words', async () => {
  const first = await start();
  const second = spawn(
    process.execPath,
    [path.join(ROOT, 'scripts/start.ts'), '--server-only', '--port', '0', '--data', dataDir],
    { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  started.push(second);
  let words = '';
  second.stderr.on('data', (chunk: Buffer) => (words += chunk.toString('utf8')));
  expect((await once(second, 'exit'))[0]).toBe(1);
  expect(words).toContain('runs already on this data folder');
  expect(isAlive(first.child.pid ?? 0)).toBe(true);
  const gone = once(first.child, 'exit');
  first.child.kill('SIGINT');
  await gone;
});
