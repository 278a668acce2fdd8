import { Button, Select, TextInput } from '@mantine/core';
import { IconGift } from '@tabler/icons-react';
import { useState } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { parseQuantity } from '#shared/kernel/quantity.ts';
import { fefoOrder, lastUsableDay } from '#shared/merge/derive/lot-choice.ts';
import { useSession } from '../../../../shell/session.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { SignaturePad } from '../../../../ui/signature-pad.tsx';
import type { Signature } from '../../../../ui/signature.ts';
import { useToasts } from '../../../../ui/toasts.tsx';
import { useNow } from '../../../../ui/use-now.ts';
import { useTask } from '../../../../ui/use-task.ts';
import { ItemSelect } from '../../item-select.tsx';
import { PatientField } from '../patient/patient-field.tsx';
import { useLotsAt } from '../take/use-take.ts';
import type { Place } from '../vials/vial-acts.ts';
import { WitnessField } from '../witness/witness-field.tsx';
import { usePeople, useSampleActs, useSampleItems } from './use-samples.ts';

/** A sample for a patient: which lot, who prescribed it, and their signature. */
export function GiveSample(props: { site: Place & { readonly name: string }; close: () => void }) {
  const { site, close } = props;
  const { t, fmt } = useI18n();
  const { who } = useSession();
  const items = useSampleItems();
  const { prescribers } = usePeople();
  const acts = useSampleActs();
  const task = useTask();
  const { done } = useToasts();
  const [itemId, setItemId] = useState<string | null>(null);
  const [text, setText] = useState('1');
  const [lotId, setLotId] = useState<string | null>(null);
  const [patientId, setPatientId] = useState<string | null>(null);
  const [prescriberId, setPrescriberId] = useState<string | null>(null);
  const [signature, setSignature] = useState<Signature | null>(null);
  const [witnessId, setWitnessId] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const today = clinicDate(useNow(60_000), site.time_zone);
  const item = items?.find(({ id }) => id === itemId) ?? null;
  const { lotsOf } = useLotsAt(site.id, itemId === null ? [] : [itemId]);
  const lots = itemId === null ? [] : fefoOrder(lotsOf(itemId), today);
  const lot = lots.find(({ lot_id: id }) => id === lotId) ?? lots[0] ?? null;
  const quantity = parseQuantity(text) ?? 0;
  const controlled = (item?.controlled_schedule ?? 'none') !== 'none';
  const isShort = lot !== null && lot.on_hand < quantity;
  const give = async () => {
    setTried(true);
    if (!item || !lot || quantity <= 0 || isShort) return;
    if (patientId === null || prescriberId === null || signature === null) return;
    if (controlled && witnessId === null) return;
    const went = await task.run(() =>
      acts.give({
        item,
        lot,
        quantity,
        patientId,
        prescriberId,
        userId: who.userId,
        witnessId,
        signature: JSON.stringify(signature),
        site,
        now: Date.now(),
      }),
    );
    if (!went) return setWitnessId(null);
    done(t('samples.given', { item: item.name }));
    close();
  };
  const shown = (isWrong: boolean, words: string) => (tried && isWrong ? words : null);
  return (
    <Dialog
      title={t('samples.give')}
      close={close}
      busy={task.busy}
      size={640}
      testId="samples-out"
    >
      {task.error && <ErrorNote error={task.error} testId="samples-out-error" />}
      <ItemSelect
        register={() => undefined}
        items={(items ?? []).map(({ id, name, sku }) => ({ item_id: id, name, sku }))}
        value={itemId}
        error={shown(!item, t('receive.problem.itemMissing'))}
        onChoose={(id) => {
          setItemId(id);
          setLotId(null);
        }}
        testId="samples-out-item"
      />
      <div className="g-row" style={{ gap: 12, alignItems: 'flex-start', flexWrap: 'wrap' }}>
        <TextInput
          label={t('receive.quantity')}
          w={120}
          inputMode="decimal"
          required
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={
            shown(quantity <= 0, t('receive.problem.quantityPositive')) ??
            shown(isShort, t('samples.short'))
          }
          maxLength={20}
          data-testid="samples-out-qty"
        />
        <Select
          label={t('lots.lot')}
          w={280}
          required
          disabled={lots.length === 0}
          placeholder={t('take.noLots')}
          data={lots.map((one) => {
            const last = lastUsableDay(one);
            const date = last === null ? t('lots.noExpiry') : fmt.date(last);
            return {
              value: one.lot_id,
              label: `${one.lot_no} · ${date} · ${fmt.quantity(one.on_hand)} ${item?.base_unit ?? ''}`,
            };
          })}
          value={lot?.lot_id ?? null}
          onChange={setLotId}
          allowDeselect={false}
          error={shown(item !== null && lot === null, t('take.problem.lotMissing'))}
          data-testid="samples-out-lot"
        />
      </div>
      <PatientField
        patientId={patientId}
        change={setPatientId}
        today={today}
        required
        error={shown(patientId === null, t('usedFor.missing'))}
        testId="samples-out-patient"
      />
      <Select
        label={t('samples.prescriber')}
        w={360}
        required
        searchable
        data={prescribers.map(({ id, name }) => ({ value: id, label: name }))}
        value={prescriberId}
        onChange={setPrescriberId}
        error={shown(prescriberId === null, t('samples.prescriberMissing'))}
        data-testid="samples-out-prescriber"
      />
      <SignaturePad
        label={t('samples.signature')}
        onChange={setSignature}
        error={shown(signature === null, t('samples.signatureMissing'))}
        testId="samples-out-sign"
      />
      {controlled && (
        <WitnessField
          required
          witnessId={witnessId}
          change={setWitnessId}
          error={shown(witnessId === null, t('witness.missing'))}
        />
      )}
      <div>
        <Button
          leftSection={<IconGift size={18} stroke={1.5} />}
          onClick={() => void give()}
          data-testid="samples-out-finish"
        >
          {t('samples.giveNow')}
        </Button>
      </div>
    </Dialog>
  );
}
