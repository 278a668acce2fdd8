import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { AppError, toAppError } from '#shared/errors/app-error.ts';
import { FILE_PIECE_BYTES } from '#shared/ipc/files.ts';
import type { FileTransfer } from '#shared/ipc/files.ts';
import type { AttachedFile } from '#shared/ipc/views.ts';
import { LARGEST_FILE } from '#shared/schema/file-types.ts';
import type { FILE_OWNERS } from '#shared/schema/file-owners.ts';
import { useStore, useTopic, useView } from '#desktop/collections/hooks.tsx';
import type { StoreClient } from '#desktop/collections/store-client.ts';
import { useSession } from '../session.tsx';

export interface FileOwner {
  readonly table: (typeof FILE_OWNERS)[number];
  readonly id: string;
}

/** A file that is being taken over from the person's folder into the store of this device. */
export interface TakingOver {
  readonly key: number;
  readonly name: string;
  readonly done: number;
  readonly size: number;
  readonly error: AppError | null;
}

/** A caption may be no longer. */
const CAPTION = 120;
const FETCH_WITHIN_MS = 10 * 60_000;

/** The files of one record: what is attached, what is on its way, and what a person can do with them. */
export function useFiles(owner: FileOwner) {
  const { client, tables } = useStore();
  const { who } = useSession();
  const { table: ownerTable, id: ownerId } = owner;
  const { data, error } = useView('files.of', { ownerTable, ownerId, deviceId: who.deviceId });
  const { data: transfers } = useTopic('files.transfers');
  const byFile = useMemo(
    () => new Map((transfers ?? []).map((transfer) => [transfer.fileId, transfer])),
    [transfers],
  );
  const [taking, setTaking] = useState<readonly TakingOver[]>([]);
  const last = useRef(0);
  const cancelled = useRef(new Set<number>());
  const attach = useCallback(
    async (file: File, captionFromName: boolean): Promise<void> => {
      const key = (last.current += 1);
      const change = (next: Partial<TakingOver>): void =>
        setTaking((now) => now.map((one) => (one.key === key ? { ...one, ...next } : one)));
      setTaking((now) => [...now, { key, name: file.name, done: 0, size: file.size, error: null }]);
      try {
        await handOver(client, file, {
          ownerTable,
          ownerId,
          caption: captionFromName ? captionOf(file.name) : null,
          isCancelled: () => cancelled.current.has(key),
          onProgress: (done) => change({ done }),
        });
        setTaking((now) => now.filter((one) => one.key !== key));
      } catch (failure) {
        if (cancelled.current.delete(key)) setTaking((now) => now.filter((one) => one.key !== key));
        else change({ error: toAppError(failure) });
      }
    },
    [client, ownerTable, ownerId],
  );

  return {
    files: data,
    error,
    byFile,
    taking,
    attach,
    cancel: (key: number): void => void cancelled.current.add(key),
    dismiss: (key: number): void => setTaking((now) => now.filter((one) => one.key !== key)),
    retry: async (fileId: string): Promise<void> => {
      await client.call('files.retry', { fileId });
    },
    caption: (fileId: string, caption: string | null): Promise<void> =>
      tables.patch('file_uploads', fileId, { caption }),
    /** Writes a copy to where the person says. @returns false when they changed their mind */
    save: async (fileId: string): Promise<boolean> =>
      (await client.call('files.save', { fileId }, FETCH_WITHIN_MS)).saved,
  };
}

/** One file as an address of the page, for as long as somebody looks at it. */
export function useFileContent(file: Pick<AttachedFile, 'id' | 'mime' | 'size'> | null) {
  const { client } = useStore();
  const [state, setState] = useState<{ url: string | null; error: AppError | null }>(NOTHING);
  const [tries, setTries] = useState(0);
  const { id, mime, size } = file ?? { id: null, mime: '', size: 0 };
  useEffect(() => {
    if (id === null) return undefined;
    let isGone = false;
    let url: string | null = null;
    const load = async (): Promise<void> => {
      try {
        await client.call('files.fetch', { fileId: id }, FETCH_WITHIN_MS);
        const pieces: Uint8Array<ArrayBuffer>[] = [];
        for (let from = 0; from < size && !isGone; from += FILE_PIECE_BYTES) {
          const length = Math.min(FILE_PIECE_BYTES, size - from);
          const { bytes } = await client.call('files.read', { fileId: id, from, length });
          pieces.push(new Uint8Array(bytes));
        }
        if (isGone) return;
        url = URL.createObjectURL(new Blob(pieces, { type: mime }));
        setState({ url, error: null });
      } catch (failure) {
        if (!isGone) setState({ url: null, error: toAppError(failure) });
      }
    };
    void load();
    return () => {
      isGone = true;
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [client, id, mime, size, tries]);
  const again = (): void => {
    setState(NOTHING);
    setTries((n) => n + 1);
  };
  return { ...state, again };
}

const NOTHING = { url: null, error: null };

/** Attaches one file to a record, for screens that show no list of files. @throws AppError */
export function useAttachFile() {
  const { client } = useStore();
  return useCallback(
    (file: File, owner: FileOwner, caption: string | null): Promise<string> =>
      handOver(client, file, {
        ownerTable: owner.table,
        ownerId: owner.id,
        caption,
        isCancelled: () => false,
        onProgress: () => undefined,
      }),
    [client],
  );
}

interface HandOver {
  readonly ownerTable: FileOwner['table'];
  readonly ownerId: string;
  readonly caption: string | null;
  isCancelled(): boolean;
  onProgress(done: number): void;
}

/** Hands a file to the store piece by piece; the next piece goes when the one before is on the disk. */
async function handOver(client: StoreClient, file: File, to: HandOver): Promise<string> {
  // Nothing would come of it, however long it were read.
  if (file.size > LARGEST_FILE) throw new AppError('FILE_TOO_LARGE');
  if (file.size === 0) throw new AppError('FILE_TYPE_REFUSED');
  const { adding } = await client.call('files.begin', {});
  try {
    for (let at = 0; at < file.size; at += FILE_PIECE_BYTES) {
      if (to.isCancelled()) throw new AppError('NOT_FOUND');
      const piece = await file.slice(at, at + FILE_PIECE_BYTES).arrayBuffer();
      await client.call('files.write', { adding, bytes: new Uint8Array(piece) });
      to.onProgress(Math.min(file.size, at + FILE_PIECE_BYTES));
    }
    const { ownerTable, ownerId, caption } = to;
    const { fileId } = await client.call('files.attach', { adding, ownerTable, ownerId, caption });
    return fileId;
  } catch (failure) {
    await client.call('files.giveUp', { adding }).catch(() => undefined);
    throw failure;
  }
}

/** What a file was called, without its ending. */
const captionOf = (name: string): string | null =>
  name
    .replace(/\.[^.]{1,5}$/, '')
    .trim()
    .slice(0, CAPTION) || null;

export type { AttachedFile, FileTransfer };
