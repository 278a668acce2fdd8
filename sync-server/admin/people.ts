import { AppError, toAppError } from '#shared/errors/app-error.ts';
import type { AdminIn, AdminOut, PersonView } from '#shared/protocol/admin.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Queries } from '../db/with-session.ts';
import type { Caller } from '../http/route.ts';
import { asAdmin } from './admin-session.ts';
import type { AdminDeps, AdminSession } from './admin-session.ts';
import { retireDevice } from './devices.ts';

interface PersonRow {
  readonly id: string;
  readonly email: string;
  readonly mfa_required: boolean;
  readonly status: PersonView['status'];
  readonly home_location_id: string | null;
  readonly devices: PersonView['devices'];
}

const PERSON_SQL = `
  select u.id, u.email, u.mfa_required, u.status, u.home_location_id, coalesce((
    select json_agg(json_build_object(
             'id', d.id, 'name', d.name, 'brought', d.enrolled_by = u.id) order by d.name, d.id)
      from public.devices d
      left join lateral (
        select a.actor_id from public.audit_logs a
         where a.device_id = d.id and a.actor_id is not null order by a.seq desc limit 1) w on true
     where d.status <> 'retired' and (d.enrolled_by = u.id or w.actor_id = u.id)), '[]') as devices
    from public.users u where u.id = $1`;

const read = async (engine: Queries, userId: string): Promise<PersonRow | undefined> =>
  (await engine.query<PersonRow>(PERSON_SQL, [userId]))[0];

/**
 * What only the server knows of a person, for those who may change people.
 * @throws AppError as `asAdmin`; NOT_FOUND
 */
export async function lookAtPerson(
  deps: AdminDeps,
  caller: Caller,
  { userId }: AdminIn<'admin.person'>,
): Promise<AdminOut<'admin.person'>> {
  const subject = { table: 'users', id: userId } as const;
  const row = await asAdmin(deps, caller, subject, async ({ tx, require }) => {
    const found = await tx.asEngine((engine) => read(engine, userId));
    await require('users', 'update', {
      id: userId,
      home_location_id: found?.home_location_id ?? null,
    });
    if (!found) throw new AppError('NOT_FOUND');
    return found;
  });
  return {
    person: {
      id: row.id,
      email: row.email,
      mfaRequired: row.mfa_required,
      status: row.status,
      devices: row.devices,
      ...(await signInOf(deps.accounts, userId)),
    },
  };
}

type SignIn = Pick<PersonView, 'signIn' | 'lastSignInAt' | 'factors'>;

/** An answer that does not come makes nobody wait for the rest of the page. */
async function signInOf(accounts: Accounts | null, userId: string): Promise<SignIn> {
  const unknown: SignIn = { signIn: 'unknown', lastSignInAt: null, factors: 0 };
  if (!accounts) return unknown;
  try {
    const account = await accounts.find(userId);
    if (!account) return { ...unknown, signIn: 'none' };
    const { isClosed, lastSignInAt, factorIds } = account;
    return { signIn: isClosed ? 'closed' : 'open', lastSignInAt, factors: factorIds.length };
  } catch {
    return unknown;
  }
}

/**
 * Makes an account for signing in and a person who is invited. The account comes first: a person
 * without one could not come, while an account without a person has no right to anything.
 * @throws AppError as `asAdmin`; ACCOUNTS_OFF, SERVER_BUSY; SYNC_UNIQUE_TAKEN for an address that somebody
 *   has; SYNC_PARENT_MISSING for a site that does not exist
 */
export async function invitePerson(
  deps: AdminDeps,
  caller: Caller,
  wish: AdminIn<'admin.invitePerson'>,
): Promise<AdminOut<'admin.invitePerson'>> {
  const { id, name, email, homeLocationId, mfaRequired } = wish;
  const subject = { table: 'users', id } as const;
  const row = { id, home_location_id: homeLocationId };
  await asAdmin(deps, caller, subject, async ({ tx, require }) => {
    await require('users', 'create', row);
    const [taken] = await tx.asEngine((engine) =>
      engine.query('select from public.users where email = $1 and id <> $2', [email, id]),
    );
    if (taken) throw new AppError('SYNC_UNIQUE_TAKEN', { fields: ['email'] });
  });
  if (!deps.accounts) throw new AppError('ACCOUNTS_OFF');
  await deps.accounts.make({ id, email });
  return asAdmin(deps, caller, subject, async ({ call, require, audit, changed }) => {
    await require('users', 'create', row);
    const { made } = await call<{ made: boolean }>(
      'select private.invite_person($1, $2, $3, $4, $5, $6) as made',
      [id, caller.deviceId, name, email, homeLocationId, mfaRequired],
    );
    if (made) {
      await audit({
        action: 'insert',
        table_name: 'users',
        row_id: id,
        outcome: 'ok',
        location_id: homeLocationId,
        field_names: ['display_name', 'email', 'home_location_id', 'mfa_required'],
        purpose: 'invited',
      });
      changed('users', row);
    }
    return { id };
  });
}

/**
 * Changes name, home site, or whether somebody needs a second factor.
 * @throws AppError as `asAdmin`; NOT_FOUND; ADMIN_OWN; SYNC_PARENT_MISSING
 */
