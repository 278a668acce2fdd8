import type { SiteCode } from '../../supabase/demo/people.ts';
import type { Step } from './book.ts';
import { DAY_MS, at } from './calendar.ts';
import type { Day } from './calendar.ts';
import { writeCheckIn } from './check-in.ts';
import { destinationHash, knownBy, patientAt } from './patients.ts';
import type { DemoPatient } from './patients.ts';
import type { Rng } from './rng.ts';
import { NEW_PATIENT, VISIT_TYPES } from './visit.ts';
import type { Visit } from './visit.ts';
import { SITE_CODES, isOpen, siteId, staffAt } from './world.ts';
import type { Staff, World } from './world.ts';

const MINUTE_MS = 60_000;
/** Visits booked on an ordinary day for each patient whom the clinics know. */
const BOOKED_PER_PATIENT = 0.0118;
/** So that a small set still has a living list of the day. */
const LEAST_A_DAY = 12;
const SHARES: Readonly<Record<SiteCode, number>> = { AA: 0.46, WX: 0.33, PY: 0.21 };
const WEEKDAYS = [1.04, 1.1, 1.02, 1.04, 0.8, 0.3, 0];
/** Full in summer (skin checks), thin around the holidays. */
const SEASONS = [0.95, 0.97, 1.02, 1.04, 1.06, 1.08, 1.05, 1.04, 1, 1, 0.95, 0.86];
const PART_NO_SHOW = 0.06;
const PART_CANCELLED = 0.05;

/** Books the visits of all days, and lets those of the past take place. */
export class Schedule {
  readonly #world: World;
  /** How often each patient has come; decides who is new. */
  readonly #visits: Uint16Array;
  /** The next patient who has never come. */
  #fresh: number;

  constructor(world: World) {
    this.#world = world;
    this.#visits = new Uint16Array(world.options.patients);
    this.#fresh = knownBy(world, -1);
  }

  /** Writes a day's visits down. @returns those that took place */
  *day(day: Day): Generator<Visit> {
    const seen = new Set<number>();
    for (const site of SITE_CODES) {
      if (!isOpen(site, day)) continue;
      const rng = this.#world.rng(`visits ${site}`, day.index);
      const providers = this.#providers(site, day);
      const count = this.#howMany(site, day, rng);
      for (let nth = 0; nth < count; nth += 1) {
        const provider = providers[nth % providers.length];
        if (!provider) break;
        const patient = this.#choose(site, day, rng, seen);
        if (!patient) continue;
        const slot = Math.floor(nth / providers.length);
        const rounds = Math.max(1, Math.ceil(count / providers.length));
        // Spread over the day, in steps of five minutes, with time for lunch.
        const spread = 480 + Math.floor((slot / rounds) * 96) * 5;
        const visit = this.#book(day, site, patient, provider, spread < 720 ? spread : spread + 40);
        if (visit) yield visit;
      }
    }
  }

  #howMany(site: SiteCode, day: Day, rng: Rng): number {
    const daily = Math.max(this.#world.options.patients * BOOKED_PER_PATIENT, LEAST_A_DAY);
    const month = Number(day.date.slice(5, 7)) - 1;
    const weekday = day.weekday === 6 ? 0.9 : (WEEKDAYS[day.weekday - 1] ?? 1);
    const mean = daily * SHARES[site] * weekday * (SEASONS[month] ?? 1);
    // Coming weeks are not full yet.
    const ahead = (day.midnight - this.#world.now) / DAY_MS;
    const filled = ahead > 0 ? Math.max(0.25, 1 - ahead / 35) : 1;
    return rng.around(mean * filled, mean * 0.12, 1);
  }

  /** Who sees patients here that day; somebody who works at two sites is at one of them. */
  #providers(site: SiteCode, day: Day): Staff[] {
    const here = staffAt(this.#world, 'PR', site).filter(({ sites, number }) => {
      const at = sites?.[(day.index + number) % sites.length];
      return at === site;
    });
    return here.length > 0 ? here : staffAt(this.#world, 'PR', site);
  }

