import { mayDo, rightsOf } from '#shared/access/rights.ts';
import { mergedCtes } from '#shared/schema/merged-items.ts';
import type { AdminIn, AdminOut } from '#shared/protocol/admin.ts';
import type { PatientDraw } from '#shared/schema/tables/patient-uses.ts';
import { patientDrawId } from '#shared/schema/tables/patient-uses.ts';
import type { Caller } from '../http/route.ts';
import { asAdmin, msOf } from './admin-session.ts';
import type { AdminDeps } from './admin-session.ts';

interface UseRow {
  readonly id: string;
  readonly location_id: string;
  readonly patient_id: string;
  readonly act_id: string | null;
  readonly draws: readonly PatientDraw[];
  readonly at: string;
}
interface PatientRow {
  readonly id: string;
  readonly family_name: string;
  readonly given_name: string;
  readonly birth_date: string;
  readonly mrn: string | null;
  readonly phones: readonly string[];
}

/** A lot, and those of merged items that are the same one. */
const LOTS_LIKE = `
  with recursive ${mergedCtes((table) => `public.${table}`)}
  select $1::uuid as id union
  select o.id from merged_lots k join merged_lots o on o.root_id = k.root_id where k.id = $1`;
/** Acts of the ledger, and drawings from opened containers, by which lots were used and which stand. */
const STANDING_ACTS = `
  select distinct m.act_id as id from public.stock_movements m
   where m.lot_id = any($1::uuid[]) and m.reverses_id is null
     and not exists (select 1 from public.stock_movements r where r.reverses_id = m.id)`;
const STANDING_DRAWS = `
  select v.id from public.vial_acts v
   where v.lot_id = any($1::uuid[]) and v.step = 'draw' and v.for_patient
     and not exists (select 1 from public.vial_acts r where r.reverses_id = v.id)`;
/** Uses of a lot; entries of the log of samples are uses too. */
const USES = `
  select u.id, u.location_id, u.patient_id, u.act_id, u.draws, ${msOf('u.occurred_at')} as at
    from public.patient_uses u
   where u.act_id = any($1::uuid[]) or exists (
     select 1 from jsonb_array_elements(u.draws) d where d ->> 'lot_id' = any($2::text[]))
  union all
  select s.id, s.location_id, s.patient_id, s.act_id, '[]', ${msOf('s.occurred_at')}
    from public.sample_log s
   where s.act_id = any($1::uuid[]) and s.patient_id is not null`;

/**
 * For which patients a lot was used, at all sites. Who may not read that gets numbers: how many uses and
 * patients there were at each site whose stock they may read. Whoever is named stands in the audit.
 * @throws AppError as `asAdmin`
 */
export function recallPatients(
  deps: AdminDeps,
  caller: Caller,
  { lotId }: AdminIn<'recall.patients'>,
): Promise<AdminOut<'recall.patients'>> {
  const subject = { table: 'inventory_lots', id: lotId } as const;
  return asAdmin(deps, caller, subject, async ({ access, tx, require, audit }) => {
    await require('inventory_lots', 'read', {});
    const counted = rightsOf(access.grants, 'stock_movements', 'read');
    const asked = async (text: string, value: unknown): Promise<string[]> =>
      (await tx.asEngine((engine) => engine.query<{ id: string }>(text, [value]))).map(
        ({ id }) => id,
      );
    const lots = await asked(LOTS_LIKE, lotId);
    const acts = new Set(await asked(STANDING_ACTS, lots));
    const drawn = new Set(await asked(STANDING_DRAWS, lots));
    const values = [[...acts], lots];
    const stands = (use: UseRow): boolean =>
      acts.has(use.act_id ?? '') ||
      use.draws.some(
        (draw, index) =>
          lots.includes(draw.lot_id ?? '') && drawn.has(patientDrawId(use.id, index)),
      );
    const all = (await tx.asEngine((engine) => engine.query<UseRow>(USES, values))).filter(stands);
    // As the person: what they may read of it the database says.
    const named = (await tx.query<UseRow>(USES, values)).filter(stands);
    const patients = await tx.query<PatientRow>(
      `select p.id, p.family_name, p.given_name, p.birth_date::text as birth_date, p.mrn, p.phones
         from public.patients p where p.id = any($1::uuid[])`,
      [named.map(({ patient_id: id }) => id)],
    );
    const known = new Map(patients.map((patient) => [patient.id, patient]));
    await audit(
      {
        action: 'list',
        table_name: 'inventory_lots',
        row_id: lotId,
        outcome: 'ok',
        purpose: 'recall of a lot',
      },
      ...patients.map(({ id }) => ({
        action: 'read' as const,
        table_name: 'patients' as const,
        row_id: id,
        outcome: 'ok',
        purpose: 'recall of a lot',
        patient_ref: id,
      })),
    );
    const seen = all.filter(
      ({ location_id: site }) =>
        counted.all ||
        counted.locations.has(site) ||
        mayDo(access.grants, caller.userId, 'patient_uses', 'read', { location_id: site }),
    );
    return {
      sites: [...Map.groupBy(seen, ({ location_id: site }) => site)].map(([locationId, uses]) => ({
        locationId,
        uses: uses.length,
        patients: new Set(uses.map(({ patient_id: id }) => id)).size,
      })),
      uses: named
        .map((use) => {
          const patient = known.get(use.patient_id);
          return {
            id: use.id,
            locationId: use.location_id,
            occurredAt: Number(use.at),
            patient: patient
              ? {
                  id: patient.id,
                  familyName: patient.family_name,
                  givenName: patient.given_name,
                  birthDate: patient.birth_date,
                  mrn: patient.mrn,
                  phone: patient.phones[0] ?? null,
                }
              : null,
          };
        })
        .toSorted((a, b) => b.occurredAt - a.occurredAt || (a.id < b.id ? -1 : 1)),
    };
  });
}
