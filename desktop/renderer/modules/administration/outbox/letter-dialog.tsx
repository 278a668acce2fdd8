import { Button } from '@mantine/core';
import type { DeadLetterView } from '#shared/ipc/administration.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { AdminError } from '../admin-error.tsx';
import { useAdminActs } from '../use-admin.ts';
import { effectWord } from './outbox-words.ts';

export type LetterAct = 'again' | 'arrived';

/** Says what follows before something goes out again, or is taken for arrived. */
export function LetterDialog(props: {
  letter: DeadLetterView;
  act: LetterAct;
  done: () => void;
  close: () => void;
}) {
  const { letter, act } = props;
  const { t } = useI18n();
  const { done } = useToasts();
  const acts = useAdminActs();
  const task = useTask();
  const { id, runs } = letter;
  const run = async (): Promise<void> => {
    const went = await task.run(async () => {
      if (act === 'again') await acts.sendAgain({ id, runs });
      else await acts.noteArrived({ id, runs });
    });
    props.done();
    if (!went) return;
    done(t(act === 'again' ? 'outbox.againDone' : 'outbox.arrivedDone'));
    props.close();
  };
  const help =
    act === 'arrived'
      ? t('outbox.arrivedHelp')
      : t(letter.isUnknown ? 'outbox.againUnknownHelp' : 'outbox.againHelp');
  return (
    <Dialog
      title={t(act === 'again' ? 'outbox.againAsk' : 'outbox.arrivedAsk', {
        what: effectWord(t, letter.kind),
      })}
      close={props.close}
      busy={task.busy}
      testId="letter-dialog"
    >
      <p style={{ margin: 0 }}>{help}</p>
      {task.error && <AdminError error={task.error} />}
      <div className="g-row" style={{ justifyContent: 'flex-end' }}>
        <Button variant="default" onClick={props.close} disabled={task.busy}>
          {t('common.cancel')}
        </Button>
        <Button
          data-autofocus
          onClick={() => void run()}
          loading={task.busy}
          data-testid="letter-do"
        >
          {t(act === 'again' ? 'outbox.again' : 'outbox.arrived')}
        </Button>
      </div>
    </Dialog>
  );
}
