import { SegmentedControl } from '@mantine/core';
import { IconBarcode, IconCircleCheck, IconFileAlert, IconFileOff } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { FoundLot } from '#shared/ipc/lot-views.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import { lastUsableDay } from '#shared/merge/derive/lot-choice.ts';
import { usePageKeys } from '../../../../shell/actions/page-keys.ts';
import { DataTable } from '../../../../ui/data-table.tsx';
import type { Column } from '../../../../ui/data-table.tsx';
import { EmptyState } from '../../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { Loading } from '../../../../ui/loading.tsx';
import { PageHeader } from '../../../../ui/page-header.tsx';
import { SearchField } from '../../../../ui/search-field.tsx';
import { StatusPill } from '../../../../ui/status-pill.tsx';
import { useNow } from '../../../../ui/use-now.ts';
import { Expiry } from '../../stock-pills.tsx';
import { MOST_LOTS, useLotSearch } from './use-lot-documents.ts';

const route = getRouteApi('/inventory/lots');

const DOCUMENT = {
  here: { tone: 'green', icon: IconCircleCheck },
  missing: { tone: 'amber', icon: IconFileAlert },
  none: { tone: 'grey', icon: IconFileOff },
} as const;

/** Every lot by its number or serial number, and which of them lack the papers of their trade. */
export function LotsPage() {
  const { t, timeZone } = useI18n();
  const search = route.useSearch();
  const navigate = useNavigate();
  const today = clinicDate(useNow(60_000), timeZone);
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(search.q ?? '');
  const q = useDeferredValue(typed);
  const { data: lots, error } = useLotSearch(q, search.missing === true);
  useEffect(() => field.current?.focus(), []);
  usePageKeys('lots', { search: () => field.current?.focus() });
  const columns = useMemo<readonly Column<FoundLot>[]>(
    () => [
      {
        id: 'lot',
        title: t('lots.lot'),
        minWidth: 120,
        sort: (row) => row.lot_no,
        text: (row) => row.lot_no,
        cell: (row) => <span className="g-code">{row.lot_no}</span>,
      },
      {
        id: 'serial',
        title: t('lots.serial'),
        minWidth: 110,
        drop: 2,
        sort: (row) => row.serial,
        text: (row) => row.serial,
        cell: (row) => <span className="g-code">{row.serial}</span>,
      },
      {
        id: 'item',
        title: t('inventory.item'),
        minWidth: 180,
        grow: 2,
        sort: (row) => row.item_name,
        text: (row) => `${row.item_name} ${row.sku}`,
        cell: (row) => (
          <span title={row.item_name}>
            {row.item_name} <span className="g-code g-dim">{row.sku}</span>
          </span>
        ),
      },
      {
        id: 'expiry',
        title: t('lots.expiry'),
        minWidth: 190,
        sort: (row) => row.expiry_date,
        text: (row) => row.expiry_date,
        cell: (row) => <Expiry date={lastUsableDay(row)} today={today} words />,
      },
      {
        id: 'document',
        title: t('lots.document'),
        minWidth: 120,
        text: (row) => t(`lots.doc.${row.document}`),
        cell: (row) => (
          <StatusPill {...DOCUMENT[row.document]}>{t(`lots.doc.${row.document}`)}</StatusPill>
        ),
      },
    ],
    [t, today],
  );
  const isCut = lots !== undefined && lots.length >= MOST_LOTS;
  return (
    <>
      <PageHeader
        title={t('lots.title')}
        count={lots ? t('lots.count', { n: lots.length }) : undefined}
      />
      <div className="g-filters" role="search">
        <SearchField
          field={field}
          label={t('lots.search')}
          value={typed}
          change={setTyped}
          width={320}
          testId="lots-search"
        />
        <SegmentedControl
          aria-label={t('lots.show')}
          size="xs"
          value={search.missing === true ? 'missing' : 'all'}
          onChange={(value) =>
            void navigate({
              to: '/inventory/lots',
              search: { missing: value === 'missing' || undefined },
              replace: true,
            })
          }
          data={[
            { value: 'all', label: t('inventory.all') },
            { value: 'missing', label: t('lots.missingOnly') },
          ]}
        />
        {isCut && <span className="g-small g-dim">{t('lots.most', { n: MOST_LOTS })}</span>}
      </div>
      <section className="g-list" aria-label={t('lots.title')}>
        {lots ? (
          <DataTable
            label={t('lots.title')}
            rows={lots}
            columns={columns}
            rowId={({ lot_id: id }) => id}
            rowTestId={() => 'lot-found'}
            rowData={(row) => ({ 'data-lot': row.lot_no, 'data-document': row.document })}
            onOpen={({ lot_id: lot }) => void navigate({ to: '/inventory/lot', search: { lot } })}
            exportName={t('lots.title').toLowerCase()}
            name="lots"
            empty={
              <EmptyState
                icon={IconBarcode}
                title={search.missing === true ? t('lots.noneMissing') : t('lots.nothing')}
                {...(search.missing === true ? { help: t('lots.noneMissingHelp') } : {})}
              />
            }
          />
        ) : (
          <div style={{ padding: 16 }}>
            {error ? <ErrorNote error={error} /> : <Loading lines={8} />}
          </div>
        )}
      </section>
    </>
  );
}
