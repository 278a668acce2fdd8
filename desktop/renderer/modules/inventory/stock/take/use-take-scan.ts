import type { InventoryListRow } from '#shared/ipc/views.ts';
import { newId } from '#shared/kernel/ids.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import type { FieldFocus } from '../../../../ui/field-focus.ts';
import { useI18n } from '../../../../ui/i18n.tsx';
import { unitsOf } from '../../receive/packs.ts';
import { labelOf } from '../../receive/receive-scan.ts';
import type { ScannedItem } from '../../scan/meaning.ts';
import { useScanFlow } from '../../scan/use-scan-flow.ts';
import type { Said } from '../../scan/use-scan-flow.ts';
import { planTakes } from './take-check.ts';
import type { TakeKind } from './take-check.ts';
import { TAKE_DRAFTS } from './take-draft.ts';
import { lotOfLabel, scanIntoTake } from './take-scan.ts';
import type { TakeField, TakenScan } from './take-scan.ts';
import type { useLotsAt } from './use-take.ts';

/** What scans do on the form: item and lot from the label, and the same again is one more. */
export function useTakeScan(of: {
  readonly kind: TakeKind;
  readonly siteId: string | null;
  readonly today: string;
  readonly lotsNow: ReturnType<typeof useLotsAt>['lotsNow'];
  readonly items: readonly InventoryListRow[] | undefined;
  readonly fields: FieldFocus<TakeField>;
}) {
  const { t } = useI18n();
  const { tables } = useStore();
  const draft = TAKE_DRAFTS[of.kind];
  const nameOf = (itemId: string | null): string =>
    of.items?.find(({ item_id }) => item_id === itemId)?.name ?? '';

  const say = (scan: TakenScan): Said => {
    switch (scan.did) {
      case 'twice':
        return { tone: 'amber', text: t('take.scanTwice') };
      case 'busy':
        of.fields.focus(scan.missing);
        return { tone: 'amber', text: t('receive.scanBusy') };
      case 'blocked':
        return { tone: 'red', text: t(scan.why) };
      case 'filled': {
        draft.getState().set(scan.draft);
        requestAnimationFrame(() => of.fields.focus(scan.missing));
        const item = nameOf(scan.draft.entry.itemId);
        const text =
          scan.missing === 'item'
            ? t('receive.problem.itemMissing')
            : t(`take.scanFill.${scan.missing}`, { item });
        return { tone: 'amber', text };
      }
      case 'added':
      case 'raised': {
        draft.getState().set(scan.draft);
        const { line } = scan;
        const item = of.items?.find(({ item_id }) => item_id === line.itemId);
        const words = t(scan.did === 'added' ? 'receive.scanAdded' : 'receive.scanRaised', {
          item: item?.name ?? '',
          unit: line.unit ?? item?.base_unit ?? '',
          quantity: line.quantity,
        });
        return { tone: 'green', text: words };
      }
    }
  };

  const item = async ({ match, reading }: ScannedItem): Promise<Said> => {
    const label = labelOf(match, reading);
    const { lines, entry } = draft.getState();
    const ids = [match.itemId, ...(entry.itemId === null ? [] : [entry.itemId])];
    const lotsOf = await of.lotsNow(ids);
    const rows = await Promise.all(ids.map((id) => tables.read('inventory_items', id)));
    const known = new Map(
      rows.flatMap((row) => (row ? [[row.id, { ...row, units: unitsOf(row) }] as const] : [])),
    );
    const itemOf = (id: string) => known.get(id) ?? null;
    const { kind, today } = of;
    const scanned = scanIntoTake(
      { lines, entry },
      label,
      lotOfLabel(label, lotsOf(match.itemId)),
      itemOf(match.itemId),
      (one) => {
        const [plan] = planTakes([one], { kind, today, itemOf, lotsOf });
        return plan && !plan.ok ? plan.problems : null;
      },
      newId(),
    );
    return say(scanned);
  };

  return useScanFlow('page', of.siteId, {
    item,
    part: () => ({ tone: 'amber', text: t('scan.partAlone') }),
  });
}
