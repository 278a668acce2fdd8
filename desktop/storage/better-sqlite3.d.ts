/** The part of better-sqlite3-multiple-ciphers that we use; its `exports` carry no types. */
declare module 'better-sqlite3' {
  export type SqlInput = string | number | bigint | null;

  export interface Statement {
    run(...params: SqlInput[]): { changes: number; lastInsertRowid: number | bigint };
    get(...params: SqlInput[]): unknown;
    all(...params: SqlInput[]): unknown[];
    iterate(...params: SqlInput[]): IterableIterator<unknown>;
    /** Rows come as the value of their first column. */
    pluck(toggle?: boolean): this;
    /** Rows come as arrays. */
    raw(toggle?: boolean): this;
    readonly reader: boolean;
  }

  export interface Options {
    readonly?: boolean;
    fileMustExist?: boolean;
    /** Milliseconds to wait for a lock. */
    timeout?: number;
    /** Path of the compiled addon, where the packaged one does not fit. */
    nativeBinding?: string;
  }

  export default class Database {
    constructor(file: string, options?: Options);
    readonly open: boolean;
    readonly inTransaction: boolean;
    prepare(sql: string): Statement;
    exec(sql: string): this;
    pragma(text: string, options?: { simple?: boolean }): unknown;
    close(): this;
  }
}
