import { beforeEach, describe, expect, test } from 'vitest';
import { ALERT_RULES } from '#shared/protocol/admin-monitor.ts';
import type { AlertRule } from '#shared/protocol/admin-monitor.ts';
import { CLEAR_AFTER_MS, ESCALATION, SAME_WITHIN_MS, judge } from './alert-book.ts';
import type { Alert, Notice, Silence } from './alert-book.ts';
import type { Replica, ReplicaFigures, SystemState } from './figures.ts';
import { RULES } from './rules.ts';
import { createTraffic } from './traffic.ts';

/** Every rule, on a clock of its own: it fires when it should, not before, and it is over. */

const START = 1_700_000_000_000;
const ROUND = 10_000;
const MINUTE = 60_000;
let now: number;
let book: Alert[];
let silences: Silence[];
let told: Notice[];
let ids: number;
beforeEach(() => {
  now = START;
  book = [];
  silences = [];
  told = [];
  ids = 0;
});

const clock = { now: () => now };

function figures(over: Partial<ReplicaFigures> = {}): ReplicaFigures {
  return {
    memoryBytes: 100,
    memoryLimit: 1_000,
    liveConnections: 5,
    redis: 'ok',
    pool: { used: 2, waiting: 0, most: 10 },
    databaseMs: 3,
    traffic: createTraffic(clock).figures(),
    partners: [],
    failedJobs: [],
    ...over,
  };
}

const replica = (over: Partial<ReplicaFigures> = {}, id = 'one'): Replica => ({
  id,
  startedAt: START - MINUTE,
  seenAt: now,
  stoppedAt: null,
  figures: figures(over),
});

const well = (over: Partial<SystemState> = {}): SystemState => ({
  now,
  replicas: [replica()],
  wasDownMs: null,
  outbox: { waiting: 0, failed: 0, oldestMs: 0 },
  devices: { active: 9, silent: 0, waiting: 0, longestQueue: 0, versions: {} },
  security: { refusedActs: 0, brokenChains: 0 },
  backup: { isOn: true, lastAt: now - MINUTE, lastFailedAt: null },
  ...over,
});

/** What a replica had to do, as it counts it. */
function traffic(does: (traffic: ReturnType<typeof createTraffic>) => void): SystemState {
  const own = createTraffic(clock);
  does(own);
  return well({ replicas: [replica({ traffic: own.figures() })] });
}

const times = (n: number, work: () => void): void => {
  for (let turn = 0; turn < n; turn += 1) work();
};

/** How things look when a rule holds. */
const BAD: Readonly<Record<AlertRule, () => SystemState>> = {
  'application-down': () =>
    well({ replicas: [replica(), { ...replica({}, 'two'), seenAt: now - 30_000 }] }),
  'database-failing': () => traffic((own) => times(3, () => own.connectionFailed())),
  'partner-failing': () => {
    const partner = { partner: 'twilio', lastOkAt: 1, lastFailureAt: now - 1, code: 'HUB_TIMEOUT' };
    return well({ replicas: [replica({ partners: [partner] })] });
  },
  'security-refusals': () => well({ security: { refusedActs: 10, brokenChains: 0 } }),
  'audit-broken': () => well({ security: { refusedActs: 0, brokenChains: 1 } }),
  'response-slow': () => traffic((own) => times(20, () => own.request(200, 2_001))),
  'errors-many': () =>
    traffic((own) => {
      times(98, () => own.request(200, 5));
      times(2, () => own.request(500, 5));
    }),
  'cache-misses': () =>
    traffic((own) => {
      times(59, () => own.cacheLookup(true));
      times(41, () => own.cacheLookup(false));
    }),
  'memory-high': () => well({ replicas: [replica({ memoryBytes: 811 })] }),
  'statements-slow': () => traffic((own) => own.slowStatement('select pg_sleep($1)')),
  'pool-full': () => well({ replicas: [replica({ pool: { used: 10, waiting: 3, most: 10 } })] }),
  'redis-away': () => well({ replicas: [replica({ redis: 'away' })] }),
  'outbox-late': () => well({ outbox: { waiting: 1, failed: 0, oldestMs: 15 * MINUTE + 1 } }),
  'outbox-failed': () => well({ outbox: { waiting: 0, failed: 2, oldestMs: 0 } }),
  'job-failed': () => well({ replicas: [replica({ failedJobs: ['upkeep'] })] }),
  'device-silent': () =>
    well({ devices: { active: 9, silent: 1, waiting: 4, longestQueue: 0, versions: {} } }),
  'device-queue': () =>
    well({ devices: { active: 9, silent: 0, waiting: 250, longestQueue: 200, versions: {} } }),
  'backup-late': () =>
    well({ backup: { isOn: true, lastAt: now - 25 * 60 * MINUTE, lastFailedAt: null } }),
};

