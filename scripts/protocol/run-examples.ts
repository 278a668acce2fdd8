import { WebSocket } from 'ws';
import { createEventReader } from '#desktop/replication/event-reader.ts';
import { openBrowser } from '#stack/test-fixtures/browser.ts';
import type { Bindings } from './bindings.ts';
import { readWritten } from './blocks.ts';
import type { Block } from './blocks.ts';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** How long a message of a live connection may take, milliseconds. */
const MESSAGE_WITHIN_MS = 10_000;

/**
 * Runs the examples of a document in their order against a real server.
 * @returns the number of blocks that were run
 * @throws Error that names the line of the first example that is not true
 */
export async function runExamples(blocks: readonly Block[], bindings: Bindings): Promise<number> {
  let answer: Answer | null = null;
  const live: Live[] = [];
  let count = 0;
  try {
    for (const { kind, text, line } of blocks) {
      const fail = (why: string): never => {
        throw new Error(`line ${line}: ${why}`);
      };
      if (kind === 'js' || kind === 'text') continue;
      count += 1;
      if (kind === 'http') answer = await request(bindings.fill(text));
      else if (kind === 'http browser') answer = await browse(bindings.fill(text));
      else if (kind === 'http response') {
        if (answer === null) return fail('no request stands before this answer');
        const wrong = compare(text, answer, bindings);
        if (wrong.length > 0) fail(`${wrong.join('\n')}\ngot ${answer.text.slice(0, 1500)}`);
      } else if (kind === 'live') await speak(text, live, bindings, fail);
      else fail(`no way to run a block of kind "${kind}"`);
    }
  } finally {
    for (const each of live) each.end();
  }
  return count;
}

async function request(text: string): Promise<Answer> {
  const { first, headers, body } = readWritten(text);
  const [method = '', url = ''] = first.split(' ');
  const answer = await fetch(url, {
    method,
    headers: { ...headers },
    redirect: 'manual',
    // Written over several lines for people; what travels is the JSON.
    ...(body === '' ? {} : { body: isJson(headers) ? JSON.stringify(JSON.parse(body)) : body }),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

const isJson = (headers: Readonly<Record<string, string>>): boolean =>
  (headers['content-type'] ?? '').startsWith('application/json');

/** As a person's browser: follows every redirect until one leads to the app. */
async function browse(text: string): Promise<Answer> {
  const [, url = ''] = readWritten(text).first.split(' ');
  const { url: end } = await openBrowser().open(url, (next) => next.startsWith('ganger://'));
  return { status: 302, headers: new Headers({ location: end }), text: '' };
}

function compare(text: string, answer: Answer, bindings: Bindings): string[] {
  const { first, headers, body } = readWritten(text);
  const wrong: string[] = [];
  if (String(answer.status) !== first) wrong.push(`status is ${answer.status}, not ${first}`);
  for (const [name, pattern] of Object.entries(headers)) {
    wrong.push(...headerDifferences(name, pattern, answer.headers.get(name) ?? '', bindings));
  }
  if (body === '') return wrong;
  return [...wrong, ...bindings.differences(JSON.parse(body), parsed(answer.text))];
}

/** A header may bind a part of itself: `location: ganger://auth/callback?code={{=code}}`. */
function headerDifferences(
  name: string,
  pattern: string,
  value: string,
  bindings: Bindings,
): string[] {
  const bind = /^(.*)\{\{(=\w+)\}\}$/.exec(pattern);
  if (!bind) return bindings.differences(pattern, value, name);
  const [, before = '', own = ''] = bind;
  const start = bindings.fill(before);
  if (!value.startsWith(start)) return [`${name}: "${value}" does not begin with "${start}"`];
  return bindings.differences(`{{${own}}}`, value.slice(start.length), name);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

interface Live {
  send(text: string): void;
  end(): void;
  /** Messages that no example has named yet. */
  readonly heard: unknown[];
}

/**
 * A block of a live connection: `GET url` and headers open one; then `> ` sends and `< ` waits for a
 * message on the one that was opened last.
 */
async function speak(
  text: string,
  live: Live[],
  bindings: Bindings,
  fail: (why: string) => never,
): Promise<void> {
  const spoken = text.split('\n').filter((line) => /^[<>] /.test(line));
  if (text.startsWith('GET ')) {
    const { first, headers } = readWritten(bindings.fill(text.split(/\n\s*\n/)[0] ?? ''));
    const url = first.replace(/^GET /, '');
    const isStream = headers['accept'] === 'text/event-stream';
    live.push(await (isStream ? openStream : openSocket)(url, { ...headers }));
  }
  const now = live.at(-1) ?? fail('no live connection is open');
  for (const line of spoken) {
    if (line.startsWith('>')) now.send(bindings.fill(line.slice(2)));
    else await hear(now, JSON.parse(line.slice(2)), bindings, fail);
  }
}

async function openStream(url: string, headers: Record<string, string>): Promise<Live> {
  const heard: unknown[] = [];
  const reader = createEventReader((data) => heard.push(JSON.parse(data)));
  const abort = new AbortController();
  const answer = await fetch(url, { headers, signal: abort.signal });
  const read = async (): Promise<void> => {
    for await (const part of answer.body ?? []) reader.take(Buffer.from(part).toString('utf8'));
  };
  // Ended by us.
  read().catch(() => undefined);
  return {
    heard,
    end: () => abort.abort(),
    send: () => {
      throw new Error('nothing is sent on a stream of events');
    },
  };
}

function openSocket(url: string, headers: Record<string, string>): Promise<Live> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers });
  const heard: unknown[] = [];
  socket.on('message', (data) => heard.push(JSON.parse((data as Buffer).toString('utf8'))));
  return new Promise((resolve, reject) => {
    socket.once('open', () =>
      resolve({ heard, send: (text) => socket.send(text), end: () => socket.terminate() }),
    );
    socket.once('error', reject);
  });
}

async function hear(
  { heard }: Live,
  pattern: unknown,
  bindings: Bindings,
  fail: (why: string) => never,
): Promise<void> {
  const until = Date.now() + MESSAGE_WITHIN_MS;
  while (Date.now() < until) {
    const at = heard.findIndex((message) => bindings.differences(pattern, message).length === 0);
    if (at >= 0) {
      heard.splice(0, at + 1);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  fail(`no such message came; heard ${JSON.stringify(heard)}`);
}
