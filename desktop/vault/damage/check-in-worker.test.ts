import { closeSync, openSync, writeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { TEST_KEY, insertAll, note, testStore } from '#desktop/storage/fixtures.suite.ts';
import { checkInWorker } from './check-in-worker.ts';
import type { CheckProgress } from './check-file.ts';

async function store(rows: number) {
  const made = testStore();
  const notes = await made.open('notes');
  for (let at = 0; at < rows; at += 500) {
    const group = Array.from({ length: Math.min(500, rows - at) }, (_, n) =>
      note({ id: `id${at + n}`, opt: 'text '.repeat(100) }),
    );
    await insertAll(notes, group);
  }
  made.database.secureCheckpoint();
  return { ...made, notes };
}

function damagePage(file: string, page: number): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.from('damage'), 0, 6, (page - 1) * 4096 + 1000);
  closeSync(handle);
}

test('a sound file is found sound, with progress, while the store writes', async () => {
  const { file, notes } = await store(3000);
  const told: CheckProgress[] = [];
  let written = 0;
  const check = checkInWorker({ file, key: TEST_KEY, onProgress: (step) => told.push(step) });
  let isDone = false;
  const done = check.finally(() => (isDone = true));
  while (!isDone) {
    await insertAll(notes, [note({ id: `late${(written += 1)}` })]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await done).toMatchObject({ state: 'fine', badPages: [], badTables: [] });
  expect(written).toBeGreaterThan(0);
  for (const phase of ['pages', 'tables'] as const) {
    const steps = told.filter((step) => step.phase === phase);
    expect(steps.at(-1)?.done).toBe(steps.at(-1)?.total);
  }
});

test('each damaged page is named, and what SQLite finds too', async () => {
  const { file, database } = await store(1000);
  database.close();
  damagePage(file, 7);
  damagePage(file, 60);
  const report = await checkInWorker({ file, key: TEST_KEY });
  expect(report).toMatchObject({ state: 'damaged', badPages: [7, 60] });
  expect(report.badTables).toContain('notes');
});

test('it can be stopped, and a wrong key is an error and no damage', async () => {
  const { file } = await store(2000);
  const stop = new AbortController();
  const onProgress = (): void => stop.abort();
  const report = await checkInWorker({ file, key: TEST_KEY, onProgress, signal: stop.signal });
  expect(report.state).toBe('stopped');
  let code = 'none';
  try {
    await checkInWorker({ file, key: '00'.repeat(32) });
  } catch (error) {
    code = error instanceof AppError ? error.code : String(error);
  }
  expect(code).toBe('STORE_KEY_WRONG');
});
