/** One span as a collector has it. */
export interface PictureSpan {
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly service: string;
  readonly name: string;
  /** Milliseconds since the Unix epoch. */
  readonly from: number;
  readonly to: number;
}

const LEFT = 330;
const WIDTH = 1_100;
const ROW = 22;
const TOP = 48;
const COLOURS: Readonly<Record<string, string>> = {
  'ganger-device': '#0F766E',
  db: '#64748B',
  hub: '#B45309',
  'ganger-sync-server': '#4338CA',
};

const colourOf = ({ service, name }: PictureSpan): string =>
  COLOURS[name.split(' ', 1)[0] ?? ''] ?? COLOURS[service] ?? '#334155';

/**
 * A trace as a picture: a line a span, children below their parents, each over the time that it took. What
 * waits in between (the outbox) is as long as it was.
 */
export function traceSvg(spans: readonly PictureSpan[]): string {
  const ordered: { readonly span: PictureSpan; readonly depth: number }[] = [];
  const put = (parent: string | null, depth: number): void => {
    const own = spans
      .filter(({ parentSpanId }) => parentSpanId === parent)
      .toSorted((a, b) => a.from - b.from);
    for (const span of own) {
      ordered.push({ span, depth });
      put(span.spanId, depth + 1);
    }
  };
  put(null, 0);
  const begin = Math.min(...spans.map(({ from }) => from));
  const length = Math.max(1, ...spans.map(({ to }) => to - begin));
  const x = (at: number): number => LEFT + ((at - begin) / length) * (WIDTH - LEFT - 90);
  const height = TOP + ordered.length * ROW + 16;
  const rows = ordered.map(({ span, depth }, n) => {
    const y = TOP + n * ROW;
    const wide = Math.max(2, x(span.to) - x(span.from));
    const took = `${(span.to - span.from).toFixed(1)} ms`;
    return [
      `<text x="${12 + depth * 14}" y="${y + 13}">${escape(span.name)}</text>`,
      `<rect x="${x(span.from).toFixed(1)}" y="${y + 3}" width="${wide.toFixed(1)}" height="13" rx="2" fill="${colourOf(span)}"/>`,
      `<text class="t" x="${(x(span.from) + wide + 6).toFixed(1)}" y="${y + 13}">${took}</text>`,
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="One trace from a device to a partner">`,
    '<style>text{font:12px ui-sans-serif,system-ui,sans-serif;fill:#1f2937}.t{fill:#6b7280;font-size:11px}.h{font-weight:600;font-size:14px}</style>',
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text class="h" x="12" y="26">One push from a device to what it set off: ${ordered.length} spans, ${length.toFixed(0)} ms</text>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
