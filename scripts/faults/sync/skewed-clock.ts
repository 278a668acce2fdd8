const Real = Date;
const realNow = Real.now.bind(Real);
let skew = 0;

class SkewedDate extends Real {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(SkewedDate.now());
    else super(...(given as [number]));
  }

  static override now(): number {
    return realNow() + skew;
  }
}

/** From now on the clock of this process is off by so many milliseconds; timers run as ever. */
export function skewClock(ms: number): void {
  skew = ms;
  globalThis.Date = SkewedDate as DateConstructor;
}

export const clockSkew = (): number => skew;
