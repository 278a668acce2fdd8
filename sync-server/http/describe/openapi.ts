import { z } from 'zod';
import { CODES } from '#shared/errors/codes.ts';
import type { Code } from '#shared/errors/codes.ts';
import {
  DEVICE_HEADER,
  LIMITS,
  OLDEST_PROTOCOL_VERSION,
  PATHS,
  PROTOCOL_HEADER,
  PROTOCOL_VERSION,
} from '#shared/protocol/messages.ts';
import { servedVersions } from '#shared/protocol/served.ts';
import { wireSchemas } from '#shared/protocol/wire.ts';
import type { Authorize, Route } from '../route.ts';
import { describeTables } from './tables.ts';

/** A route that is no route value: its connection is not one request and one answer. */
export interface LiveRoute {
  readonly url: string;
  readonly summary: string;
  readonly description: string;
  readonly errors: readonly Code[];
  /** Answer when the connection stands: status and media type; none for an upgrade. */
  readonly answer: { readonly status: 101 } | { readonly status: 200; readonly type: string };
}

/** A route that a partner calls, where the partner is set up. */
export interface HookRoute {
  readonly url: string;
  readonly summary: string;
  readonly description: string;
  readonly errors: readonly Code[];
  /** Media types of what they send and of what they are answered. */
  readonly takes: string;
  readonly answers: string;
  /** The header that carries their signature. */
  readonly signature: string;
}

/** A route whose body or answer is bytes. */
export interface ByteRoute {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly summary: string;
  readonly query: z.ZodObject;
  readonly errors: readonly Code[];
  /** Headers of its own, with their pattern. */
  readonly headers: Readonly<Record<string, string>>;
  /** Most bytes of the body; null: the bytes are the answer (206). */
  readonly bodyBytes: number | null;
  /** The answer, where it is no bytes. */
  readonly reply: z.ZodType | null;
}

type Json = Readonly<Record<string, unknown>>;

const ALWAYS: readonly Code[] = ['RATE_LIMITED', 'SERVER_BUSY', 'INTERNAL'];
/** Of routes that are answered whatever the load. */
const OF_ALWAYS: readonly Code[] = ['SERVER_BUSY', 'INTERNAL'];
const OF_HEADERS: Readonly<Record<Authorize, readonly Code[]>> = {
  public: [],
  user: ['SYNC_CLIENT_TOO_OLD', 'AUTH_TOKEN_EXPIRED', 'AUTH_TOKEN_INVALID', 'AUTH_MFA_NEEDED'],
  device: [
    'SYNC_CLIENT_TOO_OLD',
    'AUTH_TOKEN_EXPIRED',
    'AUTH_TOKEN_INVALID',
    'AUTH_MFA_NEEDED',
    'DEVICE_REFUSED',
  ],
};
const OF_BODY: readonly Code[] = ['REQUEST_INVALID', 'REQUEST_TOO_LARGE'];

/** Codes that a route may answer with, all that its headers, body and the load may lead to included. */
export const codesOf = {
  route: ({ authorize, body, words, always }: Route): readonly Code[] => [
    ...OF_HEADERS[authorize],
    ...(body ? OF_BODY : []),
    ...words.errors,
    ...(always ? OF_ALWAYS : ALWAYS),
  ],
  live: ({ errors }: LiveRoute): readonly Code[] => [...OF_HEADERS.device, ...errors, ...ALWAYS],
  bytes: ({ errors }: ByteRoute): readonly Code[] => [
    ...OF_HEADERS.device,
    ...OF_BODY,
    ...errors,
    ...ALWAYS,
  ],
  hook: ({ errors }: HookRoute): readonly Code[] => [...OF_BODY, ...errors, ...ALWAYS],
} as const;

/** Routes that the server has and the description does not, as `GET /path`. */
export function undescribed(api: Json, registered: readonly string[]): string[] {
  const paths = api['paths'] as Record<string, Record<string, Json>>;
  return registered.filter((route) => {
    const [method = '', url = ''] = route.split(' ');
    return paths[pathOf(url)]?.[method.toLowerCase()] === undefined;
  });
}

/**
 * The description of the API (OpenAPI 3.1), made from the routes and the schemas that the server
 * itself uses.
 * @param registered every route that the HTTP server has, as `GET /path`
 */
