/**
 * W3C trace context between devices and servers: which request belongs to which trace. Numbers drawn by
 * chance; they say nothing about who asks, or what.
 */

export const TRACE_HEADER = 'traceparent';

export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the span that asks. */
  readonly spanId: string;
  /** 1: the trace is kept. */
  readonly traceFlags: number;
}

const SHAPE = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** What a header says; null when it says nothing that can be followed. */
export function readTraceparent(text: string | null): TraceParent | null {
  const [, traceId, spanId, flags] = SHAPE.exec(text ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  // All zeros is no id, by the standard.
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1 };
}

export const writeTraceparent = ({ traceId, spanId, traceFlags }: TraceParent): string =>
  `00-${traceId}-${spanId}-${(traceFlags & 1).toString(16).padStart(2, '0')}`;
