-- People, their roles and the sites, written through functions alone: the engine has no right to change
-- these tables. Each function judges whoever the claims name, by the access matrix and by what no
-- matrix says: nobody acts on themselves, roles neither begin nor end in the past, and somebody has to
-- remain who can give roles. What is refused raises GN020, and the message is the name of the code.

create function private.refuse(p_code text) returns void
language plpgsql set search_path = '' as $$
begin
  raise exception '%', p_code using errcode = 'GN020';
end $$;

-- Whoever must have a second factor administers with it: the token says whether it was given.
create function private.require_strong() returns void
language plpgsql stable security definer set search_path = '' as $$
begin
  if auth.jwt() ->> 'aal' is distinct from 'aal2' and exists (
    select from public.users u where u.id = auth.uid() and u.mfa_required) then
    perform private.refuse('AUTH_MFA_NEEDED');
  end if;
end $$;

create function private.require_right(p_table text, p_operation text, p_row jsonb) returns void
language plpgsql stable security definer set search_path = '' as $$
begin
  if not private.may_row(p_table, p_operation, p_row) then
    perform private.refuse('CALL_NOT_ALLOWED');
  end if;
  perform private.require_strong();
end $$;

-- True when the person of the claims holds a role now at a site, or at all of them.
create function private.holds(p_role text, p_location uuid) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
  return exists (
    select from public.user_roles g
      join public.users u on u.id = g.user_id and u.status = 'active'
     where g.user_id = auth.uid() and g.role = p_role
       and g.valid_from <= now() and (g.valid_to is null or now() < g.valid_to)
       and (g.location_id is null or g.location_id = p_location));
end $$;

-- Instants of the wire are whole milliseconds; nothing here begins or ends before now.
create function private.not_before_now(p_at timestamptz) returns timestamptz
language sql stable set search_path = '' as $$
  select greatest(date_trunc('milliseconds', now()), date_trunc('milliseconds', p_at))
$$;

-- Those who can give every role: superadmins of all sites, in force now and without an end. A role that
-- ends by itself would leave nobody one day. Changes that could take the last one wait for each other.
create function private.lock_administrators() returns void
language sql volatile set search_path = '' as $$
  select pg_advisory_xact_lock(hashtextextended('ganger.administrators', 0))
$$;
create function private.require_administrator() returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  if not exists (
    select from public.user_roles g
      join public.users u on u.id = g.user_id and u.status = 'active'
     where g.role = 'SA' and g.location_id is null and g.valid_from <= now()
       and g.valid_to is null) then
    perform private.refuse('ADMIN_LAST');
  end if;
end $$;

-- people ------------------------------------------------------------------------------------------

-- Makes a person known: invited, until they sign in for the first time. The same id again changes
-- nothing. Returns whether a row was made.
create function private.invite_person(
  p_id uuid, p_device uuid, p_name text, p_email text, p_home uuid, p_mfa boolean
) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform private.require_right('users', 'create',
    jsonb_build_object('id', p_id, 'home_location_id', p_home));
  if exists (select from public.users u where u.id = p_id) then return false; end if;
  insert into public.users
    (id, created_at, created_by, device_id, display_name, home_location_id, status, email, mfa_required)
  values (p_id, date_trunc('milliseconds', now()), auth.uid(), p_device, btrim(p_name), p_home,
    'invited', lower(btrim(p_email)), p_mfa);
  return true;
end $$;

-- Name, home site, second factor. Returns whether something changed.
create function private.edit_person(p_id uuid, p_name text, p_home uuid, p_mfa boolean)
returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
  person public.users;
begin
  select u.* into person from public.users u where u.id = p_id for update;
  perform private.require_right('users', 'update',
    jsonb_build_object('id', p_id, 'home_location_id', person.home_location_id));
  if person.id is null then perform private.refuse('NOT_FOUND'); end if;
  if p_id = auth.uid() then perform private.refuse('ADMIN_OWN'); end if;
  if (person.display_name, person.home_location_id, person.mfa_required)
     is not distinct from (btrim(p_name), p_home, p_mfa) then
    return false;
  end if;
  update public.users u set display_name = btrim(p_name), home_location_id = p_home,
         mfa_required = p_mfa where u.id = p_id;
  return true;
end $$;

