-- Whoever must have a second factor, or has set one, has no right at all in a session that was opened without
-- it: a password alone would otherwise be enough in any program but ours. Asked by every function that
-- policies ask, so it holds for whoever comes past the sync server as well.

-- True when the session of the claims was opened without the second factor that it needs.
create function private.lacks_factor() returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
  me uuid := auth.uid();
begin
  if auth.jwt() ->> 'aal' = 'aal2' then return false; end if;
  return exists (select from public.users u where u.id = me and u.mfa_required)
    or exists (select from auth.mfa_factors f where f.user_id = me and f.status = 'verified');
end $$;

create or replace function private.require_strong() returns void
language plpgsql stable security definer set search_path = '' as $$
begin
  if private.lacks_factor() then perform private.refuse('AUTH_MFA_NEEDED'); end if;
end $$;

-- First what is missing, then what is not allowed: without the factor nothing is.
create or replace function private.require_right(p_table text, p_operation text, p_row jsonb)
returns void
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.require_strong();
  if not private.may_row(p_table, p_operation, p_row) then
    perform private.refuse('CALL_NOT_ALLOWED');
  end if;
end $$;

create or replace function private.reaches_all(p_table text, p_operation text) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
  me uuid := auth.uid();
begin
  if private.lacks_factor() then return false; end if;
  return exists (
    select from public.user_roles g
      join public.users u on u.id = g.user_id and u.status = 'active'
      join private.access_matrix m on m.role = g.role
     where g.user_id = me
       and g.valid_from <= now() and (g.valid_to is null or now() < g.valid_to)
       and m.table_name = p_table and m.operation = p_operation and m.only_field is null
       and (m.reach = 'all' or (m.reach = 'sites' and g.location_id is null)));
end $$;

create or replace function private.sites(p_table text, p_operation text) returns uuid[]
language plpgsql stable security definer set search_path = '' as $$
declare
  me uuid := auth.uid();
begin
  if private.lacks_factor() then return '{}'; end if;
  return array(
    select distinct g.location_id
      from public.user_roles g
      join public.users u on u.id = g.user_id and u.status = 'active'
      join private.access_matrix m on m.role = g.role
     where g.user_id = me
       and g.valid_from <= now() and (g.valid_to is null or now() < g.valid_to)
       and m.table_name = p_table and m.operation = p_operation and m.only_field is null
       and m.reach = 'sites' and g.location_id is not null);
end $$;

create or replace function private.held(p_table text, p_operation text)
returns table (reach text, place text, only_field text, only_values text[])
language plpgsql stable security definer rows 10 set search_path = '' as $$
declare
  me uuid := auth.uid();
begin
  if private.lacks_factor() then return; end if;
  return query
    select m.reach,
           case when m.reach = 'all' or g.location_id is null then '*' else g.location_id::text end,
           m.only_field, m.only_values
      from public.user_roles g
      join public.users u on u.id = g.user_id and u.status = 'active'
      join private.access_matrix m on m.role = g.role
     where g.user_id = me
       and g.valid_from <= now() and (g.valid_to is null or now() < g.valid_to)
       and m.table_name = p_table and m.operation = p_operation and m.reach <> 'team'
    union all
    select m.reach, t.team_id::text, m.only_field, m.only_values
      from public.eos_team_members t
      join public.users u on u.id = t.user_id and u.status = 'active'
      join private.access_matrix m on m.role = t.role
     where t.user_id = me
       and t.joined_at <= now() and (t.left_at is null or now() < t.left_at)
       and m.table_name = p_table and m.operation = p_operation and m.reach in ('team', 'own');
end $$;

revoke execute on function private.lacks_factor() from public;
grant execute on function private.lacks_factor() to ganger_engine;
