import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { inScope } from '#shared/access/rights.ts';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { createServerApi } from '#desktop/replication/server-api.ts';
import { Device, fastTime } from '#desktop/replication/testing/device.ts';
import { startServer } from '#server/server.ts';
import { syncUrl } from '#server/testing/rig.suite.ts';
import { PUBLISHABLE_KEY, setUpAuth } from '#stack/test-fixtures/auth-setup.ts';
import { openTestDatabase } from '#stack/test-database.ts';
import { DEMO_PASSWORD } from '../../supabase/demo/people.ts';
import { driveClient } from './driven-client.ts';
import type { DrivenClient } from './driven-client.ts';
import { startWatchingProxy } from './watching-proxy.ts';
import type { WatchingProxy } from './watching-proxy.ts';

/** Tables that the list is about, in the order in which they are pushed. */
export const TABLES = [
  'locations',
  'inventory_items',
  'item_locations',
  'stock_acts',
  'inventory_lots',
  'stock_movements',
  'conflict_log',
] as const satisfies readonly TableName[];

/** A client of somebody else's making, behind a proxy of its own. */
export interface Stranger {
  readonly network: WatchingProxy;
  readonly folder: string;
  client: DrivenClient;
  /** Starts it (again) on the same folder. */
  start(): Promise<unknown>;
}

export interface World {
  readonly db: pg.Pool;
  stranger(email: string, options?: { start?: boolean }): Promise<Stranger>;
  /** A device of ours, with a real store, that stays online. */
  ours(email: string): Promise<Device>;
  /** Ends all clients and devices that were started. */
  sendHome(): Promise<void>;
  close(): Promise<void>;
}

/** A real server with its sign-in service over a database with demo data. */
export async function openWorld(clientFile: string): Promise<World> {
  const db = await openTestDatabase({ seed: true });
  const auth = await setUpAuth(db);
  const authUrl = `${auth.auth.url}/auth/v1`;
  const server = await startServer(
    {
      host: '127.0.0.1',
      port: 0,
      databaseUrl: await syncUrl(db),
      poolSize: 10,
      authUrl,
      redis: null,
      logLevel: 'silent',
      concurrency: 50,
      files: null,
    },
    silentLogger,
  );
  const root = await mkdtemp(path.join(tmpdir(), 'ganger-stranger-'));
  const ends: (() => Promise<unknown>)[] = [];
  const sendHome = async (): Promise<void> => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  return {
    db: db.admin,
    async stranger(email, { start = true } = {}) {
      const network = await startWatchingProxy(server.url);
      const folder = await mkdtemp(path.join(root, 'stranger-'));
      const stranger: Stranger = {
        network,
        folder,
        client: driveClient(clientFile),
        start: () =>
          stranger.client.start({
            server: network.url,
            auth: authUrl,
            key: PUBLISHABLE_KEY,
            email,
            password: DEMO_PASSWORD,
            folder,
            tables: TABLES,
          }),
      };
      ends.push(async () => {
        await stranger.client.kill();
        await network.close();
      });
      if (start) await stranger.start();
      return stranger;
    },
    async ours(email) {
      const { token, userId } = await signIn(authUrl, email);
      const deviceId = newId();
      const api = createServerApi({
        baseUrl: server.url,
        getToken: () => Promise.resolve(token),
        deviceId,
        log: silentLogger,
      });
      await api.session({ id: deviceId, name: 'Ours', kind: 'desktop' });
      const device = new Device({
        api: () => api,
        file: path.join(root, `${deviceId}.db`),
        userId,
        deviceId,
        tables: TABLES,
        inScope,
        time: fastTime(1, Date.now()),
      });
      ends.push(() => device.stop());
      await device.start();
      await device.replication.firstSyncDone;
      return device;
    },
    sendHome,
    async close() {
      await sendHome();
      await server.stop();
      await auth.stop();
      await db.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function signIn(authUrl: string, email: string): Promise<{ token: string; userId: string }> {
  const answer = await fetch(`${authUrl}/token?grant_type=password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', apikey: PUBLISHABLE_KEY },
    body: JSON.stringify({ email, password: DEMO_PASSWORD }),
  });
  const body = (await answer.json()) as { access_token: string; user: { id: string } };
  return { token: body.access_token, userId: body.user.id };
}
