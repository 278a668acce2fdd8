import type { Carrier } from './carrier.ts';

/**
 * Of kinds that no module carries out yet the embedded mode writes down that they were set off. They
 * name rows only, so there is nothing to send.
 */
export const recordedCarrier = (kind: string): Carrier<null> => ({
  kind,
  plan: async () => ({ do: 'send', message: null }),
  destination: () => null,
  send: async () => undefined,
  lookUp: async () => 'not-sent',
  async end(db, { id, audience, table, rowId, locationId }) {
    await db.execute(
      `insert into private.outbox_recorded as r
         (id, kind, audience, table_name, row_id, location_id)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (id) do update set times = r.times + 1`,
      [id, kind, audience, table, rowId, locationId],
    );
    return [];
  },
});
