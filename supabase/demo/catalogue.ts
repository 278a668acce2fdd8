import { DRESSINGS_AND_SURGERY } from './dressings-and-surgery.ts';
import type { DemoItem } from './item.ts';
import { MEDICATION_AND_RETAIL } from './medication-and-retail.ts';

/** All items of the demo sites. Append only: the place in the list gives the GTIN. */
export const ITEMS: readonly DemoItem[] = [...DRESSINGS_AND_SURGERY, ...MEDICATION_AND_RETAIL];
