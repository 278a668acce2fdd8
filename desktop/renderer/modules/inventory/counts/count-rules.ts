import type { CountSessionRow } from '#shared/ipc/views.ts';
import { countTolerance } from '#shared/schema/on-hand.ts';
import { MACHINES } from '#shared/schema/machines.ts';
import type { Machine } from '#shared/schema/machines/steps.ts';

export type CountLine = CountSessionRow['lines'][number];

/** Counted minus expected, and whether a second person has to look at it. */
export function difference(line: Pick<CountLine, 'counted_qty' | 'expected_qty'>): {
  readonly quantity: number;
  readonly large: boolean;
} {
  const quantity = line.counted_qty - line.expected_qty;
  return { quantity, large: Math.abs(quantity) > countTolerance(line.expected_qty) };
}

/** The steps that this person can take from where the count stands. */
export function offeredSteps(
  count: Pick<CountSessionRow, 'status' | 'counted_by'>,
  userId: string,
  may: (operation: 'create' | 'update' | 'approve') => boolean,
): string[] {
  const { transitions } = MACHINES.count_session as Machine;
  return transitions
    .filter(({ from, needs }) => from === count.status && needs !== 'server' && may(needs))
    .filter(({ guard }) => guard === 'none' || count.counted_by !== userId)
    .map(({ to }) => to);
}
