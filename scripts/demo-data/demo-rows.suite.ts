import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { seedRows } from '../../supabase/make-seed.ts';
import { demoRows } from './demo-rows.ts';
import type { DemoOptions } from './world.ts';

/** A small set on a day that stays the same, late in its afternoon. */
export const SMALL: DemoOptions = {
  patients: 300,
  months: 2,
  seed: 7,
  today: '2026-11-19',
  now: Date.parse('2026-11-19T20:30:00Z'),
};

/** All rows of a set by table. */
export function allRows(options: DemoOptions): Map<TableName, Row[]> {
  const all = new Map<TableName, Row[]>();
  for (const { table, rows } of demoRows(options)) {
    all.set(table, [...(all.get(table) ?? []), ...rows]);
  }
  return all;
}

/** Ids that the seed has put into the database before, by table. */
export function seedIds(): Map<TableName, Set<string>> {
  return new Map(seedRows().map(({ table, rows }) => [table, new Set(rows.map(({ id }) => id))]));
}
