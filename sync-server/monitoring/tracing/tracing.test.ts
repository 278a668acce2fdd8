import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { createApp } from '../../http/app.ts';
import { activeTraceparent, createTracing, noTracing } from './tracing.ts';

const DEVICE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const UNKEPT = DEVICE.replace(/01$/, '00');

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
}
const spans: Span[] = [];
const collector = createServer((request, response) => {
  void text(request).then((body) => {
    const { resourceSpans } = JSON.parse(body) as {
      resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
    };
    spans.push(...resourceSpans.flatMap((one) => one.scopeSpans.flatMap((its) => its.spans)));
    response.end('{}');
  });
});
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    collector.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(() => void collector.close());

test('a request goes on with the trace of its device, through what waits, to what it sets off', async () => {
  const { port } = collector.address() as AddressInfo;
  const tracing = createTracing({ url: `http://127.0.0.1:${port}/v1/traces`, share: 0 });
  const app = await createApp(silentLogger);
  tracing.attach(app);
  const kept: (string | null)[] = [];
  app.post('/work', async () => {
    await sleep(1);
    tracing.statement({ ms: 2, isOk: true, isSlow: false, text: () => 'select $1' });
    kept.push(activeTraceparent());
    return { ok: true };
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const ask = async (traceparent?: string): Promise<void> => {
    const headers = traceparent === undefined ? {} : { traceparent };
    const answer = await fetch(`${url}/work`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    });
    await answer.text();
  };
  // Side by side, so that one would be taken for the other if they shared anything.
  await Promise.all([ask(DEVICE), ask(), ask(UNKEPT), ask('nonsense')]);
  const [own = null] = kept.filter((one) => one !== null);
  expect(kept.filter((one) => one === null)).toHaveLength(3);
  await tracing.follow(own, 'outbox thing', async () => {
    await sleep(1);
    tracing.statement({ ms: 1, isOk: true, isSlow: false, text: () => 'update x set y = $1' });
  });
  await app.close();
  await tracing.stop();

  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([DEVICE.split('-')[1]]));
  const byName = new Map(spans.map((span) => [span.name, span]));
  const request = byName.get('POST /work');
  const outbox = byName.get('outbox thing');
  expect(request?.parentSpanId).toBe(DEVICE.split('-')[2]);
  expect(byName.get('db select')?.parentSpanId).toBe(request?.spanId);
  expect(outbox?.parentSpanId).toBe(request?.spanId);
  expect(byName.get('db update')?.parentSpanId).toBe(outbox?.spanId);
  expect(spans).toHaveLength(4);
});

test('off it does nothing but the work', async () => {
  expect(await noTracing.follow(DEVICE, 'x', async () => activeTraceparent() ?? 'none')).toBe(
    'none',
  );
});
