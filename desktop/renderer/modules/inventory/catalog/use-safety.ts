import { useEffect, useMemo, useState } from 'react';
import { newId } from '#shared/kernel/ids.ts';
import type { FileRef, SafetySheet } from '#shared/ipc/catalogue-views.ts';
import { useStore, useTopic, useView } from '#desktop/collections/hooks.tsx';
import type { Changes, NewRow } from '#desktop/collections/tables.ts';
import { useAttachFile } from '../../../shell/files/use-files.ts';
import { soughtSheet } from './safety-text.ts';
import type { SoughtSheet } from './safety-text.ts';

/** All safety sheets, and hazardous items without one. */
export function useSafetySheets() {
  const { data, error } = useView('inventory.safety', {});
  const sheets = useMemo<readonly SoughtSheet[] | undefined>(() => data?.map(soughtSheet), [data]);
  return { sheets, error };
}

/** Which makers' sheets can be opened on this device without a network, by file. */
export function useSheetsHere(sheets: readonly SafetySheet[] | undefined): ReadonlySet<string> {
  const { client } = useStore();
  const { data: transfers } = useTopic('files.transfers');
  const [here, setHere] = useState<ReadonlySet<string>>(NONE);
  const key = (sheets ?? []).flatMap(({ file }) => (file ? [file.id] : [])).join(' ');
  useEffect(() => {
    if (key === '') return undefined;
    let isGone = false;
    const fileIds = key.split(' ').slice(0, MOST_ASKED);
    client.call('files.here', { fileIds }).then(
      (answer) => {
        if (!isGone) setHere(new Set(answer.fileIds));
      },
      () => undefined,
    );
    return () => {
      isGone = true;
    };
    // Asked again whenever something has arrived.
  }, [client, key, transfers]);
  return here;
}

const NONE: ReadonlySet<string> = new Set();
const MOST_ASKED = 1000;

type SheetChanges = Changes<'sds_documents'>;
export type NewSheet = Omit<NewRow<'sds_documents'>, 'id' | 'status' | 'file_id'>;

/** What can be done with safety sheets. Every promise resolves when it is saved on this device. */
export function useSafetyActs() {
  const { tables } = useStore();
  const attach = useAttachFile();
  const patch = (id: string, changes: SheetChanges): Promise<void> =>
    tables.patch('sds_documents', id, changes);
  return {
    patch,
    create: async (sheet: NewSheet, status: 'draft' | 'current'): Promise<string> => {
      const id = newId();
      await tables.insert('sds_documents', { ...sheet, id, status, file_id: null });
      return id;
    },
    /** The maker's sheet itself. @returns what stood there */
    attachFile: async (
      sheet: { readonly id: string; readonly file: FileRef | null },
      file: File,
      caption: string,
    ): Promise<string | null> => {
      const owner = { table: 'sds_documents' as const, id: sheet.id };
      const fileId = await attach(file, owner, caption.slice(0, LONGEST_CAPTION));
      await patch(sheet.id, { file_id: fileId });
      return sheet.file?.id ?? null;
    },
  };
}

const LONGEST_CAPTION = 120;
