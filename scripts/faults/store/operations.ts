import type { BulkWriteRow } from 'rxdb/plugins/core';
import { expandAct } from '#shared/merge/expand.ts';
import { sameContent } from '#shared/kernel/json.ts';
import type { Row } from '#shared/schema/define.ts';
import { isTableName } from '#shared/schema/tables.ts';
import { isDeviceOnly, originOfContext } from '#desktop/storage/origin.ts';
import type { Origin } from '#desktop/storage/storage-types.ts';
import { COLLECTIONS, bare, noteOfVersion } from './open-store.ts';
import type { OpenStore, Plain } from './open-store.ts';

/** A document as RxDB hands it to a storage. */
export type Document = Plain & {
  readonly _deleted: boolean;
  readonly _rev: string;
  readonly _meta: { readonly lwt: number };
};

/** One thing that is done to a store and acknowledged; plain JSON, so that it can be handed on. */
export type Operation =
  | {
      readonly kind: 'write';
      readonly collection: string;
      readonly context: string;
      readonly rows: readonly { readonly previous?: Document; readonly document: Document }[];
    }
  | {
      readonly kind: 'purge';
      readonly collection: string;
      readonly metaCollection: string;
      readonly ids: readonly string[];
      readonly unsent: 'keep' | 'purge';
    }
  | {
      readonly kind: 'release';
      readonly collection: string;
      readonly metaCollection: string;
      readonly ids: readonly string[];
    }
  | { readonly kind: 'cleanup'; readonly collection: string }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'keep'; readonly key: string; readonly value: string };

/** Does an operation on a real store; acknowledged when the promise resolves. */
export async function perform(store: OpenStore, operation: Operation): Promise<void> {
  switch (operation.kind) {
    case 'write': {
      const rows = operation.rows as unknown as BulkWriteRow<Plain>[];
      await store.instance(operation.collection).bulkWrite(rows, operation.context);
      return;
    }
    case 'purge': {
      const { collection, ids, metaCollection, unsent } = operation;
      store.storage.purge(collection, ids, { metaCollection, unsent });
      return;
    }
    case 'release': {
      const { collection, ids, metaCollection } = operation;
      store.storage.release(collection, ids, { metaCollection });
      return;
    }
    case 'cleanup':
      await store.instance(operation.collection).cleanup(0);
      return;
    case 'checkpoint':
      store.database.secureCheckpoint();
      return;
    case 'keep':
      store.database.kv.set(operation.key, operation.value);
  }
}

/** What a row must be after what was done to it. */
export interface ModelRow {
  readonly document: Document;
  readonly origin: Origin;
  /** Place in the order of changes of its table. */
  readonly order: number;
  /** True: the storage chose revision and time of the last write itself. */
  readonly chosen: boolean;
}

/**
 * What a store must hold after some operations: a plain copy of the rules of the storage and its
 * hooks, without SQL.
 */
export class Model {
  readonly tables: ReadonlyMap<string, Map<string, ModelRow>>;
  readonly kept: Map<string, string>;
  notesVersion: number;
  #order: number;

  constructor(from?: Model) {
    this.tables = new Map(
      COLLECTIONS.map((name) => [name, new Map(from?.tables.get(name) ?? [])] as const),
    );
    this.kept = new Map(from?.kept ?? []);
    this.notesVersion = from?.notesVersion ?? 1;
    this.#order = from ? from.#order : 0;
  }

  rows(collection: string): Map<string, ModelRow> {
    const rows = this.tables.get(collection);
    if (!rows) throw new Error(`no model of ${collection}`);
    return rows;
  }

  apply(operation: Operation): this {
    switch (operation.kind) {
      case 'write':
        this.#write(operation);
        break;
      case 'purge':
        this.#purge(operation);
        break;
      case 'release':
        this.#release(operation);
        break;
      case 'cleanup': {
        const rows = this.rows(operation.collection);
        for (const [id, row] of rows) {
          if (row.document._deleted && row.origin !== 'local') rows.delete(id);
        }
        break;
      }
      case 'keep':
        this.kept.set(operation.key, operation.value);
        break;
      case 'checkpoint':
        break;
    }
    return this;
  }

