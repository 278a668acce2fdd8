import { Button } from '@mantine/core';
import { IconArrowRight, IconCalendarCheck, IconTruckDelivery } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { BackTo } from '../../../../shell/back-to.tsx';
import { useSites } from '../../../../shell/sites.tsx';
import { EmptyState } from '../../../../ui/empty-state.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { PageHeader } from '../../../../ui/page-header.tsx';
import { PageWaits } from '../../../../ui/page-waits.tsx';
import { useToasts } from '../../../../ui/toasts.tsx';
import { useNow } from '../../../../ui/use-now.ts';
import { useMayTransfer, useTransferActs } from '../transfers/use-transfers.ts';
import { useLevels } from '../use-levels.ts';
import { expiryMap } from './expiry-weeks.ts';
import type { ExpiringLot, ExpiryMap } from './expiry-weeks.ts';

const route = getRouteApi('/inventory/expiry');

/** What expires where in the coming weeks, and what another site would use first. */
export function ExpiryPage() {
  const { t, timeZone } = useI18n();
  const { sites } = useSites();
  const search = route.useSearch();
  const navigate = useNavigate();
  const today = clinicDate(useNow(60_000), timeZone);
  const { data, error } = useLevels(today);
  const map = useMemo(() => data && expiryMap(data, today), [data, today]);
  if (!map || !sites) return <PageWaits title={t('expiry.title')} error={error} />;
  const shown = map.lots.filter(
    ({ location_id: site, week }) =>
      (search.site === undefined || site === search.site) &&
      (search.week === undefined || week === search.week),
  );
  const choose = (site: string | undefined, week: number | undefined) =>
    void navigate({ to: '/inventory/expiry', search: { site, week }, replace: true });
  return (
    <>
      <PageHeader title={t('expiry.title')} count={t('expiry.count', { n: map.lots.length })}>
        <BackTo to="/inventory">{t('inventory.title')}</BackTo>
      </PageHeader>
      <div className="g-scroll">
        <div className="g-stack" style={{ padding: 16, gap: 20 }}>
          {map.lots.length === 0 ? (
            <EmptyState
              icon={IconCalendarCheck}
              title={t('expiry.empty')}
              help={t('expiry.emptyHelp')}
            />
          ) : (
            <>
              <HeatMap
                map={map}
                sites={sites}
                chosen={search}
                choose={(site, week) =>
                  search.site === site && search.week === week
                    ? choose(undefined, undefined)
                    : choose(site, week)
                }
              />
              <Moves map={map} />
              <Lots
                lots={shown}
                all={shown.length === map.lots.length}
                showAll={() => choose(undefined, undefined)}
              />
            </>
          )}
        </div>
      </div>
    </>
  );
}