  /** A patient of the site who is not booked that day: a new one when there is one. */
  #choose(site: SiteCode, day: Day, rng: Rng, seen: Set<number>): DemoPatient | null {
    const known = knownBy(this.#world, Math.min(day.index, this.#world.pastDays));
    if (this.#fresh < known) {
      const patient = patientAt(this.#world, this.#fresh);
      if (patient.sites.includes(site) && !seen.has(this.#fresh)) {
        seen.add(this.#fresh);
        this.#fresh += 1;
        return patient;
      }
      // Somebody of another site waits for that site's turn, but does not hold up the line for ever.
      if (rng.chance(0.02)) this.#fresh += 1;
    }
    for (let attempt = 0; attempt < 40; attempt += 1) {
      const index = Math.floor(rng.float() * Math.min(known, Math.max(1, this.#fresh)));
      if (seen.has(index)) continue;
      const patient = patientAt(this.#world, index);
      if (!patient.sites.includes(site)) continue;
      seen.add(index);
      return patient;
    }
    return null;
  }

  #book(
    day: Day,
    site: SiteCode,
    patient: DemoPatient,
    provider: Staff,
    minute: number,
  ): Visit | null {
    const world = this.#world;
    const visits = this.#visits[patient.index] ?? 0;
    this.#visits[patient.index] = visits + 1;
    const isNew = visits === 0 && patient.since >= world.began - 40 * DAY_MS;
    const rng = world.rng('visit', day.index * 10_000_000 + patient.index);
    const type = isNew ? NEW_PATIENT : rng.weighted(VISIT_TYPES);
    const startsAt = at(day, minute);
    const endsAt = startsAt + type.minutes * MINUTE_MS;
    const bookedAt = bookingTime(world, patient, startsAt, rng);
    const arrivedAt = startsAt + rng.int(-14, 6) * MINUTE_MS;
    const { initial, steps } = storyOf(world, { bookedAt, arrivedAt, startsAt, endsAt }, rng);
    const id = world.book.newId(bookedAt);
    world.book.addMoved(
      'appointments',
      { at: bookedAt, by: null },
      {
        location_id: siteId(site),
        ehr_id: `demo-visit-${id.slice(0, 8)}${id.slice(24)}`,
        patient_id: patient.id,
        provider_id: provider.id,
        starts_at: startsAt,
        ends_at: endsAt,
        local_date: day.date,
        type: type.name,
        reason: rng.pick(type.reasons),
        source_version: 1 + steps.length,
      },
      initial,
      steps,
      id,
    );
    this.#remind(id, site, patient, startsAt, bookedAt, rng);
    const reached = steps.at(-1)?.[0] ?? initial;
    if (!['arrived', 'checked-in', 'fulfilled'].includes(reached)) return null;
    const visit: Visit = {
      id,
      day,
      site,
      patient,
      provider,
      type,
      isNew,
      arrivedAt,
      startsAt,
      endsAt,
      rng,
    };
    writeCheckIn(world, visit);
    return visit;
  }

  /** A text message the day before, where the patient agreed to them. */
  #remind(
    visit: string,
    site: SiteCode,
    patient: DemoPatient,
    startsAt: number,
    bookedAt: number,
    rng: Rng,
  ): void {
    const sentAt = startsAt - DAY_MS + rng.int(0, 90) * MINUTE_MS;
    if (!patient.sms || sentAt < bookedAt || sentAt > this.#world.now || !rng.chance(0.5)) return;
    const failed = rng.chance(0.02);
    const hash = destinationHash(this.#world, patient);
    for (const event of ['sent', failed ? 'failed' : 'delivered'] as const) {
      const time = sentAt + (event === 'sent' ? 0 : rng.int(2, 40) * 1000);
      this.#world.book.add(
        'communication_events',
        { at: time, by: null },
        {
          location_id: siteId(site),
          patient_id: patient.id,
          message_id: visit,
          channel: 'sms',
          template_code: 'visit-reminder',
          destination_hash: hash,
          event,
          provider_id: null,
          error_code: event === 'failed' ? '30003' : null,
          occurred_at: time,
        },
      );
    }
  }
}

interface Times {
  readonly bookedAt: number;
  readonly arrivedAt: number;
  readonly startsAt: number;
  readonly endsAt: number;
}

/** What became of a visit, as far as it has come. All steps are the server's: the EHR is master. */
function storyOf(world: World, times: Times, rng: Rng): { initial: string; steps: Step[] } {
  const { bookedAt, arrivedAt, startsAt, endsAt } = times;
  const fate = rng.float();
  const cancelAt = bookedAt + rng.float() * Math.max(0, startsAt - bookedAt - 30 * MINUTE_MS);
  const steps: Step[] = [];
  const later = (state: string, at: number): void => {
    if (at <= world.now) steps.push([state, Math.floor(at), null]);
  };
  if (fate < PART_CANCELLED) later('cancelled', cancelAt);
  else if (fate < PART_CANCELLED + PART_NO_SHOW) later('noshow', startsAt + 20 * MINUTE_MS);
  else if (fate > 0.998) later('entered-in-error', cancelAt);
  else if (startsAt > world.now && fate > 0.96) {
    const state = rng.pick(['pending', 'waitlist']);
    later(state, bookedAt + MINUTE_MS);
  } else if (arrivedAt <= world.now) {
    later('arrived', arrivedAt);
    later('checked-in', Math.max(arrivedAt + 5 * MINUTE_MS, startsAt));
    later('fulfilled', Math.max(arrivedAt + 12 * MINUTE_MS, endsAt));
  }
  return { initial: 'booked', steps };
}

function bookingTime(world: World, patient: DemoPatient, startsAt: number, rng: Rng): number {
  const days = rng.weighted([
    [rng.int(0, 2), 15],
    [rng.int(3, 20), 35],
    [rng.int(21, 90), 35],
    [rng.int(91, 180), 15],
  ]);
  const wanted = startsAt - days * DAY_MS - rng.int(20, 400) * MINUTE_MS;
  const earliest = patient.since + 5 * MINUTE_MS;
  return Math.floor(Math.min(Math.max(wanted, earliest), world.now, startsAt - 20 * MINUTE_MS));
}
