import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useI18n } from '../../ui/i18n.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { stepsOf } from './steps.ts';
import type { Choice, Step } from './steps.ts';
import { useMayDecide, useReviewActs, useReviewGroups, useReviewWords } from './use-conflicts.ts';

/**
 * Values of one item that lost against others, where the item is shown: one click brings one back.
 * Nothing stands here while nobody has to look.
 */
export function LostValues(props: { itemId: string }) {
  const { t } = useI18n();
  const { data: groups } = useReviewGroups(props.itemId);
  const mayDecide = useMayDecide();
  const now = useNow();
  const steps = stepsOf(groups ?? [], now).filter(
    (step) => step.way === 'fields' && step.field !== null && !step.entries[0]?.clash,
  );
  if (steps.length === 0) return null;
  return (
    <section className="g-stack" aria-label={t('review.lostTitle')} data-testid="lost-values">
      <div className="g-row">
        <h3 className="g-spread" style={{ fontSize: 14 }}>
          {t('review.lostTitle')}
        </h3>
        <Link to="/review" className="g-small">
          {t('parked.inReview')}
        </Link>
      </div>
      {steps.map((step) => (
        <LostValue key={step.key} step={step} mayDecide={mayDecide(step)} />
      ))}
    </section>
  );
}

function LostValue(props: { step: Step; mayDecide: boolean }) {
  const { step } = props;
  const { t } = useI18n();
  const { done, failed } = useToasts();
  const { decide, undo } = useReviewActs();
  const words = useReviewWords();
  const [busy, setBusy] = useState(false);
  const valueOf = (choice: Choice | undefined): string =>
    words.value(step.group.table_name, step.field, choice?.value, choice?.label);
  const by = (choice: Choice | undefined): string =>
    choice?.sides.at(-1)?.by ?? t('review.someone');
  const [kept, ...lost] = step.choices;
  const field = words.field(step.field);
  const restore = async (choice: Choice): Promise<void> => {
    setBusy(true);
    try {
      const row = await decide(step, choice);
      done(t('review.decided', { field, value: valueOf(choice) }), () => undo(row));
    } catch (error) {
      failed(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="g-stack" data-testid="lost-value" data-field={step.field}>
      {lost.map((choice) => (
        <div className="g-row" key={JSON.stringify(choice.value)}>
          <span className="g-spread">
            <span className="g-strong">
              {field}
              {step.group.location_code && `, ${step.group.location_code}`}
            </span>{' '}
            {t('review.lostHere', {
              kept: valueOf(kept),
              keptBy: by(kept),
              lost: valueOf(choice),
              lostBy: by(choice),
            })}
          </span>
          {props.mayDecide && (
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconArrowBackUp size={16} stroke={1.5} />}
              disabled={busy}
              onClick={() => void restore(choice)}
              data-testid="lost-restore"
            >
              {t('review.restore', { value: valueOf(choice) })}
            </Button>
          )}
        </div>
      ))}
    </div>
  );
}
