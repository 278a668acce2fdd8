import type { HandoutLine } from '#shared/schema/tables/handout-packs.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import { DAY_MS } from './calendar.ts';
import { destinationHash } from './patients.ts';
import { HANDOUTS, handoutVersionId, recallId, recalledAt, sha256 } from './templates.ts';
import type { DemoHandout } from './templates.ts';
import type { Visit } from './visit.ts';
import { clinicOf, onDuty, person, siteId } from './world.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;
type Channel = 'print' | 'email' | 'sms';
type Event =
  | 'queued'
  | 'consent_checked'
  | 'consent_blocked'
  | 'sent'
  | 'delivered'
  | 'bounced'
  | 'opened'
  | 'link_expired'
  | 'printed';

/** Handouts of visits, on their way to the patients; and the recall of one text. */
export class Handouts {
  readonly #world: World;
  /** Who got the version that is recalled later. */
  readonly #toldWrong: { handout: string; patient: string; location: string }[] = [];
  #isRecalled = false;

  constructor(world: World) {
    this.#world = world;
  }

  visit(visit: Visit): void {
    const { rng, type } = visit;
    if (visit.endsAt > this.#world.now) return;
    if (rng.chance(type.isProcedure ? 0.7 : visit.isNew ? 0.4 : 0.15)) this.#pack(visit);
  }

  #pack(visit: Visit): void {
    const { rng, patient, site, day } = visit;
    const { book } = this.#world;
    const at = visit.endsAt - 2 * MINUTE_MS;
    const nurse = onDuty(this.#world, 'CS', site, day.index).id;
    const maker = { at, by: nurse, device: clinicOf(site) };
    const chosen = this.#choose(visit);
    const lines = chosen.map((one) => this.#line(visit, one, at));
    const pack = book.addAct('handout_packs', maker, {
      location_id: siteId(site),
      patient_id: patient.id,
      appointment_id: visit.id,
      title: chosen[0]?.title ?? null,
      renderer_version: 'demo-1',
      font_scale: rng.chance(0.06) ? 150 : 100,
      lines,
    });
    this.#remember(pack, lines, visit);
    // Who has not agreed is rarely asked for; when it happens, nothing is sent.
    const isCareless = rng.chance(0.03);
    const channel = rng.weighted<Channel>([
      ['print', 46],
      ['email', patient.mail || isCareless ? 34 : 0],
      ['sms', patient.sms || isCareless ? 22 : 0],
    ]);
    this.#deliver(visit, pack.id, channel, at);
    if (!rng.chance(0.004) && !this.#world.once('handout void')) return;
    book.add(
      'handout_voids',
      { ...maker, at: at + MINUTE_MS },
      {
        location_id: siteId(site),
        patient_id: patient.id,
        handout_id: derivedId('handout', pack.id, '0'),
        reason: 'Made for the wrong visit',
      },
    );
  }

  #choose({ rng, type }: Visit): DemoHandout[] {
    const [acne, regimen, eczema, isotretinoin, patch, , sun, , biopsy, surgery] = HANDOUTS;
    const by: Record<string, (DemoHandout | undefined)[]> = {
      Biopsy: [biopsy],
      Excision: [surgery],
      'Full skin exam': [sun],
      'Patch test reading': [patch],
      'Medication check': [isotretinoin],
      'New patient': rng.chance(0.5) ? [acne, regimen] : [eczema, sun],
    };
    const found = (by[type.name] ?? [rng.pick(HANDOUTS)]).filter((one) => one !== undefined);
    return rng.chance(0.15) && sun && !found.includes(sun) ? [...found, sun] : found;
  }

  #line(visit: Visit, one: DemoHandout, at: number): HandoutLine {
    const wasRecalled = one.code === 'isotretinoin' && at < recalledAt(this.#world);
    const locale = visit.patient.language === 'es' && one.spanish ? 'es' : 'en';
    const version = handoutVersionId(this.#world, one.code, locale, wasRecalled ? 1 : 2);
    const inputs: Record<string, number> =
      one.category === 'treatment' ? { washes_per_day: visit.rng.int(1, 3) } : {};
    return {
      template_version_id: version,
      locale,
      inputs,
      rendered_pdf_file_id: null,
      content_hash: sha256(`${version} ${JSON.stringify(inputs)}`),
      reviewed_by: one.physicianReview ? visit.provider.id : null,
    };
  }

  #remember(pack: Row, lines: readonly HandoutLine[], { patient, site }: Visit): void {
    const wrong = handoutVersionId(this.#world, 'isotretinoin', 'en', 1);
    for (const [nth, line] of lines.entries()) {
      if (line.template_version_id !== wrong) continue;
      const handout = derivedId('handout', pack.id, String(nth));
      this.#toldWrong.push({ handout, patient: patient.id, location: siteId(site) });
    }
  }

  #deliver(visit: Visit, pack: string, channel: Channel, at: number): void {
    const { rng, patient, site } = visit;
    const { book, now } = this.#world;
    const may = channel === 'print' || (channel === 'email' ? patient.mail : patient.sms);
    const events: (readonly [Event, number])[] = [];
    if (channel === 'print') events.push(['printed', at + 30_000]);
    else if (!may) events.push(['queued', at + 1000], ['consent_blocked', at + 2000]);
    else {
      events.push(['queued', at + 1000], ['consent_checked', at + 2000], ['sent', at + 4000]);
      if (rng.chance(0.03)) events.push(['bounced', at + MINUTE_MS]);
      else events.push(['delivered', at + 30_000]);
      if (rng.chance(0.55)) events.push(['opened', at + rng.int(1, 600) * MINUTE_MS]);
      else if (rng.chance(0.3)) events.push(['link_expired', at + 3 * DAY_MS]);
    }
    const nurse = onDuty(this.#world, 'CS', site, visit.day.index).id;
    for (const [event, time] of events) {
      if (time > now) break;
      const isOurs = event === 'queued' || event === 'printed';
      book.add(
        'delivery_tracking',
        { at: time, by: isOurs ? nurse : null, device: isOurs ? clinicOf(site) : null },
        {
          location_id: siteId(site),
          patient_id: patient.id,
          pack_id: pack,
          channel,
          destination_hash: channel === 'print' ? null : destinationHash(this.#world, patient),
          destination_tail: channel === 'sms' ? patient.phone.slice(-4) : null,
          attempt_no: 1,
          event,
          provider_message_id: event === 'sent' ? `demo-msg-${pack}` : null,
          error_code: event === 'bounced' ? 'mailbox' : null,
          occurred_at: time,
        },
      );
    }
    if (channel === 'print' || !may) return;
    book.add(
      'handout_links',
      { at: at + 1000, by: null },
      {
        location_id: siteId(site),
        patient_id: patient.id,
        pack_id: pack,
        token_hash: rng.hex(64),
        expires_at: at + 3 * DAY_MS,
        max_opens: 5,
        opens: {},
      },
    );
  }

  /** When the text is recalled, everybody who got it is to be told. */
  endOfDay(midnight: number): void {
    if (this.#isRecalled || midnight < recalledAt(this.#world)) return;
    this.#isRecalled = true;
    const recalled = recalledAt(this.#world);
    const rng = this.#world.rng('recall');
    for (const { handout, patient, location } of this.#toldWrong.splice(0)) {
      const doneAt = recalled + rng.int(1, 12) * DAY_MS;
      const isDone = doneAt <= this.#world.now && rng.chance(0.85);
      this.#world.book.addMoved(
        'handout_recall_targets',
        { at: recalled, by: null },
        {
          recall_id: recallId(this.#world),
          handout_id: handout,
          location_id: location,
          patient_id: patient,
        },
        'todo',
        isDone ? [['done', doneAt, person('clinical')]] : [],
      );
    }
  }
}
