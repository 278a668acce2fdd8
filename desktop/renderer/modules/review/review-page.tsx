import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconCloudOff, IconGitCompare, IconKeyboard } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { CountReview, useCounts } from '../inventory/index.ts';
import { isReviewKind } from '#shared/schema/review-kinds.ts';
import { useAction } from '../../shell/actions/use-actions.tsx';
import { ParkedChanges } from '../../shell/parked-changes.tsx';
import { useSync } from '../../shell/use-sync.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Note } from '../../ui/note.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { useNow } from '../../ui/use-now.ts';
import { DecidedList } from './decided-list.tsx';
import { RecordList } from './record-list.tsx';
import { StepCard } from './step-card.tsx';
import { useReviewGroups } from '../conflicts/index.ts';
import { useInbox } from './use-inbox.ts';

const route = getRouteApi('/review');
const DAY = 24 * 3_600_000;
const AGES = { day: DAY, week: 7 * DAY } as const;
type Age = keyof typeof AGES;
type Show = 'mine' | 'all' | 'decided';

/** What needs a person: fields that two changed, counts with differences, what was not accepted. */
export function ReviewPage() {
  const { t } = useI18n();
  const { data: groups, error } = useReviewGroups();
  const { data: counts } = useCounts();
  const { status } = useSync();
  const now = useNow();
  const [show, setShow] = useState<Show>('mine');
  const [kind, setKind] = useState<string | null>(null);
  const [age, setAge] = useState<Age | null>(null);
  const { record } = route.useSearch();
  const showKeys = useAction('keys');
  const inbox = useInbox({
    groups,
    now,
    onlyMine: show === 'mine',
    kind,
    olderThan: age === null ? 0 : AGES[age],
    record: record ?? null,
  });
  const waiting = counts?.filter(({ status: state }) => state === 'in_review') ?? [];
  const parked = status?.needsYou ?? 0;
  const { steps, step, decided } = inbox;
  const isEmpty = steps.length === 0 && waiting.length === 0 && parked === 0;
  return (
    <>
      <PageHeader
        title={t('review.title')}
        count={
          groups && (inbox.mine > 0 || isEmpty) ? t('review.count', { n: inbox.mine }) : undefined
        }
      >
        <SegmentedControl
          size="xs"
          aria-label={t('review.show')}
          value={show}
          onChange={(value) => setShow(value as Show)}
          data={[
            { value: 'mine', label: t('review.showMine') },
            { value: 'all', label: t('review.showAll') },
            { value: 'decided', label: t('review.showDecided') },
          ]}
        />
        <Select
          size="xs"
          w={210}
          aria-label={t('review.kinds')}
          placeholder={t('review.anyKind')}
          clearable
          value={kind}
          onChange={setKind}
          data={inbox.kinds.filter(isReviewKind).map((value) => ({
            value,
            label: t(`review.kind.${value}`),
          }))}
        />
        <Select
          size="xs"
          w={160}
          aria-label={t('review.age')}
          placeholder={t('review.anyAge')}
          clearable
          value={age}
          onChange={(value) => setAge(value as Age | null)}
          data={[
            { value: 'day', label: t('review.olderDay') },
            { value: 'week', label: t('review.olderWeek') },
          ]}
        />
        <Button
          variant="default"
          size="xs"
          leftSection={<IconKeyboard size={16} stroke={1.5} />}
          onClick={showKeys}
          data-testid="review-keys-open"
        >
          {t('review.keys')}
        </Button>
      </PageHeader>
      <div role="status" aria-live="polite" className="g-hidden" data-testid="review-said">
        {inbox.said}
      </div>
      <div className="g-scroll">
        {!groups && (
          <div style={{ padding: 16 }}>{error ? <ErrorNote error={error} /> : <Loading />}</div>
        )}
        {groups && (
          <div className="g-column g-stack" style={{ gap: 24, maxWidth: 1100 }}>
            {status?.state === 'offline' && (
              <Note tone="amber" icon={IconCloudOff}>
                {t('review.offline')}
              </Note>
            )}
            {show === 'decided' ? (
              <DecidedList
                decided={decided}
                now={now}
                busy={inbox.busy}
                mayUndo={inbox.mayUndo}
                undo={(it) => void inbox.undo(it)}
              />
            ) : (
              <>
                {parked > 0 && (
                  <section className="g-stack" aria-labelledby="review-parked">
                    <h2 id="review-parked" style={{ fontSize: 16 }}>
                      {t('review.parked')}
                    </h2>
                    <div className="g-card">
                      <ParkedChanges count={parked} done={inbox.focusStep} bare />
                    </div>
                  </section>
                )}
                {step && (
                  <div className="g-review">
                    <RecordList steps={steps} at={step.key} go={inbox.go} now={now} />
                    <StepCard
                      step={step}
                      now={now}
                      mayDecide={inbox.mayDecide(step)}
                      busy={inbox.busy}
                      chosen={inbox.chosen}
                      choose={inbox.choose}
                      confirm={() => void inbox.confirm()}
                      decideOther={(value) => void inbox.decideOther(value)}
                      onHeading={inbox.onHeading}
                    />
                  </div>
                )}
                {waiting.length > 0 && (
                  <section className="g-stack" aria-labelledby="review-counts">
                    <h2 id="review-counts" style={{ fontSize: 16 }}>
                      {t('review.counts')}
                    </h2>
                    {waiting.map((count) => (
                      <CountReview key={count.id} count={count} counts={counts ?? []} now={now} />
                    ))}
                  </section>
                )}
                {isEmpty && (
                  <EmptyState
                    icon={IconGitCompare}
                    title={t('review.empty')}
                    help={inbox.others > 0 ? t('review.emptyOthers') : t('review.emptyHelp')}
                  />
                )}
              </>
            )}
          </div>
        )}
      </div>
    </>
  );
}
