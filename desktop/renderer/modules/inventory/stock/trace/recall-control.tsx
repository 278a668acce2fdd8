import { Button } from '@mantine/core';
import { IconAlertOctagon, IconCircleCheck, IconEyeExclamation } from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import { useState } from 'react';
import type { LotTrace } from '#shared/ipc/views.stock.ts';
import { findTransition } from '#shared/schema/machines.ts';
import { useSession } from '../../../../shell/session.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { StatusPill } from '../../../../ui/status-pill.tsx';
import type { Tone } from '../../../../ui/status-pill.tsx';
import { useToasts } from '../../../../ui/toasts.tsx';
import { useRecallStep } from './use-recall-step.ts';

const STATES = ['suspect', 'recalled', 'cleared'] as const;
type State = (typeof STATES)[number] | 'none';

const LOOKS: Readonly<Record<State, readonly [Tone, Icon]>> = {
  none: ['grey', IconCircleCheck],
  suspect: ['amber', IconEyeExclamation],
  recalled: ['red', IconAlertOctagon],
  cleared: ['green', IconCircleCheck],
};

/** Whether a lot is recalled, and the steps that this person may take. A recall is named and confirmed. */
export function RecallControl({ trace }: { trace: LotTrace }) {
  const { t } = useI18n();
  const { mayRow } = useSession();
  const setStatus = useRecallStep();
  const { done, failed } = useToasts();
  const [asks, setAsks] = useState(false);
  const status = trace.recall_status as State;
  const [tone, icon] = LOOKS[status];
  const steps = STATES.filter((to) => {
    const step = findTransition('lot_recall', status, to);
    return (
      step !== null &&
      step.needs !== 'server' &&
      mayRow('inventory_lots', step.needs, { id: trace.lot_id })
    );
  });
  const take = (to: State) => {
    setAsks(false);
    setStatus(trace.lot_id, to).then(
      () => done(t('recall.saved', { status: t(`recall.status.${to}`) })),
      failed,
    );
  };
  return (
    <div className="g-row" style={{ flexWrap: 'wrap' }}>
      <span data-testid="recall-status" data-status={status}>
        <StatusPill tone={tone} icon={icon}>
          {t(`recall.status.${status}`)}
        </StatusPill>
      </span>
      <span className="g-dim">{t(`recall.help.${status}`)}</span>
      {steps.map((to) => (
        <Button
          key={to}
          size="compact-sm"
          variant="default"
          onClick={() => (to === 'recalled' ? setAsks(true) : take(to))}
          data-testid={`recall-${to}`}
        >
          {t(`recall.step.${to}`)}
        </Button>
      ))}
      {asks && (
        <Dialog title={t('recall.step.recalled')} close={() => setAsks(false)} testId="recall-ask">
          <p>{t('recall.ask', { lot: trace.lot_no, item: trace.item_name })}</p>
          <div>
            <Button
              color="red"
              leftSection={<IconAlertOctagon size={18} stroke={1.5} />}
              onClick={() => take('recalled')}
              data-autofocus
              data-testid="recall-confirm"
            >
              {t('recall.confirm', { lot: trace.lot_no })}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
