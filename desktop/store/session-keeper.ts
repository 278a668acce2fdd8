import { toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { SessionReply } from '#shared/protocol/messages.ts';

/** How often grants are asked for again, in milliseconds. */
const SESSION_EVERY_MS = 15 * 60_000;
const SESSION_RETRY_MS = 20_000;
/** What makes a person sign in again; their data stay on the device. */
const ENDS_SESSION: ReadonlySet<Code> = new Set([
  'AUTH_SESSION_ENDED',
  'AUTH_NO_ACCESS',
  'AUTH_TOKEN_INVALID',
  'DEVICE_REFUSED',
]);

export interface SessionKeeper {
  /** Begins to ask; at once when nothing is known to be fresh. */
  start(isFresh: boolean): void;
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
  /** Answers to an earlier start are not for who is in now. */
  let turn = 0;

  const refresh = async (mine: number): Promise<void> => {
    try {
      const session = await ask();
      if (mine !== turn) return;
      onSession(session);
      refreshIn(SESSION_EVERY_MS);
    } catch (error) {
      const { code } = toAppError(error);
      if (mine !== turn) return;
      if (ENDS_SESSION.has(code)) onEnd(code);
      else refreshIn(SESSION_RETRY_MS);
    }
  };
  const refreshIn = (ms: number): void => {
    const mine = turn;
    timer = setTimeout(() => void refresh(mine), ms);
  };
  const stop = (): void => {
    turn += 1;
    if (timer) clearTimeout(timer);
    timer = null;
  };
  return {
    start(isFresh) {
      stop();
      refreshIn(isFresh ? SESSION_EVERY_MS : 0);
    },
    stop,
  };
}
