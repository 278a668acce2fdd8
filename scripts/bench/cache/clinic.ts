import type pg from 'pg';
import { asEngine } from '#server/db/as-engine.ts';
import { collectChanges } from '#server/realtime/change.ts';
import type { Change } from '#server/realtime/change.ts';
import { ON_HAND_SQL } from '#server/sync/count-sql.ts';
import { findSql } from '#server/sync/table-sql.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { asAdmin } from '../sync/database.ts';
import type { SyncDatabase } from '../sync/database.ts';
import type { TraceEvent } from './trace.ts';

/** What the day is about: ids by rank. */
export interface Clinic {
  readonly patients: readonly string[];
  readonly items: readonly string[];
  readonly sites: readonly string[];
  readonly today: string;
  /** Appointments of the day, by site. */
  readonly visits: ReadonlyMap<string, readonly string[]>;
}

/** A read of the day, as the server would make it. */
export interface Read {
  readonly type: TraceEvent['kind'];
  readonly key: string;
  readonly tags: readonly string[];
  readonly load: () => Promise<unknown>;
}

/** The highest number that a write left in what was read: which state of it this is. */
export function stateOf(value: unknown): number {
  const numbers = [...JSON.stringify(value).matchAll(/"state (\d+)"/g)].map(([, n]) => Number(n));
  return Math.max(0, ...numbers);
}

/** Which rows the demo data has; those with most visits are asked for most. */
export async function readClinic({ adminUrl }: SyncDatabase): Promise<Clinic> {
  return asAdmin(adminUrl, async (admin) => {
    const ids = async (text: string, values: unknown[] = []): Promise<string[]> => {
      const { rows } = await admin.query<{ id: string }>(text, values);
      return rows.map(({ id }) => id);
    };
    const { rows } = await admin.query<{ today: string }>(
      `select local_date::text as today from public.appointments where deleted_at is null
        group by local_date order by count(*) desc, local_date limit 1`,
    );
    const today = rows[0]?.today ?? '';
    const sites = await ids(
      `select distinct location_id as id from public.item_locations order by 1`,
    );
    const visits = new Map<string, readonly string[]>();
    for (const site of sites) {
      visits.set(
        site,
        await ids(
          `select id from public.appointments
            where location_id = $1 and local_date = $2 and deleted_at is null order by id`,
          [site, today],
        ),
      );
    }
    return {
      today,
      sites,
      visits,
      patients: await ids(
        `select p.id from public.patients p left join public.appointments a on a.patient_id = p.id
          where p.deleted_at is null group by p.id order by count(a.id) desc, p.id`,
      ),
      items: await ids(
        `select item_id as id from public.item_locations where deleted_at is null
          group by item_id having count(*) = (select count(distinct location_id)
            from public.item_locations) order by item_id`,
      ),
    };
  });
}

/** What a device of a site asks for, and what an answer depends on. */
export function readOf(pool: pg.Pool, clinic: Clinic, event: TraceEvent): Read {
  const site = clinic.sites[event.device % clinic.sites.length] ?? '';
  const find = (table: TableName, fields: Record<string, string[]>): Promise<unknown[]> => {
    const { text, values } = findSql(table, { fields });
    return asEngine(pool, (engine) => engine.query(text, values));
  };
  switch (event.kind) {
    case 'patient': {
      const id = clinic.patients[event.rank] ?? '';
      const load = (): Promise<unknown> => find('patients', { id: [id] });
      return { type: 'patient', key: id, tags: [`patients#${id}`], load };
    }
    case 'schedule':
      return {
        type: 'schedule',
        key: `${site}/${clinic.today}`,
        // Notices name windows, not sites: the rows of a day are what it depends on.
        tags: ['appointments/window'],
        load: () => find('appointments', { location_id: [site], local_date: [clinic.today] }),
      };
    case 'inventory': {
      const id = clinic.items[event.rank] ?? '';
      return {
        type: 'inventory',
        key: `${site}/${id}`,
        tags: [`item_locations#${levelOf(clinic, site, id)}`, `stock_movements/loc:${site}`],
        load: async () => ({
          level: await find('item_locations', { item_id: [id], location_id: [site] }),
          onHand: await asEngine(pool, (engine) => engine.query(ON_HAND_SQL, [[id], [site]])),
        }),
      };
    }
    case 'medication': {
      const id = clinic.items[event.rank] ?? '';
      const load = (): Promise<unknown> => find('inventory_items', { id: [id] });
      return { type: 'medication', key: id, tags: [`inventory_items#${id}`], load };
    }
  }
}

const levels = new WeakMap<Clinic, Map<string, string>>();
const levelOf = (clinic: Clinic, site: string, item: string): string =>
  levels.get(clinic)?.get(`${site}/${item}`) ?? '';

/** Looks up the ids of what sites hold of items, which are told of when they change. */
export async function keepLevels({ adminUrl }: SyncDatabase, clinic: Clinic): Promise<void> {
  await asAdmin(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ id: string; place: string }>(
      `select id, location_id::text || '/' || item_id::text as place from public.item_locations`,
    );
    levels.set(clinic, new Map(rows.map(({ id, place }) => [place, id])));
  });
}

/** A write of the day: of what a read of the same event would show. */
export async function write(
  owner: pg.Pool,
  clinic: Clinic,
  event: TraceEvent,
  state: number,
): Promise<readonly Change[]> {
  const site = clinic.sites[event.device % clinic.sites.length] ?? '';
  const changes = collectChanges();
  const update = async (table: TableName, column: string, id: string): Promise<void> => {
    const { rows } = await owner.query<Record<string, unknown>>(
      `update public.${table} set ${column} = $2 where id = $1 returning *`,
      [id, `state ${state}`],
    );
    const [row] = rows;
    if (!row) throw new Error(`nothing to write in ${table}`);
    changes.add(table, row);
  };
  if (event.kind === 'patient') {
    await update('patients', 'desk_note', clinic.patients[event.rank] ?? '');
  } else if (event.kind === 'schedule') {
    const visits = clinic.visits.get(site) ?? [];
    await update('appointments', 'reason', visits[state % visits.length] ?? '');
  } else {
    await update('item_locations', 'bin', levelOf(clinic, site, clinic.items[event.rank] ?? ''));
  }
  return changes.list();
}
