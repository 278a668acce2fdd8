import { metaOf } from '#desktop/storage/definitions.ts';
import { DOWNSTREAM_CONTEXT } from '#desktop/storage/origin.ts';
import type { Rng } from '../../demo-data/rng.ts';
import { NOTES } from './open-store.ts';
import type { Plain } from './open-store.ts';
import { Model } from './operations.ts';
import type { Document, ModelRow, Operation } from './operations.ts';

/** Any fixed day: what a plan holds follows from its seed alone. */
const BEGAN = Date.UTC(2026, 0, 5);
const SITE = '00000000-0000-7000-8000-0000000a0001';
const PERSON = '00000000-0000-7000-8000-0000000a0002';
const DEVICE = '00000000-0000-7000-8000-0000000a0003';
const NODE = '0123456789ab';

export type Weights = Readonly<Partial<Record<keyof typeof MAKERS, number>>>;

/** How often each operation comes in ordinary work. */
export const MIXED: Weights = {
  insertOne: 14,
  insertMany: 6,
  edit: 12,
  act: 12,
  pulled: 8,
  pushed: 12,
  deleted: 4,
  purged: 3,
  released: 3,
  cleaned: 3,
  checkpoint: 3,
  keep: 4,
};

/**
 * Operations that follow from each other, and from what the store holds already.
 * @param rows how many rows a large batch has at most
 */
export function makePlan(
  rng: Rng,
  before: Model,
  count: number,
  weights: Weights = MIXED,
  rows = 24,
): Operation[] {
  const model = new Model(before);
  const choices = Object.entries(weights) as [keyof typeof MAKERS, number][];
  const operations: Operation[] = [];
  while (operations.length < count) {
    const operation = MAKERS[rng.weighted(choices)]({ rng, model, rows });
    if (!operation) continue;
    operations.push(operation);
    model.apply(operation);
  }
  return operations;
}

interface Making {
  readonly rng: Rng;
  readonly model: Model;
  readonly rows: number;
}

const RECORDS = ['item_locations', NOTES] as const;

const MAKERS = {
  insertOne({ rng, model }: Making): Operation {
    const collection = rng.pick(RECORDS);
    return local(collection, [{ document: newRecord(rng, model, collection) }]);
  },

  /** A batch with rows that cannot be written: they fail alone. */
  insertMany({ rng, model, rows }: Making): Operation {
    const collection = rng.pick(RECORDS);
    const batch = Array.from({ length: rng.int(2, rows) }, () => ({
      document: newRecord(rng, model, collection),
    }));
    const [there] = live(rng, model, collection, 1);
    if (there) batch.push({ document: { ...there.document, _rev: '1-conflicts' } });
    if (rng.chance(0.3)) batch.push({ document: { ...newRecord(rng, model, collection), id: '' } });
    return local(collection, batch);
  },

  edit({ rng, model }: Making): Operation | undefined {
    const collection = rng.pick(RECORDS);
    const found = live(rng, model, collection, rng.int(1, 6));
    if (found.length === 0) return undefined;
    return local(
      collection,
      found.map(({ document }) => ({ previous: document, document: edited(rng, document) })),
    );
  },

  act({ rng }: Making): Operation {
    const acts = Array.from({ length: rng.int(1, 3) }, () => ({ document: newAct(rng) }));
    return local('stock_acts', acts);
  },

  /** What the server sends: new rows and newer states of rows that it has. */
  pulled({ rng, model, rows }: Making): Operation {
    const collection = rng.pick(RECORDS);
    const fresh = Array.from({ length: rng.int(1, rows) }, () => ({
      document: newRecord(rng, model, collection),
    }));
    const newer = live(rng, model, collection, 4)
      .filter(({ origin }) => origin === 'server')
      .map(({ document }) => ({ previous: document, document: edited(rng, document) }));
    return {
      kind: 'write',
      collection,
      context: `${DOWNSTREAM_CONTEXT}faults`,
      rows: [...fresh, ...newer],
    };
  },

  /** The server has taken rows: their meta rows say so, and confirm them in the same transaction. */
  pushed({ rng, model }: Making): Operation | undefined {
    const table = rng.pick(['item_locations', 'item_locations', 'stock_acts', NOTES]);
    const waiting = [...model.rows(table).values()].filter(({ origin }) => origin === 'local');
    const rows = rng.sample(waiting, rng.int(1, 8)).map(({ document }) => {
      const { _meta, _rev, _attachments, ...state } = document;
      const known = model.rows(metaOf(table)).get(`${String(document['id'])}|0`)?.document;
      // Some were edited meanwhile: those stay local.
      const docData = rng.chance(0.15) ? { ...state, bin: 'older', body: 'older' } : state;
      const meta = {
        id: `${String(document['id'])}|0`,
        isCheckpoint: '0',
        itemId: document['id'],
        docData,
        _deleted: false,
        _attachments: {},
        _rev: nextRev(rng, known?._rev),
        _meta: { lwt: BEGAN + rng.int(0, 1e9) },
      } as unknown as Document;
      return known ? { previous: known, document: meta } : { document: meta };
    });
    if (rows.length === 0) return undefined;
    return { kind: 'write', collection: metaOf(table), context: 'replication-up-write-meta', rows };
  },

  deleted({ rng, model }: Making): Operation | undefined {
    const collection = rng.pick(RECORDS);
    const found = live(rng, model, collection, rng.int(1, 5));
    if (found.length === 0) return undefined;
    const rows = found.map(({ document }) => ({
      previous: document,
      document: { ...edited(rng, document), _deleted: true },
    }));
    const context = rng.chance(0.6) ? `${DOWNSTREAM_CONTEXT}faults` : 'window-1';
    return { kind: 'write', collection, context, rows };
  },

  purged({ rng, model }: Making): Operation | undefined {
    const collection = rng.pick(RECORDS);
    const ids = someIds(rng, model, collection, 6);
    if (ids.length === 0) return undefined;
    const unsent = rng.chance(0.8) ? 'keep' : 'purge';
    return { kind: 'purge', collection, metaCollection: metaOf(collection), ids, unsent };
  },

  released({ rng, model }: Making): Operation | undefined {
    const collection = rng.pick(RECORDS);
    const ids = someIds(rng, model, collection, 4);
    if (ids.length === 0) return undefined;
    return { kind: 'release', collection, metaCollection: metaOf(collection), ids };
  },

  cleaned: ({ rng }: Making): Operation => ({ kind: 'cleanup', collection: rng.pick(RECORDS) }),

  checkpoint: (): Operation => ({ kind: 'checkpoint' }),

  keep: ({ rng }: Making): Operation => ({
    kind: 'keep',
    key: `faults.${rng.int(1, 4)}`,
    value: `${rng.hex(8)}`.repeat(rng.int(1, 40)),
  }),
};

