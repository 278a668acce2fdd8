import { mayDecide, mayGive } from '#shared/access/administration.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { ADMIN_LIMITS } from '#shared/protocol/admin.ts';
import type { AdminIn, AdminOut, ProposalView } from '#shared/protocol/admin.ts';
import type { Queries } from '../db/with-session.ts';
import type { Caller } from '../http/route.ts';
import { asAdmin, msOf, numberOf } from './admin-session.ts';
import type { AdminDeps } from './admin-session.ts';

const INSTANT = `timestamptz 'epoch' + $% * interval '1 millisecond'`;
const instantAt = (place: number): string => INSTANT.replace('%', String(place));

/**
 * Gives a role at a site or at all of them, or proposes it to a second person where the giver may not
 * alone. The same id again changes nothing.
 * @throws AppError as `asAdmin`; ADMIN_OWN, ADMIN_PERIOD, ADMIN_HELD; SYNC_PARENT_MISSING for a site that is
 *   not in use; SYNC_TRANSITION_REFUSED for somebody who has left
 */
export function giveRole(
  deps: AdminDeps,
  caller: Caller,
  { id, userId, role, locationId, from, to }: AdminIn<'admin.giveRole'>,
): Promise<AdminOut<'admin.giveRole'>> {
  const subject = { table: 'user_roles', id } as const;
  return asAdmin(deps, caller, subject, async ({ access, call, audit, changed }) => {
    if (userId === caller.userId) throw new AppError('ADMIN_OWN');
    const wish = { role, locationId };
    if (mayGive(access.grants, caller.userId, userId, wish) === null) {
      throw new AppError('CALL_NOT_ALLOWED', { table: 'user_roles' });
    }
    const { state } = await call<{ state: AdminOut<'admin.giveRole'>['state'] }>(
      `select private.give_role($1, $2, $3, $4, $5, ${instantAt(6)}, ${instantAt(7)}) as state`,
      [id, caller.deviceId, userId, role, locationId, from, to],
    );
    if (state !== 'known') {
      await audit({
        action: 'insert',
        table_name: 'user_roles',
        row_id: id,
        outcome: state === 'given' ? 'ok' : 'proposed',
        location_id: locationId,
        field_names: ['user_id', 'role', 'location_id', 'valid_from', 'valid_to'],
        purpose: `role ${role}`,
      });
    }
    if (state === 'given') changed('user_roles', { user_id: userId, location_id: locationId });
    return { id, state };
  });
}

interface GrantRow {
  readonly user_id: string;
  readonly role: string;
  readonly location_id: string | null;
}

/**
 * Lets a role end, now or later, never later than it would.
 * @throws AppError as `asAdmin`; NOT_FOUND; ADMIN_OWN, ADMIN_LAST, ADMIN_PERIOD
 */
export function endRole(
  deps: AdminDeps,
  caller: Caller,
  { grantId, at }: AdminIn<'admin.endRole'>,
): Promise<AdminOut<'admin.endRole'>> {
  const subject = { table: 'user_roles', id: grantId } as const;
  return asAdmin(deps, caller, subject, async ({ tx, require, call, audit, changed }) => {
    const [grant] = await tx.asEngine((engine) =>
      engine.query<GrantRow & { readonly id: string }>(
        'select id, user_id, role, location_id from public.user_roles where id = $1',
        [grantId],
      ),
    );
    await require('user_roles', 'update', { location_id: null, ...grant });
    if (!grant) throw new AppError('NOT_FOUND');
    const { ended } = await call<{ ended: boolean }>(
      `select private.end_role($1, ${instantAt(2)}) as ended`,
      [grantId, at],
    );
    if (ended) {
      await audit({
        action: 'update',
        table_name: 'user_roles',
        row_id: grantId,
        outcome: 'ok',
        location_id: grant.location_id,
        field_names: ['valid_to'],
        purpose: `role ${grant.role}`,
      });
      changed('user_roles', { ...grant });
    }
    return { changed: ended };
  });
}

