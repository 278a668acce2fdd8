import { useState } from 'react';
import type { Field } from '#shared/schema/define.ts';
import { problemOf } from '../../../ui/field-rules.ts';
import { FormField } from '../../../ui/form-field.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';

type Value = string | number | boolean | null;

interface Draft {
  readonly value: Value;
  /** What it has been saved over; null while it is not saved. */
  readonly savedOver: { readonly value: Value } | null;
}

/**
 * A field of a record that saves itself when it is left, and can be taken back; what cannot be saved
 * stays in it. While somebody types, changes from elsewhere wait.
 */
export function SavedField(props: {
  field: Field<unknown>;
  label: string;
  value: Value;
  /** Saves; called again with the former value when it is taken back. */
  save: (value: Value) => Promise<void>;
  mayEdit: boolean;
  today: string;
  help?: string;
  unit?: string;
  /** The words of a choice. */
  words?: (value: string) => string;
  /** Asks before it is saved; where the person thinks better of it, the field is as it was. */
  ask?: (value: Value) => Promise<boolean>;
  /** What is wrong beyond what the field alone can tell; null when nothing is. */
  check?: (value: Value) => string | null;
  testId: string;
}) {
  const { field, label, value: kept, save, mayEdit, testId } = props;
  const { t } = useI18n();
  const { done, failed } = useToasts();
  const [draft, setDraft] = useState<Draft | null>(null);
  const [left, setLeft] = useState(false);
  // What was saved shows until it comes round.
  if (draft?.savedOver && draft.savedOver.value !== kept) setDraft(null);
  const value = draft ? draft.value : kept;
  const judge = (entered: Value) => {
    const clean = typeof entered === 'string' ? entered.trim() || null : entered;
    const problem = problemOf(field, clean);
    return { clean, problem, more: problem === null ? (props.check?.(clean) ?? null) : null };
  };
  const { problem, more } = judge(value);

  const leave = async (entered: Value) => {
    setLeft(true);
    const { clean, ...wrong } = judge(entered);
    if (wrong.problem !== null || wrong.more !== null || clean === kept) return;
    try {
      if (props.ask && !(await props.ask(clean))) {
        setDraft(null);
        setLeft(false);
        return;
      }
      await save(clean);
      setLeft(false);
      setDraft({ value: clean, savedOver: { value: kept } });
      done(t('catalog.saved', { field: label }), () => save(kept));
    } catch (failure) {
      failed(failure);
    }
  };
  if (!mayEdit) {
    return (
      <div>
        <div className="g-small g-dim">{label}</div>
        <div data-testid={testId} style={{ whiteSpace: 'pre-wrap' }}>
          {kept === null ? '–' : (props.words ?? String)(String(kept))}
        </div>
      </div>
    );
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Enter leaves the field within
    <div
      onKeyDown={({ key, target }) => {
        if (key === 'Enter' && target instanceof HTMLInputElement) target.blur();
      }}
    >
      <FormField
        field={field}
        label={label}
        value={value}
        onChange={(next) => {
          setDraft({ value: next, savedOver: null });
          // What is chosen is meant; only what is typed is not whole before the field is left.
          if (field.kind === 'enum' || field.kind === 'bool') void leave(next);
        }}
        onBlur={() => void leave(value)}
        problem={left ? problem : null}
        error={left ? more : null}
        today={props.today}
        {...(props.help === undefined ? {} : { help: props.help })}
        {...(props.unit === undefined ? {} : { unit: props.unit })}
        {...(props.words ? { words: props.words } : {})}
        testId={testId}
      />
    </div>
  );
}
