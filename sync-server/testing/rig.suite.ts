import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import WebSocket from 'ws';
import type { Clock } from '#shared/kernel/clock.ts';
import { newId } from '#shared/kernel/ids.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { Stamps } from '#shared/merge/join.ts';
import {
  DEVICE_HEADER,
  ErrorReply,
  LiveMessage,
  PROTOCOL_HEADER,
  PROTOCOL_VERSION,
  PullReply,
  PushReply,
  SessionReply,
} from '#shared/protocol/messages.ts';
import { screenKey } from '#shared/protocol/presence.ts';
import type { Focus, PersonHere, Screen } from '#shared/protocol/presence.ts';
import type { Row } from '#shared/schema/define.ts';
import type { Role } from '#shared/schema/roles.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';
import type { ServerConfig } from '../config/config.ts';
import { UNDESCRIBED } from '../http/app.ts';
import { startServer } from '../server.ts';
import type { LivePace } from '../realtime/live-hub.ts';
import type { RunningServer } from '../server.ts';
import { startIssuer } from './issuer.suite.ts';
import type { TestIssuer } from './issuer.suite.ts';
import type { Author } from './rows.suite.ts';

export const SITE = {
  AA: '5a000000-0000-4000-8000-0000000000aa',
  WX: '5a000000-0000-4000-8000-0000000000bb',
} as const;

/** A real server over a real database, with people and devices, and clients that speak to it. */
export interface Rig {
  readonly db: TestDatabase;
  readonly issuer: TestIssuer;
  readonly server: RunningServer;
  readonly config: ServerConfig;
  /** Lines that the server wrote into its log. */
  readonly log: string[];
  /** A person with roles, at one site or at all. */
  person(...grants: readonly (readonly [Role, string | null])[]): Promise<string>;
  /** A client of a person on an enrolled device. */
  client(userId: string, options?: ClientOptions): Promise<Client>;
  /** One more server over the same database. */
  another(over?: Partial<ServerConfig>): Promise<RunningServer>;
  close(): Promise<void>;
}

export interface ClientOptions {
  readonly deviceId?: string;
  readonly server?: RunningServer;
  readonly enrol?: boolean;
  readonly token?: string;
}

export type Sent = { table: TableName; row: Row | Record<string, unknown>; base?: Stamps | null };

export interface Reply<T> {
  readonly status: number;
  readonly body: T;
}

export interface Client extends Author {
  readonly token: string;
  headers(over?: Record<string, string>): Record<string, string>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply<unknown>>;
  push(...rows: readonly Sent[]): Promise<PushReply['results']>;
  pull(
    tables: readonly {
      table: TableName;
      cursors?: Record<string, [string, string]>;
      limit?: number;
    }[],
    epoch?: string | null,
  ): Promise<PullReply>;
  session(): Promise<SessionReply>;
  /** @param over headers in the place of the usual ones */
  live(over?: Record<string, string>): Promise<LiveClient>;
}

export interface LiveClient {
  readonly socket: WebSocket;
  readonly messages: LiveMessage[];
  /** Waits for a notice that names the table. */
  changed(table: TableName, withinMs?: number): Promise<void>;
  closed(): Promise<number>;
  /** Says what the device shows now. */
  show(...screens: readonly (Screen & { focus?: Focus | null })[]): void;
  /** Who the server said last is on a screen. */
  people(screen: Screen): readonly PersonHere[];
  /** Waits for people on a screen who fit. */
  sees(
    screen: Screen,
    fits: (people: readonly PersonHere[]) => boolean,
    withinMs?: number,
  ): Promise<readonly PersonHere[]>;
}

export async function openRig(
  options: { clock?: Clock; livePace?: LivePace; over?: Partial<ServerConfig> } = {},
): Promise<Rig> {
  const [db, issuer] = await Promise.all([openTestDatabase({ seed: false }), startIssuer()]);
  const log: string[] = [];
  const config: ServerConfig = {
    host: '127.0.0.1',
    port: 0,
    databaseUrl: await syncUrl(db),
    poolSize: 10,
    namedStatements: true,
    authUrl: issuer.url,
    redis: null,
    logLevel: 'debug',
    concurrency: 50,
    files: null,
    auditKey: 'a5'.repeat(32),
    ...options.over,
  };
  const logger = createLogger({ level: 'debug', write: (text) => log.push(text) });
  const overrides = {
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.livePace ? { livePace: options.livePace } : {}),
  };
  const server = await startServer(config, logger, overrides);
  const servers = [server];
  for (const [code, id] of Object.entries(SITE)) {
    await db.admin.query(
      `insert into public.locations (id, code, name, time_zone, active)
       values ($1, $2, $2, 'America/New_York', true)`,
      [id, code],
    );
  }
  return {
    db,
    issuer,
    server,
    config,
    log,
    async person(...grants) {
      const id = newId();
      await db.admin.query(
        `insert into public.users (id, display_name, status, email, mfa_required)
         values ($1, 'Sam Sample', 'active', $2, false)`,
        [id, `${id}@example.com`],
      );
      for (const [role, location] of grants) {
        await db.admin.query(
          `insert into public.user_roles (id, user_id, role, location_id, valid_from)
           values ($1, $2, $3, $4, now() - interval '1 day')`,
          [newId(), id, role, location],
        );
      }
      return id;
    },
    async client(userId, { deviceId = newId(), server: at = server, enrol = true, token } = {}) {
      const own = token ?? (await issuer.token(userId));
      const client = createClient(() => at.url, own, userId, deviceId);
      if (enrol) await client.session();
      return client;
    },
    async another(over = {}) {
      const more = await startServer({ ...config, ...over }, logger, overrides);
      servers.push(more);
      return more;
    },
    async close() {
      await Promise.all(servers.map((running) => running.stop()));
      await issuer.stop();
      await db.close();
      const unsaid = log.filter((line) => line.includes(UNDESCRIBED));
      if (unsaid.length > 0) throw new Error(`${unsaid.length} answers: ${unsaid[0]}`);
    },
  };
}

