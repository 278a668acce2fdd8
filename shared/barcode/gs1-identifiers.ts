/** The shape of the value behind an application identifier. */
export interface Gs1Value {
  readonly min: number;
  readonly max: number;
  readonly digits: boolean;
  /** True for values that no separator ends, since their length is known (figure 7.8.5-2). */
  readonly predefined: boolean;
}

/**
 * Application identifiers and the shapes of their values. `n` fixed digits, `n..` up to so many
 * digits, `x..` up to so many characters, a star where the length is predefined. Source: GS1 General
 * Specifications, section 3 and figure 7.8.5-2. Identifiers of four digits whose last one tells the
 * decimal places stand by their first three.
 */
const SHAPES: Readonly<Record<string, string>> = {
  '00': 'n18*',
  '01': 'n14*',
  '02': 'n14*',
  '03': 'n14*',
  '10': 'x..20',
  '11': 'n6*',
  '12': 'n6*',
  '13': 'n6*',
  '15': 'n6*',
  '16': 'n6*',
  '17': 'n6*',
  '20': 'n2*',
  '21': 'x..20',
  '22': 'x..20',
  '235': 'x..28',
  '240': 'x..30',
  '241': 'x..30',
  '242': 'n..6',
  '243': 'x..20',
  '250': 'x..30',
  '251': 'x..30',
  '253': 'x..30',
  '254': 'x..20',
  '255': 'n..25',
  '30': 'n..8',
  '37': 'n..8',
  '400': 'x..30',
  '401': 'x..30',
  '402': 'n17',
  '403': 'x..30',
  '420': 'x..20',
  '421': 'x..12',
  '422': 'n3',
  '423': 'n..15',
  '424': 'n3',
  '425': 'n..15',
  '426': 'n3',
  '427': 'x..3',
  '7001': 'n13',
  '7002': 'x..30',
  '7003': 'n10',
  '7004': 'n..4',
  '7005': 'x..12',
  '7006': 'n6',
  '7007': 'n..12',
  '7008': 'x..3',
  '7009': 'x..10',
  '7010': 'x..2',
  '7011': 'n..10',
  '7020': 'x..20',
  '7021': 'x..20',
  '7022': 'x..20',
  '7023': 'x..30',
  '7040': 'x..4',
  '710': 'x..20',
  '711': 'x..20',
  '712': 'x..20',
  '713': 'x..20',
  '714': 'x..20',
  '715': 'x..20',
  '716': 'x..20',
  '717': 'x..20',
  '7240': 'x..20',
  '7241': 'n2',
  '7242': 'x..25',
  '8001': 'n14',
  '8002': 'x..20',
  '8003': 'x..30',
  '8004': 'x..30',
  '8005': 'n6',
  '8006': 'n18',
  '8007': 'x..34',
  '8008': 'n..12',
  '8009': 'x..50',
  '8010': 'x..30',
  '8011': 'n..12',
  '8012': 'x..20',
  '8013': 'x..25',
  '8017': 'n18',
  '8018': 'n18',
  '8019': 'n..10',
  '8020': 'x..25',
  '8026': 'n18',
  '8030': 'x..90',
  '8110': 'x..70',
  '8111': 'n4',
  '8112': 'x..70',
  '8200': 'x..70',
  '90': 'x..30',
};

/** Ranges: first and last of two or three digits, the number of digits that follow, the shape. */
const RANGES: readonly (readonly [first: number, last: number, more: number, shape: string])[] = [
  [310, 316, 1, 'n6*'],
  [320, 337, 1, 'n6*'],
  [340, 357, 1, 'n6*'],
  [360, 369, 1, 'n6*'],
  [390, 390, 1, 'n..15'],
  [391, 391, 1, 'n..18'],
  [392, 392, 1, 'n..15'],
  [393, 393, 1, 'n..18'],
  [394, 394, 1, 'n4'],
  [395, 395, 1, 'n6'],
  [410, 417, 0, 'n13*'],
  [430, 433, 1, 'x..70'],
  [703, 703, 1, 'x..30'],
  [723, 723, 1, 'x..30'],
  [725, 725, 1, 'x..90'],
  [91, 99, 0, 'x..90'],
];

const known = new Map<string, Gs1Value>();
for (const [identifier, shape] of Object.entries(SHAPES)) known.set(identifier, valueOf(shape));
for (const [first, last, more, shape] of RANGES) {
  for (let key = first; key <= last; key += 1) {
    for (let tail = 0; tail < 10 ** more; tail += 1) {
      const identifier = more === 0 ? String(key) : `${key}${String(tail).padStart(more, '0')}`;
      known.set(identifier, valueOf(shape));
    }
  }
}

function valueOf(shape: string): Gs1Value {
  const match = /^([nx])(\.\.)?(\d+)(\*)?$/.exec(shape);
  const most = Number(match?.[3]);
  return {
    min: match?.[2] ? 1 : most,
    max: most,
    digits: match?.[1] === 'n',
    predefined: match?.[4] !== undefined,
  };
}

/** The identifier that begins a text, with the shape of its value, or null. */
export function identifierAt(
  text: string,
): { readonly identifier: string; readonly value: Gs1Value } | null {
  for (const length of [2, 3, 4]) {
    const identifier = text.slice(0, length);
    const value = known.get(identifier);
    if (value && identifier.length === length) return { identifier, value };
  }
  return null;
}

/** The characters that may stand in a value (ISO/IEC 646 invariant, figure 7.11-1). */
export const isGs1Text = (text: string): boolean =>
  /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+$/.test(text);
