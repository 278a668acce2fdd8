import { Rng } from '../../demo-data/rng.ts';

/** What people do at a device. */
export const WORK = [
  'new-item',
  'edit-item',
  'edit-packs',
  'step-item',
  'new-shelf',
  'edit-shelf',
  'request',
  'edit-request',
  'decide-request',
  'receive',
  'issue-stock',
  'open-count',
  'count-line',
  'submit-count',
  'decide-count',
  'recall-lot',
  'kiosk',
  'kiosk-attempt',
  'new-issue',
  'edit-issue',
  'step-issue',
  'vote',
  'new-rock',
  'share-rock',
  'edit-rock',
  'meet',
  'write-notes',
  'decide-review',
  'decide-conflict',
  'undo-decision',
] as const;
/** What they do about visits of representatives, in some histories. */
const VISIT_WORK = [
  'book-visit',
  'edit-visit',
  'move-visit',
  'rebook-visit',
  'step-visit',
] as const;
export type Work = (typeof WORK | typeof VISIT_WORK)[number];

/** What goes wrong, and what is done beside the work. */
export type Trouble =
  | {
      readonly do: 'link';
      readonly device: number;
      readonly toServer: boolean;
      readonly toDevice: boolean;
    }
  | {
      readonly do: 'weather';
      readonly device: number;
      readonly drop: number;
      readonly lose: number;
      readonly duplicate: number;
      readonly slowMs: number;
    }
  | {
      readonly do: 'kill' | 'restart' | 'start' | 'copy-disk' | 'bring-back-disk' | 'twin' | 'sync';
      readonly device: number;
    }
  | { readonly do: 'kill-soon'; readonly device: number; readonly commits: number }
  | { readonly do: 'skew'; readonly device: number; readonly ms: number }
  | { readonly do: 'crash-replica' | 'start-replica'; readonly replica: number }
  | { readonly do: 'crash-database'; readonly downMs: number }
  | { readonly do: 'break-commits'; readonly lost: 'before' | 'after'; readonly times: number }
  | { readonly do: 'backup' | 'restore' }
  | { readonly do: 'revoke' | 'grant' | 'move' | 'suspend'; readonly person: number }
  | {
      readonly do: 'decide-refused';
      readonly device: number;
      readonly how: 'discard' | 'retry';
      readonly pick: number;
    };

/**
 * One step of a history. Devices, people and replicas are numbers that are taken modulo what there
 * is, `pick` is what the step's own choices follow from: so any part of a history is a history.
 */
export type Step = {
  /** Milliseconds until the next step. */
  readonly gap: number;
} & (
  | Trouble
  | { readonly do: 'work'; readonly device: number; readonly what: Work; readonly pick: number }
);

/** Everything that a run follows from. */
export interface History {
  readonly seed: number;
  /** The person (a number) at each device. */
  readonly devices: readonly number[];
  readonly steps: readonly Step[];
}

const PEOPLE = 7;

/** Kinds of trouble; a seed has some of them, so that each also comes alone and often. */
const TROUBLES = [
  'link',
  'weather',
  'kill',
  'disk',
  'twin',
  'skew',
  'replica',
  'database',
  'commits',
  'restore',
  'people',
] as const;
type TroubleKind = (typeof TROUBLES)[number];

/** The history of a seed. */
export function historyOf(seed: number): History {
  const rng = new Rng(seed, 'history');
  // Managers and leads may do most, so most machines are theirs.
  const devices = [
    0,
    ...Array.from({ length: rng.int(2, 3) }, () => rng.pick([0, 0, 1, 2, 2, 3, 4, 5, 6])),
  ];
  const troubles = TROUBLES.filter(() => rng.chance(0.4));
  const busy = new Set(WORK.filter(() => rng.chance(0.5)));
  const steps = Array.from({ length: rng.int(40, 90) }, () =>
    stepOf(rng, devices.length, troubles, busy),
  );
  // By chance two machines seldom change one field at once.
  if (rng.chance(QUARRELS)) {
    devices[1] = rng.pick([0, 0, 2]);
    steps.splice(rng.int(0, steps.length), 0, ...quarrelOf(rng));
  }
  const visits = new Rng(seed, 'visits');
  if (visits.chance(BOOKS)) putAmong(visits, steps, visitsOf(visits, devices.length));
  return { seed, devices, steps };
}

/** One history in so many has people who book the same few slots. */
const BOOKS = 0.3;

function visitsOf(rng: Rng, devices: number): Step[] {
  return Array.from({ length: rng.int(6, 16) }, () => ({
    do: 'work',
    gap: rng.int(0, 1_500),
    device: rng.int(0, devices - 1),
    what: rng.weighted(VISIT_WORK.map((work) => [work, work === 'book-visit' ? 3 : 1] as const)),
    pick: rng.uint32(),
  }));
}