export function createClient(
  url: () => string,
  token: string,
  userId: string,
  deviceId: string,
): Client {
  const headers = (over: Record<string, string> = {}): Record<string, string> => ({
    authorization: `Bearer ${token}`,
    [PROTOCOL_HEADER]: String(PROTOCOL_VERSION),
    [DEVICE_HEADER]: deviceId,
    ...over,
  });
  const post = async (path: string, body: unknown, over = {}): Promise<Reply<unknown>> => {
    const response = await fetch(url() + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers(over) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const json: unknown = await response.json();
    // Whatever is not an answer must be an error of the catalogue.
    if (!response.ok) ErrorReply.parse(json);
    return { status: response.status, body: json };
  };
  const good = async (path: string, body: unknown): Promise<unknown> => {
    const reply = await post(path, body);
    if (reply.status !== 200) throw new Error(`${path}: ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  return {
    userId,
    deviceId,
    token,
    headers,
    post,
    async push(...rows) {
      const body = { rows: rows.map(({ table, row, base = null }) => ({ table, base, row })) };
      return PushReply.parse(await good('/v1/push', body)).results;
    },
    async pull(tables, epoch = null) {
      const body = {
        epoch,
        tables: tables.map(({ table, cursors = {}, limit = 1000 }) => ({ table, cursors, limit })),
      };
      return PullReply.parse(await good('/v1/pull', body));
    },
    async session() {
      const device = { id: deviceId, name: 'Test machine', kind: 'desktop' };
      return SessionReply.parse(await good('/v1/session', { device }));
    },
    live: (over) => openLive(`${url().replace('http', 'ws')}/v1/live`, headers(over)),
  };
}

export async function openLive(url: string, headers: Record<string, string>): Promise<LiveClient> {
  const socket = new WebSocket(url, { headers });
  const messages: LiveMessage[] = [];
  let seq = 0;
  const people = (screen: Screen): readonly PersonHere[] => peopleOf(messages, screen);
  socket.on('message', (data) => {
    messages.push(LiveMessage.parse(JSON.parse((data as Buffer).toString('utf8'))));
  });
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    socket.once('message', () => resolve());
    socket.once('unexpected-response', (_request, response) =>
      reject(new Error(`refused: ${response.statusCode}`)),
    );
    socket.once('error', reject);
  });
  return {
    socket,
    messages,
    async changed(table, withinMs = 5_000) {
      const names = (): boolean =>
        messages.some((m) => m.type === 'changed' && m.tables.includes(table));
      for (const end = Date.now() + withinMs; Date.now() < end; await sleep(5)) {
        if (names()) return;
      }
      throw new Error(`no notice of ${table}`);
    },
    closed: () => closed,
    show(...screens) {
      seq = Math.max(seq + 1, Date.now());
      const shown = screens.map((screen) => ({ focus: null, ...screen }));
      socket.send(JSON.stringify({ type: 'presence', seq, screens: shown }));
    },
    people,
    async sees(screen, fits, withinMs = 5_000) {
      for (const end = Date.now() + withinMs; Date.now() < end; await sleep(5)) {
        const there = people(screen);
        if (fits(there)) return there;
      }
      throw new Error(`not seen; there are ${JSON.stringify(people(screen))}`);
    },
  };
}

/** What a live connection was told last of who is on a screen. */
function peopleOf(messages: readonly LiveMessage[], screen: Screen): readonly PersonHere[] {
  for (const message of messages.toReversed()) {
    if (message.type !== 'presence') continue;
    const found = message.screens.find((its) => screenKey(its) === screenKey(screen));
    if (found) return found.people;
  }
  return [];
}

/**
 * The connection string of the sync server's login. Roles belong to the cluster and test files run
 * side by side, so all give it the password that the other login roles have.
 */
export async function syncUrl(db: TestDatabase): Promise<string> {
  const password = decodeURIComponent(new URL(db.url('authenticator')).password);
  const url = db.url('ganger_sync', password);
  for (let attempt = 1; ; attempt += 1) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return url;
    } catch (error) {
      if (attempt > 20) throw error;
      await db.postgres
        .query(`alter role ganger_sync password ${pg.escapeLiteral(password)}`)
        .catch(() => sleep(50));
    }
  }
}

/** The value, or the end of the test. */
export function must<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('expected a value');
  return value;
}

/** Texts in a fixed order, for comparing sets. */
export const inOrder = (values: Iterable<unknown>): string[] =>
  [...values].map((value) => JSON.stringify(value)).toSorted((a, b) => a.localeCompare(b));

/** Everything that a request may change, as text: equal before and after a replay. */
export async function footprint(db: TestDatabase): Promise<string> {
  const tables = [
    'inventory_items',
    'item_locations',
    'stock_acts',
    'inventory_lots',
    'stock_movements',
    'count_sessions',
    'count_lines',
    'transitions',
    'conflict_log',
    'review_items',
    'audit_logs',
    'pharma_appointments',
    'slot_claims',
    'kiosk_sessions',
  ];
  const parts = tables.map(
    (table) =>
      `select '${table}' as t, id::text, row_xid::text, row_version::text from public.${table}`,
  );
  const { rows } = await db.admin.query(`${parts.join(' union all ')} order by 1, 2`);
  return JSON.stringify(rows);
}