export function describeApi(
  routes: readonly Route[],
  live: readonly LiveRoute[],
  registered: readonly string[],
  bytes: readonly ByteRoute[] = [],
  hooks: readonly HookRoute[] = [],
): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    (paths[pathOf(route.url)] ??= {})[route.method.toLowerCase()] = operationOf(route);
  }
  for (const route of bytes) {
    (paths[pathOf(route.url)] ??= {})[route.method.toLowerCase()] = byteOperation(route);
  }
  for (const route of hooks) {
    // They exist where their partner is set up only.
    if (!registered.includes(`POST ${route.url}`)) continue;
    (paths[pathOf(route.url)] ??= {})['post'] = hookOperation(route);
  }
  for (const route of live) (paths[pathOf(route.url)] ??= {})['get'] = liveOperation(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Ganger sync server',
      version: String(PROTOCOL_VERSION),
      description:
        'How devices and the server exchange data. docs/protocol.md is the specification; this ' +
        'document holds the shapes of its messages and rows.',
      license: { name: 'UNLICENSED', identifier: 'LicenseRef-Ganger' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Access token of Supabase Auth.',
        },
        ...Object.fromEntries(
          hooks.map(({ signature }) => [
            signature,
            {
              type: 'apiKey',
              in: 'header',
              name: signature,
              description: 'Signature of the call.',
            },
          ]),
        ),
      },
      headers: HEADERS,
      schemas: componentSchemas(),
    },
    'x-limits': LIMITS,
    'x-errors': Object.entries(CODES).map(([code, { status, retry, say }]) => ({
      code,
      status,
      retry,
      say,
    })),
    'x-protocol': { version: PROTOCOL_VERSION, served: servedVersions() },
    'x-tables': describeTables(),
    'x-routes': registered,
  };
}

/** What of the live connection is told beside the routes. */
export const LIVE_ROUTE: LiveRoute = {
  url: PATHS.live,
  summary: 'Opens the live connection: the server says which tables changed.',
  description:
    'A WebSocket. Who may not open it is answered before the upgrade, as any request. Messages of ' +
    'the server are LiveMessage as JSON text. Closed with 4401 when the token ends, 4403 when the ' +
    'rights end, 1001 when the server stops.',
  errors: ['AUTH_NO_ACCESS', 'REQUEST_INVALID'],
  answer: { status: 101 },
};

export const EVENTS_ROUTE: LiveRoute = {
  url: PATHS.liveEvents,
  summary: 'Opens the live connection where no WebSocket comes through.',
  description:
    'Server-sent events. Who may not open it gets an ordinary answer. The data of each event is a ' +
    'LiveMessage as JSON text, its name the type of the message; a comment comes at least every 10 ' +
    'seconds. The stream ends with the event `bye`.',
  errors: ['AUTH_NO_ACCESS'],
  answer: { status: 200, type: 'text/event-stream' },
};

/** `/x/:id` as `/x/{id}`. */
const pathOf = (url: string): string => url.replaceAll(/:(\w+)/g, '{$1}');

function operationOf(route: Route): Json {
  return {
    operationId: `${route.method.toLowerCase()}${route.url.replaceAll(/\W+/g, '_')}`,
    summary: route.words.summary,
    ...secured(route.authorize),
    parameters: [...pathParameters(route.url), ...headers(route.authorize)],
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: refTo(route.body) } },
          },
          'x-body-bytes': route.bodyBytes,
        }
      : {}),
    responses: {
      200: {
        description: 'Done.',
        headers: refsTo(ANSWERED),
        ...(route.reply ? { content: { 'application/json': { schema: refTo(route.reply) } } } : {}),
      },
      ...errorResponses(codesOf.route(route)),
    },
  };
}

function liveOperation(route: LiveRoute): Json {
  const { status } = route.answer;
  const content =
    'type' in route.answer
      ? {
          content: {
            [route.answer.type]: { schema: { $ref: '#/components/schemas/LiveMessage' } },
          },
        }
      : {};
  return {
    operationId: `get${route.url.replaceAll(/\W+/g, '_')}`,
    summary: route.summary,
    description: route.description,
    ...secured('device'),
    parameters: headers('device'),
    responses: {
      [status]: { description: 'The connection stands.', ...content },
      ...errorResponses(codesOf.live(route)),
    },
    'x-messages': { $ref: '#/components/schemas/LiveMessage' },
  };
}

function hookOperation(route: HookRoute): Json {
  const text = (type: string): Json => ({ [type]: { schema: { type: 'string' } } });
  return {
    operationId: `post${route.url.replaceAll(/\W+/g, '_')}`,
    summary: route.summary,
    description: route.description,
    security: [{ [route.signature]: [] }],
    parameters: [],
    requestBody: { required: true, content: text(route.takes) },
    responses: {
      200: { description: 'Taken.', headers: refsTo(ANSWERED), content: text(route.answers) },
      ...errorResponses(codesOf.hook(route)),
    },
  };
}

const BYTES: Json = {
  'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
};

