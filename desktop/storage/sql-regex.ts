import { FACT, factsOfText } from './column-facts.ts';
import { ANYTHING, all, exact, widened } from './sql-condition.ts';
import type { Condition } from './sql-condition.ts';

/** A pattern of literal characters, perhaps bound to the start or the end of the text. */
interface Literal {
  readonly text: string;
  readonly isStart: boolean;
  readonly isEnd: boolean;
  /** False: the text is only how the pattern begins. */
  readonly isWhole: boolean;
}

const SPECIAL = /[\\^$.*+?()[\]{}|/-]/u;
const QUANTIFIER = /[*+?{]/u;
/** SQLite refuses patterns of more than 50,000 bytes. */
const LONGEST_LIKE = 10_000;
const LAST_POINT = 0x10_ff_ff;

/**
 * `$regex` over a column of texts. What is a literal, wherever it stands, SQL says exactly; of what
 * begins with one it gives the range (so that an index can serve); the rest is left to the matcher.
 */
export function compileRegex(column: string, pattern: unknown, options: unknown): Condition {
  const isText = exact(`${column} is not null`);
  // Only texts match, whatever the pattern is.
  const rest = widened(isText);
  if (typeof pattern !== 'string' || (options !== undefined && typeof options !== 'string')) {
    return ANYTHING;
  }
  const flags = options ?? '';
  if (flags !== '' && flags !== 'i') return rest;
  const literal = literalOf(pattern);
  if (!literal || (factsOfText(literal.text) & FACT.unfit) !== 0) return rest;
  if (flags === 'i') return literal.isWhole ? (ignoringCase(column, literal) ?? rest) : rest;
  const { text, isStart, isEnd, isWhole } = literal;
  if (!isWhole) return isStart && text !== '' ? widened(startsWith(column, text)) : rest;
  if (isStart && isEnd) return exact(`${column} = ?`, [text]);
  if (text === '') return isText;
  if (isStart) return startsWith(column, text);
  if (isEnd) return exact(`substr(${column}, ?) = ?`, [-Array.from(text).length, text]);
  return exact(`instr(${column}, ?) > 0`, [text]);
}

/** SQLite and JavaScript agree on the case of ASCII letters alone. */
function ignoringCase(column: string, { text, isStart, isEnd }: Literal): Condition | undefined {
  if (/[^ -~]/u.test(text) || text.length > LONGEST_LIKE) return undefined;
  const escaped = text.replaceAll(/[\\%_]/gu, (sign) => `\\${sign}`);
  const like = `${isStart ? '' : '%'}${escaped}${isEnd ? '' : '%'}`;
  return exact(`${column} like ? escape '\\'`, [like]);
}

/** All texts with a prefix lie between it and the next text of its length, by code points. */
function startsWith(column: string, prefix: string): Condition {
  const from = exact(`${column} >= ?`, [prefix]);
  const points = Array.from(prefix, (letter) => letter.codePointAt(0) ?? 0);
  while (points.at(-1) === LAST_POINT) points.pop();
  const last = points.pop();
  if (last === undefined) return from;
  const next = last === 0xd7_ff ? 0xe0_00 : last + 1;
  const to = String.fromCodePoint(...points, next);
  return all([from, exact(`${column} < ?`, [to])]);
}

/** The literal that a pattern is, or begins with. */
function literalOf(pattern: string): Literal | undefined {
  // Another branch could match without the first one's beginning.
  if (pattern.includes('|')) return undefined;
  const isStart = pattern.startsWith('^');
  let text = '';
  let at = isStart ? 1 : 0;
  for (; at < pattern.length; at += 1) {
    const letter = pattern[at] ?? '';
    if (letter === '\\') {
      const escaped = pattern[at + 1] ?? '';
      if (!SPECIAL.test(escaped)) break;
      text += escaped;
      at += 1;
    } else if (SPECIAL.test(letter) && letter !== '-' && letter !== '/' && letter !== ']') {
      if (letter !== '}') break;
      text += letter;
    } else text += letter;
  }
  const left = pattern.slice(at);
  if (left === '' || left === '$') return { text, isStart, isEnd: left === '$', isWhole: true };
  // Whatever follows: without a closing end, nothing more is asked of the text.
  if (isStart && (left === '.*' || left === '.*?')) {
    return { text, isStart, isEnd: false, isWhole: true };
  }
  // A quantifier belongs to the last character, and may allow it to be missing.
  if (QUANTIFIER.test(left[0] ?? '')) {
    const letters = Array.from(text);
    letters.pop();
    text = letters.join('');
  }
  return { text, isStart, isEnd: false, isWhole: false };
}
