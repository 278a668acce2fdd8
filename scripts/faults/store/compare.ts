import { canonicalJson } from '#shared/kernel/json.ts';
import type { Dump, DumpTable } from './read-store.ts';
import type { Model, ModelRow } from './operations.ts';

/** One way in which a store differs from what it must hold. */
export interface Difference {
  readonly kind: 'missing' | 'unexpected' | 'content' | 'origin' | 'order' | 'kept' | 'waiting';
  readonly words: string;
}

/** All differences between what a store holds and what it must hold; none: every row is exact. */
export function differences(model: Model, dump: Dump): Difference[] {
  const found: Difference[] = [];
  for (const [collection, rows] of model.tables) {
    const table = dump.tables[collection];
    if (!table) {
      found.push({ kind: 'missing', words: `table ${collection}` });
      continue;
    }
    found.push(...tableDifferences(collection, rows, table));
  }
  const kept = canonicalJson(Object.fromEntries(model.kept));
  if (kept !== canonicalJson(dump.kept)) found.push({ kind: 'kept', words: 'kept values' });
  return found;
}

function tableDifferences(
  collection: string,
  wanted: ReadonlyMap<string, ModelRow>,
  table: DumpTable,
): Difference[] {
  const found: Difference[] = [];
  const seen = new Set<string>();
  for (const { document, origin } of table.rows) {
    const id = String(document['id']);
    const row = wanted.get(id);
    seen.add(id);
    if (!row) {
      found.push({ kind: 'unexpected', words: `${collection} ${id}` });
      continue;
    }
    if (contentOf(row, document) !== contentOf(row, row.document)) {
      found.push({ kind: 'content', words: `${collection} ${id}` });
    }
    if (row.origin !== origin) {
      found.push({ kind: 'origin', words: `${collection} ${id} is ${origin}, not ${row.origin}` });
    }
  }
  for (const id of wanted.keys()) {
    if (!seen.has(id)) found.push({ kind: 'missing', words: `${collection} ${id}` });
  }
  if (found.length === 0) {
    const order = [...wanted.entries()].toSorted(([, a], [, b]) => a.order - b.order);
    const ids = table.rows.map(({ document }) => String(document['id']));
    if (order.map(([id]) => id).join() !== ids.join()) {
      found.push({ kind: 'order', words: `${collection}: order of the change feed` });
    }
  }
  const waiting = [...wanted.values()].filter(({ origin }) => origin === 'local').length;
  if (waiting !== table.waiting) {
    found.push({ kind: 'waiting', words: `${collection}: ${table.waiting}, not ${waiting}` });
  }
  return found;
}

/** Where the storage chose revision and time itself, they are not compared. */
function contentOf({ chosen, origin }: ModelRow, document: object): string {
  if (!chosen) return canonicalJson(document as never);
  const { _meta, _rev, ...content } = document as Record<string, unknown>;
  return canonicalJson({ ...content, ...(origin === 'derived' ? {} : { _rev }) } as never);
}

/** What must hold of every store, whatever was written to it. */
export function brokenRules(dump: Dump): string[] {
  const broken: string[] = [];
  if (dump.quickCheck.join() !== 'ok') broken.push(`check: ${dump.quickCheck.join('; ')}`);
  if (dump.integrityCheck.join() !== 'ok') {
    broken.push(`integrity: ${dump.integrityCheck.slice(0, 3).join('; ')}`);
  }
  for (const [collection, table] of Object.entries(dump.tables)) {
    if (!table.agrees) broken.push(`${collection}: change feed and primary key disagree`);
    const seqs = table.rows.map(({ seq }) => seq);
    if (new Set(seqs).size !== seqs.length) broken.push(`${collection}: a seq was given twice`);
    if (Math.max(0, ...seqs) > table.lastSeq) broken.push(`${collection}: last seq is behind`);
    const live = table.rows
      .filter(({ document }) => !document._deleted)
      .map(({ document }) => String(document['id']))
      .toSorted();
    if (live.join() !== table.liveIds.join() || live.length !== table.liveCount) {
      broken.push(`${collection}: an index and the table disagree`);
    }
  }
  return broken;
}

/** Remembers which change had which number, over all openings of a file. */
export class SeqWatch {
  readonly #owner = new Map<string, string>();
  readonly #last = new Map<string, number>();

  /** @returns what is wrong with the numbers of this opening */
  look(dump: Dump): string[] {
    const broken: string[] = [];
    for (const [collection, { rows, lastSeq }] of Object.entries(dump.tables)) {
      if (lastSeq < (this.#last.get(collection) ?? 0)) {
        broken.push(`${collection}: last seq went back`);
      }
      this.#last.set(collection, lastSeq);
      for (const { document, seq } of rows) {
        const key = `${collection} ${seq}`;
        const owner = `${String(document['id'])} ${document._rev}`;
        const known = this.#owner.get(key);
        if (known !== undefined && known !== owner) broken.push(`seq ${key} was given twice`);
        this.#owner.set(key, owner);
      }
    }
    return broken;
  }
}
