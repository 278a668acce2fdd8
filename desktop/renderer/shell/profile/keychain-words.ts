import type { T } from '../../ui/i18n.tsx';

/** What keeps the computer's part of the key, in words. */
export function keychainWords(t: T, name: string): string {
  if (name.startsWith('gnome')) return t('keychain.gnome');
  if (name.startsWith('kwallet')) return t('keychain.kwallet');
  if (/^(darwin|mac|keychain)/.test(name)) return t('keychain.mac');
  if (/^(win32|windows|dpapi)/.test(name)) return t('keychain.windows');
  if (/^(unprotected|basic_text)/.test(name)) return t('keychain.file');
  return t('keychain.other');
}
