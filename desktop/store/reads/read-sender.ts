import { toAppError } from '#shared/errors/app-error.ts';
import { checkLinks } from '#shared/kernel/chain.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { AUDIT_PATHS, BeginReply, EntriesReply } from '#shared/protocol/audit.ts';
import type {
  BeginChain,
  BeginReason,
  ChainFault,
  EntriesPayload,
  SendEntries,
} from '#shared/protocol/audit.ts';
import type { z } from 'zod';
import { sha256 } from './read-chain.ts';
import type { ReadChain } from './read-chain.ts';

/** What is noted goes out together with what follows within this time, milliseconds. */
const GATHER_MS = 2_000;
/** With nothing new the server is asked so often whether it still has what it had. */
const LOOK_EVERY_MS = 30 * 60_000;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** Requests of one go, so that a server that answers nonsense is not asked for ever. */
const MOST_REQUESTS = 2_000;

const BECAUSE: Readonly<Record<ChainFault, BeginReason>> = {
  replayed: 'copy',
  forked: 'forked',
  changed: 'broken',
  missing: 'broken',
  cut: 'server',
};

/** The server, as far as chains need it. */
export interface ChainServer {
  /** In the name of who is signed in; null: nobody is, and no chain can begin. */
  begin: ((body: BeginChain) => Promise<BeginReply>) | null;
  /** In nobody's name. */
  entries(body: SendEntries): Promise<EntriesReply>;
}

export interface ReadSender {
  /** Something was noted. */
  noted(): void;
  /** There is reason to try now: the network is back, somebody came. */
  wake(): void;
  /** Sends what there is, but takes no longer than so many milliseconds. Never throws. */
  flush(withinMs: number): Promise<void>;
  stop(): Promise<void>;
}

export interface ReadSenderOptions {
  readonly chain: ReadChain;
  readonly server: () => ChainServer;
  readonly random: () => number;
  readonly log: Logger;
  readonly gatherMs?: number;
}

/**
 * Hands the chain over, in order and again until it is confirmed, for as long as the device runs. What
 * the server does not take as it is ends the chain: a new one begins, says why, and goes on with what
 * the server does not have.
 */
export function startReadSender(options: ReadSenderOptions): ReadSender {
  const { chain, random, log, gatherMs = GATHER_MS } = options;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let isOver = false;
  let failures = 0;
  /** Asked for while it ran. */
  let again = false;

  const later = (ms: number): void => {
    if (isOver) return;
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => void go(), ms);
    timer.unref();
  };

  const go = (): Promise<void> => {
    if (running) {
      again = true;
      return running;
    }
    if (timer) clearTimeout(timer);
    running = sendAll(options, () => isOver)
      .then(
        () => {
          failures = 0;
          later(LOOK_EVERY_MS);
        },
        (error: unknown) => {
          failures += 1;
          const { code } = toAppError(error);
          // Without a network it is every time the same: said once.
          if (failures === 1) log.warn('reads not handed over', { code });
          const wait = Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS);
          later(wait * (0.5 + random() / 2));
        },
      )
      .finally(() => {
        running = null;
        if (again && !isOver) later(gatherMs);
        again = false;
      });
    return running;
  };

  later(gatherMs);
  return {
    noted() {
      // While the server is away its own wait goes on: reading is no reason to ask it more often.
      if (running) again = true;
      else if (failures === 0) later(gatherMs);
    },
    wake() {
      failures = 0;
      later(0);
    },
    async flush(withinMs) {
      let late: NodeJS.Timeout | undefined;
      const over = new Promise<void>((resolve) => {
        late = setTimeout(resolve, withinMs);
      });
      if (chain.countUnsent() > 0) await Promise.race([over, go()]);
      clearTimeout(late);
    },
    async stop() {
      isOver = true;
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}

async function sendAll(
  { chain, server, log }: ReadSenderOptions,
  isOver: () => boolean,
): Promise<void> {
  const endChain = (because: BeginReason, from: number): void => {
    log.error('a new chain of reads begins', { because });
    chain.beginAnew(because, from);
  };
  let isFirst = true;
  for (let request = 0; request < MOST_REQUESTS && !isOver(); request += 1) {
    const { begin, entries: send } = server();
    if (!chain.isKnown) {
      // Nobody is here who could vouch for the machine: it waits for the next one who signs in.
      if (!begin) return;
      const { state } = await begin({ chain: chain.id, key: chain.key });
      if (state === 'refused') endChain('copy', 1);
      else chain.setKnown(true);
      continue;
    }
    const { after, links } = chain.unsent();
    if (links.length === 0 && !isFirst) return;
    isFirst = false;
    const { fault } = checkLinks(sha256, chain.id, after, links);
    if (fault) {
      log.error('the chain of reads was changed on this device', { ...fault });
      endChain('broken', after.seq + 1);
      continue;
    }
    const { head, signed } = chain;
    const payload: EntriesPayload = {
      chain: chain.id,
      head,
      signed,
      entries: links.map(({ seq, hash, body }) => [seq, hash, body]),
    };
    const text = JSON.stringify(payload);
    const reply = await send({ payload: text, signature: chain.sign(text) });
    if (reply.state === 'unknown') chain.setKnown(false);
    else if (reply.state === 'behind') {
      if (!chain.setBack(reply.seq)) endChain('server', after.seq + 1);
    } else if (reply.state === 'refused') endChain(BECAUSE[reply.fault], reply.seq);
    else {
      const { seq, hash, at, signature } = reply;
      chain.taken({ seq, hash }, signature === null ? null : { seq, hash, at, signature });
    }
  }
}

/** The calls that chains make, over what asks the server. */
export function chainServer(asks: {
  /** Null: nobody is signed in. */
  readonly inName: (<T>(path: string, body: unknown, reply: z.ZodType<T>) => Promise<T>) | null;
  readonly inNoName: <T>(path: string, body: unknown, reply: z.ZodType<T>) => Promise<T>;
}): ChainServer {
  const { inName, inNoName } = asks;
  return {
    begin: inName && ((body) => inName(AUDIT_PATHS.begin, body, BeginReply)),
    entries: (body) => inNoName(AUDIT_PATHS.entries, body, EntriesReply),
  };
}
