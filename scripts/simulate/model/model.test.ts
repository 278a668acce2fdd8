import { realTimers } from '#desktop/replication/timers.ts';
import { newId } from '#shared/kernel/ids.ts';
import { portsSuite } from '#server/testing/ports.suite.ts';
import { SITE } from '#server/testing/rig.suite.ts';
import { ModelDatabase } from './database.ts';
import { modelPull } from './pull-store.ts';
import { modelPush } from './push-store.ts';
import { modelSession } from './session-store.ts';

portsSuite('the model', async () => {
  const clock = { now: Date.now };
  const db = new ModelDatabase({ clock, timers: realTimers, random: Math.random, statementMs: 2 });
  const put = async (table: 'locations' | 'users' | 'user_roles', row: Record<string, unknown>) => {
    const tx = db.begin(null);
    const system = { created_at: clock.now(), created_by: null, device_id: null };
    tx.write(table, { row: { id: newId(), ...system, ...row }, fieldBy: {}, isDeleted: false });
    await tx.commit();
  };
  for (const [code, id] of Object.entries(SITE)) await put('locations', { id, code });
  return {
    openPush: modelPush(db),
    openPull: modelPull(db),
    openSession: modelSession(db),
    sites: SITE,
    async person(...grants) {
      const id = newId();
      await put('users', { id, display_name: 'Sam Sample', status: 'active' });
      for (const [role, location_id] of grants) {
        const from = clock.now() - 86_400_000;
        await put('user_roles', {
          user_id: id,
          role,
          location_id,
          valid_from: from,
          valid_to: null,
        });
      }
      return id;
    },
    async endGrants(userId) {
      const own = db.all('user_roles').filter(({ row }) => row['user_id'] === userId);
      for (const { row } of own)
        await put('user_roles', { ...row, valid_to: clock.now() - 60_000 });
    },
    stored: async (table) =>
      db.all(table).map(({ row, xid }) => ({ id: row.id, xid: String(xid) })),
    close: async () => undefined,
  };
});
