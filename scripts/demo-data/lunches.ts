import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import type { MealLine } from '#shared/schema/tables/meal-records.ts';
import type { SiteCode } from '../../supabase/demo/people.ts';
import type { Step } from './book.ts';
import { DAY_MS, addDays, at, isHoliday } from './calendar.ts';
import type { Day } from './calendar.ts';
import { LUNCH_DAYS, lunchId } from './reps.ts';
import type { DemoRep } from './reps.ts';
import type { Rng } from './rng.ts';
import { idOfItem, stockLine, writeStockAct } from './shelves.ts';
import type { Supply } from './supply.ts';
import { sha256 } from './templates.ts';
import { SITE_CODES, deskOf, onDuty, person, siteId } from './world.ts';
import type { Staff, World } from './world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SAMPLE = 'SMP-BPO';

interface Lunch {
  readonly id: string;
  readonly site: SiteCode;
  readonly day: Day;
  readonly rep: DemoRep;
  readonly startsAt: number;
  readonly rng: Rng;
}

/** Lunches of representatives: asked for, approved, held, eaten, shared out. */
export class Lunches {
  readonly #world: World;
  readonly #supply: Supply;
  readonly #reps: readonly DemoRep[];
  readonly #lastOf = new Map<string, number>();
  #samples = 0;

  constructor(world: World, supply: Supply, reps: readonly DemoRep[]) {
    this.#world = world;
    this.#supply = supply;
    this.#reps = reps.filter(({ isActive }) => isActive);
  }

  day(day: Day): void {
    for (const site of SITE_CODES) {
      if (!LUNCH_DAYS[site].includes(day.weekday) || isHoliday(day)) continue;
      const rng = this.#world.rng(`lunch ${site}`, day.index);
      if (!rng.chance(0.62)) continue;
      // One company, one lunch in four weeks at a site.
      const free = this.#reps.filter(
        ({ company }) => day.index - (this.#lastOf.get(`${site} ${company}`) ?? -99) >= 28,
      );
      if (free.length === 0) continue;
      const rep = rng.pick(free);
      this.#lastOf.set(`${site} ${rep.company}`, day.index);
      this.#lunch(site, day, rep, rng);
    }
    if (day.weekday === 1) this.#wait(day);
  }

