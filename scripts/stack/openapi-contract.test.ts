import { describe, expect, it } from 'vitest';
import { createContract } from './openapi-contract.ts';

const contract = createContract(
  {
    openapi: '3.0.3',
    paths: {
      '/users/{id}': {
        parameters: [{ name: 'id', in: 'path' }],
        get: {
          responses: {
            200: {
              content: { 'application/json': { schema: { $ref: '#/components/schemas/User' } } },
            },
            404: { $ref: '#/components/responses/Missing' },
          },
        },
        delete: { responses: { 204: { description: 'gone' } } },
      },
      '/users/me': {
        get: {
          responses: { 200: { content: { 'application/json': { schema: { type: 'string' } } } } },
        },
      },
    },
    components: {
      responses: {
        Missing: {
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      schemas: {
        Problem: { type: 'object', properties: { msg: { type: 'string' } } },
        User: {
          type: 'object',
          required: ['id'],
          properties: {
            id: { type: 'string', format: 'uuid' },
            born: { type: 'string', format: 'date-time', nullable: true },
            legacy: { type: 'string', format: 'uuid' },
            tags: {
              type: 'array',
              items: { type: 'object', properties: { name: { type: 'string' } } },
            },
          },
        },
      },
    },
  },
  {
    errorSchema: '#/components/schemas/Problem',
    undocumented: { '#/components/schemas/User': ['extra'] },
    unkeptFormats: ['#/components/schemas/User/properties/legacy'],
  },
);

const ID = '0190aaaa-0000-7000-8000-000000000001';
const judge = (body: unknown, status = 200, method = 'GET', path = '/users/1') =>
  contract.judge({ method, path, status, body });

describe('judging replies by a description', () => {
  it.each([
    { id: ID },
    { id: ID, born: null },
    { id: ID, born: '2026-01-01T00:00:00Z', extra: 1, legacy: 'any' },
    { id: ID, tags: [{ name: 'a' }, {}] },
  ])('accepts %j', (body) => {
    expect(judge(body)).toEqual({ kept: true });
  });

  it.each([
    [{}, "body: must have required property 'id'"],
    [{ id: 'x' }, '/id: must match format "uuid"'],
    [{ id: ID, born: 'yesterday' }, '/born: must match format "date-time"'],
    [{ id: ID, invented: true }, 'body: must NOT have additional properties'],
    [{ id: ID, tags: [{ name: 'a', more: 1 }] }, '/tags/0: must NOT have additional properties'],
    [{ id: ID, tags: 'a' }, '/tags: must be array'],
    ['text', 'body: must be object'],
  ])('rejects %j', (body, violation) => {
    expect(judge(body)).toEqual({ violations: [expect.stringContaining(violation)] });
  });

  it('takes the plain path before one with parameters', () => {
    expect(judge('me', 200, 'GET', '/users/me')).toEqual({ kept: true });
  });

  it('judges errors by their own description, or by the general one', () => {
    expect(judge({ msg: 'no' }, 404)).toEqual({ kept: true });
    expect(judge({ msg: 'no' }, 422)).toEqual({ kept: true });
    expect(judge({ message: 'no' }, 404)).toHaveProperty('violations');
    expect(judge({ message: 'no' }, 422)).toHaveProperty('violations');
  });

  it('rejects another success than the one described, and a body where none belongs', () => {
    expect(judge({ id: ID }, 201)).toEqual({ violations: ['status 201 is not described'] });
    expect(judge(undefined, 204, 'DELETE')).toEqual({ kept: true });
    expect(judge({}, 204, 'DELETE')).toEqual({ violations: ['body: must be empty'] });
  });

  it('says so when there is no description', () => {
    expect(judge({}, 200, 'PATCH')).toEqual({ undescribed: true });
    expect(judge({}, 200, 'GET', '/users/1/more')).toEqual({ undescribed: true });
  });
});
