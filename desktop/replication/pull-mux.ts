import { AppError, toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { LIMITS, PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import type { Cursor, PullReply, PullRequest } from '#shared/protocol/messages.ts';
import { PULL_ORDER, TABLE_NAMES, isTableName, sourcesOf, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { retryAfterMs } from './answers.ts';
import { createBackoff } from './backoff.ts';
import { failureKind } from './failures.ts';
import { advance, cursorsFor } from './checkpoint.ts';
import type { TableCheckpoint } from './checkpoint.ts';
import { deferred } from './timers.ts';
import type { Deferred, Timers } from './timers.ts';
import type { ServerApi } from './server-api.ts';

/** One table's share of an answer. */
export interface PulledPage {
  readonly rows: readonly Record<string, unknown>[];
  readonly checkpoint: TableCheckpoint;
  /** Parts that this device may no longer hold. */
  readonly ended: readonly string[];
  readonly more: boolean;
  /** False when the answer does not speak of this table. */
  readonly answered: boolean;
  /** Version of the protocol in which the rows are: the server's, or this device's if that is older. */
  readonly version: number;
  /** When the server answered, by its own clock, milliseconds. */
  readonly serverTime: number;
  /** To be called once the rows are stored: only then the next table gets its rows. */
  stored(): void;
}

export interface PullMux {
  /**
   * Asks for the changes of a table since its checkpoint.
   * @param onSent called when the request leaves: what changes later is not in its answer
   * @returns null when the server did not answer or the mux is stopped; `onReady` tells when to ask
   *   again
   */
  ask(
    table: TableName,
    checkpoint: TableCheckpoint | undefined,
    onSent: () => void,
  ): Promise<PulledPage | null>;
  /** Ends a wait after failures at once. */
  wake(): void;
  stop(): void;
}

export interface PullMuxOptions {
  readonly api: Pick<ServerApi, 'pull' | 'serverVersion'>;
  readonly timers: Timers;
  readonly random: () => number;
  readonly log: Logger;
  /** A wait after failures is over. */
  readonly onReady: () => void;
  /** True for a table that wants to ask and has not asked yet. */
  readonly isWanted?: (table: TableName) => boolean;
  /** A table has to ask (again): it goes with a child of its, or its rows came too early. */
  readonly want?: (table: TableName) => void;
  readonly onSuccess: (serverTime: number) => void;
  readonly onFailure: (code: Code) => void;
}

interface Ask {
  readonly table: TableName;
  readonly checkpoint: TableCheckpoint | undefined;
  readonly onSent: () => void;
  readonly answer: Deferred<PulledPage | null>;
  /** It has waited for its parents long enough. */
  isLate: boolean;
  /** Ends the measuring of how long it waits; null: it has not had to wait. */
  ends: (() => void) | null;
  /** Parents that have asked while it waited for others: what came since they do not have. */
  readonly passed: Set<TableName>;
  /** These were told to ask again, and those of its parents that are here wait for them with it. */
  isGathering: boolean;
}

/** How long asks are gathered into one request, milliseconds. */
const GATHER_MS = 2;
/**
 * How long a table waits for its parents to ask with it, milliseconds: longer than a few pushes of theirs
 * may take, one after the other, each of which keeps them from asking until the line gives it up; and
 * never for ever.
 */
const PARENTS_WITHIN_MS = 100_000;
/** How long those of them that are here already wait with it for the others, milliseconds. */
const GATHERED_WITHIN_MS = 1_000;

/**
 * Joins what the tables ask for at about the same time into one request, in the order of priority.
 * A table goes only in one request with all its parents (but for a first sync), and the answers go out
 * parents first, each after the one before it is stored, so that no row is shown before the row that it
 * refers to. Nothing here throws: a failed request answers null and waits.
 */
export function createPullMux(options: PullMuxOptions): PullMux {
  const { api, timers, random, log, onReady, onSuccess, onFailure } = options;
  const { isWanted = () => false, want = () => undefined } = options;
  const backoff = createBackoff({ timers, random, onReady });
  const abort = new AbortController();
  let waiting: Ask[] = [];
  let epoch: string | null = null;
  let running = false;
  let gathering = false;
  /** Tables of which the last answer brought a part: more of them is still to come. */
  const unfinished = new Set<TableName>();

  /** True for a table that goes on loading; the first time tables come by their priority. */
  const isLoading = (table: TableName): boolean => unfinished.has(table) && isWanted(table);

  const gather = (): void => {
    if (running || gathering || waiting.length === 0) return;
    gathering = true;
    timers.after(GATHER_MS, () => {
      gathering = false;
      void run();
    });
  };

  const run = async (): Promise<void> => {
    if (running) return;
    running = true;
    askAgain();
    const asks = sendable();
    waiting = waiting.filter((ask) => !asks.includes(ask));
    const now = new Set(asks.map(({ table }) => table));
    for (const { ends } of asks) ends?.();
    for (const ask of waiting) {
      for (const parent of parentsOf(ask.table)) if (now.has(parent)) ask.passed.add(parent);
      measure(ask);
    }
    try {
      if (asks.length > 0) await serve(asks);
    } finally {
      running = false;
      // Those that wait for parents go with them, or when they have waited long enough.
      if (sendable().length > 0) gather();
    }
  };

  /**
   * True while a parent of the table is about to ask, or has not come to its end: asked before it, the
   * table could get rows that refer to some that the parent does not have yet.
   */
  const mustWait = ({ table, isLate }: Ask): boolean =>
    !isLate &&
    parentsOf(table).some(
      (parent) =>
        isLoading(parent) || (isWanted(parent) && !waiting.some((other) => other.table === parent)),
    );

  const measure = (ask: Ask): void => {
    ask.ends ??= timers.after(PARENTS_WITHIN_MS, () => {
      ask.isLate = true;
      gather();
    });
  };

  /** Those that may go now: none without a parent that is here and has to stay itself. */
  const sendable = (): Ask[] => {
    const held = new Set(
      waiting.flatMap((ask) => (ask.isGathering && mustWait(ask) ? parentsOf(ask.table) : [])),
    );
    const stays = new Set(waiting.filter((ask) => mustWait(ask) || held.has(ask.table)));
    for (let before = -1; before !== stays.size;) {
      before = stays.size;
      const staying = new Set([...stays].map(({ table }) => table));
      for (const ask of waiting) {
        if (!ask.isLate && parentsOf(ask.table).some((parent) => staying.has(parent)))
          stays.add(ask);
      }
    }
    return waiting.filter((ask) => !stays.has(ask));
  };

  /** Parents that went ahead ask once more with a child whose last one is here now. */
  const askAgain = (): void => {
    for (const ask of waiting) {
      if (ask.passed.size === 0 || ask.isLate || mustWait(ask)) continue;
      for (const parent of ask.passed) want(parent);
      ask.passed.clear();
      ask.isGathering = true;
      // Those that came go without the one that does not, and are told again when it has come.
      timers.after(GATHERED_WITHIN_MS, () => {
        ask.isGathering = false;
        gather();
      });
    }
  };

  const serve = async (asks: readonly Ask[]): Promise<void> => {
    let reply: PullReply;
    try {
      reply = await fetchPage(asks);
    } catch (error) {
      const { code } = toAppError(error);
      if (!abort.signal.aborted) {
        log.info('pull failed', { code, tables: asks.length });
        backoff.failed({
          slow: failureKind(code) === 'closed',
          notBeforeMs: retryAfterMs(error),
        });
        onFailure(code);
      }
      for (const { answer } of asks) answer.resolve(null);
      return;
    }
    backoff.succeeded();
    onSuccess(reply.serverTime);
    await deliver(asks, reply);
  };

  const fetchPage = async (asks: readonly Ask[]): Promise<PullReply> => {
    epoch ??= asks.find(({ checkpoint }) => checkpoint)?.checkpoint?.epoch ?? null;
    for (const { onSent } of asks) onSent();
    let reply = await request(asks, epoch).catch((error: unknown) => {
      // The server says that its database is another one now: ask anew without naming the old one.
      if (toAppError(error).code !== 'SYNC_EPOCH_CHANGED') throw error;
      return null;
    });
    if (reply === null) {
      reply = await request(asks, null, true);
    } else if (epoch !== null && reply.epoch !== epoch) {
      // It answered from our old places, which say nothing in the new database: from the start.
      log.warn('server database changed, loading again', { tables: asks.length });
      epoch = reply.epoch;
      reply = await request(asks, epoch);
    }
    epoch = reply.epoch;
    if (isStuck(asks, reply, epoch)) {
      throw new AppError('SERVER_ANSWER_INVALID', { path: 'pull', stuck: true });
    }
    return reply;
  };

  const request = (
    asks: readonly Ask[],
    withEpoch: string | null,
    fromStart = false,
  ): Promise<PullReply> => {
    const sorted = asks.toSorted(
      (a, b) => PULL_ORDER.indexOf(a.table) - PULL_ORDER.indexOf(b.table),
    );
    const message: PullRequest = {
      epoch: withEpoch,
      tables: sorted.map(({ table, checkpoint }) => ({
        table,
        cursors: cursorsFor(checkpoint, fromStart ? '' : withEpoch),
        limit: LIMITS.pullRows,
      })),
    };
    return api.pull(message, abort.signal);
  };

  const deliver = async (asks: readonly Ask[], reply: PullReply): Promise<void> => {
    const byTable = new Map(reply.tables.map((share) => [share.table, share]));
    const parentsFirst = asks.toSorted(
      (a, b) => TABLE_NAMES.indexOf(a.table) - TABLE_NAMES.indexOf(b.table),
    );
    for (const { table, more } of reply.tables) {
      if (!isTableName(table)) continue;
      if (more) unfinished.add(table);
      else unfinished.delete(table);
    }
    for (const { table, checkpoint, answer, isLate } of parentsFirst) {
      const share = byTable.get(table);
      // The page of a parent ended before what these rows refer to: they come when it has come whole.
      if (!isLate && share && share.rows.length > 0 && parentsOf(table).some(isLoading)) {
        answer.resolve(null);
        want(table);
        continue;
      }
      const asked = cursorsFor(checkpoint, reply.epoch);
      const stored = deferred<void>();
      answer.resolve({
        rows: share?.rows ?? [],
        checkpoint: advance(reply.epoch, asked, share?.cursors ?? {}, share?.ended ?? []),
        ended: share?.ended ?? [],
        more: share?.more ?? false,
        answered: share !== undefined,
        version: Math.min(api.serverVersion ?? PROTOCOL_VERSION, PROTOCOL_VERSION),
        serverTime: reply.serverTime,
        stored: () => stored.resolve(),
      });
      await stored.promise;
    }
  };

  return {
    ask(table, checkpoint, onSent) {
      if (abort.signal.aborted || !backoff.ready) return Promise.resolve(null);
      const answer = deferred<PulledPage | null>();
      const own: Ask = {
        table,
        checkpoint,
        onSent,
        answer,
        isLate: false,
        ends: null,
        passed: new Set(),
        isGathering: false,
      };
      waiting.push(own);
      // Since they asked last, they may have got rows that these refer to, and a push keep them from asking.
      for (const parent of parentsOf(table)) {
        if (!isWanted(parent) && !waiting.some((other) => other.table === parent)) want(parent);
      }
      if (mustWait(own)) measure(own);
      gather();
      return answer.promise;
    },
    wake: () => backoff.wake(),
    stop() {
      abort.abort();
      backoff.stop();
      for (const { answer } of waiting.splice(0)) answer.resolve(null);
    },
  };
}

/**
 * All tables that rows of a table refer to, directly or through others; those of acts name theirs within
 * their lines, and the rows that are made of them show with them.
 */
export function parentsOf(table: TableName): readonly TableName[] {
  const known = parents.get(table);
  if (known) return known;
  const found = new Set<TableName>();
  const add = (child: TableName): void => {
    for (const { references } of Object.values(tableOf(child).fields)) {
      if (references === null || !isTableName(references) || references === table) continue;
      if (found.has(references)) continue;
      // What comes into being with the rows of this table they bring themselves.
      if (child !== table && sourcesOf(references).includes(table)) continue;
      found.add(references);
      add(references);
    }
  };
  add(table);
  for (const made of TABLE_NAMES) if (sourcesOf(made).includes(table)) add(made);
  parents.set(table, [...found]);
  return [...found];
}
const parents = new Map<TableName, readonly TableName[]>();

/** A server that promises more and moves nothing would be asked for ever. */
function isStuck(asks: readonly Ask[], reply: PullReply, epoch: string): boolean {
  if (!reply.tables.some((share) => share.more)) return false;
  const before = new Map<TableName, Record<string, Cursor>>(
    asks.map(({ table, checkpoint }) => [table, cursorsFor(checkpoint, epoch)]),
  );
  return reply.tables.every((share) => {
    const asked = before.get(share.table) ?? {};
    const moved = Object.entries(share.cursors).some(
      ([part, cursor]) => String(asked[part]) !== String(cursor),
    );
    return share.rows.length === 0 && share.ended.length === 0 && !moved;
  });
}
