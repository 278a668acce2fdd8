import { encode } from 'uqr';
import { LABEL_SIZES, labelText } from './label-sizes.ts';
import type { LabelContent, LabelSize } from './label-sizes.ts';

/** Dots a millimetre of printers with 203, 300 and 600 dpi. */
export const DENSITIES = { 203: 8, 300: 12, 600: 24 } as const;
export type Density = keyof typeof DENSITIES;

const MARGIN_MM = 2;
/** A scalable font is about so wide for its height; wide letters included. */
const LETTER_WIDTH = 0.56;
const MOST_MAGNIFIED = 10;

/**
 * Labels as ZPL II, for printers that take it (Zebra and others). Text is UTF-8 (`^CI28`); whatever the
 * printer would take for a command is written as `_xx` (`^FH`). Source: Zebra, ZPL II programming guide,
 * commands ^BQ, ^CI, ^FH, ^PQ.
 * @param copies of each label
 */
export function toZpl(
  labels: readonly LabelContent[],
  size: LabelSize,
  density: Density,
  copies: number,
): string {
  return labels.map((label) => one(label, size, density, copies)).join('');
}

function one(label: LabelContent, size: LabelSize, density: Density, copies: number): string {
  const perMm = DENSITIES[density];
  const width = LABEL_SIZES[size].width * perMm;
  const height = LABEL_SIZES[size].height * perMm;
  const margin = MARGIN_MM * perMm;
  const inner = height - 2 * margin;
  const text = labelText(label);
  // The printer chooses the size of the code by what it says; so does this, with the same levels.
  const modules = encode(text, { ecc: 'M', border: 0 }).size;
  const magnified = Math.max(1, Math.min(MOST_MAGNIFIED, Math.floor(inner / modules)));
  const codeWidth = modules * magnified;
  const left = margin + codeWidth + margin;
  const room = width - left - margin;

  const big = Math.round(inner / 5);
  const small = Math.round(inner / 7);
  const lines: { text: string; height: number }[] = [
    ...wrapped(label.name, room, big, 2).map((words) => ({ text: words, height: big })),
    { text: cut(label.sku, room, small), height: small },
  ];
  if (label.shelf) {
    const { place, par } = label.shelf;
    lines.push({ text: cut(place, room, small), height: small });
    if (par !== null) lines.push({ text: cut(par, room, small), height: small });
  }
  let y = margin;
  const fields = lines.map((line) => {
    const field = `^FO${left},${y}^A0N,${line.height},${line.height}^FH^FD${zplText(line.text)}^FS`;
    y += Math.round(line.height * 1.15);
    return field;
  });
  return [
    '^XA',
    '^CI28',
    `^PW${width}`,
    `^LL${height}`,
    '^LH0,0',
    `^FO${margin},${margin}^BQN,2,${magnified}^FH^FDMA,${zplText(text)}^FS`,
    ...fields,
    `^PQ${copies}`,
    '^XZ',
    '',
  ].join('\n');
}

/** Text of a field: what means something to the printer is written as `_xx`. */
export function zplText(text: string): string {
  return (
    text
      .toWellFormed()
      // A line end or a tab in a name is a blank on a label.
      .replaceAll(/\p{Cc}/gu, ' ')
      .replaceAll(/[\^~_\\]/g, (sign) => `_${sign.charCodeAt(0).toString(16)}`)
  );
}

const lettersIn = (room: number, height: number): number =>
  Math.max(1, Math.floor(room / (height * LETTER_WIDTH)));

/** A text cut to what fits; that something is missing is shown. */
function cut(text: string, room: number, height: number): string {
  const letters = Array.from(text);
  const most = lettersIn(room, height);
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}

/** A text in at most so many lines, broken between words where that is possible. */
function wrapped(text: string, room: number, height: number, most: number): string[] {
  const width = lettersIn(room, height);
  const lines: string[] = [];
  let rest = text.trim().replaceAll(/\s+/g, ' ');
  while (lines.length < most - 1 && Array.from(rest).length > width) {
    const head = Array.from(rest)
      .slice(0, width + 1)
      .join('');
    const space = head.lastIndexOf(' ');
    const taken = space > 0 ? head.slice(0, space) : Array.from(rest).slice(0, width).join('');
    lines.push(taken);
    rest = rest.slice(taken.length).trimStart();
  }
  return [...lines, cut(rest, room, height)];
}
