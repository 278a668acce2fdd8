import { useElementSize } from '@mantine/hooks';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { labelsShown, scaleOf, ticksOf } from './chart-scale.ts';
import { useI18n } from './i18n.tsx';

/** One row of figures, a colour and a mark of its own. At most six stand in one chart. */
export interface Series {
  readonly name: string;
  /** One for each label; null where nothing is known. */
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  /** What the chart shows: a caption that says more than "chart". */
  title: string;
  /** What the labels are, as head of their column in the table. */
  labelsTitle: string;
  labels: readonly string[];
  series: readonly Series[];
  /** How a figure is written, with its unit. */
  write: (value: number) => string;
  height?: number;
  /** Room that a label below the chart needs, pixels. */
  labelWidth?: number;
  testId?: string;
}

const LEFT = 56;
const BOTTOM = 24;
const TOP = 8;
const RIGHT = 12;
const LABEL_WIDTH = 56;
const WIDEST = 56;

/** Bars side by side. */
export function BarChart(props: ChartProps) {
  const id = useId();
  return (
    <Chart {...props} mark={(n) => <BarMark n={n} id={id} />}>
      {({ x, y, step }) => {
        const wide = Math.max(2, Math.min(WIDEST, (step * 0.72) / props.series.length));
        return (
          <>
            <Patterns id={id} />
            {props.series.map((series, n) =>
              series.values.map((value, at) => {
                if (value === null) return null;
                const left = x(at) - (wide * props.series.length) / 2 + n * wide;
                const [top, bottom] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
                return (
                  <g key={`${series.name} ${props.labels[at]}`} className={`g-series-${n}`}>
                    <rect
                      className="g-bar"
                      x={left}
                      y={top}
                      width={Math.max(1, wide - 2)}
                      height={bottom - top}
                    />
                    {n > 0 && (
                      <rect
                        className="g-bar-pattern"
                        fill={`url(#${id}-${n})`}
                        x={left}
                        y={top}
                        width={Math.max(1, wide - 2)}
                        height={bottom - top}
                      />
                    )}
                    <title>{`${series.name}, ${props.labels[at]}: ${props.write(value)}`}</title>
                  </g>
                );
              }),
            )}
          </>
        );
      }}
    </Chart>
  );
}

/** Lines over time, each with its own mark at every figure. */
export function LineChart(props: ChartProps) {
  return (
    <Chart {...props} mark={(n) => <LineMark n={n} />}>
      {({ x, y }) =>
        props.series.map((series, n) => (
          <g key={series.name} className={`g-series-${n}`}>
            <path className="g-line" d={lineOf(series.values, x, y)} strokeDasharray={DASHES[n]} />
            {series.values.map((value, at) =>
              value === null ? null : (
                <g key={props.labels[at]} transform={`translate(${x(at)} ${y(value)})`}>
                  <path className="g-dot" d={SHAPES[n % SHAPES.length]} />
                  <title>{`${series.name}, ${props.labels[at]}: ${props.write(value)}`}</title>
                </g>
              ),
            )}
          </g>
        ))
      }
    </Chart>
  );
}

/** The way of one figure, as small as a word. What it says stands in `words`, for everybody. */
export function Sparkline(props: { values: readonly number[]; words: string; width?: number }) {
  const { values, words, width = 72 } = props;
  const height = 20;
  const low = Math.min(...values);
  const high = Math.max(...values);
  const x = (at: number) => 2 + (at / Math.max(1, values.length - 1)) * (width - 4);
  const y = (value: number) =>
    high === low ? height / 2 : height - 3 - ((value - low) / (high - low)) * (height - 6);
  const last = values.at(-1);
  return (
    <svg className="g-spark g-series-0" width={width} height={height} role="img" aria-label={words}>
      <title>{words}</title>
      <path className="g-line" d={lineOf(values, x, y)} />
      {last !== undefined && (
        <circle className="g-dot" cx={x(values.length - 1)} cy={y(last)} r={2.5} />
      )}
    </svg>
  );
}

interface Space {
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
  /** Room of one label, pixels. */
  readonly step: number;
}

