import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { z } from 'zod';

/** A reply that a server gave, as a recording of a test run has it. */
export type RecordedReply = { method: string; path: string; status: number; body: unknown };

/** How a reply does not keep to its description; `undescribed`: there is none to keep to. */
export type Verdict = { kept: true } | { undescribed: true } | { violations: string[] };

export type Contract = { judge(reply: RecordedReply): Verdict };

export type ContractOptions = {
  /** Reply bodies of statuses that an operation does not list, as long as they are errors. */
  errorSchema: string;
  /** Fields that the vendor's own server sends though its description lacks them. */
  undocumented?: Readonly<Record<string, readonly string[]>>;
  /** Places (JSON pointers into the description) whose `format` the vendor does not keep. */
  unkeptFormats?: readonly string[];
};

/**
 * The path of a vendor's API description, or undefined where the descriptions are not at hand.
 * They are looked for in `GANGER_SPECS`, by default in a folder beside the project.
 */
export function findVendorSpec(name: string): string | undefined {
  const beside = fileURLToPath(new URL('../../../shared/specs', import.meta.url));
  const file = path.join(process.env['GANGER_SPECS'] ?? beside, name);
  return existsSync(file) ? file : undefined;
}

/** Reads an OpenAPI description (YAML or JSON) and judges replies by it. */
export async function loadContract(file: string, options: ContractOptions): Promise<Contract> {
  return createContract(load(await readFile(file, 'utf8')), options);
}

const Content = z.object({ 'application/json': z.object({ schema: z.unknown() }).optional() });
const Response = z.object({ $ref: z.string().optional(), content: Content.optional() });
const Operation = z.object({ responses: z.record(z.string(), Response) });
const Description = z.looseObject({
  openapi: z.string().optional(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

const FORMATS = {
  uuid: z.guid(),
  email: z.email(),
  uri: z.url(),
  'date-time': z.iso.datetime({ offset: true }),
  // Known to the vendor alone; an empty string stands for no number.
  phone: z.string(),
} as const;
const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch']);
const SPEC = 'spec';

/**
 * Judges replies by a parsed description. Objects are closed: a field that the description does not
 * name is a violation, so that a server cannot keep to it by sending something else.
 */
export function createContract(document: unknown, options: ContractOptions): Contract {
  const description = Description.parse(closeObjects(document, '#', options));
  // Since 3.1 schemas are those of JSON Schema 2020-12, before it an older dialect.
  const Dialect = description.openapi?.startsWith('3.1') ? Ajv2020 : Ajv;
  const ajv = new Dialect({ strict: false, allErrors: true, logger: false });
  for (const [name, schema] of Object.entries(FORMATS)) {
    ajv.addFormat(name, (text: string) => schema.safeParse(text).success);
  }
  ajv.addSchema({ ...description, $id: SPEC });
  const compiled = new Map<string, ValidateFunction>();
  const validatorAt = (pointer: string): ValidateFunction => {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `${SPEC}${pointer}` });
    compiled.set(pointer, known);
    return known;
  };
  return {
    judge(reply) {
      const found = findOperation(description.paths, reply);
      if (found === undefined) return { undescribed: true };
      const pointer = bodySchema(document, found, reply.status) ?? errorSchemaFor(reply, options);
      if (pointer === undefined) {
        return { violations: [`status ${reply.status} is not described`] };
      }
      if (pointer === 'no body') {
        return reply.body === undefined ? { kept: true } : { violations: ['body: must be empty'] };
      }
      const validate = validatorAt(pointer);
      if (validate(reply.body)) return { kept: true };
      return {
        violations: (validate.errors ?? []).map(
          ({ instancePath, message, params }) =>
            `${instancePath || 'body'}: ${message} ${JSON.stringify(params)}`,
        ),
      };
    },
  };
}

type FoundOperation = { pointer: string; operation: z.infer<typeof Operation> };

function findOperation(
  paths: z.infer<typeof Description>['paths'],
  { method, path: requested }: RecordedReply,
): FoundOperation | undefined {
  const verb = method.toLowerCase();
  const matching = Object.keys(paths)
    .filter((template) => METHODS.has(verb) && paths[template]?.[verb] !== undefined)
    .filter((template) => templateRegExp(template).test(requested))
    // A path without parameters goes before one with them.
    .toSorted((one, two) => one.split('{').length - two.split('{').length);
  const [template] = matching;
  if (template === undefined) return undefined;
  return {
    pointer: `#/paths/${escapePointer(template)}/${verb}`,
    operation: Operation.parse(paths[template]?.[verb]),
  };
}

function templateRegExp(template: string): RegExp {
  const parts = template.split(/\{[^}]+\}/).map((part) => part.replaceAll('.', String.raw`\.`));
  return new RegExp(`^${parts.join('[^/]+')}$`);
}

/** Where the schema of a reply lies; `no body` where it has none; undefined for other statuses. */
function bodySchema(
  document: unknown,
  { pointer, operation }: FoundOperation,
  status: number,
): string | undefined {
  const response = operation.responses[String(status)];
  if (response === undefined) return undefined;
  const base = response.$ref ?? `${pointer}/responses/${status}`;
  const { content } = Response.parse(valueAt(document, base));
  if (content?.['application/json'] === undefined) return 'no body';
  return `${base}/content/application~1json/schema`;
}

function errorSchemaFor({ status }: RecordedReply, options: ContractOptions): string | undefined {
  return status >= 400 ? options.errorSchema : undefined;
}

function closeObjects(value: unknown, pointer: string, options: ContractOptions): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => closeObjects(item, `${pointer}/${index}`, options));
  }
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === 'format' && options.unkeptFormats?.includes(pointer) === true) continue;
    copy[key] = closeObjects(item, `${pointer}/${escapePointer(key)}`, options);
  }
  const { type, properties } = copy;
  if (
    type === 'object' &&
    typeof properties === 'object' &&
    copy['patternProperties'] === undefined
  ) {
    const extra = options.undocumented?.[pointer] ?? [];
    copy['properties'] = { ...properties, ...Object.fromEntries(extra.map((name) => [name, {}])) };
    copy['additionalProperties'] ??= false;
  }
  // Before 3.1 null is said by a word of its own, which means nothing to a validator without a type.
  if (copy['nullable'] === true && type === undefined) {
    const { nullable: _nullable, ...others } = copy;
    return { anyOf: [others, { type: 'null' }] };
  }
  return copy;
}

function valueAt(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
      document,
    );
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
