import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { HubView } from '#shared/protocol/admin-outbox.ts';
import { BREAKER_PACE, createCircuitBreaker } from './circuit-breaker.ts';
import type { BreakerPace, CircuitBreaker } from './circuit-breaker.ts';
import { percentile } from './percentile.ts';
import { HubFailure, networkFailure } from './hub-failure.ts';

/** One call to a partner. */
export interface HubCall {
  /** Whom it goes to: each partner has a breaker and figures of its own. */
  readonly partner: string;
  /** What is done, as a short name. */
  readonly operation: string;
  /** Names the deed: the same key is the same deed, however often it is asked for. */
  readonly key: string;
  /**
   * What may happen when nobody knows whether it was carried out. same-key: the partner does the same
   * key once, so it is asked again · never: it is left to a look-up or a person.
   */
  readonly repeat: 'same-key' | 'never';
  /** What it is about, for the audit. */
  readonly about: {
    readonly table: string;
    readonly id: string;
    readonly locationId: string | null;
  };
}

/** What a call came to, as figures and the audit have it. */
export interface HubRecord {
  readonly hub: string;
  readonly call: HubCall;
  readonly outcome: 'ok' | Code;
  readonly ms: number;
  readonly attempts: number;
}

export interface HubPace {
  readonly timeoutMs: number;
  /** Tries within one call; what fails then is tried again by the queue, minutes later. */
  readonly tries: number;
  readonly firstWaitMs: number;
  /** A partner who wants to be left alone for longer than this is left to the queue. */
  readonly longestWaitMs: number;
  readonly breaker: BreakerPace;
}

export const HUB_PACE: HubPace = {
  timeoutMs: 15_000,
  tries: 3,
  firstWaitMs: 200,
  longestWaitMs: 2_000,
  breaker: BREAKER_PACE,
};

export interface HubDeps {
  readonly clock: Clock;
  readonly log: Logger;
  /** Keeps what a call came to in the audit. */
  readonly audit: (record: HubRecord) => Promise<void>;
  /** Figures: called once for each call. */
  readonly onCall?: (record: HubRecord) => void;
  readonly pace?: HubPace;
}

/** live: partners are called · sandbox: what would be sent is written down · off: not set up. */
export type HubMode = 'live' | 'sandbox' | 'off';

interface PartnerState {
  readonly mode: HubMode;
  readonly breaker: CircuitBreaker;
  calls: number;
  failures: number;
  lastOkAt: number | null;
  lastFailureAt: number | null;
  lastCode: Code | null;
  /** Durations of the latest calls, milliseconds. */
  readonly latest: number[];
}

const LATEST = 100;
/** Failures that say something about the partner, and not about what it was asked. */
const PARTNERS_FAULT: ReadonlySet<Code> = new Set([
  'HUB_UNREACHABLE',
  'HUB_TIMEOUT',
  'HUB_FAILED',
  'HUB_BUSY',
  'HUB_SIGN_IN',
]);

/**
 * The base of all hubs: the one way in which this server calls anybody outside. Every call has a time
 * limit, is counted, audited and mapped to the catalogue of errors; it is repeated only where that
 * cannot do a thing twice; and a partner who fails again and again is left alone for a while.
 */
export abstract class UniversalHub {
  readonly name: string;
  readonly #deps: HubDeps;
  readonly #pace: HubPace;
  readonly #partners = new Map<string, PartnerState>();

