/** Sizes of labels that label printers have in stock, millimetres. */
export const LABEL_SIZES = {
  '62x29': { width: 62, height: 29 },
  '57x32': { width: 57, height: 32 },
  '50x25': { width: 50, height: 25 },
  '102x51': { width: 102, height: 51 },
} as const satisfies Record<string, { width: number; height: number }>;
export type LabelSize = keyof typeof LABEL_SIZES;
export const LABEL_SIZE_NAMES = Object.keys(LABEL_SIZES) as readonly LabelSize[];

/** Most copies of one label at once: more is a slip of the hand. */
export const MOST_COPIES = 200;

/** What a label says. */
export interface LabelContent {
  readonly item_id: string;
  readonly name: string;
  readonly sku: string;
  /** Of a shelf label: site and bin, and what the shelf wants to hold. */
  readonly shelf?: { readonly place: string; readonly par: string | null };
}

/** What our own label says: an address that every scanner of the suite opens. */
export const labelText = ({ item_id }: Pick<LabelContent, 'item_id'>): string =>
  `ganger://inventory/items/${item_id}`;
