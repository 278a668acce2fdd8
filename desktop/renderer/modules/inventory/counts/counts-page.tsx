import { Button } from '@mantine/core';
import {
  IconArrowBackUp,
  IconClipboardCheck,
  IconClipboardPlus,
  IconClock,
  IconCloudQuestion,
} from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { countKindWord, countStatusWord } from '../../../ui/domain-words.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Note } from '../../../ui/note.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { When } from '../../../ui/when.tsx';
import { CountDetail } from './count-detail.tsx';
import { useBooks } from './count-judge.tsx';
import { PaceCell, percentText } from './count-pace.tsx';
import { CountStatus } from './count-status.tsx';
import { accuracyOf, summaryOf } from './pace.ts';
import { StartCount } from './start-count.tsx';
import { useCounts } from './use-counts.ts';

const route = getRouteApi('/counts');

/** Counts of stock; the chosen one beside the list. */
export function CountsPage() {
  const { t } = useI18n();
  const { may } = useSession();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { data, error } = useCounts();
  const now = useNow();
  const sees = useBooks();
  const chosen = data?.find(({ id }) => id === search.count);
  // Its code was scanned, and the count has not reached this device yet.
  const isUnknown = data !== undefined && search.count !== undefined && !chosen;
  const open = (count: string) => void navigate({ to: '/counts', search: { count } });
  const close = () => void navigate({ to: '/counts', search: {} });
  usePageKeys('counts', { close });

  const columns = useMemo<readonly Column<CountSessionRow>[]>(() => {
    const accuracy = (row: CountSessionRow): number | null =>
      data && sees(row, data) ? accuracyOf(row.lines) : null;
    return [
      {
        id: 'when',
        title: t('counts.started'),
        minWidth: 106,
        sort: (row) => row.started_at,
        text: (row) => new Date(row.started_at).toISOString(),
        cell: (row) => <When instant={row.started_at} now={now} />,
      },
      {
        id: 'site',
        title: t('stock.site'),
        minWidth: 40,
        sort: (row) => row.location_code,
        filter: (row) => row.location_code,
        cell: (row) => row.location_code,
      },
      {
        id: 'kind',
        title: t('counts.kind'),
        minWidth: 84,
        grow: 1,
        sort: (row) => countKindWord(t, row.kind),
        filter: (row) => row.kind,
        filterWord: (kind) => countKindWord(t, kind),
        cell: (row) => countKindWord(t, row.kind),
      },
      {
        id: 'zone',
        title: t('counts.zone'),
        minWidth: 70,
        drop: 3,
        sort: (row) => row.zone,
        cell: (row) => row.zone,
      },
      {
        id: 'lines',
        title: t('counts.lines'),
        minWidth: 56,
        number: true,
        drop: 2,
        sort: (row) => row.lines.length,
        cell: (row) => row.lines.length,
      },
      {
        id: 'pace',
        title: t('counts.pacePerLine'),
        minWidth: 130,
        drop: 5,
        sort: (row) => summaryOf(row.lines).secondsPerLine,
        cell: (row) => <PaceCell lines={row.lines} />,
      },
      {
        id: 'accuracy',
        title: t('counts.accuracy'),
        minWidth: 72,
        number: true,
        drop: 4,
        sort: accuracy,
        cell: (row) => percentText(t, accuracy(row)),
      },
      {
        id: 'status',
        title: t('inventory.status'),
        minWidth: 128,
        sort: (row) => row.status,
        text: (row) => countStatusWord(t, row.status),
        filter: (row) => row.status,
        filterWord: (status) => countStatusWord(t, status),
        cell: (row) => (
          <span className="g-row" style={{ gap: 4 }}>
            <CountStatus status={row.status} />
            {row.sent_back && row.status === 'in_review' && (
              <StatusPill tone="violet" icon={IconArrowBackUp} title={t('counts.sentBackHelp')}>
                {t('counts.sentBackShort')}
              </StatusPill>
            )}
            {row.waiting && (
              <StatusPill tone="amber" icon={IconClock} title={t('history.waitingHelp')}>
                {t('history.waiting')}
              </StatusPill>
            )}
          </span>
        ),
      },
      {
        id: 'who',
        title: t('history.who'),
        minWidth: 110,
        grow: 1,
        drop: 1,
        sort: (row) => row.who,
        cell: (row) => row.who,
      },
    ];
  }, [t, now, data, sees]);

  const starts = may('count_sessions', 'create');
  const begin = () => void navigate({ to: '/counts', search: { start: true } });
  const startButton = starts && (
    <Button
      leftSection={<IconClipboardPlus size={18} stroke={1.5} />}
      onClick={begin}
      aria-keyshortcuts="Alt+C"
      title="Alt+C"
      data-testid="count-start"
    >
      {t('counts.start')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('counts.title')}
        count={data ? t('counts.count', { n: data.length }) : undefined}
      >
        {startButton}
      </PageHeader>
      {isUnknown && (
        <Note tone="amber" icon={IconCloudQuestion} role="alert" testId="count-unknown">
          {t('counts.unknown')}
        </Note>
      )}
      <div className="g-split g-counts" data-open={chosen !== undefined || search.start === true}>
        <section className="g-list" aria-label={t('counts.title')}>
          {data ? (
            <DataTable
              label={t('counts.title')}
              rows={data}
              columns={columns}
              rowId={(row) => row.id}
              rowTestId={() => 'count-row'}
              rowData={(row) => ({ 'data-id': row.id, 'data-status': row.status })}
              chosen={search.count ?? null}
              onOpen={(row) => open(row.id)}
              initialSort={LATEST}
              name="counts"
              exportName={t('counts.title').toLowerCase()}
              empty={
                <EmptyState
                  icon={IconClipboardCheck}
                  title={t('counts.empty')}
                  help={t('counts.emptyHelp')}
                  action={
                    starts && (
                      <Button variant="default" onClick={begin}>
                        {t('counts.start')}
                      </Button>
                    )
                  }
                />
              }
            />
          ) : (
            <div style={{ padding: 16 }}>{error ? <ErrorNote error={error} /> : <Loading />}</div>
          )}
        </section>
        {search.start ? (
          <StartCount
            close={close}
            started={(count, then) => void navigate({ to: '/counts', search: { count, ...then } })}
          />
        ) : (
          chosen && <CountDetail key={chosen.id} count={chosen} counts={data ?? []} close={close} />
        )}
      </div>
    </>
  );
}

const LATEST = [{ id: 'when', desc: true }];
