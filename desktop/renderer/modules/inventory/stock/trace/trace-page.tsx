import { Button } from '@mantine/core';
import { IconBarcode, IconPrinter } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { LotTrace } from '#shared/ipc/views.stock.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import { lastUsableDay } from '#shared/merge/derive/lot-choice.ts';
import { BackTo } from '../../../../shell/back-to.tsx';
import { DataTable } from '../../../../ui/data-table.tsx';
import type { Column } from '../../../../ui/data-table.tsx';
import { movementWord } from '../../../../ui/domain-words.ts';
import { EmptyState } from '../../../../ui/empty-state.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { PageHeader } from '../../../../ui/page-header.tsx';
import { PageWaits } from '../../../../ui/page-waits.tsx';
import { PrintTable } from '../../../../ui/print-table.tsx';
import type { Printed } from '../../../../ui/print-table.tsx';
import { useNow } from '../../../../ui/use-now.ts';
import { Expiry } from '../../stock-pills.tsx';
import { reasonWord } from '../reason-words.ts';
import { useLotTrace } from '../use-levels.ts';
import { LotDocuments } from '../lots/lot-documents.tsx';
import { PatientsOfLot } from './patients-of-lot.tsx';
import { RecallControl } from './recall-control.tsx';

const route = getRouteApi('/inventory/lot');

/** Where a lot came in, where it was used and what is left of it, at all sites: for a recall, on one page. */
export function TracePage() {
  const { t } = useI18n();
  const { lot } = route.useSearch();
  const { data, error } = useLotTrace(lot ?? null);
  if (data === undefined && lot !== undefined) {
    return <PageWaits title={t('lots.lot')} error={error} />;
  }
  if (!data) {
    return (
      <EmptyState
        isPage
        icon={IconBarcode}
        title={t('trace.notHere')}
        help={t('trace.help')}
        action={<BackTo to="/inventory">{t('inventory.title')}</BackTo>}
      />
    );
  }
  return <Trace trace={data} />;
}

type Event = LotTrace['events'][number];

