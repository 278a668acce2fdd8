import { useState } from 'react';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import type { Field } from '#shared/schema/define.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { problemOf } from '../../ui/field-rules.ts';
import { FormField } from '../../ui/form-field.tsx';

type Value = string | number | boolean | null;

/**
 * A field of a record that saves itself: a choice when it is made, a text when it is left. Esc brings
 * the old value back; what cannot be saved stays in the field.
 */
export function SavedField(props: {
  field: Field<unknown>;
  label: string;
  value: Value;
  save: (value: Value) => Promise<void>;
  words?: (value: string) => string;
  help?: string;
  today: IsoDate;
  testId: string;
}) {
  const { field, label, value, words, help, today, testId } = props;
  const [draft, setDraft] = useState<{ readonly value: Value } | null>(null);
  const [code, setCode] = useState<Code | null>(null);
  const shown = draft === null ? value : draft.value;
  const problem = draft === null ? null : problemOf(field, shown);

  const finish = async (next: Value): Promise<void> => {
    if (problemOf(field, next) !== null) return;
    setCode(null);
    try {
      if (next !== value) await props.save(next);
      // Who typed on meanwhile keeps what they typed.
      setDraft((now) => (now?.value === next ? null : now));
    } catch (error) {
      setCode(toAppError(error).code);
    }
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- hears Esc of the field inside
    <div
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || draft === null) return;
        event.stopPropagation();
        setDraft(null);
        setCode(null);
      }}
    >
      <FormField
        field={field}
        label={label}
        value={shown}
        onChange={(next) => {
          setDraft({ value: next });
          if (field.values) void finish(next);
        }}
        onBlur={() => {
          if (draft !== null) void finish(draft.value);
        }}
        problem={problem}
        today={today}
        testId={testId}
        {...(words ? { words } : {})}
        {...(help === undefined ? {} : { help })}
      />
      {code && <ErrorNote error={code} />}
    </div>
  );
}
