import { Button, Select, TextInput } from '@mantine/core';
import { IconVaccine } from '@tabler/icons-react';
import { useState } from 'react';
import type { VialRow } from '#shared/ipc/views.vials.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import { parseQuantity } from '#shared/kernel/quantity.ts';
import { useSession } from '../../../../shell/session.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { useToasts } from '../../../../ui/toasts.tsx';
import { useNow } from '../../../../ui/use-now.ts';
import { useTask } from '../../../../ui/use-task.ts';
import { PatientField } from '../patient/patient-field.tsx';
import { useVialActs } from './use-vials.ts';
import { planDraw } from './vial-acts.ts';
import type { Place } from './vial-acts.ts';

const FIRST = '';

/** Drawing from an opened container: what has to be used up first is proposed. */
export function DrawDialog(props: {
  /** The one from which somebody came here; others of the item at the site may be chosen. */
  vial: VialRow;
  vials: readonly VialRow[];
  site: Place;
  close: () => void;
}) {
  const { vial, site, close } = props;
  const { t, fmt } = useI18n();
  const { mayRow } = useSession();
  const acts = useVialActs();
  const task = useTask();
  const { done } = useToasts();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<string>(FIRST);
  const [patientId, setPatientId] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const mayName = mayRow('patient_uses', 'create', { location_id: site.id });
  const own = props.vials.filter(
    (one) =>
      one.item_id === vial.item_id &&
      one.location_id === vial.location_id &&
      one.unit === vial.unit,
  );
  const open = own.filter(({ is_closed: isClosed }) => !isClosed);
  const now = useNow(15_000);
  const plan = planDraw(
    own,
    parseQuantity(text),
    now,
    chosen === FIRST ? null : chosen,
    patientId !== null,
  );
  const nameOf = (one: VialRow): string =>
    t('vials.choice', {
      lot: one.lot_no ?? t('counts.noLot'),
      rest: fmt.quantity(one.rest),
      unit: one.unit,
      time: fmt.exact(one.opened_at),
    });
  const draw = async () => {
    setTried(true);
    if (!plan.ok) return;
    const what = note.trim();
    const went = await task.run(() => acts.draw(plan, patientId, site, what === '' ? null : what));
    if (!went) return;
    done(t('vials.drawn', { quantity: text.trim(), unit: vial.unit, item: vial.item_name }));
    close();
  };
  return (
    <Dialog title={t('vials.draw')} close={close} busy={task.busy} testId="draw">
      {task.error && <ErrorNote error={task.error} testId="draw-error" />}
      <p>{vial.item_name}</p>
      <TextInput
        label={t('vials.amount', { unit: vial.unit })}
        inputMode="decimal"
        autoComplete="off"
        required
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={
          (tried || text !== '') && !plan.ok && (tried || plan.problem !== 'quantity')
            ? t(`vials.problem.${plan.problem}`)
            : null
        }
        maxLength={20}
        data-testid="draw-units"
      />
      <Select
        label={t('vials.from')}
        data={[
          { value: FIRST, label: t('vials.firstOver') },
          ...open.map((one) => ({ value: one.vial_id, label: nameOf(one) })),
        ]}
        value={chosen}
        onChange={(value) => setChosen(value ?? FIRST)}
        allowDeselect={false}
        description={
          plan.ok && chosen === FIRST
            ? plan.draws
                .map(({ vial: one, units }) =>
                  t('vials.fromVial', {
                    quantity: fmt.quantity(units),
                    unit: one.unit,
                    lot: one.lot_no ?? t('counts.noLot'),
                    time: fmt.exact(one.opened_at),
                  }),
                )
                .join('; ')
            : undefined
        }
        inputWrapperOrder={ORDER}
        data-testid="draw-from"
      />
      {mayName && (
        <PatientField
          patientId={patientId}
          change={setPatientId}
          today={clinicDate(now, site.time_zone)}
        />
      )}
      <TextInput
        label={t('field.note')}
        description={patientId === null ? t('vials.noteHelp') : undefined}
        inputWrapperOrder={ORDER}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-testid="draw-note"
      />
      <div>
        <Button
          leftSection={<IconVaccine size={18} stroke={1.5} />}
          onClick={() => void draw()}
          data-testid="draw-finish"
        >
          {t('vials.drawNow')}
        </Button>
      </div>
    </Dialog>
  );
}

const ORDER = ['label', 'input', 'description', 'error'] as (
  | 'label'
  | 'input'
  | 'description'
  | 'error'
)[];
