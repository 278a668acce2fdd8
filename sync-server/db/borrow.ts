import type pg from 'pg';

/** A connection of the pool while it is lent out. */
export interface Borrowed {
  readonly client: pg.PoolClient;
  /** Gives it back; with an error, or when it was lost meanwhile, nobody gets it again. */
  giveBack(error?: Error): void;
}

/**
 * Lends a connection of the pool. The error of one that drops while it is lent out is heard by nobody
 * else, and would end the process.
 */
export async function borrow(pool: pg.Pool): Promise<Borrowed> {
  const client = await pool.connect();
  let lost: Error | undefined;
  const onLost = (error: Error): void => {
    lost = error;
  };
  client.on('error', onLost);
  return {
    client,
    giveBack(error) {
      client.off('error', onLost);
      client.release(error ?? lost);
    },
  };
}
