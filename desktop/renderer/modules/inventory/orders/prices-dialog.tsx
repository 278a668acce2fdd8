import { Button, Select } from '@mantine/core';
import { IconStar, IconTrendingUp } from '@tabler/icons-react';
import { useState } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { bestOffer, perUnitOf, priceIn, priceRise } from '#shared/merge/derive/reorder.ts';
import type { ItemPrices, VendorOffer } from '#shared/ipc/order-views.ts';
import { useSession } from '../../../shell/session.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import type { T } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { MoneyInput } from '../../../ui/money-input.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useItemPrices, useOrderActs } from './use-orders.ts';
import { UnitSelect, unitNames } from '../unit-select.tsx';

/** What an item costs at each vendor, compared in one unit, and what it has cost. */
export function PricesDialog(props: { itemId: string; itemName: string; close: () => void }) {
  const { t } = useI18n();
  const { data } = useItemPrices(props.itemId);
  return (
    <Dialog
      title={t('prices.of', { item: props.itemName })}
      close={props.close}
      testId="prices-dialog"
    >
      {data ? <Prices itemId={props.itemId} known={data} /> : <Loading />}
    </Dialog>
  );
}

const SHOWN = 12;

function Prices(props: { itemId: string; known: ItemPrices }) {
  const { known, itemId } = props;
  const { t, fmt, language } = useI18n();
  const { may } = useSession();
  const best = bestOffer(known.offers, known);
  const cheapest = cheapestOf(known);
  return (
    <>
      {known.offers.length === 0 ? (
        <p className="g-dim">{t('prices.noVendor')}</p>
      ) : (
        <table className="g-table" data-testid="price-offers">
          <thead>
            <tr>
              <th scope="col">{t('orders.vendor')}</th>
              <th scope="col" className="g-num">
                {t('prices.per', { unit: known.base_unit })}
              </th>
              <th scope="col" className="g-num">
                {t('orders.price')}
              </th>
              <th scope="col" className="g-num">
                {t('prices.lead')}
              </th>
            </tr>
          </thead>
          <tbody>
            {known.offers.map((offer) => (
              <tr key={offer.vendor_id} data-testid="price-offer">
                <td>
                  {offer.vendor_name}{' '}
                  {offer === best && offer.is_primary && (
                    <StatusPill tone="blue" icon={IconStar}>
                      {t('prices.primary')}
                    </StatusPill>
                  )}{' '}
                  {offer === cheapest && known.offers.length > 1 && (
                    <span className="g-small g-dim">{t('prices.cheapest')}</span>
                  )}
                </td>
                <td className="g-num">{perBase(offer, known, language)}</td>
                <td className="g-num">
                  {offer.price === null
                    ? '–'
                    : `${fmt.money(offer.price.price_cents)} / ${offer.price.unit}`}
                  <RiseMark offer={offer} />
                </td>
                <td className="g-num">
                  {offer.lead_days === null ? '–' : t('prices.days', { n: offer.lead_days })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {may('vendor_prices', 'create') && known.offers.length > 0 && (
        <NotePrice itemId={itemId} known={known} />
      )}
      {known.prices.length > 0 && (
        <table className="g-table" data-testid="price-history">
          <caption className="g-hidden">{t('prices.history')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('prices.seen')}</th>
              <th scope="col">{t('orders.vendor')}</th>
              <th scope="col" className="g-num">
                {t('orders.price')}
              </th>
              <th scope="col">{t('prices.from')}</th>
            </tr>
          </thead>
          <tbody>
            {known.prices.slice(0, SHOWN).map((price) => (
              <tr key={price.id}>
                <td title={price.who ?? undefined}>{fmt.date(price.seen_on)}</td>
                <td>{price.vendor_name}</td>
                <td className="g-num">
                  {fmt.money(price.price_cents)} / {price.unit}
                </td>
                <td>{sourceWord(t, price.source)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** How much dearer than before, where it is. */
export function RiseMark(props: { offer: Pick<VendorOffer, 'price'> }) {
  const { t, fmt } = useI18n();
  const { price } = props.offer;
  const before = price?.before_cents ?? null;
  const rise = price === null ? null : priceRise(price.price_cents, before);
  if (price === null || before === null || rise === null) return null;
  return (
    <div>
      <StatusPill
        tone="amber"
        icon={IconTrendingUp}
        title={t('prices.before', { price: fmt.money(before), unit: price.unit })}
      >
        {t('prices.rise', { percent: fmt.number(rise) })}
      </StatusPill>
    </div>
  );
}

/** What one base unit costs: with fractions of a cent, since pieces of a box cost less than one. */
function perBase(offer: VendorOffer, known: ItemPrices, language: string): string {
  const per = offer.price === null ? null : perUnitOf(offer.price.unit, known);
  if (offer.price === null || per === null) return '–';
  const dollars = (offer.price.price_cents * 10_000) / per / 100;
  return new Intl.NumberFormat(language === 'es' ? 'es-US' : 'en-US', {
    style: 'currency',
    currency: 'USD',
    maximumFractionDigits: 4,
  }).format(dollars);
}

function cheapestOf(known: ItemPrices): VendorOffer | null {
  const priced = known.offers.map((offer) => ({ ...offer, is_primary: false }));
  const best = bestOffer(priced, known);
  const found = known.offers.find(({ vendor_id }) => vendor_id === best?.vendor_id) ?? null;
  return found?.price ? found : null;
}

const SOURCES = {
  quote: 'prices.source.quote',
  invoice: 'prices.source.invoice',
  catalogue: 'prices.source.catalogue',
  order: 'prices.source.order',
} as const;
const sourceWord = (t: T, source: string): string =>
  Object.hasOwn(SOURCES, source) ? t(SOURCES[source as keyof typeof SOURCES]) : source;

/** A price that somebody was told today. */
function NotePrice(props: { itemId: string; known: ItemPrices }) {
  const { known } = props;
  const { t, timeZone } = useI18n();
  const { notePrice } = useOrderActs();
  const { done, failed } = useToasts();
  const today = clinicDate(useNow(60_000), timeZone);
  const [vendorId, setVendorId] = useState(known.offers[0]?.vendor_id ?? null);
  const [unit, setUnit] = useState(known.offers[0]?.price?.unit ?? known.base_unit);
  const [cents, setCents] = useState<number | null>(null);
  const save = () => {
    if (vendorId === null || cents === null) return;
    notePrice({ vendorId, itemId: props.itemId, unit, cents, seenOn: today }).then(() => {
      setCents(null);
      done(t('prices.noted'));
    }, failed);
  };
  const offer = known.offers.find(({ vendor_id }) => vendor_id === vendorId);
  const usual = offer?.price ? priceIn(unit, offer.price, known) : null;
  const rise = cents === null ? null : priceRise(cents, usual);
  return (
    <>
      <Select
        label={t('orders.vendor')}
        data={known.offers.map((one) => ({ value: one.vendor_id, label: one.vendor_name }))}
        value={vendorId}
        onChange={setVendorId}
        allowDeselect={false}
        data-testid="price-vendor"
      />
      <div className="g-order-entry">
        <UnitSelect
          units={unitNames(known)}
          value={unit}
          choose={(next) => setUnit(next ?? known.base_unit)}
          testId="price-unit"
        />
        <MoneyInput
          label={t('prices.today')}
          value={cents}
          onChange={setCents}
          {...(rise === null ? {} : { help: t('prices.rise', { percent: String(rise) }) })}
          testId="price-cents"
        />
        <Button variant="default" disabled={cents === null} onClick={save} data-testid="price-note">
          {t('prices.note')}
        </Button>
      </div>
    </>
  );
}
