/** Largest amount that a record may hold, in cents: a billion dollars. */
export const MAX_CENTS = 100_000_000_000;

const GROUPED = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{0,2}))?$/;
const COMMA = /^(\d+),(\d{1,2})$/;

/**
 * Reads an amount as people type it ("12", "$1,234.50", "12,5", "−3") into cents. A comma before three
 * figures groups thousands; before one or two at the end it stands for the point.
 * @returns null when the text is no amount, has parts of a cent or is too large
 */
export function readMoney(text: string): number | null {
  const typed = text.replaceAll(/[\s$]/g, '').replace('\u2212', '-');
  const sign = typed.startsWith('-') ? -1 : 1;
  const match = GROUPED.exec(typed.replace(/^-/, '')) ?? COMMA.exec(typed.replace(/^-/, ''));
  if (!match) return null;
  const whole = Number((match[1] ?? '').replaceAll(',', ''));
  const cents = whole * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  if (cents > MAX_CENTS) return null;
  return cents === 0 ? 0 : sign * cents;
}

/** The amount as it stands in a field while somebody types: "1234.50". */
export function plainMoney(cents: number): string {
  const absolute = Math.abs(cents);
  const rest = String(absolute % 100).padStart(2, '0');
  return `${cents < 0 ? '-' : ''}${Math.trunc(absolute / 100)}.${rest}`;
}
