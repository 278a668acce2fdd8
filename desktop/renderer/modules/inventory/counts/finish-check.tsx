import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCloudOff, IconListCheck, IconUsers } from '@tabler/icons-react';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { useSession } from '../../../shell/session.tsx';
import { useSync } from '../../../shell/use-sync.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { shelvesOf } from './count-rules.ts';
import type { CountLine } from './count-rules.ts';
import { countersHere, progressOf } from './plan.ts';
import type { PlanEntry } from './plan.ts';

/** Most names that a sentence lists. */
const MOST_NAMES = 5;

/** What speaks against finishing a count now. */
export interface FinishDoubts {
  /** Lines that are far from the books and were looked at once. */
  readonly far: readonly CountLine[];
  readonly missing: number;
  readonly contested: number;
  /** Names of others who count it as well. */
  readonly others: readonly string[];
  readonly isOffline: boolean;
}

/**
 * Gives what speaks against finishing a count now; null when nothing does.
 * @param far ids of lines that are far from the books
 */
export function useDoubts() {
  const { t } = useI18n();
  const { who } = useSession();
  const { status } = useSync();
  return (
    { lines }: Pick<CountSessionRow, 'lines'>,
    plan: readonly PlanEntry[] | null,
    far: ReadonlySet<string>,
  ): FinishDoubts | null => {
    const others = countersHere(lines)
      .filter(({ id }) => id !== who.userId)
      .map(({ who: name }) => name ?? t('counts.somebody'));
    const doubts = {
      far: lines.filter(({ id }) => far.has(id)),
      missing: plan === null ? 0 : progressOf(plan, lines).open.length,
      contested: shelvesOf(lines).filter(({ state }) => state === 'contested').length,
      others,
      isOffline: status?.state === 'offline' && others.length > 0,
    };
    // Without a list nobody can see whether others are through.
    const isOpenEnded = others.length > 0 && plan === null;
    const isSure = doubts.far.length + doubts.missing + doubts.contested === 0;
    return isSure && !doubts.isOffline && !isOpenEnded ? null : doubts;
  };
}

/** Says what speaks against finishing, and leaves it to the person. */
export function FinishCheck(props: {
  doubts: FinishDoubts;
  close: () => void;
  finish: () => void;
  again: (line: CountLine) => void;
}) {
  const { doubts, close, finish, again } = props;
  const { t } = useI18n();
  const { far, missing, contested, others, isOffline } = doubts;
  const [first] = far;
  const names = far.slice(0, MOST_NAMES).map(({ item_name }) => item_name);
  return (
    <Dialog title={t('counts.finishAsk')} close={close} testId="count-finish">
      {far.length > 0 && (
        <Note tone="amber" icon={IconAlertTriangle} testId="finish-far">
          {t('counts.finishFar', { n: far.length, names: names.join(', ') })}
        </Note>
      )}
      {missing > 0 && (
        <Note tone="amber" icon={IconListCheck} testId="finish-missing">
          {t('counts.finishMissing', { n: missing })}
        </Note>
      )}
      {contested > 0 && (
        <Note tone="violet" icon={IconUsers} testId="finish-contested">
          {t('counts.finishContested', { n: contested })}
        </Note>
      )}
      {others.length > 0 && (
        <Note tone={isOffline ? 'amber' : 'blue'} icon={isOffline ? IconCloudOff : IconUsers}>
          {t(isOffline ? 'counts.finishOffline' : 'counts.finishOthers', {
            names: others.join(', '),
          })}
        </Note>
      )}
      <div className="g-row">
        <Button onClick={finish} data-autofocus data-testid="count-finish-now">
          {t('counts.finishNow')}
        </Button>
        {first && (
          <Button variant="default" onClick={() => again(first)} data-testid="count-finish-again">
            {t('counts.again')}
          </Button>
        )}
        <Button variant="default" onClick={close}>
          {t('counts.goOn')}
        </Button>
      </div>
    </Dialog>
  );
}
