import { describe, expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { HubFailure } from './hub-failure.ts';
import { UniversalHub } from './universal-hub.ts';
import type { HubCall, HubDeps, HubRecord } from './universal-hub.ts';

class Hub extends UniversalHub {
  constructor(deps: HubDeps) {
    super('trial', { one: 'live', other: 'live', away: 'off' }, deps);
  }
}

const call = (over: Partial<HubCall> = {}): HubCall => ({
  partner: 'one',
  operation: 'send',
  key: 'k1',
  repeat: 'never',
  about: { table: 'order_sends', id: '0', locationId: null },
  ...over,
});

function rig() {
  const audited: HubRecord[] = [];
  const counted: HubRecord[] = [];
  let now = 0;
  const hub = new Hub({
    clock: { now: () => now },
    log: silentLogger,
    audit: async (record) => void audited.push(record),
    onCall: (record) => counted.push(record),
    pace: {
      timeoutMs: 60,
      tries: 3,
      firstWaitMs: 1,
      longestWaitMs: 20,
      breaker: { failures: 4, pauseMs: 1_000, longestPauseMs: 8_000 },
    },
  });
  return { hub, audited, counted, pass: (ms: number) => (now += ms) };
}
const busy = (done: 'no' | 'unknown', retryAfterMs: number | null = null) =>
  new HubFailure('HUB_BUSY', { done, retryAfterMs });
const caught = (promise: Promise<unknown>): Promise<HubFailure> =>
  promise.then(
    () => {
      throw new Error('did not fail');
    },
    (error: unknown) => error as HubFailure,
  );

describe('a call of a hub', () => {
  test('is counted and audited once, whatever it took', async () => {
    const { hub, audited, counted } = rig();
    const keys: string[] = [];
    const answer = await hub.executeWithMonitoring(call(), async ({ key }) => {
      keys.push(key);
      if (keys.length < 3) throw busy('no');
      return 'there';
    });
    expect(answer).toBe('there');
    expect(keys).toEqual(['k1', 'k1', 'k1']);
    expect(counted).toMatchObject([{ hub: 'trial', outcome: 'ok', attempts: 3 }]);
    expect(audited).toEqual(counted);
    expect(hub.health()[0]).toMatchObject({ partner: 'one', state: 'ok', calls: 1, failures: 0 });
  });

  test('is not made again when it may have been carried out, unless the partner takes a key', async () => {
    const { hub } = rig();
    for (const [repeat, tries] of [
      ['never', 1],
      ['same-key', 3],
    ] as const) {
      let made = 0;
      const failure = await caught(
        hub.executeWithMonitoring(call({ repeat, partner: 'other' }), async () => {
          made += 1;
          throw new HubFailure('HUB_FAILED', { done: 'unknown' });
        }),
      );
      expect([made, failure.code, failure.done]).toEqual([tries, 'HUB_FAILED', 'unknown']);
    }
  });

  test('that may have been carried out stays one of which nobody knows, whatever its last try met', async () => {
    const { hub } = rig();
    const ends = [
      new HubFailure('HUB_FAILED', { done: 'unknown' }),
      new HubFailure('HUB_REFUSED', { done: 'no', theirs: 'gone' }),
    ];
    const failure = await caught(
      hub.executeWithMonitoring(call({ repeat: 'same-key' }), async () => {
        throw ends.shift() ?? new Error('asked too often');
      }),
    );
    expect([failure.code, failure.done, failure.safe]).toEqual([
      'HUB_REFUSED',
      'unknown',
      { theirs: 'gone' },
    ]);
  });

  test('is not made again when it was refused, or when the partner wants to be left alone for long', async () => {
    const { hub } = rig();
    for (const error of [new HubFailure('HUB_REFUSED', { done: 'no' }), busy('no', 60_000)]) {
      let made = 0;
      const failure = await caught(
        hub.executeWithMonitoring(call(), async () => {
          made += 1;
          throw error;
        }),
      );
      expect([made, failure]).toEqual([1, error]);
    }
  });

  test('has a time limit, after which nobody knows', async () => {
    const { hub } = rig();
    let isStopped = false;
    const failure = await caught(
      hub.executeWithMonitoring(
        call(),
        ({ signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              isStopped = true;
              reject(new Error('stopped'));
            });
          }),
      ),
    );
    expect([failure.code, failure.done, isStopped]).toEqual(['HUB_TIMEOUT', 'unknown', true]);
  });

  test('of a fault that is not the partner’s ends as one of which nobody knows, without its words', async () => {
    const { hub, counted } = rig();
    const failure = await caught(
      hub.executeWithMonitoring(call(), () => Promise.reject(new Error('Ada Lovelace'))),
    );
    expect([failure.code, failure.done, failure.message]).toEqual([
      'HUB_FAILED',
      'unknown',
      'HUB_FAILED',
    ]);
    expect(JSON.stringify(counted)).not.toContain('Ada');
  });

  test('to a partner that is not set up is never made', async () => {
    const { hub } = rig();
    const never = () => Promise.reject(new Error('called'));
    const failure = await caught(hub.executeWithMonitoring(call({ partner: 'away' }), never));
    expect([failure.code, failure.done]).toEqual(['HUB_OFF', 'no']);
  });

  test('is held back while the partner fails, of that partner alone, and tried again later', async () => {
    const { hub, pass } = rig();
    let made = 0;
    const failing = (partner: string) =>
      caught(
        hub.executeWithMonitoring(call({ partner }), async () => {
          made += 1;
          throw new HubFailure('HUB_UNREACHABLE', { done: 'no', retryAfterMs: 60_000 });
        }),
      );
    for (let n = 0; n < 4; n += 1) await failing('one');
    expect(made).toBe(4);
    const held = await failing('one');
    expect([held.code, held.done, held.retryAfterMs, made]).toEqual(['HUB_PAUSED', 'no', 1_000, 4]);
    expect(hub.health()[0]?.state).toBe('paused');
    expect(await hub.executeWithMonitoring(call({ partner: 'other' }), async () => 1)).toBe(1);
    pass(1_000);
    expect(await hub.executeWithMonitoring(call(), async () => 2)).toBe(2);
    expect(hub.health()[0]?.state).toBe('ok');
  });

  test('that was carried out stays so when it cannot be written into the audit', async () => {
    const lines: string[] = [];
    const log = { ...silentLogger, error: (line: string) => void lines.push(line) };
    const hub = new Hub({
      clock: { now: () => 0 },
      log,
      audit: () => Promise.reject(new Error('no database')),
    });
    expect(await hub.executeWithMonitoring(call(), async () => 'done')).toBe('done');
    expect(lines).toEqual(['call not in the audit']);
  });
});