function Trace({ trace }: { trace: LotTrace }) {
  const { t, fmt, timeZone } = useI18n();
  const today = clinicDate(useNow(60_000), timeZone);
  const [printed, setPrinted] = useState<Printed | null>(null);
  const last = lastUsableDay(trace);
  const unit = trace.base_unit;
  const left = trace.sites.reduce((sum, { on_hand: quantity }) => sum + quantity, 0);
  const word = ({ type }: Event): string => {
    if (type === 'vial_draw') return t('vials.movement.draw');
    return type === 'vial_discard' ? t('vials.movement.discard') : movementWord(t, type);
  };
  const what = (event: Event): string =>
    event.undoes ? t('reversal.of', { what: word(event) }) : word(event);
  const columns = useMemo<readonly Column<Event>[]>(
    () => [
      {
        id: 'when',
        title: t('history.when'),
        minWidth: 170,
        sort: (row) => row.occurred_at,
        text: (row) => fmt.exact(row.occurred_at),
        cell: (row) => fmt.exact(row.occurred_at),
      },
      {
        id: 'what',
        title: t('history.what'),
        minWidth: 150,
        grow: 1,
        sort: what,
        cell: (row) => (
          <span className="g-cut">
            {what(row)}
            {row.undone && <span className="g-dim"> ({t('reversal.undone')})</span>}
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
        id: 'quantity',
        title: t('history.quantity'),
        minWidth: 96,
        number: true,
        sort: (row) => row.units ?? row.qty_base,
        text: (row) => (row.units ?? row.qty_base) / 10_000,
        cell: (row) =>
          row.units === null
            ? `${fmt.signed(row.qty_base)} ${unit}`
            : `${fmt.quantity(row.units)} ${row.unit ?? ''}`,
      },
      {
        id: 'why',
        title: t('trace.why'),
        minWidth: 130,
        grow: 1,
        drop: 1,
        sort: (row) => reasonWord(t, row.reason_code),
        cell: (row) => (
          <span className="g-cut" title={row.note ?? ''}>
            {[reasonWord(t, row.reason_code), row.note, row.for_patient ? t('trace.patient') : '']
              .filter((word) => word !== null && word !== '')
              .join(', ')}
          </span>
        ),
      },
      {
        id: 'who',
        title: t('history.who'),
        minWidth: 120,
        grow: 1,
        sort: (row) => row.who,
        cell: (row) => <span className="g-cut">{row.who}</span>,
      },
    ],
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `what` depends on the language alone
    [t, fmt, unit],
  );
  const print = () =>
    setPrinted({
      title: t('trace.printTitle', {
        lot: trace.lot_no,
        item: trace.item_name,
        status: t(`recall.status.${trace.recall_status as 'none'}`),
      }),
      head: columns.map(({ title }) => title),
      rows: [
        ...trace.sites.map((site) => [
          t('trace.left'),
          '',
          site.location_code,
          site.on_hand / 10_000,
          '',
          '',
        ]),
        ...trace.events.map((row) =>
          columns.map((column) => (column.text ?? column.sort)?.(row) ?? null),
        ),
      ],
      at: Date.now(),
    });
  return (
    <>
      {printed && <PrintTable key={printed.at} printed={printed} done={() => setPrinted(null)} />}
      <PageHeader
        title={t('trace.title', { lot: trace.lot_no })}
        count={t('trace.leftOf', { quantity: fmt.quantity(left), unit })}
      >
        <BackTo to="/inventory">{t('inventory.title')}</BackTo>
        <Button
          variant="default"
          leftSection={<IconPrinter size={18} stroke={1.5} />}
          onClick={print}
          data-testid="trace-print"
        >
          {t('trace.print')}
        </Button>
      </PageHeader>
      <div style={TALL}>
        <div className="g-stack" style={FACTS} data-testid="trace">
          <div className="g-row" style={{ flexWrap: 'wrap', gap: 12 }}>
            <Link to="/inventory" search={{ item: trace.item_id, tab: 'lots' }}>
              {trace.item_name}
            </Link>
            <span className="g-code g-dim">{trace.sku}</span>
            {trace.serial !== '' && (
              <span className="g-dim">{t('scan.serial', { serial: trace.serial })}</span>
            )}
            <span>
              {last !== null && <span className="g-dim">{t('lots.expiry')} </span>}
              <Expiry date={last} today={today} words />
            </span>
          </div>
          <RecallControl trace={trace} />
          <LotDocuments lotId={trace.lot_id} itemId={trace.item_id} />
          <PatientsOfLot trace={trace} />
          <table className="g-table" style={{ maxWidth: 860 }} data-testid="trace-sites">
            <thead>
              <tr>
                <th scope="col">{t('stock.site')}</th>
                {(['received', 'used', 'wasted', 'moved', 'left'] as const).map((name) => (
                  <th key={name} scope="col" className="g-num">
                    {t(`trace.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {trace.sites.map((site) => (
                <tr key={site.location_id} data-testid={`trace-site-${site.location_code}`}>
                  <th scope="row" style={{ color: 'inherit', fontSize: 13 }}>
                    {site.location_code}
                  </th>
                  <td className="g-num">{fmt.quantity(site.received)}</td>
                  <td className="g-num">{fmt.quantity(site.used)}</td>
                  <td className="g-num">{fmt.quantity(site.wasted)}</td>
                  <td className="g-num">{fmt.quantity(site.moved)}</td>
                  <td className="g-num g-strong">
                    {fmt.quantity(site.on_hand)} <span className="g-dim">{unit}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <section className="g-list" style={LIST} aria-label={t('detail.history')}>
          <DataTable
            label={t('detail.history')}
            rows={trace.events}
            columns={columns}
            rowId={(row) => row.id}
            rowTestId={() => 'trace-event'}
            initialSort={LATEST}
            exportName={t('trace.file')}
            name="lot-trace"
            empty={<EmptyState icon={IconBarcode} title={t('history.empty')} />}
          />
        </section>
      </div>
    </>
  );
}

const LATEST = [{ id: 'when', desc: true }];
/** Many patients or papers push the history down: then all of it scrolls, and the history keeps its room. */
const TALL = {
  flex: 1,
  minHeight: 0,
  overflow: 'auto',
  display: 'flex',
  flexDirection: 'column',
} as const;
const FACTS = { flex: 'none', padding: '0 16px 12px', gap: 12 } as const;
const LIST = {
  flex: '1 0 320px',
  minHeight: 0,
  display: 'flex',
  flexDirection: 'column',
  borderTop: '1px solid var(--g-line)',
} as const;
