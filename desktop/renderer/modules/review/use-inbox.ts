import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReviewGroup } from '#shared/ipc/views.ts';
import type { Row } from '#shared/schema/define.ts';
import { isReviewKind } from '#shared/schema/review-kinds.ts';
import { linesOf } from '#shared/schema/review-lines.ts';
import { mayDecide as mayDecideEntries } from '../../shell/review-rights.ts';
import { useSession } from '../../shell/session.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { focusKind, reviewKey } from './keys.ts';
import {
  decidedLately,
  phiOf,
  recommend,
  stepsOf,
  stillStands,
  useMayDecide,
  useReviewActs,
  useReviewWords,
} from '../conflicts/index.ts';
import type { Choice, Decided, Step } from '../conflicts/index.ts';

/**
 * The state of the review: which question is at hand, what is chosen, and what the keys do. After a
 * decision the next question is at hand and has the focus.
 */
export function useInbox(options: {
  groups: readonly ReviewGroup[] | undefined;
  now: number;
  onlyMine: boolean;
  kind: string | null;
  /** Only what has waited for so long, milliseconds. */
  olderThan: number;
  /** Key of the record that the address names: its first question is at hand. */
  record: string | null;
}) {
  const { groups = [], now, onlyMine, kind, olderThan, record } = options;
  const { t } = useI18n();
  const session = useSession();
  const { done, failed } = useToasts();
  const acts = useReviewActs();
  const words = useReviewWords();
  const [at, setAt] = useState<{ key: string; index: number } | null>(null);
  const [picked, setPicked] = useState<{ key: string; index: number } | null>(null);
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const wantsFocus = useRef(false);
  const heading = useRef<HTMLElement | null>(null);

  const mayDecide = useMayDecide();
  const open = stepsOf(groups, now);
  const mine = open.filter(mayDecide);
  const all = onlyMine ? mine : open;
  const steps = all.filter(
    (it) => (kind === null || it.kind === kind) && now - it.openedAt >= olderThan,
  );
  // The question at hand, or, once it is answered, the one that took its place.
  const found = steps.findIndex(({ key, group }) =>
    at === null ? group.key === record : key === at.key,
  );
  const index = found === -1 ? Math.min(at?.index ?? 0, steps.length - 1) : found;
  const step = steps[index] ?? null;
  const chosen = step === null ? null : chosenOf(step, picked);
  const decided = decidedLately(groups, now);

  const focusStep = useCallback(() => {
    wantsFocus.current = true;
    heading.current?.focus();
  }, []);
  useEffect(() => {
    if (!wantsFocus.current) return;
    heading.current?.focus();
    wantsFocus.current = false;
  }, [step?.key]);
  const go = (key: string): void => {
    const to = steps.findIndex((it) => it.key === key);
    setAt({ key, index: Math.max(0, to) });
    focusStep();
  };
  const choose = (to: number): void => {
    if (step && to < step.choices.length) setPicked({ key: step.key, index: to });
  };

  const titleOf = (it: Step): string =>
    words.field(it.field) || (isReviewKind(it.kind) ? t(`review.kind.${it.kind}`) : it.kind);
  const mayUndo = ({ group, decision }: Decided): boolean => {
    const about = new Set(linesOf(decision.row as unknown as Row).map((line) => line.about_id));
    const entries = group.entries.filter(({ id }) => about.has(id));
    return entries.length > 0 && mayDecideEntries(session, group, entries);
  };

  const run = async (work: () => Promise<string>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    wantsFocus.current = true;
    try {
      setSaid(await work());
    } catch (error) {
      // Decided or changed by somebody meanwhile: the question shows what stands now.
      failed(error);
    } finally {
      setBusy(false);
    }
  };
  const decide = (choice: Pick<Choice, 'value' | 'item' | 'label'> | null): Promise<void> =>
    run(async () => {
      if (!step) return '';
      const next = steps[index + 1] ?? steps[index - 1] ?? null;
      const row = await acts.decide(step, choice);
      const value = choice?.item
        ? choice.item.name
        : words.value(step.group.table_name, step.field, choice?.value, choice?.label ?? null);
      const what = { field: titleOf(step), value };
      setAt({ key: next?.key ?? '', index });
      setPicked(null);
      done(choice ? t('review.decided', what) : t('review.settled'), () => acts.undo(row));
      if (!choice) return t('review.settled');
      return next
        ? t('review.decidedNext', { ...what, next: titleOf(next) })
        : t('review.decidedLast', what);
    });
  const settle = (end: string): Promise<void> =>
    run(async () => {
      if (!step) return '';
      await acts.settle(step, end);
      const outcome = end === 'release' ? t('review.released') : t('review.rejected');
      setAt({ key: steps[index + 1]?.key ?? steps[index - 1]?.key ?? '', index });
      setPicked(null);
      done(outcome);
      return outcome;
    });
  const confirm = (): Promise<void> => {
    if (!step || !mayDecide(step)) return Promise.resolve();
    if (step.way === 'release') {
      const end = chosen === null ? undefined : step.choices[chosen]?.value;
      return typeof end === 'string' ? settle(end) : Promise.resolve();
    }
    if (step.way === 'handled' || step.choices.length === 0) return decide(null);
    const choice = chosen === null ? undefined : step.choices[chosen];
    return choice ? decide(choice) : Promise.resolve();
  };
  const undo = (it: Decided): Promise<void> =>
    run(async () => {
      await acts.undo(it.decision.row);
      const [line] = it.decision.lines;
      const field = words.field(line?.field ?? null);
      setAt({ key: `${it.group.key}/${line?.field ?? ''}`, index });
      return t('review.undone', { field });
    });
  const undoLast = (): Promise<void> => {
    const last = decided.find(
      (it) =>
        !it.decision.undone &&
        it.decision.by_id === session.who.userId &&
        stillStands(it) &&
        mayUndo(it),
    );
    return last ? undo(last) : Promise.resolve();
  };

  const onKey = useRef<(event: KeyboardEvent) => void>(() => undefined);
  useEffect(() => {
    onKey.current = (event) => {
      if (document.querySelector('[role="dialog"]')) return;
      const on = focusKind(event.target);
      const key = reviewKey(event, on);
      if (!key) return;
      event.preventDefault();
      if (key.do === 'undo') void undoLast();
      else if (key.do === 'confirm') void confirm();
      else if (key.do === 'choose') {
        choose(key.index);
        // Enter is to confirm it, and not to press the button that had the focus.
        if (on === 'control') heading.current?.focus();
      } else if (key.do === 'move') {
        const to = steps[index + key.by];
        if (to) go(to.key);
      }
    };
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onKey.current(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);

  return {
    steps,
    step,
    chosen,
    decided,
    said,
    busy,
    mine: mine.length,
    others: open.length - mine.length,
    kinds: [...new Set(open.map((it) => it.kind))],
    mayDecide,
    mayUndo,
    go,
    choose,
    confirm,
    decideOther: (value: unknown) => decide({ value, item: null, label: null }),
    undo,
    focusStep,
    onHeading: (element: HTMLElement | null) => {
      heading.current = element;
    },
  };
}

/** What is chosen: what the person picked, else what is recommended where that is nobody's question. */
function chosenOf(step: Step, picked: { key: string; index: number } | null): number | null {
  if (picked?.key === step.key) return picked.index;
  if (step.isOpenQuestion || step.way !== 'fields') return null;
  return (
    recommend(step.choices, { phi: phiOf(step), siteId: step.group.location_id })?.index ?? null
  );
}
