import { derivedId } from '#shared/kernel/ids.ts';
import { bool, date, defineTable, instant, json, oneOf, quantity, text, uuid } from '../define.ts';
import type { ExpandedRow, Row } from '../define.ts';
import { P0 } from '../marks.ts';
import { StockActLine, stockActFrom } from './stock-acts.ts';

/** open: taken from the shelf and opened · draw: taken out of it · discard: the rest thrown away. */
export const VIAL_STEPS = ['open', 'draw', 'discard'] as const;

/**
 * What happens to a container that is used up bit by bit: an injectable, a tub. Opening takes it from the
 * shelf; what is in it from then on is reckoned in a unit of its own, never in fractions of the
 * container. A container has the id of the act that opened it.
 */
export const vialActs = defineTable({
  name: 'vial_acts',
  module: 'inventory',
  kind: 'fact',
  scope: { location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  expandedFrom: 'patient_uses',
  inserted: true,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    step: oneOf(VIAL_STEPS, P0.ao),
    /** Null for the opening itself. */
    vial_id: uuid({ ...P0.ao, nullable: true, references: 'vial_acts' }),
    item_id: uuid({ ...P0.ao, references: 'inventory_items' }),
    lot_id: uuid({ ...P0.ao, nullable: true, references: 'inventory_lots' }),
    /** Of an opening: what leaves the shelf. */
    line: json(StockActLine, { ...P0.ao, nullable: true }),
    /** What is in it, was drawn, or was thrown away; 1/10,000 of `unit`. */
    units: quantity({ ...P0.ao, min: 0 }),
    unit: text({ ...P0.ao, min: 1, max: 40 }),
    /** Of an opening: from this instant on nothing may be drawn; null: as long as there is some. */
    use_by: instant({ ...P0.ao, nullable: true }),
    occurred_at: instant(P0.ao),
    local_date: date(P0.ao),
    reason_code: text({ ...P0.ao, max: 40, nullable: true }),
    note: text({ ...P0.ao, max: 500, nullable: true }),
    /** Second person, where one is needed: the rest of a controlled item. */
    witnessed_by: uuid({ ...P0.ao, nullable: true, references: 'users' }),
    /** The drawing or throwing away that this one takes back. */
    reverses_id: uuid({ ...P0.ao, nullable: true, references: 'vial_acts' }),
    /** Drawn for a patient; which one only `patient_uses` says. */
    for_patient: bool(P0.ao),
  },
  /** Taken back once. */
  uniqueWhere: [{ columns: ['reverses_id'], field: 'reverses_id', values: null }],
  indexes: [['location_id', 'occurred_at']],
  expand,
});

/** The act by which an opened container left the shelf. */
export const openingActId = (vialId: string): string => derivedId('vial-opened', vialId);

function expand(act: Row): readonly ExpandedRow[] {
  const line = act['line'] as StockActLine | null;
  if (act['step'] !== 'open' || line === null) return [];
  const { id } = act;
  return [
    stockActFrom(act, openingActId(id), { kind: 'issue', reason_code: 'opened', lines: [line] }),
  ];
}
