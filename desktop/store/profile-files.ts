import { createRevision, now as rxNow } from 'rxdb/plugins/utils';
import type { RxDocumentData } from 'rxdb';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import type { FILE_OWNERS } from '#shared/schema/file-owners.ts';
import { ENDING_OF, isFileType } from '#shared/schema/file-types.ts';
import type { FileEnding } from '#shared/schema/file-types.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { SqliteStorageInstance } from '#desktop/storage/sqlite-storage-instance.ts';
import type { FileApi } from '#desktop/files/file-api.ts';
import type { Added, Adding } from '#desktop/files/file-box.ts';
import { openFiles } from '#desktop/files/files.ts';
import type { FileRow, Files } from '#desktop/files/files.ts';
import type { ParkedChange } from '#desktop/replication/parked-store.ts';
import type { Replication } from '#desktop/replication/replication.ts';
import type { OpenFile } from './profile-door.ts';
import { prepareWrite } from './local-write.ts';
import type { Writer } from './local-write.ts';

export type FileOwner = (typeof FILE_OWNERS)[number];

/** What a window says of a file that it attaches. */
export interface Attachment {
  readonly ownerTable: FileOwner;
  readonly ownerId: string;
  readonly caption: string | null;
}

/** The files of an open profile, with their rows. */
export interface ProfileFiles extends Pick<
  Files,
  'transfers$' | 'fetch' | 'read' | 'retry' | 'unsent'
> {
  /** Begins to take bytes in. @throws AppError STORE_OVERLOADED, STORE_DISK_FULL */
  begin(): Promise<number>;
  /** True when the bytes of a file are on this device. */
  isHere(fileId: string): boolean;
  /** @throws AppError NOT_FOUND, FILE_TOO_LARGE, FILE_TYPE_REFUSED, STORE_DISK_FULL */
  write(adding: number, bytes: Uint8Array): Promise<void>;
  /**
   * All bytes have come: makes the row. The same bytes on the same record are attached once.
   * @returns the id of the row
   * @throws AppError FILE_TYPE_REFUSED, NOT_FOUND, SYNC_ROW_REFUSED
   */
  attach(adding: number, to: Attachment): Promise<string>;
  giveUp(adding: number): Promise<void>;
  /** Files that the server said no to, as changes that need a person. */
  refused(): ParkedChange[];
  /** Gives up sending a refused file. @returns false when it is none */
  abandon(fileId: string): boolean;
  /**
   * Writes a copy of a file, as it is, to where the person says.
   * @returns false when they changed their mind
   * @throws AppError NOT_FOUND, as `Files.fetch`, as `Files.saveTo`
   */
  saveCopy(fileId: string, ask: (ending: FileEnding) => Promise<string | null>): Promise<boolean>;
  stop(): Promise<void>;
}

/** Files that windows are handing over at once. */
const ADDING_AT_MOST = 8;
/** A window that says nothing for so long is gone. */
const SILENT_FOR_MS = 60_000;

