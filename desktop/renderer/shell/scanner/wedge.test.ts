import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gs1CheckDigit, hibcCheckCharacter } from '#shared/barcode/check-digits.ts';
import { SEPARATOR } from '#shared/barcode/gs1.ts';
import { hear, isBurst, learn, rest, silenceOf, UNKNOWN_SCANNER } from './wedge.ts';
import type { KnownScanner, Run, Stroke } from './wedge.ts';

/** A field with the focus, as a window has it: keys go in, a scan is taken out again. */
function play(strokes: readonly Stroke[], start: KnownScanner = UNKNOWN_SCANNER) {
  let run: Run = [];
  let known = start;
  let field = '';
  /** What stood in the field before each key of the run. */
  let before: string[] = [];
  const scans: string[] = [];
  const take = (heard: ReturnType<typeof hear>): void => {
    if (heard.scan) {
      field = before[heard.scan.from] ?? '';
      scans.push(heard.scan.text);
      known = learn(known, heard.scan);
    }
    run = heard.run;
  };
  for (const stroke of strokes) {
    const last = run.at(-1);
    // The clock of the window rings before the next key.
    if (last && stroke.at - last.at >= silenceOf(known)) {
      take(rest(run, last.at + silenceOf(known), known));
    }
    if (run.length === 0) before = [];
    const heard = hear(run, stroke, known);
    take(heard);
    if (run.length === 1) before = [];
    if (run.length > 0) before.push(field);
    if (!heard.taken)
      field += stroke.key === 'Enter' ? '\n' : stroke.key === 'Tab' ? '\t' : stroke.key;
  }
  const last = run.at(-1);
  if (last) take(rest(run, last.at + silenceOf(known), known));
  return { field, scans, known };
}

type Part =
  | {
      readonly who: 'person';
      readonly text: string;
      readonly gaps: readonly number[];
      readonly end: '' | 'Enter';
    }
  | {
      readonly who: 'scanner';
      readonly code: string;
      readonly pace: number;
      readonly jitter: readonly number[];
      readonly end: '' | 'Enter' | 'Tab';
    };

/** Nobody goes on typing sooner after a scanner that sends no Enter, when it is not known as one. */
const AFTER_SILENT_SCAN_MS = 1501;

/** The parts one behind the other on one keyboard. */
function strokesOf(parts: readonly Part[]): Stroke[] {
  const strokes: Stroke[] = [];
  let at = 1000;
  let needsSilence = false;
  for (const part of parts) {
    const keys = Array.from(part.who === 'person' ? part.text : part.code);
    if (part.end) keys.push(part.end);
    keys.forEach((key, index) => {
      if (part.who === 'person') {
        at +=
          index === 0 && needsSilence
            ? AFTER_SILENT_SCAN_MS
            : (part.gaps[index % part.gaps.length] ?? 120);
      } else if (index === 0) {
        at += needsSilence ? AFTER_SILENT_SCAN_MS : 120;
      } else {
        at += Math.round(part.pace * (1 + (part.jitter[index % part.jitter.length] ?? 0) / 100));
      }
      strokes.push({ key, at });
    });
    if (keys.length > 0) needsSilence = part.who === 'scanner' && part.end === '';
  }
  return strokes;
}

const digits = (n: number) =>
  fc.array(fc.nat({ max: 9 }), { minLength: n, maxLength: n }).map((list) => list.join(''));
const withCheckDigit = (body: string) => body + gs1CheckDigit(body);
const lot = fc.stringMatching(/^[A-Z][A-Z0-9-]{3,12}$/);
const gtin = fc.oneof(digits(11), digits(12), digits(13)).map(withCheckDigit);
const gs1 = fc
  .tuple(digits(13).map(withCheckDigit), fc.integer({ min: 10, max: 28 }), lot, lot)
  .map(([of, day, no, serial]) => `01${of}1727${'04'}${day}10${no}${SEPARATOR}21${serial}`);
const hibc = fc
  .stringMatching(/^\+[A-Z]\d{3}[A-Z0-9]{6,12}\d$/)
  .map((of) => of + hibcCheckCharacter(of));
const own = fc.uuid().map((id) => `ganger://inventory/items/${id}`);
const structured = fc.oneof(
  gtin,
  gs1,
  hibc,
  own,
  gs1.map((text) => `]d2${text}`),
);
const numbers = fc.stringMatching(/^[A-Z]{2,4}-\d{4,8}$/);

const person: fc.Arbitrary<Part> = fc.record({
  who: fc.constant('person' as const),
  text: fc.string({ minLength: 0, maxLength: 14 }),
  gaps: fc.array(fc.integer({ min: 120, max: 400 }), { minLength: 1, maxLength: 16 }),
  end: fc.constantFrom('' as const, 'Enter' as const),
});
const scannerOf = (pace: number, code: fc.Arbitrary<string>): fc.Arbitrary<Part> =>
  fc.record({
    who: fc.constant('scanner' as const),
    code,
    pace: fc.constant(pace),
    jitter: fc.array(fc.integer({ min: -12, max: 10 }), { minLength: 3, maxLength: 20 }),
    end: fc.constantFrom('' as const, 'Enter' as const, 'Tab' as const),
  });
const END = { '': '', Enter: '\n', Tab: '\t' } as const;
const typed = (parts: readonly Part[]) =>
  parts.map((part) => (part.who === 'person' ? part.text + END[part.end] : '')).join('');
