import { useState } from 'react';
import type { StoreWork } from '#shared/ipc/store-contract.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { useNow } from '../../ui/use-now.ts';
import { leftWords, timeLeft, workAmount, workStart, workTitle } from './work-words.ts';
import type { WorkStart } from './work-words.ts';

/**
 * Long work of the store: what it is, how far it is, and how long it may still take.
 * `stay` adds what happens when the computer stops; `inline` puts all of it into one line.
 */
export function WorkProgress(props: { work: StoreWork; stay?: boolean; inline?: boolean }) {
  const { work, inline = false } = props;
  const { t } = useI18n();
  const now = useNow(1000);
  const [start, setStart] = useState<WorkStart | null>(null);
  const measured = workStart(start, work, now);
  if (measured !== start) setStart(measured);
  const left = start && timeLeft(start, work, now);
  const title = workTitle(t, work);
  const facts = [workAmount(t, work), left === null ? '' : leftWords(t, left)];
  return (
    <div className="g-work" data-inline={inline} data-testid="store-work" data-kind={work.kind}>
      {/* Only the name is announced; the bar says the rest to whoever asks. */}
      <p role="status">{title}</p>
      <progress
        aria-label={title}
        {...(work.total > 0 ? { value: Math.min(work.done, work.total), max: work.total } : {})}
      />
      <p className="g-small g-dim g-work-facts">{facts.filter(Boolean).join(' · ')}</p>
      {props.stay && <p className="g-small g-dim">{t('work.stay')}</p>}
    </div>
  );
}
