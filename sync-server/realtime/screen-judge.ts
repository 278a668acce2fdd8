import { setImmediate as turn } from 'node:timers/promises';
import type pg from 'pg';
import { mayDo } from '#shared/access/rights.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Screen } from '#shared/protocol/presence.ts';
import type { CacheManager } from '../cache/cache-manager.ts';
import { DATA_TYPES } from '../cache/data-types.ts';
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
   * @throws AppError as `requireKnown`, and errors of the database
   */
  judge(caller: Caller, screens: readonly Screen[]): Promise<Judgement>;
}

/** A row that is not there may have been made on a device that has not pushed it yet, milliseconds. */
const REFUSED_MS = 5_000;

interface Known {
  readonly allowed: boolean;
  readonly name: string;
}

/**
 * Judges by both locks: the row is read under the person's policies, and by the matrix over what was
 * read. Answers are kept for a while, so that a heartbeat costs no query; they end when rights change.
 */
export function createScreenJudge(pool: pg.Pool, cache: CacheManager): ScreenJudge {
  const ask = (caller: Caller, screens: readonly Screen[]): Promise<ReadonlyMap<Screen, Known>> =>
    withSession(
      pool,
      caller,
      async (tx) => {
        const access = requireKnown(
          await tx.asEngine((engine) => readAccess(engine, caller.userId, caller.deviceId)),
        );
        const name = access.user.displayName;
        const answers = new Map<Screen, Known>();
        for (const [table, asked] of Map.groupBy(screens, (screen) => screen.table)) {
          const { text, values } = findSql(table, { fields: { id: asked.map(({ id }) => id) } });
          const rows = await tx.query<{ id: string; doc: Row }>(text, values);
          const readable = new Set(
            rows
              .filter(({ doc }) => mayDo(access.grants, caller.userId, table, 'read', doc))
              .map(({ id }) => id),
          );
          for (const screen of asked) {
            answers.set(screen, { allowed: readable.has(screen.id), name });
          }
        }
        return answers;
      },
      { mode: 'snapshot' },
    );

  return {
    async judge(caller, screens) {
      const missing: Screen[] = [];
      let asked: Promise<ReadonlyMap<Screen, Known>> | null = null;
      const known = await Promise.all(
        screens.map((screen) =>
          cache.through<Known>('screen', {
            key: `${caller.userId}/${caller.deviceId}/${screen.table}/${screen.id}`,
            tags: RIGHTS_TABLES,
            async load() {
              missing.push(screen);
              // One question for all, once each of them has been looked for.
              asked ??= turn().then(() => ask(caller, missing));
              return (await asked).get(screen) ?? null;
            },
            freshMs: ({ allowed }) => (allowed ? Number.POSITIVE_INFINITY : REFUSED_MS),
          }),
        ),
      );
      return {
        name: known.find((one) => one)?.name ?? '',
        allowed: new Set(screens.filter((_, place) => known[place]?.allowed)),
      };
    },
  };
}

/** Tables that say who may do what. */
const RIGHTS_TABLES: readonly TableName[] = DATA_TYPES.screen.tables;
