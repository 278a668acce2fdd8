import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServerApi } from '#desktop/replication/server-api.ts';
import { createDeviceTracing } from '#desktop/store/tracing.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { NO_MONITORING } from '#server/config/monitoring-config.ts';
import { openBuyers } from '#server/testing/orders.suite.ts';
import { SITE, openRig } from '#server/testing/rig.suite.ts';
import type { Rig } from '#server/testing/rig.suite.ts';
import * as make from '#server/testing/rows.suite.ts';
import { traceSvg } from './picture.ts';
import type { PictureSpan } from './picture.ts';

/** A device pushes, the server writes, and what it set off goes to the (recorded) mail server: one trace. */

interface Span extends PictureSpan {
  readonly traceId: string;
  readonly attributes: string;
}
interface Otlp {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly { key: string; value: { stringValue: string } }[];
    };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}
interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: unknown;
}

const spans: Span[] = [];
const bodies: string[] = [];
const collector = createServer((request, response) => {
  void text(request).then((body) => {
    bodies.push(body);
    for (const { resource, scopeSpans } of (JSON.parse(body) as Otlp).resourceSpans) {
      const named = resource.attributes.find(({ key }) => key === 'service.name');
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
        spans.push({
          traceId: span.traceId,
          spanId: span.spanId,
          parentSpanId: span.parentSpanId ?? null,
          service: named?.value.stringValue ?? '',
          name: span.name,
          from: Number(BigInt(span.startTimeUnixNano) / 1_000n) / 1_000,
          to: Number(BigInt(span.endTimeUnixNano) / 1_000n) / 1_000,
          attributes: JSON.stringify(span.attributes),
        });
      }
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
});

let rig: Rig;
let url: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    collector.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`;
  // No trace begins at the server: what comes was begun by the device.
  const monitoring = { ...NO_MONITORING, traces: { url, share: 0 } };
  rig = await openRig({ over: { outbox: 'record', monitoring } });
});
afterAll(async () => {
  await rig.close();
  collector.close();
});

test('a push is one trace from the device to the partner, and says nothing about anybody', async () => {
  const buyers = await openBuyers(rig);
  const order = await buyers.placed();
  const { boss } = buyers;
  const tracing = createDeviceTracing(url);
  const api = createServerApi({
    baseUrl: rig.server.url,
    deviceId: boss.deviceId,
    getToken: async () => boss.token,
    log: silentLogger,
    tracer: tracing,
  });
  const row = make.fact('order_sends', boss, {
    location_id: SITE.AA,
    order_id: order.id,
    channel: 'email',
    language: 'en',
    repeats_id: null,
  });
  const { results } = await api.push({ rows: [{ table: 'order_sends', base: null, row }] });
  expect(results).toMatchObject([{ outcome: 'ok' }]);
  await tracing.stop();
  await expect
    .poll(() => spans.some(({ name }) => name === 'hub smtp send'), { timeout: 20_000 })
    .toBe(true);
  await expect.poll(() => spans.some(({ name }) => name === 'outbox order.summary')).toBe(true);

  // What was asked before without a header, and with no share of the server's own, is in none.
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const one = (name: string): Span => {
    const found = spans.filter((span) => span.name === name);
    expect(found, name).toHaveLength(1);
    return found[0] as Span;
  };
  const device = one('device /v1/push');
  const server = one('POST /v1/push');
  const outbox = one('outbox order.summary');
  expect([device.parentSpanId, device.service]).toEqual([null, 'ganger-device']);
  expect([server.parentSpanId, server.service]).toEqual([device.spanId, 'ganger-sync-server']);
  expect(outbox.parentSpanId).toBe(server.spanId);
  expect(one('hub smtp send').parentSpanId).toBe(outbox.spanId);
  const statements = spans.filter(({ name }) => name.startsWith('db '));
  expect(statements.some(({ parentSpanId }) => parentSpanId === server.spanId)).toBe(true);
  expect(statements.some(({ parentSpanId }) => parentSpanId === outbox.spanId)).toBe(true);
  const texts = statements.map(({ attributes }) => attributes).join(' ');
  expect(texts).toContain('order_sends');

  const all = bodies.join('\n');
  for (const secret of [
    boss.token,
    boss.userId,
    boss.deviceId,
    row.id,
    order.id,
    'vendor.example',
  ]) {
    expect(all).not.toContain(secret);
  }
  const picture = traceSvg(spans);
  expect(picture.match(/<rect /g)).toHaveLength(spans.length + 1);
  if (process.env['GANGER_TRACE_PICTURE']) await writeFile('docs/trace.svg', picture);
});
