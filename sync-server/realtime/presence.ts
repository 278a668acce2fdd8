import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { LiveMessage } from '#shared/protocol/messages.ts';
import { PRESENCE, screenKey } from '#shared/protocol/presence.ts';
import type { Screen, ShowScreens, ShownScreen } from '#shared/protocol/presence.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import { createLru } from './lru.ts';
import type { Caller } from '../http/route.ts';
import { safeErrorFields } from '../monitoring/safe-error.ts';
import type { Channel, PresenceNews } from './bus.ts';
import { createPresenceBoard } from './presence-board.ts';
import type { Shown } from './presence-board.ts';
import type { ScreenJudge } from './screen-judge.ts';

/** Presence of one live connection. */
export interface Seat {
  /** Takes what the device says it shows. Of what comes faster than it is judged the latest counts. */
  show(message: ShowScreens): void;
  /**
   * The connection has ended. With `moves` its device is known to come to another replica: it stays
   * on its screens until then, or until its time is over.
   */
  leave(options?: { moves: boolean }): void;
}

export interface Presence {
  /** A live connection that may hear of presence. `tell` must not throw. */
  join(caller: Caller, tell: (message: LiveMessage) => void): Seat;
  /**
   * Takes what a device says it shows, by a request of its own.
   * @returns screens that it is not counted on
   * @throws AppError as `requireKnown`; SERVER_BUSY when the device talks too much
   */
  show(caller: Caller, message: ShowScreens): Promise<Screen[]>;
  /** Devices that are known to show something, on all replicas. */
  readonly size: number;
  stop(): void;
}

/** At most one notice to a connection in this time, milliseconds. */
const COALESCE_MS = 25;
/** Changes that happen together are told to the other replicas together, milliseconds. */
const GATHER_MS = 10;
/** A connection's messages are taken no faster than this, milliseconds. */
const TAKE_EVERY_MS = 40;
const SWEEP_MS = 1_000;
/** What a device that has come to a screen takes for granted. */
const NOBODY = JSON.stringify({ people: [], more: 0 });
/** Everything is told again after so long, milliseconds. */
const TELL_ALL_MS = 10_000;
/** Devices in one message between replicas. */
const NEWS_SIZE = 200;
/** Requests that one person may make in a row, whatever devices they name, and how many more each second. */
const BURST = 40;
const PER_SECOND = 20;

/**
 * Who shows what. Kept in memory only, on every replica what it has heard: devices say it again every
 * three seconds and replicas pass it on, so a replica that starts or comes back knows all of it within
 * that time, and what a dead device or replica said is forgotten.
 */
