import { Button, CloseButton } from '@mantine/core';
import { IconPlayerPlay, IconPlus, IconStar, IconTrashOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { VendorDetail, VendorItemRow } from '#shared/ipc/vendor-views.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import type { TableRow } from '#shared/schema/tables.ts';
import { OnScreen, OthersHere, SharedField } from '../../../shell/presence.tsx';
import { useSession } from '../../../shell/session.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { SavedField } from '../catalog/saved-field.tsx';
import { ItemSelect } from '../item-select.tsx';
import { orderNo } from '../orders/order-rules.ts';
import { OrderStatus } from '../orders/order-status.tsx';
import { useInventoryList } from '../use-inventory.ts';
import { useVendorActs, useVendorDetail, useVendorRecord } from './use-vendors.ts';
import {
  OFFER_FIELDS,
  OFFER_FIELD_NAMES,
  VENDOR_FIELDS,
  VENDOR_FIELD_NAMES,
  channelWords,
  vendorWord,
} from './vendor-fields.ts';

type Vendor = TableRow<'vendors'>;

/** One vendor: how to reach them, what they sell to us at what price, and what is on its way. */
export function VendorPanel(props: { vendorId: string; close: () => void }) {
  const { t } = useI18n();
  const { data: vendor, error } = useVendorRecord(props.vendorId);
  const { data: detail } = useVendorDetail(props.vendorId);
  return (
    <OnScreen screen={{ module: 'inventory', table: 'vendors', id: props.vendorId }}>
      <aside
        className="g-detail"
        aria-label={vendor?.name ?? t('vendors.title')}
        data-testid="vendor-detail"
      >
        <div className="g-detail-head g-row" style={{ alignItems: 'flex-start' }}>
          <div className="g-spread">
            <h2 style={{ fontSize: 16, lineHeight: '24px', fontWeight: 600 }}>{vendor?.name}</h2>
            {vendor?.active === false && <span className="g-dim">{t('vendors.inactive')}</span>}
            <OthersHere />
          </div>
          <CloseButton
            aria-label={t('common.close')}
            title={t('common.closeEsc')}
            onClick={props.close}
          />
        </div>
        <div className="g-detail-body g-stack" style={{ gap: 20 }}>
          {error && !vendor && <ErrorNote error={error} />}
          {vendor && detail ? (
            <>
              <OpenOrders vendor={vendor} orders={detail.orders} />
              <Offers vendor={vendor} items={detail.items} />
              <Fields vendor={vendor} />
            </>
          ) : (
            !error && <Loading lines={8} />
          )}
        </div>
      </aside>
    </OnScreen>
  );
}

function OpenOrders(props: { vendor: Vendor; orders: VendorDetail['orders'] }) {
  const { vendor, orders } = props;
  const { t, fmt } = useI18n();
  return (
    <section className="g-stack" aria-label={t('vendors.openOrders')}>
      <h3 className="g-strong">{t('vendors.openOrders')}</h3>
      {orders.length === 0 ? (
        <p className="g-dim">{t('vendors.noOrders', { vendor: vendor.name })}</p>
      ) : (
        <table className="g-table" data-testid="vendor-orders">
          <tbody>
            {orders.map((order) => (
              <tr key={order.id}>
                <td>
                  <Link to="/orders" search={{ order: order.id }} className="g-code">
                    {orderNo(order)}
                  </Link>{' '}
                  <span className="g-dim">{order.location_code}</span>
                </td>
                <td>
                  <OrderStatus status={order.status} />
                </td>
                <td className="g-num">{fmt.money(order.total_cents)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** What the vendor sells to us; a line opens what they say of it. */
function Offers(props: { vendor: Vendor; items: VendorDetail['items'] }) {
  const { vendor, items } = props;
  const { t, fmt } = useI18n();
  const { may } = useSession();
  const [edited, setEdited] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const mayEdit = may('vendor_items', 'update');
  const offer = items.find(({ id }) => id === edited);
  return (
    <section className="g-stack" aria-label={t('vendors.items')}>
      <div className="g-row">
        <h3 className="g-strong g-spread">{t('vendors.items')}</h3>
        {may('vendor_items', 'create') && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={16} stroke={1.5} />}
            onClick={() => setAdding(true)}
            data-testid="vendor-add-item"
          >
            {t('vendors.addItem')}
          </Button>
        )}
      </div>
      {items.length === 0 ? (
        <p className="g-dim">{t('vendors.noItems')}</p>
      ) : (
        <table className="g-table" data-testid="vendor-items">
          <thead>
            <tr>
              <th scope="col">{t('inventory.item')}</th>
              <th scope="col" className="g-num">
                {t('orders.price')}
              </th>
              <th scope="col" className="g-num">
                {t('prices.lead')}
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((row) => (
              <tr key={row.id} data-testid={`vendor-item-${row.sku}`}>
                <td>
                  <Link to="/inventory" search={{ item: row.item_id }}>
                    {row.name}
                  </Link>{' '}
                  {row.is_primary && (
                    <StatusPill tone="blue" icon={IconStar}>
                      {t('prices.primary')}
                    </StatusPill>
                  )}
                  <div className="g-small g-dim">
                    <span className="g-code">{row.vendor_sku ?? row.sku}</span>
                  </div>
                </td>
                <td className="g-num">
                  {row.price_cents === null ? '–' : `${fmt.money(row.price_cents)} / ${row.unit}`}
                  {row.seen_on !== null && (
                    <div className="g-small g-dim">{fmt.date(row.seen_on)}</div>
                  )}
                </td>
                <td className="g-num">
                  {row.lead_days === null ? '–' : t('prices.days', { n: row.lead_days })}
                  {mayEdit && (
                    <div>
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        onClick={() => setEdited(row.id)}
                        aria-label={t('vendors.editOf', { item: row.name })}
                        data-testid={`vendor-item-edit-${row.sku}`}
                      >
                        {t('vendors.edit')}
                      </Button>
                    </div>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {offer && <OfferDialog offer={offer} close={() => setEdited(null)} />}
      {adding && <AddDialog vendor={vendor} known={items} close={() => setAdding(false)} />}
    </section>
  );
}

function OfferDialog(props: { offer: VendorItemRow; close: () => void }) {
  const { offer, close } = props;
  const { t, timeZone } = useI18n();
  const { patchItem } = useVendorActs();
  const today = clinicDate(useNow(60_000), timeZone);
  return (
    <Dialog title={offer.name} close={close} testId="vendor-item">
      {OFFER_FIELD_NAMES.map((field) => (
        <SavedField
          key={field}
          field={OFFER_FIELDS[field]}
          label={vendorWord(t, field)}
          value={offer[field]}
          save={(value) => patchItem(offer.id, { [field]: value })}
          mayEdit
          today={today}
          {...(field === 'min_qty' ? { unit: offer.base_unit } : {})}
          {...(field === 'lead_days' ? { unit: t('catalog.days') } : {})}
          testId={`offer-${field}`}
        />
      ))}
    </Dialog>
  );
}

function AddDialog(props: { vendor: Vendor; known: readonly VendorItemRow[]; close: () => void }) {
  const { vendor, known } = props;
  const { t } = useI18n();
  const { items } = useInventoryList();
  const { addItem } = useVendorActs();
  const { failed } = useToasts();
  const taken = new Set(known.map(({ item_id }) => item_id));
  return (
    <Dialog
      title={t('vendors.addTo', { vendor: vendor.name })}
      close={props.close}
      testId="vendor-add"
    >
      <ItemSelect
        register={(element) => element?.focus()}
        items={(items ?? []).filter(({ item_id: id }) => !taken.has(id))}
        value={null}
        error={null}
        onChoose={(id) => {
          if (id === null) return;
          addItem(vendor.id, id).then(props.close, failed);
        }}
        testId="vendor-add-select"
      />
    </Dialog>
  );
}

function Fields(props: { vendor: Vendor }) {
  const { vendor } = props;
  const { t, timeZone } = useI18n();
  const { mayRow } = useSession();
  const { patch } = useVendorActs();
  const { done, failed } = useToasts();
  const today = clinicDate(useNow(60_000), timeZone);
  const mayEdit = mayRow('vendors', 'update', { ...vendor });
  const setActive = (active: boolean): void => {
    patch(vendor.id, { active }).then(
      () =>
        done(t(active ? 'vendors.nowActive' : 'vendors.nowInactive', { vendor: vendor.name }), () =>
          patch(vendor.id, { active: !active }),
        ),
      failed,
    );
  };
  return (
    <section className="g-stack" aria-label={t('vendors.contact')}>
      <h3 className="g-strong">{t('vendors.contact')}</h3>
      {VENDOR_FIELD_NAMES.map((field) => (
        <SharedField key={field} field={field}>
          <SavedField
            field={VENDOR_FIELDS[field]}
            label={vendorWord(t, field)}
            {...(field === 'order_channel' ? { words: channelWords(t) } : {})}
            value={vendor[field]}
            save={(value) => patch(vendor.id, { [field]: value })}
            mayEdit={mayEdit}
            today={today}
            testId={`vendor-${field}`}
          />
        </SharedField>
      ))}
      {mayEdit && (
        <div>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={
              vendor.active ? (
                <IconTrashOff size={16} stroke={1.5} />
              ) : (
                <IconPlayerPlay size={16} stroke={1.5} />
              )
            }
            onClick={() => setActive(!vendor.active)}
            data-testid="vendor-active"
          >
            {t(vendor.active ? 'vendors.stop' : 'vendors.resume')}
          </Button>
        </div>
      )}
    </section>
  );
}