export function editPerson(
  deps: AdminDeps,
  caller: Caller,
  { userId, name, homeLocationId, mfaRequired }: AdminIn<'admin.editPerson'>,
): Promise<AdminOut<'admin.editPerson'>> {
  const subject = { table: 'users', id: userId } as const;
  return asAdmin(deps, caller, subject, async (session) => {
    const before = await requireChangeable(session, userId);
    const { changed: isChanged } = await session.call<{ changed: boolean }>(
      'select private.edit_person($1, $2, $3, $4) as changed',
      [userId, name, homeLocationId, mfaRequired],
    );
    if (isChanged) {
      await session.audit({
        action: 'update',
        table_name: 'users',
        row_id: userId,
        outcome: 'ok',
        location_id: homeLocationId,
        field_names: ['display_name', 'home_location_id', 'mfa_required'],
      });
      for (const site of new Set([before.home_location_id, homeLocationId])) {
        session.changed('users', { id: userId, home_location_id: site });
      }
    }
    return { changed: isChanged };
  });
}

/**
 * Suspends somebody, lets them in again, or notes that they have left: then all their roles end, and
 * machines of theirs are retired. The account for signing in goes along; what it answers is told, and the
 * same call again tries it again.
 * @throws AppError as `asAdmin`; NOT_FOUND; ADMIN_OWN, ADMIN_LAST; SYNC_TRANSITION_REFUSED when somebody else
 *   has moved them meanwhile
 */
export async function setPerson(
  deps: AdminDeps,
  caller: Caller,
  { userId, was, status, deviceIds }: AdminIn<'admin.setPerson'>,
): Promise<AdminOut<'admin.setPerson'>> {
  const subject = { table: 'users', id: userId } as const;
  const ended = await asAdmin(deps, caller, subject, async (session) => {
    const { home_location_id: site } = await requireChangeable(session, userId);
    const done = await session.call<{ changed: boolean; ended: string[] }>(
      'select changed, ended from private.set_person($1, $2, $3)',
      [userId, was, status],
    );
    if (!done.changed) return 0;
    await session.audit(
      {
        action: 'update',
        table_name: 'users',
        row_id: userId,
        outcome: 'ok',
        location_id: site,
        field_names: ['status'],
        purpose: status === 'left' ? 'left' : status,
      },
      ...done.ended.map((grantId) => ({
        action: 'update' as const,
        table_name: 'user_roles' as const,
        row_id: grantId,
        outcome: 'ok',
        field_names: ['valid_to'],
        purpose: 'left',
      })),
    );
    session.changed('users', { id: userId, home_location_id: site });
    if (done.ended.length > 0) session.changed('user_roles', { user_id: userId });
    if (status === 'left') {
      for (const deviceId of new Set(deviceIds)) await retireDevice(session, caller, deviceId);
    }
    return done.ended.length;
  });
  const signIn = await closeAccount(deps.accounts, userId, status);
  return { status, ended, signIn };
}

/** Sessions end with the account: they are not renewed, and the server refuses them at once. */
async function closeAccount(
  accounts: Accounts | null,
  userId: string,
  status: PersonView['status'],
): Promise<AdminOut<'admin.setPerson'>['signIn']> {
  if (!accounts) return 'off';
  try {
    await accounts.setClosed(userId, status === 'suspended' || status === 'left');
    return 'done';
  } catch (error) {
    return toAppError(error).code === 'ACCOUNTS_OFF' ? 'off' : 'failed';
  }
}

/**
 * Forgets the second factors of somebody who has lost theirs.
 * @throws AppError as `asAdmin`; ACCOUNTS_OFF, SERVER_BUSY; NOT_FOUND where there is no account; ADMIN_OWN
 */
export async function resetFactors(
  deps: AdminDeps,
  caller: Caller,
  { userId }: AdminIn<'admin.resetFactors'>,
): Promise<AdminOut<'admin.resetFactors'>> {
  const subject = { table: 'users', id: userId } as const;
  // Noted before it is done: who may have lost a guard is known in any case.
  const accounts = await asAdmin(deps, caller, subject, async (session) => {
    const { home_location_id: site } = await requireChangeable(session, userId);
    if (userId === caller.userId) throw new AppError('ADMIN_OWN');
    if (!deps.accounts) throw new AppError('ACCOUNTS_OFF');
    await session.audit({
      action: 'update',
      table_name: 'users',
      row_id: userId,
      outcome: 'ok',
      location_id: site,
      purpose: 'second factor reset',
    });
    return deps.accounts;
  });
  const account = await accounts.find(userId);
  if (!account) throw new AppError('NOT_FOUND');
  await accounts.removeFactors(userId, account.factorIds);
  return { removed: account.factorIds.length };
}

/** Whether there is such a person is told to those only who may change people. */
async function requireChangeable(
  { tx, require }: AdminSession,
  userId: string,
): Promise<PersonRow> {
  const row = await tx.asEngine((engine) => read(engine, userId));
  await require('users', 'update', {
    id: userId,
    home_location_id: row?.home_location_id ?? null,
  });
  if (!row) throw new AppError('NOT_FOUND');
  return row;
}
