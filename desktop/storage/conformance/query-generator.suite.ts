import { fillWithDefaultSettings } from 'rxdb/plugins/core';
import type { RxJsonSchema } from 'rxdb/plugins/core';
import type { OracleQuery } from './query-oracle.suite.ts';

export type Content = Record<string, unknown>;
export type FilledSchema = ReturnType<typeof fillWithDefaultSettings<Content>>;

/** Numbers from a seed (mulberry32): the same seed gives the same run on any machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(of: number): boolean {
    return this.next() < of;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  some<T>(values: readonly T[], most: number): T[] {
    const left = [...values];
    const taken: T[] = [];
    for (let count = this.below(most + 1); count > 0 && left.length > 0; count -= 1) {
      taken.push(...left.splice(this.below(left.length), 1));
    }
    return taken;
  }
}

/** Texts in which SQL, UTF-8 and UTF-16 differ most easily. */
const TEXTS = [
  '',
  'a',
  'A',
  'ab',
  'abc',
  'b',
  'ä',
  'Z',
  'a%',
  'a_b',
  'a.c',
  '\u{1f600}',
  'a\u{1f600}',
];
const WILD_TEXTS = [
  ...TEXTS,
  '\uff5e',
  'a\uff5e',
  'a\u0001',
  'k\u212a',
  '10',
  ' ',
  "a'b",
  '"',
  '\\',
];
const INTEGERS = [-7, -2, -1, 0, 1, 2, 3, 4, 10, 999];
const WILD_INTEGERS = [...INTEGERS, -0, 2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 31, 0.5];
const FRACTIONS = [-2.5, -0.25, 0, 0.25, 0.5, 1, 1.75, 100];
const WILD_FRACTIONS = [...FRACTIONS, -0, 0.1, 0.1234567890123456, 1e300, 5e-324, 2 ** 60];
const PATTERNS = [
  '^a',
  'a',
  'b$',
  '^a$',
  '^',
  '$',
  '^ab*',
  '^a.c',
  '^a\\.c',
  'a|b',
  '^a|b',
  '[ab]',
];
const MORE_PATTERNS = [
  '^a.*',
  '^(a|A)b',
  '^\u{1f600}',
  '\\d',
  '^a{1}',
  'c?$',
  '%',
  '_',
  '^\uff5e?',
];
const TYPE_NAMES = ['string', 'number', 'int', 'boolean', 'null', 'array', 'object'];

type Kind = 'text' | 'integer' | 'fraction' | 'boolean';

/** Fields that an index may hold, by path. */
const INDEXABLE: Readonly<Record<string, Kind>> = {
  kind: 'text',
  n: 'integer',
  price: 'fraction',
  flag: 'boolean',
  'address.city': 'text',
  'address.geo.floor': 'integer',
};
const FIELDS: Readonly<Record<string, Kind>> = { ...INDEXABLE, name: 'text', opt: 'text' };
/** Fields that hold lists, objects or anything. */
const LOOSE = [
  'tags',
  'lines',
  'lines.sku',
  'lines.qty',
  'lines.tags',
  'lines.0.sku',
  'any',
  'any.b',
];
const NOWHERE = ['nowhere', 'address', 'address.nowhere', 'name.b', 'tags.0'];

const city = { type: 'string', maxLength: 20 };
const floor = { type: 'integer', minimum: -1000, maximum: 1000, multipleOf: 1 };

export interface Batch {
  readonly schema: FilledSchema;
  readonly documents: Content[];
  readonly queries: OracleQuery[];
}

/**
 * A schema with random indexes, documents for it and queries over them.
 * @param wild documents also break their schema and hold what other storages cannot index
 */
export function makeBatch(
  random: Random,
  options: { documents: number; queries: number; wild: boolean },
): Batch {
  const indexed = new Set<string>();
  const indexes: (string | string[])[] = [];
  for (let count = random.below(4); count > 0; count -= 1) {
    const fields = random.some(Object.keys(INDEXABLE), 3);
    if (fields.length === 0) continue;
    for (const field of fields) indexed.add(field);
    indexes.push(fields.length === 1 ? (fields[0] ?? '') : fields);
  }
  const maker = new Maker(random, options.wild, indexed);
  const documents = Array.from({ length: 1 + random.below(options.documents) }, (_, at) =>
    maker.document(at),
  );
  const queries = Array.from({ length: options.queries }, () => maker.query());
  return { schema: schemaWith(indexes), documents, queries };
}

