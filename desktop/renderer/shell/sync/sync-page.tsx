import { Button } from '@mantine/core';
import { IconCircleCheck, IconPaperclip, IconRefresh } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Note } from '../../ui/note.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { PageWaits } from '../../ui/page-waits.tsx';
import { useNow } from '../../ui/use-now.ts';
import { When } from '../../ui/when.tsx';
import { ParkedChanges } from '../parked-changes.tsx';
import { loadedAgainWords } from '../profile/loaded-again.ts';
import { useLoadedAgain } from '../profile/use-loaded-again.tsx';
import { SYNC_ICONS } from '../sync-icons.ts';
import { SYNC_TONES, syncWords } from '../sync-words.ts';
import { useSync } from '../use-sync.ts';
import { FirstSync } from './first-sync.tsx';
import { useSyncDetails, useSyncNow, useUnsentFiles } from './use-sync-details.ts';
import { WaitingList } from './waiting-list.tsx';

/** Where the data of this device stands: the state in words, what waits, what was refused, what is here. */
export function SyncPage() {
  const { t } = useI18n();
  const { status, help } = useSync();
  const { details, waiting } = useSyncDetails(status);
  const files = useUnsentFiles();
  const again = useLoadedAgain();
  const syncNow = useSyncNow();
  const now = useNow();
  if (!status) return <PageWaits title={t('sync.title')} />;
  const Mark = SYNC_ICONS[status.state];
  return (
    <>
      <PageHeader title={t('sync.title')}>
        <Button
          leftSection={<IconRefresh size={18} stroke={1.5} />}
          onClick={syncNow}
          data-testid="sync-page-now"
        >
          {t('sync.now')}
        </Button>
      </PageHeader>
      <div className="g-scroll">
        <div className="g-column g-stack" style={{ gap: 24 }} data-testid="sync-page">
          <section className="g-card g-stack" aria-labelledby="sync-state">
            <div
              className={`g-row g-tone-${SYNC_TONES[status.state]}`}
              style={{ background: 'none' }}
            >
              <Mark size={22} stroke={1.5} aria-hidden />
              <h2 id="sync-state" style={{ fontSize: 16 }} data-testid="sync-page-state">
                {syncWords(status, help)}
              </h2>
            </div>
            <p>{t(`sync.means.${status.state}`)}</p>
            <Facts status={status} lastContactAt={details?.lastContactAt ?? null} now={now} />
            {/* That the server is away is said above, and nobody has to do anything about it. */}
            {status.problem && status.state !== 'offline' && (
              <ErrorNote error={status.problem} retry={syncNow} />
            )}
            {again && (
              <Note tone="blue" icon={IconCircleCheck} testId="sync-page-again">
                {loadedAgainWords(t, again)}{' '}
                <span className="g-small">
                  <When instant={again.at} now={now} />
                </span>
              </Note>
            )}
          </section>
          {status.needsYou > 0 && (
            <section className="g-stack" aria-labelledby="sync-parked">
              <h2 id="sync-parked" style={{ fontSize: 16 }}>
                {t('parked.title')}
              </h2>
              <div className="g-card">
                <ParkedChanges count={status.needsYou} done={() => undefined} bare>
                  <Link to="/review" className="g-small">
                    {t('parked.inReview')}
                  </Link>
                </ParkedChanges>
              </div>
            </section>
          )}
          <section className="g-stack" aria-labelledby="sync-waiting">
            <h2 id="sync-waiting" style={{ fontSize: 16 }}>
              {t('sync.waitingLabel')} <span className="g-dim">{status.waiting}</span>
            </h2>
            {status.waiting === 0 ? (
              <p className="g-dim">{t('sync.nothingWaits')}</p>
            ) : (
              <WaitingList changes={waiting} all={status.waiting - files} now={now} />
            )}
            {files > 0 && (
              <Note tone="amber" icon={IconPaperclip}>
                {t('sync.files', { n: files })}
              </Note>
            )}
          </section>
          {details && <FirstSync tables={details.tables} isDone={status.firstSync === null} />}
        </div>
      </div>
    </>
  );
}

function Facts(props: { status: SyncStatus; lastContactAt: number | null; now: number }) {
  const { status, lastContactAt, now } = props;
  const { t } = useI18n();
  const instant = (at: number | null) =>
    at === null ? t('sync.never') : <When instant={at} now={now} />;
  return (
    <dl className="g-facts">
      <dt>{t('sync.connection')}</dt>
      <dd>{status.online ? t('sync.online') : t('sync.notOnline')}</dd>
      <dt>{t('sync.answered')}</dt>
      <dd data-testid="sync-page-contact">{instant(lastContactAt)}</dd>
      <dt>{t('sync.lastContact')}</dt>
      <dd data-testid="sync-page-age">{instant(status.lastSyncedAt)}</dd>
    </dl>
  );
}
