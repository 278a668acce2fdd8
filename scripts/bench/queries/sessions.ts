import type pg from 'pg';
import { DEVICE } from './people.ts';
import type { BenchPerson } from './people.ts';

/** In whose name statements run. `owner` is the superuser, whom no policy concerns. */
export type Actor =
  | { readonly person: BenchPerson; readonly as: 'person' | 'engine' }
  | { readonly as: 'owner' };

/** The claims of a person's token. */
export const claimsOf = (person: BenchPerson): Record<string, string> => ({
  sub: person.id,
  role: 'authenticated',
  device_id: DEVICE(person.id),
});

/** Runs work in one transaction in somebody's name, as requests do, and undoes it. */
export async function undone<T>(
  client: pg.ClientBase,
  actor: Actor,
  work: () => Promise<T>,
): Promise<T> {
  await client.query('begin');
  try {
    if (actor.as !== 'owner') {
      const role = actor.as === 'engine' ? 'ganger_engine' : 'authenticated';
      await client.query(
        `select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)`,
        [role, JSON.stringify(claimsOf(actor.person))],
      );
    }
    return await work();
  } finally {
    await client.query('rollback');
  }
}

/** Milliseconds that work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
