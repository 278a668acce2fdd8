import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { newId } from '#shared/kernel/ids.ts';
import { paymentState } from '#shared/merge/derive/payment-state.ts';
import type { PaymentFact } from '#shared/merge/derive/payment-state.ts';
import { DEVICE_HEADER, PROTOCOL_HEADER, PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import { PAYMENT_PATHS } from '#shared/protocol/payments.ts';
import { freePort } from '#stack/free-port.ts';
import { startStripe } from '#stack/stripe/stripe.ts';
import type { RunningStripe } from '#stack/stripe/stripe.ts';
import { startIssuer } from '../../bench/sync/issuer.ts';
import type { Issuer } from '../../bench/sync/issuer.ts';
import { startServerProcess } from '../../dev/server-process.ts';
import type { ServerProcess } from '../../dev/server-process.ts';
import { endSharedCluster, sharedCluster } from '../sync/cluster.ts';
import { startPosts } from './posts.ts';
import type { Posts } from './posts.ts';

/** Hubs wait so many times as long as in production, so that a run does not take a day. */
const PACE = 0.03;
const HOOK_SECRET = 'whsec_of_the_faults';
/** Every command has an end within this time after healing, milliseconds. */
export const SETTLE_WITHIN_MS = 60_000;

/** How a payment or a refund stands, as the server keeps it. */
export interface Kept {
  readonly state: string;
  readonly isOver: boolean;
}

/**
 * One clinic whose server is a process that can be killed, with a durable Postgres, a Stripe and a Slack that
 * do what they are told.
 */
export class HubWorld {
  readonly stripe: RunningStripe;
  readonly posts: Posts;
  readonly admin: pg.Client;
  readonly site: string;
  readonly patientId: string;
  readonly #env: Record<string, string>;
  readonly #port: number;
  readonly #tokens: { readonly desk: string; readonly manager: string };
  readonly #issuer: Issuer;
  readonly #deviceId = newId();
  #server: ServerProcess;
  #log = '';
  starts = 1;

  private constructor(
    parts: Pick<HubWorld, 'stripe' | 'posts' | 'admin' | 'site' | 'patientId'> & {
      env: Record<string, string>;
      port: number;
      tokens: { desk: string; manager: string };
      issuer: Issuer;
      server: ServerProcess;
    },
  ) {
    this.stripe = parts.stripe;
    this.posts = parts.posts;
    this.admin = parts.admin;
    this.site = parts.site;
    this.patientId = parts.patientId;
    this.#env = parts.env;
    this.#port = parts.port;
    this.#tokens = parts.tokens;
    this.#issuer = parts.issuer;
    this.#server = parts.server;
  }

  static async open(): Promise<HubWorld> {
    const cluster = await sharedCluster();
    const name = await cluster.database();
    const [stripe, posts, issuer] = await Promise.all([startStripe(), startPosts(), startIssuer()]);
    const admin = new pg.Client(cluster.adminUrl(name));
    await admin.connect();
    const { site, patientId } = await someone(admin);
    const people = { desk: newId(), manager: newId() };
    await person(admin, people.desk, 'FD', site);
    await person(admin, people.manager, 'MG', null);
    const env = {
      GANGER_DATABASE_URL: cluster.syncUrl(name),
      GANGER_AUTH_URL: issuer.url,
      GANGER_OUTBOX: 'send',
      GANGER_STRIPE_SECRET: stripe.secret,
      GANGER_STRIPE_URL: stripe.url,
      GANGER_STRIPE_HOOK_SECRET: HOOK_SECRET,
      GANGER_SLACK_WEBHOOKS: `*=${posts.url}`,
      GANGER_HUB_PACE: String(PACE),
      GANGER_LOG_LEVEL: 'warn',
    };
    const port = await freePort();
    const world = new HubWorld({
      stripe,
      posts,
      admin,
      site,
      patientId,
      env,
      port,
      tokens: {
        desk: await issuer.token(people.desk),
        manager: await issuer.token(people.manager),
      },
      issuer,
      server: await startServerProcess({ port, env, log: () => undefined }),
    });
    for (const who of ['desk', 'manager'] as const) {
      const device = { id: world.#deviceId, name: 'Desk', kind: 'desktop' };
      if ((await world.ask(who, '/v1/session', { device })) === null) {
        throw new Error('the desk could not sign in');
      }
    }
    return world;
  }

  get hook() {
    return { url: `${this.#server.url}/v1/webhooks/stripe`, secret: HOOK_SECRET };
  }

  /** As a power cut. */
  kill(): Promise<void> {
    return this.#server.kill();
  }

  /** Starts the server again where the former one was. */
  async startAgain(): Promise<void> {
    const log = (line: string): void => {
      this.#log = `${this.#log}${line}\n`.slice(-20_000);
    };
    this.#server = await startServerProcess({ port: this.#port, env: this.#env, log });
    this.starts += 1;
  }

  /** What was answered; null: there was no answer, or one that says no. */
  async ask(who: 'desk' | 'manager', path: string, body: unknown): Promise<unknown> {
    const answer = await fetch(`${this.#server.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${this.#tokens[who]}`,
        [PROTOCOL_HEADER]: String(PROTOCOL_VERSION),
        [DEVICE_HEADER]: this.#deviceId,
      },
      body: JSON.stringify(body),
    }).catch(() => null);
    if (!answer?.ok) return null;
    return answer.json().catch(() => null);
  }

  wish(amountCents: number, readerId: string) {
    return {
      key: newId(),
      intentId: newId(),
      locationId: this.site,
      patientId: this.patientId,
      appointmentId: null,
      purpose: 'copay',
      amountCents,
      readerId,
    };
  }

  /** A payment that nobody disturbed. */
  async paid(amountCents: number, readerId: string): Promise<ReturnType<HubWorld['wish']>> {
    const asked = this.wish(amountCents, readerId);
    await this.ask('desk', PAYMENT_PATHS.begin, asked);
    this.stripe.present(readerId);
    await this.ask('desk', PAYMENT_PATHS.look, { key: asked.key });
    const kept = await this.kept(asked.key);
    if (kept?.state !== 'done') throw new Error(`an undisturbed payment is ${kept?.state}`);
    return asked;
  }

  async kept(key: string): Promise<Kept | null> {
    const { rows } = await this.admin.query<Kept>(
      `select state, ended_at is not null as "isOver" from private.payment_commands where key = $1`,
      [key],
    );
    return rows[0] ?? null;
  }

  /** Waits until a command is over. @returns how it stands then, or at the end of the time */
  async settled(key: string, meanwhile: () => void = () => undefined): Promise<Kept | null> {
    for (const until = Date.now() + SETTLE_WITHIN_MS; Date.now() < until; await sleep(50)) {
      const kept = await this.kept(key);
      if (kept?.isOver) return kept;
      meanwhile();
    }
    return this.kept(key);
  }

  async facts(intentId: string): Promise<readonly PaymentFact[]> {
    const { rows } = await this.admin.query<PaymentFact>(
      `select id, idempotency_key, event, amount_cents::int as amount_cents
         from public.payment_transactions where intent_id = $1`,
      [intentId],
    );
    return rows;
  }

  /** What the clinic holds of an intent by its own facts. */
  async ourCents(intentId: string): Promise<number> {
    return paymentState(await this.facts(intentId))?.balanceCents ?? 0;
  }

  /** What Stripe has taken under a key, and given back of it. */
  theirs(key: string): { taken: number; held: number; cents: number } {
    const { intents, refunds } = this.stripe.books;
    const own = [...intents.values()].filter(({ metadata }) => metadata['key'] === key);
    const taken = own.filter(({ status }) => status === 'succeeded');
    const ids = new Set(taken.map(({ id }) => id));
    const back = [...refunds.values()]
      .filter((one) => ids.has(one.payment_intent) && one.status !== 'failed')
      .reduce((sum, { amount }) => sum + amount, 0);
    return {
      taken: taken.length,
      held: own.filter(({ status }) => status === 'requires_capture').length,
      cents: taken.reduce((sum, { amount_received: cents }) => sum + cents, 0) - back,
    };
  }

  refundsOf(key: string): number {
    return [...this.stripe.books.refunds.values()].filter(({ metadata }) => metadata['key'] === key)
      .length;
  }

  get log(): string {
    return this.#log;
  }

  async close(): Promise<void> {
    await this.#server.stop();
    await this.admin.end();
    await Promise.all([this.stripe.stop(), this.posts.stop(), this.#issuer.stop()]);
  }
}

async function person(admin: pg.Client, id: string, role: string, site: string | null) {
  await admin.query(
    `insert into public.users (id, display_name, status, email, mfa_required)
     values ($1, 'Sam Sample', 'active', $2, false)`,
    [id, `${id}@example.com`],
  );
  await admin.query(
    `insert into public.user_roles (id, user_id, role, location_id, valid_from)
     values ($1, $2, $3, $4, now() - interval '1 day')`,
    [newId(), id, role, site],
  );
}

/** A site, and a patient of it. */
async function someone(admin: pg.Client): Promise<{ site: string; patientId: string }> {
  const { rows } = await admin.query<{ id: string }>(
    'select id from public.locations order by code limit 1',
  );
  const site = rows[0]?.id ?? '';
  const patientId = newId();
  await admin.query(
    `insert into public.patients (id, site_ids, family_name, given_name, birth_date, sex, phones,
       source_version, language)
     values ($1, array[$2::uuid], 'Sample', 'Pat', '1980-02-03', 'unknown', '[]', 1, 'en')`,
    [patientId, site],
  );
  return { site, patientId };
}

let shared: Promise<HubWorld> | null = null;

/** The one of this run, opened when it is first asked for. */
export const sharedWorld = (): Promise<HubWorld> => (shared ??= HubWorld.open());

/** Ends what the kinds have shared. */
export async function endHubs(): Promise<void> {
  const ending = shared;
  shared = null;
  await (await ending)?.close();
  await endSharedCluster();
}
