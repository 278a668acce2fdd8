/** Words that by custom end all messages when they stand alone; the first are Twilio's own. */
const KEYWORDS: ReadonlySet<string> = new Set(
  `stop, stopall, unsubscribe, cancel, end, quit, revoke, optout, opt out,
   alto, parar, pare, baja, cancelar, detener, terminar`
    .split(',')
    .map((word) => word.trim()),
);

/** Anything that a person may say instead; whoever says it has opted out as well. */
const ANY_WORDS: readonly RegExp[] = [
  /\b(stop|quit|cease|no more|end) (all |the |these |your |sending |any )*(text|texts|texting|messag\w*|sms|contact\w*|send\w*|writing)\b/,
  /\b(do not|don't|dont|never|please stop|quit) (ever )?(text|texting|messag\w*|contact\w*|write|writing|send\w*)\b/,
  /\bleave me (alone|be)\b/,
  /\b(remove|take|delete) (me|my (number|phone))\b/,
  /\bunsubscribe\b/,
  /\bopt(ing)? (me )?out\b/,
  /\bwrong (number|person)\b/,
  /\b(not|no longer) (interested|my number)\b/,
  /\bno (me )?(escriban?|envien?|envie|mande[ns]?|manden|textee[ns]?|contacten?)\b/,
  /\bno (quiero|deseo) (mas |recibir )/,
  /\bdejen? de (escribir|enviar|mandar|molestar)/,
  /\b(numero|persona) equivocad[oa]\b/,
  /\bdeme de baja\b/,
];

/** Whether somebody wants no more messages, and how they said it. Null: they said something else. */
export function optOutIn(text: string): 'keyword' | 'any_words' | null {
  const folded = text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (KEYWORDS.has(folded.replaceAll(/[^a-z ]/g, '').trim())) return 'keyword';
  return ANY_WORDS.some((pattern) => pattern.test(folded)) ? 'any_words' : null;
}
