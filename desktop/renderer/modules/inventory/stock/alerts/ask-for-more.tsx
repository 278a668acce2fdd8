import { Button, TextInput } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { StockLevelRow } from '#shared/ipc/views.stock.ts';
import { formatQuantity, parseQuantity } from '#shared/kernel/quantity.ts';
import { Dialog } from '../../../../ui/dialog.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { useToasts } from '../../../../ui/toasts.tsx';
import { useTask } from '../../../../ui/use-task.ts';
import { useAlertActs } from './use-alerts.ts';

/** Asks for more of an item; whoever orders takes it up. */
export function AskForMore(props: {
  item: Pick<StockLevelRow, 'item_id' | 'name' | 'base_unit'>;
  siteId: string;
  /** What is lacking to par, 1/10,000 base units. */
  suggested: number;
  close: () => void;
}) {
  const { item, siteId, suggested, close } = props;
  const { t } = useI18n();
  const acts = useAlertActs();
  const task = useTask();
  const { done } = useToasts();
  const [text, setText] = useState(suggested > 0 ? formatQuantity(suggested) : '');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const quantity = parseQuantity(text) ?? 0;
  const ask = async () => {
    setTried(true);
    if (quantity <= 0) return;
    const why = reason.trim();
    const went = await task.run(async () => {
      await acts.askForMore({
        itemId: item.item_id,
        siteId,
        quantity,
        reason: why === '' ? null : why,
      });
    });
    if (!went) return;
    done(t('alerts.ordered', { item: item.name }));
    close();
  };
  return (
    <Dialog title={t('alerts.order')} close={close} busy={task.busy} testId="ask-for-more">
      {task.error && <ErrorNote error={task.error} />}
      <p>{item.name}</p>
      <TextInput
        label={t('receive.quantity')}
        description={item.base_unit}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        inputMode="decimal"
        required
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={tried && quantity <= 0 ? t('receive.problem.quantityPositive') : null}
        maxLength={20}
        data-testid="ask-qty"
      />
      <TextInput
        label={t('field.note')}
        maxLength={300}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div>
        <Button
          leftSection={<IconCheck size={18} stroke={1.5} />}
          onClick={() => void ask()}
          data-testid="ask-finish"
        >
          {t('alerts.ask')}
        </Button>
      </div>
    </Dialog>
  );
}
