import { createCipheriv, createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { hlcNodeOf } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { createFileApi } from '#desktop/files/file-api.ts';
import type { FileApi } from '#desktop/files/file-api.ts';
import { openFiles } from '#desktop/files/files.ts';
import type { FileRow, Files } from '#desktop/files/files.ts';
import { createServerApi } from '#desktop/replication/server-api.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';

/** What a device is to do; it says what it does on its standard output, one line each. */
export interface DeviceJob {
  readonly folder: string;
  readonly key: string;
  readonly url: string;
  readonly token: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly itemId: string;
  /** Bytes of the file, and what they follow from. */
  readonly size: number;
  readonly seed: number;
  /** Null: attaches and sends it. A row: fetches that file. */
  readonly fetch: FileRow | null;
}

const say = (...words: readonly (string | number)[]): void => console.log(words.join(' '));
const ROW = 'faults.row';
const PUSHED = 'faults.pushed';
const PIECE = 256 * 1024;

/** The bytes of a file, piece by piece: a PDF to whoever looks at its first bytes. */
export function* contentOf(size: number, seed: number): Generator<Buffer> {
  const key = createHash('sha256').update(`file ${seed}`).digest();
  const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  for (let at = 0; at < size; at += PIECE) {
    const piece = stream.update(Buffer.alloc(Math.min(PIECE, size - at)));
    if (at === 0) piece.write('%PDF-1.7\n');
    yield piece;
  }
}

/** Resident memory of this process now and at most, MB (Linux; 0 elsewhere). */
function memory(): { now: number; most: number } {
  const of = (name: string): number => {
    try {
      const text = readFileSync('/proc/self/status', 'utf8');
      return Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? 0) / 1024);
    } catch {
      return 0;
    }
  };
  return { now: of('VmRSS'), most: of('VmHWM') };
}

async function main(job: DeviceJob): Promise<void> {
  mkdirSync(job.folder, { recursive: true });
  const file = path.join(job.folder, 'ganger.db');
  const database = openDatabase({ file, key: job.key, log: silentLogger });
  const server = {
    baseUrl: job.url,
    deviceId: job.deviceId,
    getToken: () => Promise.resolve(job.token),
    log: silentLogger,
  };
  const rowOf = (): FileRow | null => {
    const text = database.kv.get(ROW);
    return text === undefined ? null : (JSON.parse(text) as FileRow);
  };
  if (job.fetch) database.kv.set(ROW, JSON.stringify(job.fetch));
  const files = openFiles({
    folder: job.folder,
    database,
    key: job.key,
    api: heard(createFileApi(server)),
    rowOf: (id) => (rowOf()?.id === id ? rowOf() : null),
    rowState: () => (database.kv.get(PUSHED) === 'yes' ? 'there' : 'waits'),
    unsentRows: () => [],
    log: silentLogger,
  });
  await files.settled;
  // A first request loads what every device has in memory, with files or without.
  const device = { id: job.deviceId, name: 'Faults', kind: 'desktop' } as const;
  await until(async () => void (await createServerApi(server).session(device)));
  say('memory', memory().now);
  if (job.fetch) {
    await until(() => files.fetch(job.fetch?.id ?? ''));
    say('hash', await hashOf(files, job.fetch));
  } else {
    if (!rowOf()) await attach(files, job, (row) => database.kv.set(ROW, JSON.stringify(row)));
    const row = rowOf();
    if (!row) throw new Error('no row');
    if (database.kv.get(PUSHED) !== 'yes') {
      await push(createServerApi(server), job, row);
      database.kv.set(PUSHED, 'yes');
    }
    say('pushed', row.id);
    files.wake();
    for (; files.transfers.length > 0; await pause(20)) {
      const [first] = files.transfers;
      if (first?.state === 'refused') throw new Error(`refused: ${first.code ?? ''}`);
    }
    say('hash', row.sha256);
  }
  say('peak', memory().most);
  await files.stop();
  database.close();
  say('done');
}

/** Says what goes over the line, before and after. */
function heard(api: FileApi): FileApi {
  return {
    state: (...of) => api.state(...of),
    async part(file, at, bytes, signal) {
      say('part', at, bytes.length);
      const state = await api.part(file, at, bytes, signal);
      say('ack', state.received);
      return state;
    },
    complete(...of) {
      say('checking');
      return api.complete(...of);
    },
    async *read(file, from, length, signal) {
      say('piece', from, length);
      let got = 0;
      for await (const bytes of api.read(file, from, length, signal)) {
        got += bytes.byteLength;
        yield bytes;
      }
      say('got', from, got);
    },
  };
}

async function attach(
  files: Files,
  { size, seed }: DeviceJob,
  keep: (row: FileRow) => void,
): Promise<void> {
  const adding = await files.add();
  say('adding');
  for (const piece of contentOf(size, seed)) await adding.write(piece);
  const added = await adding.finish();
  say('added', added.sha256);
  const id = newId();
  files.queue(id, added);
  say('queued');
  keep({ id, sha256: added.sha256, size: added.size, isComplete: false });
  say('row', id);
}

async function push(
  api: ReturnType<typeof createServerApi>,
  job: DeviceJob,
  row: FileRow,
): Promise<void> {
  const stamp = `${Date.now().toString(16).padStart(12, '0')}-0000-${hlcNodeOf(job.deviceId)}`;
  const content = {
    id: row.id,
    created_at: Date.now(),
    created_by: job.userId,
    device_id: job.deviceId,
    field_hlc: { caption: stamp },
    location_id: null,
    sha256: row.sha256,
    size_bytes: row.size,
    mime: 'application/pdf',
    owner_table: 'inventory_items',
    owner_id: job.itemId,
    phi_class: 'P0',
    uploaded_by: job.userId,
    retention_until: null,
    encryption_key_id: 'device:faults',
    scan_status: 'pending',
    upload_state: 'local',
    caption: null,
  };
  await until(async () => {
    await api.session({ id: job.deviceId, name: 'Faults', kind: 'desktop' });
    const rows = [{ table: 'file_uploads' as const, base: null, row: content }];
    const [result] = (await api.push({ rows })).results;
    if (result?.outcome === 'refused') throw new Error(`row refused: ${result.code}`);
  });
}

async function hashOf(files: Files, row: FileRow): Promise<string> {
  const hash = createHash('sha256');
  for (let from = 0; from < row.size; from += PIECE) {
    hash.update(await files.read(row.id, from, Math.min(PIECE, row.size - from)));
  }
  return hash.digest('hex');
}

/** Tries again while the line is broken. */
async function until(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      if (!code.startsWith('SERVER_')) throw error;
      await pause(100);
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

if (import.meta.main) {
  try {
    await main(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as DeviceJob);
  } catch (error) {
    say('failed', (error as { code?: string }).code ?? String(error));
    process.exit(1);
  }
}
