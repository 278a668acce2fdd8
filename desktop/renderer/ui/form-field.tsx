import { Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { formatQuantity, parseQuantity } from '#shared/kernel/quantity.ts';
import type { Field } from '#shared/schema/define.ts';
import { DateField } from './date-field.tsx';
import { limitsOf } from './field-rules.ts';
import type { FieldProblem } from './field-rules.ts';
import { useI18n } from './i18n.tsx';
import type { T } from './i18n.tsx';
import { MoneyInput } from './money-input.tsx';

/** Texts that may be longer than this get a field of several lines. */
const ONE_LINE = 200;

/**
 * A field of a record, made from its table's definition: the control by its kind, whether it must be
 * filled and how long it may be. Kinds that need a control of their own (json, lists of ids, instants)
 * are not made here.
 */
export function FormField(props: {
  field: Field<unknown>;
  label: string;
  /** As it is kept: cents, 1/10,000 base units, `YYYY-MM-DD`; null while it is empty. */
  value: unknown;
  onChange: (value: string | number | boolean | null) => void;
  /** The words of a choice. */
  words?: (value: string) => string;
  /** Unit of a number or quantity, after it. */
  unit?: string;
  problem: FieldProblem | null;
  /** What is wrong beyond what the field alone can tell, in words. */
  error?: string | null;
  onBlur: () => void;
  today: IsoDate;
  help?: string;
  disabled?: boolean;
  testId: string;
}) {
  const { field, value, onChange, words = (word: string) => word } = props;
  const { t } = useI18n();
  const limits = limitsOf(field);
  const error =
    props.problem === null ? (props.error ?? null) : problemWords(t, props.problem, field);
  const shared = {
    label: props.label,
    required: limits.required,
    disabled: props.disabled ?? false,
    error,
    onBlur: props.onBlur,
  };
  const help = props.help === undefined ? {} : { help: props.help };
  const text = typeof value === 'string' ? value : '';
  const input = {
    ...shared,
    description: props.help,
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as Order,
    'data-testid': props.testId,
  };
  switch (field.kind) {
    case 'bool':
      return (
        <Switch
          label={props.label}
          description={props.help}
          disabled={shared.disabled}
          error={error}
          checked={value === true}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
          onBlur={props.onBlur}
          data-testid={props.testId}
        />
      );
    case 'enum':
      return (
        <Select
          {...input}
          clearable={!limits.required}
          value={text === '' ? null : text}
          onChange={onChange}
          data={(field.values ?? []).map((word) => ({ value: word, label: words(word) }))}
        />
      );
    case 'date':
      return (
        <DateField
          {...shared}
          {...help}
          value={text === '' ? null : text}
          onChange={onChange}
          today={props.today}
          testId={props.testId}
        />
      );
    case 'cents':
      return (
        <MoneyInput
          {...shared}
          {...help}
          value={typeof value === 'number' ? value : null}
          onChange={onChange}
          {...(limits.min === null ? {} : { min: limits.min })}
          {...(limits.max === null ? {} : { max: limits.max })}
          testId={props.testId}
        />
      );
    case 'int':
    case 'quantity':
      return (
        <NumberText
          kind={field.kind}
          value={typeof value === 'number' ? value : null}
          onChange={onChange}
          input={input}
          unit={props.unit}
        />
      );
    default:
      if ((limits.maxLength ?? 0) > ONE_LINE) {
        return (
          <Textarea
            {...input}
            autosize
            minRows={2}
            maxRows={8}
            value={text}
            onChange={({ currentTarget }) => onChange(currentTarget.value || null)}
          />
        );
      }
      return (
        <TextInput
          {...input}
          value={text}
          onChange={({ currentTarget }) => onChange(currentTarget.value || null)}
        />
      );
  }
}

type Order = ('label' | 'input' | 'description' | 'error')[];

/** A number as it is typed; what is none yet is kept as text here and given on as not a number. */
function NumberText(props: {
  kind: 'int' | 'quantity';
  value: number | null;
  onChange: (value: number | null) => void;
  input: Readonly<Record<string, unknown>> & { onBlur: () => void };
  unit: string | undefined;
}) {
  const { kind, value, onChange, input } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const shown =
    value === null || Number.isNaN(value)
      ? ''
      : kind === 'int'
        ? String(value)
        : formatQuantity(value);
  const read = (text: string): number | null => {
    if (text.trim() === '') return null;
    if (kind === 'quantity') return parseQuantity(text) ?? Number.NaN;
    return /^-?\d{1,12}$/.test(text.trim()) ? Number(text) : Number.NaN;
  };
  return (
    <TextInput
      {...input}
      inputMode="decimal"
      autoComplete="off"
      styles={RIGHT}
      value={draft ?? shown}
      rightSection={props.unit ? <span className="g-small g-dim">{props.unit}</span> : null}
      rightSectionWidth={props.unit ? 12 + props.unit.length * 8 : 0}
      onChange={({ currentTarget }) => {
        setDraft(currentTarget.value);
        onChange(read(currentTarget.value));
      }}
      onBlur={() => {
        // A number takes the form in which it is written everywhere; anything else stays to be mended.
        if (draft !== null && !Number.isNaN(read(draft))) setDraft(null);
        input.onBlur();
      }}
    />
  );
}

const RIGHT = { input: { textAlign: 'right', fontVariantNumeric: 'tabular-nums' } } as const;

/** What is wrong, in words; amounts and quantities as people write them. */
export function problemWords(t: T, problem: FieldProblem, field: Field<unknown>): string {
  const { key } = problem;
  if (key === 'least' || key === 'most') {
    const limit = field.kind === 'quantity' ? formatQuantity(problem.n) : String(problem.n);
    return key === 'least' ? t('form.least', { limit }) : t('form.most', { limit });
  }
  if (key === 'longest' || key === 'shortest') return t(`form.${key}`, { n: problem.n });
  return t(`form.${key}`);
}
