import { createHash } from 'node:crypto';
import { canonicalJson } from '#shared/kernel/json.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { LIMITS } from '#shared/protocol/messages.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { StorageGuard } from './guarded-storage.ts';
import type { PushMux, PushRow, RowOutcome } from './push-mux.ts';

const DAY_MS = 86_400_000;

/** By the server's clock; a database is not set back further than this without asking people. */
export const KEPT_FOR_MS = 30 * DAY_MS;

/**
 * Copies of what the server took into quarantine. The rows themselves have left the tables of this
 * disk, since the rights to them have ended; but until somebody has decided, a database that is set
 * back to before they came would lose them. So they lie here, in the profile's encrypted database, seen
 * by nobody, and are sent again to a database of another epoch. A copy goes when the server says that
 * the row was released, rejected or written, and after 30 days, but never before the server was asked.
 */
export interface KeptCopies {
  readonly size: number;
  /** True while nobody has decided about a copy of this row, as far as this device has heard. */
  holds(table: TableName, id: string): boolean;
  /** @param serverTime milliseconds, null where the answer named none */
  heard(epoch: string | null, serverTime: number | null): void;
  /** The server has taken this into quarantine just now. */
  keep(sent: PushRow): void;
  /** Sends what a database of another epoch does not have, or asks after the one asked longest ago. */
  ask(): Promise<void>;
}

interface Copy {
  readonly tbl: TableName;
  readonly id: string;
  readonly digest: string;
  readonly base: string;
  readonly row: string;
  readonly kept_at: number;
}

const SCHEMA = `create table if not exists sync_kept (
  tbl text not null, id text not null, digest text not null, base text not null, row text not null,
  epoch text not null, kept_at integer not null, asked_at integer not null,
  primary key (tbl, id, digest)) without rowid`;

const COLUMNS = 'tbl, id, digest, base, row, kept_at';

/**
 * @param onTaken the server has written one of them
 * @param onReleased nothing of this row waits for a decision any more, and the server has it
 */
