import { expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { ReadEntry } from '#shared/protocol/audit.ts';
import type { Shown } from '../views/definition.ts';
import type { NewEntry } from './read-chain.ts';
import { ONE_READ_MS, createReadTrail } from './read-trail.ts';

const ANA = newId();
const BEN = newId();

function world(options: { failing?: boolean } = {}) {
  let now = 1_800_000_000_000;
  const noted: (NewEntry & { at: number })[] = [];
  const state = { failing: options.failing ?? false };
  const open = () =>
    createReadTrail({
      chain: () => ({
        append(...entries) {
          if (state.failing) throw new Error('no room');
          for (const entry of entries) {
            // Every entry is one that the wire takes.
            ReadEntry.parse({ ...entry, id: newId(), at: now });
            noted.push({ ...entry, at: now });
          }
        },
        since: (at) =>
          noted
            .filter((entry) => entry.at >= at)
            .map((entry): ReadEntry => ({ ...entry, id: newId() })),
      }),
      now: () => now,
      log: silentLogger,
    });
  return { open, noted, state, pass: (ms: number) => (now += ms) };
}

const record = (id: string): Shown => ({
  kind: 'record',
  table: 'patients',
  records: [{ id, patient: id }],
});
const visits = (...ids: readonly string[]): Shown => ({
  kind: 'list',
  table: 'appointments',
  records: ids.map((id) => ({ id, patient: PATIENT })),
});
const PATIENT = newId();

test('a page that is drawn and asked again is one read, of each person and record', () => {
  const { open, noted } = world();
  const seat = open().seat(1);
  const id = newId();
  seat.asked(ANA, 'table:patients', record(id));
  const watch = {};
  seat.watched(watch, ANA, 'patients.timeline', [record(id)]);
  seat.watched(watch, ANA, 'patients.timeline', [record(id)]);
  seat.unwatched(watch);
  seat.watched({}, ANA, 'patients.timeline', [record(id)]);
  expect(noted).toHaveLength(1);
  expect(noted[0]).toMatchObject({
    actor: ANA,
    action: 'read',
    table: 'patients',
    rows: [id],
    patients: [id],
    screen: 'table:patients',
    window: 1,
  });
  seat.watched({}, BEN, 'patients.timeline', [record(id)]);
  seat.watched({}, ANA, 'patients.timeline', [record(newId())]);
  expect(noted).toHaveLength(3);
});

test('it is the same read while it is shown and for ten minutes after, another one later', () => {
  const { open, noted, pass } = world();
  const seat = open().seat(1);
  const id = newId();
  const watch = {};
  seat.watched(watch, ANA, 'patients.timeline', [record(id)]);
  pass(5 * ONE_READ_MS);
  seat.watched(watch, ANA, 'patients.timeline', [record(id)]);
  seat.asked(ANA, 'table:patients', record(id));
  expect(noted).toHaveLength(1);
  seat.unwatched(watch);
  pass(ONE_READ_MS - 1);
  seat.watched({}, ANA, 'patients.timeline', [record(id)]);
  expect(noted).toHaveLength(1);
  const other = open().seat(2);
  pass(3 * ONE_READ_MS);
  other.watched({}, ANA, 'patients.timeline', [record(id)]);
  expect(noted).toHaveLength(2);
});

test('a store that was killed goes on with the same read', () => {
  const { open, noted, pass } = world();
  const id = newId();
  open()
    .seat(1)
    .watched({}, ANA, 'patients.timeline', [record(id)]);
  pass(60_000);
  open()
    .seat(1)
    .watched({}, ANA, 'patients.timeline', [record(id)]);
  expect(noted).toHaveLength(1);
  pass(ONE_READ_MS + 1);
  open()
    .seat(1)
    .watched({}, ANA, 'patients.timeline', [record(id)]);
  expect(noted).toHaveLength(2);
});

test('a list is one entry, and later only what has come to it', () => {
  const { open, noted } = world();
  const seat = open().seat(1);
  const [a, b, c] = [newId(), newId(), newId()];
  const watch = {};
  seat.watched(watch, ANA, 'patients.day', [visits(a, b)]);
  seat.watched(watch, ANA, 'patients.day', [visits(a, b)]);
  seat.watched(watch, ANA, 'patients.day', [visits(a, c)]);
  expect(noted.map(({ action, rows, patients }) => [action, rows, patients])).toEqual([
    ['list', [a, b], [PATIENT]],
    ['list', [c], [PATIENT]],
  ]);
  // To open one of them is a read of its own.
  seat.asked(ANA, 'table:appointments', { ...visits(a), kind: 'record' });
  expect(noted.at(-1)).toMatchObject({ action: 'read', rows: [a] });
});

test('a long list is as many entries as it needs', () => {
  const { open, noted } = world();
  const ids = Array.from({ length: 450 }, () => newId());
  open()
    .seat(1)
    .watched({}, ANA, 'patients.day', [visits(...ids)]);
  expect(noted.map(({ rows }) => rows?.length)).toEqual([200, 200, 50]);
  expect(noted.flatMap(({ rows }) => rows)).toEqual(ids);
});

test('who was found by a search was looked for; names alone are no read', () => {
  const { open, noted } = world();
  const trail = open();
  const seat = trail.seat(1);
  const [found, other] = [newId(), newId()];
  const names = (id: string): Shown => ({ ...record(id), kind: 'names', isFound: true });
  seat.watched({}, ANA, 'patients.search', [names(found)]);
  expect(noted).toEqual([]);
  seat.watched({}, ANA, 'patients.timeline', [record(found)]);
  seat.watched({}, ANA, 'patients.timeline', [record(other)]);
  // Another window has not searched.
  trail.seat(2).watched({}, BEN, 'patients.timeline', [record(found)]);
  expect(noted.map(({ how }) => how)).toEqual(['search', undefined, undefined]);
});

test('of what leaves, that counts which the window got, whatever it says', () => {
  const { open, noted } = world();
  const seat = open().seat(3);
  const [a, b, person, foreign] = [newId(), newId(), newId(), newId()];
  const watch = {};
  seat.watched(watch, ANA, 'patients.day', [visits(a, b)]);
  seat.watched({}, ANA, 'patients.search', [{ ...record(person), kind: 'names' }]);
  const before = noted.length;
  seat.leave(ANA, 'export', [b, foreign, 'not an id']);
  seat.leave(ANA, 'print', [person]);
  seat.leave(ANA, 'export', [foreign]);
  expect(noted.slice(before)).toMatchObject([
    { action: 'export', table: 'appointments', rows: [b], patients: [PATIENT], window: 3 },
    { action: 'print', table: 'patients', rows: [person], screen: 'patients.search' },
  ]);
  // Every time is a time of its own: the paper of before is not the paper of now.
  seat.leave(ANA, 'export', [b]);
  expect(noted.slice(before)).toHaveLength(3);
  seat.unwatched(watch);
  seat.leave(ANA, 'export', [b]);
  expect(noted.slice(before)).toHaveLength(3);
});

test('a screen is never held up by it; what leaves is', () => {
  const { open, state } = world();
  const seat = open().seat(1);
  const id = newId();
  seat.asked(ANA, 'table:patients', record(id));
  state.failing = true;
  expect(() => seat.watched({}, ANA, 'patients.timeline', [record(newId())])).not.toThrow();
  expect(() => seat.leave(ANA, 'export', [id])).toThrow('no room');
});
