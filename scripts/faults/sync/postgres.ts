import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultKind } from '../fault-kind.ts';
import { ALWAYS_CHECKED, checkAll } from './checks.ts';
import { keepWorking } from './kills.ts';
import { caseIn } from './with-clinic.ts';
import type { InClinic } from './with-clinic.ts';

/** The database goes away and comes back under load: in order, as with a power cut, line by line. */
export const postgres: FaultKind = {
  name: 'postgres',
  mustCheck: [...ALWAYS_CHECKED, 'fast restarts', 'immediate restarts', 'connections killed'],
  async start(context) {
    return { cases: [caseIn(context, 'under load', run)] };
  },
};

async function run(inClinic: InClinic): Promise<void> {
  const { found, clinic, pool, rng, small, device } = inClinic;
  const devices = await Promise.all([device('one'), device('two')]);
  for (const each of devices) keepWorking(each, pool, rng.uint32());
  for (let round = 0; round < (small ? 1 : 12); round += 1) {
    for (let nth = 0; nth < (small ? 3 : 10); nth += 1) {
      await sleep(rng.int(50, 300));
      const { rowCount } = await clinic.admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and usename = 'ganger_sync' and pid <> pg_backend_pid()`,
      );
      found.checked('connections killed', rowCount ?? 0);
    }
    for (const how of ['fast', 'immediate'] as const) {
      await sleep(rng.int(100, 600));
      await clinic.cluster.stop(how);
      await sleep(rng.int(0, 800));
      await clinic.cluster.startAgain();
      found.checked(`${how} restarts`);
    }
  }
  await sleep(300);
  for (const each of devices) await each.call('rest', null);
  await checkAll(found, clinic, devices);
}
