import { silentLogger } from '#shared/logging/logger.ts';
import { createPool } from '../db/pool.ts';
import { portsSuite } from '../testing/ports.suite.ts';
import { SITE, openRig } from '../testing/rig.suite.ts';
import { pgPull } from './pg-pull-store.ts';
import { pgPush } from './pg-push-store.ts';
import { pgSession } from './pg-session-store.ts';

portsSuite('Postgres', async () => {
  const rig = await openRig();
  const pool = createPool(rig.config, silentLogger);
  return {
    openPush: pgPush(pool),
    openPull: pgPull(pool),
    openSession: pgSession(pool),
    sites: SITE,
    person: (...grants) => rig.person(...grants),
    async endGrants(userId) {
      await rig.db.admin.query(
        "update public.user_roles set valid_to = now() - interval '1 minute' where user_id = $1",
        [userId],
      );
    },
    async stored(table) {
      const { rows } = await rig.db.admin.query<{ id: string; xid: string }>(
        `select id::text, row_xid::text as xid from public.${table}`,
      );
      return rows;
    },
    async close() {
      await pool.end();
      await rig.close();
    },
  };
});
