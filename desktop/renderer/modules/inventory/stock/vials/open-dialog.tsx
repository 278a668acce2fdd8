import { Button, Select } from '@mantine/core';
import { IconVaccineBottle } from '@tabler/icons-react';
import { useState } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { fefoOrder, lastUsableDay } from '#shared/merge/derive/lot-choice.ts';
import { containerQty, contentOf } from '#shared/schema/vials.ts';
import { Dialog } from '../../../../ui/dialog.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { useNow } from '../../../../ui/use-now.ts';
import { useToasts } from '../../../../ui/toasts.tsx';
import { useTask } from '../../../../ui/use-task.ts';
import { ItemSelect } from '../../item-select.tsx';
import { useLotsAt } from '../take/use-take.ts';
import { useOpenedItems, useVialActs } from './use-vials.ts';
import { goodUntil } from './vial-acts.ts';
import type { Place } from './vial-acts.ts';

/** Opening a container: which item, which lot, and until when it is good then. */
export function OpenDialog(props: {
  sites: readonly (Place & { readonly name: string })[];
  siteId: string | null;
  itemId: string | null;
  opened: (vialId: string) => void;
  close: () => void;
}) {
  const { sites, close } = props;
  const { t, fmt } = useI18n();
  const items = useOpenedItems();
  const acts = useVialActs();
  const task = useTask();
  const { done } = useToasts();
  const now = useNow(60_000);
  const [itemId, setItemId] = useState(props.itemId);
  const [siteId, setSiteId] = useState(props.siteId ?? sites[0]?.id ?? null);
  const [lotId, setLotId] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const site = sites.find(({ id }) => id === siteId) ?? null;
  const item = items?.find(({ id }) => id === itemId) ?? null;
  const { lotsOf } = useLotsAt(siteId, itemId === null ? [] : [itemId]);
  const today = clinicDate(now, site?.time_zone ?? 'UTC');
  const lots = itemId === null ? [] : fefoOrder(lotsOf(itemId), today);
  const lot = lots.find(({ lot_id: id }) => id === lotId) ?? lots[0] ?? null;
  const lacksLot = item !== null && item.lot_policy === 'required' && lot === null;
  const isShort = item !== null && lot !== null && lot.on_hand < containerQty(item);
  const until = item && site ? goodUntil(item, lot, site, now) : null;
  const content = item && contentOf(item);

  const open = async () => {
    setTried(true);
    if (!item || !site || lacksLot) return;
    let id = '';
    const went = await task.run(async () => {
      id = await acts.open(item, lot, site, Date.now());
    });
    if (!went) return;
    done(t('vials.opened', { item: item.name }));
    props.opened(id);
  };
  return (
    <Dialog title={t('vials.open')} close={close} busy={task.busy} testId="open-vial">
      {task.error && <ErrorNote error={task.error} testId="open-vial-error" />}
      {items?.length === 0 && <p>{t('vials.noItems')}</p>}
      {sites.length > 1 && (
        <Select
          label={t('stock.site')}
          data={sites.map(({ id, name }) => ({ value: id, label: name }))}
          value={siteId}
          onChange={setSiteId}
          allowDeselect={false}
          data-testid="open-vial-site"
        />
      )}
      <ItemSelect
        register={() => undefined}
        items={(items ?? []).map(({ id, name, sku }) => ({ item_id: id, name, sku }))}
        value={itemId}
        error={tried && !item ? t('receive.problem.itemMissing') : null}
        onChoose={(id) => {
          setItemId(id);
          setLotId(null);
        }}
        testId="open-vial-item"
      />
      {item && (
        <Select
          label={t('lots.lot')}
          required={item.lot_policy === 'required'}
          disabled={lots.length === 0}
          placeholder={t('take.noLots')}
          data={lots.map((one) => {
            const last = lastUsableDay(one);
            const date = last === null ? t('lots.noExpiry') : fmt.date(last);
            return { value: one.lot_id, label: `${one.lot_no} · ${date}` };
          })}
          value={lot?.lot_id ?? null}
          onChange={setLotId}
          allowDeselect={false}
          error={tried && lacksLot ? t('take.problem.lotMissing') : null}
          data-testid="open-vial-lot"
        />
      )}
      {item && content && (
        <dl className="g-facts">
          <dt>{t('vials.content')}</dt>
          <dd>
            {fmt.quantity(content.units)} {content.unit}
          </dd>
          <dt>{t('vials.useBy')}</dt>
          <dd data-testid="open-vial-until">
            {until === null ? t('vials.noLimit') : fmt.exact(until)}
          </dd>
        </dl>
      )}
      {isShort && <p className="g-small">{t('take.shortHelp')}</p>}
      <div>
        <Button
          leftSection={<IconVaccineBottle size={18} stroke={1.5} />}
          onClick={() => void open()}
          data-testid="open-vial-finish"
        >
          {t('vials.openNow')}
        </Button>
      </div>
      <p className="g-small g-dim">{t('vials.openHelp')}</p>
    </Dialog>
  );
}
