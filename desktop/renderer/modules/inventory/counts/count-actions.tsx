import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { useSession } from '../../../shell/session.tsx';
import { focusWhenShown } from '../../../ui/field-focus.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { offeredSteps } from './count-rules.ts';
import type { useCountEntry } from './use-count-entry.ts';
import { useCountActs } from './use-counts.ts';
import type { CountStep } from './use-counts.ts';

/** The buttons that this person has with this count. */
export function CountActions(props: {
  count: CountSessionRow;
  /** While lines are being added: the one that is not saved yet. */
  counting?: Pick<ReturnType<typeof useCountEntry>, 'entry' | 'finish'>;
}) {
  const { count, counting } = props;
  const { t } = useI18n();
  const { who, mayRow } = useSession();
  const { step } = useCountActs(who.userId);
  const { done, failed } = useToasts();
  const [voiding, setVoiding] = useState(false);
  const row = { location_id: count.location_id };
  const steps = offeredSteps(count, who.userId, (operation) =>
    mayRow('count_sessions', operation, row),
  );
  const take = (to: CountStep, words: string) => {
    step(count, to).then(() => done(words), failed);
  };
  const submit = async () => {
    const lines = counting ? await counting.finish() : count.lines.length;
    if (lines === null || lines === 0) return;
    step(count, 'submitted', lines).then(() => done(t('counts.submitted')), failed);
  };
  const isLeft = counting !== undefined && counting.entry.itemId !== null;
  const own = count.status === 'in_review' && count.counted_by === who.userId;
  return (
    <>
      {isLeft && <p className="g-small g-dim">{t('counts.unsaved')}</p>}
      {own && <p className="g-small g-dim">{t('counts.ownHelp')}</p>}
      <div className="g-row">
        {steps.includes('submitted') && (
          <Button
            leftSection={<IconCheck size={18} stroke={1.5} />}
            disabled={count.lines.length === 0 && !isLeft}
            onClick={() => void submit()}
            data-testid="count-submit"
          >
            {t('counts.submit')}
          </Button>
        )}
        {steps.includes('posted') && (
          <Button
            leftSection={<IconCheck size={18} stroke={1.5} />}
            onClick={() => take('posted', t('counts.approved'))}
            data-testid="count-approve"
          >
            {t('counts.approve')}
          </Button>
        )}
        {steps.includes('voided') && !voiding && (
          <Button variant="default" onClick={() => setVoiding(true)} data-testid="count-void">
            {t('counts.void')}
          </Button>
        )}
      </div>
      {voiding && steps.includes('voided') && (
        <div
          className="g-row"
          role="alertdialog"
          aria-label={t('counts.voidAsk', { site: count.location_code })}
        >
          <span className="g-spread">{t('counts.voidAsk', { site: count.location_code })}</span>
          <Button
            color="red"
            ref={focusWhenShown}
            onClick={() => {
              setVoiding(false);
              take('voided', t('counts.voided'));
            }}
            data-testid="count-void-confirm"
          >
            {t('counts.voidNow')}
          </Button>
          <Button variant="default" onClick={() => setVoiding(false)}>
            {t('common.keep')}
          </Button>
        </div>
      )}
    </>
  );
}
