/**
 * True when a profile may be removed: nothing waits, or the person has agreed to lose at least as
 * many changes as wait now.
 * @param unsent null while that is not known
 */
export const wipeAllowed = (unsent: number | null, consent: number | null): boolean =>
  unsent !== null && (unsent === 0 || (consent !== null && consent >= unsent));

/** True for the name as it is written, whatever the case and the blanks. */
export function isTheName(typed: string, name: string): boolean {
  const plain = (text: string) =>
    text.normalize('NFC').trim().replaceAll(/\s+/g, ' ').toLocaleLowerCase();
  return plain(name) !== '' && plain(typed) === plain(name);
}
