import { IconBarcode } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { BackTo } from '../../../shell/back-to.tsx';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSites } from '../../../shell/sites.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { When } from '../../../ui/when.tsx';
import { useUnmatched } from '../scan/use-codes.ts';
import type { UnmatchedScan } from '../scan/use-codes.ts';
import { codeWords } from './code-words.ts';
import type { CodeKind, CodeWords } from './code-words.ts';
import { UnmatchedDetail } from './unmatched-detail.tsx';

const route = getRouteApi('/inventory/unmatched');

const KINDS = {
  gtin: 'unmatched.kindGtin',
  hibc: 'unmatched.kindHibc',
  plain: 'unmatched.kindPlain',
  damaged: 'unmatched.kindDamaged',
} as const satisfies Record<CodeKind, string>;

interface Row extends UnmatchedScan {
  readonly words: CodeWords;
}

/** Codes that no item has: somebody says what they are, or that they are nothing. */
export function UnmatchedPage() {
  const { t } = useI18n();
  const { byId } = useSites();
  const search = route.useSearch();
  const navigate = useNavigate();
  const scans = useUnmatched(true);
  const now = useNow();
  const rows = useMemo<readonly Row[] | undefined>(
    () =>
      scans?.map((scan) => ({
        ...scan,
        words: codeWords(scan.raw, new Date(scan.scanned_at).getFullYear()),
      })),
    [scans],
  );
  const chosen = rows?.find(({ id }) => id === search.scan);
  const open = (scan: string | undefined) =>
    void navigate({ to: '/inventory/unmatched', search: scan ? { scan } : {} });
  usePageKeys('unmatched', { close: () => open(undefined) });
  /** What stood below goes on being worked on, without a hand on the mouse. */
  const next = () => {
    const at = rows?.findIndex(({ id }) => id === search.scan) ?? -1;
    open((rows?.[at + 1] ?? rows?.[at - 1])?.id);
  };

  const columns = useMemo<readonly Column<Row>[]>(
    () => [
      {
        id: 'code',
        title: t('unmatched.code'),
        minWidth: 160,
        grow: 2,
        sort: (row) => row.words.text,
        cell: (row) => <span className="g-code g-cut">{row.words.text}</span>,
      },
      {
        id: 'kind',
        title: t('unmatched.kind'),
        minWidth: 120,
        drop: 2,
        sort: (row) => row.words.kind,
        cell: (row) => t(KINDS[row.words.kind]),
      },
      {
        id: 'site',
        title: t('stock.site'),
        minWidth: 56,
        drop: 1,
        sort: (row) => byId.get(row.location_id)?.code ?? '',
        cell: (row) => byId.get(row.location_id)?.code ?? '',
      },
      {
        id: 'when',
        title: t('unmatched.when'),
        minWidth: 110,
        sort: (row) => row.scanned_at,
        cell: (row) => <When instant={row.scanned_at} now={now} />,
      },
    ],
    [t, byId, now],
  );
  return (
    <>
      <PageHeader
        title={t('unmatched.title')}
        count={rows ? t('unmatched.count', { n: rows.length }) : undefined}
      >
        <BackTo to="/inventory">{t('inventory.title')}</BackTo>
      </PageHeader>
      <div className="g-split" data-open={chosen !== undefined}>
        <section className="g-list" aria-label={t('unmatched.title')}>
          {rows ? (
            <DataTable
              label={t('unmatched.title')}
              rows={rows}
              columns={columns}
              rowId={(row) => row.id}
              rowTestId={() => 'unmatched-row'}
              rowData={(row) => ({ 'data-id': row.id })}
              chosen={search.scan ?? null}
              onOpen={(row) => open(row.id)}
              initialSort={LATEST}
              empty={
                <EmptyState
                  icon={IconBarcode}
                  title={t('unmatched.empty')}
                  help={t('unmatched.emptyHelp')}
                />
              }
            />
          ) : (
            <div style={{ padding: 16 }}>
              <Loading lines={6} />
            </div>
          )}
        </section>
        {chosen && (
          <UnmatchedDetail
            key={chosen.id}
            scan={chosen}
            close={() => open(undefined)}
            settled={next}
          />
        )}
      </div>
    </>
  );
}

const LATEST = [{ id: 'when', desc: true }];
