import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useI18n } from './i18n.tsx';
import { useSelectedOnFocus } from './use-selected.ts';
import { MAX_CENTS, plainMoney, readMoney } from './money-text.ts';

/** An amount in whole cents. What is no amount stays in the field and is said. */
export function MoneyInput(props: {
  label: string;
  /** Cents; null while the field is empty. */
  value: number | null;
  onChange: (cents: number | null) => void;
  /** Cents; 0 unless said otherwise. */
  min?: number;
  max?: number;
  required?: boolean;
  disabled?: boolean;
  help?: string;
  error?: string | null;
  onBlur?: () => void;
  testId: string;
}) {
  const { value, onChange, min = 0, max = MAX_CENTS } = props;
  const { t, fmt } = useI18n();
  const { ref, setFocused } = useSelectedOnFocus();
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const wrong = (cents: number | null): string | null => {
    if (cents === null) return t('money.unreadable');
    if (cents < min) return t('form.least', { limit: fmt.money(min) });
    return cents > max ? t('form.most', { limit: fmt.money(max) }) : null;
  };
  const finish = (): void => {
    if (draft === null) return;
    const cents = draft.trim() === '' ? null : readMoney(draft);
    const why = draft.trim() === '' ? null : wrong(cents);
    setProblem(why);
    if (why !== null) return;
    setDraft(null);
    if (cents !== value) onChange(cents);
  };
  return (
    <TextInput
      ref={ref}
      label={props.label}
      description={props.help}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      inputMode="decimal"
      autoComplete="off"
      required={props.required ?? false}
      disabled={props.disabled ?? false}
      error={problem ?? props.error ?? null}
      styles={RIGHT}
      value={draft ?? (value === null ? '' : fmt.money(value))}
      onFocus={() => {
        setDraft((now) => now ?? (value === null ? '' : plainMoney(value)));
        setFocused(true);
      }}
      onChange={({ currentTarget }) => setDraft(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish();
        if (event.key !== 'Escape' || draft === null) return;
        event.stopPropagation();
        setDraft(value === null ? '' : plainMoney(value));
        setProblem(null);
      }}
      onBlur={() => {
        setFocused(false);
        finish();
        props.onBlur?.();
      }}
      data-testid={props.testId}
    />
  );
}

const RIGHT = { input: { textAlign: 'right', fontVariantNumeric: 'tabular-nums' } } as const;
