import type { Request } from './authorizations.ts';
import type { Step } from './book.ts';
import { DAY_MS, addDays } from './calendar.ts';
import { localDate } from './world.ts';
import type { World } from './world.ts';

/** The step up after a denial: about two of five succeed. */
export function writeAppeal(
  world: World,
  { visit, about, specialist, device }: Request,
  response: string,
  deniedAt: number,
): void {
  const { rng } = visit;
  const at = deniedAt + rng.int(4, 72) * 3_600_000;
  if (at > world.now) return;
  const filedAt = at + rng.int(1, 8) * DAY_MS;
  const decidedAt = filedAt + rng.int(3, 30) * DAY_MS;
  const end = rng.weighted([
    ['overturned', 42],
    ['upheld', 48],
    ['withdrawn', 10],
  ]);
  const steps = (
    [
      ['filed', filedAt, specialist],
      [end, decidedAt, specialist],
    ] satisfies Step[]
  ).filter(([, time]) => time <= world.now);
  world.book.addMoved(
    'appeals',
    { at, by: specialist, device },
    {
      ...about,
      response_id: response,
      level: rng.weighted([
        ['resubmit', 3],
        ['peer_to_peer', 4],
        ['internal', 3],
        ['external', 0.5],
      ] as const),
      deadline_on: addDays(localDate(deniedAt), 180),
      argument: 'The plan’s own criteria are met; see the dates of the trials.',
      assigned_to: specialist,
    },
    'preparing',
    steps,
  );
}
