import { Button } from '@mantine/core';
import {
  IconArrowLeft,
  IconCloudDownload,
  IconFileImport,
  IconHelpCircle,
  IconHistory,
  IconRefresh,
  IconShieldCheck,
  IconUsers,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import { useState } from 'react';
import type { AuthState, WayBack } from '#shared/ipc/store-contract.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { focusWhenShown } from '../../ui/field-focus.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { Note } from '../../ui/note.tsx';
import { useTask } from '../../ui/use-task.ts';
import type { Task } from '../../ui/use-task.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { Gate } from '../gate.tsx';
import { Recovery } from './recovery.tsx';
import { RestoreForm } from './restore-form.tsx';
import { problemWords, reloadWords, savedWords, wayWords } from './stuck-words.ts';
import { useProfileCalls, useStoreWork } from './use-profile.ts';
import { WorkProgress } from './work-progress.tsx';

export type Stuck = Extract<AuthState, { state: 'stuck' }>;

const ICONS: Readonly<Record<WayBack, Icon>> = {
  retry: IconRefresh,
  reload: IconCloudDownload,
  recover: IconHelpCircle,
  restore: IconFileImport,
  rollBack: IconHistory,
};

/** A profile does not open: what happened, what is safe, and the ways on that there are. */
export function StuckScreen(props: { auth: Stuck; askedToReload: (auth: Stuck) => void }) {
  const { auth } = props;
  const { t, say } = useI18n();
  const calls = useProfileCalls();
  const { failed } = useToasts();
  const [chosen, setChosen] = useState<WayBack | null>(null);
  const { title, help } = problemWords(t, say, auth.problem);
  const back = () => setChosen(null);
  // A way that the store does not offer any more is none.
  const way = chosen !== null && auth.ways.includes(chosen) ? chosen : null;
  return (
    <Gate
      title={title}
      lead={<p className="g-dim">{auth.person.displayName}</p>}
      wide
      testId="stuck-screen"
    >
      <p data-testid="stuck-problem" data-code={auth.problem}>
        {help} <span className="g-code g-dim">{auth.problem}</span>
      </p>
      <Note
        tone={auth.savedChanges === null ? 'blue' : 'green'}
        icon={IconShieldCheck}
        testId="stuck-safe"
      >
        <span className="g-strong">{t('stuck.nothingDeleted')}</span>{' '}
        {savedWords(t, auth.savedChanges)}
      </Note>
      {way === 'reload' ? (
        <Reload auth={auth} asked={props.askedToReload} back={back} />
      ) : way === 'recover' ? (
        <Recovery hasRecovery back={back} />
      ) : way === 'restore' ? (
        <section className="g-stack" aria-label={t('restore.title')}>
          <h2>{t('restore.title')}</h2>
          <RestoreForm unsent={0} cancel={back} cancelWords={t('common.back')} />
        </section>
      ) : (
        <Ways auth={auth} choose={setChosen} />
      )}
      <div className="g-row g-apart g-gate-foot">
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconUsers size={18} stroke={1.5} />}
          onClick={() => {
            calls.signOut().catch(failed);
          }}
          data-testid="stuck-other-person"
        >
          {t('lock.otherPerson')}
        </Button>
      </div>
    </Gate>
  );
}

function Ways(props: { auth: Stuck; choose: (way: WayBack) => void }) {
  const { auth, choose } = props;
  const { t } = useI18n();
  const calls = useProfileCalls();
  const task = useTask();
  if (auth.ways.length === 0) return <p data-testid="stuck-no-ways">{t('stuck.noWays')}</p>;
  return (
    <section className="g-stack" aria-label={t('stuck.ways')}>
      <h2>{t('stuck.ways')}</h2>
      <TaskState task={task} />
      <ul className="g-ways">
        {auth.ways.map((way) => {
          const { title, help } = wayWords(t, way);
          const Mark = ICONS[way];
          return (
            <li key={way}>
              <button
                type="button"
                className="g-way"
                disabled={task.busy}
                onClick={() => {
                  if (way === 'retry') void task.run(() => calls.retry());
                  else if (way === 'rollBack') void task.run(() => calls.rollBack());
                  else choose(way);
                }}
                data-testid={`stuck-${way}`}
              >
                <Mark size={20} stroke={1.5} aria-hidden />
                <span className="g-spread">
                  <span className="g-strong">
                    {way === 'retry' && task.busy ? t('stuck.retryBusy') : title}
                  </span>
                  <span className="g-small g-dim">{help}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Reload(props: { auth: Stuck; asked: (auth: Stuck) => void; back: () => void }) {
  const { auth, asked, back } = props;
  const { t } = useI18n();
  const calls = useProfileCalls();
  const task = useTask();
  const unknown = auth.savedChanges === null;
  return (
    <section className="g-stack" aria-label={t('stuck.reload')} data-testid="stuck-reload-ask">
      <h2>{t('stuck.reload')}</h2>
      <p>{t('stuck.reloadAsk')}</p>
      <p className={unknown ? 'g-strong' : undefined}>{reloadWords(t, auth.savedChanges)}</p>
      <TaskState task={task} />
      {task.busy && <p role="status">{t('stuck.reloadBusy')}</p>}
      <div className="g-row g-wrap">
        <Button
          ref={unknown ? undefined : focusWhenShown}
          disabled={task.busy}
          onClick={() => {
            asked(auth);
            void task.run(() => calls.reload());
          }}
          data-testid="stuck-reload-now"
        >
          {t('stuck.reloadNow')}
        </Button>
        <Button
          variant="default"
          ref={unknown ? focusWhenShown : undefined}
          leftSection={<IconArrowLeft size={18} stroke={1.5} />}
          disabled={task.busy}
          onClick={back}
          data-testid="stuck-back"
        >
          {t('common.back')}
        </Button>
      </div>
    </section>
  );
}

function TaskState(props: { task: Task }) {
  const { task } = props;
  const work = useStoreWork();
  return (
    <>
      {task.error && <ErrorNote error={task.error} testId="stuck-error" />}
      {task.busy && work && <WorkProgress work={work} stay />}
    </>
  );
}