export function openKeptCopies(options: {
  readonly database: EncryptedDatabase;
  readonly mux: Pick<PushMux, 'send' | 'waiting'>;
  readonly guard: StorageGuard;
  readonly log: Logger;
  readonly isStopped: () => boolean;
  readonly onTaken: () => void;
  readonly onReleased: (table: TableName, id: string) => void;
}): KeptCopies {
  const { database, mux, guard, log, isStopped, onTaken, onReleased } = options;
  database.run(SCHEMA);
  let epoch: string | null = null;
  let serverTime = 0;
  let asking: Promise<void> | null = null;
  let again = false;

  const size = (): number =>
    database.read<{ n: number }>('select count(*) as n from sync_kept')[0]?.n ?? 0;

  const ofOtherEpoch = (): Copy[] =>
    epoch === null
      ? []
      : database.read<Copy>(
          `select ${COLUMNS} from sync_kept where epoch <> ? limit ${LIMITS.pushRows}`,
          [epoch],
        );

  const holds = (table: TableName, id: string): boolean =>
    database.read('select 1 from sync_kept where tbl = ? and id = ? limit 1', [table, id]).length >
    0;

  const askedLongestAgo = (): Copy[] =>
    database.read<Copy>(
      `select ${COLUMNS} from sync_kept order by asked_at, tbl, id, digest limit 1`,
    );

  /** @returns true when the copy may go */
  const isOver = ({ kept_at: keptAt }: Copy, outcome: RowOutcome): boolean => {
    if (outcome.kind === 'unsent') return false;
    if (outcome.kind === 'ok' || outcome.kind === 'master') return true;
    const isDecided = outcome.kind === 'refused' && (outcome.kept ?? 'waiting') !== 'waiting';
    return isDecided || serverTime - keptAt > KEPT_FOR_MS;
  };

  const note = (copies: readonly Copy[], outcomes: readonly RowOutcome[]): void => {
    let gone = 0;
    database.transaction(() => {
      for (const [at, copy] of copies.entries()) {
        const outcome = outcomes[at] ?? { kind: 'unsent' };
        const { tbl, id, digest } = copy;
        if (outcome.kind === 'unsent') continue;
        if (isOver(copy, outcome)) {
          database.run('delete from sync_kept where tbl = ? and id = ? and digest = ?', [
            tbl,
            id,
            digest,
          ]);
          gone += 1;
        } else {
          database.run(
            `update sync_kept set epoch = ?, asked_at = ? where tbl = ? and id = ? and digest = ?`,
            [epoch ?? '', serverTime, tbl, id, digest],
          );
        }
      }
    });
    if (gone === 0) return;
    database.secureCheckpoint();
    log.info('copies of rows in quarantine removed', { gone });
    for (const [at, { tbl, id }] of copies.entries()) {
      if (isWritten(outcomes[at]) && !holds(tbl, id)) onReleased(tbl, id);
    }
  };

  /** @returns true when all of them were answered */
  const send = async (copies: readonly Copy[]): Promise<boolean> => {
    const outcomes = await mux.send(copies.map(toPushRow));
    if (isStopped()) return false;
    await guard.run(() => note(copies, outcomes), undefined);
    if (outcomes.some(({ kind }) => kind === 'ok' || kind === 'master')) onTaken();
    return outcomes.every(({ kind }) => kind !== 'unsent');
  };

  const round = async (): Promise<void> => {
    const isReady = (): boolean => !isStopped() && !mux.waiting;
    if (!isReady() || (await guard.run(size, 0)) === 0) return;
    const first = await guard.run(ofOtherEpoch, []);
    if (first.length === 0 && !(await send(await guard.run(askedLongestAgo, [])))) return;
    // Its answer may have told of another epoch.
    for (let lost = true; lost && isReady();) {
      const copies = await guard.run(ofOtherEpoch, []);
      lost = copies.length > 0 && (await send(copies));
    }
  };

  return {
    get size() {
      return size();
    },
    holds,
    heard(its, time) {
      if (time !== null) serverTime = time;
      if (its !== null) epoch = its;
    },
    keep({ table, base, row }) {
      const content = JSON.stringify(row);
      database.run(
        `insert into sync_kept (tbl, id, digest, base, row, epoch, kept_at, asked_at)
         values (?, ?, ?, ?, ?, ?, ?, ?)
         on conflict (tbl, id, digest) do update set epoch = excluded.epoch`,
        [
          table,
          String(row['id']),
          createHash('sha256').update(canonicalJson(row)).digest('base64url'),
          JSON.stringify(base),
          content,
          epoch ?? '',
          serverTime,
          serverTime,
        ],
      );
    },
    async ask() {
      again = true;
      asking ??= (async () => {
        while (again) {
          again = false;
          await round();
        }
        asking = null;
      })();
      return asking;
    },
  };
}

/** Upgrades the copies of rows of a table, in the transaction that upgrades the table. */
export function upgradeKeptCopies(
  database: EncryptedDatabase,
  table: TableName,
  upgrade: (row: Record<string, unknown>) => Record<string, unknown>,
): void {
  database.run(SCHEMA);
  for (const { tbl, id, digest, row } of database.read<Copy>(
    `select ${COLUMNS} from sync_kept where tbl = ?`,
    [table],
  )) {
    const upgraded = upgrade(JSON.parse(row) as Record<string, unknown>);
    database.run('update sync_kept set row = ? where tbl = ? and id = ? and digest = ?', [
      JSON.stringify(upgraded),
      tbl,
      id,
      digest,
    ]);
  }
}

const isWritten = (outcome: RowOutcome | undefined): boolean =>
  outcome?.kind === 'ok' ||
  outcome?.kind === 'master' ||
  (outcome?.kind === 'refused' && outcome.kept === 'released');

const toPushRow = ({ tbl, base, row }: Copy): PushRow => ({
  table: tbl,
  base: JSON.parse(base) as PushRow['base'],
  row: JSON.parse(row) as PushRow['row'],
});
