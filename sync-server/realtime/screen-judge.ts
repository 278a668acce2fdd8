import type pg from 'pg';
import { mayDo } from '#shared/access/rights.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Screen } from '#shared/protocol/presence.ts';
import { createLru } from '../auth/lru.ts';
import { withSession } from '../db/with-session.ts';
import type { Caller } from '../http/route.ts';
import { readAccess, requireKnown } from '../sync/access.ts';
import { findSql } from '../sync/table-sql.ts';

/** What the server knows of somebody who says what they show. */
export interface Judgement {
  /** From the table of users, never from a device. */
  readonly name: string;
  readonly allowed: ReadonlySet<Screen>;
}

export interface ScreenJudge {
  /**
   * Which of these screens are about rows that the person may read. A row that does not exist and one
   * that they may not see are the same.
   * @throws AppError AUTH_NO_ACCESS, DEVICE_REFUSED, and errors of the database
   */
  judge(caller: Caller, screens: readonly Screen[]): Promise<Judgement>;
  /** Rights have changed: nothing that was judged before counts any more. */
  forget(): void;
}

/** A right that ended is noticed after so long where no change was announced, milliseconds. */
const ALLOWED_MS = 60_000;
/** A row that is not there may have been made on a device that has not pushed it yet, milliseconds. */
const REFUSED_MS = 5_000;
const MAX_KNOWN = 50_000;

interface Known {
  readonly allowed: boolean;
  readonly name: string;
  readonly until: number;
}

/**
 * Judges by both locks: the row is read under the person's policies, and by the matrix over what was
 * read. Answers are kept for a while, so that a heartbeat costs no query.
 */
export function createScreenJudge(
  pool: pg.Pool,
  now: () => number = () => performance.now(),
): ScreenJudge {
  let known = createLru<string, Known>(MAX_KNOWN);
  const keyOf = (caller: Caller, { table, id }: Screen): string =>
    `${caller.userId}/${caller.deviceId}/${table}/${id}`;

  const ask = async (caller: Caller, screens: readonly Screen[]): Promise<void> => {
    const answers = known;
    await withSession(
      pool,
      caller,
      async (tx) => {
        const access = requireKnown(
          await tx.asEngine((engine) => readAccess(engine, caller.userId, caller.deviceId)),
        );
        for (const [table, asked] of Map.groupBy(screens, (screen) => screen.table)) {
          const { text, values } = findSql(table, { fields: { id: asked.map(({ id }) => id) } });
          const rows = await tx.query<{ id: string; doc: Row }>(text, values);
          const readable = new Set(
            rows
              .filter(({ doc }) => mayDo(access.grants, caller.userId, table, 'read', doc))
              .map(({ id }) => id),
          );
          for (const screen of asked) {
            const allowed = readable.has(screen.id);
            answers.set(keyOf(caller, screen), {
              allowed,
              name: access.user.displayName,
              until: now() + (allowed ? ALLOWED_MS : REFUSED_MS),
            });
          }
        }
      },
      { mode: 'snapshot' },
    );
  };

  return {
    async judge(caller, screens) {
      const missing = screens.filter((screen) => {
        const answer = known.get(keyOf(caller, screen));
        return !answer || answer.until <= now();
      });
      if (missing.length > 0) await ask(caller, missing);
      const allowed = new Set<Screen>();
      let name = '';
      for (const screen of screens) {
        const answer = known.get(keyOf(caller, screen));
        if (!answer) continue;
        name = answer.name;
        if (answer.allowed) allowed.add(screen);
      }
      return { name, allowed };
    },
    forget() {
      known = createLru(MAX_KNOWN);
    },
  };
}

/** Tables that say who may do what. */
export const RIGHTS_TABLES: ReadonlySet<TableName> = new Set([
  'user_roles',
  'eos_team_members',
  'users',
]);