-- Suspends somebody, lets them in again, notes that they have left (all that they hold ends) or that
-- they are back (with nothing). p_was is the state that was seen. Returns what was ended of their roles.
create function private.set_person(p_id uuid, p_was text, p_status text)
returns table (changed boolean, ended uuid[])
language plpgsql volatile security definer set search_path = '' as $$
declare
  person public.users;
  moment timestamptz := date_trunc('milliseconds', now());
begin
  perform private.lock_administrators();
  select u.* into person from public.users u where u.id = p_id for update;
  perform private.require_right('users', 'update',
    jsonb_build_object('id', p_id, 'home_location_id', person.home_location_id));
  if person.id is null then perform private.refuse('NOT_FOUND'); end if;
  if p_id = auth.uid() then perform private.refuse('ADMIN_OWN'); end if;
  if person.status = p_status then
    return query select false, '{}'::uuid[];
    return;
  end if;
  if person.status <> p_was or (p_was, p_status) not in (
    ('invited', 'left'), ('active', 'suspended'), ('active', 'left'), ('suspended', 'active'),
    ('suspended', 'left'), ('left', 'invited')) then
    perform private.refuse('SYNC_TRANSITION_REFUSED');
  end if;
  update public.users u set status = p_status where u.id = p_id;
  changed := true;
  ended := '{}';
  if p_status = 'left' then
    with over as (
      update public.user_roles g set valid_to = moment
       where g.user_id = p_id and (g.valid_to is null or g.valid_to > moment) returning g.id)
    select coalesce(array_agg(o.id), '{}') into ended from over o;
    update public.user_permissions p set valid_to = greatest(moment, p.valid_from)
     where p.user_id = p_id and p.valid_to > moment;
  end if;
  if p_was = 'active' and exists (
    select from public.user_roles g
     where g.user_id = p_id and g.role = 'SA' and g.location_id is null) then
    perform private.require_administrator();
  end if;
  return next;
end $$;

-- Who was invited and has proved who they are is here from now on.
create function private.accept_invitation() returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  update public.users u set status = 'active' where u.id = auth.uid() and u.status = 'invited';
  return found;
end $$;

-- roles -------------------------------------------------------------------------------------------

-- Roles that somebody asks for and a second person gives: the superadmin's own, and what managers
-- propose.
create table private.role_proposals (
  id uuid primary key,
  user_id uuid not null,
  role text not null,
  location_id uuid,
  valid_from timestamptz not null,
  valid_to timestamptz,
  proposed_by uuid not null,
  proposed_at timestamptz not null default now(),
  status text not null default 'waiting' check (status in ('waiting', 'given', 'declined')),
  decided_by uuid,
  decided_at timestamptz,
  check ((status = 'waiting') = (decided_at is null)),
  check (decided_by <> proposed_by)
);
create index role_proposals_waiting_idx on private.role_proposals (proposed_at)
  where status = 'waiting';
alter table private.role_proposals enable row level security;
grant select on table private.role_proposals to ganger_engine;
create policy role_proposals_engine on private.role_proposals for select to ganger_engine
  using (true);

-- What is true of a role whoever gives it; raises otherwise. Returns when it begins.
create function private.require_grantable(
  p_user uuid, p_role text, p_location uuid, p_from timestamptz, p_to timestamptz
) returns timestamptz
language plpgsql stable security definer set search_path = '' as $$
declare
  starts timestamptz := private.not_before_now(p_from);
begin
  if p_user = auth.uid() then perform private.refuse('ADMIN_OWN'); end if;
  -- What machines hold is no role of a person.
  if p_role = 'KD' then perform private.refuse('CALL_NOT_ALLOWED'); end if;
  if not exists (select from public.users u where u.id = p_user and u.status <> 'left') then
    perform private.refuse('SYNC_TRANSITION_REFUSED');
  end if;
  if p_location is not null and not exists (
    select from public.locations l where l.id = p_location and l.active) then
    perform private.refuse('SYNC_PARENT_MISSING');
  end if;
  if p_to is not null and p_to <= starts then perform private.refuse('ADMIN_PERIOD'); end if;
  if exists (
    select from public.user_roles g
     where g.user_id = p_user and g.role = p_role and g.location_id is not distinct from p_location
       and (g.valid_to is null or g.valid_to > starts)
       and (g.valid_to is null or g.valid_to > g.valid_from)
       and (p_to is null or g.valid_from < p_to)) then
    perform private.refuse('ADMIN_HELD');
  end if;
  return starts;
end $$;

