import type { Code } from '#shared/errors/codes.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import type { KeptState, PushResult, SlotOffer } from '#shared/protocol/messages.ts';
import { codeFor } from '#shared/protocol/older-codes.ts';
import type { Row } from '#shared/schema/define.ts';
import { lowerRow } from '#shared/schema/older.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { RowFault } from '../db/pg-errors.ts';

/** The row was not written and will not be. */
export interface Refusal {
  readonly outcome: 'refused';
  readonly code: Code;
  readonly fields: readonly string[];
  readonly alternatives?: readonly SlotOffer[];
  /** Of a row in quarantine: what was decided about it. */
  readonly kept?: KeptState;
}

/** What became of a row, without its name. */
export type Outcome =
  | { readonly outcome: 'ok' }
  | {
      readonly outcome: 'master';
      readonly row: Row;
      readonly alternatives?: readonly SlotOffer[];
    }
  | Refusal
  | { readonly outcome: 'retry'; readonly code: Code };

export const OK: Outcome = { outcome: 'ok' };
export const refused = (code: Code, fields: readonly string[] = []): Refusal => ({
  outcome: 'refused',
  code,
  fields,
});
export const master = (row: Row, alternatives?: readonly SlotOffer[]): Outcome => ({
  outcome: 'master',
  row,
  ...(alternatives ? { alternatives } : {}),
});
export const later = (code: Code): Outcome => ({ outcome: 'retry', code });

/** The answer of the wire for one row, as a client of a version can read it. */
export function toResult(
  table: TableName,
  id: string,
  outcome: Outcome,
  protocol: number = PROTOCOL_VERSION,
): PushResult {
  const alternatives =
    'alternatives' in outcome && protocol >= 2
      ? { alternatives: [...(outcome.alternatives ?? [])] }
      : {};
  switch (outcome.outcome) {
    case 'ok':
      return { outcome: 'ok', table, id };
    case 'master': {
      const row = lowerRow(table, outcome.row, protocol);
      // It cannot read what became of its row: that it was taken is all that it can be told.
      if (!row) return { outcome: 'ok', table, id };
      return { outcome: 'master', table, id, row, ...alternatives };
    }
    case 'refused': {
      const { fields } = outcome;
      const code = codeFor(outcome.code, protocol);
      const kept = outcome.kept && protocol >= 2 ? { kept: outcome.kept } : {};
      return { outcome: 'refused', table, id, code, fields: [...fields], ...alternatives, ...kept };
    }
    case 'retry':
      return { outcome: 'retry', table, id, code: codeFor(outcome.code, protocol) };
  }
}

/** What the database's objection to a row means for the device that sent it. */
export function outcomeOfFault(table: TableName, fault: RowFault): Outcome {
  switch (fault.kind) {
    case 'parent-missing':
      return later('SYNC_PARENT_MISSING');
    case 'unique-taken':
      return refused('SYNC_UNIQUE_TAKEN', uniqueFields(table, fault.constraint));
    case 'not-allowed':
      return refused('SYNC_ROW_REFUSED');
    case 'immutable':
      return refused('SYNC_ROW_IMMUTABLE');
    case 'step-refused':
      return refused('SYNC_TRANSITION_REFUSED', stateField(table));
    case 'count-closed':
      return refused('COUNT_CLOSED');
    case 'row-closed':
      return refused('SYNC_ROW_CLOSED');
    case 'own-approval':
      return refused('SYNC_OWN_APPROVAL');
    case 'too-late':
      return refused('REVIEW_UNDO_LATE');
    case 'invalid':
      return refused('SYNC_ROW_INVALID', invalidFields(table, fault));
  }
}

const stateField = (table: TableName): string[] => {
  const { machine } = tableOf(table);
  return machine ? [machine.field] : [];
};

/** Fields of a uniqueness rule, found by the name that its constraint has after them. */
function uniqueFields(table: TableName, constraint: string): readonly string[] {
  const { unique, uniqueWhere } = tableOf(table);
  const rules = [
    ...unique.map((columns) => ({ columns, end: 'key' })),
    ...uniqueWhere.map(({ columns }) => ({ columns, end: 'live_key' })),
  ];
  const broken = rules.find(
    ({ columns, end }) => constraint === `${table}_${columns.join('_')}_${end}`,
  );
  return broken?.columns ?? [];
}

function invalidFields(
  table: TableName,
  { column, constraint }: { column: string | null; constraint: string | null },
): string[] {
  const named = Object.keys(tableOf(table).fields).filter(
    (field) => column === field || constraint === `${table}_${field}_check`,
  );
  return named.length > 0 ? named : ['(row)'];
}