interface ProposalRow {
  readonly id: string;
  readonly user_id: string;
  readonly role: ProposalView['role'];
  readonly location_id: string | null;
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly proposed_by: string;
  readonly proposed_at: string;
}

const PROPOSALS_SQL = `
  select id, user_id, role, location_id, ${msOf('valid_from')} as valid_from,
         ${msOf('valid_to')} as valid_to, proposed_by, ${msOf('proposed_at')} as proposed_at
    from private.role_proposals where status = 'waiting'`;

const viewOf = (row: ProposalRow): ProposalView => ({
  id: row.id,
  userId: row.user_id,
  role: row.role,
  locationId: row.location_id,
  from: Number(row.valid_from),
  to: numberOf(row.valid_to),
  proposedBy: row.proposed_by,
  proposedAt: Number(row.proposed_at),
});

const proposalsOf = async (engine: Queries, id?: string): Promise<ProposalView[]> => {
  const rows =
    id === undefined
      ? await engine.query<ProposalRow>(`${PROPOSALS_SQL} order by proposed_at, id limit $1`, [
          ADMIN_LIMITS.proposals,
        ])
      : await engine.query<ProposalRow>(`${PROPOSALS_SQL} and id = $1`, [id]);
  return rows.map(viewOf);
};

/**
 * The roles that wait for a second person: those that the caller asked for or may decide.
 * @throws AppError as `asAdmin`; CALL_NOT_ALLOWED for people who give no role
 */
export function listProposals(
  deps: AdminDeps,
  caller: Caller,
): Promise<AdminOut<'admin.proposals'>> {
  return asAdmin(deps, caller, null, async ({ tx, access, require }) => {
    await require('users', 'read', { home_location_id: null });
    const { grants } = access;
    const isOfAdministration = grants.some(({ role }) => GIVING.has(role));
    if (!isOfAdministration) throw new AppError('CALL_NOT_ALLOWED');
    const waiting = await tx.asEngine((engine) => proposalsOf(engine));
    return {
      proposals: waiting.filter(
        (asked) => asked.proposedBy === caller.userId || mayDecide(grants, caller.userId, asked),
      ),
    };
  });
}

const GIVING: ReadonlySet<string> = new Set(['SA', 'MG', 'LM']);

/**
 * Gives what was proposed, or declines it. Neither who proposed it nor who would get it decides.
 * @throws AppError as `asAdmin`; NOT_FOUND; SYNC_OWN_APPROVAL, ADMIN_OWN, and as `giveRole`
 */
export function decideRole(
  deps: AdminDeps,
  caller: Caller,
  { id, give }: AdminIn<'admin.decideRole'>,
): Promise<AdminOut<'admin.decideRole'>> {
  const subject = { table: 'user_roles', id } as const;
  return asAdmin(deps, caller, subject, async ({ tx, require, call, audit, changed }) => {
    const [asked] = await tx.asEngine((engine) => proposalsOf(engine, id));
    // Who may give no role at all learns nothing of which were asked for.
    await require('user_roles', 'create', {
      user_id: asked?.userId ?? null,
      role: asked?.role ?? 'FD',
      location_id: asked?.locationId ?? null,
    });
    const { decided } = await call<{ decided: boolean }>(
      'select private.decide_role($1, $2, $3) as decided',
      [id, caller.deviceId, give],
    );
    if (decided && asked) {
      await audit({
        action: give ? 'insert' : 'refuse',
        table_name: 'user_roles',
        row_id: id,
        outcome: give ? 'ok' : 'declined',
        location_id: asked.locationId,
        field_names: ['user_id', 'role', 'location_id', 'valid_from', 'valid_to'],
        purpose: `role ${asked.role}`,
      });
      if (give) changed('user_roles', { user_id: asked.userId, location_id: asked.locationId });
    }
    return { changed: decided };
  });
}
