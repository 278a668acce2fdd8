import type { FaultKind } from '../fault-kind.ts';
import { ALWAYS_CHECKED, checkAll } from './checks.ts';
import { MIXED_WORK } from './kills.ts';
import { caseIn } from './with-clinic.ts';
import type { InClinic } from './with-clinic.ts';

/** The app is started twice on one profile, while the first works and after it was killed. */
export const instances: FaultKind = {
  name: 'instances',
  mustCheck: [...ALWAYS_CHECKED, 'refused', 'let in afterwards'],
  async start(context) {
    return { cases: [caseIn(context, 'two on one profile', run)] };
  },
};

async function run(inClinic: InClinic): Promise<void> {
  const { found, clinic, pool, rng, small, device } = inClinic;
  const first = await device('first');
  const work = (count: number): Promise<number> =>
    first.call('work', {
      seed: rng.uint32(),
      pool,
      count,
      everyMs: 5,
      stepMs: 0,
      weights: MIXED_WORK,
    });
  for (let round = 0; round < (small ? 1 : 5); round += 1) {
    const working = work(small ? 40 : 200);
    const second = await clinic.device(`second-${round}`, {
      dataDir: first.dataDir,
      network: first.network,
    });
    await second.start();
    const { auth, problem } = await second.status();
    found.checked('refused');
    if (problem !== 'STORE_IN_USE') found.problem(`the second is ${auth}, ${problem}`);
    await working;
    await first.kill();
    const code = await second.call('ask', { call: 'profile.retry', arg: {} });
    found.checked('let in afterwards');
    if (code !== 'ok') found.problem(`the second, alone now: ${code}`);
    await second.kill();
    await first.start();
  }
  await checkAll(found, clinic, [first]);
}
