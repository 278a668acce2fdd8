import { Button, SegmentedControl } from '@mantine/core';
import {
  IconKeyboard,
  IconPlayerTrackNext,
  IconPrinter,
  IconQrcode,
  IconWalk,
} from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import type { CountsSearch } from '../search.ts';
import { Contested } from './contested.tsx';
import { CountActions } from './count-actions.tsx';
import { CountEntry } from './count-entry.tsx';
import { CountLines } from './count-lines.tsx';
import { CountPace } from './count-pace.tsx';
import { CountSheet } from './count-sheet.tsx';
import { CountersHere } from './counters-here.tsx';
import { FinishCheck, useDoubts } from './finish-check.tsx';
import type { FinishDoubts } from './finish-check.tsx';
import { useSeesBooks } from './count-judge.tsx';
import { shelvesOf } from './count-rules.ts';
import type { CountLine } from './count-rules.ts';
import { PlanList } from './plan-list.tsx';
import { progressOf } from './plan.ts';
import type { PlanEntry } from './plan.ts';
import { ShowCode } from './show-code.tsx';
import { NO_LOT, useCountDraft } from './count-draft.ts';
import { useCountEntry } from './use-count-entry.ts';
import { useCountActs, useFarLines } from './use-counts.ts';

const route = getRouteApi('/counts');
type Shown = NonNullable<CountsSearch['pane']>;
/** How long a line that is saved may take to be shown, and how often one looks. */
const MOST_LOOKS = 40;
const LOOK_MS = 25;