function byteOperation(route: ByteRoute): Json {
  const { bodyBytes, reply } = route;
  const query = Object.entries(route.query.shape).map(([name, schema]) => ({
    name,
    in: 'query',
    required: true,
    schema: jsonSchema(schema as z.ZodType),
  }));
  const own = Object.entries(route.headers).map(([name, pattern]) => ({
    name,
    in: 'header',
    required: bodyBytes !== null,
    schema: { type: 'string', pattern },
  }));
  return {
    operationId: `${route.method.toLowerCase()}${route.url.replaceAll(/\W+/g, '_')}`,
    summary: route.summary,
    ...secured('device'),
    parameters: [...headers('device'), ...query, ...own],
    ...(bodyBytes === null
      ? {}
      : { requestBody: { required: true, content: BYTES }, 'x-body-bytes': bodyBytes }),
    responses: {
      [reply ? 200 : 206]: {
        description: 'Done.',
        headers: refsTo(ANSWERED),
        content: reply ? { 'application/json': { schema: refTo(reply) } } : BYTES,
      },
      ...errorResponses(codesOf.bytes(route)),
    },
  };
}

const headerOf = (description: string, type: 'integer' | 'string'): Json => ({
  description,
  schema: { type },
});

/** Headers of answers, beside those of HTTP itself. */
const HEADERS: Readonly<Record<string, Json>> = {
  'x-request-id': headerOf('Names the request in the log of the server.', 'string'),
  [PROTOCOL_HEADER]: headerOf('Version of the protocol that the server speaks.', 'integer'),
  'ratelimit-limit': headerOf('Calls at once, of the tier that is nearest to its end.', 'integer'),
  'ratelimit-remaining': headerOf('So many more at once.', 'integer'),
  'ratelimit-reset': headerOf('Seconds until all of them are there again.', 'integer'),
  'ratelimit-policy': headerOf('Calls in how many seconds, and the name of the tier.', 'string'),
  'retry-after': headerOf('Seconds to wait before the next try.', 'integer'),
};
const ANSWERED: readonly string[] = Object.keys(HEADERS).filter((name) => name !== 'retry-after');
/** Statuses with which a time to wait is said. */
const RETRIED: ReadonlySet<number> = new Set([429, 503]);

const refsTo = (names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const secured = (authorize: Authorize): Json =>
  authorize === 'public' ? { security: [] } : { security: [{ token: [] }] };

function headers(authorize: Authorize): Json[] {
  if (authorize === 'public') return [];
  const protocol = {
    name: PROTOCOL_HEADER,
    in: 'header',
    required: true,
    description: 'Version of the protocol that the client speaks.',
    schema: { type: 'integer', minimum: OLDEST_PROTOCOL_VERSION },
  };
  if (authorize === 'user') return [protocol];
  const device = {
    name: DEVICE_HEADER,
    in: 'header',
    required: true,
    description: 'Id of the device.',
    schema: { type: 'string', format: 'uuid' },
  };
  return [protocol, device];
}

const pathParameters = (url: string): Json[] =>
  [...url.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

/** One answer a status, with the codes that come with it. */
function errorResponses(codes: readonly Code[]): Record<string, Json> {
  const byStatus = Map.groupBy([...new Set(codes)], (code) => CODES[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      String(status),
      {
        description: some.map((code) => `${code}: ${CODES[code].say}`).join(' '),
        headers: refsTo(RETRIED.has(Number(status)) ? [...ANSWERED, 'retry-after'] : ANSWERED),
        content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorReply' } } },
        'x-codes': some,
      },
    ]),
  );
}

const nameOf = (name: string): string => name.replaceAll(' ', '_');

/** A message by its name; what crosses in no message is described where it stands. */
function refTo(schema: z.ZodType): Json {
  const found = Object.entries(wireSchemas()).find(([, known]) => known === schema);
  return found ? { $ref: `#/components/schemas/${nameOf(found[0])}` } : jsonSchema(schema);
}

function componentSchemas(): Json {
  return Object.fromEntries(
    Object.entries(wireSchemas()).map(([name, schema]) => {
      const own = `#/components/schemas/${nameOf(name)}`;
      // References within a schema are relative to it, and it stands inside a document here.
      const text = JSON.stringify(jsonSchema(schema)).replaceAll('"#/$defs/', `"${own}/$defs/`);
      return [nameOf(name), JSON.parse(text.replaceAll('"$ref":"#"', `"$ref":"${own}"`)) as Json];
    }),
  );
}

function jsonSchema(schema: z.ZodType): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    unrepresentable: 'any',
    io: 'input',
  });
  return rest;
}
