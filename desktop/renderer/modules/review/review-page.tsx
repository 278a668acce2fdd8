import { SegmentedControl } from '@mantine/core';
import { IconGitCompare } from '@tabler/icons-react';
import { useState } from 'react';
import { CountReview, useCounts } from '../inventory/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { useNow } from '../../ui/use-now.ts';
import { ConflictCard } from './conflict-card.tsx';
import { useConflicts, useNames } from './use-review.ts';

/** What a second look is good for: counts with differences, and values that lost. */
export function ReviewPage() {
  const { t } = useI18n();
  const { data: conflicts, error } = useConflicts();
  const { data: counts } = useCounts();
  const names = useNames();
  const now = useNow();
  const [show, setShow] = useState<'open' | 'all'>('all');
  const waiting = counts?.filter(({ status }) => status === 'in_review') ?? [];
  const shown = conflicts?.filter(({ restored }) => show === 'all' || !restored);
  const nothing = conflicts?.length === 0 && waiting.length === 0;
  return (
    <>
      <PageHeader
        title={t('review.title')}
        count={conflicts ? t('review.count', { n: conflicts.length }) : undefined}
      >
        <SegmentedControl
          size="xs"
          aria-label={t('review.show')}
          value={show}
          onChange={(value) => setShow(value === 'open' ? 'open' : 'all')}
          data={[
            { value: 'all', label: t('review.all') },
            { value: 'open', label: t('review.open') },
          ]}
        />
      </PageHeader>
      <div className="g-scroll">
        {error && !conflicts && (
          <div style={{ padding: 16 }}>
            <ErrorNote error={error} />
          </div>
        )}
        {!conflicts && !error && <Loading />}
        {nothing ? (
          <EmptyState
            icon={IconGitCompare}
            title={t('review.empty')}
            help={t('review.emptyHelp')}
          />
        ) : (
          <div className="g-column g-stack" style={{ gap: 24 }}>
            {waiting.length > 0 && (
              <section className="g-stack" aria-labelledby="review-counts">
                <h2 id="review-counts" style={{ fontSize: 16 }}>
                  {t('review.counts')}
                </h2>
                {waiting.map((count) => (
                  <CountReview key={count.id} count={count} now={now} />
                ))}
              </section>
            )}
            {shown && (
              <section className="g-stack" aria-labelledby="review-conflicts">
                <h2 id="review-conflicts" style={{ fontSize: 16 }}>
                  {t('review.conflicts')}
                </h2>
                {shown.length === 0 && <p className="g-dim">{t('review.noneOpen')}</p>}
                {shown.map((conflict) => (
                  <ConflictCard key={conflict.id} conflict={conflict} names={names} now={now} />
                ))}
              </section>
            )}
          </div>
        )}
      </div>
    </>
  );
}
