import { expect, test } from 'vitest';
import { PRESENCE } from '#shared/protocol/presence.ts';
import type { Screen, ShowScreens, ShownScreen } from '#shared/protocol/presence.ts';
import { createDevicePresence } from './presence.ts';
import type { OthersThere } from './presence.ts';
import { manualTime } from './testing/manual-time.ts';

const screen = (n: number): Screen => ({
  module: 'inventory',
  table: 'inventory_items',
  id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
});
const shown = (n: number, position = 0): ShownScreen => ({
  ...screen(n),
  focus: { field: 'par', row: null, typing: true, position },
});
const ana = { user: screen(90).id, name: 'Ana', device: screen(91).id, focus: null };

function rig() {
  const time = manualTime();
  const said: ShowScreens[] = [];
  let others: readonly OthersThere[] = [];
  let checks = 0;
  const presence = createDevicePresence({
    timers: time,
    now: () => time.now(),
    tell: (message) => said.push(message),
    check: () => (checks += 1),
  });
  presence.others$.subscribe((value) => {
    others = value;
  });
  const heard = (n: number, ...people: (typeof ana)[]) =>
    presence.heard({ type: 'presence', screens: [{ ...screen(n), people, more: 0 }] });
  return { time, said, presence, heard, others: () => others, checks: () => checks };
}

test('nothing is said before there is a connection, then what is shown at that time', async () => {
  const { time, said, presence } = rig();
  presence.show([shown(1)]);
  presence.show([shown(2)]);
  await time.pass(10_000);
  expect(said).toEqual([]);
  presence.up();
  expect(said.map(({ screens }) => screens)).toEqual([[shown(2)]]);
});

test('a change is said at once, of many the last, and all again in every beat', async () => {
  const { time, said, presence } = rig();
  presence.up();
  for (let n = 0; n < 20; n += 1) presence.show([shown(1, n)]);
  await time.pass(100);
  expect(said.map(({ screens }) => screens[0]?.focus?.position)).toEqual([0, 19]);
  await time.pass(PRESENCE.beatMs * 3);
  expect(said).toHaveLength(5);
  const numbers = said.map(({ seq }) => seq);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  presence.show([]);
  await time.pass(60_000);
  // Gone once and for all: nothing is said again.
  expect([said.length, said.at(-1)?.screens]).toEqual([6, []]);
});

test('others are there while the connection is, and on the screens that are shown', async () => {
  const { time, presence, heard, others } = rig();
  presence.up();
  presence.show([shown(1), shown(2)]);
  heard(1, ana);
  heard(2, ana);
  heard(3, ana);
  expect(others().map(({ id }) => id)).toEqual([screen(1).id, screen(2).id]);
  presence.show([shown(2)]);
  expect(others().map(({ id }) => id)).toEqual([screen(2).id]);
  heard(2);
  expect(others()).toEqual([]);
  heard(2, ana);
  presence.down();
  expect(others()).toEqual([]);
  await time.pass(1_000);
  presence.up();
  expect(others()).toEqual([]);
});

test('who comes back to a screen before the server knew that they left still sees others', async () => {
  const { time, said, presence, heard, others } = rig();
  presence.up();
  presence.show([shown(1)]);
  heard(1, ana);
  presence.show([shown(2)]);
  presence.show([shown(1)]);
  expect(others().map(({ id }) => id)).toEqual([screen(1).id]);
  await time.pass(100);
  expect(said.flatMap(({ screens }) => screens.map(({ id }) => id))).not.toContain(screen(2).id);
});

test('while others are shown, each beat asks whether the connection still stands', async () => {
  const { time, presence, heard, checks } = rig();
  presence.up();
  presence.show([shown(1)]);
  await time.pass(PRESENCE.beatMs * 3);
  expect(checks()).toBe(0);
  heard(1, ana);
  await time.pass(PRESENCE.beatMs * 3);
  expect(checks()).toBe(3);
  presence.stop();
  expect(time.next).toBeNull();
});
