import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconClipboardCheck, IconClock, IconGift, IconPackageImport } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { SampleEntry } from '#shared/ipc/views.vials.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
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
import { GiveSample } from './give-dialog.tsx';
import { ReceiveSamples } from './receive-dialog.tsx';
import { ReconcileDialog } from './reconcile-dialog.tsx';
import { usePeople, useReconciliations, useSampleLog } from './use-samples.ts';

const route = getRouteApi('/inventory/samples');
const SHOWN = ['log', 'months'] as const;

/** The closet of samples: what came, what was given to whom, and its monthly comparison. */
export function SamplesPage() {
  const { t, timeZone } = useI18n();
  const { mayRow } = useSession();
  const { sites, site: current } = useSites();
  const search = route.useSearch();
  const navigate = useNavigate();
  const today = clinicDate(useNow(60_000), timeZone);
  const log = useSampleLog(today);
  const [siteId, setSiteId] = useState<string | null>(null);
  const [doing, setDoing] = useState<'receive' | 'give' | 'reconcile' | null>(null);
  const show = search.view ?? 'log';
  const may = (id: string) => ({
    receive: mayRow('stock_acts', 'create', { kind: 'sample_in', location_id: id }),
    give: mayRow('sample_log', 'create', { location_id: id }),
    reconcile: mayRow('sample_reconciliations', 'create', { location_id: id }),
  });
  const open = (sites ?? []).filter(({ id }) => Object.values(may(id)).some(Boolean));
  const site =
    open.find(({ id }) => id === siteId) ?? open.find(({ id }) => id === current?.id) ?? open[0];
  const rights = site && may(site.id);
  const close = () => setDoing(null);
  return (
    <>
      <PageHeader
        title={t('samples.title')}
        count={log.data ? t('samples.count', { n: log.data.length }) : undefined}
      >
        {rights?.reconcile && (
          <Button
            variant="default"
            leftSection={<IconClipboardCheck size={18} stroke={1.5} />}
            onClick={() => setDoing('reconcile')}
            data-testid="samples-reconcile"
          >
            {t('samples.reconcile')}
          </Button>
        )}
        {rights?.receive && (
          <Button
            variant="default"
            leftSection={<IconPackageImport size={18} stroke={1.5} />}
            onClick={() => setDoing('receive')}
            data-testid="samples-receive"
          >
            {t('samples.receive')}
          </Button>
        )}
        {rights?.give && (
          <Button
            leftSection={<IconGift size={18} stroke={1.5} />}
            onClick={() => setDoing('give')}
            data-testid="samples-give"
          >
            {t('samples.give')}
          </Button>
        )}
      </PageHeader>
      <div className="g-filters">
        <SegmentedControl
          aria-label={t('alerts.show')}
          size="xs"
          value={show}
          onChange={(value) =>
            void navigate({
              to: '/inventory/samples',
              search: { view: SHOWN.find((known) => known === value) },
              replace: true,
            })
          }
          data={SHOWN.map((value) => ({ value, label: t(`samples.show.${value}`) }))}
        />
        {open.length > 1 && (
          <Select
            aria-label={t('stock.site')}
            size="xs"
            w={180}
            data={open.map(({ id, name }) => ({ value: id, label: name }))}
            value={site?.id ?? null}
            onChange={setSiteId}
            allowDeselect={false}
            data-testid="samples-site"
          />
        )}
      </div>
      <section className="g-list" aria-label={t('samples.title')}>
        {show === 'months' ? (
          <Months />
        ) : log.data ? (
          <Log entries={log.data} />
        ) : (
          <div style={{ padding: 16 }}>
            {log.error ? <ErrorNote error={log.error} /> : <Loading lines={8} />}
          </div>
        )}
      </section>
      {site && doing === 'receive' && <ReceiveSamples site={site} close={close} />}
      {site && doing === 'give' && <GiveSample site={site} close={close} />}
      {site && doing === 'reconcile' && <ReconcileDialog site={site} close={close} />}
    </>
  );
}

