import { formatHlc, hlcNodeOf } from '#shared/kernel/hlc.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { stampedFields } from '#shared/merge/join.ts';
import { expandAct } from '#shared/merge/expand.ts';
import type { Row, ValuesOf } from '#shared/schema/define.ts';
import { rowIdOf } from '#shared/schema/rows.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TABLES, TableName } from '#shared/schema/tables.ts';
import { Rng } from './rng.ts';

type Fields<N extends TableName> = ValuesOf<(typeof TABLES)[N]['fields']>;

/** A value that is only read. */
type Given<T> = T extends readonly (infer U)[]
  ? readonly Given<U>[]
  : T extends object
    ? { readonly [K in keyof T]: Given<T[K]> }
    : T;

/** What a row says; what may be null may be left out. */
export type Entry<N extends TableName> = {
  [K in keyof Fields<N> as null extends Fields<N>[K] ? never : K]: Given<Fields<N>[K]>;
} & { [K in keyof Fields<N> as null extends Fields<N>[K] ? K : never]?: Given<Fields<N>[K]> };

/** Who made a row, when (milliseconds since the Unix epoch), and on which machine. */
export interface Maker {
  readonly at: number;
  readonly by: string | null;
  readonly device?: string | null;
}

/** A step of a state machine: the state reached, when and by whom; null is the server. */
export type Step = readonly [state: string, at: number, by: string | null];

export interface Batch {
  readonly table: TableName;
  readonly rows: readonly Row[];
}

interface TableShape {
  readonly kind: 'record' | 'fact' | 'central' | 'log';
  readonly columns: readonly string[];
  readonly stamped: readonly string[];
  readonly identity: boolean;
}

/** Node of the stamps that the server itself gives. */
const SERVER_NODE = '000000000000';
const FLUSH_AT = 20_000;

/** Where rows are written down until they are handed on, table by table, parents first. */
export class Book {
  readonly #rng: Rng;
  readonly #rows = new Map<TableName, Row[]>();
  readonly #shapes = new Map<TableName, TableShape>();
  readonly #sequence = new Map<string, number>();
  readonly #expanded = new Set<string>();
  #ticks = 0;
  #waiting = 0;

  constructor(seed: number) {
    this.#rng = new Rng(seed, 'ids');
  }

  /** Writes a row down. The id follows from identity fields, from `id`, or is new at that time. */
  add<N extends TableName>(table: N, maker: Maker, entry: Entry<N>, id?: string): string {
    return this.#write(table, maker, entry, id).id;
  }

  /**
   * Writes a record down that has gone through states, with one line in `transitions` for each step.
   * The machine's field is set to the last state.
   */
  addMoved<N extends TableName>(
    table: N,
    maker: Maker,
    entry: Omit<Entry<N>, 'status' | 'state' | 'progress' | 'recall_status'>,
    initial: string,
    steps: readonly Step[],
    id?: string,
  ): string {
    const { machine } = tableOf(table);
    if (!machine) throw new TypeError(`${table} has no states`);
    const last = steps.at(-1);
    const values = { ...entry, [machine.field]: last?.[0] ?? initial } as unknown as Entry<N>;
    const row = this.#write(table, maker, values, id);
    const stamps = row.field_hlc;
    if (last && stamps) stamps[machine.field] = this.hlc(last[1], maker.device);
    this.#transitions(table, row, initial, steps);
    return row.id;
  }

