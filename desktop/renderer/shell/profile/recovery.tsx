import { Button, Textarea } from '@mantine/core';
import { IconArrowLeft, IconCopy, IconDownload, IconInfoCircle } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { copyText, saveText } from '../../ui/copy-text.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { focusWhenShown } from '../../ui/field-focus.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { Note } from '../../ui/note.tsx';
import { QrCode } from '../../ui/qr-code.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useTask } from '../../ui/use-task.ts';
import { useProfileCalls, useStoreWork } from './use-profile.ts';
import { WorkProgress } from './work-progress.tsx';

/** As the contract of `keys.recover` allows. */
const ANSWER_MAX = 4000;
const REQUEST_FILE = 'ganger-recovery-request.txt';

/** The way back by the recovery copy: a request for IT, and the field for what they answer. */
export function Recovery(props: { hasRecovery: boolean; back: () => void }) {
  const { t } = useI18n();
  return (
    <section className="g-stack" aria-label={t('recovery.title')} data-testid="recovery">
      {props.hasRecovery ? <Exchange /> : <NoRecovery />}
      <div>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconArrowLeft size={18} stroke={1.5} />}
          onClick={props.back}
          data-testid="recovery-back"
        >
          {t('common.back')}
        </Button>
      </div>
    </section>
  );
}

function NoRecovery() {
  const { t } = useI18n();
  return (
    <Note tone="amber" icon={IconInfoCircle} role="status" testId="recovery-none">
      <p className="g-strong">{t('recovery.none')}</p>
      <p>{t('recovery.noneHelp')}</p>
    </Note>
  );
}

function Exchange() {
  const { t } = useI18n();
  const calls = useProfileCalls();
  const work = useStoreWork();
  const { done } = useToasts();
  const task = useTask();
  const ask = useTask();
  const [request, setRequest] = useState<string | null>(null);
  const [answer, setAnswer] = useState('');
  const [touched, setTouched] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  if (ask.error?.code === 'RECOVERY_NONE') return <NoRecovery />;

  const wish = answer.trim();
  const problem =
    wish === ''
      ? t('recovery.answerMissing')
      : wish.length > ANSWER_MAX
        ? t('recovery.answerLong')
        : null;
  const open = async (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (problem !== null) {
      field.current?.focus();
      return;
    }
    await task.run(async () => {
      await calls.recover(wish);
      done(t('recovery.done'));
    });
  };
  return (
    <>
      <div>
        <h2>{t('recovery.step1')}</h2>
        <p className="g-small g-dim">{t('recovery.step1Help')}</p>
      </div>
      {request === null ? (
        // Never made by itself: it would end the one that IT may be working on.
        <div>
          <Button
            variant="default"
            ref={focusWhenShown}
            disabled={ask.busy}
            onClick={() => {
              void ask.run(async () => setRequest(await calls.recoveryRequest()));
            }}
            data-testid="recovery-make"
          >
            {t('recovery.make')}
          </Button>
          <p className="g-small g-dim g-below">{t('recovery.makeHelp')}</p>
        </div>
      ) : (
        <Request text={request} />
      )}
      {ask.error && <ErrorNote error={ask.error} />}
      <form
        noValidate
        className="g-stack"
        onSubmit={(event) => {
          void open(event);
        }}
      >
        <h2>{t('recovery.step2')}</h2>
        <Textarea
          ref={field}
          label={t('recovery.answer')}
          autosize
          minRows={2}
          maxRows={5}
          spellCheck={false}
          classNames={{ input: 'g-code' }}
          value={answer}
          error={touched ? problem : null}
          onChange={(event) => setAnswer(event.currentTarget.value)}
          data-testid="recovery-answer"
        />
        {task.error && <ErrorNote error={task.error} testId="recovery-error" />}
        {task.busy && work && <WorkProgress work={work} />}
        <p className="g-small g-dim">{t('recovery.pinGone')}</p>
        <Button type="submit" disabled={task.busy} data-testid="recovery-open">
          {task.busy ? t('lock.busy') : t('recovery.open')}
        </Button>
      </form>
    </>
  );
}

function Request(props: { text: string }) {
  const { t } = useI18n();
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState<boolean | null>(null);
  return (
    <div className="g-stack">
      <Textarea
        ref={field}
        readOnly
        label={t('recovery.request')}
        autosize
        minRows={2}
        maxRows={4}
        classNames={{ input: 'g-code' }}
        value={props.text}
        onFocus={(event) => event.currentTarget.select()}
        data-testid="recovery-request"
      />
      <div className="g-row g-wrap">
        <Button
          variant="default"
          leftSection={<IconCopy size={18} stroke={1.5} />}
          onClick={() => {
            if (field.current) void copyText(field.current).then(setCopied);
          }}
          data-testid="recovery-copy"
        >
          {t('common.copy')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconDownload size={18} stroke={1.5} />}
          onClick={() => saveText(props.text, REQUEST_FILE)}
          data-testid="recovery-save"
        >
          {t('recovery.save')}
        </Button>
        <span role="status" className="g-small g-dim">
          {copied !== null && t(copied ? 'common.copied' : 'recovery.copyByHand')}
        </span>
      </div>
      <QrCode text={props.text} label={t('recovery.qr')} testId="recovery-qr" />
    </div>
  );
}
