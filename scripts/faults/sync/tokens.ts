import { setTimeout as sleep } from 'node:timers/promises';
import { PEOPLE, SITES } from '../../../supabase/demo/people.ts';
import type { FaultKind } from '../fault-kind.ts';
import { ALWAYS_CHECKED, checkAll, takeFindings } from './checks.ts';
import { keepWorking } from './kills.ts';
import { caseIn } from './with-clinic.ts';
import type { InClinic } from './with-clinic.ts';

/** Tokens that expire among pushes, sessions that end, rights that are gone when a write arrives. */
export const tokens: FaultKind = {
  name: 'tokens',
  mustCheck: [
    ...ALWAYS_CHECKED,
    'tokens renewed',
    'sessions ended',
    'writes of a revoked person',
    'not applied',
    'shown',
  ],
  async start(context) {
    return {
      cases: [
        caseIn(context, 'expiry among pushes', expiry, { tokenLifetimeS: 3 }),
        caseIn(context, 'a session that ends', sessionEnds),
        caseIn(context, 'a right that ends', rightEnds),
        caseIn(context, 'all rights end', allRightsEnd),
      ],
    };
  },
};

/** A clock that is slow takes an expired token for a good one: only the server says so. */
async function expiry({ found, clinic, pool, rng, small, device }: InClinic): Promise<void> {
  const renewals = async (): Promise<number> => {
    const { rows } = await clinic.admin.query<{ n: number }>(
      'select count(*)::int as n from auth.refresh_tokens',
    );
    return rows[0]?.n ?? 0;
  };
  const before = await renewals();
  const one = await device('slow-clock', { skewMs: -600_000 });
  keepWorking(one, pool, rng.uint32(), 60);
  await sleep(small ? 8_000 : 60_000);
  await one.call('rest', null);
  await checkAll(found, clinic, [one], { stamps: false });
  found.checked('tokens renewed', (await renewals()) - before - 1);
  const { requests, authRequests } = await one.call('counts', null);
  found.checked('requests', requests);
  if (authRequests > requests) found.problem(`${authRequests} renewals for ${requests} requests`);
}

/** The sign-in service does not know the session any more; what waits is there after a new sign-in. */
async function sessionEnds({ found, clinic, pool, rng, device }: InClinic): Promise<void> {
  const person = await clinic.person(['MG', null]);
  const one = await device('signed-out', { person });
  one.network.cut();
  await one.call('work', {
    seed: rng.uint32(),
    pool,
    count: 20,
    everyMs: 0,
    stepMs: 0,
    weights: { bin: 2, act: 1 },
  });
  await clinic.admin.query('delete from auth.sessions where user_id = $1', [person.id]);
  found.checked('sessions ended');
  // The token that it has will not do any more either.
  await one.setClock(3_600_000);
  one.network.restore();
  await one.call('sync', null);
  await one.until(
    ({ auth, state }) => auth === 'signed-out' || state === 'paused',
    'says that the person must sign in',
  );
  await one.setClock(0);
  if ((await one.status()).auth === 'signed-in')
    await one.call('ask', { call: 'auth.signOut', arg: {} });
  await one.signIn();
  await checkAll(found, clinic, [one]);
}

/** One of two sites is taken away while writes for both wait. */
async function rightEnds(inClinic: InClinic): Promise<void> {
  const { found, clinic, device } = inClinic;
  const [kept, gone] = [SITES.PY.id, SITES.WX.id];
  const person = await clinic.person(['LM', kept], ['LM', gone]);
  const one = await device('half-revoked', { person });
  const places = await placesOf(inClinic);
  one.network.cut();
  for (const [at, { id, site }] of places.entries()) {
    if (site !== kept && site !== gone) continue;
    await one.call('write', {
      table: 'item_locations',
      id,
      values: { bin: `queued ${at}` },
    });
    await one.call('write', {
      table: 'stock_acts',
      id: null,
      values: receipt(plainItem(inClinic), site),
    });
  }
  await clinic.admin.query(
    `update public.user_roles set valid_to = now() where user_id = $1 and location_id = $2`,
    [person.id, gone],
  );
  const revoked = one.acks.filter(({ values, id }) =>
    places.some((place) => place.id === id)
      ? siteOf(places, id) === gone
      : values['location_id'] === gone,
  );
  const allowed = one.acks.filter((ack) => !revoked.includes(ack));
  one.network.restore();
  await one.call('sync', null);
  await one.until(({ waiting }) => waiting === 0, 'nothing waits unseen');
  await checkNotApplied(inClinic, revoked);
  const parked = await one.call('parked', null);
  const quarantined = await quarantine(inClinic, person.id);
  for (const { table, id } of revoked) {
    if (parked.some((each) => each.table === table && each.id === id) || quarantined.has(id)) {
      found.checked('shown');
    } else found.lost(`${table} ${id}: refused and shown nowhere`);
  }
  for (const { table, id } of allowed) {
    const { rowCount } = await clinic.admin.query(`select 1 from public.${table} where id = $1`, [
      id,
    ]);
    if (rowCount === 0) found.lost(`${table} ${id} of the site that was kept`);
  }
  takeFindings(found, one);
}

