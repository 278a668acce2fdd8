import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gs1CheckDigit, hibcCheckCharacter } from '#shared/barcode/check-digits.ts';
import { SEPARATOR } from '#shared/barcode/gs1.ts';
import { hear, isBurst, learn, rest, SILENCE_MS, silenceOf, UNKNOWN_SCANNER } from './wedge.ts';
import type { KnownScanner, Run, Stroke } from './wedge.ts';

/** A field with the focus, as a window has it: keys go in, a scan is taken out again. */
function play(
  strokes: readonly Stroke[],
  start: KnownScanner = UNKNOWN_SCANNER,
  /** The labels, in the order in which they are scanned. */
  printed: readonly string[] = [],
) {
  let run: Run = [];
  let known = start;
  let field = '';
  /** What stood in the field before each key. */
  const before = new Map<Stroke | undefined, string>();
  const scans: string[] = [];
  let asked = 0;
  const take = (heard: ReturnType<typeof hear>): void => {
    const { scan } = heard;
    if (scan) {
      // Where nothing tells, the label that there is says it: a person who is asked looks at it.
      const starts = [scan.from, ...scan.orFrom];
      const textOf = (from: number): string => scan.text.slice(from - scan.from);
      const from = starts.find((one) => textOf(one) === printed[scans.length]) ?? scan.from;
      if (starts.length > 1) asked += 1;
      field = before.get(run[from]) ?? '';
      scans.push(textOf(from));
      known = learn(known, scan);
    }
    run = heard.run;
  };
  for (const stroke of strokes) {
    const last = run.at(-1);
    // The clock of the window rings before the next key.
    if (last && stroke.at - last.at >= silenceOf(known)) {
      take(rest(run, last.at + silenceOf(known), known));
    }
    const heard = hear(run, stroke, known);
    take(heard);
    before.set(stroke, field);
    if (!heard.taken)
      field += stroke.key === 'Enter' ? '\n' : stroke.key === 'Tab' ? '\t' : stroke.key;
  }
  const last = run.at(-1);
  if (last) take(rest(run, last.at + silenceOf(known), known));
  return { field, scans, known, asked };
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

/** From a key that a person types to the first one of a scan: nobody lets go of it sooner. */
const BEFORE_SCAN_MS = 200;

/** From the keys to the trigger: a hand has to move. */
const HAND_TO_SCANNER_MS = 600;

/** The parts one behind the other on one keyboard. */
function strokesOf(parts: readonly Part[], beforeScan = BEFORE_SCAN_MS): Stroke[] {
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
        at += needsSilence ? AFTER_SILENT_SCAN_MS : beforeScan;
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

const SHORTEST_HAND_MS = 120;
/** A hand is never even: one key is sooner than usual, the next one later. */
const hand = fc
  .tuple(
    fc.integer({ min: 150, max: 300 }),
    fc.array(fc.integer({ min: 10, max: 35 }), { minLength: 4, maxLength: 16 }),
  )
  .map(([usual, off]) =>
    off.map((percent, index) =>
      Math.max(SHORTEST_HAND_MS, Math.round(usual * (1 + (index % 2 ? percent : -percent) / 100))),
    ),
  );
const person: fc.Arbitrary<Part> = fc.record({
  who: fc.constant('person' as const),
  text: fc.string({ minLength: 0, maxLength: 14 }),
  gaps: hand,
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

const knownBy = (pace: number | null): KnownScanner => ({
  ...UNKNOWN_SCANNER,
  paces: pace === null ? [] : [pace],
});

const stroke = (text: string, enter: boolean, gaps: readonly number[]): Stroke[] => {
  let at = 0;
  return [...Array.from(text), ...(enter ? ['Enter'] : [])].map((key, index) => ({
    key,
    at: (at += gaps[index] ?? gaps.at(-1) ?? 0),
  }));
};

describe.each([10, 50, 100])('a scanner at %i ms a key among typing at 120 to 400 ms', (pace) => {
  test('gives every scan once, and the field has exactly what was typed', () => {
    const codes = pace < 60 ? fc.oneof(structured, numbers) : structured;
    const parts = fc.array(fc.oneof(person, scannerOf(pace, codes)), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(parts, (all) => {
        const { field, scans } = play(strokesOf(all), UNKNOWN_SCANNER, scanned(all));
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
          const { field, scans } = play(strokesOf(all), knownBy(pace), scanned(all));
          expect(scans).toEqual(scanned(all));
          expect(field).toBe(typed(all));
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** A computer that stands still for a moment: what was sent meanwhile comes when it goes on. */
interface Stall {
  /** Milliseconds after the stall before. */
  readonly after: number;
  readonly lasts: number;
}
const stalls = fc.array(
  fc.record({
    after: fc.integer({ min: 300, max: 2500 }),
    lasts: fc.integer({ min: 5, max: 280 }),
  }),
  { minLength: 12, maxLength: 12 },
);
function delayed(strokes: readonly Stroke[], all: readonly Stall[]): Stroke[] {
  let from = 1000;
  const stood = all.map(({ after, lasts }) => {
    const start = from + after;
    from = start + lasts;
    return { start, end: from };
  });
  return strokes.map(({ key, at }) => {
    const stall = stood.find(({ start, end }) => at > start && at < end);
    return { key, at: stall?.end ?? at };
  });
}
const COMES_TO_ITSELF_MS = 400;
/** Trade numbers of cases and pieces: without its zeros each is whole, too. */
const zeros = fc
  .tuple(fc.constantFrom('0', '00', '000'), digits(10))
  .map(([start, body]) => withCheckDigit(start + body))
  .map((code) => code.padStart(14, '0'));
const quantity = person.map((part) => ({ ...part, text: '', end: '' as const }));
const quantities = fc
  .tuple(quantity, fc.integer({ min: 0, max: 250 }).map(String))
  .map(([part, text]) => ({ ...part, text }) as Part);
const still = (pace: number, code: fc.Arbitrary<string>) =>
  scannerOf(pace, code).map((part) => ({ ...part, jitter: [0], end: 'Enter' }) as Part);

describe.each([10, 50, 100])('a scanner at %i ms a key of a computer that stands still', (pace) => {
  const known = { ...knownBy(pace), sendsEnd: true };
  test('gives every scan of a count once, and quantities are those that were typed', () => {
    const parts = fc.array(fc.oneof(still(pace, fc.oneof(gtin, zeros)), quantities), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(parts, stalls, fc.constantFrom(known, UNKNOWN_SCANNER), (all, late, start) => {
        // A first scan is cut in two by a device that stands still for as long as it waits for Enter; and
        // keys of a hand that come at once are like those of a scanner.
        const most = Math.min(SHORTEST_HAND_MS, SILENCE_MS - pace);
        const stands = late.map((one) => ({ ...one, lasts: one.lasts % most }));
        const strokes = delayed(strokesOf(all, HAND_TO_SCANNER_MS), stands);
        const { field, scans } = play(strokes, start, scanned(all));
        expect(scans).toEqual(scanned(all));
        expect(field).toBe(typed(all));
      }),
      { numRuns: 300 },
    );
  });

  test('asks nobody about scans between which nothing is typed, as long as it comes to itself', () => {
    const parts = fc.array(still(pace, fc.oneof(gtin, zeros)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(parts, stalls, (all, late) => {
        const stands = late.map(({ after, lasts }) => ({
          after: after + COMES_TO_ITSELF_MS,
          lasts: lasts % (pace * 4),
        }));
        const strokes = delayed(strokesOf(all), stands);
        const { field, scans, asked } = play(strokes, known, scanned(all));
        expect({ field, scans, asked }).toEqual({ field: '', scans: scanned(all), asked: 0 });
      }),
      { numRuns: 300 },
    );
  });
});

/** Keys of a code as a computer with much to do stamps them: each may wait, and those behind it with it. */
const onBusyComputer = (text: string, pace: number, waits: readonly number[]): Stroke[] => {
  let now = 0;
  return [...Array.from(text), 'Enter'].map((key, index) => {
    now = Math.max(now, 1000 + index * pace) + (waits[index % waits.length] ?? 0);
    return { key, at: now };
  });
};

test.each([10, 50, 100])(
  '%i ms a key on a busy computer: no scan is wrong, and hardly one is asked about',
  (pace) => {
    const wait = fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 2 }) },
      { weight: 1, arbitrary: fc.integer({ min: 3, max: 80 }) },
    );
    const waits = fc.array(wait, { minLength: 15, maxLength: 15 });
    const known = { ...knownBy(pace), sendsEnd: true };
    let asked = 0;
    const runs = fc.sample(fc.tuple(zeros, waits), { numRuns: 2000, seed: 7 });
    for (const [code, late] of runs) {
      const played = play(onBusyComputer(code, pace, late), known, [code]);
      expect(played).toMatchObject({ scans: [code], field: '' });
      asked += played.asked;
    }
    expect(asked).toBeLessThanOrEqual(runs.length / 1000);
  },
);

test('a first digit that stands 118 ms before the second one is no quantity of the line before', () => {
  const code = withCheckDigit('0049900000012');
  const late = [0, 118, 82, 100];
  const known = { ...knownBy(100), sendsEnd: true };
  for (const scanner of [known, UNKNOWN_SCANNER]) {
    expect(play(stroke(code, true, late), scanner)).toMatchObject({
      scans: [code],
      field: '',
      asked: 0,
    });
  }
});

test('a zero that was typed so near that it may be of the code is asked about, a clear one is not', () => {
  const code = withCheckDigit('049900000012');
  const near = stroke(`0${code}`, true, [0, 160, 100]);
  expect(play(near, UNKNOWN_SCANNER, [code])).toMatchObject({ field: '0', asked: 1 });
  expect(play(near, UNKNOWN_SCANNER, [`0${code}`])).toMatchObject({ field: '', asked: 1 });
  const clear = stroke(`0${code}`, true, [0, 700, 100]);
  expect(play(clear)).toMatchObject({ scans: [code], field: '0', asked: 0 });
});

test('a first zero that a busy computer sends alone is no quantity, unless somebody says so', () => {
  const code = withCheckDigit('0049900000012');
  const known = { ...knownBy(10), sendsEnd: true };
  // The computer stands still behind the first key, and is slow with those that come then.
  for (const ms of [205, 300, 450, 590]) {
    const keys = stroke(code, true, [0, ms, 10]);
    expect(play(keys, known, [code])).toMatchObject({ scans: [code], field: '', asked: 1 });
  }
});

test('a long code behind a blank is heard, though a bit faster than the scans before', () => {
  const link = 'ganger://inventory/items/00000000-0000-1000-8000-000000000000';
  const gaps = Array.from(` ${link}`, (_, n) => (n === 1 ? 200 : ([50, 44, 52][n % 3] ?? 50)));
  const known = { ...knownBy(52), sendsEnd: true };
  expect(play(stroke(` ${link}`, false, gaps), known)).toMatchObject({ scans: [link], field: ' ' });
});

test('a number that was typed at the pace of the scanner is typed, when the scan is a while after it', () => {
  const code = withCheckDigit('049900000012');
  const known = { ...knownBy(100), sendsEnd: true };
  for (const typing of ['1000', '10', '7']) {
    const gaps = Array.from(typing + code, (_, n) => (n === typing.length ? 900 : 100));
    expect(play(stroke(typing + code, true, [...gaps, 100]), known)).toMatchObject({
      scans: [code],
      field: typing,
      asked: 0,
    });
  }
});

test('a slow scanner is told from a hand by how even it is', () => {
  const slow = fc.integer({ min: 113, max: 240 });
  const code = fc.oneof(digits(11).map(withCheckDigit), gtin, gs1, hibc);
  fc.assert(
    fc.property(slow, code, fc.array(fc.integer({ min: -3, max: 3 })), (pace, text, off) => {
      const gaps = [0, ...off.map((percent) => Math.round(pace * (1 + percent / 100))), pace];
      expect(play(stroke(text, true, gaps), UNKNOWN_SCANNER, [text])).toMatchObject({
        scans: [text],
        field: '',
      });
    }),
    { numRuns: 300 },
  );
});

test('a fast typist is not taken for the scanner of the device, though as fast as it', () => {
  const fast = fc.array(fc.integer({ min: 22, max: 45 }), { minLength: 4, maxLength: 12 });
  fc.assert(
    fc.property(fc.oneof(numbers, lot), fast, (text, off) => {
      const gaps = Array.from(text, (_, n) =>
        Math.round(100 * (1 + ((n % 2 ? -1 : 1) * (off[n % off.length] ?? 0)) / 100)),
      );
      const known = { ...knownBy(100), sendsEnd: true };
      expect(play(stroke(text, true, [0, ...gaps]), known).scans).toEqual([]);
    }),
    { numRuns: 300 },
  );
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
        const { field, scans } = play(strokesOf(all), knownBy(pace));
        expect(scans).toEqual([]);
        expect(field).toBe(typed(all));
      },
    ),
    { numRuns: 300 },
  );
});

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
  const known = { ...knownBy(50), sendsEnd: true };
  expect(play(stroke(code, true, busy), known)).toMatchObject({ scans: [code], field: '' });
});

test('a first key that comes late belongs to the label that it makes whole', () => {
  const code = `010950600013435217270401` + '10OLD1';
  expect(play(stroke(code, true, [0, 140, 10])).scans).toEqual([code]);
  const piece = withCheckDigit('950600013435');
  // Nothing but the label tells here, since the first digit alone is no sign of a hand.
  const keys = stroke(`2${piece}`, true, [0, 140, 10]);
  expect(play(keys, UNKNOWN_SCANNER, [piece])).toMatchObject({ field: '2', asked: 1 });
  expect(play(keys, UNKNOWN_SCANNER, [`2${piece}`])).toMatchObject({ field: '', asked: 1 });
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
  const scan = { from: 0, orFrom: [], ended: true };
  const plain = learn(UNKNOWN_SCANNER, { ...scan, text: '09506000134352', pace: 10 });
  expect(plain).toMatchObject({ paces: [10], sendsSeparators: false });
  const sent = learn(plain, { ...scan, text: `10AB${SEPARATOR}211`, pace: 20 });
  expect(sent).toMatchObject({ paces: [10, 20], sendsSeparators: true });
  expect(learn(plain, { ...scan, text: '10AB<GS>211', pace: 20 }).sendsSeparators).toBe(true);
});

test('a burst is told while it lasts, so that no shortcut acts on its keys', () => {
  const run = stroke('/12', false, [0, 10, 10]);
  expect(isBurst(run, UNKNOWN_SCANNER)).toBe(true);
  expect(isBurst(run.slice(0, 2), UNKNOWN_SCANNER)).toBe(false);
  const slow = stroke('/12', false, [0, 100, 100]);
  expect(isBurst(slow, UNKNOWN_SCANNER)).toBe(false);
  expect(isBurst(slow, knownBy(100))).toBe(true);
});