function Log({ entries }: { entries: readonly SampleEntry[] }) {
  const { t, fmt } = useI18n();
  const { may } = useSession();
  const reads = may('sample_log', 'read');
  const columns = useMemo<readonly Column<SampleEntry>[]>(() => {
    const patient = (row: SampleEntry): string =>
      row.patient ? `${row.patient.family_name}, ${row.patient.given_name}` : '';
    return [
      {
        id: 'when',
        title: t('history.when'),
        minWidth: 184,
        sort: (row) => row.occurred_at,
        text: (row) => fmt.exact(row.occurred_at),
        cell: (row) => fmt.exact(row.occurred_at),
      },
      {
        id: 'what',
        title: t('history.what'),
        minWidth: 110,
        sort: (row) => row.kind,
        text: (row) => t(`samples.kind.${row.kind}`),
        filter: (row) => row.kind,
        filterWord: (kind) => t(`samples.kind.${kind as SampleEntry['kind']}`),
        cell: (row) => t(`samples.kind.${row.kind}`),
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
            {row.waiting && (
              <StatusPill tone="amber" icon={IconClock} title={t('history.waitingHelp')}>
                {t('history.waiting')}
              </StatusPill>
            )}
          </span>
        ),
      },
      {
        id: 'quantity',
        title: t('history.quantity'),
        minWidth: 90,
        number: true,
        sort: (row) => row.qty_base,
        text: (row) => row.qty_base / 10_000,
        cell: (row) => `${fmt.signed(row.qty_base)} ${row.base_unit}`,
      },
      {
        id: 'lot',
        title: t('lots.lot'),
        minWidth: 90,
        sort: (row) => row.lot_no,
        cell: (row) => <span className="g-code">{row.lot_no}</span>,
      },
      {
        id: 'expiry',
        title: t('lots.expiry'),
        minWidth: 96,
        drop: 3,
        sort: (row) => row.expiry_date,
        cell: (row) => (row.expiry_date === null ? '–' : fmt.date(row.expiry_date)),
      },
      {
        id: 'site',
        title: t('stock.site'),
        minWidth: 52,
        sort: (row) => row.location_code,
        filter: (row) => row.location_code,
        cell: (row) => row.location_code,
      },
      ...(reads
        ? [
            {
              id: 'patient',
              title: t('usedFor.patient'),
              minWidth: 140,
              grow: 1,
              sort: patient,
              cell: (row: SampleEntry) => <span className="g-cut">{patient(row)}</span>,
            },
            {
              id: 'prescriber',
              title: t('samples.prescriber'),
              minWidth: 120,
              drop: 1,
              sort: (row: SampleEntry) => row.prescriber,
              cell: (row: SampleEntry) => <span className="g-cut">{row.prescriber}</span>,
            },
            {
              id: 'signed',
              title: t('samples.signed'),
              minWidth: 80,
              drop: 2,
              sort: (row: SampleEntry) => Number(row.signature !== null),
              text: (row: SampleEntry) => (row.signature === null ? '' : t('common.yes')),
              cell: (row: SampleEntry) => (row.signature === null ? '–' : t('common.yes')),
            },
          ]
        : []),
      {
        id: 'who',
        title: t('history.who'),
        minWidth: 110,
        drop: 2,
        sort: (row) => row.who,
        cell: (row) => <span className="g-cut">{row.who}</span>,
      },
    ];
  }, [t, fmt, reads]);
  return (
    <DataTable
      label={t('samples.show.log')}
      rows={entries}
      columns={columns}
      rowId={(row) => row.id}
      rowTestId={() => 'sample-row'}
      rowData={(row) => ({ 'data-kind': row.kind, 'data-lot': row.lot_no ?? '' })}
      initialSort={LATEST}
      name="samples"
      exportName={t('samples.file')}
      empty={
        <EmptyState icon={IconGift} title={t('samples.empty')} help={t('samples.emptyHelp')} />
      }
    />
  );
}

const LATEST = [{ id: 'when', desc: true }];

function Months() {
  const { t, fmt } = useI18n();
  const { byId } = useSites();
  const { names } = usePeople();
  const months = useReconciliations();
  if (!months) return <Loading lines={4} />;
  if (months.length === 0) {
    return (
      <EmptyState
        icon={IconClipboardCheck}
        title={t('samples.noMonths')}
        help={t('samples.reconcileHelp')}
      />
    );
  }
  return (
    <table className="g-table" style={{ maxWidth: 900, margin: 16 }} data-testid="samples-months">
      <thead>
        <tr>
          <th scope="col">{t('samples.month')}</th>
          <th scope="col">{t('stock.site')}</th>
          <th scope="col" className="g-num">
            {t('samples.lots')}
          </th>
          <th scope="col" className="g-num">
            {t('samples.differences')}
          </th>
          <th scope="col">{t('samples.why')}</th>
          <th scope="col">{t('samples.signedBy')}</th>
        </tr>
      </thead>
      <tbody>
        {months.map((month) => {
          const off = month.lines.filter(({ book, counted }) => book !== counted);
          const people = [month.created_by, month.witnessed_by]
            .flatMap((id) => (id === null ? [] : [names.get(id) ?? '–']))
            .join(', ');
          return (
            <tr key={month.id} data-testid="samples-month-row">
              <th scope="row" style={{ color: 'inherit', fontSize: 13 }}>
                {fmt.month(month.month)}
              </th>
              <td>{byId.get(month.location_id)?.code}</td>
              <td className="g-num">{month.lines.length}</td>
              <td className="g-num">{off.length}</td>
              <td>
                {[...off.map(({ why }) => why), month.note].filter(Boolean).join('; ') || '–'}
              </td>
              <td>
                {people}
                <div className="g-small g-dim">{fmt.exact(month.occurred_at)}</div>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
