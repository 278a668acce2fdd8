import fc from 'fast-check';
import type { z } from 'zod';

/**
 * Texts and numbers out of which those are taken that a schema lets pass: whatever refinement it
 * has, one of each kind that the suite knows is here. Few, so that equal values are common.
 */
const TEXTS: readonly string[] = [
  'alpha',
  'beta',
  'Ünïcode',
  '018f0000-0000-7000-8000-000000000001',
  '018f0000-0000-7000-8000-000000000002',
  '2026-02-28',
  '2028-02-29',
  '2026-11-22T12:00:00.000Z',
  '09:00',
  '12:00-12:45',
  'America/New_York',
  'en',
  'es',
  'en-US',
  'someone@example.com',
  '+17345550101',
  '7345550102',
  'https://clinic.example/a',
  '0000000000aa-0000-00000000000a',
  '0000000000ab-0000-00000000000b',
  'a1b2',
  'AB',
  'ABC123',
  'L40.0',
  '12345',
  '1234',
  '1234567893',
  '00312345678906',
  '1.5',
  'YWJj',
  'a'.repeat(64),
  '0123456789abcdef'.repeat(4),
  '0123456789abcdef'.repeat(2),
  'field_name',
  '',
];
const NUMBERS: readonly number[] = [
  1, 2, 3, 0, 5, 10, 15, 30, 45, 60, 90, 100, 365, 1000, 2026, 0.5, 1_790_000_000_000,
  1_790_000_000_001, -1, 1e6,
];

interface Definition {
  readonly type: string;
  readonly shape?: Record<string, z.ZodType>;
  readonly element?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly entries?: Record<string, string | number>;
  readonly values?: readonly unknown[];
  readonly items?: readonly z.ZodType[];
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly getter?: () => z.ZodType;
}

/**
 * Values that a schema takes. Its refinements hold for all of them, since every part is checked
 * against the schema itself.
 * @throws Error when not one value can be found: then a text or a number is missing in the lists
 */
export function anyOf(schema: z.ZodType, depth = 0): fc.Arbitrary<unknown> {
  const definition = schema._zod.def as unknown as Definition;
  const passes = (value: unknown): boolean => schema.safeParse(value).success;
  const oneOf = (values: readonly unknown[]): fc.Arbitrary<unknown> => {
    const good = values.filter(passes).slice(0, 3);
    if (good.length === 0) throw new Error(`anyOf: no value known for a ${definition.type}`);
    return fc.constantFrom(...good);
  };
  const inner = (): fc.Arbitrary<unknown> => anyOf(definition.innerType as z.ZodType, depth);
  switch (definition.type) {
    case 'string':
    case 'template_literal':
      return TEXTS.some(passes) ? oneOf(TEXTS) : anyMatching(schema).filter(passes);
    case 'number':
    case 'int':
      return oneOf(NUMBERS);
    case 'boolean':
      return fc.boolean();
    case 'enum':
      return oneOf(Object.values(definition.entries ?? {}));
    case 'literal':
      return oneOf(definition.values ?? []);
    case 'object':
      return anyObject(definition.shape ?? {}, depth).filter(passes);
    case 'array':
      return anyArray(schema, definition.element as z.ZodType, depth).filter(passes);
    case 'tuple':
      return fc.tuple(...(definition.items ?? []).map((item) => anyOf(item, depth + 1)));
    case 'record':
      return fc
        .dictionary(
          anyOf(definition.keyType as z.ZodType, depth + 1) as fc.Arbitrary<string>,
          anyOf(definition.valueType as z.ZodType, depth + 1),
          { maxKeys: depth > 3 ? 0 : 2 },
        )
        .map((value) => ({ ...value }))
        .filter(passes);
    case 'union':
      return fc.oneof(...(definition.options ?? []).map((o) => anyOf(o, depth + 1))).filter(passes);
    case 'nullable':
      return depth > 4 ? fc.constant(null) : fc.option(inner(), { nil: null });
    case 'optional':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return inner().filter(passes);
    case 'pipe':
      return anyOf(definition.in as z.ZodType, depth).filter(passes);
    case 'lazy':
      return depth > 4 ? fc.constant(null) : anyOf((definition.getter as () => z.ZodType)(), depth);
    default:
      return oneOf([null, {}, [], ...TEXTS, ...NUMBERS, true]);
  }
}

/** For a pattern that none of the texts above has. */
function anyMatching(schema: z.ZodType): fc.Arbitrary<string> {
  const { patterns } = schema._zod.bag as { patterns?: ReadonlySet<RegExp> };
  const [pattern] = patterns ?? [];
  if (!pattern) throw new Error('anyOf: no text known that this schema takes');
  return fc.stringMatching(pattern);
}

function anyObject(shape: Record<string, z.ZodType>, depth: number): fc.Arbitrary<unknown> {
  const keys = Object.keys(shape);
  const isOptional = (key: string): boolean =>
    (shape[key]?._zod.def as unknown as Definition | undefined)?.type === 'optional';
  return fc.record(
    Object.fromEntries(Object.entries(shape).map(([key, part]) => [key, anyOf(part, depth + 1)])),
    { requiredKeys: keys.filter((key) => !isOptional(key)), noNullPrototype: true },
  );
}

function anyArray(schema: z.ZodType, element: z.ZodType, depth: number): fc.Arbitrary<unknown[]> {
  const { minimum } = schema._zod.bag as { minimum?: number };
  const minLength = minimum ?? 0;
  return fc.array(anyOf(element, depth + 1), {
    minLength,
    maxLength: Math.max(minLength, depth > 3 ? 0 : 2),
  });
}
