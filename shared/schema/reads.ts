import type { Field, TableDefinition } from './define.ts';
import { TABLE_NAMES, tableOf } from './tables.ts';
import type { TableName } from './tables.ts';

/**
 * Of which tables reading is written down: the one place that says so. It follows from the classes of
 * their fields, so that a new table counts, or does not, without a line of code.
 *
 * A table counts when a device gets a field of class P2 of it (clinical, insurance or financial), and
 * when it is the people themselves: whoever opens a patient's page learns who comes here.
 */
export interface Reading {
  /** Column with the patient whom a row is about; null where the row names none. */
  readonly patient: string | null;
}

/**
 * Tables with a field of class P2 that says nothing by itself, and why. Everything else about the rule
 * is a class of a field.
 */
const SAY_NOTHING: Readonly<Partial<Record<TableName, string>>> = {
  stock_movements: 'an opaque token; whom it stands for is read in patient_refs',
};

const isRead = ({ phi, onDevice }: Field<unknown>): boolean => phi === 'P2' && onDevice;

function readingBy(name: TableName): Reading | null {
  const { fields, window }: TableDefinition = tableOf(name);
  const isPerson = window?.subject === 'patients' && window.column === 'id';
  if (isPerson) return { patient: 'id' };
  if (SAY_NOTHING[name] !== undefined || !Object.values(fields).some(isRead)) return null;
  const patient = Object.entries(fields).find(([, field]) => field.references === 'patients');
  return { patient: patient?.[0] ?? null };
}

const READINGS: ReadonlyMap<string, Reading> = new Map(
  TABLE_NAMES.flatMap((name) => {
    const reading = readingBy(name);
    return reading ? [[name, reading] as const] : [];
  }),
);

/** How reading a table is written down; null where it is not. */
export const readingOf = (table: string): Reading | null => READINGS.get(table) ?? null;

/** Tables of which reading is written down. */
export const READ_TABLES: readonly TableName[] = TABLE_NAMES.filter((name) => READINGS.has(name));
