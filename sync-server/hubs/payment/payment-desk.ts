import type pg from 'pg';
import { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { asEngine } from '../../db/as-engine.ts';
import type { Queries } from '../../db/with-session.ts';
import type { ChangeSet } from '../../realtime/change.ts';
import { HubFailure } from '../hub-failure.ts';
import { writeRows } from '../write-rows.ts';
import type { Written } from '../write-rows.ts';
import {
  askPerson,
  holdScore,
  insertCommand,
  moveCommand,
  ownFacts,
  readCommand,
  writeFact,
} from './commands.ts';
import type { Command, CommandState, Happened, NewCommand, PaymentQuestion } from './commands.ts';
import { FRAUD_LIMIT } from './fraud.ts';
import type { CardReceipt, KnownPayment, PaymentHub, PaymentStanding } from './payment-hub.ts';

export interface DeskDeps {
  readonly pool: pg.Pool;
  readonly hub: PaymentHub;
  readonly announce: (set: ChangeSet) => void;
  readonly hlc: HybridClock;
  readonly clock: Clock;
  readonly log: Logger;
  /** True: the Stripe that is called is a stand-in, and what it is asked is written down for people. */
  readonly isSandbox: boolean;
  readonly pace?: DeskPace;
}

export interface DeskPace {
  /** A payment that Stripe does not list so long after it was asked for was never made, milliseconds. */
  readonly settledMs: number;
  /** After so long without a card a reader is let go, milliseconds. */
  readonly patienceMs: number;
  /** Commands that are not over are looked at so often, later and later. */
  readonly lookMs: number;
  readonly longestLookMs: number;
  /** A command whose end is unknown for so long is a question for a person, milliseconds. */
  readonly askPersonMs: number;
}

export const DESK_PACE: DeskPace = {
  settledMs: 2 * 60_000,
  patienceMs: 10 * 60_000,
  lookMs: 15_000,
  longestLookMs: 10 * 60_000,
  askPersonMs: 5 * 60_000,
};

/** Stripe does what has one key once, for a day; after that nothing is asked again by itself. */
const KEY_HOLDS_MS = 23 * 3_600_000;
/** Commands that one round looks at. */
const ROUND = 20;

/**
 * Carries out payments: it keeps what was asked for before Stripe is called, and what became of it after,
 * so that whatever dies in between, another process goes on. Nothing is locked while Stripe is spoken to:
 * every deed has a key under which Stripe does it once, and every fact an id that follows from what
 * happened. What nobody knows is looked up before anything is asked again, and shown until it is known.
 */
export class PaymentDesk {
  readonly #deps: DeskDeps;
  readonly #pace: DeskPace;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
    this.#pace = deps.pace ?? DESK_PACE;
  }

  /**
   * Has a reader ask for a card, or gives money back. The same command again is the same deed.
   * @throws AppError SYNC_UNIQUE_TAKEN where the key is that of another command
   */
  async begin(asked: NewCommand): Promise<Command> {
    const { deps } = this.#own;
    let isNew = false;
    await writeRows(deps, 'payment', async (db) => {
      isNew = await insertCommand(db, asked);
      if (!isNew) return [];
      const command = await readCommand(db, asked.key);
      if (!command) return [];
      const event = command.does === 'take' ? 'created' : 'processing';
      return some(await writeFact(db, deps.hlc, command, { event }, deps.clock.now()));
    });
    const command = await this.#must(asked.key);
    if (!isSame(command, asked)) throw new AppError('SYNC_UNIQUE_TAKEN', { fields: ['key'] });
    if (command.isOver) return command;
    return this.#go(command, { isAsked: true, isNew });
  }

  /** How a command stands, asked of Stripe where it is not over. */
  async look(key: string): Promise<Command> {
    const command = await this.#must(key);
    return command.isOver ? command : this.#go(command, LOOKS);
  }

  /** Gives a payment up that was not taken. What was taken meanwhile stays taken. */
  async cancel(key: string): Promise<Command> {
    const command = await this.#must(key);
    if (command.isOver || command.does !== 'take') return command;
    const { paymentRef, readerRef } = command;
    if (paymentRef === null) return this.#go(command, LOOKS);
    return this.#step(command, async () => {
      const { hub } = this.#deps;
      const known = knownOf(command, paymentRef);
      const standing = await hub
        .cancel({ ...known, readerId: readerRef })
        // It was taken or given up before this: what it is now decides.
        .catch((error: unknown) => {
          if (error instanceof HubFailure && error.code === 'HUB_REFUSED') return hub.look(known);
          throw error;
        });
      return this.#stands(command, standing);
    });
  }

  /** What the slip says. @throws HubFailure, AppError NOT_FOUND */
  async receipt(key: string): Promise<CardReceipt | null> {
    const command = await this.#must(key);
    if (command.paymentRef === null) return null;
    return this.#deps.hub.receipt(knownOf(command, command.paymentRef));
  }

  /** Looks at commands that are not over and were not looked at for a while. @returns how many */
  async round(): Promise<number> {
    const { pool } = this.#deps;
    const { lookMs, longestLookMs } = this.#pace;
    const due = await asEngine(pool, (db) =>
      db.query<{ key: string }>(DUE_SQL, [lookMs, longestLookMs, ROUND]),
    );
    for (const { key } of due) await this.look(key);
    return due.length;
  }

  /** Writes what has happened with a payment, once, in a transaction of somebody else. */
  async fact(db: Queries, command: Command, happened: Happened): Promise<readonly Written[]> {
    const { hlc, clock } = this.#deps;
    return some(await writeFact(db, hlc, command, happened, clock.now()));
  }

  get #own() {
    return { deps: this.#deps, pace: this.#pace };
  }

  async #must(key: string): Promise<Command> {
    const command = await asEngine(this.#deps.pool, (db) => readCommand(db, key));
    if (!command) throw new AppError('NOT_FOUND');
    return command;
  }

  #go(command: Command, how: How): Promise<Command> {
    return this.#step(command, () =>
      command.does === 'take'
        ? this.#take(command, how.isAsked)
        : this.#giveBack(command, how.isNew),
    );
  }

  async #take(command: Command, isAsked: boolean): Promise<Command> {
    const { hub, clock } = this.#deps;
    const { key, amountCents, readerRef, createdAt, state } = command;
    const about = aboutOf(command);
    const age = clock.now() - createdAt;
    let { paymentRef } = command;
    let isFresh = false;
    if (paymentRef === null) {
      isFresh = isAsked && state === 'begun' && age < this.#pace.settledMs;
      paymentRef = isFresh
        ? await hub.open({ key, amountCents, readerId: readerRef ?? '', about })
        : await hub.find(key, createdAt - SKEW_MS, about);
      if (paymentRef === null) {
        // No reader can have asked for a card: that needs the id which nobody has.
        if (age >= this.#pace.settledMs) return this.#fail(command, 'HUB_FAILED');
        return this.#unknown(command, command.problem ?? 'HUB_OUTCOME_UNKNOWN');
      }
      await this.#move(command, { state: 'begun', paymentRef });
    }
    const known = knownOf(command, paymentRef);
    if (isAsked && readerRef !== null && (isFresh || (await hub.look(known)).is === 'waiting')) {
      try {
        await hub.askReader({ ...known, readerId: readerRef });
      } catch (error) {
        if (error instanceof HubFailure && error.code === 'PAYMENT_READER_BUSY') {
          // Nobody was asked for a card: the payment is given up, and a person tries again.
          await hub.cancel({ ...known, readerId: null });
          return this.#fail({ ...command, paymentRef }, error.code);
        }
        throw error;
      }
      await this.#sandbox(command, `Reader ${readerRef}`);
      return this.#move(command, { state: 'waiting', paymentRef });
    }
    const facts = await asEngine(this.#deps.pool, (db) => ownFacts(db, command));
    const standing = await hub.settle(known, facts, (score) =>
      asEngine(this.#deps.pool, (db) => holdScore(db, key, score)),
    );
    if (standing.is === 'waiting' && age >= this.#pace.patienceMs) {
      return this.#stands(command, await hub.cancel({ ...known, readerId: readerRef }));
    }
    return this.#stands({ ...command, paymentRef }, standing);
  }

  async #stands(command: Command, standing: PaymentStanding): Promise<Command> {
    const { intentId: ref } = standing;
    switch (standing.is) {
      case 'waiting':
      case 'authorised':
        return this.#move(command, { state: 'waiting', paymentRef: ref });
      case 'paid': {
        const slip = await this.#deps.hub.receipt(knownOf(command, ref)).catch(() => null);
        const { amountCents } = standing;
        const happened: Happened = { event: 'succeeded', amountCents, ref, card: slip };
        return this.#over(command, 'done', happened);
      }
      case 'declined': {
        // The payment at Stripe stays open for another card: here another one is another command.
        const after = await this.#deps.hub.cancel({ ...knownOf(command, ref), readerId: null });
        if (after.is === 'paid') return this.#stands(command, after);
        const reason = standing.why ?? 'declined';
        return this.#over(
          command,
          'declined',
          { event: 'failed', ref, reason },
          'PAYMENT_DECLINED',
        );
      }
      case 'risky':
        return this.#risky(command, ref, standing.score);
      case 'cancelled': {
        const { score } = await this.#must(command.key);
        if (score !== null && score > FRAUD_LIMIT) return this.#risky(command, ref, score);
        return this.#over(command, 'cancelled', { event: 'failed', ref, reason: 'cancelled' });
      }
    }
  }

  #risky(command: Command, ref: string, score: number): Promise<Command> {
    const happened: Happened = { event: 'failed', ref, reason: 'risky' };
    return this.#over(command, 'risky', happened, 'PAYMENT_RISKY', { why: 'risky', score });
  }

  async #giveBack(command: Command, isNew: boolean): Promise<Command> {
    const { hub, clock } = this.#deps;
    const { paymentRef, amountCents, createdAt } = command;
    if (paymentRef === null) return this.#fail(command, 'NOT_FOUND');
    const known = knownOf(command, paymentRef);
    // Whoever did not begin it looks it up before Stripe is asked, under the same key.
    let standing = isNew ? null : await hub.findRefund(known);
    if (standing === null) {
      // What is older than Stripe remembers its key is left to a person.
      if (clock.now() - createdAt > KEY_HOLDS_MS) {
        return this.#unknown(command, 'HUB_OUTCOME_UNKNOWN');
      }
      const facts = { triesAtReader: 1, declinedToday: 0, toAnotherCard: false };
      standing = await hub.refund({ ...known, amountCents, facts });
      await this.#sandbox(command, `Payment ${paymentRef}`);
    }
    const { refundId: ref } = standing;
    const moved = { ...command, refundRef: ref };
    switch (standing.is) {
      case 'waiting':
        return this.#move(command, { state: 'waiting', refundRef: ref });
      case 'done': {
        const event = command.does === 'void' ? 'voided' : 'refunded';
        return this.#over(moved, 'done', { event, amountCents: standing.amountCents, ref });
      }
      case 'failed':
        return this.#over(moved, 'refused', { event: 'failed', ref }, 'HUB_REFUSED', {
          why: 'refund_failed',
        });
    }
  }

  /** Works on a command; what fails is kept with it, and is no failure of who asks. */
  async #step(command: Command, work: () => Promise<Command>): Promise<Command> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof HubFailure)) throw error;
      const now = await this.#must(command.key);
      if (now.isOver) return now;
      const { code, done } = error;
      this.#deps.log.warn('payment not carried out', { does: command.does, code, done });
      // Nothing of it can be at Stripe, or it said no for good: of a taking that was never opened, or
      // of money that was to be given back.
      const isRefusal = done === 'no' && !RETRIED.has(code);
      if (
        done === 'no' &&
        now.does === 'take' &&
        now.paymentRef === null &&
        now.state === 'begun'
      ) {
        return this.#fail(now, code);
      }
      if (isRefusal && now.does !== 'take') {
        if (code !== 'PAYMENT_RISKY') return this.#fail(now, code);
        const happened: Happened = { event: 'failed', reason: 'risky' };
        return this.#over(now, 'risky', happened, code, { why: 'risky' });
      }
      return this.#unknown(now, code);
    }
  }

  /** Nothing was done, for certain. */
  #fail(command: Command, code: Code): Promise<Command> {
    return this.#over(command, 'refused', { event: 'failed', reason: code }, code);
  }

  /** Nobody knows: it is looked up again, and shown meanwhile; a person is asked when it takes long. */
  async #unknown(command: Command, problem: string): Promise<Command> {
    const { deps, pace } = this.#own;
    const isLong = deps.clock.now() - command.createdAt >= pace.askPersonMs;
    await writeRows(deps, 'payment', async (db) => {
      const isOpen = await moveCommand(db, command.key, {
        state: 'unknown',
        isOver: false,
        problem,
      });
      if (!isOpen) return [];
      const fact = await writeFact(
        db,
        deps.hlc,
        command,
        { event: 'processing' },
        deps.clock.now(),
      );
      const question = isLong ? await askPerson(db, deps.hlc, command, 'unknown') : null;
      return [...some(fact), ...some(question)];
    });
    return this.#must(command.key);
  }

  async #move(
    command: Command,
    to: { state: CommandState; paymentRef?: string; refundRef?: string },
  ): Promise<Command> {
    await asEngine(this.#deps.pool, (db) => moveCommand(db, command.key, { ...to, isOver: false }));
    return this.#must(command.key);
  }

  async #over(
    command: Command,
    state: CommandState,
    happened: Happened,
    problem: Code | null = null,
    question: { why: PaymentQuestion; score?: number } | null = null,
  ): Promise<Command> {
    const { hlc, clock } = this.#deps;
    await writeRows(this.#deps, 'payment', async (db) => {
      const { paymentRef, refundRef } = command;
      const moved = await moveCommand(db, command.key, {
        state,
        isOver: true,
        problem,
        paymentRef: paymentRef ?? (command.does === 'take' ? (happened.ref ?? null) : null),
        refundRef,
      });
      // Another process was quicker: what it found stands.
      if (!moved) return [];
      const fact = await writeFact(db, hlc, command, happened, clock.now());
      const { why, ...more } = question ?? { why: null };
      const asked = why === null ? null : await askPerson(db, hlc, command, why, more);
      return [...some(fact), ...some(asked)];
    });
    return this.#must(command.key);
  }

  /** What a stand-in was asked, where people see what would have been sent. */
  async #sandbox(command: Command, destination: string): Promise<void> {
    if (!this.#deps.isSandbox) return;
    const { key, does, amountCents, locationId } = command;
    const words = `${does === 'take' ? 'Takes' : 'Gives back'} $${(amountCents / 100).toFixed(2)}`;
    await asEngine(this.#deps.pool, (db) =>
      db.execute(
        `insert into private.sandbox as s
           (key, hub, channel, kind, destination, subject, body, shown, location_id)
         values ($1, 'payment', 'card', $2, $3, null, $4, true, $5)
         on conflict (key) do update set times = s.times + 1`,
        [`payment-${key}`, `payment.${does}`, destination, words, locationId],
      ),
    );
  }
}

