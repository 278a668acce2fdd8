import { z } from 'zod';
import { isUuid } from '#shared/kernel/ids.ts';
import { json, oneOf } from './define.ts';
import type { Field } from './define.ts';
import { P0 } from './marks.ts';
import { REVIEW_KINDS } from './review-kinds.ts';
import type { ReviewKind } from './review-kinds.ts';
import { StockActLine } from './tables/stock-acts.ts';

/** What one version changed in a table that was there before. */
export interface TableChange {
  /**
   * New fields → the value that rows have for which nobody has said anything: rows of those who do not
   * know the field, rows that were there before. The same value stands in the upgrade of the
   * definition and in the migration. Null for fields that may be null.
   */
  readonly added?: Readonly<Record<string, unknown>>;
  /** New name of a field → its old one. */
  readonly renamed?: Readonly<Record<string, string>>;
  /**
   * Fields that take more (or other) values than before → what they were. A reader of before is shown
   * another value in the place of a new one where `shown` names it; a row with a value that the old
   * field does not take is withheld from them.
   */
  readonly was?: Readonly<
    Record<
      string,
      { readonly field: Field<unknown>; readonly shown?: Readonly<Record<string, string>> }
    >
  >;
}

/** What a version of the protocol changed in the tables. */
export interface SchemaVersion {
  /**
   * Day of its release (UTC, `YYYY-MM-DD`); none while it is being made. The version two before it is
   * served for 90 days from then, see `shared/protocol/served.ts`.
   */
  readonly released?: string;
  /** Tables that are new. */
  readonly tables?: readonly string[];
  readonly changed?: Readonly<Record<string, TableChange>>;
}

/** Version of the protocol → what it changed. Version 1 is what was released first. */
export type History = Readonly<Record<number, SchemaVersion>>;

const LINES_WITH_TOKEN = json(
  z
    .array(
      StockActLine.extend({ patient_ref: z.string().refine(isUuid, 'is not an id').optional() }),
    )
    .min(1)
    .max(200),
  P0.ao,
);
const KINDS_BEFORE_VIALS = REVIEW_KINDS.filter((kind) => kind !== 'vial_overdrawn') as [
  ReviewKind,
  ...ReviewKind[],
];

/**
 * The history of the tables, from which the server knows what an older client can say and read. Whoever
 * changes a definition writes it into the newest entry; `shared/protocol/history.test.ts` compares the
 * tables as they were, reckoned back from this list, with the wire of each released version.
 */
export const HISTORY: History = {
  1: { released: '2026-11-22' },
  2: {
    tables: [
      'review_decisions',
      'order_sends',
      'order_send_events',
      'item_merges',
      'item_distinctions',
      'vial_acts',
      'patient_uses',
      'sample_reconciliations',
    ],
    changed: {
      inventory_items: {
        added: { document_policy: null, open_hours: null, vial_units: null, vial_unit: null },
      },
      sample_log: { added: { local_date: null, line: null, signature: null } },
      // A line could name a patient; nobody wrote one.
      stock_acts: { was: { lines: { field: LINES_WITH_TOKEN } } },
      review_items: { was: { kind: { field: oneOf(KINDS_BEFORE_VIALS, P0.ao) } } },
    },
  },
};
