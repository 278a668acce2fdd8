import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WindowDatabase } from '#desktop/collections/database.ts';
import { LiveQueries } from '#desktop/collections/live-queries.ts';
import type { StoragePort } from '#desktop/collections/storage-channel.ts';
import { Tables } from '#desktop/collections/tables.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';

/** A real store process, killed under three windows that read and write. */
const KEY = 'ef'.repeat(32);
const SITE = newId();
const ITEM = newId();
const KILLS = 6;

const row = (id: string) => ({
  id,
  item_id: ITEM,
  location_id: SITE,
  par: 10_000,
  min: null,
  max: null,
  reorder_qty: null,
  bin: 'A',
  is_stocked: true,
});

test('killed under three windows: nothing that was acknowledged is lost, nothing is made twice', async () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'ganger-killed-'));
  const file = path.join(dir, 'a.db');
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  let child: ChildProcess | null = null;
  let lastPort = 0;

  const start = (): ChildProcess =>
    fork(new URL('killed-store.suite.ts', import.meta.url), [file, KEY, SITE], {
      serialization: 'advanced',
      execArgv: [],
    });
  const portTo = (store: ChildProcess): StoragePort => {
    lastPort += 1;
    const port = lastPort;
    const end: StoragePort = {
      onmessage: null,
      postMessage: (message: unknown) => {
        if (store.connected) store.send({ port, message } as never, () => undefined);
      },
      close: () => undefined,
    };
    store.on('message', (said: { port: number; message: unknown }) => {
      if (said.port === port) end.onmessage?.call(end as never, { data: said.message } as never);
    });
    return end;
  };

  const windows = Array.from({ length: 3 }, () => {
    const database = new WindowDatabase();
    const live = new LiveQueries(database).rows('item_locations', { selector: { item_id: ITEM } });
    live.subscribe(() => undefined);
    return { database, live, tables: new Tables(database) };
  });
  const restart = (): void => {
    child = start();
    for (const { database } of windows) database.attach(portTo(child));
  };

  const acknowledged = new Set<string>();
  const tried = new Set<string>();
  const refused: string[] = [];
  let isWriting = true;
  restart();
  const writers = windows.map(async ({ tables }) => {
    while (isWriting) {
      const id = newId();
      tried.add(id);
      await tables.insert('item_locations', row(id)).then(
        () => acknowledged.add(id),
        (error: { code: string }) => refused.push(error.code),
      );
      if (acknowledged.size % 3 === 0 && acknowledged.has(id)) {
        await tables.patch('item_locations', id, { bin: 'B' }).catch((error: { code: string }) => {
          refused.push(error.code);
        });
      }
    }
  });
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = acknowledged.size;
    await expect.poll(() => acknowledged.size, { timeout: 20_000 }).toBeGreaterThan(before + 5);
    await new Promise((resolve) => setTimeout(resolve, 37 * kill));
    const gone = once(child as unknown as ChildProcess, 'exit');
    (child as unknown as ChildProcess).kill('SIGKILL');
    await gone;
    restart();
  }
  isWriting = false;
  await Promise.all(writers);

  const total = windows[0]?.live.current().data?.length ?? 0;
  expect(total).toBeGreaterThan(0);
  for (const { live } of windows) {
    await expect
      .poll(() => [live.current().stale, live.current().data?.length], { timeout: 10_000 })
      .toEqual([false, windows[0]?.live.current().data?.length]);
  }
  for (const { database } of windows) await database.close();
  const ended = once(child as unknown as ChildProcess, 'exit');
  (child as unknown as ChildProcess).kill('SIGKILL');
  await ended;

  const stored = openDatabase({ file, key: KEY, log: silentLogger });
  const rows = stored.read<{ id: string; doc: string }>('select id, doc from live_item_locations');
  stored.close();
  const ids = new Set(rows.map(({ id }) => id));
  expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);
  expect(rows.filter(({ id }) => !tried.has(id))).toEqual([]);
  // One write made it, and at most one more changed it.
  const heights = rows.map(({ doc }) =>
    Number.parseInt((JSON.parse(doc) as { _rev: string })._rev, 10),
  );
  expect(Math.max(...heights)).toBeLessThanOrEqual(2);
  expect(refused.filter((code) => code !== 'STORE_RESTARTING')).toEqual([]);
  expect(acknowledged.size).toBeGreaterThan(KILLS * 5);
}, 120_000);
