import type { SampleEntry } from '#shared/ipc/views.vials.ts';
import { isOpen, live } from './definition.ts';
import type { Read, ViewDefinition } from './definition.ts';
import { namedPatients, patientsShown } from './vials.ts';

type MovedRow = Omit<SampleEntry, 'kind' | 'prescriber' | 'patient' | 'signature' | 'waiting'> & {
  act_id: string;
  type: 'sample_in' | 'sample_out';
  origin: string | null;
};
interface LogRow {
  readonly act_id: string;
  readonly patient_id: string | null;
  readonly prescriber: string | null;
  readonly signature: string | null;
}

const MOVED = `
  select m.id, m.act_id, m.type, m.occurred_at, m.location_id, l.code as location_code, m.item_id,
         i.name as item_name, m.lot_id, lot.lot_no, lot.expiry_date, m.qty_base, i.base_unit,
         u.display_name as who, w.display_name as witness, m.note, a.origin
  from ${live('stock_movements')} m
  join ${live('inventory_items')} i on i.id = m.item_id
  join ${live('locations')} l on l.id = m.location_id
  left join ${live('inventory_lots')} lot on lot.id = m.lot_id
  left join ${live('stock_acts')} a on a.id = m.act_id
  left join ${live('users')} u on u.id = m.performed_by
  left join ${live('users')} w on w.id = m.witnessed_by
  where m.type in ('sample_in', 'sample_out') and m.occurred_at >= ?
  order by m.occurred_at desc, m.id desc limit ?`;

/** What stands in the log beside the movement, by its act: only for those who may read it. */
function logOf(read: Read): ReadonlyMap<string, LogRow> {
  if (!isOpen(read, 'sample_log')) return new Map();
  const found = read<LogRow>(
    `select s.act_id, s.patient_id, p.display_name as prescriber,
            json_extract(s.doc, '$.signature') as signature
     from ${live('sample_log')} s left join ${live('users')} p on p.id = s.prescriber_id`,
  );
  return new Map(found.map((row) => [row.act_id, row]));
}

/** The log of the sample closet. */
export const sampleLog: ViewDefinition<{ since: number; limit: number }, SampleEntry[]> = {
  reads: [
    'stock_movements',
    'stock_acts',
    'inventory_items',
    'inventory_lots',
    'locations',
    'users',
    'sample_log',
    'patients',
  ],
  shows: (entries) => patientsShown('sample_log', entries),
  compute(read, { since, limit }) {
    const moved = read<MovedRow>(MOVED, [since, limit]);
    const log = logOf(read);
    const patients = namedPatients(
      read,
      [...log.values()].flatMap(({ patient_id: id }) => id ?? []),
    );
    return moved.map(({ act_id: act, type, origin, ...row }) => {
      const entry = log.get(act);
      return {
        ...row,
        kind: type === 'sample_in' ? 'in' : 'out',
        prescriber: entry?.prescriber ?? null,
        signature: entry?.signature ?? null,
        patient: patients.get(entry?.patient_id ?? '') ?? null,
        waiting: origin !== null && origin !== 'server',
      };
    });
  },
  list: { key: ({ id }) => id },
};
