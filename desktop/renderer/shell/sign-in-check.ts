import type { T } from '../ui/i18n.tsx';

/** What is wrong with the two fields, in words; null where nothing is. */
export function checkSignIn(
  t: T,
  fields: { email: string; password: string },
): { email: string | null; password: string | null } {
  const email = fields.email.trim();
  return {
    email:
      email === ''
        ? t('signIn.emailMissing')
        : /^[^\s@]+@[^\s@]+$/.test(email) && email.length <= 254
          ? null
          : t('signIn.emailWrong'),
    password: fields.password === '' ? t('signIn.passwordMissing') : null,
  };
}
