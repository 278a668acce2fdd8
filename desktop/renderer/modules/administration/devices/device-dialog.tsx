import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { isTheName } from '../../../shell/profile/wipe-rules.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { AdminError } from '../admin-error.tsx';
import { useAdminActs } from '../use-admin.ts';
import type { DeviceAct } from './device-acts.ts';
import type { Machine } from './machine.tsx';

const WHAT = {
  suspend: ['devices.suspendWhat'],
  resume: ['devices.resumeWhat'],
  retire: ['devices.retireWhat', 'devices.retireQueue'],
  lost: ['devices.lostRetire', 'devices.lostWipe', 'devices.lostData', 'devices.lostPeople'],
} as const satisfies Record<DeviceAct['name'], readonly string[]>;

/** Says what will happen to the machine, its data and what waits on it, before it does. */
export function DeviceDialog(props: {
  machine: Machine;
  act: DeviceAct;
  done: () => void;
  close: () => void;
}) {
  const { machine, act } = props;
  const { t } = useI18n();
  const { done } = useToasts();
  const { setDevice } = useAdminActs();
  const task = useTask();
  const [typed, setTyped] = useState('');
  const name = machine.name;
  const isSure = !act.isFinal || isTheName(typed, name);
  const run = async () => {
    const went = await task.run(async () => {
      const { to: status, purpose } = act;
      await setDevice({ deviceId: machine.id, was: machine.status, status, purpose });
    });
    props.done();
    if (!went) return;
    done(t(`devices.${act.name}Done`, { name }));
    props.close();
  };
  return (
    <Dialog
      title={t(`devices.${act.name}Title`, { name })}
      close={props.close}
      busy={task.busy}
      testId="device-dialog"
    >
      <form
        className="g-stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isSure) void run();
        }}
      >
        {WHAT[act.name].map((key) => (
          <p key={key} style={{ margin: 0 }}>
            {t(key)}
          </p>
        ))}
        {act.isFinal && (
          <TextInput
            data-autofocus
            label={t('devices.typeName')}
            description={name}
            inputWrapperOrder={['label', 'description', 'input']}
            autoComplete="off"
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            data-testid="device-name"
          />
        )}
        {task.error && <AdminError error={task.error} />}
        <div className="g-row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={props.close} disabled={task.busy}>
            {t('common.cancel')}
          </Button>
          <Button
            type="submit"
            {...(act.isFinal ? { color: 'red' } : {})}
            disabled={!isSure}
            loading={task.busy}
            data-testid="device-do"
          >
            {t(`devices.${act.name}Do`)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
