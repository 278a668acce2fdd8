import { fold } from '../../../ui/fold.ts';
import { FROZEN, ITEM_FIELD_NAMES } from './item-values.ts';

/** Packs that a file can name, beside the base unit. */
export const IMPORT_PACKS = [1, 2, 3] as const;
export type PackNumber = (typeof IMPORT_PACKS)[number];

type PackColumn = `pack${PackNumber}_${'unit' | 'qty' | 'gtin'}`;
export type ImportColumn = (typeof ITEM_FIELD_NAMES)[number] | 'status' | 'gtin' | PackColumn;

/** What a column of a file can be, in the order in which it is offered. */
export const IMPORT_COLUMNS: readonly ImportColumn[] = [
  'sku',
  'name',
  ...ITEM_FIELD_NAMES.filter((name) => name !== 'sku' && name !== 'name'),
  'status',
  'gtin',
  ...IMPORT_PACKS.flatMap((n): PackColumn[] => [`pack${n}_unit`, `pack${n}_qty`, `pack${n}_gtin`]),
];

/** Which column of the file each field is read from; the place in a record, from 0. */
export type Mapping = Readonly<Partial<Record<ImportColumn, number>>>;

/** Names that files give to the columns, as `plain` makes them. */
const NAMES: Readonly<Partial<Record<ImportColumn, readonly string[]>>> = {
  sku: ['sku', 'itemno', 'itemnumber', 'itemcode', 'articulo', 'codigo', 'numero', 'number', 'id'],
  name: ['name', 'item', 'itemname', 'product', 'productname', 'title', 'nombre', 'producto'],
  category: ['category', 'group', 'categoria', 'grupo'],
  manufacturer: ['manufacturer', 'maker', 'brand', 'mfr', 'fabricante', 'marca'],
  kind: ['kind', 'type', 'itemtype', 'tipo', 'clase'],
  base_unit: ['baseunit', 'unit', 'uom', 'unitofmeasure', 'unidad', 'unidadbase'],
  lot_policy: ['lotpolicy', 'lot', 'lots', 'lote', 'lotes'],
  expiry_policy: ['expirypolicy', 'expiry', 'expiration', 'vencimiento', 'caducidad'],
  controlled_schedule: ['controlledschedule', 'schedule', 'controlled', 'deaschedule', 'lista'],
  hazardous: ['hazardous', 'hazard', 'peligroso'],
  description: ['description', 'notes', 'details', 'descripcion', 'notas'],
  expiry_alert_days: ['expiryalertdays', 'alertdays', 'diasdeaviso'],
  open_days: ['opendays', 'diasabierto'],
  open_hours: ['openhours', 'horasabierto'],
  vial_units: ['vialunits', 'unitspervial', 'content', 'contenido'],
  vial_unit: ['vialunit', 'contentunit', 'unidaddecontenido'],
  status: ['status', 'state', 'estado'],
  gtin: ['gtin', 'upc', 'ean', 'barcode', 'ndc', 'codigodebarras'],
};

const plain = (header: string): string => fold(header).replaceAll(/[^a-z0-9]/g, '');

/** Guesses by their headings what the columns are; each is used once. */
export function guessMapping(headers: readonly string[]): Mapping {
  const mapping: Partial<Record<ImportColumn, number>> = {};
  const used = new Set<number>();
  const take = (column: ImportColumn, fits: (header: string) => boolean): void => {
    if (mapping[column] !== undefined) return;
    const at = headers.findIndex((header, n) => !used.has(n) && fits(plain(header)));
    if (at < 0) return;
    mapping[column] = at;
    used.add(at);
  };
  for (const column of IMPORT_COLUMNS) {
    const pack = /^pack(\d)_(unit|qty|gtin)$/.exec(column);
    if (pack) {
      const [, n = '', what = ''] = pack;
      const words = {
        unit: 'unit|name|unidad',
        qty: 'qty|quantity|size|cantidad',
        gtin: 'gtin|upc',
      };
      const names = new RegExp(`^(pack|paquete)${n}(${words[what as keyof typeof words]})$`);
      take(column, (header) => names.test(header));
    } else take(column, (header) => header === plain(column));
  }
  for (const [column, names] of Object.entries(NAMES) as [ImportColumn, readonly string[]][]) {
    for (const name of names) take(column, (header) => header === name);
  }
  return mapping;
}

/** A mapping that was kept, for a file with these headings; null when it says nothing about them. */
export function readMapping(kept: string | null, headers: readonly string[]): Mapping | null {
  if (kept === null) return null;
  let known: unknown;
  try {
    known = JSON.parse(kept);
  } catch {
    return null;
  }
  if (known === null || typeof known !== 'object') return null;
  const mapping: Partial<Record<ImportColumn, number>> = {};
  for (const column of IMPORT_COLUMNS) {
    const header = (known as Record<string, unknown>)[column];
    const at = typeof header === 'string' ? headers.indexOf(header) : -1;
    if (at >= 0) mapping[column] = at;
  }
  return mapping.sku === undefined ? null : mapping;
}

/** A mapping by the headings of the file, to be kept. */
export const writeMapping = (mapping: Mapping, headers: readonly string[]): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(mapping).flatMap(([column, at]) => {
        const header = headers[at];
        return header === undefined ? [] : [[column, header]];
      }),
    ),
  );

/** Fields that a file leaves as they are. */
export const isFrozen = (column: ImportColumn): boolean =>
  (FROZEN as readonly string[]).includes(column);
