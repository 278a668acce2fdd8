import { useCallback } from 'react';
import { useStore, useView } from '#desktop/collections/hooks.tsx';
import { useAttachFile } from '../../../../shell/files/use-files.ts';

/** Most lots that are shown at once: who looks for more types more of the number. */
export const MOST_LOTS = 300;
const LONGEST_CAPTION = 120;

export const useLotSearch = (q: string, missing: boolean) =>
  useView('lots.search', { q: q.trim().slice(0, 80), missing, limit: MOST_LOTS });

/**
 * Attaches the paper of a trade to lots; each names it as its transaction document where it names none
 * yet. Saved on this device when the promise resolves. @throws AppError FILE_…
 */
export function useAttachDocument() {
  const { tables } = useStore();
  const attach = useAttachFile();
  return useCallback(
    async (file: File, lotIds: readonly string[]): Promise<void> => {
      const caption = file.name.replace(/\.[^.]{1,5}$/, '').slice(0, LONGEST_CAPTION) || null;
      for (const id of lotIds) {
        const fileId = await attach(file, { table: 'inventory_lots', id }, caption);
        const lot = await tables.read('inventory_lots', id);
        if (lot && lot.transaction_doc_file_id === null) {
          await tables.patch('inventory_lots', id, { transaction_doc_file_id: fileId });
        }
      }
    },
    [attach, tables],
  );
}
