import type pg from 'pg';
import { asEngine } from '../../db/as-engine.ts';
import { destinationOf } from './messages.ts';
import type { Message, Transport } from './messages.ts';

/**
 * The way of every channel in the embedded mode: nothing leaves the machine, and what would have been
 * sent is written down under the key of its deed. Unlike most partners it can be asked what it took.
 */
export function sandboxTransport(pool: pg.Pool, hub: string): Transport<Message> {
  return {
    async send(message, { key, kind, locationId, isPlain }) {
      await asEngine(pool, (db) =>
        db.execute(
          `insert into private.sandbox as s
             (key, hub, channel, kind, destination, subject, body, shown, location_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           on conflict (key) do update set times = s.times + 1`,
          [
            key,
            hub,
            message.channel,
            kind,
            destinationOf(message),
            message.channel === 'email' ? message.subject : null,
            message.text,
            isPlain,
            locationId,
          ],
        ),
      );
      return { providerId: null };
    },
    async lookUp(_message, { key }) {
      const found = await asEngine(pool, (db) =>
        db.query('select 1 from private.sandbox where key = $1', [key]),
      );
      return found.length > 0 ? 'sent' : 'not-sent';
    },
  };
}