function schemaWith(indexes: (string | string[])[]): FilledSchema {
  return fillWithDefaultSettings({
    title: 'random',
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties: {
      id: { type: 'string', maxLength: 20 },
      kind: { type: 'string', maxLength: 20 },
      n: { type: 'integer', minimum: -1000, maximum: 1000, multipleOf: 1 },
      price: { type: 'number', minimum: -1000, maximum: 1000, multipleOf: 0.25 },
      flag: { type: 'boolean' },
      name: { type: 'string' },
      opt: { type: ['string', 'null'] },
      address: {
        type: 'object',
        properties: { city, geo: { type: 'object', properties: { floor } } },
      },
      tags: { type: 'array' },
      lines: { type: 'array' },
      any: {},
    },
    indexes,
  } as unknown as RxJsonSchema<Content>);
}

class Maker {
  readonly #random: Random;
  readonly #isWild: boolean;
  readonly #indexed: ReadonlySet<string>;
  /** Fields that may hold lists and objects, by which nothing is sorted: RxDB has no order of them. */
  readonly #odd: ReadonlySet<string>;

  constructor(random: Random, isWild: boolean, indexed: ReadonlySet<string>) {
    this.#random = random;
    this.#isWild = isWild;
    this.#indexed = indexed;
    this.#odd = new Set(isWild ? random.some(Object.keys(FIELDS), 1) : []);
  }

