/** Why a text may not go out as a text message: anybody who holds the phone reads it. */
export type PhiReason =
  | 'patient-name'
  | 'birth-date'
  | 'record-number'
  | 'medication'
  | 'dose'
  | 'diagnosis'
  | 'diagnosis-code'
  | 'procedure'
  | 'body-site';

/** What is known of whom the text is about. */
export interface KnownOfPatient {
  readonly names: readonly string[];
  /** `YYYY-MM-DD`. */
  readonly birthDate: string | null;
  readonly recordNumber: string | null;
  /** Names of medications that the clinic knows. */
  readonly medications: readonly string[];
}

/** Words and phrases between commas. */
const listed = (text: string): string[] =>
  text.split(',').map((word) => word.trim().replaceAll(/\s+/g, ' '));

/** Beginnings of words, folded: English and Spanish of what a skin clinic treats. */
const STEMS: Readonly<Partial<Record<PhiReason, readonly string[]>>> = {
  diagnosis: listed(`
    acne, alopecia, angioma, basal, cancer, carcinoma, celuliti, celluliti, cyst,
    dermatit, dermatos, eczem, folicul, follicul, fung, herpes, hidradenit, hongo,
    impetig, keloid, keratos, lesion, lupus, lunar, malign, melanom, micosis, molluscum,
    nevus, pemphig, penfig, psoria, quiste, queratos, rash, rosace, sarna, scabies,
    shingles, squamous, tumor, ulcer, urticari, verruga, vitiligo, wart, biopsy result,
    test result, resultado
  `),
  procedure: listed(`
    biops, botox, cauter, chemo, crio, cryo, excisi, extirp, filler, infus, injection,
    inyeccion, laser, mohs, patch test, phototherap, fototerap, quimio, radiation,
    radioterap, sutur, vaccin, vacuna
  `),
  'body-site': listed(`
    abdomen, ankle, armpit, axila, back of, breast, buttock, cheek, chest, cuello, chin,
    elbow, espalda, eyelid, forehead, genital, gluteo, groin, ingle, knee, lip, mejilla,
    muslo, nariz, neck, nipple, nose, oreja, parpado, pecho, rodilla, scalp,
    cuero cabelludo, shoulder, hombro, thigh, tobillo, toenail, wrist
  `),
};

const CODE = /\b[a-tv-z]\d{2}\.\d{1,4}[a-z]?\b/i;
const DOSE = /\b\d+(?:[.,]\d+)?\s?(?:mg|mcg|µg|ml|iu|ui)\b|\b\d+(?:[.,]\d+)?\s?%/i;
/** Shorter names stand in too many words that say nothing. */
const SHORTEST_NAME = 3;

/**
 * All that speaks against sending a text where anybody may read it; empty when nothing does. It errs on
 * the side of saying no: a text that is refused can be worded anew, one that was read cannot be unread.
 */
export function phiIn(text: string, known: KnownOfPatient): PhiReason[] {
  const folded = fold(text);
  const found = new Set<PhiReason>();
  for (const [reason, stems] of Object.entries(STEMS)) {
    if (stems.some((stem) => beginsWord(folded, stem))) found.add(reason as PhiReason);
  }
  if (known.medications.some((name) => name.length >= SHORTEST_NAME && holds(folded, name))) {
    found.add('medication');
  }
  if (DOSE.test(text)) found.add('dose');
  if (CODE.test(text)) found.add('diagnosis-code');
  if (known.names.some((name) => name.length >= SHORTEST_NAME && holds(folded, name))) {
    found.add('patient-name');
  }
  if (known.birthDate !== null && datesAs(known.birthDate).some((date) => holds(folded, date))) {
    found.add('birth-date');
  }
  if (known.recordNumber !== null && holds(folded, known.recordNumber)) found.add('record-number');
  return [...found].toSorted();
}

/** Lower case, without accents, in one line. */
const fold = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/\s+/g, ' ');

const isWordly = (char: string | undefined): boolean =>
  char !== undefined && /[\p{L}\p{N}]/u.test(char);

function beginsWord(folded: string, stem: string): boolean {
  for (let at = folded.indexOf(stem); at >= 0; at = folded.indexOf(stem, at + 1)) {
    if (!isWordly(folded[at - 1])) return true;
  }
  return false;
}

/** True when a text stands there as words of its own. */
function holds(folded: string, wanted: string): boolean {
  const text = fold(wanted);
  for (let at = folded.indexOf(text); at >= 0; at = folded.indexOf(text, at + 1)) {
    if (!isWordly(folded[at - 1]) && !isWordly(folded[at + text.length])) return true;
  }
  return false;
}

/** A date as people write it. */
function datesAs(isoDate: string): string[] {
  const [year = '', month = '', day = ''] = isoDate.split('-');
  const m = String(Number(month));
  const d = String(Number(day));
  const short = year.slice(2);
  return [
    isoDate,
    ...[year, short].flatMap((y) =>
      ['/', '-', '.'].flatMap((by) => [
        [m, d, y].join(by),
        [month, day, y].join(by),
        [d, m, y].join(by),
        [day, month, y].join(by),
      ]),
    ),
  ];
}
