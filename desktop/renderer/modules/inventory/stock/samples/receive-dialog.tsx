import { Button, TextInput } from '@mantine/core';
import { IconPackageImport } from '@tabler/icons-react';
import { useState } from 'react';
import { isExpired, clinicDate } from '#shared/kernel/dates.ts';
import { parseQuantity } from '#shared/kernel/quantity.ts';
import { Dialog } from '../../../../ui/dialog.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { useToasts } from '../../../../ui/toasts.tsx';
import { useNow } from '../../../../ui/use-now.ts';
import { useTask } from '../../../../ui/use-task.ts';
import { ItemSelect } from '../../item-select.tsx';
import { readExpiry } from '../../receive/expiry-text.ts';
import type { Place } from '../vials/vial-acts.ts';
import { useSampleActs, useSampleItems } from './use-samples.ts';

/** Samples that a representative brought: into the closet, with lot and date. */
export function ReceiveSamples(props: {
  site: Place & { readonly name: string };
  close: () => void;
}) {
  const { site, close } = props;
  const { t } = useI18n();
  const items = useSampleItems();
  const acts = useSampleActs();
  const task = useTask();
  const { done } = useToasts();
  const [itemId, setItemId] = useState<string | null>(null);
  const [text, setText] = useState('');
  const [lot, setLot] = useState('');
  const [expiry, setExpiry] = useState('');
  const [from, setFrom] = useState('');
  const [tried, setTried] = useState(false);
  const item = items?.find(({ id }) => id === itemId) ?? null;
  const quantity = parseQuantity(text) ?? 0;
  const read = readExpiry(expiry);
  const today = clinicDate(useNow(60_000), site.time_zone);
  const isOld = read.ok && isExpired(read.date, today);
  const problem = {
    quantity: quantity > 0 ? null : t('receive.problem.quantityPositive'),
    lot: lot.trim() === '' ? t('samples.lotMissing') : null,
    expiry: read.ok ? (isOld ? t('samples.expired') : null) : t('receive.problem.expiryUnreadable'),
  };
  const receive = async () => {
    setTried(true);
    if (!item || !read.ok || Object.values(problem).some((one) => one !== null)) return;
    const went = await task.run(() =>
      acts.receive({
        item,
        lot: { lot_no: lot.trim(), expiry_date: read.date },
        precision: read.precision,
        quantity,
        from,
        site,
        now: Date.now(),
      }),
    );
    if (!went) return;
    done(t('samples.received', { item: item.name, site: site.name }));
    close();
  };
  const shown = (error: string | null) => (tried ? error : null);
  return (
    <Dialog title={t('samples.receive')} close={close} busy={task.busy} testId="samples-in">
      {task.error && <ErrorNote error={task.error} testId="samples-in-error" />}
      <ItemSelect
        register={() => undefined}
        items={(items ?? []).map(({ id, name, sku }) => ({ item_id: id, name, sku }))}
        value={itemId}
        error={shown(item ? null : t('receive.problem.itemMissing'))}
        onChoose={setItemId}
        testId="samples-in-item"
      />
      <TextInput
        label={t('receive.quantity')}
        description={item?.base_unit}
        inputMode="decimal"
        required
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={shown(problem.quantity)}
        maxLength={20}
        data-testid="samples-in-qty"
      />
      <TextInput
        label={t('lots.lot')}
        required
        value={lot}
        onChange={(event) => setLot(event.currentTarget.value)}
        error={shown(problem.lot)}
        maxLength={40}
        data-testid="samples-in-lot"
      />
      <TextInput
        label={t('lots.expiry')}
        description={t('samples.expiryHelp')}
        required
        value={expiry}
        onChange={(event) => setExpiry(event.currentTarget.value)}
        error={shown(problem.expiry)}
        maxLength={20}
        data-testid="samples-in-expiry"
      />
      <TextInput
        label={t('samples.from')}
        description={t('samples.fromHelp')}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
        maxLength={200}
        data-testid="samples-in-from"
      />
      <div>
        <Button
          leftSection={<IconPackageImport size={18} stroke={1.5} />}
          onClick={() => void receive()}
          data-testid="samples-in-finish"
        >
          {t('samples.receiveNow')}
        </Button>
      </div>
    </Dialog>
  );
}