  document(at: number): Content {
    const random = this.#random;
    const document: Content = { id: `id${String(at).padStart(3, '0')}` };
    for (const field of ['kind', 'n', 'price', 'flag', 'name', 'opt']) {
      this.#put(document, field, this.#fieldValue(field));
    }
    const needsGeo = this.#indexed.has('address.geo.floor');
    const needsAddress = needsGeo || this.#indexed.has('address.city');
    const address: Content = {};
    this.#put(address, 'city', this.#fieldValue('address.city'));
    const geo: Content = {};
    this.#put(geo, 'floor', this.#fieldValue('address.geo.floor'));
    if (needsGeo || random.chance(0.6)) address['geo'] = geo;
    else if (random.chance(0.3)) address['geo'] = null;
    if (needsAddress || random.chance(0.7)) document['address'] = address;
    else if (random.chance(0.5)) document['address'] = null;
    if (this.#odd.has('address.city') && random.chance(0.1))
      document['address'] = this.#oddAddress(address);
    this.#put(document, 'tags', random.chance(0.7) ? this.#list() : undefined);
    this.#put(document, 'lines', random.chance(0.7) ? this.#lines() : undefined);
    this.#put(document, 'any', this.#anything());
    document['_deleted'] = random.chance(0.15);
    return document;
  }

  query(): OracleQuery {
    const random = this.#random;
    const selector = this.#selector(2);
    if (random.chance(0.6)) selector['_deleted'] = { $eq: random.chance(0.2) };
    const sortable = [...Object.keys(FIELDS), '_deleted'].filter((field) => !this.#odd.has(field));
    const fields = random.some(sortable, 3);
    const sort = [...fields, 'id'].map((field) => ({
      [field]: random.chance(0.35) ? ('desc' as const) : ('asc' as const),
    }));
    return {
      selector,
      sort,
      ...(random.chance(0.3) ? { skip: random.below(6) } : {}),
      ...(random.chance(0.4) ? { limit: random.below(8) } : {}),
    };
  }

  #selector(depth: number): Content {
    const random = this.#random;
    const selector: Content = {};
    for (let count = random.below(3); count > 0; count -= 1) {
      const [field, matcher] = this.#field();
      selector[field] = matcher;
    }
    if (depth > 0 && random.chance(0.3)) {
      const branches = Array.from({ length: 1 + random.below(3) }, () => this.#selector(depth - 1));
      selector[random.pick(['$and', '$or', '$nor'])] = branches;
    }
    return selector;
  }

  #field(): [string, Content] {
    const random = this.#random;
    if (random.chance(0.05))
      return ['id', { $gte: `id${String(random.below(40)).padStart(3, '0')}` }];
    const field = random.chance(0.7)
      ? random.pick(Object.keys(FIELDS))
      : random.pick([...LOOSE, ...NOWHERE]);
    const kind = FIELDS[field];
    // Other storages turn the operands for an index into its texts, whatever they are.
    const isStrict = this.#indexed.has(field) && !this.#isWild;
    const isOdd = kind === undefined || (!isStrict && random.chance(0.15));
    const value = (): unknown => (isOdd ? this.#scalar() : this.#valueOf(kind));
    const matcher = this.#matcher(field, kind, value, isStrict);
    return [field, random.chance(0.12) ? { $not: matcher } : matcher];
  }

  #matcher(
    field: string,
    kind: Kind | undefined,
    value: () => unknown,
    isStrict: boolean,
  ): Content {
    const random = this.#random;
    const values = (): unknown[] => Array.from({ length: random.below(4) }, value);
    const scalars: (() => Content)[] = [
      () => ({ $eq: value() }),
      () => ({ $ne: value() }),
      () => ({ [random.pick(['$gt', '$gte'])]: value() }),
      () => ({ [random.pick(['$lt', '$lte'])]: value() }),
      () => ({ $gte: value(), $lt: value() }),
      () => ({ $in: isStrict ? [value(), ...values()] : values() }),
      () => ({ $nin: values() }),
      () => ({ $exists: random.chance(0.5) }),
      () => ({ $type: random.chance(0.2) ? random.some(TYPE_NAMES, 3) : random.pick(TYPE_NAMES) }),
    ];
    if (isStrict) return random.pick(scalars)();
    const others: (() => Content)[] = [
      () => ({ $mod: [random.pick([2, 3, -2, 0.5, 1]), random.pick([0, 1, -1, 0.25])] }),
      () => ({ $size: random.below(3) }),
      () => this.#regex(),
      () => this.#regex(),
      () => ({ $in: [...values(), null] }),
      () => ({ $eq: random.pick([null, [], ['a'], { b: 1 }, [1, 'a']]) }),
      () => ({ $elemMatch: this.#element(field, value) }),
    ];
    return random.pick(
      kind === undefined ? [...scalars, ...others, ...others] : [...scalars, ...others],
    )();
  }

  #element(field: string, value: () => unknown): Content {
    const random = this.#random;
    if (field === 'lines' || random.chance(0.2)) {
      const step = random.pick(['sku', 'qty', 'b']);
      return random.chance(0.5)
        ? { [step]: { [random.pick(['$eq', '$ne', '$gt', '$lte'])]: value() } }
        : { sku: { $exists: true }, qty: { $gte: random.pick(INTEGERS) } };
    }
    return { [random.pick(['$eq', '$gt', '$lte', '$ne'])]: value() };
  }

  #regex(): Content {
    const random = this.#random;
    const $regex = random.pick([...PATTERNS, ...MORE_PATTERNS]);
    if (random.chance(0.6)) return { $regex };
    return { $regex, $options: random.pick(['i', 'i', '', 'm', 's']) };
  }

  #fieldValue(field: string): unknown {
    const random = this.#random;
    const kind = FIELDS[field] ?? 'text';
    const isIndexed = this.#indexed.has(field);
    if (!isIndexed || this.#isWild) {
      if (random.chance(0.1)) return undefined;
      if (random.chance(field === 'opt' ? 0.3 : 0.06)) return null;
    }
    if (this.#odd.has(field) && random.chance(0.1)) return this.#anything();
    if (this.#isWild && random.chance(0.004)) return this.#scalar();
    return this.#valueOf(kind);
  }

  #valueOf(kind: Kind): unknown {
    const random = this.#random;
    switch (kind) {
      case 'text':
        return random.pick(this.#isWild ? WILD_TEXTS : TEXTS);
      case 'integer':
        return random.pick(this.#isWild ? WILD_INTEGERS : INTEGERS);
      case 'fraction':
        return random.pick(this.#isWild ? WILD_FRACTIONS : FRACTIONS);
      case 'boolean':
        return random.chance(0.5);
    }
  }

  #scalar(): unknown {
    const kinds = ['text', 'integer', 'fraction', 'boolean'] as const;
    return this.#random.chance(0.15) ? null : this.#valueOf(this.#random.pick(kinds));
  }

  #list(): unknown[] {
    const random = this.#random;
    return Array.from({ length: random.below(4) }, () =>
      random.chance(0.1) ? [this.#scalar()] : this.#scalar(),
    );
  }

  #lines(): unknown[] {
    const random = this.#random;
    return Array.from({ length: random.below(3) }, () => {
      if (random.chance(0.1)) return this.#scalar();
      const line: Content = {};
      this.#put(line, 'sku', random.chance(0.8) ? random.pick(TEXTS) : undefined);
      this.#put(line, 'qty', random.chance(0.7) ? random.pick(INTEGERS) : null);
      this.#put(line, 'tags', random.chance(0.4) ? this.#list() : undefined);
      return line;
    });
  }

  #anything(): unknown {
    const random = this.#random;
    return random.pick([
      () => undefined,
      () => this.#scalar(),
      () => this.#list(),
      () => ({ b: this.#scalar() }),
      () => ({ b: this.#list() }),
      () => [{ b: this.#scalar() }, { b: this.#scalar() }],
      () => ({}),
    ])();
  }

  #oddAddress(address: Content): unknown {
    return this.#random.pick<unknown>(['a', 5, [address], [], { city: [address['city'] ?? null] }]);
  }

  #put(target: Content, field: string, value: unknown): void {
    if (value !== undefined) target[field] = value;
  }
}
