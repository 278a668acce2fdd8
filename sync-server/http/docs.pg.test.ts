import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CODES } from '#shared/errors/codes.ts';
import { DEVICE_HEADER, PROTOCOL_HEADER } from '#shared/protocol/messages.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import { createContract } from '#stack/openapi-contract.ts';
import { NO_HUBS } from '../config/hubs-config.ts';
import { openRig } from '../testing/rig.suite.ts';
import { undescribed } from './describe/openapi.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

interface Api {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, unknown> };
  readonly 'x-errors': readonly { readonly code: string; readonly say: string }[];
  readonly 'x-routes': readonly string[];
  readonly 'x-tables': readonly { readonly table: string }[];
}
interface Operation {
  readonly summary: string;
  readonly parameters: readonly { readonly name: string }[];
  readonly responses: Record<
    string,
    { readonly 'x-codes'?: readonly string[]; readonly headers?: object }
  >;
}

const MANY = { perSecond: 100, burst: 1_000 };
const reports = {
  token: 'f'.repeat(32),
  publicUrl: 'https://sync.example',
  contactKey: 'k'.repeat(32),
};
let rig: Rig;
let boss: Client;
let api: Api;
beforeAll(async () => {
  rig = await openRig({
    over: { rates: { address: MANY, user: MANY, device: MANY }, hubs: { ...NO_HUBS, reports } },
  });
  boss = await rig.client(await rig.person(['MG', null]));
  api = (await (await fetch(`${rig.server.url}/docs/json`)).json()) as Api;
});
afterAll(() => rig.close());

describe('the description of the API', () => {
  test('is valid OpenAPI 3.1', async () => {
    const verdict = await new Validator().validate(structuredClone(api) as never);
    expect(verdict.valid, JSON.stringify(verdict.errors)).toBe(true);
  });

  test('has every route that the server has, and no other', () => {
    const described = Object.entries(api.paths).flatMap(([url, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${url}`),
    );
    const served = api['x-routes'].map((route) => route.replaceAll(/:(\w+)/g, '{$1}'));
    expect(described.toSorted()).toEqual(served.toSorted());
    expect(undescribed(api as never, api['x-routes'])).toEqual([]);
    expect(api['x-tables'].map(({ table }) => table)).toEqual(TABLE_NAMES);
  });

  test('names of every route the headers and the codes of its refusals', () => {
    for (const [url, operations] of Object.entries(api.paths)) {
      for (const { summary, parameters, responses } of Object.values(operations)) {
        expect(summary.length, url).toBeGreaterThan(5);
        const codes = Object.entries(responses).flatMap(([status, { 'x-codes': some = [] }]) =>
          some.map((code) => {
            expect(CODES[code as keyof typeof CODES].status, code).toBe(Number(status));
            return code;
          }),
        );
        expect(codes, url).toEqual(expect.arrayContaining(['SERVER_BUSY', 'INTERNAL']));
        const names = parameters.map(({ name }) => name);
        expect(names.includes(PROTOCOL_HEADER), url).toBe(codes.includes('SYNC_CLIENT_TOO_OLD'));
        if (names.includes(DEVICE_HEADER)) expect(codes, url).toContain('DEVICE_REFUSED');
      }
    }
  });

  test('holds the whole catalogue of errors, and the headers that every answer has', async () => {
    expect(api['x-errors'].map(({ code }) => code)).toEqual(Object.keys(CODES));
    const { headers } = await fetch(`${rig.server.url}/v1/pull`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...boss.headers() },
      body: '{}',
    });
    const described = (status: number) =>
      Object.keys(api.paths['/v1/pull']?.['post']?.responses[status]?.headers ?? {});
    for (const name of described(200)) expect([name, headers.has(name)]).toEqual([name, true]);
    expect(described(200)).toContain('ratelimit-remaining');
    for (const status of [429, 503]) expect(described(status)).toContain('retry-after');
  });

  test('is what the server really answers', async () => {
    const contract = createContract(api, { errorSchema: '#/components/schemas/ErrorReply' });
    const item = make.item(boss);
    const stranger = await rig.person();
    const nobody = await rig.client(stranger, { enrol: false });
    const device = { id: boss.deviceId, name: 'Front desk 1', kind: 'desktop' };
    const pull = (epoch: string | null) => ({
      epoch,
      tables: [{ table: 'inventory_items', cursors: {}, limit: 10 }],
    });
    const replies: [string, number, unknown, Client?, Record<string, string>?][] = [
      ['/v1/session', 200, { device }],
      ['/v1/session', 403, { device }, nobody],
      ['/v1/session', 400, { device: {} }],
      ['/v1/push', 200, { rows: [{ table: 'inventory_items', base: null, row: item }] }],
      ['/v1/push', 200, { rows: [{ table: 'inventory_items', base: null, row: { id: 'x' } }] }],
      ['/v1/push', 413, `{"rows":"${'x'.repeat(2 * 1024 * 1024)}"}`],
      ['/v1/pull', 200, pull(null)],
      ['/v1/pull', 409, pull('another-1-1')],
      ['/v1/pull', 426, pull(null), boss, { [PROTOCOL_HEADER]: '0' }],
      ['/v1/pull', 401, pull(null), boss, { authorization: '' }],
      ['/v1/pull', 403, pull(null), nobody],
    ];
    for (const [path, status, body, client = boss, headers = {}] of replies) {
      const reply = await client.post(path, body, headers);
      expect(reply.status, path).toBe(status);
      expect(contract.judge({ method: 'POST', path, ...reply }), path).toEqual({ kept: true });
      const codes = api.paths[path]?.['post']?.responses[String(status)]?.['x-codes'];
      const { error } = reply.body as { error?: { code: string } };
      if (error) expect(codes, path).toContain(error.code);
    }
    for (const path of ['/healthz', '/readyz']) {
      const reply = await fetch(rig.server.url + path);
      const body: unknown = await reply.json();
      expect(contract.judge({ method: 'GET', path, status: reply.status, body })).toEqual({
        kept: true,
      });
    }
  });

  test('is a page that runs nothing and loads nothing from elsewhere', async () => {
    const page = await fetch(`${rig.server.url}/docs`);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).toContain('POST</b> <code>/v1/push</code>');
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(|https?:\/\/(?!json)/);
  });
});
