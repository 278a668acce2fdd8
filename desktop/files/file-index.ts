import type { Code } from '#shared/errors/codes.ts';
import { isCode } from '#shared/errors/codes.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';

/** Bytes that are here, by their content. */
export interface HeldBytes {
  readonly sha256: string;
  /** Name of the file that holds them; says nothing. */
  readonly name: string;
  readonly size: number;
  /** False while they are still being fetched. */
  readonly isWhole: boolean;
  /** True: the server does not have them from here, so they are never removed. */
  readonly isKept: boolean;
  readonly usedAt: number;
}

/** A file of this device that the server is to get. */
export interface Send {
  readonly fileId: string;
  readonly sha256: string;
  readonly size: number;
  /** Bytes that have arrived, as far as is known. */
  readonly sent: number;
  /** Why it will not be sent as it is, or null. */
  readonly refused: Code | null;
  /** Sendings of the whole that ended with a wrong hash. */
  readonly wrong: number;
  readonly addedAt: number;
}

const SCHEMA = [
  `create table if not exists file_bytes (
     sha256 text primary key, name text not null, size integer not null, is_whole integer not null,
     is_kept integer not null, used_at integer not null) without rowid`,
  `create table if not exists file_sends (
     file_id text primary key, sha256 text not null, size integer not null, sent integer not null,
     refused text, wrong integer not null, added_at integer not null) without rowid`,
];

interface BytesRow {
  readonly sha256: string;
  readonly name: string;
  readonly size: number;
  readonly is_whole: number;
  readonly is_kept: number;
  readonly used_at: number;
}

interface SendRow {
  readonly file_id: string;
  readonly sha256: string;
  readonly size: number;
  readonly sent: number;
  readonly refused: string | null;
  readonly wrong: number;
  readonly added_at: number;
}

const bytesOf = (row: BytesRow): HeldBytes => ({
  sha256: row.sha256,
  name: row.name,
  size: row.size,
  isWhole: row.is_whole === 1,
  isKept: row.is_kept === 1,
  usedAt: row.used_at,
});

const sendOf = (row: SendRow): Send => ({
  fileId: row.file_id,
  sha256: row.sha256,
  size: row.size,
  sent: row.sent,
  refused: row.refused === null ? null : isCode(row.refused) ? row.refused : 'INTERNAL',
  wrong: row.wrong,
  addedAt: row.added_at,
});

export type FileIndex = ReturnType<typeof openFileIndex>;

/** Which bytes are here and which are to be sent, in the profile's encrypted database. */
export function openFileIndex(database: EncryptedDatabase) {
  for (const statement of SCHEMA) database.run(statement);
  return {
    transaction: <T>(work: () => T): T => database.transaction(work),

    bytes: (): HeldBytes[] =>
      database.read<BytesRow>('select * from file_bytes order by used_at').map(bytesOf),
    bytesWith(sha256: string): HeldBytes | null {
      const [row] = database.read<BytesRow>('select * from file_bytes where sha256 = ?', [sha256]);
      return row ? bytesOf(row) : null;
    },
    putBytes({ sha256, name, size, isWhole, isKept, usedAt }: HeldBytes): void {
      database.run(
        `insert into file_bytes (sha256, name, size, is_whole, is_kept, used_at)
         values (?, ?, ?, ?, ?, ?)
         on conflict (sha256) do update set name = excluded.name, size = excluded.size,
           is_whole = excluded.is_whole, is_kept = excluded.is_kept, used_at = excluded.used_at`,
        [sha256, name, size, Number(isWhole), Number(isKept), usedAt],
      );
    },
    keepBytes(sha256: string, isKept: boolean): void {
      database.run('update file_bytes set is_kept = ? where sha256 = ?', [Number(isKept), sha256]);
    },
    useBytes(sha256: string, at: number): void {
      database.run('update file_bytes set used_at = ? where sha256 = ?', [at, sha256]);
    },
    dropBytes(sha256: string): void {
      database.run('delete from file_bytes where sha256 = ?', [sha256]);
    },

    sends: (): Send[] =>
      database.read<SendRow>('select * from file_sends order by added_at, file_id').map(sendOf),
    send(fileId: string): Send | null {
      const [row] = database.read<SendRow>('select * from file_sends where file_id = ?', [fileId]);
      return row ? sendOf(row) : null;
    },
    putSend({ fileId, sha256, size, sent, refused, wrong, addedAt }: Send): void {
      database.run(
        `insert into file_sends (file_id, sha256, size, sent, refused, wrong, added_at)
         values (?, ?, ?, ?, ?, ?, ?)
         on conflict (file_id) do update set sent = excluded.sent, refused = excluded.refused,
           wrong = excluded.wrong`,
        [fileId, sha256, size, sent, refused, wrong, addedAt],
      );
    },
    dropSend(fileId: string): void {
      database.run('delete from file_sends where file_id = ?', [fileId]);
    },
  };
}
