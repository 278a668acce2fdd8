import type { T } from '../../ui/i18n.tsx';

/**
 * The rules of a PIN, as the store checks them (PIN_TOO_SIMPLE): said here beside the field before
 * anything is sent.
 */
export const PIN_MIN = 6;
export const PIN_MAX = 12;

export type PinProblem = 'missing' | 'short' | 'long' | 'repetition' | 'row';

/** Only the digits of what was typed or pasted, so that "123 456" pastes as six digits. */
export const pinDigits = (typed: string): string => typed.replaceAll(/\D/g, '');

/** What is wrong with a PIN that somebody chooses, or null. */
export function pinProblem(pin: string): PinProblem | null {
  if (pin === '') return 'missing';
  if (!/^\d+$/.test(pin) || pin.length < PIN_MIN) return 'short';
  if (pin.length > PIN_MAX) return 'long';
  if (isRepetition(pin)) return 'repetition';
  if (isRow(pin)) return 'row';
  return null;
}

/** At most two different digits, or one group of digits again and again: 777777, 121212, 123123. */
const isRepetition = (pin: string): boolean => new Set(pin).size < 3 || /^(\d{1,6})\1+$/.test(pin);

/** Each digit one more, or one less, than the one before; after 9 comes 0. */
function isRow(pin: string): boolean {
  const digits = Array.from(pin, Number);
  const step = (by: number) =>
    digits.every((digit, at) => at === 0 || digit === ((digits[at - 1] ?? 0) + by + 10) % 10);
  return step(1) || step(-1);
}

/** What is wrong with a form that sets a PIN, in words; null where nothing is. */
export function checkNewPin(
  t: T,
  fields: { current: string | null; pin: string; repeat: string },
): { current: string | null; pin: string | null; repeat: string | null } {
  const problem = pinProblem(fields.pin);
  return {
    current: fields.current === '' ? t('pin.problem.currentMissing') : null,
    pin: problem === null ? null : t(`pin.problem.${problem}`),
    repeat: fields.repeat === fields.pin ? null : t('pin.problem.different'),
  };
}
