import { Link } from '@tanstack/react-router';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { useSession } from '../../../shell/session.tsx';
import { countKindWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { When } from '../../../ui/when.tsx';
import { CountActions } from './count-actions.tsx';
import { useSeesBooks } from './count-judge.tsx';
import { CountLines } from './count-lines.tsx';
import { CountStatus } from './count-status.tsx';

/** A count whose differences a second person has to judge. */
export function CountReview(props: {
  count: CountSessionRow;
  counts: readonly CountSessionRow[];
  now: number;
}) {
  const { count, counts, now } = props;
  const { who } = useSession();
  const sees = useSeesBooks(count, counts);
  const { t } = useI18n();
  return (
    <article className="g-card g-stack" data-testid="count-review-row" data-id={count.id}>
      <div className="g-row">
        <h3 className="g-spread" style={{ fontSize: 14 }}>
          <Link to="/counts" search={{ count: count.id }}>
            {countKindWord(t, count.kind)}, {count.location_code}
          </Link>
        </h3>
        <CountStatus status={count.status} />
        <span className="g-dim">
          {count.who}, <When instant={count.started_at} now={now} />
        </span>
      </div>
      <CountLines count={count} sees={sees} userId={who.userId} />
      <CountActions count={count} counts={counts} />
    </article>
  );
}
