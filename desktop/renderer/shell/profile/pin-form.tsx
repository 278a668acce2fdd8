import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { ErrorNote } from '../../ui/error-note.tsx';
import { FieldFocus } from '../../ui/field-focus.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { useTask } from '../../ui/use-task.ts';
import { PinInput } from './pin-input.tsx';
import { checkNewPin } from './pin-rules.ts';
import { useProfileCalls } from './use-profile.ts';

type Field = 'current' | 'pin' | 'repeat';

/** Sets a PIN, or changes the one there is. */
export function NewPinForm(props: {
  hasPin: boolean;
  /** True when the form is what the person asked for. */
  takeFocus: boolean;
  done: () => void;
  cancel?: () => void;
}) {
  const { hasPin, takeFocus, cancel } = props;
  const { t } = useI18n();
  const calls = useProfileCalls();
  const task = useTask();
  const [values, setValues] = useState({ current: '', pin: '', repeat: '' });
  const [touched, setTouched] = useState<{ [F in Field]?: true }>({});
  const [focus] = useState(() => new FieldFocus<Field>());
  const current = hasPin ? values.current : null;
  useEffect(() => {
    if (takeFocus) focus.focus(hasPin ? 'current' : 'pin');
  }, [focus, takeFocus, hasPin]);
  const problems = checkNewPin(t, { ...values, current });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTouched({ current: true, pin: true, repeat: true });
    const wrong = (['current', 'pin', 'repeat'] as const).find((field) => problems[field] !== null);
    if (wrong) focus.focus(wrong);
    else if (await task.run(() => calls.setPin(current, values.pin))) props.done();
    else focus.focus(hasPin ? 'current' : 'pin');
  };
  const input = (field: Field, label: string, description?: string) => (
    <PinInput
      ref={focus.register(field)}
      label={label}
      {...(description ? { description } : {})}
      value={values[field]}
      change={(value) => setValues((former) => ({ ...former, [field]: value }))}
      leave={() => values[field] !== '' && setTouched((former) => ({ ...former, [field]: true }))}
      error={touched[field] ? problems[field] : null}
      testId={`pin-${field === 'pin' ? 'new' : field}`}
    />
  );
  return (
    <form
      noValidate
      className="g-stack"
      onSubmit={(event) => {
        void submit(event);
      }}
      data-testid="pin-form"
    >
      {hasPin && input('current', t('pin.current'))}
      {input('pin', t('pin.new'), t('pin.newHelp'))}
      {input('repeat', t('pin.repeat'))}
      {task.error && <ErrorNote error={task.error} testId="pin-error" />}
      <div className="g-row g-wrap">
        <Button type="submit" disabled={task.busy} data-testid="pin-submit">
          {t(hasPin ? 'pin.changeNow' : 'pin.set')}
        </Button>
        {cancel && (
          <Button variant="default" disabled={task.busy} onClick={cancel}>
            {t('common.cancel')}
          </Button>
        )}
      </div>
    </form>
  );
}

/** Takes the PIN away; it asks for it once more. */
export function RemovePinForm(props: { done: () => void; cancel: () => void }) {
  const { t } = useI18n();
  const calls = useProfileCalls();
  const task = useTask();
  const [current, setCurrent] = useState('');
  const [touched, setTouched] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const problem = current === '' ? t('pin.problem.currentMissing') : null;
  useEffect(() => field.current?.focus(), []);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (problem === null && (await task.run(() => calls.removePin(current)))) props.done();
    else field.current?.focus();
  };
  return (
    <form
      noValidate
      className="g-stack"
      onSubmit={(event) => {
        void submit(event);
      }}
      data-testid="pin-remove-form"
    >
      <p>{t('pin.removeHelp')}</p>
      <PinInput
        ref={field}
        label={t('pin.current')}
        value={current}
        change={setCurrent}
        error={touched ? problem : null}
        testId="pin-current"
      />
      {task.error && <ErrorNote error={task.error} testId="pin-error" />}
      <div className="g-row g-wrap">
        <Button type="submit" color="red" disabled={task.busy} data-testid="pin-submit">
          {t('pin.removeNow')}
        </Button>
        <Button variant="default" disabled={task.busy} onClick={props.cancel}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
