import type { Movement, MovementDocument, MovementQuery } from './documents.ts';

/** The same question as a collection of RxDB hands it to its storage; made before time is taken. */
export interface Ask {
  readonly query: MovementQuery;
}

/** What every store of the bench is asked to do; answers are whole documents, parsed. */
export interface Subject {
  /** Makes an empty store in a folder that is there and empty, with table and indexes, and opens it. */
  create(folder: string): Promise<void>;
  /** Opens the store that `create` made. */
  open(folder: string): Promise<void>;
  close(): Promise<void>;
  /** Writes new documents in one batch. */
  insert(documents: readonly MovementDocument[]): Promise<void>;
  byIds(ids: readonly string[]): Promise<readonly Movement[]>;
  byItem(ask: { readonly item: string } & Ask): Promise<readonly Movement[]>;
  allSorted(ask: Ask): Promise<readonly Movement[]>;
  /** Happened in [from, to), sorted by it. */
  between(ask: { readonly from: number; readonly to: number } & Ask): Promise<readonly Movement[]>;
  countOf(ask: { readonly location: string } & Ask): Promise<number>;
  /** The last 50 of a location, newest first. */
  page(ask: { readonly location: string } & Ask): Promise<readonly Movement[]>;
  /** Brings indexes up to date where writing does not. */
  settle?(): Promise<void>;
}

/** Bytes of heap and so on do not count here: only how the store of a name is made. */
export const SUBJECTS = ['limit', 'ours', 'port', 'memory', 'powersync', 'pouchdb'] as const;
export type SubjectName = (typeof SUBJECTS)[number];

/** What a reader of the report has to know of a subject. */
export const ABOUT: Readonly<Record<SubjectName, { title: string; note: string }>> = {
  limit: {
    title: 'limit',
    note: 'better-sqlite3 by hand: same table, indexes, cipher, pragmas, batches; encrypted, durable',
  },
  ours: { title: 'ours', note: 'storage instance in process; encrypted, durable' },
  port: {
    title: 'ours over the port',
    note: 'the same behind a MessagePort in another thread, through RxDB’s remote storage',
  },
  memory: { title: 'RxDB memory', note: 'RxDB’s memory storage; not encrypted, not durable' },
  powersync: {
    title: 'PowerSync',
    note: '@powersync/node 1.1.0 over the same SQLite; encrypted (SQLCipher), synchronous=FULL; its own worker threads',
  },
  pouchdb: {
    title: 'PouchDB',
    note: 'PouchDB 9.0.0 with LevelDB and pouchdb-find; made durable (sync writes); its indexes catch up when they are asked, which counts as part of the writes; not encrypted',
  },
};

/** Makes a subject. Peers come from the folder where their packages are installed. */
export async function createSubject(name: SubjectName, peers: string): Promise<Subject> {
  switch (name) {
    case 'limit':
      return (await import('./subject-limit.ts')).createLimit();
    case 'ours':
      return (await import('./subject-ours.ts')).createOurs();
    case 'port':
      return (await import('./subject-port.ts')).createOverPort();
    case 'memory':
      return (await import('./subject-memory.ts')).createMemory();
    case 'powersync':
      return (await import('./subject-powersync.ts')).createPowerSync(peers);
    case 'pouchdb':
      return (await import('./subject-pouchdb.ts')).createPouch(peers);
  }
}
