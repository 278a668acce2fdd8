import path from 'node:path';
import pg from 'pg';
import type { Grant } from '#shared/access/rights.ts';
import { newId } from '#shared/kernel/ids.ts';
import { startAuth } from '#stack/auth/server.ts';
import type { RunningAuth } from '#stack/auth/server.ts';
import { freePort } from '#stack/free-port.ts';
import { DEMO_PASSWORD, PEOPLE } from '../../../supabase/demo/people.ts';
import { DEMO_AUTH_KEY } from '../../dev/dev-stack.ts';
import { startServerProcess } from '../../dev/server-process.ts';
import type { ServerProcess } from '../../dev/server-process.ts';
import { sharedCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { Device, openNetwork } from './device.ts';
import type { DeviceOptions, Person } from './device.ts';
import type { Pool } from './device-messages.ts';

const SERVICE_KEY = 'service-key-of-the-fault-runs';
const READY_WITHIN_MS = 60_000;

export interface ClinicOptions {
  /** An empty folder for the devices. */
  readonly folder: string;
  /** Name of a database to copy; otherwise the one with the demo people. */
  readonly copyOf?: string;
  readonly redisUrl?: string;
  /** Processes of the sync server. */
  readonly servers?: number;
  readonly tokenLifetimeS?: number;
  readonly logLevel?: string;
  /** Port and key of the sign-in service of another clinic that has closed: its tokens go on. */
  readonly authLike?: { readonly port: number; readonly keyFile: string };
}

/** One sync server among several of a clinic, on a port that stays. */
class Server {
  readonly port: number;
  /** All that it has logged, over all its lives. */
  readonly lines: string[] = [];
  readonly #env: Record<string, string>;
  #process: ServerProcess | null = null;

  constructor(port: number, env: Record<string, string>) {
    this.port = port;
    this.#env = env;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  async start(): Promise<void> {
    const log = (line: string): void => void this.lines.push(line);
    this.#process = await startServerProcess({ port: this.port, env: this.#env, log });
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#process = null;
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
    this.#process = null;
  }
}

/** A real clinic: database, sign-in service, sync servers as processes, and devices as processes. */
export class Clinic {
  readonly cluster: Cluster;
  readonly database: string;
  readonly admin: pg.Pool;
  readonly servers: readonly Server[];
  readonly devices: Device[] = [];
  readonly #options: ClinicOptions;
  readonly #auth: RunningAuth;
  readonly #authPool: pg.Pool;
  #isClosed = false;
  #indexes = 0;
  readonly #lookers = new Map<string, string>();

  private constructor(parts: {
    options: ClinicOptions;
    cluster: Cluster;
    database: string;
    admin: pg.Pool;
    auth: RunningAuth;
    authPool: pg.Pool;
    servers: Server[];
  }) {
    this.#options = parts.options;
    this.cluster = parts.cluster;
    this.database = parts.database;
    this.admin = parts.admin;
    this.#auth = parts.auth;
    this.#authPool = parts.authPool;
    this.servers = parts.servers;
  }

  static async open(options: ClinicOptions): Promise<Clinic> {
    const cluster = await sharedCluster();
    const database = await cluster.database(options.copyOf);
    const admin = poolOf(cluster.adminUrl(database));
    const authPool = poolOf(cluster.adminUrl(database));
    const auth = await startAuth({
      pool: authPool,
      port: options.authLike?.port ?? 0,
      keyFile: options.authLike?.keyFile ?? path.join(options.folder, 'auth-key.json'),
      serviceKey: SERVICE_KEY,
      publishableKey: DEMO_AUTH_KEY,
      ...(options.tokenLifetimeS === undefined ? {} : { tokenLifetimeS: options.tokenLifetimeS }),
    });
    const servers: Server[] = [];
    for (let nth = 0; nth < (options.servers ?? 1); nth += 1) {
      const server = new Server(await freePort(), {
        GANGER_DATABASE_URL: cluster.syncUrl(database),
        GANGER_AUTH_URL: `${auth.url}/auth/v1`,
        GANGER_AUDIT_KEY: 'fa'.repeat(32),
        GANGER_LOG_LEVEL: options.logLevel ?? 'info',
        ...(options.redisUrl === undefined ? {} : { GANGER_REDIS_URL: options.redisUrl }),
      });
      servers.push(server);
    }
    const clinic = new Clinic({ options, cluster, database, admin, auth, authPool, servers });
    try {
      await Promise.all(servers.map((server) => server.start()));
    } catch (error) {
      await clinic.close();
      throw error;
    }
    return clinic;
  }

  get server(): Server {
    const [first] = this.servers;
    if (!first) throw new Error('a clinic without a server');
    return first;
  }

  /** The device under which the run looks at the server as a person; the same each time. */
  lookerOf(userId: string): string {
    const known = this.#lookers.get(userId) ?? newId();
    this.#lookers.set(userId, known);
    return known;
  }

  get authLike(): { readonly port: number; readonly keyFile: string } {
    const keyFile = path.join(this.#options.folder, 'auth-key.json');
    return this.#options.authLike ?? { port: this.#auth.port, keyFile };
  }

  get authUrl(): string {
    return this.#auth.url;
  }

  /** A machine that is not running yet; with a network of its own to one of the servers. */
  async device(
    name: string,
    options: Partial<Omit<DeviceOptions, 'name'>> & { readonly server?: number } = {},
  ): Promise<Device> {
    const { server: nth = 0, ...given } = options;
    const server = this.servers[nth] ?? this.server;
    const network =
      given.network ?? (await openNetwork({ serverPort: server.port, authPort: this.#auth.port }));
    const device = new Device({
      name,
      index: (this.#indexes += 1),
      person: PEOPLE.manager,
      dataDir: path.join(this.#options.folder, name),
      ...given,
      network,
    });
    this.devices.push(device);
    return device;
  }

  /** A machine on which somebody has signed in, and all has come. */
  async syncedDevice(name: string, options: Parameters<Clinic['device']>[1] = {}): Promise<Device> {
    const device = await this.device(name, options);
    await device.start();
    await device.signIn();
    await device.until(({ state }) => state === 'synced', 'first sync', READY_WITHIN_MS);
    return device;
  }

  /** One more person with roles, who can sign in. */
  async person(...grants: readonly (readonly [Grant['role'], string | null])[]): Promise<Person> {
    const id = newId();
    const email = `${id}@ganger.example`;
    await this.admin.query(
      `insert into public.users (id, display_name, status, email, mfa_required)
       values ($1, 'Sam Sample', 'active', $2, false)`,
      [id, email],
    );
    for (const [role, location] of grants) {
      await this.admin.query(
        `insert into public.user_roles (id, user_id, role, location_id, valid_from)
         values ($1, $2, $3, $4, now() - interval '30 days')`,
        [newId(), id, role, location],
      );
    }
    const response = await fetch(`${this.authUrl}/auth/v1/admin/users`, {
      method: 'POST',
      headers: {
        apikey: SERVICE_KEY,
        authorization: `Bearer ${SERVICE_KEY}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ id, email, password: DEMO_PASSWORD, email_confirm: true }),
    });
    if (!response.ok) throw new Error(`no account: ${await response.text()}`);
    return { id, email };
  }

  /** An access token of somebody, as a device gets it. */
  async token({ email }: Person): Promise<string> {
    const response = await fetch(`${this.authUrl}/auth/v1/token?grant_type=password`, {
      method: 'POST',
      headers: { apikey: DEMO_AUTH_KEY, 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: DEMO_PASSWORD }),
    });
    const body = (await response.json()) as { access_token?: string };
    if (body.access_token === undefined) throw new Error(`no token: ${response.status}`);
    return body.access_token;
  }

  /** Ids that devices may write to: so many items and their places, the same for every seed. */
  async pool(items: number): Promise<Pool> {
    const { rows } = await this.admin.query<{
      item: string;
      place: string;
      site: string;
      lotted: boolean;
    }>(
      `select i.id as item, p.id as place, p.location_id as site, i.lot_policy <> 'none' as lotted
         from public.item_locations p join public.inventory_items i on i.id = p.item_id
        where i.id in (select id from public.inventory_items
                        where status = 'active' and created_by is not distinct from
                              (select created_by from public.inventory_items order by id limit 1)
                        order by id limit $1)
        order by p.id`,
      [items],
    );
    const unique = (values: readonly string[]): string[] => [...new Set(values)].toSorted();
    return {
      items: unique(rows.map(({ item }) => item)),
      places: unique(rows.map(({ place }) => place)),
      sites: unique(rows.map(({ site }) => site)),
      lotted: unique(rows.filter(({ lotted }) => lotted).map(({ item }) => item)),
    };
  }

  /** Ends the devices that there are; the clinic goes on without them. */
  async endDevices(): Promise<void> {
    const devices = this.devices.splice(0);
    await Promise.all(devices.map((device) => device.kill()));
    for (const network of new Set(devices.map((device) => device.network))) {
      await Promise.all([network.server.close(), network.auth.close()]);
    }
  }

  /** Harmless when repeated. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.endDevices();
    await Promise.all(this.servers.map((server) => server.stop()));
    await this.#auth.stop();
    await Promise.all([this.admin.end(), this.#authPool.end()]);
  }
}

function poolOf(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 4 });
  // A connection that a fault takes away must not end the run.
  pool.on('error', () => undefined);
  return pool;
}
