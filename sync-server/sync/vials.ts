import { derivedId } from '#shared/kernel/ids.ts';
import { vialStates } from '#shared/merge/derive/open-vials.ts';
import type { VialFact, VialState } from '#shared/merge/derive/open-vials.ts';
import type { Expansion } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import type { Batch } from './batch.ts';
import { writeNotes } from './notes.ts';
import { placesOf, reviewRow, subjectOf, takeStep, vialsOf } from './stock.ts';

/** What follows from acts with opened containers: one from which more was taken than was in it opens a review. */

/** Remembers an opened container from which something was taken, or put back. */
export function noteVial(batch: Batch, act: Row): void {
  for (const id of vialsOf(act)) batch.vialsToJudge.add(id);
}

/**
 * Opens a review for every container that two people drew empty without seeing each other, and closes it
 * once so much was taken back. What was drawn stands in any case: it happened.
 */
export async function judgeVials(batch: Batch): Promise<void> {
  const ids = [...batch.vialsToJudge];
  if (ids.length === 0) return;
  const [opened, taken] = await Promise.all([
    batch.store.rows('vial_acts', ids),
    batch.store.find('vial_acts', { fields: { vial_id: ids } }),
  ]);
  const states = vialStates([...opened.values(), ...taken] as (Row & VialFact)[]);
  const vials = [...opened.values()].flatMap((act) => {
    const state = states.get(act.id);
    const shelf = { itemId: String(act['item_id']), locationId: String(act['location_id']) };
    return state ? [{ act, state, shelf }] : [];
  });
  const places = await placesOf(
    batch,
    vials.map(({ shelf }) => shelf),
  );
  const subjects = vials.map((vial) => ({ ...vial, ...subjectOf(vial.shelf, places) }));
  const reviews = await batch.store.find('review_items', {
    fields: { row_id: subjects.map(({ rowId }) => rowId), kind: ['vial_overdrawn'] },
  });
  const asked: Expansion[] = [];
  for (const { act, state, shelf, table, rowId } of subjects) {
    const about = reviews.filter(({ facts }) => vialIn(facts) === act.id);
    const open = about.find(({ status }) => status === 'open');
    if (open && state.over === 0) await takeStep(batch, 'review_items', open, 'void');
    else if (!open && state.over > 0 && !about.some(({ facts }) => overIn(facts) >= state.over)) {
      asked.push(
        reviewRow(batch, {
          id: derivedId('vial-overdrawn', act.id, String(about.length)),
          location_id: shelf.locationId,
          kind: 'vial_overdrawn',
          table_name: table,
          row_id: rowId,
          facts: factsOf(act, state),
        }),
      );
    }
  }
  await writeNotes(batch, asked);
}

const factsOf = (act: Row, { content, over }: VialState) => ({
  item_id: act['item_id'],
  lot_id: act['lot_id'],
  vial_id: act.id,
  content,
  over,
  unit: act['unit'],
});

const vialIn = (facts: unknown): unknown => (facts as { vial_id?: unknown } | null)?.vial_id;
/** By how much it was overdrawn when it was asked last: what was settled is not asked again for less. */
const overIn = (facts: unknown): number => Number((facts as { over?: unknown } | null)?.over ?? 0);
