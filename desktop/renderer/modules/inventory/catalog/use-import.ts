import { useCallback, useEffect, useState } from 'react';
import type { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import { sameContent } from '#shared/kernel/json.ts';
import type { TableRow } from '#shared/schema/tables.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import type { Changes } from '#desktop/collections/tables.ts';
import type { PlannedRow } from './import-plan.ts';

type Item = TableRow<'inventory_items'>;

/** What became of a record of the file. */
export interface ImportedRow {
  readonly line: number;
  readonly sku: string;
  readonly name: string;
  readonly planned: PlannedRow;
  /** Why it was not written; null when it was. */
  readonly refused: Code | null;
}

/** What taking an import back has done. */
export interface TakenBack {
  /** Items that have their former values again. */
  readonly restored: number;
  /** New items that are discontinued now: nothing is ever deleted. */
  readonly discontinued: number;
  /** Fields or items that stay: somebody has changed them since, or they are drafts. */
  readonly left: number;
}

const KEPT_UNDER = 'import-items';
/** Name of the file that is being written; empty once it is. */
const RUNNING_UNDER = 'import-items-running';

/** The import of a catalogue: what is here, writing, taking back, and what is remembered. */
export function useImport() {
  const { tables, client } = useStore();
  const [remembered, setRemembered] = useState<string | null | undefined>(undefined);
  const [cutShort, setCutShort] = useState<string | null>(null);
  useEffect(() => {
    client.call('screen.recall', { name: KEPT_UNDER }).then(
      ({ value }) => setRemembered(value),
      () => setRemembered(null),
    );
    client.call('screen.recall', { name: RUNNING_UNDER }).then(
      ({ value }) => setCutShort(value === '' ? null : value),
      () => undefined,
    );
  }, [client]);

  /** All items that are on this device. @throws AppError */
  const readItems = useCallback(
    (): Promise<Item[]> => tables.find('inventory_items', {}),
    [tables],
  );

  return {
    readItems,
    /** Which heading was which field the last time; undefined while that is being read. */
    remembered,
    remember: (mapping: string): void => {
      setRemembered(mapping);
      // Only a convenience is lost when it is not kept.
      client.call('screen.remember', { name: KEPT_UNDER, value: mapping }).catch(() => undefined);
    },

    /** Name of a file whose import did not come to its end; null: there is none. */
    cutShort,

    /**
     * Writes what is planned, as ordinary records. The same file once more goes on where it was cut
     * short: what is here is known by its SKU.
     * @param file its name, until all is written
     * @param onProgress told how many of the rows have been tried
     * @throws AppError when the store cannot be written at all; what was written before stays
     */
    write: async (
      plan: readonly PlannedRow[],
      file: string,
      onProgress: (done: number) => void,
    ): Promise<ImportedRow[]> => {
      await client.call('screen.remember', { name: RUNNING_UNDER, value: file });
      const made = plan.flatMap((row) => (row.outcome === 'new' ? [row.row] : []));
      const changes = new Map(
        plan.flatMap((row) => (row.outcome === 'changed' ? [[row.id, row.changes] as const] : [])),
      );
      const refused = new Map<string, AppError>([
        ...(await tables.insertMany('inventory_items', made, onProgress)),
        ...(await tables.patchMany('inventory_items', changes, (done) =>
          onProgress(made.length + done),
        )),
      ]);
      setCutShort(null);
      await client.call('screen.remember', { name: RUNNING_UNDER, value: '' });
      return plan.flatMap((planned): ImportedRow[] => {
        if (planned.outcome !== 'new' && planned.outcome !== 'changed') return [];
        const { line, sku, name } = planned;
        const id = planned.outcome === 'new' ? planned.row.id : planned.id;
        return [{ line, sku, name, planned, refused: refused.get(id)?.code ?? null }];
      });
    },

    /** Takes an import back as far as that is honest. @throws AppError */
    takeBack: async (rows: readonly ImportedRow[]): Promise<TakenBack> => {
      const now = new Map((await readItems()).map((item) => [item.id, item]));
      const back = new Map<string, Changes<'inventory_items'>>();
      let restored = 0;
      let discontinued = 0;
      let left = 0;
      for (const { planned, refused } of rows) {
        if (refused !== null) continue;
        if (planned.outcome === 'new') {
          const item = now.get(planned.row.id);
          if (item?.status === 'active') {
            back.set(item.id, { status: 'discontinued' });
            discontinued += 1;
          } else left += 1;
        }
        if (planned.outcome !== 'changed') continue;
        const item = now.get(planned.id);
        const former = Object.entries(planned.before).filter(([field]) =>
          sameContent(
            item?.[field as keyof Item],
            planned.changes[field as keyof typeof planned.changes],
          ),
        );
        left += Object.keys(planned.before).length - former.length;
        if (former.length === 0) continue;
        back.set(planned.id, Object.fromEntries(former));
        restored += 1;
      }
      const refused = await tables.patchMany('inventory_items', back);
      const [first] = refused.values();
      if (first) throw first;
      return { restored, discontinued, left };
    },
  };
}
