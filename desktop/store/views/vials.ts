import type { NamedPatient, VialEvent, VialRow } from '#shared/ipc/views.vials.ts';
import { vialStates } from '#shared/merge/derive/open-vials.ts';
import type { VialFact } from '#shared/merge/derive/open-vials.ts';
import { patientDrawId } from '#shared/schema/tables/patient-uses.ts';
import { openingActId } from '#shared/schema/tables/vial-acts.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { byText, isOpen, live } from './definition.ts';
import type { Read, Shown, ViewDefinition } from './definition.ts';

interface OpeningRow extends Omit<
  VialRow,
  'controlled' | 'rest' | 'over' | 'is_closed' | 'waiting' | 'last_at' | 'recall_status'
> {
  readonly schedule: string;
  readonly recall_status: string | null;
}
type ActRow = VialFact & { readonly occurred_at: number; readonly origin: string };

const OPENINGS = `
  select v.id as vial_id, v.location_id, l.code as location_code, v.item_id, i.name as item_name,
         i.sku, i.controlled_schedule as schedule, v.lot_id, lot.lot_no, lot.expiry_date,
         lot.expiry_precision, lot.recall_status, v.unit, v.units as content, v.use_by,
         v.occurred_at as opened_at, u.display_name as opened_by
  from ${live('vial_acts')} v
  join ${live('inventory_items')} i on i.id = v.item_id
  join ${live('locations')} l on l.id = v.location_id
  left join ${live('inventory_lots')} lot on lot.id = v.lot_id
  left join ${live('users')} u on u.id = json_extract(v.doc, '$.created_by')
  where v.step = 'open'`;
const ACTS = `
  select id, step, vial_id, units, reverses_id, occurred_at, origin from ${live('vial_acts')}`;

/** Ids of openings that were taken back: their container went back to the shelf. */
function takenBack(read: Read, vials: readonly string[]): ReadonlySet<string> {
  const movementOf = new Map(vials.map((id) => [derivedId('movement', openingActId(id), '0'), id]));
  const found = read<{ reverses_id: string }>(
    `select m.reverses_id from ${live('stock_movements')} m
     where m.reverses_id in (select value from json_each(?))`,
    [JSON.stringify([...movementOf.keys()])],
  );
  return new Set(found.flatMap(({ reverses_id: id }) => movementOf.get(id) ?? []));
}

/** Opened containers, what has to be used up first on top. */
export function openVials(read: Read, closedSince = Infinity): VialRow[] {
  const openings = read<OpeningRow>(OPENINGS);
  const acts = read<ActRow>(ACTS);
  const states = vialStates(acts);
  const actsOf = Map.groupBy(acts, ({ id, vial_id: vial }) => vial ?? id);
  const undone = takenBack(
    read,
    openings.map(({ vial_id: id }) => id),
  );
  return openings
    .flatMap(({ schedule, recall_status: recall, ...opening }): VialRow[] => {
      const state = states.get(opening.vial_id);
      if (!state || undone.has(opening.vial_id)) return [];
      const own = actsOf.get(opening.vial_id) ?? [];
      const last = Math.max(...own.map(({ occurred_at: at }) => at));
      if (state.isClosed && state.over === 0 && last < closedSince) return [];
      return [
        {
          ...opening,
          recall_status: recall ?? 'none',
          controlled: schedule !== 'none',
          rest: state.rest,
          over: state.over,
          is_closed: state.isClosed,
          last_at: last,
          waiting: own.some(({ origin }) => origin !== 'server'),
        },
      ];
    })
    .toSorted(
      (a, b) =>
        Number(a.is_closed) - Number(b.is_closed) ||
        (a.use_by ?? Infinity) - (b.use_by ?? Infinity) ||
        a.opened_at - b.opened_at ||
        byText(a.vial_id, b.vial_id),
    );
}

