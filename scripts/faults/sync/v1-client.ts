import { z } from 'zod';
import WebSocket from 'ws';
import { newId } from '#shared/kernel/ids.ts';

/**
 * A client as the first released version was: its messages and its way to read answers are kept here
 * as they were, and must never follow what the wire becomes. It takes nothing that it does not know.
 */

const Row = z.record(z.string(), z.unknown());
const Session = z.object({
  user: z.object({ id: z.string(), displayName: z.string(), email: z.string() }),
  grants: z.array(
    z.object({ role: z.string(), locationId: z.string().nullable(), validFrom: z.number() }),
  ),
  epoch: z.string(),
  serverTime: z.int(),
});
const Pull = z.object({
  epoch: z.string(),
  serverTime: z.int(),
  tables: z.array(
    z.object({
      table: z.string(),
      rows: z.array(Row),
      cursors: z.record(z.string(), z.tuple([z.string(), z.string()])),
      ended: z.array(z.string()),
      more: z.boolean(),
    }),
  ),
});
const Push = z.object({
  results: z.array(
    z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('ok'), table: z.string(), id: z.string() }),
      z.object({ outcome: z.literal('master'), table: z.string(), id: z.string(), row: Row }),
      z.object({
        outcome: z.literal('refused'),
        table: z.string(),
        id: z.string(),
        code: z.string(),
        fields: z.array(z.string()),
      }),
      z.object({
        outcome: z.literal('retry'),
        table: z.string(),
        id: z.string(),
        code: z.string(),
      }),
    ]),
  ),
  serverTime: z.int(),
});
const Live = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), epoch: z.string(), serverTime: z.int() }),
  z.object({ type: z.literal('changed'), tables: z.array(z.string()) }),
]);

export class V1Client {
  readonly deviceId = newId();
  /** Live messages that it could not read. */
  readonly strange: string[] = [];
  notices = 0;
  readonly #url: string;
  readonly #token: string;
  readonly #version: string;
  #socket: WebSocket | null = null;

  constructor(url: string, token: string, version = '1') {
    this.#url = url;
    this.#token = token;
    this.#version = version;
  }

  get #headers(): Record<string, string> {
    return {
      authorization: `Bearer ${this.#token}`,
      'x-ganger-protocol': this.#version,
      'x-ganger-device': this.deviceId,
    };
  }

  /** Status and parsed body of a request. */
  async post(path: string, body: unknown): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(this.#url + path, {
      method: 'POST',
      headers: { ...this.#headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  }

  async session(): Promise<z.infer<typeof Session>> {
    const device = { id: this.deviceId, name: 'Old machine', kind: 'desktop' };
    return Session.parse((await this.post('/v1/session', { device })).body);
  }

  async push(rows: readonly unknown[]): Promise<z.infer<typeof Push>> {
    return Push.parse((await this.post('/v1/push', { rows })).body);
  }

  /** All rows of a table. */
  async pull(table: string): Promise<z.infer<typeof Row>[]> {
    const rows: z.infer<typeof Row>[] = [];
    let cursors: Record<string, [string, string]> = {};
    for (;;) {
      const request = { epoch: null, tables: [{ table, cursors, limit: 500 }] };
      const [page] = Pull.parse((await this.post('/v1/pull', request)).body).tables;
      if (!page) return rows;
      rows.push(...page.rows);
      ({ cursors } = page);
      if (!page.more) return rows;
    }
  }

  /** Listens to notices until `close`. */
  async listen(): Promise<void> {
    const url = `${this.#url.replace(/^http/, 'ws')}/v1/live`;
    const socket = new WebSocket(url, { headers: this.#headers });
    this.#socket = socket;
    socket.on('message', (data) => {
      const text = (data as Buffer).toString('utf8');
      const read = Live.safeParse(JSON.parse(text));
      if (!read.success) this.strange.push(text.slice(0, 60));
      else if (read.data.type === 'changed') this.notices += 1;
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
  }

  close(): void {
    this.#socket?.terminate();
  }
}
