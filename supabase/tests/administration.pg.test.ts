import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES } from '#shared/schema/roles.ts';
import type { Role } from '#shared/schema/roles.ts';
import { mayGive, siteFieldsOf } from '#shared/access/administration.ts';
import type { Grant } from '#shared/access/rights.ts';
import { newId } from '#shared/kernel/ids.ts';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { DENIED, asCaller, openSyncPool } from './support/callers.ts';

/**
 * The functions that write people, roles and sites, asked as the server asks them but without anything
 * that the server judges: what they refuse, they refuse by themselves.
 */

const SITE = {
  AA: '5a000000-0000-4000-8000-0000000000aa',
  WX: '5a000000-0000-4000-8000-0000000000bb',
} as const;
const DEVICE = newId();

let db: TestDatabase;
let sync: pg.Pool;
/** Superadmins: without two of them nobody could be ended. */
let [sara, sven]: readonly string[] = [];

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  sync = await openSyncPool(db);
  for (const [code, id] of Object.entries(SITE)) {
    await db.postgres.query(
      `insert into public.locations (id, code, name, time_zone, active)
       values ($1, $2, $2, 'America/New_York', true)`,
      [id, code],
    );
  }
  [sara, sven] = [await person(['SA', null]), await person(['SA', null])];
});
afterAll(async () => {
  await sync.end();
  await db.close();
});

async function person(...grants: readonly (readonly [Role, string | null])[]): Promise<string> {
  const id = newId();
  await db.postgres.query(
    `insert into public.users (id, display_name, status, email, mfa_required)
     values ($1, 'Sam Sample', 'active', $2, false)`,
    [id, `${id}@example.com`],
  );
  for (const [role, site] of grants) {
    await db.postgres.query(
      `insert into public.user_roles (id, user_id, role, location_id, valid_from)
       values ($1, $2, $3, $4, now() - interval '1 day')`,
      [newId(), id, role, site],
    );
  }
  return id;
}

interface Refused {
  readonly code: string;
  readonly message: string;
}

/** The answer of a function to somebody, or the name of the code with which it refuses. */
async function asked(
  user: string | undefined,
  text: string,
  values: readonly unknown[],
  { keep = false } = {},
): Promise<unknown> {
  try {
    return await asCaller(
      sync,
      { role: 'ganger_engine', user: user ?? '' },
      async (tx) => {
        const { rows } = await tx.query<{ answer: unknown }>(
          `select to_jsonb(f) as answer from ${text} f`,
          [...values],
        );
        return rows[0]?.answer;
      },
      { keep },
    );
  } catch (error) {
    const { code, message } = error as Refused;
    return code === 'GN020' ? message : code;
  }
}

const give = (
  by: string | undefined,
  to: string | undefined,
  role: Role,
  site: string | null,
  over: { id?: string; from?: Date; until?: Date | null; keep?: boolean } = {},
) => {
  const { id = newId(), from = new Date(), until = null, keep = false } = over;
  return asked(
    by,
    'private.give_role($1, $2, $3, $4, $5, $6, $7)',
    [id, DEVICE, to, role, site, from, until],
    { keep },
  );
};

const grantsOf = async (user: string | undefined) =>
  (
    await db.postgres.query<{ id: string; role: string; site: string | null; ended: boolean }>(
      `select id, role, location_id as site, coalesce(valid_to <= now(), false) as ended
         from public.user_roles where user_id = $1`,
      [user],
    )
  ).rows;

