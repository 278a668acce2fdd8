import type { Grant } from '#shared/access/rights.ts';
import type { Hlc } from '#shared/kernel/hlc.ts';
import type { Stamps } from '#shared/merge/join.ts';
import type { KeptState, Lineage, SessionRequest } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Identity } from '../auth/token-verifier.ts';
import type { Effect } from './effects/effects.ts';
import type { Caller } from '../http/route.ts';

/** What the database knows of a caller at this moment. */
export interface Access {
  readonly user: { readonly displayName: string; readonly email: string };
  /** Grants that hold now; none for people who are not active. */
  readonly grants: readonly Grant[];
  /** Grants that have ended, lately enough for work done under them to arrive still. */
  readonly ended?: readonly Grant[];
  /** False for somebody whose account as a whole has ended; absent: true. */
  readonly active?: boolean;
  /** Somebody who was invited and comes for the first time. */
  readonly isInvited?: true;
  /** The caller signed in without the second factor that they must have, or have set. */
  readonly lacksFactor?: true;
  /** Null for a device that was never enrolled. */
  readonly deviceStatus: 'active' | 'suspended' | 'retired' | null;
  readonly epoch: string;
}

/** A record as the server holds it. */
export interface Master {
  readonly row: Row;
  /** Field → who changed it last. */
  readonly fieldBy: Readonly<Record<string, string>>;
}

/**
 * Stamps that lay too far in the future, each as it was sent and as it was taken. Under the sent stamp
 * (in memories of earlier builds: under the name of the field).
 */
export type Clamps = Readonly<Record<string, { readonly sent: Hlc; readonly as: Hlc }>>;

/** Why somebody had no right any more when their row arrived. */
export type EndReason = 'grant-ended' | 'account-ended' | 'device-retired';

/** A row that is kept without being applied, until somebody decides. */
export interface QuarantineEntry {
  readonly id: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly table: TableName;
  readonly rowId: string;
  readonly locationId: string | null;
  readonly base: Stamps | null;
  /** As it was sent. */
  readonly content: Row;
  readonly reason: EndReason;
  /** Rights under which it may have been written: those that its author has had. */
  readonly grants: readonly Grant[];
  /** Milliseconds since the Unix epoch. */
  readonly receivedAt: number;
  readonly status: KeptState;
}

/** A refusal and a hash of what was refused. */
export interface Refused {
  readonly code: string;
  readonly content: string;
  readonly fields?: readonly string[];
  /** Set when there was no such record then: once there is one, the row is a change of it. */
  readonly asNew?: boolean;
}

/** What one profile (a person on a device) pushed of a row. */
interface Pushed {
  readonly user: string;
  readonly stamps: Stamps;
  /** Which of its pushes that was, and some that came before; absent: its client does not say. */
  readonly lineage?: Lineage;
  /** The refusals that it got, newest first. */
  readonly refused?: Refused;
  readonly earlier?: readonly Refused[];
}

/** What was pushed of a row from a device, by the last profile and by others; see `conflict/memory.ts`. */
export interface Memory {
  readonly base: Stamps | null;
  readonly pushed: Pushed & {
    /** Of all profiles: their stamps name the same node. */
    readonly clamps?: Clamps;
    readonly others?: readonly (Pushed & { readonly base: Stamps | null })[];
  };
}

export interface MemoryKey {
  readonly table: TableName;
  readonly id: string;
}

/** One line of the server's audit chain; names of fields, never values. */
export interface AuditEntry {
  readonly action: 'insert' | 'update' | 'refuse' | 'expand' | 'post';
  readonly table_name: TableName;
  readonly row_id: string;
  readonly outcome: string;
  readonly location_id: string | null;
  readonly field_names: readonly string[];
  /** Milliseconds since the Unix epoch, as the device says. */
  readonly occurred_at: number | null;
}