  #lunch(site: SiteCode, day: Day, rep: DemoRep, rng: Rng): void {
    const { book, now } = this.#world;
    const startsAt = at(day, 12 * 60);
    const askedAt = startsAt - rng.int(8, 50) * DAY_MS - rng.int(0, 120) * MINUTE_MS;
    if (askedAt > now) return;
    const id = book.newId(askedAt);
    const lunch: Lunch = { id, site, day, rep, startsAt, rng };
    const { steps, claim, reached } = this.#story(lunch, askedAt);
    const manager = person('manager');
    const location_id = siteId(site);
    book.addMoved(
      'pharma_appointments',
      { at: askedAt, by: onDuty(this.#world, 'FD', site, day.index).id, device: deskOf(site) },
      {
        location_id,
        activity_id: lunchId(this.#world, site),
        rep_id: rep.id,
        starts_at: startsAt,
        ends_at: startsAt + 45 * MINUTE_MS,
        seat_no: 1,
        topic: `News about ${rep.products[0] ?? 'our products'}`,
        products: [...rep.products],
        expected_heads: rng.int(6, 14),
        catering: { vendor: rng.pick(['Larkmoor Deli', 'Alder Kitchen']), at: '11:45' },
        booking_source: rng.pick(['desk', 'phone', 'email']),
        confirmation_no: steps.some(([state]) => state === 'confirmed')
          ? `L${day.date.replaceAll('-', '').slice(2)}${site}`
          : null,
      },
      'requested',
      steps,
      id,
    );
    this.#speak(lunch, askedAt, 'in', 'May we bring lunch that day?');
    if (claim !== null) {
      book.add(
        'slot_claims',
        { at: askedAt + HOUR_MS, by: null },
        {
          location_id,
          activity_id: lunchId(this.#world, site),
          starts_at: startsAt,
          seat_no: 1,
          appointment_id: id,
          state: claim,
          hold_expires_at: claim === 'hold' ? askedAt + 7 * DAY_MS : null,
        },
      );
    }
    const decided = steps.find(([state]) => state === 'confirmed' || state === 'declined');
    if (decided) {
      book.add(
        'appointment_approvals',
        { at: decided[1], by: manager },
        {
          location_id,
          appointment_id: id,
          stage: 1,
          approver_id: manager,
          decision: decided[0] === 'confirmed' ? 'approved' : 'denied',
          reason: decided[0] === 'declined' ? 'Too many lunches that week' : null,
          basis_version: sha256(id),
        },
      );
    }
    if (steps.some(([state]) => state === 'confirmed')) {
      this.#speak(
        lunch,
        (decided?.[1] ?? askedAt) + HOUR_MS,
        'out',
        'You are welcome. Please bring a list of ingredients.',
      );
      const guests = this.#invite(lunch, decided?.[1] ?? askedAt);
      if (reached === 'completed') this.#eat(lunch, guests);
    }
  }

  #story(
    { startsAt, rng }: Lunch,
    askedAt: number,
  ): { steps: Step[]; claim: 'hold' | 'confirmed' | 'released' | null; reached: string } {
    const { now } = this.#world;
    const manager = person('manager');
    const decidedAt = askedAt + rng.int(3, 90) * HOUR_MS;
    const fate = rng.float();
    const all: Step[] = [['held', askedAt + HOUR_MS, null]];
    if (fate < 0.06) all.push(['declined', decidedAt, manager]);
    else {
      all.push(['confirmed', decidedAt, null]);
      if (fate < 0.1) all.push(['cancelled_by_rep', startsAt - 50 * HOUR_MS, manager]);
      else if (fate < 0.12) all.push(['cancelled_by_clinic', startsAt - 70 * HOUR_MS, manager]);
      else if (fate < 0.15) all.push(['no_show', startsAt + 30 * MINUTE_MS, manager]);
      else {
        all.push(['arrived', startsAt - 10 * MINUTE_MS, manager]);
        all.push(['completed', startsAt + 50 * MINUTE_MS, manager]);
      }
    }
    const steps = all.filter(([, time]) => time <= now);
    const reached = steps.at(-1)?.[0] ?? 'requested';
    const claim =
      reached === 'requested'
        ? null
        : reached === 'held'
          ? 'hold'
          : reached === 'declined' || reached.startsWith('cancelled')
            ? 'released'
            : 'confirmed';
    return { steps, claim, reached };
  }

  /** Staff of the site who say that they come. */
  #invite({ id, site, rng }: Lunch, invitedAt: number): Staff[] {
    const here = this.#world.staff.filter(
      ({ sites, role }) => sites?.includes(site) === true && role !== 'IT',
    );
    const coming: Staff[] = [];
    for (const one of here) {
      const accepts = rng.chance(0.62);
      if (accepts) coming.push(one);
      this.#world.book.add(
        'appointment_participants',
        { at: invitedAt, by: person('manager') },
        {
          location_id: siteId(site),
          appointment_id: id,
          user_id: one.id,
          person_key: one.id,
          response: accepts ? 'accepted' : rng.chance(0.5) ? 'declined' : 'invited',
          dietary_note: one.number % 9 === 0 ? 'Vegetarian' : null,
        },
      );
    }
    return coming;
  }

  #eat(lunch: Lunch, guests: readonly Staff[]): void {
    const { id, site, rep, rng, startsAt, day } = lunch;
    const { book } = this.#world;
    const location_id = siteId(site);
    const sign = (
      event: 'signed_in' | 'signed_out' | 'ate',
      time: number,
      name: string,
      one: Staff | null,
    ): void => {
      book.add(
        'visitor_sign_ins',
        { at: time, by: one?.id ?? null, device: one ? deskOf(site) : null },
        {
          location_id,
          appointment_id: id,
          user_id: one?.id ?? null,
          name,
          event,
          covered_recipient: one?.role === 'PR',
          occurred_at: time,
        },
      );
    };
    sign('signed_in', startsAt - 10 * MINUTE_MS, rep.name, null);
    for (const [nth, one] of guests.entries())
      sign('ate', startsAt + (10 + nth) * MINUTE_MS, one.name, one);
    sign('signed_out', startsAt + 50 * MINUTE_MS, rep.name, null);
    const lines: MealLine[] = [
      ...guests.map((one) => ({
        name: one.name,
        user_id: one.id,
        covered_recipient_type: one.role === 'PR' ? ('md_do' as const) : ('none' as const),
        npi: one.npi,
      })),
      { name: rep.name, user_id: null, covered_recipient_type: 'none', npi: null },
    ];
    book.addAct(
      'meal_records',
      {
        at: startsAt + HOUR_MS,
        by: onDuty(this.#world, 'FD', site, day.index).id,
        device: deskOf(site),
      },
      {
        location_id,
        appointment_id: id,
        kind: 'food',
        product: rep.products[0] ?? null,
        total_cents: rng.int(1050, 1900) * lines.length + rng.int(0, 99),
        local_date: day.date,
        lines,
      },
    );
    if (rng.chance(0.4)) this.#bringSamples(lunch);
  }

  #bringSamples({ id, site, rep, rng, startsAt, day }: Lunch): void {
    const { book } = this.#world;
    this.#samples += 1;
    const nurse = onDuty(this.#world, 'CS', site, day.index).id;
    const time = startsAt + 55 * MINUTE_MS;
    if (time > this.#world.now) return;
    const maker = { at: time, by: nurse, device: deskOf(site) };
    const held = {
      lotNo: `DS${String(this.#samples).padStart(5, '0')}`,
      expiry: addDays(day.date, rng.int(200, 500)),
      count: rng.int(10, 30),
    };
    this.#supply.shelves.put(site, SAMPLE, held.lotNo, held.expiry, held.count);
    const act = writeStockAct(book, maker, site, 'sample_in', [stockLine(SAMPLE, held)], {
      localDate: day.date,
    });
    book.add('sample_deliveries', maker, {
      location_id: siteId(site),
      appointment_id: id,
      rep_id: rep.id,
      item_id: idOfItem(SAMPLE),
      lot_no: held.lotNo,
      expiry_date: held.expiry,
      qty_base: held.count * QUANTITY_SCALE,
      received_by: nurse,
      stock_act_id: act.id,
    });
  }

  #speak({ id, site, rep }: Lunch, time: number, direction: 'in' | 'out', body: string): void {
    if (time > this.#world.now) return;
    this.#world.book.add(
      'rep_communications',
      { at: time, by: person('manager') },
      {
        location_id: siteId(site),
        rep_id: rep.id,
        appointment_id: id,
        channel: direction === 'in' ? 'phone' : 'email',
        direction,
        body,
        occurred_at: time,
      },
    );
  }

  /** Somebody who found no lunch waits for one. */
  #wait(day: Day): void {
    const rng = this.#world.rng('waitlist', day.index);
    const askedAt = at(day, 10 * 60);
    if (askedAt > this.#world.now || !rng.chance(0.3)) return;
    const site = rng.pick(SITE_CODES);
    const offeredAt = askedAt + rng.int(5, 40) * DAY_MS;
    const end = rng.pick(['accepted', 'declined', 'expired']);
    const steps = (
      [
        ['offered', offeredAt, null],
        [end, offeredAt + DAY_MS, end === 'expired' ? null : person('manager')],
      ] satisfies Step[]
    ).filter(([, time]) => time <= this.#world.now);
    this.#world.book.addMoved(
      'waitlist_entries',
      { at: askedAt, by: person('manager') },
      {
        location_id: siteId(site),
        activity_id: lunchId(this.#world, site),
        rep_id: rng.pick(this.#reps).id,
        from_date: day.date,
        to_date: addDays(day.date, 60),
      },
      'waiting',
      steps,
    );
  }
}
