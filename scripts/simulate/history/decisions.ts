import { sameContent } from '#shared/kernel/json.ts';
import { editsOf } from '#shared/merge/decide.ts';
import { stampsOf } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { linesOf, undoOf } from '#shared/schema/review-lines.ts';
import type { ReviewLine } from '#shared/schema/tables/review-decisions.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import * as made from '../world/clinic.ts';
import type { Part } from '../world/ledger.ts';
import { some, write } from './hand.ts';
import type { Fields, Hand } from './hand.ts';

/** Two values of a field, as a review or the log of conflicts has them. */
interface Conflict {
  readonly about: ReviewLine['about'];
  readonly row: Row;
  readonly kept: unknown;
  readonly lost: unknown;
}

/** One click in the review: a value for each contested field of a record, as far as they are open. */
export async function decideConflict(hand: Hand): Promise<void> {
  const conflicts = [...openReviews(hand), ...logged(hand)].toSorted((a, b) =>
    a.row.id < b.row.id ? -1 : 1,
  );
  if (conflicts.length === 0) return;
  const { row: first } = hand.rng.pick(conflicts);
  const table = first['table_name'];
  const record = isTableName(table) ? hand.device.row(table, String(first['row_id'])) : null;
  if (!isTableName(table) || !record) return;
  const ofRecord = Map.groupBy(
    conflicts.filter(({ row }) => row['row_id'] === record.id),
    ({ row }) => String(row['field']),
  );
  const lines = [...ofRecord].slice(0, hand.rng.int(1, 3)).flatMap(([field, [conflict]]) => {
    return conflict ? [lineOf(hand, record, field, conflict)] : [];
  });
  const { location } = tableOf(table).scope;
  await decide(hand, table, record, {
    location_id: location === undefined ? null : (record[location] ?? null),
    table_name: table,
    row_id: record.id,
    lines,
    reverses_id: null,
    accepted_at: null,
  });
}

/** A decision is taken back as a whole. */
export async function undoDecision(hand: Hand): Promise<void> {
  const decision = some(hand, 'review_decisions', (row) => row['reverses_id'] === null);
  const table = decision?.['table_name'];
  if (!decision || !isTableName(table)) return;
  const record = hand.device.row(table, String(decision['row_id']));
  if (record) await decide(hand, table, record, undoOf(decision));
}

const openReviews = (hand: Hand): Conflict[] =>
  rowsOf(hand, 'review_items')
    .filter((row) => row['kind'] === 'field_conflict' && row['status'] === 'open')
    .map((row) => {
      const facts = row['facts'] as Record<'kept' | 'lost', { readonly value: unknown }>;
      return { about: 'review_items', row, kept: facts.kept.value, lost: facts.lost.value };
    });

const logged = (hand: Hand): Conflict[] =>
  rowsOf(hand, 'conflict_log')
    .filter((row) => row['rule'] === 'LWW')
    .map((row) => ({
      about: 'conflict_log',
      row,
      kept: row['kept_value'],
      lost: row['lost_value'],
    }));

const rowsOf = ({ device }: Hand, table: TableName): Row[] =>
  [...device.rows(table).values()].map(({ row }) => row);

function lineOf(
  hand: Hand,
  record: Row,
  field: string,
  { about, row, kept, lost }: Conflict,
): ReviewLine {
  const choice = hand.rng.pick(['kept', 'lost', 'lost', 'other'] as const);
  const typed =
    field === 'packs'
      ? [{ unit: hand.world.newValue(), qty_per_base: 10_000, gtin: null }]
      : hand.world.newValue();
  const value = { kept, lost, other: typed }[choice] ?? null;
  return {
    about,
    about_id: row.id,
    field,
    choice,
    value: value as ReviewLine['value'],
    before: (record[field] ?? null) as ReviewLine['before'],
    seen: stampsOf(record)[field] ?? null,
  };
}

/** Writes a decision, and notes that the values which it gives are saved with it. */
async function decide(hand: Hand, table: TableName, record: Row, fields: Fields): Promise<void> {
  const { world, device } = hand;
  const id = made.simId('row', world.newValue());
  const system = { id, created_at: 0, created_by: null, device_id: null };
  const unsaid = made.rowAs('review_decisions', system, fields);
  const outcome = await write(hand, 'review_decisions', id, () => unsaid);
  if (outcome.kind !== 'saved' && outcome.kind !== 'cut-short') return;
  const parts = linesOf(unsaid).flatMap(({ field, value, before }): Part[] =>
    field === null || sameContent(value, before) ? [] : [{ kind: 'value', field, value, before }],
  );
  if (outcome.kind === 'cut-short') {
    world.ledger.noteUntold(device, table, record, world.tally.step, parts);
    return;
  }
  world.ledger.note(device, table, record, world.tally.step, parts, id);
  world.ledger.decidedAt.set(String(outcome.row.hlc), id);
  for (const { choice } of linesOf(unsaid)) world.tally.did(`decided: ${choice}`);
  const isEdited = editsOf(outcome.row).every(({ table: of, id: at, fields: values, hlc }) => {
    const row = device.row(of, at);
    return Object.keys(values).every((name) => (stampsOf(row)[name] ?? '') >= hlc);
  });
  world.tally.check(3, isEdited ? null : `decision ${id} without what it decides`);
}
