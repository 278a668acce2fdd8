import { describe, expect, test } from 'vitest';
import { createTranslate } from '#shared/i18n/format.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import { checkSignIn } from './sign-in-check.ts';

const t = createTranslate<typeof EN>('en', EN);

describe('checkSignIn', () => {
  test('asks for what is missing', () => {
    expect(checkSignIn(t, { email: ' ', password: '' })).toEqual({
      email: EN['signIn.emailMissing'],
      password: EN['signIn.passwordMissing'],
    });
  });

  test('knows an e-mail address, with blanks around it', () => {
    const wrong = EN['signIn.emailWrong'];
    expect(checkSignIn(t, { email: 'ana', password: 'x' }).email).toBe(wrong);
    expect(checkSignIn(t, { email: 'ana@x y', password: 'x' }).email).toBe(wrong);
    expect(checkSignIn(t, { email: ' ana@example.com ', password: 'x' })).toEqual({
      email: null,
      password: null,
    });
  });
});
