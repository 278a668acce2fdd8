import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import type { Row } from '#shared/schema/define.ts';
import { lotId } from '#shared/schema/lots.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { patientActId } from '#shared/schema/tables/patient-uses.ts';
import type { PatientDraw } from '#shared/schema/tables/patient-uses.ts';
import { sampleActId } from '#shared/schema/tables/sample-log.ts';
import type { ReconciledLine } from '#shared/schema/tables/sample-reconciliations.ts';
import type { StockActLine } from '#shared/schema/tables/stock-acts.ts';
import type { VialItem } from '#shared/schema/vials.ts';
import { whyNotWaste } from './duties.ts';

/**
 * What an act with stock must say beside what its table asks for: judged by the store when it is
 * written, and by the server when it comes.
 */

export const STOCK_TABLES = [
  'stock_acts',
  'vial_acts',
  'patient_uses',
  'sample_log',
  'sample_reconciliations',
] as const satisfies readonly TableName[];
export type StockTable = (typeof STOCK_TABLES)[number];

export const isStockTable = (table: TableName): table is StockTable =>
  (STOCK_TABLES as readonly string[]).includes(table);

/** What is asked of an item here. */
export type JudgedItem = VialItem & { readonly controlled_schedule: string };
type ItemOf = (id: string) => JudgedItem | undefined;

const linesOf = (row: Row): readonly StockActLine[] => row['lines'] as readonly StockActLine[];
const lineOf = (row: Row): StockActLine | null => row['line'] as StockActLine | null;

/** Ids of all items that an act names. */
export function itemsOf(table: TableName, row: Row): string[] {
  switch (table) {
    case 'stock_acts':
    case 'sample_reconciliations':
      return linesOf(row).map(({ item_id: id }) => id);
    case 'patient_uses':
      return [...linesOf(row), ...drawsOf(row)].map(({ item_id: id }) => id);
    case 'vial_acts':
      return [String(row['item_id'])];
    case 'sample_log':
      return lineOf(row) === null ? [] : [String(lineOf(row)?.item_id)];
    default:
      return [];
  }
}

const drawsOf = (row: Row): readonly PatientDraw[] => row['draws'] as readonly PatientDraw[];

/**
 * Names of the fields of an act that contradict each other or break a duty; none when it may stand.
 * @param itemOf items that are not known are judged elsewhere
 */
export function wrongInAct(table: StockTable, row: Row, itemOf: ItemOf): string[] {
  return [...new Set(RULES[table](row, itemOf))];
}

const RULES: Readonly<Record<StockTable, (row: Row, itemOf: ItemOf) => string[]>> = {
  stock_acts(row, itemOf) {
    const lines = linesOf(row);
    // A visit names its patient, and everybody reads the ledger.
    if (lines.some((line) => line.ref_type === 'appointment' && line.ref_id !== undefined)) {
      return ['lines'];
    }
    const takesBack = lines.some(({ reverses_id: id }) => id !== undefined);
    const wrong =
      row['kind'] === 'waste' && !takesBack ? duty(row, itemsOf('stock_acts', row), itemOf) : [];
    return [...wrong, ...ownWitness(row)];
  },
  vial_acts(row, itemOf) {
    const { step } = row;
    const wrong = ownWitness(row);
    if (row['for_patient'] !== false) wrong.push('for_patient');
    if (Number(row['units']) === 0 && step !== 'discard') wrong.push('units');
    if (step === 'open') return [...wrong, ...wrongInOpening(row, itemOf)];
    if (row['vial_id'] === null) wrong.push('vial_id');
    if (lineOf(row) !== null) wrong.push('line');
    if (row['use_by'] !== null) wrong.push('use_by');
    const isNew = row['reverses_id'] === null;
    if (step === 'discard' && isNew) wrong.push(...duty(row, [String(row['item_id'])], itemOf));
    return wrong;
  },
  patient_uses(row) {
    const lines = linesOf(row);
    const wrong: string[] = [];
    if (lines.length + drawsOf(row).length === 0) wrong.push('lines');
    if (row['act_id'] !== (lines.length === 0 ? null : patientActId(row.id))) wrong.push('act_id');
    // What is taken back is so in the ledger, by an act that names nobody.
    if (lines.some((line) => line.reverses_id !== undefined)) wrong.push('lines');
    return wrong;
  },
  sample_log(row, itemOf) {
    const line = lineOf(row);
    if (line === null) return [];
    const wrong: string[] = [];
    if (row['act_id'] !== sampleActId(row.id)) wrong.push('act_id');
    if (row['lot_id'] !== lotOf(line)) wrong.push('lot_id');
    if (row['qty_base'] !== line.qty_base) wrong.push('qty_base');
    if (line.reverses_id !== undefined) wrong.push('line');
    if (row['local_date'] === null) wrong.push('local_date');
    if (row['signature'] === null) wrong.push('signature');
    if (row['patient_id'] === null) wrong.push('patient_id');
    const { controlled_schedule: schedule = 'none' } = itemOf(line.item_id) ?? {};
    if (schedule !== 'none' && row['witnessed_by'] === null) wrong.push('witnessed_by');
    return [...wrong, ...ownWitness(row)];
  },
  sample_reconciliations(row, itemOf) {
    const lines = row['lines'] as readonly ReconciledLine[];
    const wrong = ownWitness(row);
    if (!String(row['month']).endsWith('-01')) wrong.push('month');
    if (lines.some(({ book, counted, why }) => book !== counted && why === null))
      wrong.push('lines');
    const isControlled = lines.some(
      ({ item_id: id }) => (itemOf(id)?.controlled_schedule ?? 'none') !== 'none',
    );
    if (isControlled && row['witnessed_by'] === null) wrong.push('witnessed_by');
    return wrong;
  },
};

function wrongInOpening(row: Row, itemOf: ItemOf): string[] {
  const wrong: string[] = [];
  const line = lineOf(row);
  const item = itemOf(String(row['item_id']));
  if (row['vial_id'] !== null) wrong.push('vial_id');
  if (row['reverses_id'] !== null) wrong.push('reverses_id');
  if (line === null || line.item_id !== row['item_id'] || line.reverses_id !== undefined) {
    return [...wrong, 'line'];
  }
  // By what the act says is in it: the item may have said something else then.
  const whole = row['unit'] === item?.base_unit ? row['units'] : QUANTITY_SCALE;
  if (item && line.qty_base !== whole) wrong.push('line');
  if (row['lot_id'] !== lotOf(line)) wrong.push('lot_id');
  return wrong;
}

/** The lot that a line names, by its id. */
export function lotOf(line: StockActLine): string | null {
  if (line.lot_no === null) return null;
  const { item_id: itemId, lot_no: lotNo, expiry_date: expiryDate, serial } = line;
  try {
    return lotId({ itemId, lotNo, expiryDate, serial });
  } catch {
    // Of broken text no id is made, and no row says that it has one.
    return null;
  }
}

/** What is thrown away says why, and who saw it where the item is a controlled one. */
function duty(row: Row, items: readonly string[], itemOf: ItemOf): string[] {
  const why = whyNotWaste({
    reason: row['reason_code'] as string | null,
    controlled: items.some((id) => (itemOf(id)?.controlled_schedule ?? 'none') !== 'none'),
    userId: row.created_by ?? null,
    witnessId: row['witnessed_by'] as string | null,
  });
  if (why === null) return [];
  return [why === 'reason-missing' ? 'reason_code' : 'witnessed_by'];
}

const ownWitness = (row: Row): string[] =>
  row['witnessed_by'] !== null && row['witnessed_by'] === row.created_by ? ['witnessed_by'] : [];
