import type { Code } from '#shared/errors/codes.ts';
import type { WayBack } from '#shared/ipc/store-contract.ts';
import type { T } from '../../ui/i18n.tsx';

type Named =
  | 'KEY_MISSING'
  | 'KEY_WRONG'
  | 'DAMAGED'
  | 'NEWER'
  | 'UPGRADE_FAILED'
  | 'DISK_FULL'
  | 'IN_USE'
  | 'READ_ONLY'
  | 'IO'
  | 'TIMEOUT'
  | 'KEYCHAIN';

/** The problems that have words of their own; any other is said by the catalogue of errors. */
const NAMED: Readonly<Partial<Record<Code, Named>>> = {
  STORE_KEY_MISSING: 'KEY_MISSING',
  STORE_KEY_WRONG: 'KEY_WRONG',
  STORE_DAMAGED: 'DAMAGED',
  STORE_NEWER: 'NEWER',
  STORE_UPGRADE_FAILED: 'UPGRADE_FAILED',
  STORE_DISK_FULL: 'DISK_FULL',
  STORE_IN_USE: 'IN_USE',
  STORE_READ_ONLY: 'READ_ONLY',
  STORE_IO: 'IO',
  STORE_TIMEOUT: 'TIMEOUT',
  KEYCHAIN_UNAVAILABLE: 'KEYCHAIN',
};

/** What happened to a profile that does not open, and why such things happen. */
export function problemWords(
  t: T,
  say: (code: Code) => string,
  problem: Code,
): { title: string; help: string } {
  const name = NAMED[problem];
  if (!name) return { title: t('stuck.title.other'), help: say(problem) };
  return { title: t(`stuck.title.${name}`), help: t(`stuck.help.${name}`) };
}

/** What has become of changes that were not sent. Says nothing that is not known. */
export function savedWords(t: T, savedChanges: number | null): string {
  if (savedChanges === null) return t('stuck.savedUnknown');
  return savedChanges === 0 ? t('stuck.savedNone') : t('stuck.saved', { n: savedChanges });
}

/** A way on: its name, and what it does. */
export function wayWords(t: T, way: WayBack): { title: string; help: string } {
  return { title: t(`stuck.${way}`), help: t(`stuck.${way}Help`) };
}

/** What reloading means for changes that were not sent. */
export function reloadWords(t: T, savedChanges: number | null): string {
  if (savedChanges === null) return t('stuck.reloadUnknown');
  return savedChanges === 0 ? t('stuck.savedNone') : t('stuck.reloadSaved', { n: savedChanges });
}