describe('giving a role', () => {
  it('is judged as the rules of the code say, for every role, giver and place', async () => {
    const to = await person();
    for (const role of ROLES) {
      for (const site of [SITE.AA, null]) {
        const giver = await person([role, site]);
        const grants: Grant[] = [{ role, locationId: site, validFrom: 0, validTo: null }];
        for (const given of ROLES) {
          for (const place of [SITE.AA, SITE.WX, null]) {
            const rule = mayGive(grants, giver, to, { role: given, locationId: place });
            const answer = await give(giver, to, given, place);
            const wanted =
              rule === 'gives' ? 'given' : rule === 'proposes' ? 'waiting' : 'CALL_NOT_ALLOWED';
            expect([role, site, given, place, answer]).toEqual([role, site, given, place, wanted]);
          }
        }
      }
    }
  });

  it('by a site manager reaches no other site, and never all of them', async () => {
    const [lou, to] = [await person(['LM', SITE.WX]), await person()];
    expect(await give(lou, to, 'FD', SITE.WX)).toBe('given');
    expect(await give(lou, to, 'FD', SITE.AA)).toBe('CALL_NOT_ALLOWED');
    expect(await give(lou, to, 'FD', null)).toBe('CALL_NOT_ALLOWED');
    for (const role of ['PR', 'LM', 'MG', 'IT', 'SA', 'CO', 'AS', 'BUY'] as const) {
      expect([role, await give(lou, to, role, SITE.WX)]).toEqual([role, 'CALL_NOT_ALLOWED']);
    }
  });

  it('to oneself is refused to everybody', async () => {
    for (const grant of [
      ['SA', null],
      ['LM', SITE.WX],
      ['MG', null],
    ] as const) {
      const me = await person(grant);
      expect(await give(me, me, 'FD', SITE.WX)).toBe('ADMIN_OWN');
    }
  });

  it('neither begins in the past nor ends before it begins, and is not held twice', async () => {
    const to = await person();
    const [past, soon] = [new Date(Date.now() - 86_400_000), new Date(Date.now() + 86_400_000)];
    expect(await give(sara, to, 'FD', SITE.AA, { until: past })).toBe('ADMIN_PERIOD');
    expect(await give(sara, to, 'FD', SITE.AA, { from: soon, until: soon })).toBe('ADMIN_PERIOD');
    const id = newId();
    expect(await give(sara, to, 'FD', SITE.AA, { id, from: past, keep: true })).toBe('given');
    const { rows } = await db.postgres.query(
      `select valid_from >= created_at as from_now, granted_by from public.user_roles where id = $1`,
      [id],
    );
    expect(rows).toEqual([{ from_now: true, granted_by: sara }]);
    expect(await give(sara, to, 'FD', SITE.AA)).toBe('ADMIN_HELD');
    expect(await give(sara, to, 'FD', SITE.WX)).toBe('given');
    expect(await give(sara, to, 'FD', SITE.AA, { id })).toBe('known');
  });

  it('needs a person who is here and a site that is in use', async () => {
    const gone = await person();
    await db.postgres.query(`update public.users set status = 'left' where id = $1`, [gone]);
    expect(await give(sara, gone, 'FD', SITE.AA)).toBe('SYNC_TRANSITION_REFUSED');
    expect(await give(sara, await person(), 'FD', newId())).toBe('SYNC_PARENT_MISSING');
  });

  it('by two at once makes one', async () => {
    const to = await person();
    const answers = await Promise.all(
      [sara, sven].map((by) => give(by, to, 'CS', SITE.AA, { keep: true })),
    );
    expect(new Set(answers)).toEqual(new Set(['ADMIN_HELD', 'given']));
  });
});

describe('a role that needs two people', () => {
  const decide = (by: string | undefined, id: string, yes: boolean, keep = true) =>
    asked(by, 'private.decide_role($1, $2, $3)', [id, DEVICE, yes], { keep });

  it('counts once a second one has given it, who neither asked for it nor gets it', async () => {
    const [to, id] = [await person(['SA', SITE.WX]), newId()];
    expect(await give(sara, to, 'SA', null, { id, keep: true })).toBe('waiting');
    expect(await grantsOf(to)).toHaveLength(1);
    expect(await decide(sara, id, true)).toBe('SYNC_OWN_APPROVAL');
    // Of one site only: no right to give a role everywhere.
    expect(await decide(to, id, true)).not.toBe(true);
    expect(await decide(await person(['MG', null]), id, true)).toBe('CALL_NOT_ALLOWED');
    expect(await decide(sven, id, true)).toBe(true);
    expect(await decide(sven, id, true)).toBe(false);
    expect(await decide(sven, id, false)).toBe('SYNC_TRANSITION_REFUSED');
    expect(await grantsOf(to)).toMatchObject([{}, { role: 'SA', site: null, ended: false }]);
    await db.postgres.query('delete from public.user_roles where id = $1', [id]);
  });

  it('that was declined gives nothing', async () => {
    const [to, id] = [await person(), newId()];
    await give(await person(['MG', null]), to, 'PR', null, { id, keep: true });
    expect(await decide(sven, id, false)).toBe(true);
    expect(await grantsOf(to)).toEqual([]);
    expect(await decide(sven, newId(), true)).toBe('NOT_FOUND');
  });
});