/** Codes after which it is tried again, though nothing was done. */
const RETRIED: ReadonlySet<Code> = new Set([
  'HUB_UNREACHABLE',
  'HUB_BUSY',
  'HUB_PAUSED',
  'HUB_SIGN_IN',
]);
/** Clocks of two machines differ. */
const SKEW_MS = 5 * 60_000;

interface How {
  /** By a person, now: only then a reader asks for a card. */
  readonly isAsked: boolean;
  /** Nobody has tried it before. */
  readonly isNew: boolean;
}
const LOOKS: How = { isAsked: false, isNew: false };

const some = (row: Written | null): Written[] => (row ? [row] : []);

const aboutOf = ({ intentId, locationId }: Command) => ({
  table: 'payment_transactions',
  id: intentId,
  locationId,
});

const knownOf = (command: Command, intentId: string): KnownPayment => ({
  key: command.key,
  about: aboutOf(command),
  intentId,
});

const isSame = (command: Command, asked: NewCommand): boolean =>
  command.does === asked.does &&
  command.intentId === asked.intentId &&
  command.locationId === asked.locationId &&
  command.patientId === asked.patientId &&
  command.amountCents === asked.amountCents;

/** Claims what is due: two servers do not look at the same one at once, and it would do no harm. */
const DUE_SQL = `
  with due as (
    select c.key from private.payment_commands c
     where c.ended_at is null
       and c.looked_at < now() - least($1::float8 * power(1.5, least(c.looks, 20)), $2::float8)
             * interval '1 millisecond'
     order by c.looked_at limit $3 for update skip locked)
  update private.payment_commands c set looked_at = now(), looks = c.looks + 1
    from due where c.key = due.key
  returning c.key`;
