import { describe, expect, test } from 'vitest';
import { createTranslate } from '#shared/i18n/format.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import { checkNewPassphrase, passphraseStrength } from './passphrase.ts';

const t = createTranslate<typeof EN>('en', EN);

describe('passphraseStrength', () => {
  test('calls repetitions, rows and few words weak', () => {
    for (const weak of [
      'aaaaaaaaaaaaaaaa',
      'abcabcabcabcabc',
      '123456789012345',
      'abcdefghijklmnop',
      'dog dog dog dog dog',
      'the cat sat',
    ]) {
      expect(passphraseStrength(weak), weak).toBe('weak');
    }
  });

  test('four words are fair, five and more are strong', () => {
    expect(passphraseStrength('lantern copper meadow seven')).toBe('fair');
    expect(passphraseStrength('lantern copper meadow seven violin')).toBe('strong');
  });

  test('a long mixture without words is strong', () => {
    expect(passphraseStrength('kV7#pQz2!mWx9')).toBe('strong');
  });

  test('counts letters with accents as letters', () => {
    expect(passphraseStrength('ñandú relámpago azúcar niño brújula')).toBe('strong');
  });
});

describe('checkNewPassphrase', () => {
  test('refuses what is missing, short, weak or different', () => {
    const passphrase = (value: string) =>
      checkNewPassphrase(t, { passphrase: value, repeat: value }).passphrase;
    expect(passphrase('')).toBe(EN['backup.problem.missing']);
    expect(passphrase('kV7#pQz2!mW')).toBe(EN['backup.problem.short']);
    expect(passphrase('aaaaaaaaaaaaaaaa')).toBe(EN['backup.problem.weak']);
    expect(passphrase('lantern copper meadow seven')).toBeNull();
    expect(checkNewPassphrase(t, { passphrase: 'a', repeat: 'b' }).repeat).toBe(
      EN['backup.problem.different'],
    );
  });
});
