import { useMemo } from 'react';
import { newId } from '#shared/kernel/ids.ts';
import { findTransition } from '#shared/schema/machines.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { useStore, useTopic, useView } from '#desktop/collections/hooks.tsx';
import { readOnce } from '#desktop/collections/read-once.ts';
import { linesToRecount, originalOf, recountId } from './count-rules.ts';
import { planOf } from './plan.ts';
import type { PlanEntry } from './plan.ts';

const LIMIT = 500;

/** Counts with their lines, the latest first. */
export const useCounts = () => useView('inventory.counts', { limit: LIMIT });

/** What there is to count at a site, by item. Null asks for nothing. */
export const useSitePlan = (locationId: string | null) =>
  useView('inventory.countPlan', locationId === null ? null : { locationId });

/** True when a count has a list of what it should find: a spot count without a zone has none. */
export const hasPlan = ({ kind, zone }: Pick<CountSessionRow, 'kind' | 'zone'>): boolean =>
  kind !== 'spot' || zone !== null;

/**
 * The list of what a count should find; undefined while it loads, null where there is none. One that
 * counts differences again has just these.
 */
export function useCountPlan(
  count: CountSessionRow,
  counts: readonly CountSessionRow[],
): {
  readonly plan: readonly PlanEntry[] | null | undefined;
  readonly original: CountSessionRow | null;
} {
  const original = useMemo(() => originalOf(counts, count), [counts, count]);
  const isListed = original === null && hasPlan(count);
  const { data: rows } = useSitePlan(isListed ? count.location_id : null);
  const { zone, started_at: startedAt } = count;
  const plan = useMemo(() => {
    if (original) return recountPlan(original);
    if (!isListed) return null;
    return rows && planOf(rows, { zone, startedAt });
  }, [original, isListed, rows, zone, startedAt]);
  return { plan, original };
}

const recountPlan = (original: CountSessionRow): PlanEntry[] =>
  planOf(
    [...Map.groupBy(linesToRecount(original.lines), ({ item_id }) => item_id).values()].flatMap(
      (lines) =>
        lines.slice(0, 1).map(({ item_id, item_name, base_unit, bin }) => ({
          item_id,
          item_name,
          sku: '',
          base_unit,
          bin,
          lots: lines.map(({ lot_id, lot_no, expiry_date }) => ({
            lot_id,
            lot_no,
            expiry_date,
            is_here: true,
            first_at: null,
            last_at: null,
          })),
        })),
    ),
    { zone: null, startedAt: 0 },
  );

/** Asks which lines of a count are far from the books and were looked at once: their ids. */
export function useFarLines(): (countId: string) => Promise<ReadonlySet<string>> {
  const { client } = useStore();
  return async (sessionId) => {
    const far = await readOnce(client, 'inventory.countFar', { sessionId });
    return new Set(far.map(({ id }) => id));
  };
}

/** Lines that the server refused since their count had been judged before they came. */
export function useLateLines() {
  const { client } = useStore();
  const { data: status } = useTopic('sync.status');
  return {
    /** How many changes wait for this person, whatever they are. */
    waiting: status?.needsYou ?? 0,
    /** Their ids; none when the store cannot tell now. */
    read: async (): Promise<ReadonlySet<string>> => {
      const parked = await client.call('sync.parked', {}).catch(() => []);
      const late = parked.filter(
        ({ table, code }) => table === 'count_lines' && code === 'COUNT_CLOSED',
      );
      return new Set(late.map(({ id }) => id));
    },
  };
}

export type CountKind = 'spot' | 'cycle' | 'full';
export type CountStep = 'submitted' | 'posted' | 'voided';

/** What one can do with counts. Every promise resolves when it is saved on the device. */
export function useCountActs(userId: string) {
  const { tables } = useStore();
  const open = async (
    id: string,
    of: { locationId: string; kind: CountKind; zone: string | null; blind: boolean },
  ): Promise<string> => {
    await tables.insert('count_sessions', {
      id,
      location_id: of.locationId,
      kind: of.kind,
      zone: of.zone,
      blind: of.blind,
      status: 'open',
      counted_by: userId,
      started_at: Date.now(),
      line_count: null,
      note: null,
    });
    return id;
  };
  return {
    /** @returns the id of the new count */
    start: (
      locationId: string,
      of: { readonly kind: CountKind; readonly zone: string | null; readonly blind: boolean },
    ): Promise<string> => open(newId(), { ...of, locationId }),

    /**
     * Counts the differences of a count again, always blind. Asked for twice it is the same count.
     * @returns the id of the count in which that is done
     */
    recount: async (
      count: Pick<CountSessionRow, 'id' | 'location_id' | 'zone'>,
    ): Promise<string> => {
      const id = recountId(count.id, userId);
      if (await tables.read('count_sessions', id)) return id;
      const { location_id: locationId, zone } = count;
      return open(id, { locationId, kind: 'spot', zone, blind: true });
    },

    /**
     * Asks for the differences of a count to be counted again; the count itself stays in review.
     * @throws AppError NOT_FOUND when its review has not reached this device yet
     */
    sendBack: async (countId: string): Promise<void> => {
      const reviews = await tables.find('review_items', { row_id: countId, status: 'open' });
      const review = reviews.find(({ kind }) => kind === 'count_variance');
      if (!review) throw new AppError('NOT_FOUND', { table: 'review_items' });
      await tables.patch('review_items', review.id, {
        status: 'decided',
        decision: 'recount',
        decided_by: userId,
      });
    },

    /** @returns the id of the observation */
    observe: async (
      session: Pick<CountSessionRow, 'id' | 'location_id'>,
      seen: { itemId: string; lotId: string | null; quantity: number; pass: number },
    ): Promise<string> => {
      const id = newId();
      await tables.insert('count_lines', {
        id,
        session_id: session.id,
        location_id: session.location_id,
        item_id: seen.itemId,
        lot_id: seen.lotId,
        counted_qty: seen.quantity,
        counted_at: Date.now(),
        counter_id: userId,
        pass: seen.pass,
      });
      return id;
    },

    /**
     * @param lineCount how many lines the counter finished with, those of others included
     * @throws AppError SYNC_TRANSITION_REFUSED when the step does not exist from where it stands
     */
    step: async (
      session: Pick<CountSessionRow, 'id' | 'status' | 'lines'>,
      to: CountStep,
      lineCount: number = session.lines.length,
    ): Promise<void> => {
      if (!findTransition('count_session', session.status, to)) {
        throw new AppError('SYNC_TRANSITION_REFUSED', { table: 'count_sessions' });
      }
      // A long count travels in parts: the server judges it when it has as many lines as this says.
      const finished = to === 'submitted' ? { line_count: lineCount } : {};
      await tables.patch('count_sessions', session.id, { status: to, ...finished });
    },
  };
}
