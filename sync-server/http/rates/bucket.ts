import type { Rate } from '../../config/rates-config.ts';

/** What one subject may still do. */
export interface Allowance {
  readonly allowed: boolean;
  /** So many more at once. */
  readonly remaining: number;
  /** When all of the burst is there again, milliseconds from now. */
  readonly resetMs: number;
  /** When the next one is allowed, milliseconds from now; 0 when one is now. */
  readonly retryMs: number;
}

/** Counts what subjects do. One suite judges the one in memory and the one in Redis alike. */
export interface Buckets {
  /** Takes one from a subject's allowance, unless there is none. */
  take(subject: string, rate: Rate): Promise<Allowance>;
}

/** Milliseconds of one, and of a whole burst. */
export const sizesOf = ({ perSecond, burst }: Rate): { step: number; most: number } => {
  const step = 1_000 / perSecond;
  return { step, most: step * burst };
};

/**
 * The allowance after a subject's debt is known.
 * @param debt how long it takes until the subject has used nothing, milliseconds, this one included if allowed
 */
export function allowanceOf(rate: Rate, allowed: boolean, debt: number): Allowance {
  const { step, most } = sizesOf(rate);
  return {
    allowed,
    remaining: Math.max(0, Math.floor((most - debt) / step + 1e-6)),
    resetMs: Math.max(0, debt),
    retryMs: allowed ? 0 : Math.max(0, debt + step - most),
  };
}
