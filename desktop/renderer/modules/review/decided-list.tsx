import { Button } from '@mantine/core';
import { IconArrowBackUp, IconClock } from '@tabler/icons-react';
import { useI18n } from '../../ui/i18n.tsx';
import { StatusPill } from '../../ui/status-pill.tsx';
import { When } from '../../ui/when.tsx';
import { stillStands, undoLeft } from '../conflicts/index.ts';
import type { Decided } from '../conflicts/index.ts';
import { useReviewWords } from '../conflicts/index.ts';

const MINUTE = 60_000;

/** What was decided lately, by whom, and the way back as long as there is one. */
export function DecidedList(props: {
  decided: readonly Decided[];
  now: number;
  busy: boolean;
  mayUndo: (decided: Decided) => boolean;
  undo: (decided: Decided) => void;
}) {
  const { t } = useI18n();
  if (props.decided.length === 0) {
    return <p className="g-dim">{t('review.nothingDecided')}</p>;
  }
  return (
    <ul className="g-stack" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
      {props.decided.map((decided) => (
        <DecidedCard key={decided.decision.id} {...props} it={decided} />
      ))}
    </ul>
  );
}

function DecidedCard(props: {
  it: Decided;
  now: number;
  busy: boolean;
  mayUndo: (decided: Decided) => boolean;
  undo: (decided: Decided) => void;
}) {
  const { it, now } = props;
  const { t } = useI18n();
  const words = useReviewWords();
  const { group, decision } = it;
  const fields = [...new Map(decision.lines.map((line) => [line.field, line])).values()];
  const isMine = props.mayUndo(it);
  return (
    <li
      className="g-card g-row"
      data-testid="decided-row"
      data-undone={decision.undone}
      data-accepted={decision.accepted_at !== null}
    >
      <div className="g-spread">
        {fields.map(({ field, value, label, choice }) => (
          <p key={field ?? choice}>
            <span className="g-strong">{words.field(field) || t('review.handled')}</span>
            {field !== null && `: ${words.value(group.table_name, field, value, label)}`}
          </p>
        ))}
        <p className="g-small g-dim">
          {words.record(group)},{' '}
          {t('review.decidedBy', { who: decision.by ?? t('review.someone') })},{' '}
          <When instant={decision.at} now={now} />
        </p>
      </div>
      {decision.undone ? (
        <StatusPill tone="grey" icon={IconArrowBackUp}>
          {t('review.wasUndone')}
        </StatusPill>
      ) : (
        <Way {...props} isMine={isMine} />
      )}
    </li>
  );
}

function Way(props: {
  it: Decided;
  now: number;
  busy: boolean;
  isMine: boolean;
  undo: (decided: Decided) => void;
}) {
  const { it, now, isMine } = props;
  const { t } = useI18n();
  const left = undoLeft(it.decision, now);
  if (!stillStands(it)) return <span className="g-small g-dim">{t('review.undoGone')}</span>;
  const hours = Math.round(left / (60 * MINUTE));
  const time =
    hours > 0
      ? t('review.hours', { n: hours })
      : t('review.minutes', { n: Math.max(1, Math.floor(left / MINUTE)) });
  const isWaiting = it.decision.accepted_at === null;
  return (
    <>
      {isWaiting && (
        <StatusPill tone="amber" icon={IconClock}>
          {t('review.undoWaits')}
        </StatusPill>
      )}
      {isMine && (
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={18} stroke={1.5} />}
          disabled={props.busy}
          onClick={() => props.undo(it)}
          data-testid="decided-undo"
        >
          {isWaiting ? t('review.undo') : t('review.undoLeft', { time })}
        </Button>
      )}
    </>
  );
}