describe('ending', () => {
  const end = (by: string | undefined, id: string | undefined, at = new Date(), keep = false) =>
    asked(by, 'private.end_role($1, $2)', [id, at], { keep });
  const set = (
    by: string | undefined,
    id: string | undefined,
    was: string,
    status: string,
    keep = false,
  ) => asked(by, 'private.set_person($1, $2, $3)', [id, was, status], { keep });
  const onlyGrant = async (user: string | undefined) => (await grantsOf(user))[0]?.id;

  it('reaches as far as giving does', async () => {
    const [lou, desk, far, provider] = [
      await person(['LM', SITE.WX]),
      await person(['FD', SITE.WX]),
      await person(['FD', SITE.AA]),
      await person(['PR', SITE.WX]),
    ];
    expect(await end(lou, await onlyGrant(desk))).toBe(true);
    expect(await end(lou, await onlyGrant(far))).toBe('CALL_NOT_ALLOWED');
    expect(await end(lou, await onlyGrant(provider))).toBe('CALL_NOT_ALLOWED');
    expect(await end(lou, await onlyGrant(lou))).toBe('CALL_NOT_ALLOWED');
    expect(await end(sara, await onlyGrant(sara))).toBe('ADMIN_OWN');
    expect(await end(sara, newId())).toBe('NOT_FOUND');
    expect(await end(lou, newId())).toBe('CALL_NOT_ALLOWED');
  });

  it('brings an end forward and never puts it off', async () => {
    const desk = await person(['FD', SITE.AA]);
    const id = await onlyGrant(desk);
    const day = (n: number) => new Date(Date.now() + n * 86_400_000);
    expect(await end(sara, id, day(3), true)).toBe(true);
    expect(await end(sara, id, day(9))).toBe('ADMIN_PERIOD');
    expect(await end(sara, id, day(1))).toBe(true);
    expect(await end(sara, id, day(-9), true)).toBe(true);
    expect(await grantsOf(desk)).toMatchObject([{ ended: true }]);
    // What has ended has: nothing to change any more.
    expect(await end(sara, id)).toBe(false);
  });

  /** Nobody else gives every role but these. */
  const only = (...users: readonly (string | undefined)[]) =>
    db.postgres.query(
      `update public.user_roles set valid_to = case when user_id = any ($1) then null else now() end
        where role = 'SA' and location_id is null`,
      [users],
    );

  it('takes nobody the last one who gives roles, in any way', async () => {
    await only(sara, sven);
    // Those of a site, those that end one day, and those who are not active do not count.
    await person(['SA', SITE.AA]);
    const [leaving, away] = [await person(['SA', null]), await person(['SA', null])];
    await db.postgres.query(
      `update public.user_roles set valid_to = now() + interval '1 day' where user_id = $1`,
      [leaving],
    );
    await db.postgres.query(`update public.users set status = 'suspended' where id = $1`, [away]);
    // One of two may go.
    expect(await end(leaving, await onlyGrant(sven), new Date(), true)).toBe(true);
    const last = await onlyGrant(sara);
    const tomorrow = new Date(Date.now() + 86_400_000);
    expect(await end(leaving, last)).toBe('ADMIN_LAST');
    expect(await end(leaving, last, tomorrow)).toBe('ADMIN_LAST');
    expect(await set(leaving, sara, 'active', 'suspended')).toBe('ADMIN_LAST');
    expect(await set(leaving, sara, 'active', 'left')).toBe('ADMIN_LAST');
  });

  it('by two who end each other at once leaves one', async () => {
    await only(sara, sven);
    const [one, other] = [await onlyGrant(sara), await onlyGrant(sven)];
    const answers = await Promise.all([
      end(sara, other, new Date(), true),
      end(sven, one, new Date(), true),
    ]);
    // Whoever came second has no right any more, or would have taken the last one.
    expect(answers.filter((answer) => answer === true)).toHaveLength(1);
    await only(sara, sven);
  });

  it('with somebody who leaves ends all that they hold, and what has not begun', async () => {
    const leaver = await person(['FD', SITE.AA], ['CS', SITE.WX]);
    await db.postgres.query(
      `insert into public.user_roles (id, user_id, role, location_id, valid_from)
       values ($1, $2, 'AS', null, now() + interval '9 days')`,
      [newId(), leaver],
    );
    const answer = await set(sara, leaver, 'active', 'left', true);
    expect(answer).toMatchObject({ changed: true });
    expect((answer as { ended: string[] }).ended).toHaveLength(3);
    expect((await grantsOf(leaver)).every(({ ended }) => ended)).toBe(true);
    expect(await set(sara, leaver, 'active', 'left')).toMatchObject({ changed: false });
    expect(await set(sara, leaver, 'left', 'active')).toBe('SYNC_TRANSITION_REFUSED');
    expect(await set(sara, leaver, 'left', 'invited')).toMatchObject({ changed: true });
  });

  it('and suspending are for those who may change people, and never about oneself', async () => {
    const someone = await person(['FD', SITE.AA]);
    for (const role of ROLES.filter((one) => one !== 'SA')) {
      const by = await person([role, null]);
      expect([role, await set(by, someone, 'active', 'suspended')]).toEqual([
        role,
        'CALL_NOT_ALLOWED',
      ]);
    }
    expect(await set(sara, sara, 'active', 'suspended')).toBe('ADMIN_OWN');
    expect(await set(sara, someone, 'suspended', 'active')).toMatchObject({ changed: false });
    expect(await set(sara, someone, 'suspended', 'left')).toBe('SYNC_TRANSITION_REFUSED');
  });
});

