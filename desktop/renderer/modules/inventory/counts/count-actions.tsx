import { Button } from '@mantine/core';
import { IconArrowBackUp, IconCheck, IconRefresh } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { focusWhenShown } from '../../../ui/field-focus.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { countersOf, offeredSteps, recountsOf } from './count-rules.ts';
import { useCountActs } from './use-counts.ts';
import type { CountStep } from './use-counts.ts';

/** The buttons that this person has with this count. */
export function CountActions(props: {
  count: CountSessionRow;
  counts: readonly CountSessionRow[];
  /** While lines are being added: how it is finished, and whether there is something to finish. */
  finish?: { readonly run: () => void; readonly isLeft: boolean };
  /** True where it is the only count in sight, so that keys can mean it. */
  hasKeys?: boolean;
}) {
  const { count, counts, finish, hasKeys = false } = props;
  const { t } = useI18n();
  const { who, mayRow } = useSession();
  const { step, sendBack, recount } = useCountActs(who.userId);
  const { done, failed } = useToasts();
  const navigate = useNavigate();
  const [voiding, setVoiding] = useState(false);
  const row = { location_id: count.location_id };
  const steps = offeredSteps(count, who.userId, (operation) =>
    mayRow('count_sessions', operation, row),
  );
  const isInReview = count.status === 'in_review';
  const mayApprove = mayRow('count_sessions', 'approve', row);
  const own = isInReview && mayApprove && countersOf(count).has(who.userId);
  const maySendBack = isInReview && mayApprove && count.sent_back === null;
  const mayRecount =
    isInReview && count.sent_back !== null && mayRow('count_sessions', 'create', row);
  const isAgainMine = recountsOf(counts, count).some(({ counted_by }) => counted_by === who.userId);

  const take = (to: CountStep, words: string) => {
    step(count, to).then(() => done(words), failed);
  };
  const approve = () => take('posted', t('counts.approved'));
  const back = () => {
    sendBack(count.id).then(() => done(t('counts.sentBack')), failed);
  };
  const again = () => {
    recount(count).then(
      (id) => void navigate({ to: '/counts', search: { count: id, walk: true } }),
      failed,
    );
  };
  const canFinish =
    finish !== undefined &&
    steps.includes('submitted') &&
    (count.lines.length > 0 || finish.isLeft);
  const orNothing = (offered: boolean, run: () => void) => (hasKeys && offered ? run : null);
  usePageKeys('countReview', {
    approve: orNothing(steps.includes('posted'), approve),
    sendBack: orNothing(maySendBack, back),
    recount: orNothing(mayRecount, again),
    void: orNothing(steps.includes('voided'), () => setVoiding(true)),
  });
  const keyOf = (key: string) => (hasKeys ? { 'aria-keyshortcuts': key, title: key } : {});
  return (
    <>
      {finish?.isLeft && <p className="g-small g-dim">{t('counts.unsaved')}</p>}
      {own && <p className="g-small g-dim">{t('counts.ownHelp')}</p>}
      <div className="g-row" style={{ flexWrap: 'wrap' }}>
        {finish && steps.includes('submitted') && (
          <Button
            leftSection={<IconCheck size={18} stroke={1.5} />}
            disabled={!canFinish}
            onClick={finish.run}
            {...keyOf('Control+Enter')}
            data-testid="count-submit"
          >
            {t('counts.submit')}
          </Button>
        )}
        {steps.includes('posted') && (
          <Button
            leftSection={<IconCheck size={18} stroke={1.5} />}
            onClick={approve}
            {...keyOf('Alt+A')}
            data-testid="count-approve"
          >
            {t('counts.approve')}
          </Button>
        )}
        {maySendBack && (
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={18} stroke={1.5} />}
            onClick={back}
            {...keyOf('Alt+H')}
            data-testid="count-send-back"
          >
            {t('counts.sendBack')}
          </Button>
        )}
        {mayRecount && (
          <Button
            variant="default"
            leftSection={<IconRefresh size={18} stroke={1.5} />}
            onClick={again}
            {...keyOf('Alt+F')}
            data-testid="count-recount"
          >
            {isAgainMine ? t('counts.recountOpen') : t('counts.recountStart')}
          </Button>
        )}
        {steps.includes('voided') && !voiding && (
          <Button
            variant="default"
            onClick={() => setVoiding(true)}
            {...keyOf('Alt+V')}
            data-testid="count-void"
          >
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