function putAmong(rng: Rng, steps: Step[], others: readonly Step[]): void {
  for (const other of others) steps.splice(rng.int(0, steps.length), 0, other);
}

/** One history in so many has two machines that change the same things without hearing of each other. */
const QUARRELS = 0.5;

/** The first two machines, cut off, write the same fields; what is contested is decided, and taken back. */
function quarrelOf(rng: Rng): Step[] {
  const both = [0, 1];
  const link = (isUp: boolean): Step[] =>
    both.map((device) => ({ do: 'link', gap: 0, device, toServer: isUp, toDevice: isUp }));
  const wait = (device: number): Step => ({ do: 'sync', device, gap: rng.int(1_000, 6_000) });
  const writes = Array.from({ length: rng.int(3, 6) }, () => {
    // The same choices on both, where their disks are the same.
    const pick = rng.uint32();
    const what = rng.pick(['edit-packs', 'edit-item', 'edit-shelf', 'edit-request'] as const);
    return both.map((device): Step => ({ do: 'work', gap: rng.int(0, 300), device, what, pick }));
  });
  const decisions = Array.from({ length: rng.int(4, 10) }, (): Step => {
    const what = rng.pick(['decide-conflict', 'decide-conflict', 'undo-decision'] as const);
    const gap = rng.pick([0, 300, 3_000]);
    return { do: 'work', gap, device: rng.pick(both), what, pick: rng.uint32() };
  });
  // Those who decide may not hear of each other either.
  const isCut = rng.chance(0.4);
  return [
    ...link(false),
    ...writes.flat(),
    ...link(true),
    ...both.map(wait),
    ...(isCut ? link(false) : []),
    ...decisions,
    ...(isCut ? link(true) : []),
  ];
}

function stepOf(
  rng: Rng,
  devices: number,
  troubles: readonly TroubleKind[],
  busy: ReadonlySet<Work>,
): Step {
  const gap = rng.weighted([
    [rng.int(0, 50), 6],
    [rng.int(50, 1_500), 5],
    [rng.int(1_500, 12_000), 1],
  ]);
  const device = rng.int(0, devices - 1);
  if (troubles.length === 0 || rng.chance(0.72)) {
    const what = rng.weighted(WORK.map((work) => [work, busy.has(work) ? 4 : 1] as const));
    return { do: 'work', gap, device, what, pick: rng.uint32() };
  }
  return { gap, ...troubleOf(rng, rng.pick(troubles), device) };
}

function troubleOf(rng: Rng, trouble: TroubleKind, device: number): Trouble {
  switch (trouble) {
    case 'link': {
      const [toServer, toDevice] = rng.weighted([
        [[true, true], 3],
        [[true, false], 1],
        [[false, true], 1],
        [[false, false], 3],
      ]);
      return { do: 'link', device, toServer, toDevice };
    }
    case 'weather': {
      const bad = rng.chance(0.75);
      return {
        do: 'weather',
        device,
        drop: bad ? rng.pick([0, 0.1, 0.4]) : 0,
        lose: bad ? rng.pick([0, 0.2, 0.5]) : 0,
        duplicate: bad ? rng.pick([0, 0.3, 0.7]) : 0,
        slowMs: bad ? rng.pick([40, 800, 6_000]) : 40,
      };
    }
    case 'kill':
      return rng.chance(0.6)
        ? { do: 'kill-soon', device, commits: rng.int(1, 25) }
        : { do: rng.pick(['kill', 'restart', 'sync']), device };
    case 'disk':
      return { do: rng.pick(['copy-disk', 'bring-back-disk', 'restart']), device };
    case 'twin':
      return { do: rng.pick(['copy-disk', 'twin', 'sync']), device };
    case 'skew': {
      const day = 86_400_000;
      const ms = rng.pick([0, 90_000, -90_000, 400_000, -day, 5 * 365 * day, -5 * 365 * day]);
      return { do: 'skew', device, ms };
    }
    case 'replica':
      return { do: rng.pick(['crash-replica', 'start-replica']), replica: rng.int(0, 1) };
    case 'database':
      return { do: 'crash-database', downMs: rng.int(1, 8_000) };
    case 'commits':
      return { do: 'break-commits', lost: rng.pick(['before', 'after']), times: rng.int(1, 3) };
    case 'restore':
      return { do: rng.pick(['backup', 'backup', 'restore']) };
    case 'people':
      return rng.chance(0.3)
        ? { do: 'decide-refused', device, how: rng.pick(['discard', 'retry']), pick: rng.uint32() }
        : {
            do: rng.pick(['revoke', 'revoke', 'grant', 'grant', 'move', 'suspend']),
            person: rng.int(0, PEOPLE - 1),
          };
  }
}
