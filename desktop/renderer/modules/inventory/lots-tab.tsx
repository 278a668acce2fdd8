import { IconCalendar } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { useSites } from '../../shell/sites.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Expiry } from './stock-pills.tsx';
import { useItemLots } from './use-inventory.ts';
import type { ListedItem } from './use-inventory.ts';

/** Lots of an item, what expires first on top. */
export function LotsTab(props: { item: ListedItem; today: IsoDate }) {
  const { item, today } = props;
  const { t, fmt } = useI18n();
  const { byId } = useSites();
  const { data, error } = useItemLots(item.item_id);
  if (error && !data) return <ErrorNote error={error} />;
  if (!data) return <Loading lines={4} />;
  if (data.length === 0) {
    return <EmptyState icon={IconCalendar} title={t('lots.empty')} help={t('lots.emptyHelp')} />;
  }
  const lots = data.toSorted((a, b) =>
    (a.expiry_date ?? '9999').localeCompare(b.expiry_date ?? '9999'),
  );
  return (
    <table className="g-table">
      <thead>
        <tr>
          <th scope="col">{t('lots.lot')}</th>
          <th scope="col">{t('lots.expiry')}</th>
          <th scope="col">{t('stock.site')}</th>
          <th scope="col" className="g-num">
            {t('stock.onHand')}
          </th>
        </tr>
      </thead>
      <tbody>
        {lots.map((lot) => (
          <tr key={`${lot.lot_id} ${lot.location_id}`} data-testid={`lot-row-${lot.lot_no}`}>
            <td className="g-code">
              <Link to="/inventory/lot" search={{ lot: lot.lot_id }} title={t('trace.open')}>
                {lot.lot_no}
              </Link>
            </td>
            <td>
              <Expiry date={lot.expiry_date} today={today} words />
            </td>
            <td>{byId.get(lot.location_id)?.code}</td>
            <td className="g-num">
              {fmt.quantity(lot.on_hand)} <span className="g-dim">{item.base_unit}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
