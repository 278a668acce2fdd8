import type { History, Step } from './history/steps.ts';

/** Most runs that shrinking may take. */
const MOST_RUNS = 300;

/**
 * A shorter history that fails in the same way: parts of the steps are left out, larger ones first,
 * then devices, until nothing more can be left out (delta debugging, Zeller 1999).
 * @param fails true for a history that still shows what is looked for
 */
export async function shrink(
  history: History,
  fails: (history: History) => Promise<boolean>,
): Promise<History> {
  let runs = 0;
  const still = async (candidate: History): Promise<boolean> => {
    runs += 1;
    return runs <= MOST_RUNS && (await fails(candidate));
  };
  let best = history;
  for (let before = -1; before !== best.steps.length && runs < MOST_RUNS;) {
    before = best.steps.length;
    best = await withFewerSteps(best, still);
    best = await withFewerDevices(best, still);
    best = await withoutGaps(best, still);
  }
  return best;
}

type Still = (candidate: History) => Promise<boolean>;

async function withFewerSteps(history: History, still: Still): Promise<History> {
  let best = history;
  for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = best.steps.length - size; at >= 0; at -= size) {
      const steps = [...best.steps.slice(0, at), ...best.steps.slice(at + size)];
      const candidate = { ...best, steps };
      if (await still(candidate)) best = candidate;
      at = Math.min(at, best.steps.length);
    }
  }
  return best;
}

async function withFewerDevices(history: History, still: Still): Promise<History> {
  let best = history;
  for (let at = best.devices.length - 1; at >= 0 && best.devices.length > 1; at -= 1) {
    const steps = best.steps.flatMap((step): Step[] => {
      if (!('device' in step)) return [step];
      const device = step.device % best.devices.length;
      return device === at ? [] : [{ ...step, device: device > at ? device - 1 : device }];
    });
    const candidate = { ...best, devices: best.devices.filter((_, index) => index !== at), steps };
    if (await still(candidate)) best = candidate;
  }
  return best;
}

/** What happens at once is easier to read than what happens at odd times. */
async function withoutGaps(history: History, still: Still): Promise<History> {
  let best = history;
  for (const [at, step] of history.steps.entries()) {
    if (step.gap === 0 || best.steps.length > 30) continue;
    const steps = best.steps.with(at, { ...step, gap: 0 });
    const candidate = { ...best, steps };
    if (await still(candidate)) best = candidate;
  }
  return best;
}
