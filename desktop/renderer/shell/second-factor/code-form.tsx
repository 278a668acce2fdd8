import { Button, TextInput } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useStore } from '#desktop/collections/hooks.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { useTask } from '../../ui/use-task.ts';

const DIGITS = 6;
/** The profile opens behind it, and a file may have to be checked. */
const CONFIRM_MS = 5 * 60_000;

/** Asks for the code that an authenticator app shows. */
export function CodeForm(props: { done?: () => void }) {
  const { t } = useI18n();
  const { client } = useStore();
  const task = useTask();
  const [code, setCode] = useState('');
  const [touched, setTouched] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (code.length === DIGITS) {
      const went = await task.run(async () => {
        await client.call('auth.confirmFactor', { code }, CONFIRM_MS);
      });
      if (went) {
        props.done?.();
        return;
      }
    }
    field.current?.select();
  };
  return (
    <form
      noValidate
      className="g-stack"
      onSubmit={(event) => {
        void submit(event);
      }}
    >
      <TextInput
        ref={field}
        label={t('factor.code')}
        description={t('factor.codeHelp')}
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        error={touched && code.length !== DIGITS ? t('factor.codeMissing') : null}
        // Apps show it in two groups.
        onChange={(event) =>
          setCode(event.currentTarget.value.replaceAll(/\D/g, '').slice(0, DIGITS))
        }
        data-testid="factor-code"
      />
      {task.error && <ErrorNote error={task.error} testId="factor-error" />}
      <Button
        type="submit"
        leftSection={<IconShieldCheck size={18} stroke={1.5} />}
        disabled={task.busy}
        data-testid="factor-confirm"
      >
        {t(task.busy ? 'factor.busy' : 'factor.confirm')}
      </Button>
    </form>
  );
}