describe('sites', () => {
  const row = { code: 'WX', name: 'WX', time_zone: 'America/New_York', active: true };
  const save = (by: string | undefined, id: string, over: object) =>
    asked(by, 'private.save_site($1, $2, $3)', [id, DEVICE, JSON.stringify({ ...row, ...over })]);

  it('are changed field by field as the rules of the code say', async () => {
    const wishes = {
      code: 'WX2',
      name: 'Wixom',
      time_zone: 'America/Detroit',
      address: '1 Main St',
      phone: '555 0100',
      active: false,
    };
    for (const role of ROLES) {
      for (const site of [SITE.WX, SITE.AA, null]) {
        const by = await person([role, site]);
        const grants: Grant[] = [{ role, locationId: site, validFrom: 0, validTo: null }];
        const theirs = siteFieldsOf(grants, SITE.WX);
        for (const [field, value] of Object.entries(wishes)) {
          const answer = await save(by, SITE.WX, { [field]: value });
          const may = theirs.has(field as never);
          expect([role, site, field, answer]).toEqual([
            role,
            site,
            field,
            may ? [field] : 'CALL_NOT_ALLOWED',
          ]);
        }
      }
    }
  });

  it('are made by superadmins, in a time zone that there is', async () => {
    const made = { code: 'NV', name: 'Novi' };
    expect(await save(sara, newId(), made)).toContain('code');
    expect(await save(await person(['MG', null]), newId(), made)).toBe('CALL_NOT_ALLOWED');
    expect(await save(sara, newId(), { ...made, time_zone: 'Mars/Olympus' })).toBe('23514');
    expect(await save(sara, newId(), { name: 'A second one of this code' })).toBe('23505');
  });
});

