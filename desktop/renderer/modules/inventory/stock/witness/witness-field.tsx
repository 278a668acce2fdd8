import { Button, Select } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { PinInput } from '../../../../shell/profile/pin-input.tsx';
import { useSession } from '../../../../shell/session.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { StatusPill } from '../../../../ui/status-pill.tsx';
import { useTask } from '../../../../ui/use-task.ts';
import { useConfirm, useWitnesses } from './use-witness.ts';

/**
 * Who saw it: they type their own PIN, at this machine and also without a network. Only a person who has
 * confirmed is said to the form.
 */
export function WitnessField(props: {
  /** True where somebody else has to see it. */
  required: boolean;
  witnessId: string | null;
  change: (id: string | null) => void;
  error: string | null;
}) {
  const { required, witnessId, change } = props;
  const { t } = useI18n();
  const { who } = useSession();
  const people = useWitnesses(who.userId);
  const confirm = useConfirm();
  const task = useTask();
  const [chosen, setChosen] = useState<string | null>(null);
  const [pin, setPin] = useState('');
  const person = people.find(({ id }) => id === (witnessId ?? chosen));
  const say = async () => {
    if (!chosen || pin === '') return;
    const went = await task.run(() => confirm(chosen, pin));
    setPin('');
    if (went) change(chosen);
  };
  if (witnessId !== null) {
    return (
      <div className="g-stack" style={{ gap: 4 }} data-testid="witness-confirmed">
        <span className="mantine-InputWrapper-label">{t('take.witness')}</span>
        <div className="g-row">
          <StatusPill tone="green" icon={IconCircleCheck}>
            {t('witness.confirmed', { who: person?.name ?? '' })}
          </StatusPill>
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => {
              setChosen(null);
              change(null);
            }}
          >
            {t('witness.other')}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <fieldset className="g-stack" style={FRAME} data-testid="witness">
      <legend className="g-hidden">{t('take.witness')}</legend>
      <div className="g-row" style={{ gap: 12, alignItems: 'flex-start', flexWrap: 'wrap' }}>
        <Select
          label={t('take.witness')}
          description={required ? t('take.witnessHelp') : undefined}
          placeholder={t(required ? 'take.witnessNeeded' : 'take.witnessOptional')}
          w={260}
          required={required}
          clearable
          searchable
          data={people.map(({ id, name, isAble }) => ({
            value: id,
            label: isAble ? name : t('witness.notHere', { who: name }),
            disabled: !isAble,
          }))}
          value={chosen}
          onChange={(id) => {
            setChosen(id);
            task.clear();
          }}
          error={props.error}
          inputWrapperOrder={ORDER}
          data-testid="take-witness"
        />
        {chosen !== null && (
          <form
            className="g-row"
            style={{ alignItems: 'flex-end' }}
            onSubmit={(event) => {
              event.preventDefault();
              event.stopPropagation();
              void say();
            }}
          >
            <PinInput
              label={t('witness.pin', { who: person?.name ?? '' })}
              value={pin}
              change={setPin}
              testId="witness-pin"
            />
            <Button
              type="submit"
              variant="default"
              loading={task.busy}
              data-testid="witness-confirm"
            >
              {t('witness.confirm')}
            </Button>
          </form>
        )}
      </div>
      {task.error && <ErrorNote error={task.error} testId="witness-error" />}
      {people.length > 0 && !people.some(({ isAble }) => isAble) && (
        <p className="g-small g-dim">{t('witness.nobody')}</p>
      )}
    </fieldset>
  );
}

const FRAME = { border: 0, padding: 0, margin: 0, gap: 8 } as const;
const ORDER = ['label', 'input', 'description', 'error'] as (
  | 'label'
  | 'input'
  | 'description'
  | 'error'
)[];
