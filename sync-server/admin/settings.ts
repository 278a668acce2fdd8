import { whyNotSet } from '#shared/access/settings.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { AdminIn, AdminOut } from '#shared/protocol/admin.ts';
import type { Caller } from '../http/route.ts';
import { asAdmin } from './admin-session.ts';
import type { AdminDeps } from './admin-session.ts';

const INSERT_SQL = `
  insert into public.location_configs
    (id, created_at, created_by, device_id, location_id, key, value, value_version, effective_from,
     set_by)
  values ($1, date_trunc('milliseconds', now()), $2, $3, $4, $5, $6::jsonb, 1,
    greatest(date_trunc('milliseconds', now()), timestamptz 'epoch' + $7 * interval '1 millisecond'),
    $2)
  on conflict (id) do nothing`;

/**
 * Lets a setting hold from an instant on, from now at the earliest: the past stays explained. The same
 * id again changes nothing.
 * @throws AppError as `asAdmin`; REQUEST_INVALID with the fields that do not fit; SYNC_PARENT_MISSING
 *   for a site that does not exist; SYNC_UNIQUE_TAKEN when another value begins at the same instant
 */
export function setSetting(
  deps: AdminDeps,
  caller: Caller,
  wish: AdminIn<'admin.setSetting'>,
): Promise<AdminOut<'admin.setSetting'>> {
  const { id, key, locationId, value, from } = wish;
  const subject = { table: 'location_configs', id } as const;
  return asAdmin(deps, caller, subject, async (session) => {
    const { tx, access, require, audit, changed } = session;
    const row = { id, location_id: locationId, key };
    await require('location_configs', 'create', row);
    const why = whyNotSet(access.grants, wish);
    if (why === 'not-theirs') throw new AppError('CALL_NOT_ALLOWED', { reason: why });
    if (why) throw new AppError('REQUEST_INVALID', { fields: [FIELD_OF[why]] });
    const values = [id, caller.userId, caller.deviceId, locationId, key, JSON.stringify(value)];
    const made = await tx.asEngine((engine) => engine.execute(INSERT_SQL, [...values, from]));
    if (made > 0) {
      await audit({
        action: 'insert',
        table_name: 'location_configs',
        row_id: id,
        outcome: 'ok',
        location_id: locationId,
        field_names: ['key', 'value', 'effective_from'],
        purpose: key,
      });
      changed('location_configs', row);
    }
    return { id };
  });
}

const FIELD_OF = { unknown: 'key', 'not-per-site': 'locationId', value: 'value' } as const;
