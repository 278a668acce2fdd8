import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { CODES } from '#shared/errors/codes.ts';
import type { Code } from '#shared/errors/codes.ts';
import { SYNC_STATES, SyncStatus } from '#shared/ipc/sync-status.ts';
import { deriveSyncState } from './sync-state.ts';
import type { ReplicationStatus, SyncFacts } from './sync-state.ts';

const QUIET: SyncFacts = {
  waiting: 0,
  needsYou: 0,
  unreachedMs: null,
  problem: null,
  storeFails: false,
  pushing: false,
  pushHeld: false,
  caughtUp: true,
};

describe('the state that a person reads', () => {
  test.each<[string, Partial<SyncFacts>, string]>([
    ['nothing waits and all is loaded', {}, 'synced'],
    ['what others did is still being loaded', { caughtUp: false }, 'syncing'],
    ['a change was just made', { waiting: 1 }, 'saved-here'],
    ['a change is on its way', { waiting: 2, pushing: true }, 'syncing'],
    ['a change waits for its next try', { waiting: 2, pushHeld: true }, 'queued'],
    ['the server is away for two seconds', { unreachedMs: 2000, waiting: 0 }, 'synced'],
    [
      'the server is away for two seconds, a change waits',
      { unreachedMs: 2000, waiting: 1 },
      'saved-here',
    ],
    ['the server is away', { unreachedMs: 3000, problem: 'SERVER_UNREACHABLE' }, 'offline'],
    ['the server is away and changes wait', { unreachedMs: 9e9, waiting: 3 }, 'offline'],
    ['a portal answers', { unreachedMs: 9000, problem: 'SERVER_ANSWER_INVALID' }, 'offline'],
    ['a change was refused', { needsYou: 1 }, 'needs-you'],
    ['a change was refused and the server is away', { needsYou: 1, unreachedMs: 9e9 }, 'needs-you'],
    ['the sign-in has ended', { problem: 'AUTH_SESSION_ENDED', waiting: 3 }, 'paused'],
    ['the app is too old', { problem: 'SYNC_CLIENT_TOO_OLD' }, 'paused'],
    ['the device is refused', { problem: 'DEVICE_REFUSED' }, 'failed'],
    ['nobody gave the person a role', { problem: 'AUTH_NO_ACCESS' }, 'failed'],
    ['the disk is full', { problem: 'STORE_DISK_FULL', storeFails: true }, 'failed'],
    ['the server fails for long', { problem: 'INTERNAL', unreachedMs: 60_000 }, 'failed'],
    ['the server fails for a moment', { problem: 'INTERNAL', unreachedMs: 100 }, 'synced'],
  ])('%s', (_what, facts, state) => {
    expect(deriveSyncState({ ...QUIET, ...facts })).toBe(state);
  });

  test('is one of eight for all facts, and never "synced" while anything waits', () => {
    const codes = Object.keys(CODES) as Code[];
    const anyFacts = fc.record<SyncFacts>({
      waiting: fc.nat(3),
      needsYou: fc.nat(2),
      unreachedMs: fc.option(fc.nat(10_000)),
      problem: fc.option(fc.constantFrom(...codes)),
      storeFails: fc.boolean(),
      pushing: fc.boolean(),
      pushHeld: fc.boolean(),
      caughtUp: fc.boolean(),
    });
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const state = deriveSyncState(facts);
        expect(SYNC_STATES).toContain(state);
        if (state === 'synced') {
          expect(facts).toMatchObject({ waiting: 0, needsYou: 0, caughtUp: true });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test('the status has the shape that windows expect', () => {
  const status: ReplicationStatus = {
    state: 'offline',
    online: false,
    waiting: 3,
    needsYou: 0,
    lastSyncedAt: 1,
    firstSync: { done: 1, total: 8 },
    problem: 'SERVER_UNREACHABLE',
  };
  const same: SyncStatus = status;
  expect(SyncStatus.parse(status)).toEqual(same);
});
