import type { SiteCode } from '../../supabase/demo/people.ts';
import type { Step } from './book.ts';
import { DAY_MS, addDays, isHoliday, mondayOf } from './calendar.ts';
import { familyName, givenName, phone } from './invented.ts';
import { setOf } from './templates.ts';
import { SITE_CODES, deskOf, localDate, person, siteId } from './world.ts';
import type { World } from './world.ts';

export interface DemoRep {
  readonly id: string;
  readonly name: string;
  readonly company: string;
  readonly products: readonly string[];
  readonly isActive: boolean;
}

const COMPANIES = [
  ['Northfield Pharma', ['Velotinib', 'Clarizol']],
  ['Dermalis Care', ['Ceralume', 'Sunvara']],
  ['Aurelia Biologics', ['Tarsumab']],
  ['Kestrel Therapeutics', ['Ombricept', 'Lisavir']],
  ['Saltmarsh Labs', ['Acnorel']],
  ['Fernhill Medicines', ['Psorvanta', 'Exilix']],
  ['Brightwater Health', ['Hidrazel']],
  ['Quarry Lane Pharma', ['Rosacalm']],
] as const;
const STATES = ['active', 'active', 'active', 'active', 'verified', 'invited', 'suspended', 'left'];

export const lunchId = ({ book }: World, site: SiteCode): string => book.namedId('lunch', site);

/** Companies, the people who represent them, what they may book and when they may not. */
export function writeReps(world: World): DemoRep[] {
  const { book, began, now, options } = world;
  const rng = world.rng('reps');
  const maker = { at: began - 10 * DAY_MS, by: person('manager') };
  const reps: DemoRep[] = [];
  for (const [name, products] of COMPANIES) {
    const domain = `${name.toLowerCase().replaceAll(/[^a-z]/g, '')}.example`;
    const company = book.add('pharma_companies', maker, {
      name,
      domains: setOf(book.hlc(maker.at), [domain]),
      status: 'active',
    });
    for (let nth = 0; nth < 2; nth += 1) {
      const given = givenName(rng, rng.pick(['female', 'male']));
      const family = familyName(rng);
      const state = reps.length < 8 ? 'active' : (STATES[reps.length % STATES.length] ?? 'active');
      const id = book.newId(maker.at);
      const way: Step[] = [
        ['verified', maker.at + DAY_MS, null],
        ['active', maker.at + 2 * DAY_MS, person('manager')],
      ];
      if (state === 'suspended' || state === 'left') {
        way.push([state, began + (now - began) / 2, person('manager')]);
      }
      const steps = state === 'invited' ? [] : state === 'verified' ? way.slice(0, 1) : way;
      book.addMoved(
        'pharma_representatives',
        maker,
        {
          company_id: company,
          name: `${given} ${family}`,
          email: `${given}.${family}@${domain}`.toLowerCase(),
          phone: phone(rng),
          territory: rng.pick(['Southeast Michigan', 'Washtenaw', 'Oakland']),
          products: setOf(book.hlc(maker.at), products),
          supervisor: null,
          credential_expires_on: addDays(options.today, rng.int(30, 400)),
        },
        'invited',
        steps.map(([to, time, by]) => [to, Math.floor(time), by]),
        id,
      );
      reps.push({
        id,
        name: `${given} ${family}`,
        company: name,
        products,
        isActive: state === 'active',
      });
      if (state === 'invited') continue;
      book.add(
        'rep_policy_acks',
        { at: maker.at + DAY_MS, by: null },
        {
          location_id: siteId('AA'),
          rep_id: id,
          policy_version: '2',
          acknowledged_at: maker.at + DAY_MS,
          expires_on: addDays(localDate(maker.at), 730),
        },
      );
    }
  }
  writeActivities(world);
  return reps;
}

function writeActivities(world: World): void {
  const { book, began, days, now, options } = world;
  const maker = { at: began - 10 * DAY_MS, by: null };
  for (const site of SITE_CODES) {
    const common = {
      location_id: siteId(site),
      buffer_min: 15,
      seats: 1,
      window_weeks: 12,
      min_notice_h: 24,
      cancel_notice_h: 24,
      status: 'active',
    } as const;
    book.add(
      'scheduling_activities',
      maker,
      {
        ...common,
        kind: 'lunch',
        name: 'Lunch',
        weekdays: LUNCH_DAYS[site],
        start_minute: 12 * 60,
        duration_min: 45,
        max_people: 15,
        room: 'Break room',
        requires_approval: true,
        caps: { company_weeks: 4 },
      },
      lunchId(world, site),
    );
    book.add(
      'scheduling_activities',
      maker,
      {
        ...common,
        kind: 'sample_drop',
        name: 'Samples',
        weekdays: [1, 2, 3, 4, 5],
        start_minute: 8 * 60 + 30,
        duration_min: 15,
        max_people: 2,
        room: 'Front desk',
        requires_approval: false,
        caps: {},
      },
      book.namedId('samples', site),
    );
    for (const day of days.filter(
      (one) => isHoliday(one) && LUNCH_DAYS[site].includes(one.weekday),
    )) {
      book.add(
        'availability_overrides',
        { at: began, by: person('manager') },
        {
          location_id: siteId(site),
          activity_id: lunchId(world, site),
          local_date: day.date,
          kind: 'closed',
          reason: 'Holiday',
        },
      );
    }
    book.add(
      'availability_overrides',
      { at: began + DAY_MS, by: person('manager') },
      {
        location_id: siteId(site),
        activity_id: lunchId(world, site),
        local_date: addDays(mondayOf(options.today), 14 + (LUNCH_DAYS[site][0] ?? 1) - 1),
        kind: 'blackout',
        reason: 'Staff meeting',
      },
    );
    book.add(
      'slot_leases',
      { at: now - 3_600_000, by: null },
      {
        location_id: siteId(site),
        activity_id: lunchId(world, site),
        week_start: addDays(mondayOf(options.today), 7),
        device: deskOf(site),
        expires_at: now + 7 * DAY_MS,
      },
    );
  }
  if (options.today >= '2026-01-01') {
    book.add('open_payments_thresholds', maker, {
      program_year: 2026,
      item_cents: 1382,
      year_cents: 13_813,
      source_url: 'https://www.cms.gov/priorities/key-initiatives/open-payments',
    });
  }
}

/** Weekdays of the lunches. */
export const LUNCH_DAYS: Readonly<Record<SiteCode, number[]>> = {
  AA: [2, 4],
  WX: [3, 5],
  PY: [2],
};
