import { canBeReleased } from '#shared/access/matrix.ts';
import { mayDo } from '#shared/access/rights.ts';
import { isStockTable, wrongInAct } from '#shared/access/stock-rules.ts';
import type { JudgedItem } from '#shared/access/stock-rules.ts';
import { parseHlc } from '#shared/kernel/hlc.ts';
import { sameContent } from '#shared/kernel/json.ts';
import { expandAct } from '#shared/merge/expand.ts';
import type { Expansion } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import { askedAt, lacksLot } from '#shared/schema/lots.ts';
import { isTableName, sourcesOf, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { answer, isRefusedAgain, noteWrite, settle, writeSet } from './batch.ts';
import type { Batch } from './batch.ts';
import { goneRows } from './conflict/gone.ts';
import { checkCountLines } from './counts.ts';
import { itemIdsOf } from './first-reads.ts';
import { wholeOf } from './conflict/judge-record.ts';
import type { FirstReads } from './first-reads.ts';
import type { Incoming } from './incoming.ts';
import { writeAsEngine } from './notes.ts';
import { OK, later, master, refused } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { noteMovement } from './stock.ts';
import { noteVial } from './vials.ts';

/** A fact that may be written, with the rows that it stands for. */
interface Unit {
  readonly incoming: Incoming;
  readonly expansions: readonly Expansion[];
}

/** Inserts facts; what is there already is only compared. */
export async function pushFacts(
  batch: Batch,
  table: TableName,
  rows: readonly Incoming[],
  reads: FirstReads,
): Promise<void> {
  const there = reads.facts.get(table);
  const gone = await goneRows(
    batch,
    table,
    rows.filter(({ id }) => !there?.has(id)),
  );
  const allowed: Incoming[] = [];
  for (const incoming of rows) {
    const known = there?.get(incoming.id);
    if (!known && isRefusedAgain(batch, incoming, reads)) continue;
    if (gone.has(incoming.id)) {
      answer(batch, incoming, refused('SYNC_ROW_GONE'));
      continue;
    }
    const outcome = known ? judgeKnown(batch, incoming, known) : judgeNew(batch, incoming);
    if (outcome && !known && isLate(batch, incoming)) batch.quarantine.push(incoming);
    else if (outcome) answer(batch, incoming, outcome);
    else allowed.push(incoming);
  }
  const units = await prepare(
    batch,
    table,
    withFreeNumbers(allowed, reads.taken.get(table)),
    reads,
  );
  await writeSet(
    batch,
    units,
    (some) => writeFacts(batch, table, some),
    (some, expanded) => {
      for (const { incoming } of some) {
        const { row, clamped } = incoming;
        noteWrite(batch, 'insert', table, row, {
          fields: Object.keys(tableOf(table).fields).filter((name) => row[name] !== null),
          occurredAt: parseHlc(row.hlc ?? '').ms,
        });
        // The device takes over the time that the server gave its stamp.
        settle(batch, incoming, clamped ? master(row) : OK);
        if (table === 'vial_acts') noteVial(batch, row);
      }
      for (const { table: target, row } of expanded) {
        noteWrite(batch, 'expand', target, row);
        if (target === 'stock_movements') noteMovement(batch, row);
        if (target === 'vial_acts') noteVial(batch, row);
      }
    },
  );
}

/** A fact that came before: the same content is done already, any other is an attempt to change it. */
function judgeKnown(batch: Batch, incoming: Incoming, known: Row): Outcome {
  const { table } = incoming;
  const sent = wholeOf(incoming, incoming.sent, known);
  const { hlc: sentHlc = '', origin_seq: sentSeq, ...content } = sent;
  const { hlc: knownHlc = '', origin_seq: knownSeq, ...knownContent } = known;
  // Its number was taken when it came first, or its stamp lay in the future and was brought back.
  const sameSeq = sentSeq === knownSeq;
  const sameStamp = sentHlc === knownHlc;
  const earlier = sentHlc > knownHlc && parseHlc(sentHlc).node === parseHlc(knownHlc).node;
  if (sameContent(content, knownContent) && (sameSeq || knownSeq === null)) {
    if (sameSeq && sameStamp) return OK;
    if (sameStamp || earlier) return master(known);
  }
  return mayDo(batch.grants, batch.userId, table, 'create', sent)
    ? refused('SYNC_ROW_IMMUTABLE')
    : refused('SYNC_ROW_REFUSED');
}

/** Null when the fact may be written as far as its own content tells. */
export function judgeNew(batch: Batch, { table, row }: Incoming): Outcome | null {
  const wrong: string[] = [];
  if (row.created_by !== batch.userId) wrong.push('created_by');
  if (row.device_id !== batch.deviceId) wrong.push('device_id');
  for (const name of tableOf(table).actors) {
    if (row[name] !== null && row[name] !== batch.userId) wrong.push(name);
  }
  if (wrong.length > 0) return refused('SYNC_ROW_REFUSED', wrong);
  return mayDo(batch.grants, batch.userId, table, 'create', row)
    ? null
    : refused('SYNC_ROW_REFUSED');
}

/** True for a fact that only rights that have ended would let pass. */
export function isLate(batch: Batch, incoming: Incoming): boolean {
  const { grants, ended } = batch;
  if (ended.grants.length === 0 || !canBeReleased(incoming.table)) return false;
  return judgeNew({ ...batch, grants: [...grants, ...ended.grants] }, incoming) === null;
}

/**
 * A device that was restored from a copy counts its facts from where the copy stood. What happened
 * counts more than its number: a fact whose number is taken is kept without one.
 */
export function withFreeNumbers(
  rows: readonly Incoming[],
  taken: ReadonlySet<number> = new Set(),
): readonly Incoming[] {
  const used = new Set<number>();
  return rows.map((incoming) => {
    const seq = incoming.row.origin_seq ?? null;
    if (seq === null) return incoming;
    const free = !taken.has(seq) && !used.has(seq);
    used.add(seq);
    if (free) return incoming;
    return { ...incoming, row: { ...incoming.row, origin_seq: null }, clamped: true };
  });
}

/** Checks that need other rows, and expansion. Rows that fail are answered here. */
async function prepare(
  batch: Batch,
  table: TableName,
  rows: readonly Incoming[],
  reads: FirstReads,
): Promise<Unit[]> {
  if (rows.length === 0) return [];
  if (table === 'count_lines') {
    const good = await checkCountLines(batch, rows);
    return good.map((incoming) => ({ incoming, expansions: [] }));
  }
  if (isStockTable(table)) return prepareActs(batch, rows, reads.items);
  return expandAll(batch, rows);
}

/** What acts stand for; those whose lines say what no row can hold are answered here. */
function expandAll(batch: Batch, acts: readonly Incoming[]): Unit[] {
  return acts.flatMap((incoming): Unit[] => {
    const expansions = expandSafely(incoming);
    if (expansions) return [{ incoming, expansions }];
    answer(batch, incoming, refused('SYNC_ROW_INVALID', ['lines']));
    return [];
  });
}

async function prepareActs(
  batch: Batch,
  acts: readonly Incoming[],
  known: ReadonlyMap<string, Row>,
): Promise<Unit[]> {
  const expanded = expandAll(batch, acts);
  // Items that came with this very push were not there at first.
  const missing = itemIdsOf(acts).filter((id) => !known.has(id));
  const items = new Map([...known, ...(await batch.store.rows('inventory_items', missing))]);
  const gone = await batch.store.gone(
    'inventory_items',
    missing.filter((id) => !items.has(id)),
  );
  return expanded.filter(({ incoming, expansions }) => {
    const asked = (id: string): Row | undefined => {
      const item = items.get(id);
      return item && askedAt(item, incoming.row.hlc);
    };
    const outcome = judgeLines(expansions, asked, gone) ?? judgeAct(incoming, asked);
    if (outcome) answer(batch, incoming, outcome);
    return outcome === null;
  });
}

/**
 * The rows of an act, or null when its lines say something that a lot or a movement cannot hold (an
 * unreadable lot number, for example).
 */
function expandSafely({ table, row }: Incoming): Expansion[] | null {
  try {
    return expandAct(table, row);
  } catch (error) {
    // Expansion is pure: whatever it throws is the fault of what the lines say.
    if (error instanceof Error) return null;
    throw error;
  }
}

/** What an act says must hold together, and who has to see or sign it is named. */
function judgeAct(
  { table, row }: Incoming,
  asked: (id: string) => Row | undefined,
): Outcome | null {
  if (!isStockTable(table)) return null;
  const wrong = wrongInAct(table, row, (id) => asked(id) as (Row & JudgedItem) | undefined);
  return wrong.length > 0 ? refused('SYNC_ROW_INVALID', wrong) : null;
}

/**
 * Every line names a known item, and a lot and its expiry date where the item wants them.
 * @param asked the item as it was for whoever made the act
 */
function judgeLines(
  expansions: readonly Expansion[],
  asked: (id: string) => Row | undefined,
  gone: ReadonlySet<string>,
): Outcome | null {
  for (const { table, row } of expansions) {
    const id = row['item_id'] as string | undefined;
    if (id === undefined) continue;
    const item = asked(id);
    if (!item && gone.has(id)) return refused('SYNC_ROW_GONE', ['lines']);
    if (!item) return later('SYNC_PARENT_MISSING');
    if (lacksLot(table, row, item)) return refused('SYNC_ROW_INVALID', ['lines']);
  }
  return null;
}

/** Writes facts and what they stand for; returns the expanded rows that were new. */
async function writeFacts(
  batch: Batch,
  table: TableName,
  units: readonly Unit[],
): Promise<Expansion[]> {
  const facts = (): Promise<void> =>
    batch.store.insertAsPerson(
      table,
      units.map(({ incoming }) => incoming.row),
    );
  const made = (): Promise<Expansion[]> =>
    writeAsEngine(
      batch,
      units.flatMap(({ expansions }) => expansions),
    );
  // Sent one behind the other, answered together: what the others refer to goes first.
  if (!refersToWhatItMakes(table)) return (await Promise.all([facts(), made()]))[1];
  return (await Promise.all([made(), facts()]))[0];
}

/** True for acts that name a row which they stand for themselves, as a sample its movement's act. */
const refersToWhatItMakes = (table: TableName): boolean =>
  Object.values(tableOf(table).fields).some(
    ({ references }) => isTableName(references) && sourcesOf(references).includes(table),
  );
