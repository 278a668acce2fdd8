import { CloseButton } from '@mantine/core';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { OnScreen, OthersHere } from '../../../shell/presence.tsx';
import { useSession } from '../../../shell/session.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { countKindWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { When } from '../../../ui/when.tsx';
import { CountActions } from './count-actions.tsx';
import { CountEntry } from './count-entry.tsx';
import { CountLines } from './count-lines.tsx';
import { CountStatus } from './count-status.tsx';
import { useCountEntry } from './use-count-entry.ts';

/** One count: lines are added while it is open, differences are shown once it is finished. */
export function CountDetail(props: { count: CountSessionRow; close: () => void }) {
  const { count } = props;
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
          <p className="g-small g-dim">{t(HELP[count.status] ?? 'counts.help.posted')}</p>
          {counting ? (
            <Counting count={count} />
          ) : (
            <>
              <CountLines count={count} />
              <CountActions count={count} />
            </>
          )}
        </div>
      </aside>
    </OnScreen>
  );
}

/** Lines are added, by hand and by scanner. */
function Counting(props: { count: CountSessionRow }) {
  const counting = useCountEntry(props.count);
  return (
    <>
      <CountEntry counting={counting} />
      <CountLines count={props.count} />
      <CountActions count={props.count} counting={counting} />
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