/** A count while it is open: lines are added, by hand, by scanner, from the list, by several people. */
export function CountWork(props: {
  count: CountSessionRow;
  counts: readonly CountSessionRow[];
  plan: readonly PlanEntry[] | null;
  isRecount: boolean;
  now: number;
}) {
  const { count, counts, plan, isRecount, now } = props;
  const { t } = useI18n();
  const { who } = useSession();
  const readFar = useFarLines();
  const { done, failed } = useToasts();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { step } = useCountActs(who.userId);
  const progress = useMemo(
    () => (plan === null ? null : progressOf(plan, count.lines)),
    [plan, count.lines],
  );
  const walk = search.walk === true && plan !== null;
  const next = (after: string | null): PlanEntry | null => nextOpen(plan ?? [], progress, after);
  const counting = useCountEntry(count, { pass: isRecount ? 2 : 1, next: walk ? next : null });
  const { entry, pick, finish } = counting;
  const sees = useSeesBooks(count, counts);
  const [doubts, setDoubts] = useState<FinishDoubts | null>(null);
  const [printing, setPrinting] = useState(search.print === true);
  const [code, setCode] = useState(false);
  const doubtsOf = useDoubts();
  const latest = useRef(count);
  useEffect(() => {
    latest.current = count;
  });

  const set = (changes: Partial<CountsSearch>): void =>
    void navigate({
      to: '/counts',
      search: { ...search, ...changes },
      replace: true,
    });
  const shown: Shown = search.pane ?? (plan === null ? 'lines' : 'todo');
  const chosenKey = entry.itemId === null ? null : keyOfEntry(entry, plan);
  const skip = (): void => {
    const to = next(chosenKey);
    if (to) pick(to);
  };
  const togglePad = (): void => set({ pad: search.pad === true ? undefined : true });
  const toggleWalk = (): void => {
    set({ walk: walk ? undefined : true });
  };
  // Whoever opens it goes on at once: with the first line that is not counted yet, or any item.
  useEffect(() => {
    if (useCountDraft.getState().entry.itemId !== null) return;
    const first = walk ? next(null) : null;
    if (first) pick(first);
    else if (count.lines.length === 0) counting.fields.focus('item');
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- as it is opened, or begins to be walked
  }, [walk]);

  const submit = async (lines: number): Promise<void> => {
    try {
      await step(count, 'submitted', lines);
      done(t('counts.submitted'));
    } catch (error) {
      failed(error);
    }
  };
  const isLeft = entry.itemId !== null && (!walk || entry.typed !== null || entry.scanned !== null);
  const [total, setTotal] = useState(0);
  const tryToFinish = async (): Promise<void> => {
    const lines = await finish();
    if (lines === null || lines === 0) return;
    const far = await readFar(count.id);
    // The line that was saved last may still be on its way to this screen.
    for (let n = 0; n < MOST_LOOKS && latest.current.lines.length < lines; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    const found = doubtsOf(latest.current, plan, far);
    setTotal(lines);
    if (found) setDoubts(found);
    else await submit(lines);
  };
  const canFinish = count.lines.length > 0 || isLeft;
  usePageKeys('counting', {
    finish: canFinish && doubts === null ? () => void tryToFinish() : null,
    walk: plan === null ? null : toggleWalk,
    skip: walk ? skip : null,
    keypad: togglePad,
    print: plan === null ? null : () => setPrinting(true),
  });
  const again = (line: CountLine): void => {
    setDoubts(null);
    pick({ itemId: line.item_id, lotId: line.lot_id }, true);
  };
  const at = plan?.find(({ key }) => key === chosenKey);
  const contested = useMemo(
    () => shelvesOf(count.lines).filter(({ state }) => state === 'contested'),
    [count.lines],
  );
  // Keys that are typed do not draw a long list anew.
  const picking = useRef(pick);
  useEffect(() => {
    picking.current = pick;
  });
  const openEntry = useCallback(
    (one: PlanEntry) => picking.current(one, progress?.shelves.has(one.key)),
    [progress],
  );
  return (
    <>
      <CountEntry counting={counting} keypad={search.pad === true}>
        {walk && at && (
          <p className="g-row" data-testid="count-at" data-no={at.no}>
            <span className="g-strong">
              {t('counts.at', { no: at.no, of: plan.length, bin: at.bin ?? t('counts.noBin') })}
            </span>
            <span className="g-spread g-cut">
              {at.itemName} {at.lotNo && <span className="g-code">{at.lotNo}</span>}
            </span>
            <Button
              size="compact-sm"
              variant="default"
              // As large as the keys of the pad: who wears gloves skips, too.
              {...(search.pad === true ? { h: 48 } : {})}
              leftSection={<IconPlayerTrackNext size={16} stroke={1.5} />}
              onClick={skip}
              aria-keyshortcuts="Alt+M"
              title="Alt+M"
              data-testid="count-skip"
            >
              {t('counts.skip')}
            </Button>
          </p>
        )}
      </CountEntry>
      <div className="g-row" style={{ flexWrap: 'wrap', gap: 8 }}>
        <Tool icon={IconKeyboard} keys="Alt+K" on={search.pad === true} run={togglePad} id="pad">
          {t('counts.keypad')}
        </Tool>
        {plan !== null && (
          <>
            <Tool icon={IconWalk} keys="Alt+J" on={walk} run={toggleWalk} id="walk">
              {t('counts.walk')}
            </Tool>
            <Tool icon={IconPrinter} keys="Alt+P" run={() => setPrinting(true)} id="print">
              {t('counts.print')}
            </Tool>
          </>
        )}
        <Tool icon={IconQrcode} run={() => setCode(true)} id="code">
          {t('counts.together')}
        </Tool>
      </div>
      <CountersHere lines={count.lines} progress={progress} now={now} />
      <Contested count={count} shelves={contested} again={again} />
      <SegmentedControl
        aria-label={t('counts.show')}
        size="xs"
        value={shown}
        onChange={(value) => set({ pane: value as Shown })}
        data={[
          ...(progress
            ? [
                { value: 'todo', label: t('counts.todo', { n: progress.open.length }) },
                { value: 'all', label: t('counts.wholeList', { n: plan?.length ?? 0 }) },
              ]
            : []),
          { value: 'lines', label: t('counts.seen', { n: count.lines.length }) },
          { value: 'pace', label: t('counts.pace') },
        ]}
      />
      {progress && plan && (shown === 'todo' || shown === 'all') && (
        <PlanList
          plan={shown === 'todo' ? progress.open : plan}
          progress={progress}
          chosen={chosenKey}
          open={openEntry}
          empty={t(plan.length === 0 ? 'counts.planEmpty' : 'counts.allDone')}
        />
      )}
      {shown === 'lines' && <CountLines count={count} sees={sees} userId={who.userId} />}
      {shown === 'pace' && <CountPace count={count} sees={false} />}
      <CountActions
        count={count}
        counts={counts}
        finish={{ run: () => void tryToFinish(), isLeft }}
        hasKeys
      />
      {doubts && (
        <FinishCheck
          doubts={doubts}
          close={() => setDoubts(null)}
          finish={() => {
            setDoubts(null);
            void submit(total);
          }}
          again={again}
        />
      )}
      {code && <ShowCode count={count} close={() => setCode(false)} />}
      {printing && plan && (
        <CountSheet
          count={count}
          plan={plan}
          done={() => {
            setPrinting(false);
            if (search.print) set({ print: undefined });
          }}
        />
      )}
    </>
  );
}

function Tool(props: {
  icon: typeof IconWalk;
  keys?: string;
  on?: boolean;
  run: () => void;
  id: string;
  children: string;
}) {
  const { icon: Mark, keys, on, run, id } = props;
  return (
    <Button
      size="compact-sm"
      variant={on === true ? 'light' : 'default'}
      leftSection={<Mark size={16} stroke={1.5} />}
      onClick={run}
      aria-pressed={on}
      {...(keys === undefined ? {} : { 'aria-keyshortcuts': keys, title: keys })}
      data-testid={`count-tool-${id}`}
    >
      {props.children}
    </Button>
  );
}

/** The shelf in the fields, by the name that the list has for it. */
function keyOfEntry(
  { itemId, lot }: { readonly itemId: string | null; readonly lot: string | null },
  plan: readonly PlanEntry[] | null,
): string | null {
  const found = plan?.find((one) => one.itemId === itemId && (one.lotId ?? NO_LOT) === lot);
  return found?.key ?? null;
}

/** What is next on the list after a shelf and not counted yet; after the last one again the first. */
function nextOpen(
  plan: readonly PlanEntry[],
  progress: { readonly shelves: ReadonlyMap<string, unknown> } | null,
  after: string | null,
): PlanEntry | null {
  const from = plan.findIndex(({ key }) => key === after) + 1;
  const inOrder = [...plan.slice(from), ...plan.slice(0, from)];
  return inOrder.find(({ key }) => key !== after && progress?.shelves.has(key) !== true) ?? null;
}
