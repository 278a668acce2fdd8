import { describe, expect, it } from 'vitest';
import { createAttemptLimiter } from './attempt-limiter.ts';

describe('createAttemptLimiter', () => {
  const setUp = () => {
    const clock = { ms: 1_000_000 };
    return { clock, limiter: createAttemptLimiter({ max: 3, windowMs: 60_000 }, () => clock.ms) };
  };

  it('lets nobody try after the last failure allowed, until the first is old', () => {
    const { clock, limiter } = setUp();
    for (let i = 0; i < 3; i++) {
      limiter.check('ana');
      limiter.failed('ana');
      clock.ms += 10_000;
    }
    expect(() => limiter.check('ana')).toThrow('Request rate limit reached');
    limiter.check('ben');
    clock.ms += 30_000;
    limiter.check('ana');
    limiter.failed('ana');
    expect(() => limiter.check('ana')).toThrow('limit reached');
  });

  it('forgets the failures of whoever got it right', () => {
    const { limiter } = setUp();
    for (let i = 0; i < 3; i++) limiter.failed('ana');
    limiter.succeeded('ana');
    expect(() => limiter.check('ana')).not.toThrow();
  });

  it('stays exact for the others when it clears out old keys', () => {
    const { clock, limiter } = setUp();
    for (let i = 0; i < 10_000; i++) limiter.failed(`old ${i}`);
    clock.ms += 60_001;
    for (let i = 0; i < 3; i++) limiter.failed('ana');
    expect(() => limiter.check('ana')).toThrow('limit reached');
    limiter.check('old 5');
  });
});