/** Somebody has no right any more: nothing is applied, and nothing dropped from the disk. */
async function allRightsEnd(inClinic: InClinic): Promise<void> {
  const { found, clinic, pool, device } = inClinic;
  const person = await clinic.person(['MG', null]);
  const one = await device('revoked', { person });
  one.network.cut();
  for (const id of pool.places.slice(0, 8)) {
    await one.call('write', { table: 'item_locations', id, values: { bin: 'never to be' } });
    await one.call('write', {
      table: 'stock_acts',
      id: null,
      values: receipt(plainItem(inClinic), SITES.AA.id),
    });
  }
  await clinic.admin.query(`update public.user_roles set valid_to = now() where user_id = $1`, [
    person.id,
  ]);
  one.network.restore();
  await one.call('sync', null);
  await one.until(
    ({ auth, state }) => auth === 'signed-out' || state === 'failed' || state === 'needs-you',
    'says that there is no access',
    60_000,
  );
  await checkNotApplied(inClinic, one.acks);
  // They come back: what was not applied was not dropped either.
  await clinic.admin.query(`update public.user_roles set valid_to = null where user_id = $1`, [
    person.id,
  ]);
  if ((await one.status()).auth === 'signed-out') await one.signIn();
  const missing = await one.call('missing', { acks: one.acks, stamps: false });
  const quarantined = await quarantine(inClinic, person.id);
  for (const { id } of one.acks)
    if (!missing.some((words) => words.includes(id))) found.checked('shown');
  for (const words of missing) {
    if (![...quarantined].some((id) => words.includes(id))) found.lost(`dropped: ${words}`);
  }
  takeFindings(found, one);
}

async function checkNotApplied(
  { found, clinic }: InClinic,
  acks: readonly { table: string; id: string; values: Readonly<Record<string, unknown>> }[],
): Promise<void> {
  for (const { table, id, values } of acks) {
    found.checked('writes of a revoked person');
    const { rows } = await clinic.admin.query<Record<string, unknown>>(
      `select * from public.${table} where id = $1`,
      [id],
    );
    const [row] = rows;
    const isApplied =
      table === 'item_locations' ? row?.['bin'] === values['bin'] : row !== undefined;
    if (isApplied) found.problem(`${table} ${id} was applied without a right`);
    else found.checked('not applied');
  }
}

/** Ids of rows of a person that the server holds back, where it does. */
async function quarantine({ clinic }: InClinic, userId: string): Promise<ReadonlySet<string>> {
  const { rows } = await clinic.admin.query<{ id: string }>(
    'select row_id as id from private.quarantine where user_id = $1',
    [userId],
  );
  return new Set(rows.map(({ id }) => id));
}

interface Place {
  readonly id: string;
  readonly site: string;
}

async function placesOf({ clinic, pool }: InClinic): Promise<Place[]> {
  const { rows } = await clinic.admin.query<Place>(
    `select id, location_id as site from public.item_locations where id = any($1) order by id`,
    [pool.places],
  );
  return rows;
}

const siteOf = (places: readonly Place[], id: string): string | undefined =>
  places.find((place) => place.id === id)?.site;

/** An item that is kept without lots. */
const plainItem = ({ pool }: InClinic): string | undefined =>
  pool.items.find((id) => !pool.lotted.includes(id));

const receipt = (item: string | undefined, site: string): Record<string, unknown> => ({
  kind: 'receive',
  location_id: site,
  occurred_at: Date.now(),
  local_date: '2026-11-30',
  reason_code: null,
  note: `received for ${PEOPLE.manager.employeeId}`,
  lines: [
    {
      item_id: item,
      qty_base: 10_000,
      lot_no: null,
      expiry_date: null,
      serial: '',
      entered_unit: 'each',
      entered_qty: '1',
      unit_cost_cents: null,
    },
  ],
  witnessed_by: null,
});
