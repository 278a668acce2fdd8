import type { BehaviorSubject } from 'rxjs';
import { PUSHABLE } from '#shared/schema/tables.ts';
import type { Profile } from '#desktop/store/profile.ts';

/** How often a device is looked at, milliseconds; less often when that would take its time. */
const EVERY_MS = 150;
/** Between two looks lies so many times what a look takes. */
const APART = 9;
/**
 * Tables that were asked in two requests may be a moment apart: glimpses of that are counted. What
 * lasts longer is wrong.
 */
const PARENT_WITHIN_MS = 2_000;

/** References of what the runs write: child table, column, parent table. */
const REFERENCES = [
  ['item_locations', 'item_id', 'inventory_items'],
  ['inventory_lots', 'item_id', 'inventory_items'],
  ['stock_movements', 'act_id', 'stock_acts'],
  ['stock_movements', 'item_id', 'inventory_items'],
  ['stock_movements', 'lot_id', 'inventory_lots'],
  ['count_lines', 'session_id', 'count_sessions'],
  ['count_lines', 'item_id', 'inventory_items'],
] as const;

const ORPHANS = REFERENCES.map(
  ([child, column, parent]) =>
    `select '${child}.${column}' as place, count(*) as n from "live_${child}" c
      where c."${column}" is not null
        and not exists (select 1 from "live_${parent}" p where p.id = c."${column}")`,
).join(' union all ');

/** A count that differs from the lines of its act: a part of an act. */
const TORN_ACTS = `
  with found as materialized (
    select m.act_id, count(*) as n from "live_stock_movements" m group by m.act_id)
  select count(*) as n from "live_stock_acts" a left join found f on f.act_id = a.id
   where json_array_length(json_extract(
           (select doc from "stock_acts" d where d.id = a.id), '$.lines')) <> coalesce(f.n, 0)`;

const none = () => ({
  'synced or not': 0,
  'parents first': 0,
  'acts whole': 0,
  'glimpses of a row before its parent': 0,
});

/**
 * Looks at a device again and again while it works: it never says "synced" while a write waits, never
 * has a row without the row that it refers to, never a part of an act.
 */
export function watchDevice(options: {
  readonly profile$: BehaviorSubject<Profile | null>;
  readonly onWrong: (words: string) => void;
  readonly onLooked: (what: Readonly<Record<string, number>>) => void;
}): void {
  const { profile$, onWrong, onLooked } = options;
  const said = new Set<string>();
  const wrong = (words: string): void => {
    if (said.has(words)) return;
    said.add(words);
    onWrong(words);
  };
  let looks = none();
  let before: ReadonlyMap<string, number> = new Map();
  let lookedAt = 0;

  const lookAt = (profile: Profile): void => {
    const { replication, file, instanceOf } = profile;
    if (!file.database.isOpen) return;
    looks['synced or not'] += 1;
    if (replication.status.state === 'synced') {
      const local = PUSHABLE.reduce(
        (sum, table) => sum + instanceOf(table).countOrigin('local'),
        0,
      );
      if (local > 0) wrong(`says synced while ${local} writes wait`);
    }
    // Before everything has come once, tables come by their priority.
    if (replication.status.firstSync !== null) return;
    looks['parents first'] += 1;
    looks['acts whole'] += 1;
    const orphans = new Map<string, number>();
    // Seen twice with a long time between, they need not be the same.
    if (performance.now() - lookedAt > PARENT_WITHIN_MS) before = new Map();
    lookedAt = performance.now();
    for (const { place, n } of file.database.read<{ place: string; n: number }>(ORPHANS)) {
      if (n === 0) continue;
      looks['glimpses of a row before its parent'] += 1;
      const since = before.get(place) ?? performance.now();
      orphans.set(place, since);
      if (performance.now() - since > PARENT_WITHIN_MS) {
        wrong(`${n} rows before what they refer to: ${place}`);
      }
    }
    before = orphans;
    const [torn] = file.database.read<{ n: number }>(TORN_ACTS);
    if ((torn?.n ?? 0) > 0) wrong(`${torn?.n} acts with a part of their movements`);
  };

  const look = (): void => {
    const profile = profile$.value;
    if (!profile) return;
    try {
      lookAt(profile);
    } catch (error) {
      // On a full or closed disk nothing can be looked at.
      if (
        profile.file.database.isOpen &&
        error instanceof Error &&
        !/FULL|OPEN/.test(error.message)
      )
        wrong(`could not be looked at: ${error.message}`);
    }
    if (looks['synced or not'] >= 10) {
      onLooked(looks);
      looks = none();
    }
  };
  const lookAgain = (afterMs: number): void => {
    setTimeout(() => {
      const began = performance.now();
      look();
      lookAgain(Math.max(EVERY_MS, APART * (performance.now() - began)));
    }, afterMs).unref();
  };
  lookAgain(EVERY_MS);
}
