import { IconCircleCheck, IconProgress } from '@tabler/icons-react';
import { memo } from 'react';
import { useSession } from '../../../shell/session.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { When } from '../../../ui/when.tsx';
import { countersHere } from './plan.ts';
import type { Progress } from './plan.ts';
import type { CountLine } from './count-rules.ts';
import { NO_BIN } from './zone.ts';

/** How far each aisle is, and who counts where, as far as their lines have come. */
export const CountersHere = memo(function CountersHere(props: {
  lines: readonly CountLine[];
  progress: Progress | null;
  now: number;
}) {
  const { lines, progress, now } = props;
  const { t } = useI18n();
  const { who } = useSession();
  const aisleName = (name: string): string => (name === NO_BIN ? t('counts.noBin') : name);
  const people = countersHere(lines);
  return (
    <>
      {progress && progress.aisles.length > 0 && (
        <ul className="g-count-aisles" aria-label={t('counts.aisles')}>
          {progress.aisles.map(({ name, n, done }) => (
            <li key={name} data-testid="count-aisle" data-aisle={name} data-done={done}>
              <StatusPill
                tone={done === n ? 'green' : 'grey'}
                icon={done === n ? IconCircleCheck : IconProgress}
              >
                {t('counts.aisleDone', { aisle: aisleName(name), done, of: n })}
              </StatusPill>
            </li>
          ))}
        </ul>
      )}
      {people.length > 0 && (
        <ul className="g-count-people g-small" aria-label={t('counts.people')}>
          {people.map(({ id, who: name, lines: n, last, aisles }) => (
            <li key={id} data-testid="count-person" data-person={id}>
              <span className="g-strong">
                {id === who.userId ? t('counts.you') : (name ?? t('counts.somebody'))}
              </span>{' '}
              {t('counts.personLines', { n, aisles: aisles.map(aisleName).join(', ') })}{' '}
              <span className="g-dim">
                {t('counts.personLast', { item: last.item_name })}{' '}
                <When instant={last.counted_at} now={now} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
});
