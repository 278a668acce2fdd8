import { LabelsDialog } from './catalog/labels-dialog.tsx';
import type { LabelContent } from './catalog/label-sizes.ts';

/** A label for a shelf or a box without a code of its own, to look at and to print. */
export function ItemLabel(props: { item: LabelContent; close: () => void }) {
  const { item_id, name, sku } = props.item;
  return <LabelsDialog labels={[{ item_id, name, sku }]} close={props.close} />;
}
