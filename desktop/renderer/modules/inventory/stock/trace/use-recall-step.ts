import type { TableRow } from '#shared/schema/tables.ts';
import { useStore } from '#desktop/collections/hooks.tsx';

type Status = TableRow<'inventory_lots'>['recall_status'];

/** Sets whether a lot is recalled; saved on the device when the promise resolves. */
export function useRecallStep(): (lotId: string, to: Status) => Promise<void> {
  const { tables } = useStore();
  return (lotId, to) => tables.patch('inventory_lots', lotId, { recall_status: to });
}