  /**
   * Writes an act down, with the rows that it stands for. `onRow` sees each of these before it is
   * kept: what became of it later is put there.
   */
  addAct<N extends TableName>(
    table: N,
    maker: Maker,
    entry: Entry<N>,
    id?: string,
    onRow?: (table: TableName, row: Row, index: number) => void,
  ): Row {
    const act = this.#write(table, maker, entry, id);
    for (const [index, { table: target, row }] of expandAct(table, act).entries()) {
      // A lot comes into being with the first act that names it.
      if (target === 'inventory_lots') {
        if (this.#expanded.has(row.id)) continue;
        this.#expanded.add(row.id);
      }
      onRow?.(target, row, index);
      this.#keep(target, row);
    }
    return act;
  }

  /** Rows of an expansion that stand in the database already. */
  alreadyThere(id: string): void {
    this.#expanded.add(id);
  }

  /** Lines of `transitions` for a row that came out of an act. */
  transitions(table: TableName, row: Row, initial: string, steps: readonly Step[]): void {
    this.#transitions(table, row, initial, steps);
  }

  /** A UUIDv7 of that instant. */
  newId(at: number): string {
    const ms = at.toString(16).padStart(12, '0');
    const a = this.#rng.uint32();
    const b = this.#rng.uint32().toString(16).padStart(8, '0');
    const c = this.#rng.uint32().toString(16).padStart(8, '0');
    const version = (0x7000 | (a & 0xfff)).toString(16);
    const variant = (0x8000 | ((a >>> 12) & 0x3fff)).toString(16);
    return `${ms.slice(0, 8)}-${ms.slice(8)}-${version}-${variant}-${b}${c.slice(0, 4)}`;
  }

  /** An id that follows from names. */
  namedId(...names: readonly string[]): string {
    return derivedId('demo', ...names);
  }

  hlc(at: number, device?: string | null): string {
    this.#ticks = (this.#ticks + 1) & 0xffff;
    return formatHlc({
      ms: at,
      counter: this.#ticks,
      node: device ? hlcNodeOf(device) : SERVER_NODE,
    });
  }

  /** True when enough is written down to be handed on. */
  get isFull(): boolean {
    return this.#waiting >= FLUSH_AT;
  }

  /** Everything that is written down, parents first; the book is empty afterwards. */
  *flush(): Generator<Batch> {
    for (const table of TABLE_NAMES) {
      const rows = this.#rows.get(table);
      if (rows && rows.length > 0) yield { table, rows };
    }
    this.#rows.clear();
    this.#waiting = 0;
  }

  #write(table: TableName, maker: Maker, entry: object, id?: string): Row {
    const shape = this.#shapeOf(table);
    const device = maker.device ?? null;
    const values = entry as Record<string, unknown>;
    const row: Row = { id: '', created_at: maker.at, created_by: maker.by, device_id: device };
    for (const column of shape.columns) row[column] = values[column] ?? null;
    row.id = (shape.identity ? rowIdOf(table, row) : id) ?? this.newId(maker.at);
    if (shape.kind === 'record') {
      const stamp = this.hlc(maker.at, device);
      const stamps: Record<string, string> = {};
      for (const field of shape.stamped) stamps[field] = stamp;
      row.field_hlc = stamps;
    } else if (shape.kind === 'fact') {
      row.hlc = this.hlc(maker.at, device);
      row.origin_seq = device === null ? null : this.#nextOf(device);
    }
    this.#keep(table, row);
    return row;
  }

  #transitions(table: TableName, row: Row, initial: string, steps: readonly Step[]): void {
    const location = (row['location_id'] ?? null) as string | null;
    let from = initial;
    for (const [to, at, by] of steps) {
      this.add(
        'transitions',
        { at, by: null },
        {
          location_id: location,
          table_name: table,
          row_id: row.id,
          from_state: from,
          to_state: to,
          actor_id: by,
        },
      );
      from = to;
    }
  }

  #keep(table: TableName, row: Row): void {
    let rows = this.#rows.get(table);
    if (!rows) this.#rows.set(table, (rows = []));
    rows.push(row);
    this.#waiting += 1;
  }

  #nextOf(device: string): number {
    const next = (this.#sequence.get(device) ?? 0) + 1;
    this.#sequence.set(device, next);
    return next;
  }

  #shapeOf(table: TableName): TableShape {
    let shape = this.#shapes.get(table);
    if (!shape) {
      const { kind, fields, identity } = tableOf(table);
      shape = {
        kind,
        columns: Object.keys(fields),
        stamped: kind === 'record' ? stampedFields(table) : [],
        identity: identity !== null,
      };
      this.#shapes.set(table, shape);
    }
    return shape;
  }
}
