import { parseArgs } from 'node:util';
import { systemClock } from '#shared/kernel/clock.ts';
import { createHlc } from '#shared/kernel/hlc.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { loadConfig } from '#server/config/config.ts';
import { NO_HUBS } from '#server/config/hubs-config.ts';
import { createPool } from '#server/db/pool.ts';
import { replayNotices } from '#server/hubs/payment/notices.ts';
import { createOutbox } from '#server/outbox/outbox.ts';

/**
 * `npm run replay -- [--days N] [--unmatched]`: takes stored events of Stripe in again, with the settings of the
 * server in the environment. What they say was written already stays as it is; devices hear of what is new with
 * their next pull.
 */
const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '30' },
    unmatched: { type: 'boolean', default: false },
  },
});
const days = Number(values.days);
if (!Number.isSafeInteger(days) || days < 1) throw new Error('--days takes a whole number');

const config = loadConfig(process.env);
const log = createLogger({ level: 'warn', write: (line) => process.stderr.write(`${line}\n`) });
const pool = createPool(config, log);
const announce = (): void => undefined;
const outbox = createOutbox(
  {
    mode: config.outbox === 'send' ? 'send' : 'record',
    databaseUrl: config.databaseUrl,
    hubs: config.hubs ?? NO_HUBS,
  },
  {
    pool,
    clock: systemClock,
    log,
    // A node of its own: stamps of two processes must never be the same.
    hlc: createHlc({ clock: systemClock, node: '5e7f00000002' }),
    announce,
  },
);
try {
  const events = await replayNotices(outbox.payments.notices, {
    sinceMs: Date.now() - days * 24 * 3_600_000,
    unmatchedOnly: values.unmatched,
  });
  console.log(`${events} events taken in again`);
} finally {
  await outbox.stop();
  await pool.end();
}
