import { describe, expect, test } from 'vitest';
import { CollectionPool } from './collection-pool.ts';

function poolOf(max: number, waitMs = 10_000) {
  const events: string[] = [];
  let open = 0;
  let most = 0;
  const pool = new CollectionPool<string, string>({
    max,
    waitMs,
    open: async (name) => {
      events.push(`open ${name}`);
      await Promise.resolve();
      open += 1;
      most = Math.max(most, open);
      if (name === 'broken') {
        open -= 1;
        throw new Error('cannot open');
      }
      return name;
    },
    close: async (name) => {
      await Promise.resolve();
      open -= 1;
      events.push(`close ${name}`);
    },
  });
  return { pool, events, most: () => most };
}

describe('CollectionPool', () => {
  test('opens a name once for many users', async () => {
    const { pool, events } = poolOf(2);
    await Promise.all([pool.acquire('a'), pool.acquire('a'), pool.acquire('a')]);
    expect(events).toEqual(['open a']);
  });

  test('closes the least recently used that nobody holds', async () => {
    const { pool, events } = poolOf(2);
    (await pool.acquire('a')).release();
    (await pool.acquire('b')).release();
    (await pool.acquire('a')).release();
    await pool.acquire('c');
    expect(events).toEqual(['open a', 'open b', 'close b', 'open c']);
    expect(pool.names()).toEqual(['a', 'c']);
  });

  test('never closes what is held, not even when it is the oldest', async () => {
    const { pool, events } = poolOf(2);
    await pool.acquire('a');
    (await pool.acquire('b')).release();
    await pool.acquire('c');
    expect(events).toEqual(['open a', 'open b', 'close b', 'open c']);
  });

  test('waits for a release while all places are held, and never exceeds the limit', async () => {
    const { pool, events, most } = poolOf(2);
    const a = await pool.acquire('a');
    await pool.acquire('b');
    const waiting = pool.acquire('c');
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(events).not.toContain('open c');
    a.release();
    expect((await waiting).item).toBe('c');
    expect(most()).toBe(2);
  });

  test('says which are open when no place comes free in time, and opens later', async () => {
    const { pool } = poolOf(2, 20);
    const a = await pool.acquire('a');
    await pool.acquire('b');
    await expect(pool.acquire('c')).rejects.toMatchObject({
      code: 'STORE_OVERLOADED',
      safe: { open: ['a', 'b'] },
    });
    a.release();
    expect((await pool.acquire('c')).item).toBe('c');
  });

  test('gives what is open at once, even while another opening waits for a place', async () => {
    const { pool } = poolOf(1);
    const first = await pool.acquire('a');
    const waiting = pool.acquire('b');
    (await pool.acquire('a')).release();
    first.release();
    expect((await waiting).item).toBe('b');
  });

  test('releasing twice gives up one hold only', async () => {
    const { pool, events } = poolOf(1);
    const first = await pool.acquire('a');
    await pool.acquire('a');
    first.release();
    first.release();
    void pool.acquire('b');
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(events).toEqual(['open a']);
  });

  test('a failed opening reaches its caller and blocks nobody', async () => {
    const { pool } = poolOf(1);
    await expect(pool.acquire('broken')).rejects.toThrow('cannot open');
    expect((await pool.acquire('a')).item).toBe('a');
  });
});