-- Gives a role, or notes it as proposed where a second person has to give it. The same id again changes
-- nothing: 'given', 'waiting' or 'known'.
create function private.give_role(
  p_id uuid, p_device uuid, p_user uuid, p_role text, p_location uuid, p_from timestamptz,
  p_to timestamptz
) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
  starts timestamptz;
  gives boolean := private.may_row('user_roles', 'create', jsonb_build_object(
    'user_id', p_user, 'role', p_role, 'location_id', p_location));
begin
  if not gives and not private.holds('MG', p_location) then
    perform private.refuse('CALL_NOT_ALLOWED');
  end if;
  perform private.require_strong();
  if exists (select from public.user_roles g where g.id = p_id)
     or exists (select from private.role_proposals p where p.id = p_id) then
    return 'known';
  end if;
  -- Two that give the same role at once would not see each other.
  perform pg_advisory_xact_lock(hashtextextended('ganger.roles.' || p_user::text, 0));
  starts := private.require_grantable(p_user, p_role, p_location, p_from, p_to);
  if gives and p_role <> 'SA' then
    insert into public.user_roles
      (id, created_at, created_by, device_id, user_id, role, location_id, valid_from, valid_to,
       granted_by)
    values (p_id, date_trunc('milliseconds', now()), auth.uid(), p_device, p_user, p_role,
      p_location, starts, date_trunc('milliseconds', p_to), auth.uid());
    return 'given';
  end if;
  insert into private.role_proposals
    (id, user_id, role, location_id, valid_from, valid_to, proposed_by)
  values (p_id, p_user, p_role, p_location, starts, date_trunc('milliseconds', p_to), auth.uid());
  return 'waiting';
end $$;

-- Decides a proposal: whoever may give the role, and neither asked for it nor gets it. Returns whether
-- this call decided it.
create function private.decide_role(p_id uuid, p_device uuid, p_give boolean) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
  asked private.role_proposals;
begin
  select p.* into asked from private.role_proposals p where p.id = p_id for update;
  perform private.require_right('user_roles', 'create', jsonb_build_object(
    'user_id', asked.user_id, 'role', asked.role, 'location_id', asked.location_id));
  if asked.id is null then perform private.refuse('NOT_FOUND'); end if;
  if asked.proposed_by = auth.uid() then perform private.refuse('SYNC_OWN_APPROVAL'); end if;
  if asked.status <> 'waiting' then
    if (asked.status = 'given') = p_give then return false; end if;
    perform private.refuse('SYNC_TRANSITION_REFUSED');
  end if;
  if asked.user_id = auth.uid() then perform private.refuse('ADMIN_OWN'); end if;
  if p_give then
    perform pg_advisory_xact_lock(hashtextextended('ganger.roles.' || asked.user_id::text, 0));
    insert into public.user_roles
      (id, created_at, created_by, device_id, user_id, role, location_id, valid_from, valid_to,
       granted_by)
    values (asked.id, date_trunc('milliseconds', now()), auth.uid(), p_device, asked.user_id,
      asked.role, asked.location_id, private.require_grantable(
        asked.user_id, asked.role, asked.location_id, asked.valid_from, asked.valid_to),
      asked.valid_to, auth.uid());
  end if;
  update private.role_proposals p
     set status = case when p_give then 'given' else 'declined' end,
         decided_by = auth.uid(), decided_at = now()
   where p.id = p_id;
  return true;
end $$;

-- Lets a role end, now or on a later day, never later than it would. Returns whether it changed.
create function private.end_role(p_id uuid, p_at timestamptz) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
  held public.user_roles;
  ends timestamptz := private.not_before_now(p_at);
begin
  perform private.lock_administrators();
  select g.* into held from public.user_roles g where g.id = p_id for update;
  perform private.require_right('user_roles', 'update', jsonb_build_object(
    'user_id', held.user_id, 'role', held.role, 'location_id', held.location_id));
  if held.id is null then perform private.refuse('NOT_FOUND'); end if;
  if held.user_id = auth.uid() then perform private.refuse('ADMIN_OWN'); end if;
  if held.valid_to <= now() or held.valid_to = ends then return false; end if;
  if held.valid_to < ends then perform private.refuse('ADMIN_PERIOD'); end if;
  update public.user_roles g set valid_to = ends where g.id = p_id;
  if held.role = 'SA' and held.location_id is null then
    perform private.require_administrator();
  end if;
  return true;