  constructor(name: string, partners: Readonly<Record<string, HubMode>>, deps: HubDeps) {
    this.name = name;
    this.#deps = deps;
    this.#pace = deps.pace ?? HUB_PACE;
    for (const [partner, mode] of Object.entries(partners)) {
      this.#partners.set(partner, {
        mode,
        breaker: createCircuitBreaker(deps.clock, this.#pace.breaker),
        calls: 0,
        failures: 0,
        lastOkAt: null,
        lastFailureAt: null,
        lastCode: null,
        latest: [],
      });
    }
  }

  /**
   * Calls a partner.
   * @param work does it once; it must stop when the signal says so
   * @throws HubFailure, whatever happens: it says whether the deed may have been done
   */
  async executeWithMonitoring<T>(
    call: HubCall,
    work: (attempt: { readonly signal: AbortSignal; readonly key: string }) => Promise<T>,
  ): Promise<T> {
    const partner = this.#partners.get(call.partner);
    if (!partner || partner.mode === 'off') throw new HubFailure('HUB_OFF', { done: 'no' });
    const began = performance.now();
    let attempts = 0;
    // An earlier try may have been carried out: what the last one met does not undo that.
    let mayBeDone = false;
    const over = async (outcome: HubRecord['outcome']): Promise<void> => {
      const ms = Math.round(performance.now() - began);
      await this.#note(partner, { hub: this.name, call, outcome, ms, attempts });
    };
    for (;;) {
      const wait = partner.breaker.waitMs();
      if (wait > 0) {
        await over('HUB_PAUSED');
        const paused = new HubFailure('HUB_PAUSED', { done: 'no', retryAfterMs: wait });
        throw mayBeDone ? paused.asUnknown() : paused;
      }
      attempts += 1;
      partner.breaker.begin();
      try {
        const result = await this.#within((signal) => work({ signal, key: call.key }));
        partner.breaker.succeeded();
        await over('ok');
        return result;
      } catch (error) {
        const failure = error instanceof HubFailure ? error : networkFailure(error);
        mayBeDone ||= failure.done === 'unknown';
        if (PARTNERS_FAULT.has(failure.code)) partner.breaker.failed();
        else partner.breaker.neither();
        const pause = failure.retryAfterMs ?? this.#pace.firstWaitMs * 2 ** (attempts - 1);
        const again =
          failure.info.retry &&
          attempts < this.#pace.tries &&
          pause <= this.#pace.longestWaitMs &&
          (failure.done === 'no' || call.repeat === 'same-key');
        if (!again) {
          await over(failure.code);
          throw mayBeDone ? failure.asUnknown() : failure;
        }
        await sleep(pause);
      }
    }
  }

  /** How each partner is. */
  health(): HubView[] {
    return [...this.#partners].map(([partner, state]) => ({
      hub: this.name,
      partner,
      mode: state.mode,
      state: stateOf(state),
      calls: state.calls,
      failures: state.failures,
      lastOkAt: state.lastOkAt,
      lastFailureAt: state.lastFailureAt,
      lastCode: state.lastCode,
      p95Ms: percentile(state.latest, 0.95),
    }));
  }

  async #within<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new HubFailure('HUB_TIMEOUT', { done: 'unknown' }));
      stop.abort();
    }, this.#pace.timeoutMs);
    try {
      return await Promise.race([work(stop.signal), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #note(partner: PartnerState, record: HubRecord): Promise<void> {
    const { clock, log, audit, onCall } = this.#deps;
    partner.calls += 1;
    partner.latest.push(record.ms);
    if (partner.latest.length > LATEST) partner.latest.shift();
    if (record.outcome === 'ok') partner.lastOkAt = clock.now();
    else {
      partner.failures += 1;
      partner.lastFailureAt = clock.now();
      partner.lastCode = record.outcome;
    }
    const { hub, call, outcome, ms, attempts } = record;
    const { partner: name, operation } = call;
    const fields = { hub, partner: name, operation, outcome, ms, attempts };
    if (outcome === 'ok') log.info('partner called', fields);
    else log.warn('partner called', fields);
    onCall?.(record);
    // What was done is done: that it could not be written down must not make it look undone.
    await audit(record).catch(() => log.error('call not in the audit', { hub, operation }));
  }
}

function stateOf(state: PartnerState): HubView['state'] {
  if (state.breaker.isOpen) return 'paused';
  if (state.calls === 0) return 'unused';
  return (state.lastFailureAt ?? 0) > (state.lastOkAt ?? 0) ? 'failing' : 'ok';
}
