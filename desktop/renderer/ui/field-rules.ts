import { z } from 'zod';
import type { Field } from '#shared/schema/define.ts';

/** What is wrong with a value, as a key of words and what stands in them. */
export type FieldProblem =
  | { readonly key: 'required' | 'choose' | 'whole' | 'number' | 'date' | 'unreadable' }
  | { readonly key: 'least' | 'most' | 'shortest' | 'longest'; readonly n: number };

export interface FieldLimits {
  readonly required: boolean;
  readonly min: number | null;
  readonly max: number | null;
  readonly minLength: number | null;
  readonly maxLength: number | null;
}

const known = new WeakMap<Field<unknown>, FieldLimits>();

/** The limits of a field as its table's definition has them, in the unit in which it is kept. */
export function limitsOf(field: Field<unknown>): FieldLimits {
  const before = known.get(field);
  if (before) return before;
  const json = z.toJSONSchema(field.zod, { unrepresentable: 'any' });
  const parts = [json, ...((json.anyOf ?? []) as (typeof json)[])];
  const number = (name: 'minimum' | 'maximum' | 'minLength' | 'maxLength'): number | null => {
    const found = parts.map((part) => part[name]).find((value) => typeof value === 'number');
    return found ?? null;
  };
  const isEmptyAllowed = field.kind === 'text' && field.zod.safeParse('').success;
  const limits: FieldLimits = {
    required: !field.nullable && !isEmptyAllowed,
    min: number('minimum'),
    max: number('maximum'),
    minLength: number('minLength'),
    maxLength: field.maxLength,
  };
  known.set(field, limits);
  return limits;
}

/**
 * What is wrong with a value of a field by its table's definition, or null. The value is as it is kept:
 * cents, 1/10,000 base units, `YYYY-MM-DD`; null is an empty field.
 */
export function problemOf(field: Field<unknown>, value: unknown): FieldProblem | null {
  const limits = limitsOf(field);
  if (value === null || value === undefined || value === '') {
    return limits.required ? { key: 'required' } : null;
  }
  if (field.zod.safeParse(value).success) return null;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return { key: 'number' };
    if (!Number.isInteger(value)) return { key: 'whole' };
    if (limits.min !== null && value < limits.min) return { key: 'least', n: limits.min };
    if (limits.max !== null && value > limits.max) return { key: 'most', n: limits.max };
    return { key: 'number' };
  }
  if (field.values) return { key: 'choose' };
  if (field.kind === 'date') return { key: 'date' };
  if (typeof value === 'string' && limits.maxLength !== null && value.length > limits.maxLength) {
    return { key: 'longest', n: limits.maxLength };
  }
  // Blanks alone are too short for a field that must not be empty.
  if (typeof value === 'string' && value.trim() === '') return { key: 'required' };
  return { key: 'unreadable' };
}
