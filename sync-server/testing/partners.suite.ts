import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import twilio from 'twilio';
import type { Twilio } from 'twilio';
import type { SmtpConfig, TwilioConfig } from '../config/hubs-config.ts';

/** Partners of the hubs as real servers on this machine, which do what a test tells them to. */

/** How a partner answers. `after`: what it was given it has taken all the same. */
export type Mood =
  | 'ok'
  | 'refuses'
  | 'busy'
  | 'sign-in'
  | 'fault'
  | 'fault-after'
  | 'drops'
  | 'drops-after'
  | 'hangs-after';

interface Partner {
  /** How the next calls are answered, one after the other; then `ok`. */
  readonly moods: Mood[];
  close(): Promise<void>;
}

export interface FakeSlack extends Partner {
  readonly url: string;
  /** Texts that it has posted. */
  readonly posted: string[];
}

const TAKES: ReadonlySet<Mood> = new Set(['ok', 'fault-after', 'drops-after', 'hangs-after']);

/** Slack's incoming webhooks. */
export async function startSlack(): Promise<FakeSlack> {
  const moods: Mood[] = [];
  const posted: string[] = [];
  const { server, port } = await listen(async (request, response) => {
    const mood = moods.shift() ?? 'ok';
    const body = JSON.parse(await readText(request)) as { readonly text: string };
    if (TAKES.has(mood)) posted.push(body.text);
    if (mood.startsWith('drops')) return void request.socket.destroy();
    if (mood === 'hangs-after') return undefined;
    const [status, words] = SLACK_SAYS[mood] ?? [500, 'rollup_error'];
    if (mood === 'busy') response.setHeader('retry-after', '30');
    response.writeHead(status, { 'content-type': 'text/plain' }).end(words);
    return undefined;
  });
  const path = `/services/T${hex(4)}/B${hex(4)}/${hex(12)}`;
  return { moods, posted, url: `http://127.0.0.1:${port}${path}`, close: () => end(server) };
}
const SLACK_SAYS: Partial<Record<Mood, readonly [number, string]>> = {
  ok: [200, 'ok'],
  refuses: [400, 'invalid_payload'],
  busy: [429, 'rate_limited'],
  'sign-in': [404, 'no_service'],
};

export interface FakeMail extends Partner {
  readonly config: SmtpConfig;
  /** Messages that it has taken, as they came. */
  readonly taken: { readonly to: string; readonly raw: string }[];
}

/** A mail server that wants a name and a password. */
export async function startMail(): Promise<FakeMail> {
  const moods: Mood[] = [];
  const taken: { to: string; raw: string }[] = [];
  const no = (code: number, words: string) =>
    Object.assign(new Error(words), { responseCode: code });
  const server = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onAuth({ username, password }, _session, done) {
      const isRight = username === 'clinic' && password === 'let me in';
      if (isRight && moods[0] !== 'sign-in') return done(null, { user: 'clinic' });
      moods.shift();
      return done(no(535, 'no'));
    },
    onRcptTo(_address, session, done) {
      if (moods[0] === 'refuses') {
        moods.shift();
        return done(no(550, 'no such mailbox'));
      }
      if (moods[0] === 'drops') {
        moods.shift();
        drop(session.id);
        return undefined;
      }
      return done();
    },
    async onData(stream, session, done) {
      const mood = moods.shift() ?? 'ok';
      const raw = await readText(stream);
      const to = session.envelope.rcptTo.map(({ address }) => address).join();
      if (TAKES.has(mood)) taken.push({ to, raw });
      if (mood.startsWith('drops')) drop(session.id);
      else if (mood === 'busy') done(no(451, 'later'));
      else if (mood !== 'hangs-after') done(null);
    },
  });
  const drop = (id: string): void => {
    for (const connection of server.connections) {
      if (connection.id === id) connection._socket.destroy();
    }
  };
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  return {
    moods,
    taken,
    config: {
      host: '127.0.0.1',
      port,
      secure: false,
      isHere: true,
      user: 'clinic',
      password: 'let me in',
      from: 'Ganger Dermatology <orders@ganger.example>',
    },
    close: () =>
      new Promise((resolve) => {
        for (const { id } of server.connections) drop(id);
        server.close(() => resolve());
      }),
  };
}

