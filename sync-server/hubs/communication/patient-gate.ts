import type { Code } from '#shared/errors/codes.ts';
import { addDays, clinicDate, instantOf } from '#shared/kernel/dates.ts';
import { effectiveConsent } from '#shared/merge/derive/effective-consent.ts';
import type { ConsentFact, OptOutFact } from '#shared/merge/derive/effective-consent.ts';
import type { Queries } from '../../db/with-session.ts';
import { phiIn } from './phi-check.ts';
import type { PhiReason } from './phi-check.ts';

/** Nobody is written to outside of these hours of their site: minutes of the day. */
export const WAKING = { from: 8 * 60, to: 21 * 60 } as const;
/** What waited for longer is not sent by itself: its author looks at it again. */
export const OLDEST_MS = 24 * 3_600_000;

/** All that is asked before something is sent to a patient, as it is at that moment. */
export interface GateFacts {
  readonly channel: 'sms' | 'email';
  readonly text: string;
  readonly queuedAt: number;
  /** State of the text that it was made of; null where there is none. */
  readonly templateStatus: string | null;
  readonly timeZone: string;
  readonly patient: {
    readonly names: readonly string[];
    readonly birthDate: string | null;
    readonly recordNumber: string | null;
    readonly isDeceased: boolean;
    readonly isMerged: boolean;
  };
  /** Of the channel's purpose. */
  readonly consents: readonly ConsentFact[];
  /** That cover the channel, of this patient or of their number or address. */
  readonly optOuts: readonly OptOutFact[];
  readonly medications: readonly string[];
}

export type GateAnswer =
  | { readonly may: true }
  | { readonly may: false; readonly code: Code; readonly reasons?: readonly PhiReason[] }
  | { readonly may: 'later'; readonly at: number };

/**
 * Whether a message may go to a patient now. It is asked at the moment of sending and of nothing that was
 * known when it was queued: who has opted out meanwhile is not written to.
 */
export function mayWriteTo(facts: GateFacts, now: number): GateAnswer {
  const no = (code: Code): GateAnswer => ({ may: false, code });
  const { patient, channel } = facts;
  if (patient.isDeceased || patient.isMerged) return no('MESSAGE_NO_ADDRESS');
  const consent = effectiveConsent(facts.consents, facts.optOuts);
  if (consent === 'opted_out' || consent === 'revoked') return no('MESSAGE_OPTED_OUT');
  if (consent !== 'given') return no('MESSAGE_NO_CONSENT');
  if (facts.templateStatus !== null && facts.templateStatus !== 'approved') {
    return no('MESSAGE_TEMPLATE_ENDED');
  }
  if (channel === 'sms') {
    const reasons = phiIn(facts.text, { ...patient, medications: facts.medications });
    if (reasons.length > 0) return { may: false, code: 'MESSAGE_HAS_PHI', reasons };
  }
  if (now - facts.queuedAt > OLDEST_MS) return no('MESSAGE_TOO_OLD');
  const at = nextWaking(now, facts.timeZone);
  return at === now ? { may: true } : { may: 'later', at };
}

/** The instant itself where people are awake, else the beginning of the next day's hours. */
function nextWaking(now: number, timeZone: string): number {
  const today = clinicDate(now, timeZone);
  const from = instantOf(today, WAKING.from, timeZone);
  if (now < from) return from;
  if (now < instantOf(today, WAKING.to, timeZone)) return now;
  return instantOf(addDays(today, 1), WAKING.from, timeZone);
}

interface PatientRow {
  readonly names: string[];
  readonly birth_date: string;
  readonly mrn: string | null;
  readonly deceased: boolean;
  readonly merged: boolean;
}

/** Reads what the gate asks of a patient, as it is now. Null: there is no such patient. */
export async function readGateFacts(
  db: Queries,
  about: {
    readonly patientId: string;
    readonly channel: 'sms' | 'email';
    readonly templateVersionId: string | null;
    readonly locationId: string;
    /** Of the number or address that it goes to; see `hashOfContact`. */
    readonly destinationHash: string;
  },
): Promise<Omit<GateFacts, 'text' | 'queuedAt'> | null> {
  const { patientId, channel, templateVersionId, locationId, destinationHash } = about;
  const [patient] = await db.query<PatientRow>(
    `select array[p.given_name, p.family_name] as names, p.birth_date::text as birth_date, p.mrn,
            p.deceased_on is not null as deceased, p.merged_into_id is not null as merged
       from public.patients p where p.id = $1 and p.deleted_at is null`,
    [patientId],
  );
  const [site] = await db.query<{ time_zone: string }>(
    'select time_zone from public.locations where id = $1',
    [locationId],
  );
  if (!patient || !site) return null;
  const consents = await db.query<{ id: string; decision: ConsentFact['decision']; at: string }>(
    `select c.id, c.decision, floor(extract(epoch from c.given_at) * 1000)::bigint::text as at
       from public.consents c where c.patient_id = $1 and c.purpose = $2`,
    [patientId, channel],
  );
  const optOuts = await db.query<{ id: string; at: string }>(
    `select o.id, floor(extract(epoch from o.received_at) * 1000)::bigint::text as at
       from public.opt_outs o
      where (o.patient_id = $1 or o.destination_hash = $3)
        and (o.covers = 'all' or o.channel in ($2, 'any'))`,
    [patientId, channel, destinationHash],
  );
  const [template] = await db.query<{ status: string }>(
    'select status from public.handout_template_versions where id = $1',
    [templateVersionId],
  );
  const medications = await db.query<{ name: string }>('select m.name from public.medications m');
  return {
    channel,
    timeZone: site.time_zone,
    templateStatus: templateVersionId === null ? null : (template?.status ?? 'missing'),
    patient: {
      names: patient.names,
      birthDate: patient.birth_date,
      recordNumber: patient.mrn,
      isDeceased: patient.deceased,
      isMerged: patient.merged,
    },
    consents: consents.map(({ id, decision, at }) => ({ id, decision, given_at: Number(at) })),
    optOuts: optOuts.map(({ id, at }) => ({ id, received_at: Number(at) })),
    medications: medications.map(({ name }) => name),
  };
}
