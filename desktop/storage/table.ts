import type { EventBulk, RxStorageChangeEvent } from 'rxdb/plugins/core';
import { Subject } from 'rxjs';
import type { ColumnFacts } from './column-facts.ts';
import type { EncryptedDatabase, PreparedStatement, SqlValue } from './open-database.ts';
import { factsOf } from './prepare-tables.ts';
import { isRowError } from './sqlite-errors.ts';
import type { Origin, SeqCheckpoint, StoredDocument } from './storage-types.ts';
import { layoutOf } from './table-layout.ts';
import type { TableLayout, TableSchema } from './table-layout.ts';
import { insertSql, readRecord, saveRecord } from './table-registry.ts';
import type { TableRecord } from './table-registry.ts';

export type TableEvent = RxStorageChangeEvent<Record<string, unknown>>;
export type TableEvents = EventBulk<TableEvent, SeqCheckpoint>;

/** Deepest nesting of a document; SQLite's own JSON functions give up at 1,000. */
const MAX_DEPTH = 500;

/** A document that cannot be stored; only its own row fails. */
export class RowRefused extends Error {}

/** The one state of a collection that all its open instances share. */
export class Table {
  readonly layout: TableLayout;
  readonly facts: ColumnFacts;
  readonly schema: TableSchema;
  readonly databaseName: string;
  readonly events$ = new Subject<TableEvents>();
  /** True once the table is dropped; no instance may use it any more. */
  isRemoved = false;
  readonly #database: EncryptedDatabase;
  #lastSeq: number;
  /** What is in the file; a transaction that fails goes back to it. */
  #saved: TableRecord;
  readonly #insertSql: string;
  readonly #updateSql: string;

  /** The table must have been prepared for this schema. */
  constructor(options: {
    database: EncryptedDatabase;
    databaseName: string;
    collection: string;
    schema: TableSchema;
  }) {
    const { database, databaseName, collection, schema } = options;
    this.#database = database;
    this.databaseName = databaseName;
    this.schema = schema;
    this.layout = layoutOf(collection, schema);
    this.facts = factsOf(this.layout);
    const { layout, facts } = this;
    this.#saved = readRecord(database, collection);
    this.#lastSeq = this.#saved.lastSeq;
    facts.load(this.#saved.facts);
    this.#insertSql = insertSql(layout, 'on conflict(id) do nothing');
    const sets = layout.columns.map((column) => `${column.sql} = ?, `).join('');
    this.#updateSql = `update ${layout.sql} set rev = ?, deleted = ?, lwt = ?, seq = ?, origin = ?,
      ${sets} doc = ? where id = ? and rev = ?`;
  }

  get name(): string {
    return this.layout.name;
  }

  /** The last `seq` given. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  statement(sql: string, rows: 'objects' | 'pluck' = 'objects'): PreparedStatement {
    return this.#database.prepare(sql, rows);
  }

  /** @returns false when the id is already there */
  insert(document: StoredDocument, origin: Origin): boolean {
    const row = this.#rowOf(document, origin);
    return this.#write(this.#insertSql, [row.id, ...row.head, ...row.rest]);
  }

  /** @returns false when no row with this id and revision is there */
  update(document: StoredDocument, previousRev: string, origin: Origin): boolean {
    const row = this.#rowOf(document, origin);
    return this.#write(this.#updateSql, [...row.head, ...row.rest, row.id, previousRev]);
  }

  find(id: string): StoredDocument | undefined {
    const text = this.statement(`select doc from ${this.layout.sql} where id = ?`, 'pluck').get(id);
    return typeof text === 'string' ? (JSON.parse(text) as StoredDocument) : undefined;
  }

  originOf(id: string): Origin | undefined {
    const sql = `select origin from ${this.layout.sql} where id = ?`;
    return this.statement(sql, 'pluck').get(id) as Origin | undefined;
  }

  /** Writes down what the transaction has changed beside rows. */
  save(): void {
    const { lastSeq, facts } = this.#saved;
    if (this.#lastSeq === lastSeq && !this.facts.isChanged) return;
    const record = {
      lastSeq: this.#lastSeq,
      facts: this.facts.isChanged ? this.facts.save() : facts,
    };
    saveRecord(this.#database, this.name, record);
    this.#pending = record;
  }

  #pending: TableRecord | undefined;

  committed(): void {
    this.#saved = this.#pending ?? this.#saved;
    this.#pending = undefined;
  }

  rolledBack(): void {
    this.#pending = undefined;
    this.#lastSeq = this.#saved.lastSeq;
    this.facts.load(this.#saved.facts);
  }

  #write(sql: string, params: readonly SqlValue[]): boolean {
    const seq = this.#lastSeq + 1;
    try {
      const { changes } = this.statement(sql).run(...params);
      if (changes === 0) return false;
    } catch (error) {
      if (isRowError(error)) throw new RowRefused('row refused', { cause: error });
      throw error;
    }
    this.#lastSeq = seq;
    return true;
  }

  #rowOf(
    document: StoredDocument,
    origin: Origin,
  ): { id: string; head: SqlValue[]; rest: SqlValue[] } {
    const id = document[this.layout.primaryPath];
    const rev = document._rev;
    const lwt = document._meta?.lwt;
    if (!isUsableId(id) || typeof rev !== 'string' || typeof lwt !== 'number') {
      throw new RowRefused('id, _rev or _meta.lwt is missing or unusable');
    }
    const json = toJson(document);
    const deleted = document._deleted ? 1 : 0;
    const rest: SqlValue[] = [];
    this.facts.bind(document, json, rest);
    rest.push(json);
    return { id, head: [rev, deleted, lwt, this.#lastSeq + 1, origin], rest };
  }
}

function isUsableId(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.isWellFormed() && !id.includes('\u0000');
}

/** @throws RowRefused for what JSON cannot carry, or what other readers of it would not take */
function toJson(document: StoredDocument): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(document);
  } catch (error) {
    throw new RowRefused('not JSON', { cause: error });
  }
  if (json.length > 2 * MAX_DEPTH && depthOf(json) > MAX_DEPTH) {
    throw new RowRefused('nested too deeply');
  }
  return json;
}

/** Depth of nesting of JSON text. Brackets inside texts are not counted. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let isInText = false;
  for (let at = 0; at < json.length; at += 1) {
    const unit = json.charCodeAt(at);
    if (isInText) {
      if (unit === BACKSLASH) at += 1;
      else if (unit === QUOTE) isInText = false;
    } else if (unit === QUOTE) isInText = true;
    else if (unit === OPEN_LIST || unit === OPEN_OBJECT) deepest = Math.max(deepest, (depth += 1));
    else if (unit === CLOSE_LIST || unit === CLOSE_OBJECT) depth -= 1;
  }
  return deepest;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
