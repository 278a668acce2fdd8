import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { AdminOut, PersonView } from '#shared/ipc/administration.ts';
import { isTheName } from '../../../shell/profile/wipe-rules.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { ActForm } from '../act-form.tsx';
import { useAdminActs } from '../use-admin.ts';
import type { Person } from './person.tsx';
import { PERSON_ACTS } from './person-acts.ts';
import type { PersonAct } from './person-acts.ts';

/** Says what will happen to the account, the roles, the sessions and the machines of somebody. */
export function StateDialog(props: {
  person: Person;
  act: PersonAct;
  /** Machines of theirs, as far as they are known. */
  devices: PersonView['devices'];
  done: () => void;
  close: () => void;
}) {
  const { person, act, devices } = props;
  const { t } = useI18n();
  const { done, failed } = useNotices();
  const { setPerson } = useAdminActs();
  const task = useTask();
  const [typed, setTyped] = useState('');
  // Theirs alone, most likely: a machine that others brought stays where it is.
  const [gone, setGone] = useState<readonly string[]>(() =>
    devices.filter(({ brought }) => brought).map(({ id }) => id),
  );
  const { name } = person;
  const { status, isFinal, what } = PERSON_ACTS[act];
  const isSure = !isFinal || isTheName(typed, name);
  const run = async () => {
    let answer: AdminOut<'admin.setPerson'> | null = null;
    const went = await task.run(async () => {
      answer = await setPerson({
        userId: person.id,
        was: person.status,
        status,
        deviceIds: isFinal ? [...gone] : [],
      });
    });
    props.done();
    if (!went) return;
    done(t(`people.${act}Done`, { name }));
    failed(answer);
    props.close();
  };
  return (
    <ActForm
      title={t(`people.${act}Title`, { name })}
      what={what.map((key) => t(key))}
      act={t(`people.${act}Do`)}
      task={task}
      submit={() => {
        if (isSure) void run();
      }}
      close={props.close}
      isGrave={status === 'suspended' || isFinal}
      disabled={!isSure}
      testId="state-dialog"
    >
      {isFinal && devices.length > 0 && (
        <Checkbox.Group
          label={t('people.leaveDevices')}
          description={t('people.leaveDevicesHelp')}
          value={[...gone]}
          onChange={setGone}
        >
          <div className="g-stack" style={{ gap: 8, marginTop: 8 }}>
            {devices.map((device) => (
              <Checkbox
                key={device.id}
                value={device.id}
                label={
                  device.brought ? t('people.deviceBrought', { device: device.name }) : device.name
                }
                data-testid="leave-device"
              />
            ))}
          </div>
        </Checkbox.Group>
      )}
      {isFinal && (
        <TextInput
          data-autofocus
          label={t('people.typeName')}
          description={name}
          inputWrapperOrder={['label', 'description', 'input']}
          autoComplete="off"
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          data-testid="state-name"
        />
      )}
    </ActForm>
  );
}

/** Toasts about what went along and what did not. */
function useNotices() {
  const { t } = useI18n();
  const { done } = useToasts();
  return {
    done,
    failed: (answer: AdminOut<'admin.setPerson'> | null): void => {
      if (answer === null || answer.signIn === 'done') return;
      done(t(answer.signIn === 'off' ? 'people.signInOff' : 'people.signInFailed'));
    },
  };
}
