import { randomBytes } from 'node:crypto';
import { writeTraceparent } from '#shared/protocol/trace.ts';
import type { RequestTracer } from '#desktop/replication/server-api.ts';

/** How long spans are gathered, milliseconds, and how many at most: a device keeps nothing for a collector. */
const GATHER_MS = 2_000;
const MOST = 200;

export interface DeviceTracing extends RequestTracer {
  /** Sends what was not sent yet. */
  stop(): Promise<void>;
}

/**
 * Traces of this device's requests to a collector (OTLP over HTTP, as JSON), for whoever looks for where
 * time goes. A span has path, status and duration of a request, and nothing else. What cannot be sent
 * is dropped. One kind of span does not need the library of OpenTelemetry in every app.
 */
export function createDeviceTracing(url: string): DeviceTracing {
  let gathered: object[] = [];
  let timer: NodeJS.Timeout | undefined;
  const send = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const spans = gathered;
    gathered = [];
    if (spans.length === 0) return;
    const body = {
      resourceSpans: [
        {
          resource: { attributes: [text('service.name', 'ganger-device')] },
          scopeSpans: [{ scope: { name: 'ganger' }, spans }],
        },
      ],
    };
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(5_000),
    }).catch(() => null);
    await answer?.arrayBuffer().catch(() => null);
  };
  return {
    begin(path) {
      const traceId = randomBytes(16).toString('hex');
      const spanId = randomBytes(8).toString('hex');
      const from = Date.now();
      const began = performance.now();
      return {
        traceparent: writeTraceparent({ traceId, spanId, traceFlags: 1 }),
        end(status) {
          if (gathered.length >= MOST) return;
          gathered.push({
            traceId,
            spanId,
            name: `device ${path}`,
            kind: CLIENT,
            startTimeUnixNano: nanos(from),
            endTimeUnixNano: nanos(from + performance.now() - began),
            attributes: [
              text('url.path', path),
              ...(status === null ? [] : [whole('http.response.status_code', status)]),
            ],
            status: { code: status === null || status >= 500 ? FAILED : UNSET },
          });
          timer ??= setTimeout(() => void send(), GATHER_MS);
          timer.unref();
        },
      };
    },
    stop: send,
  };
}

/** Numbers of the protocol. */
const CLIENT = 3;
const UNSET = 0;
const FAILED = 2;

const nanos = (ms: number): string => String(BigInt(Math.round(ms * 1_000)) * 1_000n);
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const whole = (key: string, value: number) => ({ key, value: { intValue: String(value) } });
