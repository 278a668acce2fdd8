import { AppError, toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { LIMITS } from '#shared/protocol/messages.ts';
import type {
  KeptState,
  Lineage,
  PushRequest,
  PushResult,
  SlotOffer,
} from '#shared/protocol/messages.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { retryAfterMs } from './answers.ts';
import { createBackoff } from './backoff.ts';
import { failureKind, mayPassLater } from './failures.ts';
import { deferred } from './timers.ts';
import type { Deferred, Timers } from './timers.ts';
import type { ServerApi } from './server-api.ts';

export type PushRow = PushRequest['rows'][number];

/** Slots to choose from, for a visit that did not get its own. */
type Offers = readonly SlotOffer[];

/** What became of a row: the server's answer, or that it has none (yet). */
export type RowOutcome =
  | { readonly kind: 'ok' }
  | {
      readonly kind: 'master';
      readonly row: Record<string, unknown>;
      readonly alternatives?: Offers | undefined;
    }
  | {
      readonly kind: 'refused';
      readonly code: Code;
      readonly fields: readonly string[];
      readonly alternatives?: Offers | undefined;
      /** Of a row that the server keeps in quarantine: what was decided about it. */
      readonly kept?: KeptState | undefined;
    }
  | { readonly kind: 'retry'; readonly code: Code }
  /** Not sent, or no answer came: nothing is known; send it again when `onReady` says so. */
  | { readonly kind: 'unsent' };

export interface PushMux {
  /** Sends rows; resolves with one outcome for each, in order. Never throws. */
  send(rows: readonly PushRow[]): Promise<RowOutcome[]>;
  /** True while rows are on their way. */
  readonly busy: boolean;
  /** True while it waits after a failure. */
  readonly waiting: boolean;
  /** Ends a wait after failures at once. */
  wake(): void;
  stop(): void;
}

export interface PushMuxOptions {
  readonly api: Pick<ServerApi, 'push'>;
  readonly timers: Timers;
  readonly random: () => number;
  /** Which push of this profile the next one is. */
  readonly lineage: () => Lineage;
  readonly log: Logger;
  /** A wait after failures is over: unsent rows may be sent again. */
  readonly onReady: () => void;
  /** `busy` or `waiting` has changed. */
  readonly onChange: () => void;
  /** @param epoch null: the server does not say */
  readonly onSuccess: (serverTime: number, epoch: string | null) => void;
  readonly onFailure: (code: Code) => void;
  /** Number of requests of any kind that the server has answered well so far. */
  readonly successes: () => number;
}

interface Item {
  readonly row: PushRow;
  readonly bytes: number;
  readonly outcome: Deferred<RowOutcome>;
}

/** How long rows of all tables are gathered into one request, milliseconds. */
const GATHER_MS = 4;
/** A request body stays below the limit by this much, bytes. */
const BODY_MARGIN = 4096;
/** A lone row that the server keeps failing on is set aside after so many tries. */
const LONE_TRIES = 5;
/** Failures in a row without one success after which the server itself is at fault, not a row. */
const MAX_BLIND_TRIES = 16;

const UNSENT: RowOutcome = { kind: 'unsent' };

/**
 * One push for all tables, parents before children. Each call of `send` makes at most one try, so
 * that nobody is held up by a server that does not answer: rows without an answer come back as
 * `unsent`, stay in the store's queue and are sent again when the wait is over. A batch that the
 * server cannot take is halved until the row that breaks it stands alone.
 */
export function createPushMux(options: PushMuxOptions): PushMux {
  const { api, timers, random, lineage, log, onReady, onChange, onSuccess, onFailure, successes } =
    options;
  const backoff = createBackoff({
    timers,
    random,
    onReady: () => {
      onChange();
      onReady();
    },
  });
  const abort = new AbortController();
  let queue: Item[] = [];
  let running = false;
  let gathering = false;
  /** Failures of the kind `rows` in a row, and the number of successes when the first one came. */
  let brokenTries = 0;
  let brokenSince = 0;

  const gather = (): void => {
    if (running || gathering || queue.length === 0) return;
    gathering = true;
    timers.after(GATHER_MS, () => {
      gathering = false;
      void run();
    });
  };

  const run = async (): Promise<void> => {
    if (running) return;
    running = true;
    onChange();
    const items = queue.toSorted((a, b) => orderOf(a) - orderOf(b));
    queue = [];
    for (const batch of batchesOf(items)) {
      if (abort.signal.aborted || !backoff.ready)
        settle(
          batch,
          batch.map(() => UNSENT),
        );
      else settle(batch, await deliver(batch));
    }
    running = false;
    onChange();
    gather();
  };

  const deliver = async (batch: readonly Item[]): Promise<RowOutcome[]> => {
    try {
      const outcomes = await request(batch);
      brokenTries = 0;
      return outcomes;
    } catch (error) {
      const { code } = toAppError(error);
      if (failureKind(code) !== 'rows') return giveUp(batch, code, retryAfterMs(error));
      if (brokenTries === 0) brokenSince = successes();
      brokenTries += 1;
      // A server error can be a passing one: the same batch gets a second try before it is halved.
      if (mayPassLater(code) && brokenTries < 2) return giveUp(batch, code, retryAfterMs(error));
      return isolate(batch, code);
    }
  };

  /** Halves a batch that fails as a whole until the rows at fault stand alone. */
  const isolate = async (batch: readonly Item[], code: Code): Promise<RowOutcome[]> => {
    const outcomes = new Map<Item, RowOutcome>();
    const suspects = new Map<Item, Code>();
    let worked = false;
    let blind = 0;
    let stoppedBy: Code | null = null;
    const halve = async (part: readonly Item[], why: Code, known: boolean): Promise<void> => {
      if (stoppedBy !== null || abort.signal.aborted) return;
      if (!worked && blind >= MAX_BLIND_TRIES) return;
      let reason = why;
      if (!known) {
        try {
          const answers = await request(part);
          for (const [index, item] of part.entries()) outcomes.set(item, answers[index] ?? UNSENT);
          worked = true;
          return;
        } catch (error) {
          reason = toAppError(error).code;
          blind += 1;
          if (failureKind(reason) !== 'rows') {
            stoppedBy = reason;
            return;
          }
        }
      }
      const [first] = part;
      if (first && part.length === 1) {
        suspects.set(first, reason);
        return;
      }
      const middle = part.length >> 1;
      await halve(part.slice(0, middle), reason, false);
      await halve(part.slice(middle), reason, false);
    };
    await halve(batch, code, true);

    if (worked) brokenTries = 0;
    const loneAtFault =
      batch.length === 1 && brokenTries >= LONE_TRIES && successes() > brokenSince;
    let setAside = 0;
    for (const [item, why] of suspects) {
      // A server that fails on everything is broken itself: then no row is to blame.
      if (!worked && !loneAtFault && why !== 'REQUEST_TOO_LARGE') continue;
      outcomes.set(item, { kind: 'refused', code: why, fields: [] });
      setAside += 1;
    }
    log.warn('push batch could not be taken as a whole', {
      rows: batch.length,
      setAside,
      code,
    });
    if (outcomes.size < batch.length) {
      backoff.failed();
      onFailure(stoppedBy ?? code);
    }
    return batch.map((item) => outcomes.get(item) ?? UNSENT);
  };

  const giveUp = (batch: readonly Item[], code: Code, notBeforeMs: number): RowOutcome[] => {
    if (!abort.signal.aborted) {
      log.info('push failed', { code, rows: batch.length });
      backoff.failed({ slow: failureKind(code) === 'closed', notBeforeMs });
      onFailure(code);
    }
    return batch.map(() => UNSENT);
  };

  const request = async (batch: readonly Item[]): Promise<RowOutcome[]> => {
    const reply = await api.push(
      { lineage: lineage(), rows: batch.map(({ row }) => row) },
      abort.signal,
    );
    const fits =
      reply.results.length === batch.length &&
      reply.results.every((result, index) => {
        const sent = batch[index]?.row;
        return result.table === sent?.table && result.id === sent.row['id'];
      });
    if (!fits) throw new AppError('SERVER_ANSWER_INVALID', { path: 'push' });
    backoff.succeeded();
    onSuccess(reply.serverTime, reply.epoch ?? null);
    return reply.results.map(outcomeOf);
  };

  return {
    send(rows) {
      if (abort.signal.aborted || !backoff.ready) return Promise.resolve(rows.map(() => UNSENT));
      const items = rows.map((row) => ({
        row,
        bytes: Buffer.byteLength(JSON.stringify(row)),
        outcome: deferred<RowOutcome>(),
      }));
      queue.push(...items);
      gather();
      return Promise.all(items.map(({ outcome }) => outcome.promise));
    },
    get busy() {
      return running || queue.length > 0;
    },
    get waiting() {
      return !backoff.ready;
    },
    wake: () => backoff.wake(),
    stop() {
      abort.abort();
      backoff.stop();
      settle(
        queue,
        queue.map(() => UNSENT),
      );
      queue = [];
    },
  };
}

const orderOf = (item: Item): number => TABLE_NAMES.indexOf(item.row.table as TableName);

function settle(items: readonly Item[], outcomes: readonly RowOutcome[]): void {
  items.forEach((item, index) => item.outcome.resolve(outcomes[index] ?? UNSENT));
}

/** Batches within the protocol's limits of rows and bytes. A row too large stands alone. */
function batchesOf(items: readonly Item[]): Item[][] {
  const batches: Item[][] = [];
  let batch: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const full =
      batch.length === LIMITS.pushRows || bytes + item.bytes > LIMITS.bodyBytes - BODY_MARGIN;
    if (batch.length > 0 && full) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += item.bytes + 1;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

function outcomeOf(result: PushResult): RowOutcome {
  switch (result.outcome) {
    case 'ok':
      return { kind: 'ok' };
    case 'master':
      return { kind: 'master', row: result.row, alternatives: result.alternatives };
    case 'refused':
      return {
        kind: 'refused',
        code: result.code,
        fields: result.fields,
        alternatives: result.alternatives,
        kept: result.kept,
      };
    case 'retry':
      return { kind: 'retry', code: result.code };
  }
}