/** Each cell: how many lots have their last day in that week, the darker the more. */
function HeatMap(props: {
  map: ExpiryMap;
  sites: readonly { readonly id: string; readonly code: string; readonly name: string }[];
  chosen: { readonly site?: string | undefined; readonly week?: number | undefined };
  choose: (site: string, week: number) => void;
}) {
  const { map, sites, chosen } = props;
  const { t, fmt } = useI18n();
  const cells = new Map(
    [...Map.groupBy(map.lots, ({ location_id: site, week }) => `${site} ${week}`)].map(
      ([key, lots]) => [key, { n: lots.length, left: lots.filter(({ left }) => left > 0).length }],
    ),
  );
  const most = Math.max(1, ...[...cells.values()].map(({ n }) => n));
  return (
    <div style={{ overflowX: 'auto' }}>
      <table className="g-heat" data-testid="expiry-map">
        <caption className="g-dim g-small">{t('expiry.mapHelp')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('stock.site')}</th>
            {map.weeks.map((day) => (
              <th key={day} scope="col" title={t('expiry.weekOf', { date: fmt.date(day) })}>
                {shortDay(day)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sites.map((site) => (
            <tr key={site.id}>
              <th scope="row" title={site.name}>
                {site.code}
              </th>
              {map.weeks.map((day, week) => {
                const cell = cells.get(`${site.id} ${week}`);
                const share = cell ? 12 + Math.round((cell.n / most) * 36) : 0;
                return (
                  <td key={day}>
                    {cell ? (
                      <button
                        type="button"
                        aria-pressed={chosen.site === site.id && chosen.week === week}
                        aria-label={t('expiry.cell', {
                          n: cell.n,
                          site: site.name,
                          date: fmt.date(day),
                          left: cell.left,
                        })}
                        onClick={() => props.choose(site.id, week)}
                        style={{
                          background: `color-mix(in srgb, var(--mantine-color-yellow-6) ${share}%, transparent)`,
                        }}
                        data-testid="expiry-cell"
                      >
                        {cell.n}
                        {cell.left > 0 && <span aria-hidden>*</span>}
                      </button>
                    ) : (
                      <span className="g-dim" aria-hidden>
                        ·
                      </span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Month and day, as the clinics write them. */
const shortDay = (day: string): string => `${Number(day.slice(5, 7))}/${Number(day.slice(8))}`;

/** What another site would use first: one click makes the draft of a transfer. */
function Moves({ map }: { map: ExpiryMap }) {
  const { t, fmt } = useI18n();
  const { byId } = useSites();
  const mayTransfer = useMayTransfer();
  const acts = useTransferActs();
  const { done, failed } = useToasts();
  const navigate = useNavigate();
  const draft = async (move: ExpiryMap['moves'][number]) => {
    const id = await acts.draft({
      from: move.from,
      to: move.to,
      wanted: [{ item_id: move.item_id, qty_base: move.quantity }],
      note: t('expiry.note', { lot: move.lot.lotNo, date: fmt.date(move.last_day) }),
    });
    done(t('transfers.drafted'), () => acts.cancel(id));
    await navigate({ to: '/inventory/transfers', search: { transfer: id } });
  };
  return (
    <section className="g-stack" aria-labelledby="expiry-moves" style={{ gap: 8 }}>
      <h2 id="expiry-moves" style={{ fontSize: 16 }}>
        {t('expiry.moves')}
      </h2>
      {map.moves.length === 0 ? (
        <p className="g-dim">{t('expiry.noMoves')}</p>
      ) : (
        <table className="g-table" data-testid="expiry-moves">
          <thead>
            <tr>
              <th scope="col">{t('inventory.item')}</th>
              <th scope="col">{t('lots.lot')}</th>
              <th scope="col">{t('lots.expiry')}</th>
              <th scope="col">{t('transfers.way')}</th>
              <th scope="col" className="g-num">
                {t('receive.quantity')}
              </th>
              <th scope="col">
                <span className="g-hidden">{t('receive.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {map.moves.map((move) => (
              <tr key={`${move.lot_id} ${move.from} ${move.to}`} data-testid="expiry-move">
                <td>{move.lot.item.name}</td>
                <td className="g-code">{move.lot.lotNo}</td>
                <td>{fmt.date(move.last_day)}</td>
                <td>
                  <span className="g-row" style={{ gap: 4 }}>
                    {byId.get(move.from)?.code}
                    <IconArrowRight size={14} stroke={1.75} aria-label={t('transfers.to')} />
                    {byId.get(move.to)?.code}
                  </span>
                </td>
                <td className="g-num">
                  {fmt.quantity(move.quantity)}{' '}
                  <span className="g-dim">{move.lot.item.base_unit}</span>
                </td>
                <td style={{ textAlign: 'right' }}>
                  {mayTransfer(move.from, move.to) && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      leftSection={<IconTruckDelivery size={16} stroke={1.5} />}
                      onClick={() => {
                        draft(move).catch(failed);
                      }}
                      data-testid="expiry-draft"
                    >
                      {t('expiry.draft')}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Lots(props: { lots: readonly ExpiringLot[]; all: boolean; showAll: () => void }) {
  const { lots } = props;
  const { t, fmt } = useI18n();
  const { byId } = useSites();
  return (
    <section className="g-stack" aria-labelledby="expiry-lots" style={{ gap: 8 }}>
      <div className="g-row">
        <h2 id="expiry-lots" className="g-spread" style={{ fontSize: 16 }}>
          {t('expiry.lots')}
        </h2>
        {!props.all && (
          <Button size="compact-sm" variant="default" onClick={props.showAll}>
            {t('inventory.showAll')}
          </Button>
        )}
      </div>
      <table className="g-table" data-testid="expiry-lots">
        <thead>
          <tr>
            <th scope="col">{t('lots.expiry')}</th>
            <th scope="col">{t('inventory.item')}</th>
            <th scope="col">{t('lots.lot')}</th>
            <th scope="col">{t('stock.site')}</th>
            <th scope="col" className="g-num">
              {t('stock.onHand')}
            </th>
            <th scope="col" className="g-num">
              {t('expiry.left')}
            </th>
          </tr>
        </thead>
        <tbody>
          {lots.slice(0, MOST).map((lot) => (
            <tr key={`${lot.lot_id} ${lot.location_id}`}>
              <td>{fmt.date(lot.last_day)}</td>
              <td>
                <Link to="/inventory" search={{ item: lot.item_id }}>
                  {lot.item.name}
                </Link>
              </td>
              <td className="g-code">
                <Link to="/inventory/lot" search={{ lot: lot.lot_id }}>
                  {lot.lotNo}
                </Link>
              </td>
              <td>{byId.get(lot.location_id)?.code}</td>
              <td className="g-num">
                {fmt.quantity(lot.on_hand)} <span className="g-dim">{lot.item.base_unit}</span>
              </td>
              <td className="g-num">
                {lot.left > 0 ? fmt.number(Math.round(lot.left / 1_000) / 10) : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {lots.length > MOST && <p className="g-dim">{t('expiry.more', { n: lots.length - MOST })}</p>}
    </section>
  );
}

/** A week of one site has fewer; the rest is found by choosing one. */
const MOST = 60;
