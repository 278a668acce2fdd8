import { readingOf } from '#shared/schema/reads.ts';
import type { Shown, ShownRecord, ViewDefinition } from './definition.ts';

/** Where nothing is shown. */
const NOTHING: readonly Shown[] = [];

/** True when a view can show anything that counts, by the classes of the tables that it reads. */
export const showsPeople = (view: { readonly reads: readonly string[] }): boolean =>
  view.reads.some((table) => readingOf(table) !== null);

/**
 * What an answer shows. A view that reads tables that count (`shared/schema/reads.ts`) and says nothing
 * of itself is taken at its word: one that is asked for a patient shows that patient's record; the rows
 * of a list are records of the first such table, about their `patient_id`.
 */
export function shownBy(
  view: Pick<ViewDefinition<never, unknown>, 'reads' | 'shows'>,
  arg: unknown,
  answer: unknown,
): readonly Shown[] {
  if (!showsPeople(view)) return NOTHING;
  if (view.shows) return view.shows(answer, arg as never);
  const patient = textOf(arg, 'patientId');
  if (patient !== null) {
    return [{ kind: 'record', table: 'patients', records: [{ id: patient, patient }] }];
  }
  const table = view.reads.find((name) => readingOf(name) !== null) ?? '';
  const rows = Array.isArray(answer) ? (answer as readonly unknown[]) : [answer];
  const records = rows.flatMap((row): ShownRecord[] => {
    const id = textOf(row, 'id') ?? textOf(row, 'row_id');
    return id === null ? [] : [{ id, patient: textOf(row, 'patient_id') }];
  });
  return records.length === 0 ? NOTHING : [{ kind: 'list', table, records }];
}

/** What rows show that a window asked a table for. @returns null where the table does not count */
export function shownRows(
  table: string,
  rows: readonly Readonly<Record<string, unknown>>[],
  isById: boolean,
): Shown | null {
  const reading = readingOf(table);
  if (!reading || rows.length === 0) return null;
  const { patient: column } = reading;
  const records = rows.flatMap((row): ShownRecord[] => {
    const id = textOf(row, 'id');
    return id === null ? [] : [{ id, patient: column === null ? null : textOf(row, column) }];
  });
  return { kind: isById ? 'record' : 'list', table, records };
}

function textOf(of: unknown, name: string): string | null {
  if (of === null || typeof of !== 'object') return null;
  const value = (of as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : null;
}
