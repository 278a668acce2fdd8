import { SITE_FIELDS, siteFieldsOf } from '#shared/access/administration.ts';
import type { SiteField } from '#shared/access/administration.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { AdminIn, AdminOut } from '#shared/protocol/admin.ts';
import type { Caller } from '../http/route.ts';
import { asAdmin } from './admin-session.ts';
import type { AdminDeps } from './admin-session.ts';

type SiteRow = Readonly<Record<SiteField, unknown>>;

/**
 * Makes a site, or changes one: the whole of it is said, and what differs has to be theirs to change.
 * @throws AppError as `asAdmin`; SYNC_UNIQUE_TAKEN for a code that another site has; REQUEST_INVALID with the
 *   fields that do not fit
 */
export function saveSite(
  deps: AdminDeps,
  caller: Caller,
  { id, timeZone, ...rest }: AdminIn<'admin.saveSite'>,
): Promise<AdminOut<'admin.saveSite'>> {
  const wish: SiteRow = { ...rest, time_zone: timeZone };
  const subject = { table: 'locations', id } as const;
  return asAdmin(deps, caller, subject, async ({ tx, access, require, call, audit, changed }) => {
    const [before] = await tx.asEngine((engine) =>
      engine.query<Record<SiteField, unknown>>(
        `select ${SITE_FIELDS.join(', ')} from public.locations where id = $1`,
        [id],
      ),
    );
    await require('locations', before ? 'update' : 'create', { id });
    if (before) {
      const theirs = siteFieldsOf(access.grants, id);
      const foreign = SITE_FIELDS.filter((f) => before[f] !== wish[f] && !theirs.has(f));
      if (foreign.length > 0) throw new AppError('CALL_NOT_ALLOWED', { fields: foreign });
    }
    const { fields } = await call<{ fields: string[] }>(
      'select private.save_site($1, $2, $3::jsonb) as fields',
      [id, caller.deviceId, JSON.stringify(wish)],
    );
    if (fields.length > 0) {
      await audit({
        action: before ? 'update' : 'insert',
        table_name: 'locations',
        row_id: id,
        outcome: 'ok',
        field_names: fields,
      });
      changed('locations', { id });
    }
    return { id, fields };
  });
}
