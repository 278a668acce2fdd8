import { clinicDate, isIsoDate } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import type { Role } from '#shared/schema/roles.ts';
import { PEOPLE, SITES } from '../../supabase/demo/people.ts';
import type { SiteCode } from '../../supabase/demo/people.ts';
import { TIME_ZONE } from '../../supabase/demo/stock.ts';
import { Book } from './book.ts';
import { addDays, at, daysBetween, isHoliday, monthsBefore } from './calendar.ts';
import type { Day } from './calendar.ts';
import { familyName, givenName, impossibleNpi } from './invented.ts';
import { Rng } from './rng.ts';

export interface DemoOptions {
  readonly patients: number;
  readonly months: number;
  readonly seed: number;
  /** The last day of the past, at the sites. */
  readonly today: IsoDate;
  /**
   * Nothing has happened after this instant (milliseconds since the Unix epoch). Left out, it is the
   * midnight that begins `today`: today's visits are all still expected.
   */
  readonly now?: number;
}

export interface Staff {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Null: all sites. */
  readonly sites: readonly SiteCode[] | null;
  readonly npi: string | null;
  /** In the order of hiring; people of the seed come first and are there already. */
  readonly number: number;
  readonly isSeeded: boolean;
}

export const SITE_CODES = Object.keys(SITES) as readonly SiteCode[];
export const siteId = (code: SiteCode): string => SITES[code].id;

/** Days ahead for which visits are booked. */
const BOOKED_AHEAD = 28;

/** What all parts of the demo data share. */
export interface World {
  readonly options: DemoOptions;
  readonly book: Book;
  /** From the beginning of the data to the last booked day. */
  readonly days: readonly Day[];
  readonly from: IsoDate;
  /** Days before `today`. */
  readonly pastDays: number;
  readonly now: number;
  /** When the data begins: the midnight of its first day. */
  readonly began: number;
  readonly staff: readonly Staff[];
  readonly rng: (label: string, index?: number) => Rng;
  /** True the first time it is asked for a label: what is rare happens once in a small set too. */
  readonly once: (label: string) => boolean;
}

/** @throws RangeError for options out of range */
export function makeWorld(options: DemoOptions): World {
  const { patients, months, seed, today } = options;
  if (!Number.isInteger(patients) || patients < 50 || patients > 1_000_000) {
    throw new RangeError('patients: a whole number from 50 to 1000000');
  }
  if (!Number.isInteger(months) || months < 1 || months > 60) {
    throw new RangeError('months: a whole number from 1 to 60');
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 2_147_483_647) {
    throw new RangeError('seed: a whole number from 0 to 2147483647');
  }
  if (!isIsoDate(today)) throw new RangeError('today: a date as 2026-11-20');
  const from = monthsBefore(today, months);
  const days = daysBetween(from, addDays(today, BOOKED_AHEAD));
  const first = days[0];
  const present = days.find(({ date }) => date === today);
  if (!first || !present) throw new RangeError('no days');
  const rng = (label: string, index = 0): Rng => new Rng(seed, label, index);
  const happened = new Set<string>();
  return {
    options,
    book: new Book(seed),
    days,
    from,
    pastDays: Math.max(1, present.index),
    now: options.now ?? present.midnight,
    began: first.midnight,
    staff: hire(rng('staff')),
    rng,
    once: (label) => !happened.has(label) && Boolean(happened.add(label)),
  };
}

/** The sites' day of an instant. */
export const localDate = (instant: number): IsoDate => clinicDate(instant, TIME_ZONE);

/** True when a site sees patients on a day. */
export function isOpen(site: SiteCode, day: Day): boolean {
  if (isHoliday(day) || day.weekday === 7) return false;
  return day.weekday < 6 || site === 'PY';
}

/** People with a role who work at a site. */
export function staffAt({ staff }: World, role: Role, site: SiteCode): Staff[] {
  return staff.filter((one) => one.role === role && (one.sites?.includes(site) ?? true));
}

/** Somebody with a role at a site; who is on duty changes with the day. */
export function onDuty(world: World, role: Role, site: SiteCode, turn: number): Staff {
  const people = staffAt(world, role, site);
  const found = people[turn % people.length];
  if (!found) throw new RangeError(`nobody is ${role} at ${site}`);
  return found;
}

/** The one of the seed. */
export const person = (key: keyof typeof PEOPLE): string => PEOPLE[key].id;

const machines = (kind: string): Readonly<Record<SiteCode, string>> => ({
  AA: derivedId('demo', kind, 'AA'),
  WX: derivedId('demo', kind, 'WX'),
  PY: derivedId('demo', kind, 'PY'),
});
const DESKS = machines('desk');
const CLINICS = machines('clinic');
const TABLETS = machines('tablet');
const KIOSKS = machines('kiosk');

/** Machines of a site: the desk's, the clinic's and the one behind the kiosk. */
export const deskOf = (site: SiteCode): string => DESKS[site];
export const clinicOf = (site: SiteCode): string => CLINICS[site];
export const tabletOf = (site: SiteCode): string => TABLETS[site];
export const kioskOf = (site: SiteCode): string => KIOSKS[site];

/** The instant of a time of day, not later than now. */
export const until = (world: World, day: Day, minute: number): number =>
  Math.min(at(day, minute), world.now);

const HIRED: readonly (readonly [role: Role, sites: readonly SiteCode[] | null, count: number])[] =
  [
    ['PR', ['AA'], 3],
    ['PR', ['WX'], 2],
    ['PR', ['PY'], 2],
    ['PR', ['WX', 'PY'], 1],
    ['FD', ['AA'], 2],
    ['FD', ['WX'], 2],
    ['FD', ['PY'], 2],
    ['CS', ['AA'], 3],
    ['CS', ['WX'], 3],
    ['CS', ['PY'], 2],
    ['AS', ['AA', 'WX', 'PY'], 2],
    ['LM', ['WX'], 1],
    ['SAFETY', ['AA', 'WX', 'PY'], 1],
    ['CO', null, 1],
    ['TL', ['AA'], 1],
  ];

function hire(rng: Rng): Staff[] {
  const seeded = Object.values(PEOPLE).map((one, index): Staff => {
    const { id, name, role, sites } = one;
    const npi = role === 'PR' ? impossibleNpi(rng) : null;
    return { id, name, role, sites, npi, number: index + 1, isSeeded: true };
  });
  const hired: Staff[] = [];
  for (const [role, sites, count] of HIRED) {
    for (let nth = 0; nth < count; nth += 1) {
      const name = `${givenName(rng, rng.chance(0.7) ? 'female' : 'male')} ${familyName(rng)}`;
      const number = seeded.length + hired.length + 1;
      hired.push({
        id: derivedId('demo', 'staff', String(number)),
        name: role === 'PR' ? `Dr. ${name}` : name,
        role,
        sites,
        npi: role === 'PR' ? impossibleNpi(rng) : null,
        number,
        isSeeded: false,
      });
    }
  }
  return [...seeded, ...hired];
}
