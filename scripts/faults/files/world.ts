import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { newId } from '#shared/kernel/ids.ts';
import type { FileRow } from '#desktop/files/files.ts';
import { startCutProxy } from '#stack/cut-proxy.ts';
import type { CutProxy } from '#stack/cut-proxy.ts';
import { DEMO_AUTH_KEY, startDevStack } from '../../dev/dev-stack.ts';
import type { DevStack } from '../../dev/dev-stack.ts';
import { DEMO_PASSWORD } from '../../dev/demo-people.ts';
import { PEOPLE } from '../../../supabase/demo/people.ts';
import { contentOf } from './device-process.ts';
import type { DeviceJob } from './device-process.ts';

/** A real server with a folder for files, and a line to it that can be spoilt. */
export interface FilesWorld {
  readonly stack: DevStack;
  readonly line: CutProxy;
  /** A job for a new device of a person, over the line. */
  job(name: string, size: number, seed: number, fetch?: FileRow): Promise<DeviceJob>;
  /** Files that the server stores now: name and size. */
  stored(): { name: string; size: number }[];
  /** SHA-256 of a stored file. */
  hashOfStored(sha256: string): Promise<string>;
  /** What the database says of a file. */
  stateOf(id: string): Promise<string>;
  /** Resident memory of the server now and at most, MB (Linux). */
  serverMemory(): { now: number; most: number };
  stop(): Promise<void>;
}

export async function openFilesWorld(folder: string): Promise<FilesWorld> {
  const stack = await startDevStack({
    dataDir: path.join(folder, 'stack'),
    port: 0,
    log: () => undefined,
    tokenLifetimeS: 24 * 3600,
  });
  const { hostname: host, port } = new URL(stack.serverUrl);
  const line = await startCutProxy({ target: { host, port: Number(port) } });
  const pool = new pg.Pool({ connectionString: stack.databaseUrl, max: 2 });
  pool.on('error', () => undefined);
  const files = path.join(folder, 'stack', 'files');
  const { rows } = await pool.query<{ id: string }>('select id from inventory_items limit 1');
  const itemId = rows[0]?.id ?? '';

  let jobs = 0;
  const stored = (): { name: string; size: number; place: string }[] => {
    mkdirSync(files, { recursive: true });
    return readdirSync(files, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .flatMap((entry) => {
        const place = path.join(entry.parentPath, entry.name);
        // Parts go when the whole is there: one may be gone by now.
        const size = statSync(place, { throwIfNoEntry: false })?.size;
        return size === undefined ? [] : [{ name: entry.name, size, place }];
      });
  };
  return {
    stack,
    line,
    async job(name, size, seed, fetch) {
      // No two files of one world are of one size, so that copies can be counted.
      jobs += 1;
      const person = fetch ? PEOPLE.satellite : PEOPLE.manager;
      return {
        folder: path.join(folder, `${jobs}-${name}`),
        key: randomBytes(32).toString('hex'),
        url: `http://127.0.0.1:${line.port}`,
        token: await tokenOf(stack, person.email),
        userId: person.id,
        deviceId: newId(),
        itemId,
        size: fetch ? size : size + jobs,
        seed,
        fetch: fetch ?? null,
      };
    },
    stored: () => stored().map(({ name, size }) => ({ name, size })),
    async hashOfStored(sha256) {
      const found = stored().find(({ name }) => name === sha256);
      if (!found) return 'not there';
      const hash = createHash('sha256');
      for await (const chunk of createReadStream(found.place)) hash.update(chunk as Buffer);
      return hash.digest('hex');
    },
    async stateOf(id) {
      const { rows: found } = await pool.query<{ s: string }>(
        'select upload_state as s from file_uploads where id = $1',
        [id],
      );
      return found[0]?.s ?? 'no row';
    },
    serverMemory() {
      try {
        const text = readFileSync(`/proc/${stack.server().pid}/status`, 'utf8');
        const of = (name: string): number =>
          Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? 0) / 1024);
        return { now: of('VmRSS'), most: of('VmHWM') };
      } catch {
        return { now: 0, most: 0 };
      }
    },
    async stop() {
      await line.close();
      await pool.end();
      await stack.stop();
    },
  };
}

/** The hash that the bytes of a job have. */
export function wantedHash(size: number, seed: number): string {
  const hash = createHash('sha256');
  for (const piece of contentOf(size, seed)) hash.update(piece);
  return hash.digest('hex');
}

async function tokenOf(stack: DevStack, email: string): Promise<string> {
  const answer = await fetch(`${stack.authUrl}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', apikey: DEMO_AUTH_KEY },
    body: JSON.stringify({ email, password: DEMO_PASSWORD }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}
