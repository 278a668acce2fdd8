import { Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { AlertView } from '#shared/ipc/administration.ts';
import { newId } from '#shared/kernel/ids.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { ActForm } from '../act-form.tsx';
import { useAdminActs } from '../use-admin.ts';

const HOURS = [1, 4, 24, 168] as const;
/** The server takes no shorter one. */
const SHORTEST = 3;

/** Lets nobody be told of an alert for a while, and says why. */
export function SilenceDialog(props: { alert: AlertView; done: () => void; close: () => void }) {
  const { rule, subject } = props.alert;
  const { t } = useI18n();
  const { done } = useToasts();
  const { silenceAlert } = useAdminActs();
  const task = useTask();
  const [hours, setHours] = useState<number>(4);
  const [reason, setReason] = useState('');
  // One silence, however often the button is pressed.
  const [id] = useState(newId);
  const title = t(`alert.${rule}`);
  const save = async (): Promise<void> => {
    const went = await task.run(async () => {
      await silenceAlert({ id, rule, subject, hours, reason: reason.trim() });
    });
    props.done();
    if (!went) return;
    done(`${t('monitor.silenced')}: ${title}`);
    props.close();
  };
  return (
    <ActForm
      title={t('monitor.silence.title', { title })}
      what={[t('monitor.silence.text')]}
      act={t('monitor.silence.do')}
      task={task}
      submit={() => void save()}
      close={props.close}
      disabled={reason.trim().length < SHORTEST}
      testId="silence-dialog"
    >
      <Radio.Group
        label={t('monitor.silence.hours')}
        value={String(hours)}
        onChange={(next) => setHours(Number(next))}
      >
        <div className="g-row" style={{ marginTop: 8, gap: 16 }}>
          {HOURS.map((one) => (
            <Radio
              key={one}
              value={String(one)}
              label={t('monitor.silence.hour', { n: one })}
              data-testid={`silence-hours-${one}`}
            />
          ))}
        </div>
      </Radio.Group>
      <TextInput
        label={t('monitor.silence.reason')}
        description={t('monitor.silence.reasonHelp')}
        value={reason}
        maxLength={200}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
        data-testid="silence-reason"
      />
    </ActForm>
  );
}
