import { Button, Divider, PasswordInput, TextInput } from '@mantine/core';
import { IconBrandGoogle, IconInfoCircle, IconLink, IconMail } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { focusWhenShown } from '../ui/field-focus.ts';
import { useI18n } from '../ui/i18n.tsx';
import { Note } from '../ui/note.tsx';
import { BrandMark } from './brand-mark.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { useLinkWaits } from './reopen/use-desk.ts';
import { checkSignIn } from './sign-in-check.ts';

/** A person may take their time with the second factor in the browser. */
const GOOGLE_TIMEOUT_MS = 10 * 60_000;
const PASSWORD_TIMEOUT_MS = 60_000;

/** The first page: e-mail and password, or Google. Nothing typed is lost when it does not work. */
export function SignIn(props: { because: Code | null }) {
  const { t, say } = useI18n();
  const { client } = useStore();
  const linkWaits = useLinkWaits();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [touched, setTouched] = useState<{ email?: true; password?: true }>({});
  const [busy, setBusy] = useState<'password' | 'google' | null>(null);
  const [error, setError] = useState<Code | null>(null);
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  useEffect(() => emailField.current?.focus(), []);
  const problems = checkSignIn(t, { email, password });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTouched({ email: true, password: true });
    setError(null);
    if (problems.email) emailField.current?.focus();
    else if (problems.password) passwordField.current?.focus();
    if (problems.email || problems.password || busy) return;
    setBusy('password');
    try {
      await client.call(
        'auth.signInWithPassword',
        { email: email.trim(), password },
        PASSWORD_TIMEOUT_MS,
      );
    } catch (failure) {
      const { code } = toAppError(failure);
      setError(code);
      if (code === 'AUTH_WRONG_PASSWORD') passwordField.current?.select();
    } finally {
      setBusy(null);
    }
  };

  const google = async () => {
    setError(null);
    setBusy('google');
    try {
      await client.call('auth.signInWithGoogle', {}, GOOGLE_TIMEOUT_MS);
    } catch (failure) {
      const { code } = toAppError(failure);
      if (code !== 'AUTH_CANCELLED') setError(code);
    } finally {
      setBusy(null);
    }
  };
  const cancelGoogle = () => {
    setBusy(null);
    client.call('auth.cancelGoogle', {}).catch((failure: unknown) => {
      setError(toAppError(failure).code);
    });
  };

  return (
    <main className="g-sign-in" data-testid="sign-in">
      <div className="g-sign-in-card g-stack">
        <div className="g-row">
          <BrandMark />
          <h1 className="g-spread" style={{ fontSize: 20, lineHeight: '28px', fontWeight: 600 }}>
            {t('signIn.title')}
          </h1>
          <LanguageSwitch />
        </div>
        {props.because && !error && busy === null && (
          <div className="g-note g-tone-blue" role="status" data-testid="sign-in-because">
            <IconInfoCircle size={18} stroke={1.5} aria-hidden />
            <span>{say(props.because)}</span>
          </div>
        )}
        {linkWaits && (
          <Note tone="blue" icon={IconLink} testId="sign-in-link">
            {t('links.signIn')}
          </Note>
        )}
        {error && <ErrorNote error={error} testId="sign-in-error" />}
        {busy === 'google' ? (
          <GoogleWaiting cancel={cancelGoogle} />
        ) : (
          <>
            <form
              noValidate
              className="g-stack"
              onSubmit={(event) => {
                void submit(event);
              }}
            >
              <TextInput
                ref={emailField}
                type="email"
                label={t('signIn.email')}
                autoComplete="username"
                value={email}
                error={touched.email ? problems.email : null}
                onChange={(event) => setEmail(event.currentTarget.value)}
                onBlur={() => email !== '' && setTouched({ ...touched, email: true })}
                data-testid="sign-in-email"
              />
              <PasswordInput
                ref={passwordField}
                label={t('signIn.password')}
                autoComplete="current-password"
                value={password}
                error={touched.password ? problems.password : null}
                onChange={(event) => setPassword(event.currentTarget.value)}
                visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
                data-testid="sign-in-password"
              />
              <Button
                type="submit"
                leftSection={<IconMail size={18} stroke={1.5} />}
                disabled={busy === 'password'}
                data-testid="sign-in-submit"
              >
                {busy === 'password' ? t('signIn.busy') : t('signIn.submit')}
              </Button>
            </form>
            <Divider label={t('signIn.or')} />
            <Button
              variant="default"
              leftSection={<IconBrandGoogle size={18} stroke={1.5} />}
              disabled={busy === 'password'}
              onClick={() => {
                void google();
              }}
              data-testid="sign-in-google"
            >
              {t('signIn.google')}
            </Button>
          </>
        )}
        <p className="g-small g-dim">{t('signIn.help')}</p>
      </div>
    </main>
  );
}

function GoogleWaiting(props: { cancel: () => void }) {
  const { t } = useI18n();
  return (
    <div className="g-stack" role="status" data-testid="sign-in-google-waiting">
      <p className="g-strong">{t('signIn.finishInBrowser')}</p>
      <p className="g-dim">{t('signIn.finishHelp')}</p>
      <Button
        variant="default"
        ref={focusWhenShown}
        onClick={props.cancel}
        data-testid="sign-in-google-cancel"
      >
        {t('common.cancel')}
      </Button>
    </div>
  );
}
