import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import pg from 'pg';
import { appArgs, appEnv } from '../../dev/app-env.ts';
import { buildApp } from '../../dev/build-app.ts';
import { DEMO_PASSWORD } from '../../dev/demo-people.ts';
import { startDevStack } from '../../dev/dev-stack.ts';
import { electronBinary } from '../../dev/electron-binary.ts';
import { ROOT } from '../../dev/paths.ts';
import { startDisplay } from '../../setup/display.mjs';
import { ensureAll } from '../../setup/ensure.mjs';
import { memoryMb } from '../sync/usage.ts';

const MANAGER = 'manager@ganger.example';
const FIRST_SYNC_WITHIN_MS = 10 * 60_000;
/** An item and its places at the three sites of the demo. */
const DOCUMENTS_AN_ITEM = 4;

/** An app that runs, and the data that it starts on again. */
export interface BenchDevice {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly userData: string;
  start(): Promise<void>;
  quit(): Promise<void>;
}

/** The built app on a machine with a screen, a server with demo data, and an empty window beside it. */
export interface Place {
  /** A device whose manager has so many documents of the catalogue, and is at the list of items. */
  device(documents: number): Promise<BenchDevice>;
  /** The same, at the list while the rest of the first sync is still to come. */
  arriving(documents: number): Promise<BenchDevice>;
  /** The bare resource: the same Electron with an empty window. */
  empty(): Promise<{ app: ElectronApplication; page: Page; end: () => Promise<void> }>;
}

/** Builds the app and runs work with everything that it needs; afterwards nothing of it is left. */
export async function withPlace<R>(work: (place: Place) => Promise<R>): Promise<R> {
  const ready = await ensureAll({ want: { electron: true, display: true } });
  Object.assign(process.env, ready.env);
  await buildApp();
  const display = await startDisplay({ width: 1920, height: 1080, windowManager: true });
  const folder = await mkdtemp(path.join(tmpdir(), 'ganger-bench-window-'));
  const stack = await startDevStack({
    dataDir: path.join(folder, 'stack'),
    port: 0,
    log: () => undefined,
  });
  // A hundred thousand documents take longer than the suite gives a transaction.
  const options = '-c transaction_timeout=0 -c statement_timeout=0';
  const db = new pg.Pool({ connectionString: stack.databaseUrl, max: 1, options });
  db.on('error', () => undefined);
  const env = { ...process.env, ...display.env, ...appEnv(stack) } as Record<string, string>;
  const launch = (name: string, entry: string): Promise<ElectronApplication> =>
    _electron.launch({
      executablePath: electronBinary(),
      args: [...appArgs(path.join(folder, name)), entry],
      env,
    });
  const arriving = async (name: string, documents: number): Promise<BenchDevice> => {
    await fillCatalogue(db, Math.ceil(documents / DOCUMENTS_AN_ITEM));
    const device = deviceOf(path.join(folder, name), () => launch(name, ROOT));
    await device.start();
    await signIn(device.page);
    return device;
  };
  try {
    return await work({
      arriving: (documents) => arriving(`arriving-${documents}`, documents),
      async device(documents) {
        const device = await arriving(`device-${documents}`, documents);
        await synced(device.page);
        return device;
      },
      async empty() {
        const app = await launch('empty', path.join(import.meta.dirname, 'empty'));
        return { app, page: await app.firstWindow(), end: () => app.close() };
      },
    });
  } finally {
    await db.end();
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
    await display.stop();
  }
}

function deviceOf(userData: string, launch: () => Promise<ElectronApplication>): BenchDevice {
  let running: { app: ElectronApplication; page: Page } | null = null;
  const now = (): { app: ElectronApplication; page: Page } => {
    if (!running) throw new Error('the app does not run');
    return running;
  };
  return {
    userData,
    get app() {
      return now().app;
    },
    get page() {
      return now().page;
    },
    async start() {
      const app = await launch();
      running = { app, page: await app.firstWindow() };
    },
    async quit() {
      await running?.app.close();
      running = null;
    },
  };
}

async function signIn(page: Page): Promise<void> {
  await page.getByTestId('sign-in-email').fill(MANAGER);
  await page.getByTestId('sign-in-password').fill(DEMO_PASSWORD);
  await page.getByTestId('sign-in-submit').click();
}

/** Waits until a device has everything. */
export async function synced(page: Page): Promise<void> {
  await page
    .locator('[data-testid="sync-chip"][data-state="synced"]')
    .waitFor({ timeout: FIRST_SYNC_WITHIN_MS });
}

/** As many items as asked for, each with its places, made from a row of the demo data. */
async function fillCatalogue(db: pg.Pool, items: number): Promise<void> {
  await db.query(
    `insert into public.inventory_items
     select (jsonb_populate_record(null::public.inventory_items, to_jsonb(t) ||
       jsonb_build_object('id', gen_random_uuid(), 'sku', 'BENCH-' || n, 'packs', '[]'::jsonb,
         'name', 'Bench item ' || n))).*
     from (select * from public.inventory_items where status = 'active' order by id limit 1) t,
       generate_series((select count(*) from public.inventory_items where sku like 'BENCH-%') + 1,
         $1::int) n`,
    [items],
  );
  await db.query(
    `insert into public.item_locations
     select (jsonb_populate_record(null::public.item_locations, to_jsonb(t) ||
       jsonb_build_object('id', gen_random_uuid(), 'item_id', i.id, 'location_id', l.id))).*
     from (select * from public.item_locations order by id limit 1) t,
       public.inventory_items i, public.locations l
     where i.sku like 'BENCH-%' and not exists (
       select 1 from public.item_locations p where p.item_id = i.id and p.location_id = l.id)`,
  );
}

/** Memory of all processes of an app, what they share counted once. MiB, by kind of process. */
export async function memoryOf(
  app: ElectronApplication,
): Promise<{ readonly all: number; readonly store: number }> {
  const processes = await app.evaluate(({ app: electron }) =>
    electron.getAppMetrics().map(({ pid, name }) => ({ pid, name: name ?? '' })),
  );
  let all = 0;
  let store = 0;
  for (const { pid, name } of processes) {
    const own = await memoryMb(pid);
    all += own;
    if (name === 'Ganger store') store += own;
  }
  return { all, store };
}