/** One round on what the rounds before left behind, as the database would keep it. */
function round(state: SystemState): Notice[] {
  const judged = judge(state, book, silences, () => `alert-${(ids += 1)}`);
  const changed = new Map(judged.alerts.map((alert) => [alert.id, alert]));
  book = book
    .filter(({ id }) => !judged.dropped.includes(id) && !changed.has(id))
    .concat([...changed.values()])
    .filter(({ clearedAt }) => clearedAt === null || clearedAt > now - SAME_WITHIN_MS);
  told.push(...judged.notices);
  return [...judged.notices];
}

/** Rounds, ten seconds apart, until it is so late. */
function until(end: number, state: () => SystemState): void {
  for (; now <= end; now += ROUND) round(state());
}

const events = () => told.map(({ event, alert }) => `${event} ${alert.rule}`);

describe.each(ALERT_RULES)('%s', (rule) => {
  const { forMs, severity } = RULES[rule];

  test('fires once its condition has lasted, once, and is over when it has been well', () => {
    until(START + MINUTE, well);
    expect(told).toEqual([]);
    const begins = now;
    until(begins + forMs - 1, BAD[rule]);
    expect(told).toEqual([]);
    until(begins + forMs + 5 * ROUND, BAD[rule]);
    expect(events()).toEqual([`fired ${rule}`]);
    expect(told[0]?.alert).toMatchObject({ severity, firedAt: begins + forMs });
    told = [];
    const ends = now;
    until(ends + CLEAR_AFTER_MS - 1, well);
    expect(told).toEqual([]);
    until(ends + CLEAR_AFTER_MS + ROUND, well);
    expect(events()).toEqual([`cleared ${rule}`]);
    until(now + SAME_WITHIN_MS, well);
    expect(book).toEqual([]);
  });

  test('says nothing of what passes before it has lasted', () => {
    if (forMs === 0) {
      // At once: one round is enough.
      round(BAD[rule]());
      expect(events()).toEqual([`fired ${rule}`]);
      return;
    }
    until(START + forMs - 1, BAD[rule]);
    until(now + MINUTE, well);
    expect(told).toEqual([]);
    expect(book).toEqual([]);
  });

  test('keeps the promise of its level: critical at once, a warning within five minutes', () => {
    // A partner is critical after it has failed for five minutes, by definition.
    const longest = rule === 'partner-failing' || severity === 'warning' ? 5 * MINUTE : 0;
    expect(forMs).toBeLessThanOrEqual(longest);
  });
});