export interface FakeTwilio extends Partner {
  readonly config: TwilioConfig;
  /** Messages that it has taken. */
  readonly messages: TwilioMessage[];
  /** All that it answered, to be judged by Twilio's own description. */
  readonly replies: {
    readonly method: string;
    readonly path: string;
    readonly status: number;
    readonly body: unknown;
  }[];
  /** What it was asked, as forms. */
  readonly forms: Readonly<Record<string, string>>[];
  /** The official client, unchanged, that speaks to this server. */
  connect(config: TwilioConfig): Promise<Twilio>;
}

export type TwilioMessage = Readonly<Record<string, unknown>> & {
  readonly to: string;
  readonly body: string;
};

/** Numbers of Twilio's own for trying errors out. */
export const TWILIO_NUMBERS = { invalid: '+15005550001', unsubscribed: '+15005550004' } as const;

/** Twilio's Messages, as far as the hub uses them. */
export async function startTwilio(): Promise<FakeTwilio> {
  const moods: Mood[] = [];
  const messages: TwilioMessage[] = [];
  const replies: FakeTwilio['replies'] = [];
  const forms: Record<string, string>[] = [];
  const config: TwilioConfig = {
    account: `AC${hex(16)}`,
    key: `SK${hex(16)}`,
    secret: hex(16),
    from: `MG${hex(16)}`,
  };
  const { server, port } = await listen(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://twilio');
    const method = request.method ?? 'GET';
    const form = Object.fromEntries(new URLSearchParams(await readText(request)));
    const reply = (status: number, body: object): void => {
      replies.push({ method, path: url.pathname, status, body });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const fault = (status: number, code: number): void =>
      reply(status, { code, message: 'no', more_info: 'https://twilio.example', status });
    const login = Buffer.from(`${config.key}:${config.secret}`).toString('base64');
    const mood = moods.shift() ?? 'ok';
    if (request.headers.authorization !== `Basic ${login}` || mood === 'sign-in') {
      return fault(401, 20_003);
    }
    if (mood === 'busy') return fault(429, 20_429);
    if (mood === 'drops') return void request.socket.destroy();
    if (mood === 'fault') return fault(500, 20_500);
    if (method === 'GET') {
      const found = messages.filter(({ to }) => to === url.searchParams.get('To')).toReversed();
      return reply(200, pageOf(url, found));
    }
    forms.push(form);
    if (form['To'] === TWILIO_NUMBERS.invalid || mood === 'refuses') return fault(400, 21_211);
    if (form['To'] === TWILIO_NUMBERS.unsubscribed) return fault(400, 21_610);
    const message = messageOf(config, form);
    messages.push(message);
    if (mood === 'drops-after') return void request.socket.destroy();
    if (mood === 'hangs-after') return undefined;
    return mood === 'fault-after' ? fault(503, 20_503) : reply(201, message);
  });
  return {
    moods,
    messages,
    replies,
    forms,
    config,
    async connect({ key, secret, account }) {
      const httpClient = new twilio.RequestClient({ timeout: 2_000 });
      const ask = httpClient.request.bind(httpClient);
      // Only where it is asked differs.
      httpClient.request = (options) =>
        ask({
          ...options,
          uri: options.uri.replace('https://api.twilio.com', `http://127.0.0.1:${port}`),
        });
      return new twilio.Twilio(key, secret, { accountSid: account, httpClient });
    },
    close: () => end(server),
  };
}

function messageOf(
  { account, from }: TwilioConfig,
  form: Readonly<Record<string, string>>,
): TwilioMessage {
  const sid = `SM${hex(16)}`;
  const uri = `/2010-04-01/Accounts/${account}/Messages/${sid}`;
  const now = new Date().toUTCString().replace('GMT', '+0000');
  return {
    account_sid: account,
    api_version: '2010-04-01',
    body: form['Body'] ?? '',
    date_created: now,
    date_sent: null,
    date_updated: now,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: null,
    messaging_service_sid: from,
    num_media: '0',
    num_segments: '0',
    price: null,
    price_unit: null,
    sid,
    status: 'accepted',
    subresource_uris: { media: `${uri}/Media.json` },
    to: form['To'] ?? '',
    uri: `${uri}.json`,
  };
}

function pageOf(url: URL, messages: readonly TwilioMessage[]): object {
  const first = `${url.pathname}?PageSize=50&Page=0`;
  return {
    end: Math.max(0, messages.length - 1),
    first_page_uri: first,
    next_page_uri: null,
    page: 0,
    page_size: 50,
    previous_page_uri: null,
    start: 0,
    uri: first,
    messages,
  };
}

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => Promise<unknown>;

async function listen(handle: Handler): Promise<{ server: http.Server; port: number }> {
  const server = http.createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

function end(server: http.Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