describe('a second factor', () => {
  it('is asked of those who must have one, by every function', async () => {
    const strict = await person(['SA', null]);
    await db.postgres.query('update public.users set mfa_required = true where id = $1', [strict]);
    const to = await person();
    // Without it they hold nothing at all, this right included.
    expect(await give(strict, to, 'FD', SITE.AA)).toBe('CALL_NOT_ALLOWED');
    expect(await asked(strict, 'private.set_person($1, $2, $3)', [to, 'active', 'suspended'])).toBe(
      'AUTH_MFA_NEEDED',
    );
    const strong = { role: 'ganger_engine', user: strict, aal: 'aal2' } as const;
    const answer = await asCaller(sync, strong, async (tx) => {
      const { rows } = await tx.query<{ state: string }>(
        `select private.give_role($1, $2, $3, 'FD', $4, now(), null) as state`,
        [newId(), DEVICE, to, SITE.AA],
      );
      return rows[0]?.state;
    });
    expect(answer).toBe('given');
  });
});

describe('the tables themselves', () => {
  it.each(['ganger_engine', 'authenticated'])('are not written by %s', async (role) => {
    for (const statement of [
      `insert into public.user_roles (id, user_id, role, valid_from) values ('${newId()}', '${sara}', 'SA', now())`,
      `update public.user_roles set valid_to = null`,
      `update public.users set status = 'active'`,
      `update public.locations set name = 'x'`,
      `insert into private.role_proposals (id, user_id, role, valid_from, proposed_by) values ('${newId()}', '${sara}', 'SA', now(), '${sven}')`,
    ]) {
      const caller =
        role === 'authenticated' ? { user: sara ?? '' } : ({ role, user: sara } as never);
      const answer = await asCaller(sync, caller, (tx) => tx.query(statement)).catch(
        (error: unknown) => (error as Refused).code,
      );
      expect([statement, answer]).toEqual([statement, DENIED]);
    }
  });
});

describe('releasing what was quarantined', () => {
  const insert = (by: string | undefined, table: string, row: object, author: string) =>
    asked(by, 'private.insert_released($1, $2, $3)', [table, JSON.stringify([row]), author]);

  it('writes nothing that is not being released, whatever the table', async () => {
    const mallory = await person();
    const grant = {
      id: newId(),
      created_at: Date.now(),
      created_by: mallory,
      device_id: DEVICE,
      user_id: mallory,
      role: 'SA',
      location_id: null,
      valid_from: 0,
      valid_to: null,
      granted_by: null,
    };
    expect(await insert(sara, 'user_roles', grant, mallory)).toBe('GN003');
    const site = { id: newId(), code: 'XX', name: 'x', time_zone: 'UTC', active: true };
    expect(await insert(sara, 'locations', site, mallory)).toBe('GN003');
    const item = { id: newId(), created_at: Date.now(), created_by: mallory, name: 'x' };
    expect(await insert(sara, 'inventory_items', item, mallory)).toBe('GN003');
    expect(
      await asked(sara, 'private.update_released($1, $2, $3, $4)', [
        'user_roles',
        ['role'],
        JSON.stringify([grant]),
        mallory,
      ]),
    ).toBe('GN003');
  });

  it('writes a row that waits, in its author’s name alone, for who may decide about it', async () => {
    const [author, other] = [await person(), await person()];
    const row = {
      id: newId(),
      created_at: Date.now(),
      created_by: author,
      device_id: DEVICE,
      code: 'ghost',
    };
    await db.postgres.query(
      `insert into private.quarantine
         (id, user_id, device_id, table_name, row_id, location_id, content, reason)
       values ($1, $2, $3, 'unmatched_scans', $4, $5, $6, 'grant-ended')`,
      [newId(), author, DEVICE, row.id, SITE.AA, JSON.stringify(row)],
    );
    const manager = await person(['MG', null]);
    // It may be written: what it lacks is said by the table itself.
    expect(await insert(manager, 'unmatched_scans', row, author)).toMatch(/^23/);
    expect(await insert(manager, 'unmatched_scans', row, other)).toBe('GN003');
    expect(await insert(manager, 'sds_documents', row, author)).toBe('GN003');
    expect(await insert(await person(['FD', SITE.AA]), 'unmatched_scans', row, author)).toBe(
      'GN003',
    );
    expect(await insert(await person(['LM', SITE.WX]), 'unmatched_scans', row, author)).toBe(
      'GN003',
    );
    expect(await insert(author, 'unmatched_scans', row, author)).toBe('GN003');
  });
});
