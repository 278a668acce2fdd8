import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { Field } from '#shared/schema/define.ts';
import { problemOf } from './field-rules.ts';
import type { FieldProblem } from './field-rules.ts';
import { problemWords } from './form-field.tsx';
import { focusWhenShown } from './field-focus.ts';
import { useI18n } from './i18n.tsx';
import { Note } from './note.tsx';

type Value = string | number | boolean | null;

/** A form over fields of one table. */
export interface Form<K extends string> {
  readonly values: Readonly<Record<K, Value>>;
  set(name: K, value: Value): void;
  /** What a `FormField` needs beside its words. */
  bind(name: K): {
    field: Field<unknown>;
    value: Value;
    onChange: (value: Value) => void;
    onBlur: () => void;
    problem: FieldProblem | null;
  };
  /** @returns true when nothing is wrong; else every problem shows, and the summary takes the focus */
  check(): boolean;
  /** Problems of all fields, once the form was to be finished; empty before. */
  readonly summary: readonly { readonly name: K; readonly problem: FieldProblem }[];
  /** How often it was to be finished in vain. */
  readonly attempt: number;
}

/** Values of a form and what is wrong with them: said when a field is left, and when all is finished. */
export function useForm<K extends string>(
  fields: Readonly<Record<K, Field<unknown>>>,
  start: Readonly<Record<K, Value>>,
): Form<K> {
  const [values, setValues] = useState(start);
  const [left, setLeft] = useState<ReadonlySet<K>>(new Set());
  const [attempt, setAttempt] = useState(0);
  const finished = attempt > 0;
  const names = Object.keys(fields) as K[];
  const wrong = (all: Readonly<Record<K, Value>>) =>
    names.flatMap((name) => {
      const problem = problemOf(fields[name], all[name]);
      return problem === null ? [] : [{ name, problem }];
    });
  const set = (name: K, value: Value): void => setValues((now) => ({ ...now, [name]: value }));
  return {
    values,
    set,
    bind: (name) => ({
      field: fields[name],
      value: values[name],
      onChange: (value) => set(name, value),
      onBlur: () => setLeft((now) => new Set(now).add(name)),
      problem: finished || left.has(name) ? problemOf(fields[name], values[name]) : null,
    }),
    check: () => {
      const isFine = wrong(values).length === 0;
      setAttempt((now) => (isFine ? 0 : now + 1));
      return isFine;
    },
    summary: finished ? wrong(values) : [],
    attempt,
  };
}

/** All that is wrong with a form that was to be finished; each line leads to its field. */
export function FormSummary<K extends string>(props: {
  form: Form<K>;
  fields: Readonly<Record<K, Field<unknown>>>;
  label: (name: K) => string;
  /** Brings the focus to a field. */
  focus: (name: K) => void;
}) {
  const { form, fields } = props;
  const { t } = useI18n();
  if (form.summary.length === 0) return null;
  return (
    // At every attempt it is shown anew, and takes the focus.
    <div key={form.attempt} ref={focusWhenShown} tabIndex={-1} data-testid="form-summary">
      <Note tone="red" icon={IconAlertTriangle} role="alert">
        <p className="g-strong">{t('form.summary', { n: form.summary.length })}</p>
        <ul className="g-form-problems">
          {form.summary.map(({ name, problem }) => (
            <li key={name}>
              <button type="button" className="g-link" onClick={() => props.focus(name)}>
                {props.label(name)}
              </button>
              {': '}
              {problemWords(t, problem, fields[name])}
            </li>
          ))}
        </ul>
      </Note>
    </div>
  );
}
