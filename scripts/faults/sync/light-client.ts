import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { LIMITS } from '#shared/protocol/messages.ts';
import type { Cursor, SessionReply } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { createServerApi } from '#desktop/replication/server-api.ts';
import type { ServerApi } from '#desktop/replication/server-api.ts';
import type { Clinic } from './clinic.ts';
import type { Content } from './content.ts';
import type { Person } from './device.ts';

/** A client that keeps nothing: for looking at the server from outside, and for repeating requests. */
export interface LightClient {
  readonly api: ServerApi;
  readonly deviceId: string;
  readonly session: SessionReply;
  /** All that the server gives this person, from the very beginning. */
  pullAll(): Promise<Content>;
}

export async function lightClient(
  clinic: Clinic,
  person: Person,
  deviceId: string = newId(),
): Promise<LightClient> {
  const token = await clinic.token(person);
  const api = createServerApi({
    baseUrl: clinic.server.url,
    deviceId,
    getToken: () => Promise.resolve(token),
    log: silentLogger,
  });
  const session = await api.session({ id: deviceId, name: 'Light client', kind: 'desktop' });
  return { api, deviceId, session, pullAll: () => pullAll(api) };
}

async function pullAll(api: ServerApi): Promise<Content> {
  const content = new Map<TableName, Map<string, Row>>();
  const cursors = new Map<TableName, Record<string, Cursor>>(
    TABLE_NAMES.map((table) => [table, {}]),
  );
  let open: readonly TableName[] = TABLE_NAMES;
  while (open.length > 0) {
    const reply = await api.pull({
      epoch: null,
      tables: open.map((table) => ({
        table,
        cursors: cursors.get(table) ?? {},
        limit: LIMITS.pullRows,
      })),
    });
    const more = new Set<TableName>();
    for (const page of reply.tables) {
      const rows = content.get(page.table) ?? new Map<string, Row>();
      for (const row of page.rows) {
        const id = String(row['id']);
        if (row['_deleted'] === true || row['_left'] === true) rows.delete(id);
        else rows.set(id, row as Row);
      }
      content.set(page.table, rows);
      cursors.set(page.table, page.cursors);
      if (page.more) more.add(page.table);
    }
    // What was left out of a full answer is asked for again.
    const answered = new Set(reply.tables.map(({ table }) => table));
    open = open.filter((table) => more.has(table) || !answered.has(table));
  }
  return new Map([...content].map(([table, rows]) => [table, [...rows.values()]]));
}