export const vialList: ViewDefinition<{ closedSince: number }, VialRow[]> = {
  reads: [
    'vial_acts',
    'inventory_items',
    'inventory_lots',
    'stock_movements',
    'locations',
    'users',
  ],
  compute: (read, { closedSince }) => openVials(read, closedSince),
  list: { key: ({ vial_id: id }) => id },
};

interface PatientRow {
  readonly id: string;
  readonly family_name: string;
  readonly given_name: string;
  readonly birth_date: string;
}

/** Patients by their id, as far as this device holds them and its person may read them. */
export function namedPatients(
  read: Read,
  ids: readonly string[],
): ReadonlyMap<string, NamedPatient> {
  if (ids.length === 0 || !isOpen(read, 'patients')) return new Map();
  const found = read<PatientRow>(
    `select p.id, p.family_name, p.given_name, p.birth_date
     from json_each(?) w cross join ${live('patients')} p on p.id = w.value`,
    [JSON.stringify([...new Set(ids)])],
  );
  return new Map(found.map(({ id, ...name }) => [id, { patient_id: id, ...name }]));
}

/** What rows with the patient whom they are about show of people, for the trail of reads. */
export function patientsShown(
  table: TableName,
  rows: readonly { readonly id: string; readonly patient: { patient_id: string } | null }[],
): readonly Shown[] {
  const records = rows.flatMap(({ id, patient }) =>
    patient ? [{ id, patient: patient.patient_id }] : [],
  );
  return records.length === 0 ? [] : [{ kind: 'list', table, records }];
}

/** Whom something was drawn for: id of the drawing → patient. */
export function patientsOfDraws(
  read: Read,
  where: { readonly column: 'vial_id' | 'lot_id'; readonly values: readonly string[] },
): ReadonlyMap<string, string> {
  if (!isOpen(read, 'patient_uses')) return new Map();
  const found = read<{ id: string; patient_id: string; nth: number }>(
    `select p.id, p.patient_id, d.key as nth
     from ${live('patient_uses')} p, json_each(p.doc, '$.draws') d
     where json_extract(d.value, '$.${where.column}') in (select value from json_each(?))`,
    [JSON.stringify(where.values)],
  );
  return new Map(found.map(({ id, patient_id, nth }) => [patientDrawId(id, nth), patient_id]));
}

type EventRow = Omit<VialEvent, 'for_patient' | 'patient' | 'undoes' | 'undone' | 'waiting'> & {
  for_patient: number;
  reverses_id: string | null;
  origin: string;
};

/** What happened to one container, the latest first, with the patients for those who may know. */
export const vialEvents: ViewDefinition<{ vialId: string }, VialEvent[]> = {
  reads: ['vial_acts', 'users', 'patient_uses', 'patients'],
  shows: (events) => patientsShown('patient_uses', events),
  compute(read, { vialId }) {
    const events = read<EventRow>(
      `select v.id, v.step, v.units, v.occurred_at, u.display_name as who,
              w.display_name as witness, v.reason_code, v.note, v.for_patient, v.reverses_id,
              v.origin
       from ${live('vial_acts')} v
       left join ${live('users')} u on u.id = json_extract(v.doc, '$.created_by')
       left join ${live('users')} w on w.id = v.witnessed_by
       where v.id = ? or v.vial_id = ?
       order by v.occurred_at desc, v.id desc`,
      [vialId, vialId],
    );
    const drawnFor = patientsOfDraws(read, { column: 'vial_id', values: [vialId] });
    const patients = namedPatients(read, [...drawnFor.values()]);
    const undone = new Set(events.map(({ reverses_id: id }) => id));
    return events.map(({ reverses_id: undoes, origin, ...event }) => ({
      ...event,
      for_patient: event.for_patient === 1,
      patient: patients.get(drawnFor.get(event.id) ?? '') ?? null,
      undoes: undoes !== null,
      undone: undone.has(event.id),
      waiting: origin !== 'server',
    }));
  },
  list: { key: ({ id }) => id },
};
