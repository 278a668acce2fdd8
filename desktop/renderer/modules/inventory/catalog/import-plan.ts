import { parseQuantity, QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import { importedId } from '#shared/kernel/ids.ts';
import { sameContent } from '#shared/kernel/json.ts';
import type { Pack } from '#shared/schema/tables/inventory-items.ts';
import { inventoryItems } from '#shared/schema/tables/inventory-items.ts';
import type { TableRow } from '#shared/schema/tables.ts';
import type { Changes, NewRow } from '#desktop/collections/tables.ts';
import { problemOf } from '../../../ui/field-rules.ts';
import type { FieldProblem } from '../../../ui/field-rules.ts';
import { plainCell } from '../../../ui/csv-read.ts';
import type { CsvRecord } from '../../../ui/csv-read.ts';
import { readGtin } from './gtin-text.ts';
import type { GtinProblem } from './gtin-text.ts';
import { IMPORT_PACKS, isFrozen } from './import-columns.ts';
import type { ImportColumn, Mapping } from './import-columns.ts';
import { readWord } from './import-words.ts';
import {
  FROZEN,
  ITEM_FIELD_NAMES,
  ITEM_FIELDS,
  NEW_ITEM,
  newItemRow,
  policiesFit,
} from './item-values.ts';
import type { ItemFieldName, ItemValue } from './item-values.ts';
import { MOST_PACKS } from './pack-text.ts';

type Item = TableRow<'inventory_items'>;

export type RowProblem =
  | { readonly key: 'field'; readonly column: ImportColumn; readonly problem: FieldProblem }
  | { readonly key: 'gtin'; readonly column: ImportColumn; readonly problem: GtinProblem }
  | { readonly key: 'word'; readonly column: ImportColumn; readonly text: string }
  /** The file says something else than the item, where the item cannot be changed any more. */
  | {
      readonly key: 'frozen';
      readonly column: ImportColumn;
      readonly has: string;
      readonly text: string;
    }
  | { readonly key: 'gtinTaken'; readonly column: ImportColumn; readonly item: string }
  | { readonly key: 'skuTwice' | 'gtinTwice'; readonly line: number }
  | { readonly key: 'skuMissing' | 'unclosed' | 'policies' | 'packHalf' | 'packsMany' }
  | { readonly key: 'merged' | 'mayNotMake' | 'mayNotChange' | 'newDiscontinued' | 'draftState' };

/** What a record of the file would do. */
export type PlannedRow = {
  readonly line: number;
  readonly sku: string;
  readonly name: string;
} & (
  | { readonly outcome: 'new'; readonly row: NewRow<'inventory_items'> }
  | {
      readonly outcome: 'changed';
      readonly id: string;
      readonly changes: Changes<'inventory_items'>;
      /** What stood there, to be put back. */
      readonly before: Changes<'inventory_items'>;
    }
  | { readonly outcome: 'same'; readonly id: string }
  | { readonly outcome: 'wrong'; readonly problems: readonly RowProblem[] }
);

export interface ImportRights {
  /** In which state this person can make an item; null: not at all. */
  readonly make: 'active' | 'draft' | null;
  readonly mayChange: (item: Item) => boolean;
}

/** The fields of an item that stay open to edits, packs and state aside. */
const OPEN = ITEM_FIELD_NAMES.filter((name) => !isFrozen(name));

/**
 * What importing the records would do, row by row: nothing is written. An empty cell says nothing: a
 * new item gets what new items have, an item that is there keeps what it has.
 * @param items all items that are here, merged ones too
 */
export function planImport(
  records: readonly CsvRecord[],
  mapping: Mapping,
  items: readonly Item[],
  rights: ImportRights,
): PlannedRow[] {
  const bySku = new Map(items.map((item) => [skuKey(item.sku), item]));
  const owners = new Map(
    items
      .filter(({ status }) => status !== 'merged')
      .flatMap((item) =>
        item.packs.flatMap(({ gtin }) => (gtin === null ? [] : [[gtin, item] as const])),
      ),
  );
  const lineOfSku = new Map<string, number>();
  const lineOfGtin = new Map<string, { line: number; sku: string }>();

  return records.map((record): PlannedRow => {
    const { line } = record;
    const cells = new Cells(record, mapping);
    const sku = cells.text('sku');
    const item = bySku.get(skuKey(sku)) ?? null;
    const name = cells.text('name') || (item?.name ?? '');
    const problems: RowProblem[] = [];
    const wrong = (): PlannedRow => ({ line, sku, name, outcome: 'wrong', problems });
    if (record.unclosed) problems.push({ key: 'unclosed' });
    if (sku === '') problems.push({ key: 'skuMissing' });
    const before = sku === '' ? undefined : lineOfSku.get(skuKey(sku));
    if (before !== undefined) problems.push({ key: 'skuTwice', line: before });
    else if (sku !== '') lineOfSku.set(skuKey(sku), line);
    if (problems.length > 0) return wrong();

    if (item?.status === 'merged') problems.push({ key: 'merged' });
    else if (item === null && rights.make === null) problems.push({ key: 'mayNotMake' });
    const values = readFields(cells, item, problems);
    const packs = readPackCells(cells, item, values, problems);
    for (const { gtin, column } of packs.named) {
      const owner = owners.get(gtin);
      const other = lineOfGtin.get(gtin);
      if (owner && owner.id !== item?.id) {
        problems.push({ key: 'gtinTaken', column, item: owner.name });
      } else if (other && other.sku !== skuKey(sku)) {
        problems.push({ key: 'gtinTwice', line: other.line });
      } else lineOfGtin.set(gtin, { line, sku: skuKey(sku) });
    }
    const status = readStatus(cells, item, problems);
    if (problems.length > 0) return wrong();

    if (item === null) {
      const all = { ...NEW_ITEM, ...values };
      const row = newItemRow(
        importedId('inventory_items', skuKey(sku)),
        all,
        packs.packs,
        rights.make ?? 'draft',
      );
      return { line, sku, name: row.name, outcome: 'new', row };
    }
    const changes: Record<string, unknown> = {};
    for (const field of OPEN) {
      if (values[field] !== undefined && values[field] !== item[field]) {
        changes[field] = values[field];
      }
    }
    if (!sameContent(packs.packs, item.packs)) changes['packs'] = packs.packs;
    if (status !== null && status !== item.status) changes['status'] = status;
    if (Object.keys(changes).length === 0) return { line, sku, name, outcome: 'same', id: item.id };
    if (!rights.mayChange(item)) {
      problems.push({ key: 'mayNotChange' });
      return wrong();
    }
    const former = Object.fromEntries(
      Object.keys(changes).map((field) => [field, item[field as keyof Item]]),
    );
    return { line, sku, name, outcome: 'changed', id: item.id, changes, before: former };
  });
}

/** SKUs that differ in case alone are taken for the same by people. */
const skuKey = (sku: string): string => sku.trim().toUpperCase();

/** The cells of one record by what they are. */
class Cells {
  readonly #record: CsvRecord;
  readonly #mapping: Mapping;

  constructor(record: CsvRecord, mapping: Mapping) {
    this.#record = record;
    this.#mapping = mapping;
  }

  /** The text of a cell; '' where the file has no such column or nothing in it. */
  text(column: ImportColumn): string {
    const at = this.#mapping[column];
    return at === undefined ? '' : plainCell(this.#record.cells[at] ?? '');
  }
}

type Read = Partial<Record<ItemFieldName, ItemValue>>;

/** The values that a record gives, checked by the table's definition. */
function readFields(cells: Cells, item: Item | null, problems: RowProblem[]): Read {
  const values: Read = { sku: cells.text('sku') };
  for (const name of ITEM_FIELD_NAMES) {
    const text = cells.text(name);
    if (name === 'sku' || text === '') continue;
    const value = readValue(name, text);
    if (value === undefined) problems.push({ key: 'word', column: name, text });
    else values[name] = value;
  }
  const all: Readonly<Record<ItemFieldName, ItemValue>> = item
    ? { ...pick(item), ...values }
    : { ...NEW_ITEM, ...values };
  for (const name of ITEM_FIELD_NAMES) {
    // What nobody wrote here is not this file's to complain about.
    if (item && values[name] === undefined) continue;
    const problem = problemOf(ITEM_FIELDS[name], all[name]);
    if (problem) problems.push({ key: 'field', column: name, problem });
  }
  if (!item) {
    if (!policiesFit(String(all.lot_policy), String(all.expiry_policy))) {
      problems.push({ key: 'policies' });
    }
    return values;
  }
  for (const name of FROZEN) {
    const value = values[name];
    if (name === 'sku' || value === undefined || value === item[name]) continue;
    const text = cells.text(name);
    problems.push({ key: 'frozen', column: name, has: String(item[name]), text });
  }
  return values;
}

const pick = (item: Item): Record<ItemFieldName, ItemValue> =>
  Object.fromEntries(ITEM_FIELD_NAMES.map((name) => [name, item[name]])) as Record<
    ItemFieldName,
    ItemValue
  >;

/** @returns undefined when the text means nothing for this field */
function readValue(name: ItemFieldName, text: string): ItemValue | undefined {
  const field = ITEM_FIELDS[name];
  if (field.kind === 'bool') {
    const word = readWord('bool', text);
    return word === undefined ? undefined : word === 'yes';
  }
  if (field.kind === 'int') return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
  if (field.values) return readWord(name, text);
  return text;
}

/** The packs of an item with those of the record: a unit that it names is replaced, others stay. */
function readPackCells(
  cells: Cells,
  item: Item | null,
  values: Read,
  problems: RowProblem[],
): { packs: Pack[]; named: { gtin: string; column: ImportColumn }[] } {
  const baseUnit = item?.base_unit ?? String(values.base_unit ?? NEW_ITEM.base_unit);
  const named: { gtin: string; column: ImportColumn }[] = [];
  const gtinOf = (column: ImportColumn): string | null => {
    const read = readGtin(cells.text(column));
    if (!read.ok) problems.push({ key: 'gtin', column, problem: read.problem });
    if (!read.ok || read.gtin === null) return null;
    named.push({ gtin: read.gtin, column });
    return read.gtin;
  };
  const given: { unit: string; qty: number; gtin: string | null }[] = [];
  const base = gtinOf('gtin');
  if (base !== null) given.push({ unit: baseUnit, qty: QUANTITY_SCALE, gtin: base });
  for (const n of IMPORT_PACKS) {
    const unit = cells.text(`pack${n}_unit`);
    const text = cells.text(`pack${n}_qty`);
    if (unit === '' && text === '' && cells.text(`pack${n}_gtin`) === '') continue;
    const qty = parseQuantity(text);
    if (unit === '' || qty === null || qty <= 0 || unit === baseUnit) {
      problems.push({ key: 'packHalf' });
      continue;
    }
    given.push({ unit, qty, gtin: gtinOf(`pack${n}_gtin`) });
  }
  const packs = [...(item?.packs ?? [])];
  for (const { unit, qty, gtin } of given) {
    const at = packs.findIndex((pack) => pack.unit === unit);
    const former = packs[at];
    // No number in the file is no wish to take the one that is there away.
    const pack = { unit, qty_per_base: qty, gtin: gtin ?? former?.gtin ?? null };
    if (former) packs[at] = pack;
    else packs.push(pack);
  }
  const shape = inventoryItems.fields.packs.zod;
  if (packs.length > MOST_PACKS || (given.length > 0 && !shape.safeParse(packs).success)) {
    problems.push({ key: packs.length > MOST_PACKS ? 'packsMany' : 'packHalf' });
  }
  return { packs, named };
}

function readStatus(
  cells: Cells,
  item: Item | null,
  problems: RowProblem[],
): 'active' | 'discontinued' | null {
  const text = cells.text('status');
  if (text === '') return null;
  const status = readWord('status', text);
  if (status !== 'active' && status !== 'discontinued') {
    problems.push({ key: 'word', column: 'status', text });
    return null;
  }
  if (item === null && status === 'discontinued') problems.push({ key: 'newDiscontinued' });
  // Putting a draft into use is a decision about that one item, made on its page.
  if (item?.status === 'draft') problems.push({ key: 'draftState' });
  return status;
}
