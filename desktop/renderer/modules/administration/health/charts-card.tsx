import { SegmentedControl } from '@mantine/core';
import type { HealthPoint, MonitorView } from '#shared/ipc/administration.ts';
import { MONITOR_LIMITS } from '#shared/ipc/administration.ts';
import { LineChart } from '../../../ui/chart.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { bytesWords } from '../sizes.ts';
import { HOURS } from './hours.ts';
import type { Hours } from './hours.ts';

const HEIGHT = 160;
const HOUR_MS = 3_600_000;
/** Room for a date with its time. */
const DATE_WIDTH = 160;

/** How the system fared over hours and days. */
export function ChartsCard(props: {
  monitor: MonitorView;
  hours: Hours;
  choose: (hours: Hours) => void;
}) {
  const { monitor, hours, choose } = props;
  const { t, fmt } = useI18n();
  const points = withGaps(monitor.points, (hours * HOUR_MS) / MONITOR_LIMITS.points);
  const isLong = hours > 24;
  const labels = points.map(({ at }) => (isLong ? fmt.exact(at) : fmt.time(at)));
  const values = (read: (point: HealthPoint) => number | null) =>
    points.map(({ point }) => (point === null ? null : read(point)));
  const number = (value: number): string => fmt.number(Math.round(value * 10) / 10);
  const ms = (value: number): string => t('health.ms', { n: Math.round(value * 10) / 10 });
  const percent = (value: number): string => `${number(value)} %`;
  const common = {
    labelsTitle: t('monitor.time'),
    labels,
    height: HEIGHT,
    ...(isLong ? { labelWidth: DATE_WIDTH } : {}),
  };
  const hasCache = monitor.points.some(({ cacheHitPercent }) => cacheHitPercent !== null);
  const one = (title: string, read: (point: HealthPoint) => number | null, write = number) => (
    <LineChart
      {...common}
      title={title}
      series={[{ name: title, values: values(read) }]}
      write={write}
    />
  );
  return (
    <section
      className="g-card g-wide"
      aria-label={t('monitor.history')}
      data-testid="monitor-charts"
    >
      <div className="g-row" style={{ justifyContent: 'space-between' }}>
        <h2>{t('monitor.history')}</h2>
        <SegmentedControl
          size="xs"
          aria-label={t('monitor.history')}
          value={String(hours)}
          onChange={(next) => choose(Number(next) as Hours)}
          data={HOURS.map((n) => ({ value: String(n), label: t(`monitor.hours.${n}`) }))}
        />
      </div>
      {points.length === 0 ? (
        <p className="g-dim">{t('monitor.noPoints')}</p>
      ) : (
        <div className="g-charts">
          {one(t('monitor.chart.requests'), ({ requests }) => requests)}
          <LineChart
            {...common}
            title={t('monitor.chart.durations')}
            series={[
              { name: t('monitor.chart.p95'), values: values(({ p95Ms }) => p95Ms) },
              { name: t('monitor.chart.database'), values: values(({ databaseMs }) => databaseMs) },
            ]}
            write={ms}
          />
          {one(t('monitor.chart.errors'), ({ errorPercent }) => errorPercent, percent)}
          <LineChart
            {...common}
            title={t('monitor.chart.queues')}
            series={[
              { name: t('monitor.chart.outbox'), values: values((its) => its.outboxWaiting) },
              { name: t('monitor.chart.devices'), values: values((its) => its.deviceChanges) },
            ]}
            write={number}
          />
          {one(
            t('monitor.chart.memory'),
            ({ memoryBytes }) => memoryBytes,
            (value) => bytesWords(t, value),
          )}
          {one(t('monitor.chart.live'), ({ liveConnections }) => liveConnections)}
          {hasCache && one(t('monitor.chart.cache'), (its) => its.cacheHitPercent, percent)}
        </div>
      )}
    </section>
  );
}

/** Points at even distances; where no server was there to measure, there is none, and lines have a gap. */
function withGaps(
  points: readonly HealthPoint[],
  stepMs: number,
): { readonly at: number; readonly point: HealthPoint | null }[] {
  const first = points[0]?.at;
  const last = points.at(-1)?.at;
  if (first === undefined || last === undefined) return [];
  const known = new Map(points.map((point) => [point.at, point]));
  const n = Math.round((last - first) / stepMs) + 1;
  return Array.from({ length: n }, (_, step) => {
    const at = first + step * stepMs;
    return { at, point: known.get(at) ?? null };
  });
}