describe('thresholds', () => {
  const holds = (rule: AlertRule, state: SystemState): boolean =>
    RULES[rule].find(state).length > 0;

  test.each([
    ['response-slow', () => traffic((own) => times(100, () => own.request(200, 1_999)))],
    ['response-slow', () => traffic((own) => times(5, () => own.request(200, 9_999)))],
    [
      'errors-many',
      () =>
        traffic((own) => {
          times(99, () => own.request(200, 5));
          own.request(500, 5);
        }),
    ],
    [
      'cache-misses',
      () =>
        traffic((own) => {
          times(60, () => own.cacheLookup(true));
          times(40, () => own.cacheLookup(false));
        }),
    ],
    ['memory-high', () => well({ replicas: [replica({ memoryBytes: 800 })] })],
    ['memory-high', () => well({ replicas: [replica({ memoryBytes: 9e9, memoryLimit: null })] })],
    ['database-failing', () => traffic((own) => times(2, () => own.connectionFailed()))],
    ['outbox-late', () => well({ outbox: { waiting: 9, failed: 0, oldestMs: 15 * MINUTE } })],
    ['backup-late', () => well({ backup: { isOn: false, lastAt: null, lastFailedAt: null } })],
    [
      'application-down',
      () => well({ replicas: [replica(), { ...replica({}, 'two'), seenAt: now - 29_999 }] }),
    ],
  ] as const)('%s does not hold just below its threshold', (rule, state) => {
    expect(holds(rule, state())).toBe(false);
  });

  test('a replica that was stopped in order, or replaced by a new one, is not down', () => {
    const gone = { ...replica({}, 'two'), seenAt: now - MINUTE };
    expect(holds('application-down', well({ replicas: [replica(), gone] }))).toBe(true);
    const stopped = { ...gone, stoppedAt: gone.seenAt };
    expect(holds('application-down', well({ replicas: [replica(), stopped] }))).toBe(false);
    const successor = { ...replica({}, 'three'), startedAt: now - 5_000 };
    expect(holds('application-down', well({ replicas: [gone, successor] }))).toBe(false);
    expect(holds('application-down', well({ wasDownMs: 45_000 }))).toBe(true);
  });

  test('guessing at sign-ins counts, a few expired tokens among many requests do not', () => {
    const refused = (bad: number, good: number) =>
      traffic((own) => {
        times(bad, () => own.request(401, 2));
        times(good, () => own.request(200, 2));
      });
    expect(holds('security-refusals', refused(60, 5_000))).toBe(false);
    expect(holds('security-refusals', refused(60, 100))).toBe(true);
  });

  test('what was in the last five minutes counts, not what was before', () => {
    const own = createTraffic(clock);
    times(50, () => own.request(500, 3_000));
    expect(own.figures()).toMatchObject({ requests: 50, errors: 50 });
    now += 6 * MINUTE;
    expect(own.figures()).toMatchObject({ requests: 0, errors: 0 });
  });

  test('a partner that works on one replica works', () => {
    const of = (lastOkAt: number | null, lastFailureAt: number | null) =>
      replica({ partners: [{ partner: 'smtp', lastOkAt, lastFailureAt, code: 'HUB_BUSY' }] });
    expect(holds('partner-failing', well({ replicas: [of(now - 10, now - 5)] }))).toBe(true);
    const both = [of(now - 10, now - 5), of(now - 1, null)];
    expect(holds('partner-failing', well({ replicas: both }))).toBe(false);
  });
});

describe('who is told', () => {
  const bad = BAD['outbox-failed'];

  test('what comes and goes within minutes is one alert, told once', () => {
    round(bad());
    for (let turn = 0; turn < 3; turn += 1) {
      now += ROUND;
      until(now + CLEAR_AFTER_MS, well);
      round(bad());
    }
    expect(events()).toEqual(['fired outbox-failed', 'cleared outbox-failed']);
    expect(book).toMatchObject([{ times: 4 }]);
  });

  test('while it is silenced it fires and nobody is told; they are when the silence ends', () => {
    silences = [{ rule: 'outbox-failed', subject: null }];
    until(START + 30 * MINUTE, bad);
    expect(told).toEqual([]);
    expect(book).toMatchObject([{ firedAt: START, toldAt: null }]);
    silences = [];
    round(bad());
    expect(events()).toEqual(['fired outbox-failed']);
  });

  test('a silence of one subject leaves the others', () => {
    silences = [{ rule: 'job-failed', subject: 'upkeep' }];
    const both = () => well({ replicas: [replica({ failedJobs: ['upkeep', 'outbox'] })] });
    until(START + 5 * MINUTE, both);
    expect(told.map(({ alert }) => alert.subject)).toEqual(['outbox']);
  });

  test.each([
    ['critical', BAD['audit-broken']],
    ['warning', bad],
  ] as const)(
    '%s: more people are told step by step, until somebody takes it up',
    (level, state) => {
      const steps = ESCALATION[level];
      until(START + Math.max(...steps) + MINUTE, state);
      expect(told.map(({ event }) => event)).toEqual(['fired', ...steps.map(() => 'escalated')]);
      expect(told.slice(1).map(({ alert }) => alert.level)).toEqual([...steps.keys()]);
    },
  );

  test('nobody is called any more once somebody has taken it up', () => {
    round(BAD['audit-broken']());
    book = book.map((alert) => ({ ...alert, acknowledgedAt: now }));
    until(START + 5 * 60 * MINUTE, BAD['audit-broken']);
    expect(events()).toEqual(['fired audit-broken']);
  });
});
