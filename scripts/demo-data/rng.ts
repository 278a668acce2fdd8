/**
 * Random numbers that follow from a seed alone: sfc32 (Chris Doty-Humphrey, PractRand), seeded with
 * a mix of the seed and a label, so that every part of the data has a stream of its own and a change
 * in one leaves the others as they are.
 */
export class Rng {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, label: string, index = 0) {
    this.#a = mix(seed ^ 0x9e3779b9);
    this.#b = mix(hashText(label));
    this.#c = mix(index + 0x7f4a7c15) ^ mix(seed + index);
    for (let round = 0; round < 12; round += 1) this.uint32();
  }

  /** A whole number from 0 to 2³² − 1. */
  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return sum >>> 0;
  }

  /** A number from 0 up to, not including, 1. */
  float(): number {
    return this.uint32() / 4_294_967_296;
  }

  /** A whole number from `least` to `most`, both possible. */
  int(least: number, most: number): number {
    return least + Math.floor(this.float() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.float() < probability;
  }

  /** @throws RangeError for an empty list */
  pick<const T>(list: readonly T[]): T {
    const found = list[Math.floor(this.float() * list.length)];
    if (found === undefined) throw new RangeError('nothing to pick from');
    return found;
  }

  /** One of the values, as often as its weight says. */
  weighted<const T>(choices: readonly (readonly [value: T, weight: number])[]): T {
    let left = this.float() * choices.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [value, weight] of choices) {
      left -= weight;
      if (left < 0) return value;
    }
    const last = choices.at(-1);
    if (!last) throw new RangeError('nothing to choose from');
    return last[0];
  }

  /** So many of a list, each once, in a random order. */
  sample<T>(list: readonly T[], count: number): T[] {
    const rest = [...list];
    const taken: T[] = [];
    while (taken.length < count && rest.length > 0) {
      taken.push(...rest.splice(Math.floor(this.float() * rest.length), 1));
    }
    return taken;
  }

  /** About a bell curve around `mean` (three uniform numbers), never less than `least`. */
  around(mean: number, spread: number, least = 0): number {
    const bell = this.float() + this.float() + this.float() - 1.5;
    return Math.max(least, Math.round(mean + bell * spread));
  }

  /** So many hex digits. */
  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.uint32().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  }
}

function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}

/** FNV-1a. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash;
}