const local = (
  collection: string,
  rows: readonly { readonly previous?: Document; readonly document: Document }[],
): Operation => ({ kind: 'write', collection, context: 'window-1', rows });

function live(rng: Rng, model: Model, collection: string, count: number): ModelRow[] {
  const rows = [...model.rows(collection).values()].filter(({ document }) => !document._deleted);
  return rng.sample(rows, count);
}

const someIds = (rng: Rng, model: Model, collection: string, count: number): string[] =>
  rng.sample([...model.rows(collection).keys()], rng.int(1, count));

const newId = (rng: Rng): string => {
  const hex = rng.hex(32);
  const [a, b, c, d] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16), hex.slice(17, 20)];
  return `${a}-${b}-7${c}-8${d}-${hex.slice(20)}`;
};

const nextRev = (rng: Rng, rev = '0-'): string => `${Number.parseInt(rev, 10) + 1}-${rng.hex(10)}`;

const internals = (rng: Rng, rev?: string): Document => ({
  _deleted: false,
  _attachments: {},
  _rev: nextRev(rng, rev),
  _meta: { lwt: BEGAN + rng.int(0, 1e9) },
});

function newRecord(rng: Rng, model: Model, collection: (typeof RECORDS)[number]): Document {
  const fields: Plain = collection === NOTES ? noteFields(rng, model) : placeFields(rng);
  return { id: newId(rng), ...fields, ...internals(rng) };
}

/** Some bodies are larger than a page, so that overflow pages take part. */
const noteFields = (rng: Rng, { notesVersion }: Model): Plain => ({
  body: `é${rng.hex(16)}`.repeat(rng.chance(0.1) ? 180 : rng.int(1, 12)),
  n: rng.int(0, 50),
  level: notesVersion,
});

const placeFields = (rng: Rng): Plain => ({
  item_id: newId(rng),
  location_id: SITE,
  par: rng.int(0, 1_000) * 10_000,
  min: null,
  max: null,
  reorder_qty: null,
  bin: `B-${rng.hex(4)}`,
  is_stocked: rng.chance(0.5),
  created_at: BEGAN,
  created_by: PERSON,
  device_id: DEVICE,
  field_hlc: { par: `${rng.hex(12)}-0000-${NODE}` },
});

function edited(rng: Rng, document: Document): Document {
  const changes: Plain =
    'body' in document
      ? {
          body: `ß${rng.hex(16)}`.repeat(rng.chance(0.1) ? 180 : rng.int(1, 12)),
          n: rng.int(0, 50),
        }
      : { par: rng.int(0, 1_000) * 10_000, bin: `B-${rng.hex(4)}` };
  return { ...document, ...changes, ...internals(rng, document._rev) } as Document;
}

function newAct(rng: Rng): Document {
  const item = newId(rng);
  const lines = Array.from({ length: rng.int(1, 12) }, (_, at) => ({
    item_id: item,
    qty_base: rng.int(1, 100) * 10_000,
    // Lines of one lot are one lot.
    lot_no: rng.chance(0.8) ? `LOT${rng.int(1, 6)}` : null,
    expiry_date: null,
    serial: '',
    entered_unit: 'each',
    entered_qty: String(at + 1),
    unit_cost_cents: null,
  }));
  return {
    id: newId(rng),
    created_at: BEGAN,
    created_by: PERSON,
    device_id: DEVICE,
    hlc: `${rng.hex(12)}-0000-${NODE}`,
    origin_seq: rng.int(1, 1e6),
    kind: 'receive',
    location_id: SITE,
    occurred_at: BEGAN + rng.int(0, 1e9),
    local_date: '2026-01-05',
    reason_code: null,
    note: `N ${rng.hex(8)}`,
    lines,
    witnessed_by: null,
    ...internals(rng),
  } as unknown as Document;
}
