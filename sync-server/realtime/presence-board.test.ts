import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PRESENCE, screenKey } from '#shared/protocol/presence.ts';
import type { Screen } from '#shared/protocol/presence.ts';
import { createPresenceBoard, holderOf } from './presence-board.ts';
import type { PresenceBoard, Shown } from './presence-board.ts';

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const ITEM: Screen = { module: 'inventory', table: 'inventory_items', id: id(1) };
const COUNT: Screen = { module: 'inventory', table: 'count_sessions', id: id(2) };
const HERE = { here: true, ageMs: 0 };

const shown = (n: number, seq: number, ...screens: Screen[]): Shown => ({
  user: id(n),
  device: id(100 + n),
  name: `Person ${n}`,
  seq,
  screens: screens.map((screen) => ({ ...screen, focus: null })),
});
const namesOn = (board: PresenceBoard, screen: Screen, except = ''): string[] =>
  board.people(screenKey(screen), except).people.map(({ name }) => name);

function at(start = 0) {
  const time = { now: start };
  return { time, board: createPresenceBoard(() => time.now) };
}

describe('who is on a screen', () => {
  test('is who said so, without the device that asks', () => {
    const { board } = at();
    expect(board.put(shown(1, 1, ITEM), HERE)).toEqual([screenKey(ITEM)]);
    board.put(shown(2, 1, ITEM, COUNT), HERE);
    expect(namesOn(board, ITEM)).toEqual(['Person 1', 'Person 2']);
    expect(namesOn(board, ITEM, holderOf(shown(1, 1)))).toEqual(['Person 2']);
  });

  test('says of a screen that somebody left that it changed, and nothing of one where they stayed', () => {
    const { board } = at();
    board.put(shown(1, 1, ITEM, COUNT), HERE);
    expect(board.put(shown(1, 2, COUNT), HERE)).toEqual([screenKey(ITEM)]);
    expect(board.put(shown(1, 3, COUNT), HERE)).toEqual([]);
    expect(namesOn(board, ITEM)).toEqual([]);
  });

  test('keeps its order while people say again that they are there', () => {
    const { board } = at();
    for (const n of [1, 2, 3]) board.put(shown(n, 1, ITEM), HERE);
    board.put(shown(1, 2, ITEM), HERE);
    expect(namesOn(board, ITEM)).toEqual(['Person 1', 'Person 2', 'Person 3']);
  });

  test('names no more than the limit and counts the rest', () => {
    const { board } = at();
    for (let n = 1; n <= PRESENCE.people + 5; n += 1) board.put(shown(n, 1, ITEM), HERE);
    const { people, more } = board.people(screenKey(ITEM), '');
    expect([people.length, more]).toEqual([PRESENCE.people, 5]);
  });

  test('is forgotten when it is not said again in time, wherever it was said', () => {
    const { board, time } = at();
    board.put(shown(1, 1, ITEM), HERE);
    board.put(shown(2, 1, ITEM), { here: false, ageMs: 3_000 });
    time.now = PRESENCE.ttlMs - 3_000;
    expect(board.sweep()).toEqual([screenKey(ITEM)]);
    expect(namesOn(board, ITEM)).toEqual(['Person 1']);
    time.now = PRESENCE.ttlMs;
    board.sweep();
    expect([namesOn(board, ITEM), board.size]).toEqual([[], 0]);
  });

  test('outlives a replica by no more than the time since the device spoke', () => {
    const { board, time } = at();
    board.put(shown(1, 1, ITEM), { here: false, ageMs: 0 });
    // The device is dead; its replica repeats for a while what it knows.
    for (let passed = 3_000; passed <= 6_000; passed += 3_000) {
      time.now = passed;
      board.put(shown(1, 1, ITEM), { here: false, ageMs: passed });
    }
    time.now = PRESENCE.ttlMs;
    board.sweep();
    expect(board.size).toBe(0);
  });

  test('a farewell from where a device was before does not take it from where it is now', () => {
    const { board } = at();
    board.put(shown(1, 7, ITEM), { here: false, ageMs: 0 });
    expect(board.remove(holderOf(shown(1, 0)), 6)).toEqual([]);
    expect(board.remove(holderOf(shown(1, 0)), 7)).toEqual([screenKey(ITEM)]);
  });
});

test('replicas that hear the same things in any order agree', () => {
  const said = fc.record({
    n: fc.integer({ min: 1, max: 3 }),
    seq: fc.integer({ min: 0, max: 6 }),
  });
  fc.assert(
    fc.property(fc.array(said, { maxLength: 20 }), fc.infiniteStream(fc.nat()), (list, order) => {
      // What a device shows follows from its number: one device never says two things under one.
      const message = ({ n, seq }: { n: number; seq: number }): Shown =>
        shown(n, seq, ...(seq % 3 === 0 ? [] : seq % 3 === 1 ? [ITEM] : [ITEM, COUNT]));
      const nonEmpty = list.filter(({ seq }) => seq % 3 !== 0);
      const shuffled = nonEmpty.toSorted(() => (order.next().value % 2 === 0 ? 1 : -1));
      const boards = [nonEmpty, shuffled].map((heard) => {
        const { board } = at();
        for (const one of heard) board.put(message(one), { here: false, ageMs: 0 });
        return [namesOn(board, ITEM).toSorted(), namesOn(board, COUNT).toSorted()];
      });
      expect(boards[0]).toEqual(boards[1]);
    }),
  );
});
