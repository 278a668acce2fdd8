import { expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import type { Timers } from '#desktop/replication/timers.ts';
import type { FileApi } from './file-api.ts';
import { openFiles } from './files.ts';
import type { FileRow } from './files.ts';
import type { RowState } from './file-sender.ts';
import { codeOf, databaseIn, dataKey, folderForTests, pdf, sha256 } from './fixtures.suite.ts';

/** Timers that run when the test says so; what is asked for 0 ms or to show something runs at once. */
function handTimers() {
  const waiting = new Set<() => void>();
  const timers: Timers = {
    after(ms, run) {
      if (ms <= 100) {
        const soon = setTimeout(run, 0);
        return () => clearTimeout(soon);
      }
      waiting.add(run);
      return () => void waiting.delete(run);
    },
  };
  const pass = (): void => {
    const now = [...waiting];
    waiting.clear();
    for (const run of now) run();
  };
  return { timers, pass, waits: () => waiting.size };
}

/** A server in memory: keeps what it is sent, and answers what the test wants it to. */
function memoryServer() {
  const held = new Map<string, Buffer>();
  const complete = new Set<string>();
  const sizes = new Map<string, number>();
  const parts: { at: number; length: number }[] = [];
  let fault: ((call: string) => Code | null) | null = null;
  const check = (call: string): void => {
    const code = fault?.(call) ?? null;
    if (code) throw new AppError(code);
  };
  const stateOf = (file: string) => ({
    file,
    received: held.get(file)?.length ?? 0,
    size: sizes.get(file) ?? 1,
    isComplete: complete.has(file),
  });
  const api: FileApi = {
    async state(file) {
      check('state');
      return stateOf(file);
    },
    async part(file, at, bytes) {
      check('part');
      const before = held.get(file) ?? Buffer.alloc(0);
      parts.push({ at, length: bytes.length });
      if (at === before.length) held.set(file, Buffer.concat([before, bytes]));
      return stateOf(file);
    },
    async complete(file) {
      try {
        check('complete');
      } catch (error) {
        held.delete(file);
        throw error;
      }
      complete.add(file);
      return stateOf(file);
    },
    async *read(file, from, length) {
      check('read');
      yield (held.get(file) ?? Buffer.alloc(0)).subarray(from, from + length);
    },
  };
  return {
    api,
    held,
    parts,
    sizes,
    complete,
    failWith: (next: typeof fault) => void (fault = next),
  };
}

function setUp(options: { rows?: Map<string, RowState> } = {}) {
  const folder = folderForTests();
  const database = databaseIn(folder, dataKey());
  const key = dataKey();
  const server = memoryServer();
  const hand = handTimers();
  const rows = options.rows ?? new Map<string, RowState>();
  const known = new Map<string, FileRow>();
  const open = () =>
    openFiles({
      folder,
      database,
      key,
      api: server.api,
      rowOf: (id) => known.get(id) ?? null,
      rowState: (id) => rows.get(id) ?? 'there',
      unsentRows: () => [],
      timers: hand.timers,
      random: () => 0.5,
      log: silentLogger,
    });
  const attach = async (files: ReturnType<typeof open>, id: string, bytes: Buffer) => {
    const adding = await files.add();
    await adding.write(bytes);
    const added = await adding.finish();
    known.set(id, { id, sha256: added.sha256, size: added.size, isComplete: false });
    server.sizes.set(id, bytes.length);
    files.queue(id, added);
    files.wake();
  };
  return { open, attach, server, hand, rows, known, folder };
}
const A = '11111111-0000-4000-8000-000000000001';
const B = '11111111-0000-4000-8000-000000000002';

test('a file goes up in growing parts, and is then here for convenience only', async () => {
  const { open, attach, server } = setUp();
  const files = open();
  const bytes = pdf(3_000_000);
  await attach(files, A, bytes);
  await expect.poll(() => files.transfers).toEqual([]);
  expect(server.held.get(A)?.equals(bytes)).toBe(true);
  expect(server.parts.map(({ length }) => length)).toEqual([
    524_288, 1_048_576, 1_048_576, 378_560,
  ]);
  expect(files.unsent()).toEqual({ files: 0, bytes: 0 });
  expect(files.has(sha256(bytes))).toBe(true);
  await files.stop();
});

test('a line that breaks makes parts smaller, and what has arrived is not sent again', async () => {
  const { open, attach, server, hand } = setUp();
  const files = open();
  await files.settled;
  const bytes = pdf(2_000_000);
  let calls = 0;
  server.failWith((call) =>
    call === 'part' && (calls += 1) % 2 === 0 ? 'SERVER_UNREACHABLE' : null,
  );
  await attach(files, A, bytes);
  for (let turn = 0; turn < 500 && !server.complete.has(A); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    hand.pass();
  }
  expect(server.held.get(A)?.equals(bytes)).toBe(true);
  const sum = server.parts.reduce((total, { length }) => total + length, 0);
  expect(sum).toBe(bytes.length);
  await expect.poll(() => files.transfers).toEqual([]);
  await files.stop();
});

test.each([
  ['FILE_TYPE_REFUSED', 'refused'],
  ['FILE_TOO_LARGE', 'refused'],
  ['FILE_NOT_ALLOWED', 'refused'],
  ['FILE_GONE', 'refused'],
  ['FILE_OWNER_MISSING', 'held'],
  ['NOT_FOUND', 'held'],
  ['SERVER_UNREACHABLE', 'offline'],
  ['SERVER_BUSY', 'offline'],
  ['FILES_OFF', 'offline'],
  ['FILES_NO_ROOM', 'offline'],
  ['AUTH_TOKEN_INVALID', 'offline'],
] as const)(
  '%s: the file is %s, its bytes are kept, and one tap tries again',
  async (code, state) => {
    const { open, attach, server, hand } = setUp();
    const files = open();
    server.failWith(() => code);
    const bytes = pdf(100_000);
    await attach(files, A, bytes);
    await expect.poll(() => files.transfers[0]?.state).toBe(state);
    if (state !== 'held') await expect.poll(() => files.transfers[0]?.code).toBe(code);
    expect(files.unsent()).toEqual({ files: 1, bytes: bytes.length });
    server.failWith(null);
    if (state === 'refused') {
      hand.pass();
      expect(server.complete.has(A)).toBe(false);
      files.retry(A);
    } else files.wake();
    await expect.poll(() => server.complete.has(A)).toBe(true);
    await files.stop();
  },
);

test('one that is not taken keeps no other waiting', async () => {
  const rows = new Map<string, RowState>([[A, 'SYNC_ROW_REFUSED']]);
  const { open, attach, server } = setUp({ rows });
  const files = open();
  await attach(files, A, pdf(50_000));
  await attach(files, B, pdf(50_000));
  await expect.poll(() => server.complete.has(B)).toBe(true);
  expect(server.held.has(A)).toBe(false);
  expect(files.transfers).toMatchObject([
    { fileId: A, state: 'refused', code: 'SYNC_ROW_REFUSED' },
  ]);
  rows.set(A, 'there');
  files.wake();
  await expect.poll(() => server.complete.has(A)).toBe(true);
  await files.stop();
});

test('a hash that is wrong again and again is not sent for ever', async () => {
  const { open, attach, server, hand } = setUp();
  const files = open();
  let checks = 0;
  server.failWith((call) => (call === 'complete' && (checks += 1) > 0 ? 'FILE_HASH_WRONG' : null));
  await attach(files, A, pdf(50_000));
  for (let turn = 0; turn < 10; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    hand.pass();
  }
  expect(checks).toBe(3);
  expect(files.transfers).toMatchObject([{ state: 'refused', code: 'FILE_HASH_WRONG' }]);
  await files.stop();
});

test('after a start it goes on from where the server is, and a note without a row goes', async () => {
  const { open, attach, server, known } = setUp();
  const first = open();
  const bytes = pdf(1_500_000);
  let calls = 0;
  server.failWith((call) => (call === 'part' && (calls += 1) > 1 ? 'SERVER_UNREACHABLE' : null));
  await attach(first, A, bytes);
  await attach(first, B, pdf(10_000));
  await expect.poll(() => calls).toBeGreaterThan(1);
  await first.stop();
  const before = server.parts.length;
  known.delete(B);
  server.failWith(null);
  const again = open();
  await again.settled;
  await expect.poll(() => server.complete.has(A)).toBe(true);
  expect(server.parts.slice(before)[0]?.at).toBe(524_288);
  expect(server.held.get(A)?.equals(bytes)).toBe(true);
  expect(server.held.has(B)).toBe(false);
  await expect.poll(() => again.transfers).toEqual([]);
  await again.stop();
});

test('what is fetched is checked, kept when it is right, and not when it is wrong twice', async () => {
  const { open, server, known } = setUp();
  const files = open();
  const bytes = pdf(700_000);
  known.set(A, { id: A, sha256: sha256(bytes), size: bytes.length, isComplete: true });
  server.held.set(A, pdf(700_000));
  expect(await codeOf(files.fetch(A))).toBe('FILE_HASH_WRONG');
  expect(files.has(sha256(bytes))).toBe(false);
  server.held.set(A, bytes);
  await Promise.all([files.fetch(A), files.fetch(A)]);
  expect(Buffer.from(await files.read(A, 0, bytes.length)).equals(bytes)).toBe(true);
  server.failWith(() => 'SERVER_UNREACHABLE');
  await files.fetch(A);
  expect(await codeOf(files.fetch(B))).toBe('NOT_FOUND');
  await files.stop();
});