  /** The rows of the notes, and the copies of them, as the next version has them. */
  upgradeNotes(collections: { readonly notes: string; readonly meta: string }): this {
    this.notesVersion += 1;
    const notes = this.rows(collections.notes);
    for (const [id, row] of notes) {
      if (row.document._deleted) continue;
      const document = noteOfVersion(row.document, this.notesVersion) as Document;
      notes.set(id, { ...row, document });
    }
    const meta = this.rows(collections.meta);
    for (const [id, row] of meta) {
      const copy = row.document['docData'] as Plain | undefined;
      if (!copy || copy['_deleted'] === true) continue;
      const docData = noteOfVersion(copy, this.notesVersion);
      meta.set(id, { ...row, document: { ...row.document, docData } });
    }
    return this;
  }

  #put(collection: string, row: Omit<ModelRow, 'order'>): void {
    this.#order += 1;
    this.rows(collection).set(row.document['id'] as string, { ...row, order: this.#order });
  }

  #write(operation: Operation & { kind: 'write' }): void {
    const { collection, context } = operation;
    const origin = isDeviceOnly(collection) ? 'server' : originOfContext(context);
    const rows = this.rows(collection);
    const written: Document[] = [];
    for (const { previous, document } of operation.rows) {
      const id = document['id'] as string;
      // Such a row is refused by itself; the others of its batch are written.
      if (id === '') continue;
      const stored = rows.get(id);
      const isNext = stored !== undefined && previous?._rev === stored.document._rev;
      if (stored && !isNext) continue;
      this.#put(collection, { document, origin, chosen: false });
      written.push(document);
    }
    for (const document of written) {
      this.#confirm(collection, context, document);
      this.#expand(collection, document);
    }
  }

  #expand(collection: string, document: Document): void {
    if (!isTableName(collection)) return;
    for (const { table, row } of expandAct(collection, bare(document) as unknown as Row)) {
      if (this.rows(table).has(row.id)) continue;
      const derived = { ...row, _deleted: false, _attachments: {}, _rev: '', _meta: { lwt: 0 } };
      this.#put(table, { document: derived as Document, origin: 'derived', chosen: true });
    }
  }

  #confirm(collection: string, context: string, meta: Document): void {
    const table = collection.slice('rx-meta-'.length);
    if (!collection.startsWith('rx-meta-') || !isTableName(table)) return;
    if (context === 'replication-down-write-meta' || meta['isCheckpoint'] !== '0') return;
    const rows = this.rows(table);
    const row = rows.get(meta['itemId'] as string);
    if (!row || !sameContent(contentOf(row.document), contentOf(meta['docData'] as Plain))) return;
    rows.set(row.document['id'] as string, { ...row, origin: 'server' });
  }

  #purge({ collection, metaCollection, ids, unsent }: Operation & { kind: 'purge' }): void {
    const rows = this.rows(collection);
    for (const id of ids) {
      if (unsent === 'keep' && rows.get(id)?.origin === 'local') continue;
      rows.delete(id);
      this.rows(metaCollection).delete(`${id}|0`);
    }
  }

  #release({ collection, metaCollection, ids }: Operation & { kind: 'release' }): void {
    const rows = this.rows(collection);
    for (const id of ids) {
      const row = rows.get(id);
      if (!row || row.origin !== 'server' || row.document._deleted) continue;
      // The revision stays; only the time is chosen by the storage, and nobody reads it.
      this.#put(collection, { document: row.document, origin: 'local', chosen: true });
      this.rows(metaCollection).delete(`${id}|0`);
    }
  }
}

function contentOf(document: Plain): Plain {
  const { _meta, _rev, _attachments, ...content } = document;
  return content;
}
