import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface SyncAnswer {
  readonly reached: boolean;
  readonly waiting: number;
  readonly refused: number;
  readonly problem: string | null;
}

export type ClientRow = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly field_hlc?: Readonly<Record<string, string>>;
};

/** A client of any make, driven by the interface of README.md. */
export interface DrivenClient {
  /** @returns what the client says of itself */
  start(options: Readonly<Record<string, unknown>>): Promise<unknown>;
  sync(): Promise<SyncAnswer>;
  insert(table: string, fields: Readonly<Record<string, unknown>>): Promise<string>;
  edit(table: string, id: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
  read(table: string): Promise<ClientRow[]>;
  refused(): Promise<{ table: string; id: string; code: string; fields: string[] }[]>;
  listen(): Promise<void>;
  setClock(ahead: number): Promise<void>;
  stop(): Promise<void>;
  /** As a power cut. */
  kill(): Promise<void>;
}

/** How long one command may take, milliseconds. */
const COMMAND_WITHIN_MS = 20_000;

/**
 * Starts a client as a process of its own.
 * @param withinMs how long one command may take
 */
export function driveClient(
  file: string,
  env: Readonly<Record<string, string>> = {},
  withinMs = COMMAND_WITHIN_MS,
): DrivenClient {
  const child: ChildProcess = spawn(process.execPath, [file], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(why: Error): void }>();
  let words = '';
  let next = 0;
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-4_000);
  });
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    const answer = JSON.parse(line) as { id: number; ok: boolean; value?: unknown; error?: string };
    const entry = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.ok) entry?.resolve(answer.value);
    else entry?.reject(new Error(`the client says: ${answer.error}`));
  });
  const gone = once(child, 'exit').then(([code]) => {
    for (const { reject } of waiting.values()) {
      reject(new Error(`the client ended (${String(code)})\n${words}`));
    }
    waiting.clear();
    return code as number | null;
  });
  child.stdin?.on('error', () => undefined);

  const say = async <T>(
    command: string,
    fields: Readonly<Record<string, unknown>> = {},
  ): Promise<T> => {
    const id = ++next;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const why = new Error(`${command} was not answered in time\n${words}`);
      timer = setTimeout(() => reject(why), withinMs);
    });
    const answered = new Promise<unknown>((resolve, reject) =>
      waiting.set(id, { resolve, reject }),
    );
    child.stdin?.write(`${JSON.stringify({ id, do: command, ...fields })}\n`);
    try {
      return (await Promise.race([answered, late])) as T;
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    start: (options) => say('start', options),
    sync: () => say('sync'),
    insert: (table, fields) => say('insert', { table, fields }),
    edit: (table, id, fields) => say('edit', { table, row: id, fields }),
    read: (table) => say('read', { table }),
    refused: () => say('refused'),
    listen: () => say('listen'),
    setClock: (ahead) => say('setClock', { ahead }),
    async stop() {
      await say('stop');
      const code = await gone;
      if (code !== 0) throw new Error(`the client ended with ${String(code)}\n${words}`);
    },
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
