import {
  IconAlertTriangle,
  IconCircleArrowDown,
  IconClipboardCheck,
  IconPackageImport,
} from '@tabler/icons-react';
import { BarChart, LineChart, Sparkline } from '../../ui/chart.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { StatCard } from '../../ui/stat-card.tsx';
import { StatusPill } from '../../ui/status-pill.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { Section, State } from './states.tsx';

const NOW = Date.parse('2026-11-30T15:00:00Z');
const MONTHS = ['Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov'];
const SITES = ['Ann Arbor', 'Wixom', 'Plymouth', 'Canton', 'Saline', 'Dexter'];
const six = (of: number) => MONTHS.map((_, at) => ((at * 37 + of * 53) % 90) + 10);
const WEEKS = Array.from({ length: 26 }, (_, at) => `W${at + 1}`);

/** What is counted, compared and told in order. */
export function Figures() {
  const { fmt } = useI18n();
  const one = [{ name: 'Received', values: [12_400, 9_900, 15_150, 0, 7_480, 11_000] }];
  return (
    <>
      <Section name="stat-card">
        <State name="a figure">
          <StatCard label="Below par" value="12" />
        </State>
        <State name="with what it means">
          <StatCard label="Below par" value="12">
            <StatusPill tone="amber" icon={IconCircleArrowDown}>
              3 more than last week
            </StatusPill>
          </StatCard>
        </State>
        <State name="with its way, leads on">
          <StatCard label="Value on hand" value={fmt.money(48_213_775)} open={() => undefined}>
            <Sparkline values={[3, 4, 4, 6, 5, 8]} words="Rising over six months" />
          </StatCard>
        </State>
        <State name="nothing known">
          <StatCard label="Waste this month" value="–">
            No count yet
          </StatCard>
        </State>
      </Section>
      <Section name="timeline">
        <State name="what happened" wide>
          <Timeline
            label="History of the item"
            now={NOW}
            events={[
              {
                key: '1',
                icon: IconPackageImport,
                tone: 'green',
                title: 'Received 40 vials',
                instant: NOW - 180_000,
                who: 'Ana Ruiz',
                body: 'Lot 4F2217, expires Mar 31, 2027',
              },
              {
                key: '2',
                icon: IconClipboardCheck,
                tone: 'blue',
                title: 'Counted: 12 vials',
                instant: NOW - 4 * 86_400_000,
                who: 'Luis Ferrer',
              },
              {
                key: '3',
                icon: IconAlertTriangle,
                tone: 'red',
                title: 'Below zero',
                instant: NOW - 30 * 86_400_000,
              },
            ]}
          />
        </State>
        <State name="one event">
          <Timeline
            label="History of a lot"
            now={NOW}
            events={[
              {
                key: '1',
                icon: IconPackageImport,
                tone: 'grey',
                title: 'Opened',
                instant: NOW - 86_400_000,
              },
            ]}
          />
        </State>
      </Section>
      <Section name="chart">
        <State name="bars, one row of figures" wide>
          <BarChart
            title="Received a month"
            labelsTitle="Month"
            labels={MONTHS}
            series={one}
            write={fmt.number}
            testId="bars"
          />
        </State>
        <State name="bars, six rows of figures" wide>
          <BarChart
            title="Received a month by site"
            labelsTitle="Month"
            labels={MONTHS}
            series={SITES.map((name, at) => ({ name, values: six(at) }))}
            write={fmt.number}
          />
        </State>
        <State name="lines, with a gap and below zero" wide>
          <LineChart
            title="On hand by week"
            labelsTitle="Week"
            labels={WEEKS}
            series={SITES.slice(0, 3).map((name, of) => ({
              name,
              values: WEEKS.map((_, at) =>
                of === 1 && at > 8 && at < 12 ? null : ((at * (11 + of * 7)) % 60) - 8 + of * 12,
              ),
            }))}
            write={fmt.number}
          />
        </State>
        <State name="sparkline">
          <Sparkline values={[5, 5, 5]} words="The same for three weeks" />
        </State>
        <State name="nothing to show" wide>
          <BarChart
            title="Waste a month"
            labelsTitle="Month"
            labels={[]}
            series={[{ name: 'Waste', values: [] }]}
            write={fmt.number}
          />
        </State>
      </Section>
    </>
  );
}
