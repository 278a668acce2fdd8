import type { Rng } from './rng.ts';

/**
 * Names, numbers and addresses of people who do not exist. Family names are put together from
 * syllables; phones stay in 555-0100 to 555-0199, which is kept free for fiction; mail goes to
 * domains that are reserved (RFC 2606).
 */
const BEGINNINGS = (
  'Var Bel Tor Quen Mal Dov Hest Ral Sol Brin Kel Ord Pell Yar Zan Fenn Gal Irv Lom Nar Cask Dun ' +
  'Eld Hark Jorv Mir Oss Tav Ulm Wend'
).split(' ');
const MIDDLES = 'a e i o u am en il or und ev ist arn ol ump'.split(' ');
const ENDINGS = (
  'dray vick sholt mere wyn gard lun rosk bine tash quist dorn fell pagne zor holm tine vane mott ' +
  'rick bourne lisk nay dle sterr voss'
).split(' ');
const GIVEN_FEMALE = (
  'Arvelle Brisia Corinda Delmy Elowyn Fayra Giselda Hanelle Ilvia Jorinda Kalista Lunetta Maribet ' +
  'Nerida Odelina Perrin Quilla Rosabel Sunniva Tamsine Ulrika Vesna Wilda Xenia Yolande Zerlina'
).split(' ');
const GIVEN_MALE = (
  'Aldren Bastiel Corvin Darrow Edric Faron Gareld Harlan Ivor Jessan Kelvar Lothar Merrick Nevin ' +
  'Osric Paxton Quill Rurik Soren Tavish Ulric Vidar Wendel Xander Yorick Zoltan'
).split(' ');
const STREETS = (
  'Larkmoor,Alder Mill,Old Foundry,Quillfeather,Thornapple,Brindle Creek,Candlewick,Moss Hollow,' +
  'Saltgrass,Tinder Ridge,Windrow,Copperleaf,Foxglove,Harrowgate'
).split(',');
const STREET_KINDS = ['Court', 'Road', 'Street', 'Lane', 'Drive', 'Way'];
const TOWNS = [
  ['Ann Arbor', '48100', '734'],
  ['Wixom', '48300', '248'],
  ['Plymouth', '48101', '734'],
] as const;

export type Sex = 'female' | 'male' | 'other' | 'unknown';

export const familyName = (rng: Rng): string =>
  rng.pick(BEGINNINGS) + rng.pick(MIDDLES) + rng.pick(ENDINGS);

export function givenName(rng: Rng, sex: Sex): string {
  if (sex === 'female') return rng.pick(GIVEN_FEMALE);
  if (sex === 'male') return rng.pick(GIVEN_MALE);
  return rng.pick(rng.chance(0.5) ? GIVEN_FEMALE : GIVEN_MALE);
}

/** A number that no telephone company gives out. */
export const phone = (rng: Rng, area = rng.pick(['734', '248'])): string =>
  `${area}-555-01${String(rng.int(0, 99)).padStart(2, '0')}`;

/** A mailbox at a domain that nobody can own. */
export const email = (given: string, family: string, tail: string): string =>
  `${given}.${family}.${tail}@example.com`.toLowerCase();

export function address(rng: Rng): string {
  const [town, zip] = rng.pick(TOWNS);
  return `${rng.int(10, 9900)} ${rng.pick(STREETS)} ${rng.pick(STREET_KINDS)}, ${town}, MI ${zip}`;
}

/**
 * Ten digits that look like a provider's number and cannot be one: real ones begin with 1 or 2 and
 * end in a check digit (Luhn over 80840 and the number), which is wrong here.
 */
export function impossibleNpi(rng: Rng): string {
  const body = `9${String(rng.int(0, 99_999_999)).padStart(8, '0')}`;
  return `${body}${(npiCheckDigit(body) + rng.int(1, 9)) % 10}`;
}

/** The check digit that nine digits of a provider number ask for. */
export function npiCheckDigit(body: string): number {
  const digits = Array.from(`80840${body}`, Number).toReversed();
  const sum = digits.reduce((total, digit, place) => {
    if (place % 2 === 1) return total + digit;
    const doubled = digit * 2;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return (10 - (sum % 10)) % 10;
}
