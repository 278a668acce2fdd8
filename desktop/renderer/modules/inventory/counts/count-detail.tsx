import { CloseButton } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { OnScreen, OthersHere } from '../../../shell/presence.tsx';
import { useSession } from '../../../shell/session.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { countKindWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Note } from '../../../ui/note.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { When } from '../../../ui/when.tsx';
import { CountJudge } from './count-judge.tsx';
import { CountStatus } from './count-status.tsx';
import { CountWork } from './count-work.tsx';
import { useCountPlan } from './use-counts.ts';

/** One count: lines are added while it is open, differences are shown once it is finished. */
export function CountDetail(props: {
  count: CountSessionRow;
  counts: readonly CountSessionRow[];
  close: () => void;
}) {
  const { count, counts } = props;
  const { t } = useI18n();
  const { mayRow } = useSession();
  const { byId } = useSites();
  const now = useNow();
  const site = byId.get(count.location_id);
  const counting =
    count.status === 'open' && mayRow('count_lines', 'create', { location_id: count.location_id });
  return (
    <OnScreen screen={{ module: 'inventory', table: 'count_sessions', id: count.id }}>
      <aside
        className="g-detail"
        aria-label={t('counts.one', { site: count.location_code })}
        data-testid="count-detail"
        data-status={count.status}
      >
        <div className="g-detail-head">
          <div className="g-row">
            <h2 className="g-spread" style={{ fontSize: 16, lineHeight: '24px' }}>
              {countKindWord(t, count.kind)}, {site?.name ?? count.location_code}
              {count.zone && ` · ${t('counts.zoneIs', { zone: count.zone })}`}
            </h2>
            <CloseButton aria-label={t('common.close')} onClick={props.close} />
          </div>
          <div className="g-row g-dim">
            <CountStatus status={count.status} />
            <span>{count.who}</span>
            <When instant={count.started_at} now={now} />
          </div>
          <OthersHere />
        </div>
        <div className="g-detail-body g-stack">
          <p className="g-small g-dim">
            {t(HELP[count.status] ?? 'counts.help.posted')}{' '}
            {counting && t(count.blind ? 'counts.isBlind' : 'counts.isOpenBook')}
          </p>
          {counting ? (
            <Counting count={count} counts={counts} now={now} />
          ) : (
            <CountJudge count={count} counts={counts} now={now} />
          )}
        </div>
      </aside>
    </OnScreen>
  );
}

/** The count while lines are added to it, once its list is known. */
function Counting(props: {
  count: CountSessionRow;
  counts: readonly CountSessionRow[];
  now: number;
}) {
  const { count, counts, now } = props;
  const { t } = useI18n();
  const { plan, original } = useCountPlan(count, counts);
  if (plan === undefined) return <Loading lines={6} />;
  return (
    <>
      {original && (
        <Note tone="violet" icon={IconRefresh} testId="count-is-recount">
          {t('counts.isRecount')}{' '}
          <Link to="/counts" search={{ count: original.id }}>
            {t('counts.original', { who: original.who ?? t('counts.somebody') })}
          </Link>
        </Note>
      )}
      <CountWork
        count={count}
        counts={counts}
        plan={plan}
        isRecount={original !== null}
        now={now}
      />
    </>
  );
}

const HELP: Readonly<
  Record<
    string,
    | 'counts.help.open'
    | 'counts.help.submitted'
    | 'counts.help.in_review'
    | 'counts.help.posted'
    | 'counts.help.voided'
  >
> = {
  open: 'counts.help.open',
  submitted: 'counts.help.submitted',
  in_review: 'counts.help.in_review',
  posted: 'counts.help.posted',
  voided: 'counts.help.voided',
};
