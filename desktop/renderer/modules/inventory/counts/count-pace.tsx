import type { CountSessionRow } from '#shared/ipc/views.ts';
import { BarChart, Sparkline } from '../../../ui/chart.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import type { T } from '../../../ui/i18n.tsx';
import { StatCard } from '../../../ui/stat-card.tsx';
import { useCountDraft } from './count-draft.ts';
import { accuracyOf, pacesOf, stretchesOf, summaryOf } from './pace.ts';

/** Most people that one picture tells apart. */
const MOST_SERIES = 6;

/**
 * How a count went: seconds a line and a scan, lines a minute, how much agreed with the books.
 * @param props.sees true when the books may be shown
 */
export function CountPace(props: { count: CountSessionRow; sees: boolean }) {
  const { count, sees } = props;
  const { t, fmt } = useI18n();
  const pace = useCountDraft(({ paces }) => paces[count.id]);
  const people = pacesOf(count.lines);
  const stretches = stretchesOf(count.lines);
  const accuracy = sees ? accuracyOf(count.lines) : null;
  if (people.length === 0) return <p className="g-dim">{t('counts.noLines')}</p>;
  const seconds = (value: number | null): string => secondsText(t, value);
  return (
    <div className="g-stack" data-testid="count-pace">
      <div className="g-count-stats">
        {people.map(({ id, who, secondsPerLine, linesPerMinute, lines }) => (
          <StatCard
            key={id}
            label={who ?? t('counts.somebody')}
            value={seconds(secondsPerLine)}
            testId="count-pace-person"
          >
            {linesPerMinute === null
              ? t('counts.linesOnly', { n: lines })
              : t('counts.linesPerMinute', { n: lines, pace: rounded(linesPerMinute) })}
          </StatCard>
        ))}
        {pace !== undefined && pace.scans > 1 && (
          <StatCard
            label={t('counts.scanPace')}
            value={seconds(pace.activeMs / 1000 / (pace.scans - 1))}
            testId="count-pace-scans"
          >
            {t('counts.scansHere', { n: pace.scans })}
          </StatCard>
        )}
        {accuracy !== null && (
          <StatCard
            label={t('counts.accuracy')}
            value={percentText(t, accuracy)}
            testId="count-accuracy"
          >
            {t('counts.accuracyHelp')}
          </StatCard>
        )}
      </div>
      {stretches && (
        <BarChart
          title={t('counts.paceChart')}
          labelsTitle={t('counts.time')}
          labels={stretches.starts.map((start) => fmt.time(start))}
          series={people.slice(0, MOST_SERIES).map(({ id, who }) => ({
            name: who ?? t('counts.somebody'),
            values: stretches.byCounter.get(id) ?? [],
          }))}
          write={(value) => t('counts.linesN', { n: value })}
          height={160}
          testId="count-pace-chart"
        />
      )}
      <p className="g-small g-dim">{t('counts.paceHelp')}</p>
    </div>
  );
}

/** The pace of a count in its list: seconds a line, and lines over time as a small picture. */
export function PaceCell({ lines }: Pick<CountSessionRow, 'lines'>) {
  const { t } = useI18n();
  const { secondsPerLine, linesOverTime } = summaryOf(lines);
  if (secondsPerLine === null) return null;
  const words = t('counts.paceWords', { n: lines.length, pace: secondsText(t, secondsPerLine) });
  return (
    <span className="g-row" style={{ gap: 8 }} title={words}>
      {secondsText(t, secondsPerLine)}
      {linesOverTime && <Sparkline values={linesOverTime} words={words} width={56} />}
    </span>
  );
}

const secondsText = (t: T, value: number | null): string =>
  value === null ? '–' : t('counts.seconds', { value: rounded(value) });

/** A share as people write it; empty where nobody may know it. */
export const percentText = (t: T, share: number | null): string =>
  share === null ? '' : t('counts.percent', { value: rounded(share * 100) });

/** One digit behind the point is as exact as a person counts. */
const rounded = (value: number): number => Math.round(value * 10) / 10;
