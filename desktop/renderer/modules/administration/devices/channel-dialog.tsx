import { Radio } from '@mantine/core';
import { useState } from 'react';
import type { DeviceView } from '#shared/ipc/administration.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { ActForm } from '../act-form.tsx';
import { useAdminActs } from '../use-admin.ts';
import type { Machine } from './machine.tsx';

type Channel = DeviceView['updateChannel'];
const CHANNELS: readonly Channel[] = ['stable', 'early'];

/** From which versions of the app a machine takes its updates. */
export function ChannelDialog(props: {
  machine: Machine;
  channel: Channel;
  done: () => void;
  close: () => void;
}) {
  const { machine } = props;
  const { t } = useI18n();
  const { done } = useToasts();
  const { setChannel } = useAdminActs();
  const task = useTask();
  const [channel, choose] = useState<Channel>(props.channel);
  const words = { name: machine.name, channel: t(`devices.channel.${channel}`) };
  const save = async () => {
    const went = await task.run(async () => {
      await setChannel({ deviceId: machine.id, channel });
    });
    props.done();
    if (!went) return;
    done(t('devices.channelDone', words));
    props.close();
  };
  return (
    <ActForm
      title={t('devices.channelTitle', words)}
      what={[t('devices.channelWhat')]}
      act={t('devices.channelDo')}
      task={task}
      submit={() => void save()}
      close={props.close}
      testId="channel-dialog"
    >
      <Radio.Group
        label={t('devices.channel')}
        value={channel}
        onChange={(next) => choose(next as Channel)}
      >
        <div className="g-stack" style={{ gap: 8, marginTop: 8 }}>
          {CHANNELS.map((one) => (
            <Radio
              key={one}
              value={one}
              label={t(`devices.channel.${one}`)}
              description={t(`devices.channelHelp.${one}`)}
              data-testid={`channel-${one}`}
            />
          ))}
        </div>
      </Radio.Group>
    </ActForm>
  );
}
