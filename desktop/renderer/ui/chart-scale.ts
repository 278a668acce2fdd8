/** Lines across a chart, from the least to the greatest, at round numbers; zero is among them. */
export function ticksOf(values: readonly number[], wanted = 4): number[] {
  const finite = values.filter((value) => Number.isFinite(value));
  const low = Math.min(0, ...finite);
  const high = Math.max(0, ...finite);
  if (low === high) return [0, 1];
  const step = roundStep((high - low) / wanted);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  // Counted in whole steps, so that 0.1 + 0.2 does not show.
  return Array.from({ length: last - first + 1 }, (_, n) => tidy((first + n) * step));
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = [1, 2, 5, 10].find((one) => one * power >= rough * (1 - 1e-9)) ?? 10;
  return size * power;
}

const tidy = (value: number): number => (value === 0 ? 0 : Number(value.toPrecision(12)));

/** Places values between two ends: the least of `ticks` at `from`, the greatest at `to`. */
export function scaleOf(
  ticks: readonly number[],
  from: number,
  to: number,
): (value: number) => number {
  const low = ticks[0] ?? 0;
  const high = ticks.at(-1) ?? 1;
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** Which of `n` labels stand below a chart when each needs `width` of `room` pixels; the last always. */
export function labelsShown(n: number, width: number, room: number): ReadonlySet<number> {
  const every = Math.max(1, Math.ceil((n * width) / Math.max(1, room)));
  return new Set(
    Array.from({ length: n }, (_, at) => at).filter((at) => (n - 1 - at) % every === 0),
  );
}
