import { Button, Select, TextInput } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import type { HistoryRow } from '#shared/ipc/views.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { movementWord } from '../../../ui/domain-words.ts';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { REVERSAL_REASONS } from './reversal.ts';
import type { ReversalReason } from './reversal.ts';
import { useReversal } from './use-reversal.ts';

/** Takes one movement back: a record of its own, with the reason. The movement stays in the history. */
export function ReverseDialog(props: { row: HistoryRow; close: () => void }) {
  const { row, close } = props;
  const { t, fmt } = useI18n();
  const reversal = useReversal();
  const task = useTask();
  const { done } = useToasts();
  const [reason, setReason] = useState<ReversalReason | null>(null);
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const what = {
    what: movementWord(t, row.type),
    quantity: fmt.signed(row.qty_base),
    unit: row.base_unit,
    site: row.location_code,
  };
  const reverse = async () => {
    setTried(true);
    if (reason === null) return;
    const text = note.trim();
    const went = await task.run(() =>
      reversal.movement(row.id, { reason, note: text === '' ? null : text }),
    );
    if (!went) return;
    done(t('reversal.done', what));
    close();
  };
  return (
    <Dialog title={t('reversal.title')} close={close} busy={task.busy} testId="reversal">
      {task.error && <ErrorNote error={task.error} />}
      <p>{t('reversal.ask', what)}</p>
      <Select
        label={t('reversal.reason')}
        required
        data-autofocus
        placeholder={t('receive.reasonPlaceholder')}
        data={REVERSAL_REASONS.map((value) => ({ value, label: t(`reason.${value}`) }))}
        value={reason}
        onChange={(value) => setReason(REVERSAL_REASONS.find((known) => known === value) ?? null)}
        error={tried && reason === null ? t('take.reasonMissing') : null}
        data-testid="reversal-reason"
      />
      <TextInput
        label={t('field.note')}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div>
        <Button
          leftSection={<IconArrowBackUp size={18} stroke={1.5} />}
          onClick={() => void reverse()}
          data-testid="reversal-finish"
        >
          {t('reversal.finish')}
        </Button>
      </div>
      <p className="g-small g-dim">{t('reversal.help')}</p>
    </Dialog>
  );
}
