import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { _electron, expect } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import pg from 'pg';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { startCutProxy } from '#stack/cut-proxy.ts';
import type { CutProxy } from '#stack/cut-proxy.ts';
import { appArgs, appEnv } from '../scripts/dev/app-env.ts';
import { DEMO_PASSWORD } from '../scripts/dev/demo-people.ts';
import { demoProfileKey } from '../scripts/dev/demo-profile-key.ts';
import { startDevStack } from '../scripts/dev/dev-stack.ts';
import type { DevStack } from '../scripts/dev/dev-stack.ts';
import { electronBinary } from '../scripts/dev/electron-binary.ts';
import { ROOT } from '../scripts/dev/paths.ts';

/** Folder in which the runs keep the screenshots that the README shows. */
export const SCREENSHOTS = path.join(ROOT, 'docs/screenshots');

/** A server with demo data and any number of devices, each behind a network that can be pulled. */
export interface World {
  readonly stack: DevStack;
  /** Connection as the owner of the tables. */
  readonly db: pg.Pool;
  /** Where the server keeps the bytes of files. */
  readonly filesDir: string;
  device(name: string): Promise<Device>;
  close(): Promise<void>;
}

export interface Device {
  readonly name: string;
  readonly page: Page;
  readonly app: ElectronApplication;
  readonly userData: string;
  signIn(email: string, password?: string): Promise<void>;
  /** Waits until the sync chip shows a state. */
  expectSync(state: string, timeout?: number): Promise<void>;
  pullNetwork(): void;
  restoreNetwork(): void;
  /** Each connection to the sync server carries so many bytes a second; null: as many as come. */
  slowNetwork(bytesPerSecond: number | null): void;
  /** As a power cut: no process of the app gets to say anything. */
  powerCut(): Promise<void>;
  /** Starts the app again on the same data. */
  start(): Promise<void>;
  /** Closes the app as its user would; its data stay. */
  quit(): Promise<void>;
  /** A copy of this person's file on this device, opened. The app must have quit. */
  openFile(userId: string, key?: string): Promise<EncryptedDatabase>;
}

export async function startWorld(
  options: {
    tokenLifetimeS?: number;
    log?: (line: string) => void;
    /** With some months of a small clinic's life: patients, visits, payments. */
    clinic?: boolean;
  } = {},
): Promise<World> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'ganger-e2e-'));
  const { log = () => undefined, tokenLifetimeS, clinic = false } = options;
  const stack = await startDevStack({
    dataDir: path.join(dir, 'stack'),
    port: 0,
    log,
    clinic,
    ...(tokenLifetimeS === undefined ? {} : { tokenLifetimeS }),
  });
  const db = new pg.Pool({ connectionString: stack.databaseUrl, max: 3 });
  db.on('error', () => undefined);
  const ends: (() => Promise<void>)[] = [];
  return {
    stack,
    db,
    filesDir: path.join(dir, 'stack', 'files'),
    async device(name) {
      const { device, end } = await makeDevice({ name, stack, userData: path.join(dir, name) });
      ends.push(end);
      return device;
    },
    async close() {
      for (const end of ends) await end();
      await db.end();
      await stack.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function makeDevice(options: {
  name: string;
  stack: DevStack;
  userData: string;
}): Promise<{ device: Device; end: () => Promise<void> }> {
  const { name, stack, userData } = options;
  const server = await proxyOf(stack.serverUrl);
  const auth = await proxyOf(stack.authUrl);
  const env = {
    ...process.env,
    ...appEnv({
      serverUrl: `http://127.0.0.1:${server.port}`,
      authUrl: `http://127.0.0.1:${auth.port}`,
    }),
    GANGER_DEVICE_NAME: name,
  } as Record<string, string>;

  let app: ElectronApplication | null = null;
  let page: Page | null = null;
  const running = (): { app: ElectronApplication; page: Page } => {
    if (!app || !page) throw new Error(`${name} is not running`);
    return { app, page };
  };

  const device: Device = {
    name,
    userData,
    get app() {
      return running().app;
    },
    get page() {
      return running().page;
    },
    async start() {
      app = await _electron.launch({
        executablePath: electronBinary(),
        args: [...appArgs(userData), ROOT],
        env,
      });
      page = await app.firstWindow();
      page.setDefaultTimeout(20_000);
    },
    async signIn(email, password = DEMO_PASSWORD) {
      const { page: window } = running();
      await window.getByTestId('sign-in-email').fill(email);
      await window.getByTestId('sign-in-password').fill(password);
      await window.getByTestId('sign-in-submit').click();
    },
    async expectSync(state, timeout = 30_000) {
      await expect(running().page.getByTestId('sync-chip')).toHaveAttribute('data-state', state, {
        timeout,
      });
    },
    pullNetwork() {
      server.cut();
      auth.cut();
    },
    restoreNetwork() {
      server.restore();
      auth.restore();
    },
    slowNetwork: (bytesPerSecond) => server.rate(bytesPerSecond),
    async powerCut() {
      const { app: victim } = running();
      const pids = await victim.evaluate(({ app: electron }) =>
        electron.getAppMetrics().map((metric) => metric.pid),
      );
      const gone = new Promise((resolve) => victim.process().once('exit', resolve));
      for (const pid of pids) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It went down with its parent.
        }
      }
      await gone;
      app = null;
      page = null;
    },
    async quit() {
      await app?.close();
      app = null;
      page = null;
    },
    async openFile(userId, otherKey) {
      const from = path.join(userData, 'ganger', 'profiles', userId);
      const copy = await mkdtemp(path.join(os.tmpdir(), 'ganger-file-'));
      await cp(from, copy, { recursive: true });
      const key =
        otherKey ?? (await demoProfileKey(path.join(userData, 'ganger', 'keys'), copy, userId));
      return openDatabase({ file: path.join(copy, 'ganger.db'), key, log: silentLogger });
    },
  };
  await device.start();
  const end = async (): Promise<void> => {
    await device.quit();
    await server.close();
    await auth.close();
  };
  return { device, end };
}

async function proxyOf(url: string): Promise<CutProxy> {
  const { hostname, port } = new URL(url);
  return startCutProxy({ target: { host: hostname, port: Number(port) } });
}
