import { SpanKind, SpanStatusCode, context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { Context, Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TRACE_HEADER, readTraceparent, writeTraceparent } from '#shared/protocol/trace.ts';
import type { TracesConfig } from '../../config/monitoring-config.ts';
import type { HubRecord } from '../../hubs/universal-hub.ts';
import type { TimedStatement } from '../../hubs/database/database-hub.ts';

/** Spans of one server: requests, their statements, calls to partners. All of it is cheap when off. */
export interface Tracing {
  /** Follows the requests of an HTTP server, under the trace that a device began or under an own one. */
  attach(app: FastifyInstance): void;
  statement(statement: TimedStatement): void;
  hubCall(record: HubRecord): void;
  /** Does work as a part of a trace that was begun elsewhere; null: of none. */
  follow<T>(traceparent: string | null, name: string, work: () => Promise<T>): Promise<T>;
  /** Sends what was not sent yet. */
  stop(): Promise<void>;
}

/** What a write is part of now, to be kept with what it sets off; null when nothing is traced. */
export function activeTraceparent(): string | null {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) && (span.traceFlags & 1) === 1
    ? writeTraceparent(span)
    : null;
}

export const noTracing: Tracing = {
  attach: () => undefined,
  statement: () => undefined,
  hubCall: () => undefined,
  follow: (_traceparent, _name, work) => work(),
  stop: async () => undefined,
};

/**
 * Traces to a collector by OTLP over HTTP. A span carries names of ours only: route, status, the text of a
 * statement without its values, partner and outcome; nothing of any record, no person, no device.
 */
export function createTracing({ url, share }: TracesConfig): Tracing {
  // One for the process, however many servers run in it; a second call changes nothing.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'ganger-sync-server' }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url }),
        scheduledDelayMillis: 2_000,
      }),
    ],
  });
  const tracer = provider.getTracer('ganger');
  const contexts = new WeakMap<FastifyRequest, Context>();

  return {
    attach(app) {
      app.addHook('onRequest', (request, reply, done) => {
        const parent = parentOf(request.headers[TRACE_HEADER]);
        const route = request.routeOptions.url ?? 'none';
        const attributes = { 'http.request.method': request.method, 'http.route': route };
        const name = `${request.method} ${route}`;
        const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
        const own = trace.setSpan(parent, span);
        contexts.set(request, own);
        reply.raw.once('close', () => {
          span.setAttribute('http.response.status_code', reply.statusCode);
          if (reply.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        });
        context.with(own, done);
      });
      // The body came by events of the socket, which know nothing of the request.
      app.addHook('preHandler', (request, _reply, done) => {
        context.with(contexts.get(request) ?? context.active(), done);
      });
    },
    statement({ ms, isOk, text }) {
      if (activeTraceparent() === null) return;
      const query = text();
      child(tracer, `db ${query.split(' ', 1)[0]?.toLowerCase() ?? ''}`, ms, isOk, {
        'db.system.name': 'postgresql',
        'db.query.text': query,
      });
    },
    hubCall({ hub, call, outcome, ms, attempts }) {
      if (activeTraceparent() === null) return;
      child(tracer, `hub ${call.partner} ${call.operation}`, ms, outcome === 'ok', {
        'ganger.hub': hub,
        'ganger.partner': call.partner,
        'ganger.outcome': outcome,
        'ganger.attempts': attempts,
      });
    },
    follow(traceparent, name, work) {
      if (traceparent === null) return work();
      const parent = parentOf(traceparent);
      const span = tracer.startSpan(name, { kind: SpanKind.CONSUMER }, parent);
      return context.with(trace.setSpan(parent, span), async () => {
        try {
          return await work();
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      });
    },
    stop: () => provider.shutdown(),
  };
}

function parentOf(header: string | string[] | undefined | null): Context {
  const parent = readTraceparent(typeof header === 'string' ? header : null);
  const root = trace.deleteSpan(context.active());
  return parent === null ? root : trace.setSpanContext(root, { ...parent, isRemote: true });
}

/** A span of something that is over, under what is under way now. */
function child(
  tracer: Tracer,
  name: string,
  ms: number,
  isOk: boolean,
  attributes: Readonly<Record<string, string | number>>,
): void {
  const end = Date.now();
  const span = tracer.startSpan(name, {
    kind: SpanKind.CLIENT,
    startTime: end - ms,
    attributes,
  });
  if (!isOk) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(end);
}
