import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { canonicalJson } from '#shared/kernel/json.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { FaultKind } from '../fault-kind.ts';
import { ALWAYS_CHECKED, checkAll } from './checks.ts';
import { MIXED_WORK } from './kills.ts';
import { V1Client } from './v1-client.ts';
import { caseIn } from './with-clinic.ts';
import type { InClinic } from './with-clinic.ts';

/** A client of the first version beside one of today, and a client that the server serves no more. */
export const versions: FaultKind = {
  name: 'versions',
  mustCheck: [
    ...ALWAYS_CHECKED,
    'rows of the old client',
    'rows read by the old client',
    'refused 426',
  ],
  async start(context) {
    return {
      cases: [caseIn(context, 'old beside new', oldBesideNew), caseIn(context, 'too old', tooOld)],
    };
  },
};

async function oldBesideNew(inClinic: InClinic): Promise<void> {
  const { found, clinic, pool, rng, small, device } = inClinic;
  const today = await device('today');
  const person = await clinic.person(['MG', null]);
  const old = new V1Client(clinic.server.url, await clinic.token(person));
  await old.session();
  await old.listen();
  try {
    const working = today.call('work', {
      seed: rng.uint32(),
      pool,
      count: small ? 40 : 400,
      everyMs: 10,
      stepMs: 0,
      weights: MIXED_WORK,
    });
    const rows = await old.pull('item_locations');
    for (let nth = 0; nth < (small ? 10 : 60); nth += 1) {
      const row = rng.pick(rows.filter(({ id }) => pool.places.includes(String(id))));
      const stamp = `${Date.now().toString(16).padStart(12, '0')}-0000-${old.deviceId.slice(-12)}`;
      const base = row['field_hlc'] as Record<string, string>;
      const bin = `old ${nth}`;
      const [answer] = (
        await old.push([
          {
            table: 'item_locations',
            base,
            row: { ...row, bin, field_hlc: { ...base, bin: stamp } },
          },
        ])
      ).results;
      found.checked('rows of the old client');
      if (answer?.outcome !== 'ok' && answer?.outcome !== 'master') {
        found.problem(`an edit of the old client: ${JSON.stringify(answer).slice(0, 200)}`);
      }
    }
    await working;
    await checkAll(found, clinic, [today]);
    const seen = await old.pull('item_locations');
    const mine = new Map(
      (await today.call('rows', { table: 'item_locations' })).map((row) => [row['id'], row]),
    );
    for (const row of seen) {
      found.checked('rows read by the old client');
      if (canonicalJson(row) !== canonicalJson(mine.get(row['id']))) {
        found.silent(`the old client reads another row ${String(row['id'])}`);
      }
    }
    if (old.strange.length > 0) found.problem(`not of the old wire: ${old.strange[0]}`);
    if (old.notices === 0) found.problem('the old client heard of nothing');
  } finally {
    old.close();
  }
}

/** A server that serves this version no more: the device says so and works on without it. */
async function tooOld(inClinic: InClinic): Promise<void> {
  const { found, clinic, pool, rng, device } = inClinic;
  const ancient = new V1Client(
    clinic.server.url,
    await clinic.token(await clinic.person(['MG', null])),
    '0',
  );
  for (const [path, body] of [
    ['/v1/session', { device: { id: ancient.deviceId, name: 'Older still', kind: 'desktop' } }],
    ['/v1/pull', { epoch: null, tables: [] }],
    ['/v1/push', { rows: [] }],
  ] as const) {
    const { status } = await ancient.post(path, body);
    found.checked('refused 426');
    if (status !== 426) found.problem(`${path} answers an ancient client ${status}`);
  }
  const one = await device('left-behind');
  const newer = createServer((_request, response) => {
    response.writeHead(426, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ error: new AppError('SYNC_CLIENT_TOO_OLD', { oldest: 3 }).toBody() }),
    );
  });
  await new Promise<void>((resolve) => newer.listen(0, '127.0.0.1', resolve));
  one.network.server.divert((newer.address() as AddressInfo).port);
  await one.call('sync', null);
  const until = one.until(({ state }) => state === 'paused', 'says that it must be updated');
  await until.catch((error: unknown) => found.problem(String(error)));
  const before = one.acks.length;
  await one.call('work', {
    seed: rng.uint32(),
    pool,
    count: 15,
    everyMs: 0,
    stepMs: 0,
    weights: { bin: 1, act: 1 },
  });
  if (one.acks.length === before) found.problem('it does not work offline');
  one.network.server.divert(null);
  newer.close();
  newer.closeAllConnections();
  await one.call('sync', null);
  await checkAll(found, clinic, [one]);
}