end $$;

-- sites -------------------------------------------------------------------------------------------

-- Fields of a site that the person of the claims may change; shared/access/sites.ts says the same.
create function private.site_fields(p_location uuid) returns text[]
language plpgsql stable security definer set search_path = '' as $$
begin
  return case
    when private.holds('SA', p_location) or private.holds('MG', p_location)
      then '{code,name,time_zone,address,phone,active}'
    else array_cat(
      case when private.holds('LM', p_location) then '{address,phone}'::text[] else '{}' end,
      case when private.holds('IT', p_location) then '{time_zone}'::text[] else '{}' end)
  end;
end $$;

-- Makes a site, or changes one: p_row has its whole content. Returns the names of what changed, empty
-- when all was so before.
create function private.save_site(p_id uuid, p_device uuid, p_row jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
  site public.locations;
  wish public.locations;
  before jsonb;
  moved text[];
begin
  if not exists (select from pg_catalog.pg_timezone_names z where z.name = p_row ->> 'time_zone') then
    raise exception 'time_zone' using errcode = '23514', column = 'time_zone';
  end if;
  wish := jsonb_populate_record(null::public.locations, p_row);
  select l.* into site from public.locations l where l.id = p_id for update;
  if site.id is null then
    perform private.require_right('locations', 'create', jsonb_build_object('id', p_id));
    insert into public.locations
      (id, created_at, created_by, device_id, code, name, time_zone, address, phone, active)
    values (p_id, date_trunc('milliseconds', now()), auth.uid(), p_device, wish.code, wish.name,
      wish.time_zone, wish.address, wish.phone, wish.active);
    return '{code,name,time_zone,address,phone,active}';
  end if;
  perform private.require_right('locations', 'update', jsonb_build_object('id', p_id));
  before := to_jsonb(site);
  moved := array(
    select f from unnest('{code,name,time_zone,address,phone,active}'::text[]) f
     where before -> f is distinct from to_jsonb(wish) -> f);
  if not moved <@ private.site_fields(p_id) then perform private.refuse('CALL_NOT_ALLOWED'); end if;
  if cardinality(moved) > 0 then
    update public.locations l set code = wish.code, name = wish.name, time_zone = wish.time_zone,
           address = wish.address, phone = wish.phone, active = wish.active where l.id = p_id;
  end if;
  return moved;
end $$;

-- machines ----------------------------------------------------------------------------------------

-- What machines say of themselves, beside the rows that they fetch: a report would otherwise be a change
-- that every device of the site fetches. Removed with nothing; one row a machine.
create table private.device_reports (
  device_id uuid primary key,
  -- SHA-256 of a secret that the machine alone has: by it the machine is known while nobody is in.
  secret_hash text check (secret_hash ~ '^[0-9a-f]{64}$'),
  app_version text check (char_length(app_version) <= 40),
  -- Changes that wait there for the server; null while nobody is in.
  waiting integer check (waiting >= 0),
  needs_you integer check (needs_you >= 0),
  reported_at timestamptz,
  update_channel text not null default 'stable' check (update_channel in ('stable', 'early')),
  -- At its next contact the machine removes all profiles that lie on it.
  wipe_ordered_at timestamptz,
  wipe_ordered_by uuid,
  wiped_at timestamptz
);
alter table private.device_reports enable row level security;
grant select, insert, update on table private.device_reports to ganger_engine;
create policy device_reports_engine on private.device_reports to ganger_engine
  using (true) with check (true);

revoke execute on all functions in schema private from public;
grant execute on function
  private.invite_person(uuid, uuid, text, text, uuid, boolean),
  private.edit_person(uuid, text, uuid, boolean),
  private.set_person(uuid, text, text),
  private.accept_invitation(),
  private.give_role(uuid, uuid, uuid, text, uuid, timestamptz, timestamptz),
  private.decide_role(uuid, uuid, boolean),
  private.end_role(uuid, timestamptz),
  private.save_site(uuid, uuid, jsonb),
  private.require_strong()
to ganger_engine;

-- audit by patient --------------------------------------------------------------------------------

-- Few entries are about a patient: the index holds those alone, newest last as pages are read.
-- allow create-index: written in one step while nothing is released that has many rows here
create index audit_logs_patient_ref_feed_idx on public.audit_logs (patient_ref, row_xid, id)
  where patient_ref is not null;
