import type { DayOverride } from '#shared/merge/slot-times.ts';
import type { Row } from '#shared/schema/define.ts';
import type { PushStore } from '../ports.ts';
import { OFFER_DAYS, createSlotBook } from './slot-book.ts';
import type { Bookable, SlotBook } from './slot-book.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** The books of the sites that some visits are for. */
export interface SlotBooks {
  of(visit: Row): SlotBook;
  needsApproval(visit: Row): boolean;
}

/**
 * Reads what deciding about the slots of these visits needs: all that is held at their sites around
 * the wanted times and around now, and what can be booked there.
 */
export async function openBooks(
  { store, now }: { readonly store: PushStore; readonly now: number },
  visits: readonly Row[],
): Promise<SlotBooks> {
  const sites = distinct(visits, 'location_id');
  const wanted = visits.map((visit) => Number(visit['starts_at']));
  const around = (OFFER_DAYS + 2) * DAY_MS;
  const [claims, activities, locations] = await Promise.all([
    store.find('slot_claims', {
      fields: { location_id: sites, state: ['hold', 'confirmed'] },
      between: {
        field: 'starts_at',
        from: Math.min(now, ...wanted) - around,
        to: Math.max(now, ...wanted) + around,
      },
    }),
    store.find('scheduling_activities', { fields: { location_id: sites } }),
    store.rows('locations', sites),
  ]);
  const [overrides, holders] = await Promise.all([
    store.find('availability_overrides', { fields: { activity_id: activities.map(idOf) } }),
    store.rows('pharma_appointments', distinct(claims, 'appointment_id')),
  ]);
  const bookables = new Map(
    activities.map((activity) => [
      activity.id,
      bookableOf(
        activity,
        String(locations.get(String(activity['location_id']))?.['time_zone']),
        overrides.filter((one) => one['activity_id'] === activity.id),
      ),
    ]),
  );
  const books = new Map(
    sites.map((site) => [
      site,
      createSlotBook(
        bookables,
        claims
          .filter((claim) => claim['location_id'] === site)
          .map((claim) => {
            const startsAt = Number(claim['starts_at']);
            const visit = holders.get(String(claim['appointment_id']));
            const length = Number(visit?.['ends_at']) - Number(visit?.['starts_at']);
            return {
              appointmentId: String(claim['appointment_id']),
              activityId: String(claim['activity_id']),
              startsAt,
              endsAt: startsAt + (length > 0 ? length : MINUTE_MS),
              seat: Number(claim['seat_no']),
            };
          }),
      ),
    ]),
  );
  const needing = new Set(
    activities.filter((activity) => activity['requires_approval'] === true).map(idOf),
  );
  return {
    of: (visit) => books.get(String(visit['location_id'])) ?? createSlotBook(bookables, []),
    needsApproval: (visit) => needing.has(String(visit['activity_id'])),
  };
}

function bookableOf(activity: Row, timeZone: string, overrides: readonly Row[]): Bookable {
  return {
    id: activity.id,
    pattern: {
      // Rooms are names within a site; what has none is a place of its own.
      room: `${String(activity['location_id'])}/${roomOf(activity)}`,
      timeZone,
      weekdays: activity['weekdays'] as number[],
      startMinute: Number(activity['start_minute']),
      durationMin: Number(activity['duration_min']),
    },
    overrides: overrides.map((one) => ({
      date: String(one['local_date']),
      kind: one['kind'] as DayOverride['kind'],
      startMinute: one['start_minute'] as number | null,
      endMinute: one['end_minute'] as number | null,
    })),
    seats: Number(activity['seats']),
    bufferMs: Number(activity['buffer_min']) * MINUTE_MS,
    open: activity['status'] === 'active',
    windowMs: Number(activity['window_weeks']) * 7 * DAY_MS,
    noticeMs: Number(activity['min_notice_h']) * HOUR_MS,
  };
}

const roomOf = ({ id, room }: Row): string => (typeof room === 'string' ? room : id);
const idOf = ({ id }: Row): string => id;
const distinct = (rows: readonly Row[], field: string): string[] => [
  ...new Set(rows.map((row) => String(row[field]))),
];
