/** What passes between a run and the processes that are its devices. */

export interface DeviceConfig {
  /** Names the device in findings. */
  readonly name: string;
  /** Unique among the devices of a clinic; makes the values that it writes unlike all others. */
  readonly index: number;
  /** How often the process has been started on this folder. */
  readonly life: number;
  readonly dataDir: string;
  readonly serverUrl: string;
  readonly authUrl: string;
  /** How far its clock is off, milliseconds. */
  readonly skewMs: number;
  /** Pushes are written into this file, one request a line. */
  readonly recordTo: string | null;
}

/** What a device may write to. */
export interface Pool {
  /** Ids of `inventory_items`. */
  readonly items: readonly string[];
  /** Ids of `item_locations`. */
  readonly places: readonly string[];
  readonly sites: readonly string[];
  /** Those of the items whose stock is kept by lot. */
  readonly lotted: readonly string[];
}

export const KINDS_OF_WORK = ['bin', 'par', 'packs', 'act', 'count', 'item', 'read'] as const;
export type KindOfWork = (typeof KINDS_OF_WORK)[number];

export interface WorkOrder {
  readonly seed: number;
  readonly pool: Pool;
  /** Actions to do; null: until told to rest. */
  readonly count: number | null;
  /** Pause between two actions, milliseconds. */
  readonly everyMs: number;
  /** The clock jumps on by so much at each action, milliseconds. */
  readonly stepMs: number;
  readonly weights: Readonly<Partial<Record<KindOfWork, number>>>;
}

/** Some fields of a row that are written, and what whoever wrote them saw in their place. */
export interface Change {
  readonly device: string;
  readonly table: string;
  readonly id: string;
  /** Fields that are written, with their values. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The same fields as they were before; null: a new row. */
  readonly before: Readonly<Record<string, unknown>> | null;
}

/** A write that the store has acknowledged: it is on the disk. */
export interface Ack extends Change {
  /** Stamps of the fields of a record as written, or the stamp of a fact. */
  readonly stamps: Readonly<Record<string, string>>;
}

export interface DeviceStatus {
  readonly auth: string;
  readonly problem: string | null;
  /** Sync state, or null where nobody is in. */
  readonly state: string | null;
  readonly online: boolean;
  readonly waiting: number;
  readonly needsYou: number;
  readonly firstSync: boolean;
  readonly syncProblem: string | null;
  readonly now: number;
}

export interface Parked {
  readonly table: string;
  readonly id: string;
  readonly code: string;
}

/** Numbers of a process over its life. */
export interface DeviceCounts {
  /** Requests to the sync server, and to the sign-in service. */
  readonly requests: number;
  readonly authRequests: number;
  readonly rssMb: number;
  readonly walMb: number;
}

/** Digest and number of rows of each part of each table: `table part`. */
export type Digests = Readonly<Record<string, { readonly hash: string; readonly rows: number }>>;

/** Calls that a device takes; each value is the argument and the answer. */
export interface DeviceCalls {
  signIn: [{ email: string; password: string }, null];
  status: [null, DeviceStatus];
  work: [WorkOrder, number];
  rest: [null, null];
  write: [{ table: string; id: string | null; values: Record<string, unknown> }, Ack];
  /** A new row from JSON text, which holds more than what can be handed over between processes. */
  writeText: [{ table: string; json: string }, null];
  clock: [{ skewMs: number }, null];
  sync: [null, null];
  parked: [null, readonly Parked[]];
  /** What the server does not have yet. */
  waiting: [null, readonly { readonly table: string; readonly row: Record<string, unknown> }[]];
  digests: [null, Digests];
  rows: [{ table: string }, readonly Record<string, unknown>[]];
  /** Which of these acknowledged writes the device does not show any more. */
  missing: [{ acks: readonly Ack[]; stamps: boolean }, readonly string[]];
  counts: [null, DeviceCounts];
  /** Ways of the product to go on after damage: `profile.reload` and so on. */
  ask: [{ call: string; arg: object }, string];
  /** Fills the small disk on which a folder lies, but for so many blocks; and gives the room back. */
  fill: [{ root: string; blocks: number }, null];
  empty: [{ root: string }, null];
  log: [null, readonly string[]];
  device: [null, { id: string; userId: string | null }];
}

export type CallName = keyof DeviceCalls;

export type ToDevice = {
  readonly id: number;
  readonly call: CallName;
  readonly arg: unknown;
};

export type FromDevice =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly code: string; readonly why: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'ack'; readonly ack: Ack }
  /** A change is about to be written: killed before its answer, it may stand all the same. */
  | { readonly kind: 'trying'; readonly change: Change }
  /** What the store has given out of a patient is on the screen. */
  | { readonly kind: 'read'; readonly patient: string }
  /** Something that must never be was seen. */
  | { readonly kind: 'wrong'; readonly words: string }
  /** How often each thing was looked at since the last message. */
  | { readonly kind: 'looked'; readonly what: Readonly<Record<string, number>> };
