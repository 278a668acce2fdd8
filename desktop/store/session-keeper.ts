import { toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { SessionReply } from '#shared/protocol/messages.ts';

/** How often grants are asked for again, in milliseconds. */
const SESSION_EVERY_MS = 15 * 60_000;
const SESSION_RETRY_MS = 20_000;
/** What is told again and again is asked about no more often than this, milliseconds. */
const HURRY_EVERY_MS = 3_000;
/** What makes a person sign in again; their data stay on the device. */
const ENDS_SESSION: ReadonlySet<Code> = new Set([
  'AUTH_SESSION_ENDED',
  'AUTH_NO_ACCESS',
  'AUTH_MFA_NEEDED',
  'AUTH_TOKEN_INVALID',
  'DEVICE_REFUSED',
]);

export interface SessionKeeper {
  /** Begins to ask; at once when nothing is known to be fresh. */
  start(isFresh: boolean): void;
  /** Asks now: something may have changed. Asked again and again, it asks every few seconds. */
  hurry(): void;
  stop(): void;
}

/** Keeps what is known of the grants of who is signed in up to date. */
export function createSessionKeeper(options: {
  readonly ask: () => Promise<SessionReply>;
  readonly onSession: (session: SessionReply) => void;
  /** The server does not know this session any more. */
  readonly onEnd: (because: Code) => void;
}): SessionKeeper {
  const { ask, onSession, onEnd } = options;
  let timer: NodeJS.Timeout | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  /** Answers to an earlier start are not for who is in now. */
  let turn = 0;

  let isAsking = false;
  /** Something may have changed while it was asked. */
  let isAskedAgain = false;

  const refresh = async (mine: number): Promise<void> => {
    askedAt = performance.now();
    isAsking = true;
    isAskedAgain = false;
    let next = SESSION_EVERY_MS;
    try {
      const session = await ask();
      if (mine !== turn) return;
      onSession(session);
    } catch (error) {
      const { code } = toAppError(error);
      if (mine !== turn) return;
      if (ENDS_SESSION.has(code)) {
        onEnd(code);
        return;
      }
      next = SESSION_RETRY_MS;
    } finally {
      if (mine === turn) isAsking = false;
    }
    refreshIn(isAskedAgain ? HURRY_EVERY_MS : next);
  };
  const refreshIn = (ms: number): void => {
    const mine = turn;
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => void refresh(mine), ms);
  };
  const stop = (): void => {
    turn += 1;
    if (timer) clearTimeout(timer);
    timer = null;
    isAsking = false;
  };
  return {
    start(isFresh) {
      stop();
      refreshIn(isFresh ? SESSION_EVERY_MS : 0);
    },
    hurry() {
      // Not begun, or over: whoever comes next asks anyway.
      if (timer === null) return;
      if (isAsking) isAskedAgain = true;
      else refreshIn(Math.max(0, askedAt + HURRY_EVERY_MS - performance.now()));
    },
    stop,
  };
}
