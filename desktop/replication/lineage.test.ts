import { describe, expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { LIMITS, Lineage } from '#shared/protocol/messages.ts';
import type { KeyValueStore } from '#desktop/storage/open-database.ts';
import { openLineage } from './lineage.ts';

/** What a disk keeps; a copy of it goes on by itself. */
function disk(kept: Iterable<readonly [string, string]> = []) {
  const entries = new Map(kept);
  const kv = {
    get: (key: string) => entries.get(key),
    set: (key: string, value: string) => void entries.set(key, value),
  } as KeyValueStore;
  const open = () => openLineage({ kv, random: Math.random, log: silentLogger });
  return { entries, kv, open };
}
/** True when `earlier` stands in what `later` says came before it, or is it. */
const follows = (later: Lineage, [head]: Lineage): boolean =>
  later.some(([run, count]) => run === head?.[0] && count >= head[1]);

describe('the lineage of pushes', () => {
  test('counts under one name, and knows the earlier names after a restart', () => {
    const { open } = disk();
    const first = open();
    const one = first.next();
    const two = first.next();
    expect(two).toEqual([[one[0]?.[0], 2]]);
    const three = open().next();
    expect(three.slice(1)).toEqual(two);
    expect(three[0]?.[1]).toBe(1);
    expect(follows(three, one)).toBe(true);
  });

  test('takes a name only when something is pushed under it', () => {
    const { open } = disk();
    open().next();
    for (let restarts = 0; restarts < 5; restarts += 1) open();
    expect(open().next()).toHaveLength(2);
  });

  test('of a copy does not follow what the original pushed after it, nor the other way round', () => {
    const original = disk();
    const running = original.open();
    const before = running.next();
    const copy = disk(original.entries).open();
    const here = running.next();
    const there = copy.next();
    expect(follows(here, there) || follows(there, here)).toBe(false);
    expect(follows(here, before) && follows(there, before)).toBe(true);
  });

  test('stays within the limits of the wire however often the app is opened', () => {
    const { open } = disk();
    let last: Lineage = [];
    for (let n = 0; n < 100; n += 1) last = open().next();
    expect(last).toHaveLength(LIMITS.lineage);
    expect(Lineage.safeParse(last).success).toBe(true);
  });

  test('goes on when the disk is full', () => {
    const { open, kv } = disk();
    kv.set = () => {
      throw new Error('full');
    };
    expect(open().next()).toHaveLength(1);
  });
});
