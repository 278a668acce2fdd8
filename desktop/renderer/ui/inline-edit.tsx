import { Textarea, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ChangeEvent, FocusEvent, KeyboardEvent } from 'react';
import { toAppError } from '#shared/errors/app-error.ts';
import { useI18n } from './i18n.tsx';

/** Longest time that a saved value takes to come round as the present one, milliseconds. */
const COMES_ROUND_MS = 1_000;

/**
 * A field that saves itself: on Enter and when it is left. Esc brings the old value back. While
 * somebody types, changes from elsewhere wait; a value that cannot be saved stays in the field.
 */
export function InlineEdit(props: {
  label: string;
  value: string;
  /** Null when the text can be saved, else what is wrong with it. */
  check?: (text: string) => string | null;
  /** Saves; a rejection is shown under the field. */
  save: (text: string) => Promise<void>;
  align?: 'right';
  /** Several lines: Shift+Enter makes a new one. */
  multiline?: boolean;
  placeholder?: string;
  width?: number;
  maxLength?: number;
  testId: string;
}) {
  const { say } = useI18n();
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const leaving = useRef(false);
  // What was saved shows until the value comes round, so that the old one does not flash up.
  const [saved, setSaved] = useState<{ over: string; text: string } | null>(null);
  useEffect(() => {
    if (saved === null) return undefined;
    const timer = setTimeout(() => setSaved(null), COMES_ROUND_MS);
    return () => clearTimeout(timer);
  }, [saved]);

  const finish = async (text: string) => {
    const trimmed = text.trim();
    if (trimmed === props.value) {
      setDraft(null);
      setProblem(null);
      return;
    }
    const wrong = props.check?.(trimmed) ?? null;
    setProblem(wrong);
    if (wrong) return;
    try {
      await props.save(trimmed);
      // Who types on while the last text is being saved must not lose what they type.
      setDraft((current) => (current === text ? null : current));
      setSaved({ over: props.value, text: trimmed });
    } catch (error) {
      setProblem(say(toAppError(error).code));
    }
  };

  const shared = {
    className: 'g-inline',
    'aria-label': props.label,
    value: draft ?? (saved?.over === props.value ? saved.text : props.value),
    error: problem,
    placeholder: props.placeholder ?? '',
    maxLength: props.maxLength ?? 200,
    'data-testid': props.testId,
    w: props.width ?? '100%',
    onChange: (event: ChangeEvent<Field>) => setDraft(event.currentTarget.value),
    onBlur: () => {
      if (draft !== null && !leaving.current) void finish(draft);
      leaving.current = false;
    },
    onKeyDown: (event: KeyboardEvent<Field>) => {
      if (event.key === 'Enter' && !event.shiftKey) {
        event.preventDefault();
        event.currentTarget.blur();
      }
      if (event.key === 'Escape' && draft !== null) {
        event.stopPropagation();
        leaving.current = true;
        setDraft(null);
        setProblem(null);
        event.currentTarget.blur();
      }
    },
  };
  if (props.multiline) return <Textarea {...shared} autosize minRows={2} maxRows={8} />;
  return (
    <TextInput
      {...shared}
      styles={props.align === 'right' ? { input: RIGHT } : {}}
      onFocus={(event: FocusEvent<HTMLInputElement>) => event.currentTarget.select()}
    />
  );
}

type Field = HTMLInputElement | HTMLTextAreaElement;
const RIGHT = { textAlign: 'right', fontVariantNumeric: 'tabular-nums' } as const;
