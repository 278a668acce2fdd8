import { useI18n } from '../../ui/i18n.tsx';
import { When } from '../../ui/when.tsx';
import type { Step } from '../conflicts/index.ts';
import { useReviewWords } from '../conflicts/index.ts';

/** The records that have questions, with how many; the one at hand opens its first. */
export function RecordList(props: {
  steps: readonly Step[];
  at: string;
  go: (key: string) => void;
  now: number;
}) {
  const { steps, now } = props;
  const { t } = useI18n();
  const words = useReviewWords();
  const records = [...Map.groupBy(steps, ({ group }) => group.key).values()];
  return (
    <nav aria-label={t('review.records')} className="g-review-records">
      <ul className="g-stack" style={{ listStyle: 'none', margin: 0, padding: 0, gap: 4 }}>
        {records.map((own) => {
          const [first] = own;
          if (!first) return null;
          const isAt = own.some(({ key }) => key === props.at);
          return (
            <li key={first.group.key}>
              <button
                type="button"
                className="g-version g-choice"
                aria-current={isAt ? 'true' : undefined}
                onClick={() => props.go(isAt ? props.at : first.key)}
                data-testid="review-record"
              >
                <span className="g-strong">
                  {t('review.recordCount', { name: words.record(first.group), n: own.length })}
                </span>
                <span className="g-small g-dim">
                  {own
                    .map((step) => words.field(step.field))
                    .filter((word) => word !== '')
                    .join(', ')}
                </span>
                <span className="g-small g-dim">
                  <When instant={Math.min(...own.map(({ openedAt }) => openedAt))} now={now} />
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