/** Which rows are asked for: those that are not deleted and hold all of this. */
export interface Question {
  /** Field → the values that it may have; fields of the kinds uuid, text and enum. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** A field of the kind instant that lies in [from, to), milliseconds. */
  readonly between?: { readonly field: string; readonly from: number; readonly to: number };
}

/** A counted quantity beside what the ledger makes expect at the moment of the count. */
export interface CountedLine {
  readonly sessionId: string;
  readonly lineId: string;
  readonly itemId: string;
  readonly lotId: string | null;
  /** 1/10,000 base units. */
  readonly counted: number;
  readonly expected: number;
  /** What one base unit cost when it was last booked at this site; null where nobody knows. */
  readonly unitCostCents: number | null;
}

/** What there is of one lot (null: of what has no lot) of an item at a site, 1/10,000 base units. */
export interface ShelfStock {
  readonly itemId: string;
  readonly locationId: string;
  readonly lotId: string | null;
  readonly onHand: number;
}

/**
 * The database during one push: one transaction in the name of the caller. "As the person" means
 * under the policies of the database, the second lock behind the rights that the engine checks.
 */
export interface PushStore {
  /** Null when the database does not know the person. */
  access(): Promise<Access | null>;
  /**
   * Waits until no other push holds one of these keys and holds them until the end, all of them at
   * once and always in the same order. Called before anything else is locked; what names its key only
   * by what was written (an order by its receipt) is asked for at the end.
   */
  lockKeys(keys: readonly string[]): Promise<void>;
  /** Keeps those of the records that the person may change from changing until the end. */
  lock(table: TableName, ids: readonly string[]): Promise<void>;
  /** Reads records, whoever may see them. */
  records(table: TableName, ids: readonly string[]): Promise<Map<string, Master>>;
  /** Locks records and reads them. */
  masters(table: TableName, ids: readonly string[]): Promise<Map<string, Master>>;
  /** Reads named rows, whoever may see them. */
  rows(table: TableName, ids: readonly string[]): Promise<Map<string, Row>>;
  /** Reads the rows that answer a question, whoever may see them. */
  find(table: TableName, question: Question): Promise<Row[]>;
  /** Those of some rows that were here and are not any more: taken back, or removed. */
  gone(table: TableName, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Numbers of these facts that other facts of the same device have already. */
  takenNumbers(table: TableName, facts: readonly Row[]): Promise<ReadonlySet<number>>;
  /** @throws errors of the database, and WriteSkipped when the policies hid a row */
  insertAsPerson(table: TableName, rows: readonly Row[]): Promise<void>;
  /** Writes the stamped fields. @throws as `insertAsPerson` */
  updateAsPerson(table: TableName, rows: readonly Row[]): Promise<void>;
  /** Inserts what is not there yet and says which rows were new. */
  insertAsEngine(table: TableName, rows: readonly Row[]): Promise<ReadonlySet<string>>;
  /** Sets the state of records, with its stamp, as the server's own step. */
  stepAsEngine(table: TableName, field: string, rows: readonly Row[]): Promise<void>;
  /**
   * Writes the named fields (and stamps) of rows as the server's own change; nobody stands behind a
   * state that it sets. @throws WriteSkipped when one of them is not there
   */
  changeAsEngine(table: TableName, fields: readonly string[], rows: readonly Row[]): Promise<void>;
  /** People who counted lines of these sessions: session → users. */
  counters(sessionIds: readonly string[]): Promise<Map<string, ReadonlySet<string>>>;
  /** Number of lines of these sessions, those of sessions without any left out. */
  lineTotals(sessionIds: readonly string[]): Promise<Map<string, number>>;
  countedLines(sessionIds: readonly string[]): Promise<CountedLine[]>;
  /** The highest number among orders of a year; 0 where there is none. */
  lastOrderNumber(year: string): Promise<number>;
  /**
   * What there is of some items at sites now, lot by lot; of other pairs of them maybe as well. Of merged
   * items it is what there is of all that stand for each other.
   */
  onHand(
    shelves: readonly Pick<ShelfStock, 'itemId' | 'locationId'>[],
  ): Promise<readonly ShelfStock[]>;
  /** Each of some items with those that were merged with it, itself among them. */
  sameItems(itemIds: readonly string[]): Promise<Map<string, ReadonlySet<string>>>;
  recall(keys: readonly MemoryKey[]): Promise<Map<string, Memory>>;
  /**
   * Leaves what is written last, together with the commit: memory, and the audit, whose chain stays
   * locked from there to the commit. An effect that stands there already is left as it is.
   */
  leave(
    memories: readonly (MemoryKey & Memory)[],
    audit: readonly AuditEntry[],
    effects: readonly Effect[],
  ): void;
  /**
   * Keeps rows, as long as no more than `most` of the caller wait then. One that is kept
   * already stays as it is. @returns ids of those that are kept, with what was decided about them
   */
  quarantine(
    entries: readonly QuarantineEntry[],
    most: number,
  ): Promise<ReadonlyMap<string, KeptState>>;
  quarantined(ids: readonly string[]): Promise<Map<string, QuarantineEntry>>;
  settleQuarantined(id: string, status: 'released' | 'rejected', by: string): Promise<void>;
  /**
   * The same transaction, whose writes "as the person" are in the name of this author and past the
   * policies: for rows that somebody else has released. Nothing else differs.
   */
  releasing(author: string): PushStore;
  /** Runs work that may fail without harm to what was done before. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Opens a transaction for a push and commits it when the work is done. The id of the transaction comes
 * with the result when it wrote anything.
 */
export type OpenPush = <T>(
  caller: Caller,
  work: (store: PushStore) => Promise<T>,
) => Promise<{ readonly result: T; readonly xid: string | null }>;

/** One part of a table and how far somebody has it. */
export interface PartRequest {
  readonly part: string;
  readonly xid: string;
  readonly id: string;
}

/** A row as a pull finds it; `part` is an index into the parts that were asked for. */
export interface PulledRow {
  readonly part: number;
  readonly xid: string;
  readonly id: string;
  /** left: gone from the part without a change of its own */
  readonly state: 'row' | 'deleted' | 'left';
  /** JSON text, for rows only. */
  readonly doc: string | null;
}

/** The database during one pull: one moment of it, in the name of the caller, behind the fence. */
export interface PullStore {
  /** Null when the database does not know the person. */
  access(): Promise<Access | null>;
  /** Says of each table whether any of its parts has something new. */
  news(
    asked: readonly { readonly table: TableName; readonly parts: readonly PartRequest[] }[],
  ): Promise<readonly boolean[]>;
  /** What is new in some parts of a table, in the order of the cursor; `limit` rows at most. */
  rows(
    table: TableName,
    parts: readonly PartRequest[],
    limit: number,
  ): Promise<readonly PulledRow[]>;
}

export type OpenPull = <T>(caller: Caller, work: (store: PullStore) => Promise<T>) => Promise<T>;

export type NewDevice = SessionRequest['device'];

/** The database at the beginning of a session: one transaction. */
export interface SessionStore {
  /** Null when the database does not know the person. */
  access(deviceId: string): Promise<Access | null>;
  /**
   * The person was invited and is here now; said in the audit of the device.
   * @returns their row as far as it tells who is to hear of it; null when they were not invited
   */
  acceptInvitation(deviceId: string): Promise<Row | null>;
  /** Notes now and then that a device was here. */
  noteSeen(deviceId: string): Promise<void>;
  /** Makes a device known, with its entry in the audit; one that is known already stays as it is. */
  enrol(device: NewDevice): Promise<void>;
}

export type OpenSession = <T>(
  who: Identity,
  work: (store: SessionStore) => Promise<T>,
) => Promise<T>;

/** The policies of the database hid a row from a write, without an error. */
export class WriteSkipped extends Error {
  constructor() {
    super('fewer rows were written than given');
    this.name = 'WriteSkipped';
  }
}

/** Key of a row across tables. */
export const rowKey = (table: TableName, id: string): string => `${table}/${id}`;
