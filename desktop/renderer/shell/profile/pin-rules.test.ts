import { describe, expect, test } from 'vitest';
import { createTranslate } from '#shared/i18n/format.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import { checkNewPin, pinDigits, pinProblem } from './pin-rules.ts';

const t = createTranslate<typeof EN>('en', EN);

describe('pinProblem', () => {
  test('takes 6 to 12 digits', () => {
    expect(pinProblem('')).toBe('missing');
    expect(pinProblem('40718')).toBe('short');
    expect(pinProblem('407182')).toBeNull();
    expect(pinProblem('407182935614')).toBeNull();
    expect(pinProblem('4071829356140')).toBe('long');
  });

  test('refuses one digit or one group again and again', () => {
    for (const pin of [
      '000000',
      '7777777',
      '121212',
      '123123',
      '40714071',
      '987987987',
      '1212112',
    ]) {
      expect(pinProblem(pin)).toBe('repetition');
    }
    expect(pinProblem('1212123')).toBeNull();
  });

  test('refuses rows up and down, also over the zero', () => {
    for (const pin of ['123456', '654321', '678901', '210987', '0123456789']) {
      expect(pinProblem(pin)).toBe('row');
    }
    expect(pinProblem('123457')).toBeNull();
  });
});

test('what is pasted with blanks or hyphens becomes digits', () => {
  expect(pinDigits(' 407 182-93\n')).toBe('40718293');
});

describe('checkNewPin', () => {
  test('asks for the present PIN only where there is one', () => {
    const fields = { pin: '407182', repeat: '407182' };
    expect(checkNewPin(t, { ...fields, current: '' }).current).toBe(
      EN['pin.problem.currentMissing'],
    );
    expect(checkNewPin(t, { ...fields, current: null })).toEqual({
      current: null,
      pin: null,
      repeat: null,
    });
  });

  test('says when the second one differs', () => {
    const said = checkNewPin(t, { current: null, pin: '407182', repeat: '407128' });
    expect(said).toEqual({ current: null, pin: null, repeat: EN['pin.problem.different'] });
  });
});
