import { instantOf } from '#shared/kernel/dates.ts';
import type { Slot } from './slots.ts';

/** When something can be booked, as its site says it: on the wall clock of the site. */
export interface SlotPattern {
  readonly room: string;
  /** IANA name. */
  readonly timeZone: string;
  /** ISO days of the week, 1 is Monday. */
  readonly weekdays: readonly number[];
  /** Minutes of the day. */
  readonly startMinute: number;
  readonly durationMin: number;
}

/** A day that is not like the others; minutes null where the whole day or the usual time is meant. */
export interface DayOverride {
  readonly date: string;
  readonly kind: 'blackout' | 'closed' | 'special' | 'open';
  readonly startMinute: number | null;
  readonly endMinute: number | null;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * The slots of a pattern whose local days lie between two dates (`YYYY-MM-DD`, both included), as
 * instants: noon stays noon on the days on which the clocks change.
 */
export function slotsBetween(
  pattern: SlotPattern,
  overrides: readonly DayOverride[],
  first: string,
  last: string,
): Slot[] {
  const slots: Slot[] = [];
  const end = Date.parse(`${last}T00:00:00Z`);
  for (let day = Date.parse(`${first}T00:00:00Z`); day <= end; day += DAY_MS) {
    const date = new Date(day).toISOString().slice(0, 10);
    const special = overrides.find((one) => one.date === date);
    const weekday = new Date(day).getUTCDay() || 7;
    const opens = special?.kind === 'open' || special?.kind === 'special';
    if (!opens && !pattern.weekdays.includes(weekday)) continue;
    const minute = (opens ? special.startMinute : null) ?? pattern.startMinute;
    const startsAt = instantOf(date, minute, pattern.timeZone);
    const slot = {
      room: pattern.room,
      startsAt,
      endsAt: startsAt + pattern.durationMin * MINUTE_MS,
    };
    if (!isClosed(special, slot, pattern.timeZone)) slots.push(slot);
  }
  return slots;
}

/** True when a day is closed at the time of a slot. */
export function isClosed(
  special: DayOverride | undefined,
  slot: Pick<Slot, 'startsAt' | 'endsAt'>,
  timeZone: string,
): boolean {
  if (special?.kind !== 'blackout' && special?.kind !== 'closed') return false;
  const { date, startMinute, endMinute } = special;
  const from = startMinute === null ? -Infinity : instantOf(date, startMinute, timeZone);
  const to = endMinute === null ? Infinity : instantOf(date, endMinute, timeZone);
  return slot.startsAt < to && slot.endsAt > from;
}
