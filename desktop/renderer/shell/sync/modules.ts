import type { SyncDetails } from '#shared/ipc/sync-status.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';

/** How far the first sync of one module is. */
export interface ModuleLoad {
  readonly module: string;
  readonly loaded: number;
  readonly tables: readonly { readonly table: string; readonly isLoaded: boolean }[];
}

/** Tables of a newer app than this one, which this one keeps but cannot name. */
const UNKNOWN = 'shared';

/** The tables by module, in the order in which their first one is loaded. */
export function loadByModule(tables: SyncDetails['tables']): readonly ModuleLoad[] {
  const modules = new Map<string, SyncDetails['tables']>();
  for (const entry of tables) {
    const name: string = isTableName(entry.table) ? tableOf(entry.table).module : UNKNOWN;
    modules.set(name, [...(modules.get(name) ?? []), entry]);
  }
  return [...modules].map(([module, its]) => ({
    module,
    loaded: its.filter(({ isLoaded }) => isLoaded).length,
    tables: its,
  }));
}
