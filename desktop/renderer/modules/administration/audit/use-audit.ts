import { useCallback, useEffect, useState } from 'react';
import { toAppError } from '#shared/errors/app-error.ts';
import type { AppError } from '#shared/errors/app-error.ts';
import type { AuditEntryView, AuditFilter, ChainView } from '#shared/ipc/administration.ts';
import { useSync } from '../../../shell/use-sync.ts';
import { useAuditCalls } from '../use-admin.ts';

const PAGE = 100;

interface Listed {
  /** JSON of the filter that was asked for. */
  readonly key: string;
  readonly entries: readonly AuditEntryView[];
  readonly more: boolean;
}

export interface AuditList {
  /** Undefined until the first page of this filter is there. */
  readonly entries: readonly AuditEntryView[] | undefined;
  readonly more: boolean;
  readonly busy: boolean;
  readonly error: AppError | null;
  loadMore(): void;
  reload(): void;
}

/** Entries that fit a filter, newest first, page after page. An answer to an earlier filter is dropped. */
export function useAuditList(filter: AuditFilter): AuditList {
  const { page } = useAuditCalls();
  const online = useSync().status?.online ?? false;
  const key = JSON.stringify(filter);
  const [listed, setListed] = useState<Listed | null>(null);
  const [asked, setAsked] = useState<{ after: AuditEntryView | null; turn: number }>(FIRST);
  const [problem, setProblem] = useState<{ key: string; error: AppError } | null>(null);
  const [settled, setSettled] = useState<string | null>(null);
  const [shown, setShown] = useState(key);
  if (shown !== key) {
    setShown(key);
    setAsked({ ...FIRST, turn: asked.turn + 1 });
  }
  const question = `${asked.turn} ${online} ${key}`;
  useEffect(() => {
    let isLate = false;
    const { after } = asked;
    page({
      filter: JSON.parse(key) as AuditFilter,
      after: after && { xid: after.xid, id: after.id },
      limit: PAGE,
    })
      .then(
        ({ entries, more }) => {
          if (isLate) return;
          setProblem(null);
          setListed((before) => ({
            key,
            entries: after && before?.key === key ? [...before.entries, ...entries] : entries,
            more,
          }));
        },
        (error: unknown) => {
          if (!isLate) setProblem({ key, error: toAppError(error) });
        },
      )
      .finally(() => {
        if (!isLate) setSettled(question);
      });
    return () => {
      isLate = true;
    };
  }, [page, key, asked, question]);
  const mine = listed?.key === key ? listed : null;
  const last = mine?.entries.at(-1) ?? null;
  return {
    entries: mine?.entries,
    more: mine?.more ?? false,
    busy: settled !== question,
    error: problem?.key === key ? problem.error : null,
    loadMore: useCallback(() => setAsked(({ turn }) => ({ after: last, turn: turn + 1 })), [last]),
    reload: useCallback(() => setAsked(({ turn }) => ({ after: null, turn: turn + 1 })), []),
  };
}

const FIRST = { after: null, turn: 0 };

export interface ChainCheck {
  /** What is known of each chain that was reckoned in this window. */
  readonly known: ReadonlyMap<string, ChainView>;
  /** How far a check of several is; null while none runs. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly error: AppError | null;
  check(deviceIds: readonly string[]): void;
}

/** Has chains reckoned again, one after the other: each is a walk over all its entries. */
export function useChainCheck(): ChainCheck {
  const { chain } = useAuditCalls();
  const [known, setKnown] = useState<ReadonlyMap<string, ChainView>>(new Map());
  const [progress, setProgress] = useState<ChainCheck['progress']>(null);
  const [error, setError] = useState<AppError | null>(null);
  const check = async (deviceIds: readonly string[]): Promise<void> => {
    setError(null);
    try {
      for (const [done, deviceId] of deviceIds.entries()) {
        setProgress({ done: done + 1, total: deviceIds.length });
        const verdict = await chain(deviceId);
        setKnown((before) => new Map(before).set(deviceId, verdict));
      }
    } catch (failure) {
      setError(toAppError(failure));
    }
    setProgress(null);
  };
  return { known, progress, error, check: (ids) => void check(ids) };
}
