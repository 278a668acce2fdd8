import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import { useSession } from '../../../shell/session.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { DateField } from '../../../ui/date-field.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { focusWhenShown } from '../../../ui/field-focus.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { isUrgency, urgencies, urgencyWord } from './order-status.tsx';
import type { Urgency } from './order-status.tsx';
import { useOrderActs, useVendors } from './use-orders.ts';
import { PanelHead } from '../../../ui/panel-head.tsx';

/** For which site, from whom and how soon: then lines are added. */
export function NewOrderPanel(props: { close: () => void; made: (id: string) => void }) {
  const { t, timeZone } = useI18n();
  const { mayRow } = useSession();
  const { sites, site: current } = useSites();
  const { data: vendors } = useVendors();
  const { make } = useOrderActs();
  const today = clinicDate(useNow(60_000), timeZone);
  const [siteId, setSiteId] = useState<string | null>(null);
  const [vendorId, setVendorId] = useState<string | null>(null);
  const [urgency, setUrgency] = useState<Urgency>('routine');
  const [needBy, setNeedBy] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  const [error, setError] = useState<Code | null>(null);
  const open = sites?.filter(({ id }) =>
    mayRow('purchase_orders', 'create', { location_id: id, status: 'draft' }),
  );
  const site =
    open?.find(({ id }) => id === siteId) ??
    open?.find(({ id }) => id === current?.id) ??
    open?.[0];

  const begin = async () => {
    setAsked(true);
    if (!site || vendorId === null) return;
    try {
      props.made(await make({ siteId: site.id, vendorId, urgency, needBy, lines: [] }));
    } catch (failure) {
      setError(toAppError(failure).code);
    }
  };
  return (
    <aside className="g-detail" aria-label={t('orders.make')} data-testid="order-form">
      <PanelHead title={t('orders.make')} close={props.close} />
      <form
        className="g-detail-body g-stack"
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        {error && <ErrorNote error={error} />}
        <Select
          ref={focusWhenShown}
          label={t('orders.vendor')}
          placeholder={t('orders.vendorPlaceholder')}
          searchable
          required
          selectFirstOptionOnChange
          selectFirstOptionOnDropdownOpen
          openOnFocus={false}
          data={
            vendors
              ?.filter(({ active }) => active)
              .map(({ id, name }) => ({ value: id, label: name })) ?? []
          }
          value={vendorId}
          onChange={setVendorId}
          error={asked && vendorId === null ? t('orders.vendorMissing') : null}
          nothingFoundMessage={t('orders.noVendor')}
          data-testid="order-vendor"
        />
        <Select
          label={t('orders.deliverTo')}
          data={open?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={site?.id ?? null}
          onChange={setSiteId}
          allowDeselect={false}
          data-testid="order-site"
        />
        <Select
          label={t('orders.urgency')}
          data={urgencies.map((value) => ({ value, label: urgencyWord(t, value) }))}
          value={urgency}
          onChange={(value) => setUrgency(isUrgency(value) ? value : 'routine')}
          allowDeselect={false}
          data-testid="order-urgency"
        />
        <DateField
          label={t('orders.needBy')}
          value={needBy}
          onChange={setNeedBy}
          today={today}
          min={today}
          testId="order-need-by"
        />
        <p className="g-small g-dim">{t('orders.makeHelp')}</p>
        <div>
          <Button type="submit" data-testid="order-begin">
            {t('orders.begin')}
          </Button>
        </div>
      </form>
    </aside>
  );
}