const scanned = (parts: readonly Part[]) =>
  parts.flatMap((part) => (part.who === 'scanner' ? [part.code] : []));

describe.each([10, 50, 100])('a scanner at %i ms a key among typing at 120 to 400 ms', (pace) => {
  test('gives every scan once, and the field has exactly what was typed', () => {
    const codes = pace < 60 ? fc.oneof(structured, numbers) : structured;
    const parts = fc.array(fc.oneof(person, scannerOf(pace, codes)), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(parts, (all) => {
        const { field, scans } = play(strokesOf(all));
        expect(scans).toEqual(scanned(all));
        expect(field).toBe(typed(all));
      }),
      { numRuns: 400 },
    );
  });

  test('is known after its first scans: numbers without a structure are scans then, too', () => {
    const part = scannerOf(pace, numbers).map((of) => ({ ...of, end: 'Enter' as const }));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(person, part as fc.Arbitrary<Part>), { maxLength: 8 }),
        (all) => {
          const { field, scans } = play(strokesOf(all), { ...UNKNOWN_SCANNER, pace });
          expect(scans).toEqual(scanned(all));
          expect(field).toBe(typed(all));
        },
      ),
      { numRuns: 200 },
    );
  });
});

test('typing alone is never a scan, whatever is typed, even a whole label', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          person,
          fc.tuple(person, structured).map(([of, text]) => ({ ...of, text }) as Part),
        ),
        { maxLength: 6 },
      ),
      fc.constantFrom(null, 10, 50, 100),
      (all, pace) => {
        const { field, scans } = play(strokesOf(all), { ...UNKNOWN_SCANNER, pace });
        expect(scans).toEqual([]);
        expect(field).toBe(typed(all));
      },
    ),
    { numRuns: 300 },
  );
});

const stroke = (text: string, enter: boolean, gaps: readonly number[]): Stroke[] => {
  let at = 0;
  return [...Array.from(text), ...(enter ? ['Enter'] : [])].map((key, index) => ({
    key,
    at: (at += gaps[index] ?? gaps.at(-1) ?? 0),
  }));
};

test('a key that a busy computer delivers late does not cut a scan in two', () => {
  const code = withCheckDigit('0950600013435');
  const late = [0, 10, 10, 10, 10, 130, 10, 10, 10, 10];
  expect(play(stroke('MCK-12345', true, late)).scans).toEqual(['MCK-12345']);
  const slow = [0, 100, 100, 180, 20, 100];
  expect(play(stroke(code, true, slow)).scans).toEqual([code]);
});

test('half a code is no scan of a scanner that sends Enter, however long the computer was busy', () => {
  const code = withCheckDigit('0049900000012');
  const busy = [0, 50, 50, 50, 50, 50, 50, 900, 50];
  const known = { pace: 50, sendsSeparators: false, sendsEnd: true };
  expect(play(stroke(code, true, busy), known)).toMatchObject({ scans: [code], field: '' });
});

test('a first key that comes late belongs to the label that it makes whole', () => {
  const code = `010950600013435217270401` + '10OLD1';
  expect(play(stroke(code, true, [0, 140, 10])).scans).toEqual([code]);
  const piece = withCheckDigit('950600013435');
  expect(play(stroke(`2${piece}`, true, [0, 140, 10]))).toMatchObject({
    scans: [piece],
    field: '2',
  });
});

test('a fast typist is not taken for a scanner: words, quantities, lot numbers', () => {
  for (const text of ['lidocaine', '12', '1000', 'AB12345', 'two per room, please']) {
    expect(play(stroke(text, true, [0, 80, 95, 70])).scans).toEqual([]);
  }
});

test('what dictation and text modules type at once is text, however fast', () => {
  for (const text of ['Keep cold', 'Apply 2 times daily, for 10 days.', 'erythema']) {
    expect(play(stroke(text, false, [0, 10]))).toMatchObject({ scans: [], field: text });
    expect(play(stroke(text, true, [0, 10])).scans).toEqual([]);
  }
});

test('a separator in a scan is remembered of the scanner, also where it is written out', () => {
  const plain = learn(UNKNOWN_SCANNER, { text: '09506000134352', from: 0, pace: 10, ended: true });
  expect(plain).toMatchObject({ pace: 10, sendsSeparators: false });
  const sent = learn(plain, { text: `10AB${SEPARATOR}211`, from: 0, pace: 20, ended: true });
  expect(sent).toMatchObject({ pace: 15, sendsSeparators: true });
  expect(
    learn(plain, { text: '10AB<GS>211', from: 0, pace: 20, ended: true }).sendsSeparators,
  ).toBe(true);
});

test('a burst is told while it lasts, so that no shortcut acts on its keys', () => {
  const run = stroke('/12', false, [0, 10, 10]);
  expect(isBurst(run, UNKNOWN_SCANNER)).toBe(true);
  expect(isBurst(run.slice(0, 2), UNKNOWN_SCANNER)).toBe(false);
  const slow = stroke('/12', false, [0, 100, 100]);
  expect(isBurst(slow, UNKNOWN_SCANNER)).toBe(false);
  expect(isBurst(slow, { ...UNKNOWN_SCANNER, pace: 100 })).toBe(true);
});
