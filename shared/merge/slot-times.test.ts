import { describe, expect, test } from 'vitest';
import { instantOf } from '#shared/kernel/dates.ts';
import { slotsBetween } from './slot-times.ts';

const ZONE = 'America/New_York';
const LUNCH = {
  room: 'break-room',
  timeZone: ZONE,
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  startMinute: 720,
  durationMin: 45,
};
const iso = (instant: number): string => new Date(instant).toISOString();

describe('slots on the wall clock of a site', () => {
  test('noon stays noon when the clocks go forward and back', () => {
    const spring = slotsBetween(LUNCH, [], '2027-03-13', '2027-03-15').map((s) => iso(s.startsAt));
    expect(spring).toEqual([
      '2027-03-13T17:00:00.000Z',
      '2027-03-14T16:00:00.000Z',
      '2027-03-15T16:00:00.000Z',
    ]);
    const autumn = slotsBetween(LUNCH, [], '2027-11-06', '2027-11-08').map((s) => iso(s.startsAt));
    expect(autumn).toEqual([
      '2027-11-06T16:00:00.000Z',
      '2027-11-07T17:00:00.000Z',
      '2027-11-08T17:00:00.000Z',
    ]);
  });

  test('a time that comes twice is the first; one that does not come is moved by the hour', () => {
    expect(iso(instantOf('2027-11-07', 90, ZONE))).toBe('2027-11-07T05:30:00.000Z');
    expect(iso(instantOf('2027-03-14', 150, ZONE))).toBe('2027-03-14T07:30:00.000Z');
    expect(iso(instantOf('2027-07-01', 0, 'UTC'))).toBe('2027-07-01T00:00:00.000Z');
    expect(iso(instantOf('2027-07-01', 0, 'Pacific/Auckland'))).toBe('2027-06-30T12:00:00.000Z');
  });

  test('follow the days of the week and the days that are unlike the others', () => {
    const weekdays = { ...LUNCH, weekdays: [1, 3] };
    const day = { startMinute: null, endMinute: null };
    const dates = (overrides: Parameters<typeof slotsBetween>[1]): string[] =>
      slotsBetween(weekdays, overrides, '2026-12-07', '2026-12-13').map((s) => iso(s.startsAt));
    expect(dates([])).toEqual(['2026-12-07T17:00:00.000Z', '2026-12-09T17:00:00.000Z']);
    expect(dates([{ ...day, date: '2026-12-07', kind: 'blackout' }])).toEqual([
      '2026-12-09T17:00:00.000Z',
    ]);
    // Closed in the afternoon only, after the slot has ended.
    expect(
      dates([{ date: '2026-12-07', kind: 'closed', startMinute: 765, endMinute: null }]),
    ).toHaveLength(2);
    expect(
      dates([{ date: '2026-12-08', kind: 'open', startMinute: 780, endMinute: null }]),
    ).toEqual(['2026-12-07T17:00:00.000Z', '2026-12-08T18:00:00.000Z', '2026-12-09T17:00:00.000Z']);
  });
});
