import { request } from 'node:http';
import type { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import {
  DEVICE_HEADER,
  LiveMessage,
  PATHS,
  PROTOCOL_HEADER,
  PROTOCOL_VERSION,
} from '#shared/protocol/messages.ts';
import type {
  Cursor,
  PullReply,
  PullRequest,
  PushReply,
  PushRequest,
} from '#shared/protocol/messages.ts';
import type { ShowScreens } from '#shared/protocol/presence.ts';
import type { TableName } from '#shared/schema/tables.ts';

/**
 * A device as the server sees one, without a store: it keeps a live connection, pulls on notices, and
 * sends what it is given until that is acknowledged. Many fit into one process.
 */
export interface LightDevice {
  /** Resolves when the live connection stands for the first time. */
  start(): Promise<void>;
  /** Sends rows until the server has answered. @throws Error when the device was stopped meanwhile */
  push(rows: PushRequest['rows']): Promise<PushReply['results']>;
  /** Tells what it shows, when it is connected. */
  show(message: ShowScreens): void;
  readonly isUp: boolean;
  /** What went wrong on the way, by code, and how often it connected. */
  readonly counts: Readonly<Record<string, number>>;
  /** As the network would end it, without a word. */
  cut(): void;
  stop(): void;
}

export interface LightDeviceOptions {
  readonly url: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly token: string;
  /** Tables that it pulls when they are said to have changed, and at every connect; none: it listens only. */
  readonly pulls: readonly TableName[];
  readonly agent: Agent;
  readonly random?: () => number;
  readonly onMessage?: (message: LiveMessage) => void;
  /** Called with every row that came by a pull. */
  readonly onRow?: (table: TableName, row: Readonly<Record<string, unknown>>) => void;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 3_000;
const REQUEST_WITHIN_MS = 30_000;
/** As on devices: a connection that says nothing is asked, and then taken for dead. */
const SILENT_MS = 30_000;

export function createLightDevice(options: LightDeviceOptions): LightDevice {
  const { url, deviceId, token, pulls, agent, random = Math.random } = options;
  const counts: Record<string, number> = {};
  const count = (what: string): void => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const headers = {
    authorization: `Bearer ${token}`,
    [PROTOCOL_HEADER]: String(PROTOCOL_VERSION),
    [DEVICE_HEADER]: deviceId,
  };
  const cursors = new Map<TableName, Record<string, Cursor>>();
  let socket: WebSocket | null = null;
  let isUp = false;
  let stopped = false;
  let failures = 0;
  let notBeforeMs = 0;
  let timer: NodeJS.Timeout | null = null;

  const jitter = (tries: number): number => {
    const cap = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries, 10));
    return FIRST_WAIT_MS / 2 + random() * (cap - FIRST_WAIT_MS / 2);
  };

  const ask = async (path: string, body: unknown): Promise<unknown> => {
    for (let tries = 1; ; tries += 1) {
      if (stopped) throw new Error('the device was stopped');
      const reply = await post(agent, url + path, headers, JSON.stringify(body));
      if (reply.status === 200) return JSON.parse(reply.text) as unknown;
      count(`${path.slice(4)} ${codeOf(reply)}`);
      await sleep(reply.retryAfterMs + jitter(tries));
    }
  };

  let pulling = false;
  const wanted = new Set<TableName>();
  const pull = async (): Promise<void> => {
    if (pulling) return;
    pulling = true;
    try {
      while (wanted.size > 0 && !stopped) {
        const tables = [...wanted];
        wanted.clear();
        const asked: PullRequest = {
          epoch: null,
          tables: tables.map((table) => ({
            table,
            cursors: cursors.get(table) ?? {},
            limit: 1_000,
          })),
        };
        const reply = (await ask(PATHS.pull, asked)) as PullReply;
        for (const { table, rows, cursors: next, more } of reply.tables) {
          cursors.set(table, { ...cursors.get(table), ...next });
          for (const row of rows) options.onRow?.(table, row);
          if (more) wanted.add(table);
        }
      }
    } catch {
      // Stopped.
    }
    pulling = false;
  };
  const want = (tables: readonly TableName[]): void => {
    for (const table of tables) if (pulls.includes(table)) wanted.add(table);
    if (wanted.size > 0) void pull();
  };

  const connect = (up: () => void): void => {
    timer = null;
    if (stopped) return;
    const mine = new WebSocket(`${url.replace(/^http/, 'ws')}${PATHS.live}`, {
      headers,
      handshakeTimeout: 10_000,
      perMessageDeflate: false,
    });
    socket = mine;
    let silence: NodeJS.Timeout | null = null;
    const heard = (): void => {
      if (silence) clearTimeout(silence);
      silence = setTimeout(() => mine.terminate(), SILENT_MS);
    };
    mine.on('ping', heard);
    mine.on('message', (data) => {
      heard();
      const message = LiveMessage.parse(JSON.parse((data as Buffer).toString('utf8')));
      if (message.type === 'hello') {
        isUp = true;
        failures = 0;
        count('connected');
        // What was said meanwhile is not known.
        want(pulls);
        up();
      } else if (message.type === 'changed') want(message.tables);
      else if (message.type === 'bye') notBeforeMs = message.retryMs;
      options.onMessage?.(message);
    });
    let answered = false;
    mine.on('unexpected-response', (_request, response) => {
      answered = true;
      count(`live ${response.statusCode ?? 0}`);
      notBeforeMs = retryAfter(response.headers['retry-after']);
      response.resume();
      mine.terminate();
    });
    mine.on('error', (error) => {
      if (!isUp && !answered) count(`live ${(error as { code?: string }).code ?? 'failed'}`);
    });
    mine.on('close', () => {
      if (silence) clearTimeout(silence);
      isUp = false;
      if (stopped) return;
      failures += 1;
      const wait = notBeforeMs + jitter(failures);
      notBeforeMs = 0;
      timer = setTimeout(() => connect(up), wait);
    });
  };

  return {
    start: () => new Promise((resolve) => connect(resolve)),
    push: async (rows) => ((await ask(PATHS.push, { rows })) as PushReply).results,
    show(message) {
      if (isUp && socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    get isUp() {
      return isUp;
    },
    counts,
    cut() {
      socket?.terminate();
    },
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      socket?.terminate();
    },
  };
}

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number;
}

function codeOf({ status, text }: Reply): string {
  const code = /"code":"([A-Z_]+)"/.exec(text)?.[1];
  return code ?? (status === 0 ? text : String(status));
}

function retryAfter(header: string | undefined): number {
  return /^\d{1,4}$/.test(header ?? '') ? Number(header) * 1_000 : 0;
}

/** Status 0: there was no answer; the text says why. */
function post(
  agent: Agent,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Reply> {
  return new Promise((resolve) => {
    const failed = (error: Error): void => {
      const { code } = error as { code?: string };
      resolve({ status: 0, text: code ?? 'no answer', retryAfterMs: 0 });
    };
    const sent = request(url, {
      agent,
      method: 'POST',
      timeout: REQUEST_WITHIN_MS,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    });
    sent.on('timeout', () => sent.destroy(new Error('too late')));
    sent.on('response', (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          text: Buffer.concat(parts).toString('utf8'),
          retryAfterMs: retryAfter(answer.headers['retry-after']),
        }),
      );
      answer.on('error', failed);
    });
    sent.on('error', failed);
    sent.end(body);
  });
}