/** The frame of a chart: lines at round numbers, labels, a legend, and all figures as a table. */
function Chart(
  props: ChartProps & { mark: (n: number) => ReactNode; children: (space: Space) => ReactNode },
) {
  const { labels, series, write, height = 220, labelWidth = LABEL_WIDTH } = props;
  const { t } = useI18n();
  const { ref, width } = useElementSize<HTMLDivElement>();
  const ticks = ticksOf(series.flatMap(({ values }) => values.filter((value) => value !== null)));
  const y = scaleOf(ticks, height - BOTTOM, TOP);
  const room = Math.max(0, width - LEFT - RIGHT);
  const step = room / Math.max(1, labels.length);
  const x = (at: number) => LEFT + (at + 0.5) * step;
  const shown = labelsShown(labels.length, labelWidth, room);
  if (series.every(({ values }) => values.every((value) => value === null))) {
    return (
      <figure className="g-chart" data-testid={props.testId}>
        <figcaption className="g-strong">{props.title}</figcaption>
        <p className="g-dim">{t('chart.none')}</p>
      </figure>
    );
  }
  return (
    <figure className="g-chart" data-testid={props.testId}>
      <figcaption className="g-strong">{props.title}</figcaption>
      {series.length > 1 && (
        <ul className="g-legend g-small">
          {series.map(({ name }, n) => (
            <li key={name} className="g-row">
              <svg width={24} height={12} aria-hidden className={`g-series-${n}`}>
                {props.mark(n)}
              </svg>
              {name}
            </li>
          ))}
        </ul>
      )}
      <div ref={ref}>
        {/* The table below says the same to whoever does not see it. */}
        <svg width={width} height={height} aria-hidden className="g-chart-space">
          {ticks.map((tick) => (
            <g key={tick}>
              <line
                className={tick === 0 ? 'g-axis' : 'g-gridline'}
                x1={LEFT}
                x2={width - RIGHT}
                y1={y(tick)}
                y2={y(tick)}
              />
              <text className="g-tick" x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
                {write(tick)}
              </text>
            </g>
          ))}
          {labels.map((label, at) =>
            shown.has(at) ? (
              <text key={label} className="g-tick" x={x(at)} y={height - 6} textAnchor="middle">
                {label}
              </text>
            ) : null,
          )}
          {width > 0 && props.children({ x, y, step })}
        </svg>
      </div>
      <details className="g-small">
        <summary>{t('chart.table')}</summary>
        <div className="g-chart-table">
          <table className="g-table">
            <caption className="g-hidden">{props.title}</caption>
            <thead>
              <tr>
                <th scope="col">{props.labelsTitle}</th>
                {series.map(({ name }) => (
                  <th key={name} scope="col" className="g-num">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {labels.map((label, at) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  {series.map(({ name, values }) => {
                    const value = values[at] ?? null;
                    return (
                      <td key={name} className="g-num">
                        {value === null ? '–' : write(value)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

/** A path through what is known; where nothing is, the line has a gap. */
function lineOf(
  values: readonly (number | null)[],
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  return values
    .map((value, at) => {
      if (value === null) return '';
      const begins = (values[at - 1] ?? null) === null;
      return `${begins ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    })
    .join('');
}

const DASHES = ['', '6 3', '2 3', '8 3 2 3', '1 4', '12 4'];
/** Circle, square, triangle, diamond, cross, triangle on its head. */
const SHAPES = [
  'M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0Z',
  'M-3.5-3.5h7v7h-7Z',
  'M0-4.5L4 3.5h-8Z',
  'M0-5L4.5 0L0 5L-4.5 0Z',
  'M-4-1.2h2.8V-4h2.4v2.8H4v2.4H1.2V4h-2.4V1.2H-4Z',
  'M0 4.5L4-3.5h-8Z',
];

function LineMark(props: { n: number }) {
  return (
    <>
      <path className="g-line" d="M0 6H24" strokeDasharray={DASHES[props.n]} />
      <path className="g-dot" d={SHAPES[props.n % SHAPES.length]} transform="translate(12 6)" />
    </>
  );
}

function BarMark(props: { n: number; id: string }) {
  const { n, id } = props;
  return (
    <>
      <rect className="g-bar" width={24} height={12} />
      {n > 0 && <rect className="g-bar-pattern" width={24} height={12} fill={`url(#${id}-${n})`} />}
    </>
  );
}

/** Hatchings, one for each series after the first, so that bars differ without colour. */
const HATCHES = ['M0 6L6 0', 'M0 0L6 6', 'M0 3H6', 'M3 0V6', 'M0 3H6M3 0V6'];

function Patterns(props: { id: string }) {
  return (
    <defs>
      {HATCHES.map((path, at) => (
        <pattern
          key={path}
          id={`${props.id}-${at + 1}`}
          width={6}
          height={6}
          patternUnits="userSpaceOnUse"
        >
          <path d={path} className="g-hatch" />
        </pattern>
      ))}
    </defs>
  );
}
