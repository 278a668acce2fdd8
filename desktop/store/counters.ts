import type { Clock } from '#shared/kernel/clock.ts';
import { MAX_CLOCK_AHEAD_MS, createHlc, formatHlc, isHlc, parseHlc } from '#shared/kernel/hlc.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';

type Kv = EncryptedDatabase['kv'];

/** Numbers of facts are reserved in blocks, so that not every fact costs a write of the counter. */
const SEQ_BLOCK = 100;
/** How far ahead of the clock its high-water mark is written, in milliseconds. */
const HLC_AHEAD_MS = 1_000;

/**
 * Numbers the facts that this device makes, over all its profiles. A crash leaves a gap, never a
 * number used twice.
 */
export function createOriginSeq(kv: Kv): () => number {
  let next = Number(kv.get('origin.seq') ?? '0');
  let reserved = next;
  return () => {
    if (next >= reserved) {
      reserved = next + SEQ_BLOCK;
      kv.set('origin.seq', String(reserved));
    }
    next += 1;
    return next;
  };
}

export interface StoredClock extends HybridClock {
  /**
   * Comes back from a future that a wrong machine clock has led into. Only when nothing that this
   * device wrote there waits any more, or later writes would seem earlier than those.
   * @param serverNow milliseconds since the Unix epoch, as the server says
   */
  settle(serverNow: number): void;
}

/**
 * The device's hybrid clock, which never goes back: a mark a little ahead of it is kept on disk, and
 * after a restart the clock goes on from there even when the machine's clock was set back.
 */
export function createStoredHlc(kv: Kv, clock: Clock, node: string): StoredClock {
  const stored = kv.get('hlc.mark');
  let hlc = createHlc({
    clock,
    node,
    ...(stored && isHlc(stored) && parseHlc(stored).ms > clock.now() ? { last: stored } : {}),
  });
  let mark = stored && isHlc(stored) ? parseHlc(stored).ms : 0;
  const keep = (stamp: string): string => {
    const { ms } = parseHlc(stamp);
    if (ms >= mark) {
      // Not behind the clock: the stamps of a first sync rise through years, and each would move it.
      mark = Math.max(ms, clock.now()) + HLC_AHEAD_MS;
      kv.set('hlc.mark', formatHlc({ ms: mark, counter: 0, node }));
    }
    return stamp;
  };
  return {
    next: () => keep(hlc.next()),
    observe(stamp) {
      hlc.observe(stamp);
      keep(hlc.last());
    },
    follow(stamp) {
      hlc.follow(stamp);
      keep(hlc.last());
    },
    last: () => hlc.last(),
    settle(serverNow) {
      const limit = serverNow + MAX_CLOCK_AHEAD_MS;
      if (mark <= limit || clock.now() > limit) return;
      hlc = createHlc({ clock, node });
      mark = 0;
      keep(hlc.next());
    },
  };
}
