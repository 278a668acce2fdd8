import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres, type RunningPostgres, type StartPostgresOptions } from './postgres.ts';
import { pidFilePath } from './postgres-pid-file.ts';
import { isAlive, waitForExit } from './processes.ts';

const HOLDER = fileURLToPath(new URL('test-fixtures/hold-postgres.ts', import.meta.url));

let folder: string;
let dir: string;
let servers: RunningPostgres[];
let holders: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ganger-postgres-'));
  await chmod(folder, 0o711);
  dir = path.join(folder, 'nested', 'data');
  servers = [];
  holders = [];
});

afterEach(async () => {
  for (const holder of holders) holder.kill('SIGKILL');
  for (const server of servers) await server.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

async function start(options: Partial<StartPostgresOptions> = {}): Promise<RunningPostgres> {
  const server = await startPostgres({ dir, ...options });
  servers.push(server);
  return server;
}

async function startInOtherProcess(onParentDeath: 'stop' | 'keep') {
  const holder = spawn(process.execPath, [HOLDER, dir, onParentDeath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  holders.push(holder);
  const [line] = (await once(createInterface(holder.stdout), 'line')) as [string];
  const found = JSON.parse(line) as { pid: number; port: number };
  return { ...found, kill: (signal: NodeJS.Signals) => end(holder, signal) };
}

async function end(holder: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  holder.kill(signal);
  await once(holder, 'exit');
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  it('runs Postgres 17 in UTF-8 with logical decoding and bounded transactions', async () => {
    const server = await start();
    const client = new pg.Client(server.url());
    await client.connect();
    const { rows } = await client.query(
      `select current_setting('server_version_num')::int / 10000 as major,
              current_setting('server_encoding') as encoding,
              current_setting('wal_level') as wal,
              current_setting('transaction_timeout') as transaction_limit,
              current_setting('idle_in_transaction_session_timeout') as idle_limit,
              current_setting('unix_socket_directories') as sockets,
              current_setting('listen_addresses') as listens,
              'Ä' < 'ä' and 'Z' < 'a' as code_point_order`,
    );
    await client.end();
    expect(rows).toEqual([
      {
        major: 17,
        encoding: 'UTF8',
        wal: 'logical',
        transaction_limit: '30s',
        idle_limit: '10s',
        sockets: '',
        listens: '127.0.0.1',
        code_point_order: true,
      },
    ]);
  });

  it('lets nobody in without the password, which only its owner can read', async () => {
    const server = await start();
    await expect(ask(server.url('postgres', 'supabase_admin', 'x'), 'select 1')).rejects.toThrow(
      /password authentication failed/,
    );
    expect((await stat(`${dir}.password`)).mode & 0o777).toBe(0o600);
    expect((await stat(dir)).mode & 0o077).toBe(0);
  });

  it('keeps data and password over a restart, and takes new settings', async () => {
    const first = await start();
    await ask(first.url(), 'create table kept as select 42 as answer');
    await first.stop();
    const second = await start({ settings: { work_mem: '7MB', application_name: `it's` } });
    expect(second.attached).toBe(false);
    expect(await ask(second.url(), 'select answer from kept')).toBe(42);
    expect(await ask(second.url(), 'show work_mem')).toBe('7MB');
  });

  it('is gone when stop returns, however often it is called', async () => {
    const server = await start();
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
  });

  it('refuses a folder that another living program uses, and leaves that one alone', async () => {
    const server = await startInOtherProcess('stop');
    await expect(start()).rejects.toThrow(/in use by another running program/);
    expect(isAlive(server.pid)).toBe(true);
  });

  it('says so when the wanted port is taken', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const address = occupant.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await expect(start({ port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken`);
    occupant.close();
  });

  it('works in a folder that only we may enter, or names it, and after it was opened', async () => {
    await chmod(folder, 0o700);
    const outcome = await start().then(
      async (server) => {
        await ask(server.url(), 'create table kept as select 42 as answer');
        await server.stop();
        return 'worked';
      },
      (error: unknown) => String(error),
    );
    const named = outcome.includes(`may not enter ${folder}:`);
    expect([outcome, named]).toEqual(named ? [outcome, true] : ['worked', false]);

    await chmod(folder, 0o711);
    const second = await start();
    expect(await ask(second.url(), `select to_regclass('kept') is null`)).toBe(named);
  });

  it('refuses a setting that would smuggle in another line', async () => {
    await expect(start({ settings: { work_mem: "1MB'\nfsync = 'off" } })).rejects.toThrow(
      /one-line value/,
    );
  });
});

describe('a server whose parent died', () => {
  it('ends with a parent that was killed', async () => {
    const server = await startInOtherProcess('stop');
    await server.kill('SIGKILL');
    expect(await waitForExit(server.pid, 10_000)).toBe(true);
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    'ends with a parent that got %s',
    async (signal) => {
      const server = await startInOtherProcess('keep');
      await server.kill(signal);
      expect(await waitForExit(server.pid, 10_000)).toBe(true);
    },
  );

  it('is taken over with its data when it was to be kept, and can be stopped', async () => {
    const left = await startInOtherProcess('keep');
    await left.kill('SIGKILL');
    const server = await start();
    expect(server).toMatchObject({ attached: true, pid: left.pid, port: left.port });
    expect(await ask(server.url(), 'select 1')).toBe(1);
    await server.stop();
    expect(isAlive(left.pid)).toBe(false);
  });

  it('is replaced when another port is wanted', async () => {
    const left = await startInOtherProcess('keep');
    await left.kill('SIGKILL');
    const port = left.port === 65_535 ? left.port - 1 : left.port + 1;
    const server = await start({ port });
    expect(server).toMatchObject({ attached: false, port });
    expect(isAlive(left.pid)).toBe(false);
  });

  it('is replaced when it does not answer any more', async () => {
    const left = await startInOtherProcess('keep');
    await left.kill('SIGKILL');
    process.kill(left.pid, 'SIGSTOP');
    setTimeout(() => process.kill(left.pid, 'SIGCONT'), 4_000);
    const server = await start();
    expect(server.attached).toBe(false);
    expect(await ask(server.url(), 'select 1')).toBe(1);
  });

  it('does not block the next start with the pid file of a dead server', async () => {
    const server = await start();
    process.kill(server.pid, 'SIGKILL');
    await waitForExit(server.pid, 10_000);
    const next = await start();
    expect(next.attached).toBe(false);
  });

  it('does not block the next start when its id belongs to another program by now', async () => {
    const server = await start();
    const text = await readFile(pidFilePath(dir), 'utf8');
    await server.stop();
    await writeFile(pidFilePath(dir), text.replace(/^\d+/, String(process.ppid)));
    const next = await start();
    expect(next.attached).toBe(false);
    expect(isAlive(process.ppid)).toBe(true);
  });
});
