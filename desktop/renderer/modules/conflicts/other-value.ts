import { isIsoDate } from '#shared/kernel/dates.ts';
import { parseQuantity } from '#shared/kernel/quantity.ts';
import type { Field } from '#shared/schema/define.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import type { Step } from './steps.ts';

const fieldOf = ({ group, field }: Step): Field<unknown> | undefined =>
  isTableName(group.table_name) && field !== null
    ? tableOf(group.table_name).fields[field]
    : undefined;

/** True for fields whose value a person can type in one line. */
export function takesOther(step: Step): boolean {
  const field = fieldOf(step);
  return (
    field !== undefined &&
    field.references === null &&
    ['text', 'int', 'quantity', 'cents', 'date'].includes(field.kind)
  );
}

/** What somebody typed as a value of the field; null when it is none. */
export function parseOther(step: Step, typed: string): { readonly value: unknown } | null {
  const field = fieldOf(step);
  if (!field) return null;
  const text = typed.trim();
  const value = parseAs(field.kind, text);
  return value !== null && field.zod.safeParse(value).success ? { value } : null;
}

function parseAs(kind: string, text: string): unknown {
  switch (kind) {
    case 'quantity':
      return parseQuantity(text);
    case 'int':
      return /^-?\d{1,12}$/.test(text) ? Number(text) : null;
    case 'cents':
      return /^\d{1,9}(\.\d{2})?$/.test(text) ? Math.round(Number(text) * 100) : null;
    case 'date':
      return isIsoDate(text) ? text : null;
    case 'text':
      return text;
    default:
      return null;
  }
}