export function openProfileFiles(options: {
  readonly file: OpenFile;
  readonly api: FileApi;
  readonly writer: Writer;
  readonly instanceOf: (table: TableName) => SqliteStorageInstance<Row>;
  readonly replication: Pick<Replication, 'parked' | 'status$'>;
  readonly log: Logger;
}): ProfileFiles {
  const { file, api, writer, instanceOf, replication, log } = options;
  const { database } = file;
  const files = openFiles({
    folder: file.folder,
    database,
    key: file.key,
    api,
    rowOf: (id) => rowsWhere(database, 'id = ?', [id])[0] ?? null,
    rowState: (id) => {
      const [row] = rowsWhere(database, 'id = ?', [id]);
      if (row?.origin === 'server') return 'there';
      const parked = replication
        .parked()
        .find((change) => change.table === 'file_uploads' && change.id === id);
      return parked?.code ?? 'waits';
    },
    unsentRows: () =>
      rowsWhere(database, "upload_state <> 'complete' and device_id = ? and created_by = ?", [
        writer.deviceId,
        writer.userId,
      ]),
    overdue: () =>
      database
        .read<{ sha256: string }>(
          `select sha256 from live_file_uploads group by sha256
           having count(*) = count(retention_until) and max(retention_until) < ?`,
          [new Date(writer.now()).toISOString().slice(0, 10)],
        )
        .map(({ sha256 }) => sha256),
    log,
  });
  // Rows that were accepted, rights that came, a network that is back: each is told by the status.
  const told = replication.status$.subscribe(() => files.wake());

  const adding = new Map<number, { bytes: Adding; timer: NodeJS.Timeout }>();
  let lastAdding = 0;
  const giveUp = async (id: number): Promise<void> => {
    const entry = adding.get(id);
    if (!entry) return;
    clearTimeout(entry.timer);
    adding.delete(id);
    await entry.bytes.giveUp();
  };
  const giveUpQuietly = (id: number): void => {
    giveUp(id).catch(() => log.warn('a half-added file stays until the next start'));
  };
  const entryOf = (id: number): { bytes: Adding; timer: NodeJS.Timeout } => {
    const entry = adding.get(id);
    if (!entry) throw new AppError('NOT_FOUND');
    entry.timer.refresh();
    return entry;
  };

  const attach = async (added: Added, to: Attachment): Promise<string> => {
    const owner = await ownerOf(to);
    const [known] = rowsWhere(
      database,
      'sha256 = ? and owner_table = ? and owner_id = ? and device_id = ? and created_by = ?',
      [added.sha256, to.ownerTable, to.ownerId, writer.deviceId, writer.userId],
    );
    if (known) return known.id;
    const id = newId();
    const row = prepareWrite(
      'file_uploads',
      null,
      {
        id,
        location_id: siteOf(to.ownerTable, owner),
        sha256: added.sha256,
        size_bytes: added.size,
        mime: added.mime,
        owner_table: to.ownerTable,
        owner_id: to.ownerId,
        phi_class: phiOf(to.ownerTable),
        uploaded_by: writer.userId,
        retention_until: null,
        encryption_key_id: `device:${writer.deviceId}`,
        scan_status: 'pending',
        upload_state: 'local',
        caption: to.caption,
      },
      writer,
    );
    files.queue(id, added);
    const document = {
      ...row,
      _deleted: false,
      _attachments: {},
      _rev: createRevision('store'),
      _meta: { lwt: rxNow() },
    } as RxDocumentData<Row>;
    const { error } = await instanceOf('file_uploads').bulkWrite([{ document }], 'store-files');
    if (error.length > 0) {
      files.unqueue(id);
      throw new AppError('ROW_INVALID', { table: 'file_uploads' });
    }
    files.wake();
    return id;
  };

  /** @throws AppError NOT_FOUND when there is no such record here */
  const ownerOf = async ({ ownerTable, ownerId }: Attachment): Promise<Row> => {
    const [owner] = await instanceOf(ownerTable).findDocumentsById([ownerId], false);
    if (!owner) throw new AppError('NOT_FOUND');
    return owner;
  };

  return {
    transfers$: files.transfers$,
    fetch: (id) => files.fetch(id),
    isHere: (id) => {
      const [row] = rowsWhere(database, 'id = ?', [id]);
      return row !== undefined && files.has(row.sha256);
    },
    read: (...range) => files.read(...range),
    refused: () =>
      files.refused().map(({ fileId: id, refused: code, addedAt: parkedAt }) => ({
        table: 'file_uploads' as const,
        id,
        code,
        fields: [],
        parkedAt,
      })),
    abandon(id) {
      if (!files.refused().some(({ fileId }) => fileId === id)) return false;
      files.unqueue(id);
      return true;
    },
    async saveCopy(id, ask) {
      const [row] = database.read<{ mime: string }>(
        'select mime from live_file_uploads where id = ?',
        [id],
      );
      if (!row || !isFileType(row.mime)) throw new AppError('NOT_FOUND');
      await files.fetch(id);
      const out = await ask(ENDING_OF[row.mime]);
      if (out === null) return false;
      await files.saveTo(id, out);
      return true;
    },
    retry: (id) => files.retry(id),
    unsent: () => files.unsent(),
    async begin() {
      if (adding.size >= ADDING_AT_MOST) throw new AppError('STORE_OVERLOADED');
      const id = (lastAdding += 1);
      const bytes = await files.add();
      const timer = setTimeout(() => giveUpQuietly(id), SILENT_FOR_MS);
      timer.unref();
      adding.set(id, { bytes, timer });
      return id;
    },
    write: (id, bytes) => entryOf(id).bytes.write(bytes),
    async attach(id, to) {
      const { bytes, timer } = entryOf(id);
      const added = await bytes.finish();
      clearTimeout(timer);
      adding.delete(id);
      return attach(added, to);
    },
    giveUp,
    async stop() {
      told.unsubscribe();
      for (const id of adding.keys()) await giveUp(id);
      await files.stop();
    },
  };
}

interface StoredRow extends FileRow {
  readonly origin: string;
}

function rowsWhere(
  database: EncryptedDatabase,
  condition: string,
  params: readonly string[],
): StoredRow[] {
  return database
    .read<{ id: string; sha256: string; size: number; state: string; origin: string }>(
      `select id, sha256, size_bytes as size, upload_state as state, origin
         from live_file_uploads where ${condition}`,
      params,
    )
    .map(({ id, sha256, size, state, origin }) => ({
      id,
      sha256,
      size,
      origin,
      isComplete: state === 'complete',
    }));
}

/** The site of a file is that of the record that owns it. */
function siteOf(table: FileOwner, owner: Row): unknown {
  const { location } = tableOf(table).scope;
  return location === undefined ? null : (owner[location] ?? null);
}

/** A file is as sensitive as the most sensitive field of its owner. */
function phiOf(table: FileOwner): 'P0' | 'P1' | 'P2' {
  const classes = new Set(Object.values(tableOf(table).fields).map(({ phi }) => phi));
  return classes.has('P2') ? 'P2' : classes.has('P1') ? 'P1' : 'P0';
}
