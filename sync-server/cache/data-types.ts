import type { TableName } from '#shared/schema/tables.ts';

/** How values of one type are kept. */
export interface DataType {
  /** How long a value counts, milliseconds; a change that is told of ends it before. */
  readonly freshMs: number;
  /**
   * How long beyond that it is still given out while it is read anew. Only for what nobody decides by:
   * a change that is told of ends it all the same.
   */
  readonly staleMs: number;
  /** How long it is remembered that there is nothing, milliseconds. */
  readonly missingMs: number;
  /** `process`: never leaves this process. `shared`: for all replicas, where there is a Redis. */
  readonly place: 'process' | 'shared';
  /** Leaves the process sealed only, and under keys that say nothing. */
  readonly phi: boolean;
  /** Values in the memory of one process at most. */
  readonly most: number;
  /** Tables whose changes end values that carry their tags. */
  readonly tables: readonly TableName[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * What is kept, and how long. Nothing by which a right or a write is judged is among it: that is read in the
 * transaction that it is judged in.
 */
export const DATA_TYPES = {
  patient: {
    freshMs: 5 * MINUTE,
    staleMs: 0,
    missingMs: 30 * SECOND,
    place: 'shared',
    phi: true,
    most: 5_000,
    tables: ['patients'],
  },
  medication: {
    freshMs: HOUR,
    staleMs: 5 * MINUTE,
    missingMs: MINUTE,
    place: 'shared',
    phi: false,
    most: 5_000,
    tables: ['inventory_items'],
  },
  inventory: {
    freshMs: 2 * MINUTE,
    staleMs: 0,
    missingMs: 30 * SECOND,
    place: 'shared',
    phi: false,
    most: 5_000,
    tables: ['item_locations', 'stock_movements', 'count_lines'],
  },
  schedule: {
    freshMs: 30 * SECOND,
    staleMs: 0,
    missingMs: 10 * SECOND,
    place: 'shared',
    phi: true,
    most: 2_000,
    tables: ['appointments'],
  },
  /** Tokens that were verified, until they end. Whose they are, not what they may do. */
  session: {
    freshMs: 24 * HOUR,
    staleMs: 0,
    missingMs: 0,
    place: 'process',
    phi: false,
    most: 10_000,
    tables: [],
  },
  /** Screens that somebody may say that they show; a right that ended unsaid is noticed after so long. */
  screen: {
    freshMs: MINUTE,
    staleMs: 0,
    missingMs: 5 * SECOND,
    place: 'process',
    phi: false,
    most: 50_000,
    tables: ['user_roles', 'eos_team_members', 'users'],
  },
  /** Counts and sizes of the database, for the page that administrators watch. */
  health: {
    freshMs: 2 * SECOND,
    staleMs: 8 * SECOND,
    missingMs: 0,
    place: 'shared',
    phi: false,
    most: 10,
    tables: ['review_items'],
  },
} as const satisfies Readonly<Record<string, DataType>>;

export type DataTypeName = keyof typeof DATA_TYPES;
export const DATA_TYPE_NAMES = Object.keys(DATA_TYPES) as readonly DataTypeName[];
export const dataTypeOf = (name: DataTypeName): DataType => DATA_TYPES[name];
