import {
  MAX_QUANTITY,
  QUANTITY_SCALE,
  formatQuantity,
  parseQuantity,
} from '#shared/kernel/quantity.ts';

export type Key =
  | '0'
  | '1'
  | '2'
  | '3'
  | '4'
  | '5'
  | '6'
  | '7'
  | '8'
  | '9'
  | '.'
  | 'back'
  | 'more'
  | 'less'
  | 'clear';

/**
 * The text of a quantity after one key.
 * @param fresh true while the text was not typed by this person: a digit begins anew
 */
export function pressed(text: string, fresh: boolean, key: Key): string {
  switch (key) {
    case 'clear':
      return '';
    case 'back':
      return fresh ? '' : text.slice(0, -1);
    case 'more':
    case 'less': {
      const now = parseQuantity(text) ?? 0;
      const then = now + (key === 'more' ? QUANTITY_SCALE : -QUANTITY_SCALE);
      return formatQuantity(Math.min(MAX_QUANTITY, Math.max(0, then)));
    }
    case '.': {
      const before = fresh ? '' : text;
      return before.includes('.') ? before : `${before === '' ? '0' : before}.`;
    }
    default: {
      const before = fresh || text === '0' ? '' : text;
      const longer = `${before}${key}`;
      // What could not be read as a quantity any more is not taken.
      return parseQuantity(longer) === null ? before : longer;
    }
  }
}
