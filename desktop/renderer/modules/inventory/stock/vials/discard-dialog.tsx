import { Button, Select, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { whyNotWaste } from '#shared/access/duties.ts';
import type { VialRow } from '#shared/ipc/views.vials.ts';
import { isOverdue } from '#shared/merge/derive/open-vials.ts';
import { useSession } from '../../../../shell/session.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { useToasts } from '../../../../ui/toasts.tsx';
import { useTask } from '../../../../ui/use-task.ts';
import { WitnessField } from '../witness/witness-field.tsx';
import { useVialActs } from './use-vials.ts';
import { DISCARD_REASONS } from './vial-acts.ts';
import type { Place } from './vial-acts.ts';

/** Throwing the rest of an opened container away: why, and what is controlled in front of somebody. */
export function DiscardDialog(props: { vial: VialRow; site: Place; close: () => void }) {
  const { vial, site, close } = props;
  const { t, fmt } = useI18n();
  const { who } = useSession();
  const acts = useVialActs();
  const task = useTask();
  const { done } = useToasts();
  const [reason, setReason] = useState<string | null>(() =>
    isOverdue(vial, Date.now()) ? 'open_expired' : null,
  );
  const [witnessId, setWitnessId] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const why = whyNotWaste({ reason, controlled: vial.controlled, userId: who.userId, witnessId });
  const what = { quantity: fmt.quantity(vial.rest), unit: vial.unit, item: vial.item_name };
  const discard = async () => {
    setTried(true);
    if (why !== null || reason === null) return;
    const text = note.trim();
    const how = { reason, note: text === '' ? null : text, witnessId };
    const went = await task.run(() => acts.discard(vial, how, site));
    // The confirmation counts once: whatever went wrong, it is asked for again.
    if (!went) return setWitnessId(null);
    done(t('vials.discarded', what));
    close();
  };
  return (
    <Dialog title={t('vials.discard')} close={close} busy={task.busy} testId="discard">
      {task.error && <ErrorNote error={task.error} testId="discard-error" />}
      <p>{t('vials.discardAsk', what)}</p>
      <Select
        label={t('take.wasteReason')}
        required
        placeholder={t('receive.reasonPlaceholder')}
        data={DISCARD_REASONS.map((value) => ({ value, label: t(`reason.${value}`) }))}
        value={reason}
        onChange={setReason}
        error={tried && reason === null ? t('take.reasonMissing') : null}
        data-testid="discard-reason"
      />
      <WitnessField
        required={vial.controlled}
        witnessId={witnessId}
        change={setWitnessId}
        error={tried && why === 'witness-missing' ? t('witness.missing') : null}
      />
      <TextInput
        label={t('field.note')}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div>
        <Button
          leftSection={<IconTrash size={18} stroke={1.5} />}
          onClick={() => void discard()}
          data-testid="discard-finish"
        >
          {t('vials.discardNow')}
        </Button>
      </div>
    </Dialog>
  );
}
