import { Button, SegmentedControl } from '@mantine/core';
import { IconAlertTriangle, IconClock, IconVaccineBottle } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { VialRow } from '#shared/ipc/views.vials.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import { usePageKeys } from '../../../../shell/actions/page-keys.ts';
import { useSession } from '../../../../shell/session.tsx';
import { useSites } from '../../../../shell/sites.tsx';
import { DataTable } from '../../../../ui/data-table.tsx';
import type { Column } from '../../../../ui/data-table.tsx';
import { EmptyState } from '../../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { Loading } from '../../../../ui/loading.tsx';
import { PageHeader } from '../../../../ui/page-header.tsx';
import { StatusPill } from '../../../../ui/status-pill.tsx';
import { useNow } from '../../../../ui/use-now.ts';
import { OpenDialog } from './open-dialog.tsx';
import { useVials } from './use-vials.ts';
import { VialClock } from './vial-clock.tsx';
import { VialDetail } from './vial-detail.tsx';

const route = getRouteApi('/inventory/vials');
const SHOWN = ['open', 'closed'] as const;

/** Containers that stand open, each with what is left and its clock; the chosen one beside the list. */
export function VialsPage() {
  const { t, fmt, timeZone } = useI18n();
  const { mayRow } = useSession();
  const { sites, site: current, byId } = useSites();
  const search = route.useSearch();
  const navigate = useNavigate();
  const now = useNow(15_000);
  const { data, error } = useVials(clinicDate(now, timeZone));
  const show = search.view ?? 'open';
  const shown = useMemo(
    () => data?.filter(({ is_closed: isClosed }) => isClosed === (show === 'closed')),
    [data, show],
  );
  const chosen = data?.find(({ vial_id: id }) => id === search.vial);
  const chosenSite = chosen && byId.get(chosen.location_id);
  const go = (to: typeof search, replace = false) =>
    void navigate({ to: '/inventory/vials', search: to, replace });
  const close = () => go({ view: search.view });
  const opens = (sites ?? []).filter(({ id }) =>
    mayRow('vial_acts', 'create', { location_id: id }),
  );
  const begin = opens.length > 0 ? () => go({ ...search, open: true }) : null;
  usePageKeys('vials', { close: chosen && !search.open ? close : null, open: begin });

  const columns = useMemo<readonly Column<VialRow>[]>(
    () => [
      {
        id: 'clock',
        title: t('vials.clock'),
        minWidth: 196,
        sort: (row) => row.use_by ?? Number.MAX_SAFE_INTEGER,
        text: (row) => (row.use_by === null ? null : fmt.exact(row.use_by)),
        cell: (row) =>
          row.is_closed ? (
            <span className="g-dim">{t('vials.closed')}</span>
          ) : (
            <VialClock useBy={row.use_by} now={now} />
          ),
      },
      {
        id: 'item',
        title: t('inventory.item'),
        minWidth: 150,
        grow: 2,
        sort: (row) => row.item_name,
        cell: (row) => (
          <span className="g-row" style={{ gap: 6 }}>
            <span className="g-cut" title={row.item_name}>
              {row.item_name}
            </span>
            {row.over > 0 && (
              <StatusPill tone="violet" icon={IconAlertTriangle}>
                {t('vials.overShort')}
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
        id: 'site',
        title: t('stock.site'),
        minWidth: 52,
        sort: (row) => row.location_code,
        filter: (row) => row.location_code,
        cell: (row) => row.location_code,
      },
      {
        id: 'lot',
        title: t('lots.lot'),
        minWidth: 90,
        drop: 2,
        sort: (row) => row.lot_no,
        cell: (row) => <span className="g-code">{row.lot_no}</span>,
      },
      {
        id: 'rest',
        title: t('vials.rest'),
        minWidth: 120,
        number: true,
        sort: (row) => row.rest,
        text: (row) => row.rest / 10_000,
        cell: (row) => (
          <>
            {fmt.quantity(row.rest)}{' '}
            <span className="g-dim">
              {t('vials.of', { content: fmt.quantity(row.content), unit: row.unit })}
            </span>
          </>
        ),
      },
      {
        id: 'opened',
        title: t('vials.openedAt'),
        minWidth: 184,
        drop: 1,
        sort: (row) => row.opened_at,
        text: (row) => fmt.exact(row.opened_at),
        cell: (row) => fmt.exact(row.opened_at),
      },
      {
        id: 'who',
        title: t('history.who'),
        minWidth: 110,
        grow: 1,
        drop: 3,
        sort: (row) => row.opened_by,
        cell: (row) => <span className="g-cut">{row.opened_by}</span>,
      },
    ],
    [t, fmt, now],
  );
  return (
    <>
      <PageHeader
        title={t('vials.title')}
        count={shown ? t('vials.count', { n: shown.length }) : undefined}
      >
        {begin && (
          <Button
            leftSection={<IconVaccineBottle size={18} stroke={1.5} />}
            onClick={begin}
            data-testid="vials-open"
          >
            {t('vials.open')}
          </Button>
        )}
      </PageHeader>
      <div className="g-filters">
        <SegmentedControl
          aria-label={t('alerts.show')}
          size="xs"
          value={show}
          onChange={(value) => go({ view: SHOWN.find((known) => known === value) }, true)}
          data={SHOWN.map((value) => ({ value, label: t(`vials.show.${value}`) }))}
        />
      </div>
      <div className="g-split" data-open={chosen !== undefined}>
        <section className="g-list" aria-label={t('vials.title')}>
          {shown ? (
            <DataTable
              label={t('vials.title')}
              rows={shown}
              columns={columns}
              rowId={(row) => row.vial_id}
              rowTestId={() => 'vial-row'}
              rowData={(row) => ({ 'data-sku': row.sku, 'data-lot': row.lot_no ?? '' })}
              chosen={search.vial ?? null}
              onOpen={(row) => go({ view: search.view, vial: row.vial_id }, chosen !== undefined)}
              name="vials"
              exportName={t('vials.title').toLowerCase()}
              empty={
                <EmptyState
                  icon={IconVaccineBottle}
                  title={t(`vials.empty.${show}`)}
                  help={t('vials.emptyHelp')}
                />
              }
            />
          ) : (
            <div style={{ padding: 16 }}>
              {error ? <ErrorNote error={error} /> : <Loading lines={8} />}
            </div>
          )}
        </section>
        {chosen && chosenSite && data && (
          <VialDetail
            key={chosen.vial_id}
            vial={chosen}
            vials={data}
            site={chosenSite}
            now={now}
            close={close}
          />
        )}
      </div>
      {search.open && opens.length > 0 && (
        <OpenDialog
          sites={opens}
          siteId={opens.find(({ id }) => id === current?.id)?.id ?? null}
          itemId={search.item ?? null}
          opened={(vial) => go({ vial }, true)}
          close={() => go({ ...search, open: undefined, item: undefined }, true)}
        />
      )}
    </>
  );
}