export function createPresence(deps: {
  judge: ScreenJudge;
  channel: Channel<PresenceNews>;
  log: Logger;
  now?: () => number;
}): Presence {
  const { judge, channel, log, now = () => performance.now() } = deps;
  const board = createPresenceBoard(now);
  const seats = new Map<string, Set<SeatState>>();
  const mayTalk = createTalkLimit(now);
  let news: PresenceNews = { put: [], gone: [] };
  let gathering: NodeJS.Timeout | null = null;

  /** Everybody on these screens hears who is there now. */
  const changed = (keys: readonly string[]): void => {
    for (const key of keys) {
      for (const holder of board.holders(key)) {
        for (const seat of seats.get(holder) ?? []) seat.mark(key);
      }
    }
  };

  const tellReplicas = (): void => {
    if (gathering) clearTimeout(gathering);
    gathering = null;
    const { put, gone } = news;
    news = { put: [], gone: [] };
    for (let at = 0; at < Math.max(put.length, gone.length); at += NEWS_SIZE) {
      channel.publish({
        put: put.slice(at, at + NEWS_SIZE),
        gone: gone.slice(at, at + NEWS_SIZE),
      });
    }
  };
  const tellSoon = (): void => {
    gathering ??= setTimeout(tellReplicas, GATHER_MS);
  };

  channel.listen(({ put, gone }) => {
    const keys = put.flatMap((shown) => board.put(shown, { here: false, ageMs: shown.ageMs }));
    keys.push(...gone.flatMap(({ holder, seq }) => board.remove(holder, seq)));
    changed(keys);
  });

  const beat = setInterval(() => {
    for (const { shown, ageMs } of board.here()) {
      const { user, device, name, seq, screens } = shown;
      news.put.push({ user, device, name, seq, screens: [...screens], ageMs });
    }
    tellReplicas();
  }, PRESENCE.beatMs);
  beat.unref();
  const sweep = setInterval(() => changed(board.sweep()), SWEEP_MS);
  sweep.unref();

  const put = (shown: Shown): void => {
    const keys = board.put(shown, { here: true, ageMs: 0 });
    if (keys.length === 0) return;
    news.put.push({ ...shown, screens: [...shown.screens], ageMs: 0 });
    tellSoon();
    changed(keys);
  };

  const take = async (caller: Caller, { seq, screens }: ShowScreens): Promise<Screen[]> => {
    const { name, allowed } = await judge.judge(caller, screens);
    const seen = screens.filter((screen) => allowed.has(screen)).map(withKnownField);
    put({ user: caller.userId, device: caller.deviceId, name, seq, screens: seen });
    return screens
      .filter((screen) => !allowed.has(screen))
      .map(({ module, table, id }) => ({ module, table, id }));
  };

  interface SeatState extends Seat {
    mark(key: string): void;
  }

  return {
    join(caller, tell) {
      const holder = `${caller.userId}/${caller.deviceId}`;
      const dirty = new Set<string>();
      /** What was told of each screen last, so that nothing is told twice. */
      let told = new Map<string, string>();
      let toldAllAt = now();
      let timer: NodeJS.Timeout | null = null;
      let sentAt = Number.NEGATIVE_INFINITY;
      let waiting: ShowScreens | null = null;
      let busy = false;
      let lastSeq = -1;
      let left = false;
      let moved = false;

      const flush = (): void => {
        timer = null;
        sentAt = now();
        const shown = board.screens(holder);
        told = new Map([...told].filter(([key]) => board.shows(holder, key)));
        const screens = shown.flatMap(({ module, table, id }) => {
          const key = screenKey({ module, table, id });
          if (!dirty.has(key)) return [];
          const there = board.people(key, holder);
          const text = JSON.stringify(there);
          if (text === (told.get(key) ?? NOBODY)) return [];
          told.set(key, text);
          return [{ module, table, id, ...there }];
        });
        dirty.clear();
        if (screens.length > 0) tell({ type: 'presence', screens });
      };

      /**
       * Who left a screen knows nothing of it any more, also when they are back before we took note.
       * All is told again now and then, whatever was missed.
       */
      const tellAnew = (shown: ReadonlySet<string>): void => {
        const all = now() - toldAllAt > TELL_ALL_MS;
        if (all) toldAllAt = now();
        for (const key of told.keys()) {
          if (shown.has(key) && !all) continue;
          told.delete(key);
          seat.mark(key);
        }
      };

      const work = async (): Promise<void> => {
        busy = true;
        for (let next = waiting; next && !left; next = waiting) {
          waiting = null;
          lastSeq = next.seq;
          try {
            const refused = await take(caller, next);
            // It went while its rights were judged: what was put is to go too.
            if (left && !moved) gone();
            else if (left) break;
            else if (refused.length > 0) tell({ type: 'refused', screens: refused });
          } catch (error) {
            log.debug('presence could not be judged', safeErrorFields(error));
          }
          await new Promise((resolve) => setTimeout(resolve, TAKE_EVERY_MS));
        }
        busy = false;
      };

      const gone = (): void => {
        if (lastSeq < 0) return;
        const keys = board.remove(holder, lastSeq);
        news.gone.push({ holder, seq: lastSeq });
        tellSoon();
        changed(keys);
      };

      const seat: SeatState = {
        mark(key) {
          dirty.add(key);
          timer ??= setTimeout(flush, Math.max(0, sentAt + COALESCE_MS - now()));
        },
        show(message) {
          waiting = message;
          tellAnew(new Set(message.screens.map(screenKey)));
          if (!busy) void work();
        },
        leave({ moves } = { moves: false }) {
          if (left) return;
          left = true;
          moved = moves;
          if (timer) clearTimeout(timer);
          const mine = seats.get(holder);
          mine?.delete(seat);
          if (mine?.size === 0) seats.delete(holder);
          if (!moves) gone();
        },
      };
      seats.set(holder, (seats.get(holder) ?? new Set()).add(seat));
      // It may talk through requests to another replica, and have done so already.
      for (const screen of board.screens(holder)) seat.mark(screenKey(screen));
      return seat;
    },

    async show(caller, message) {
      if (!mayTalk(caller.userId)) {
        throw new AppError('SERVER_BUSY', { reason: 'presence' });
      }
      return take(caller, message);
    },

    get size() {
      return board.size;
    },

    stop() {
      clearInterval(beat);
      clearInterval(sweep);
      tellReplicas();
    },
  };
}

const FIELD_NAMES: ReadonlySet<string> = new Set(
  TABLE_NAMES.flatMap((table) => Object.keys(tableOf(table).fields)),
);

/** Only names of the schema go on to others, so that no text of a person ever does. */
function withKnownField(screen: ShownScreen): ShownScreen {
  const { focus } = screen;
  return focus === null || FIELD_NAMES.has(focus.field) ? screen : { ...screen, focus: null };
}

/** A bucket for each person: a burst, then so many a second. */
function createTalkLimit(now: () => number): (userId: string) => boolean {
  const buckets = createLru<string, { left: number; at: number }>(10_000);
  return (userId) => {
    const bucket = buckets.get(userId) ?? { left: BURST, at: now() };
    bucket.left = Math.min(BURST, bucket.left + ((now() - bucket.at) / 1000) * PER_SECOND);
    bucket.at = now();
    const may = bucket.left >= 1;
    if (may) bucket.left -= 1;
    buckets.set(userId, bucket);
    return may;
  };
}
