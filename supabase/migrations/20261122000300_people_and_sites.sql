-- Sites, people, their grants and their machines. Written by the server; devices hold copies.
--
-- Every table of the API carries row_xid: the transaction that wrote the row last. With the id it
-- is the place of the row in the feed, read as
--   where (row_xid, id) > ($1::xid8, $2) and row_xid < pg_snapshot_xmin(pg_current_snapshot())
-- The second condition keeps back what might still be overtaken by a slower transaction.

-- locations ---------------------------------------------------------------------------------------

create table public.locations (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  code text not null,
  name text not null,
  time_zone text not null,
  address text,
  phone text,
  active boolean not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint locations_code_check check (char_length(btrim(code)) >= 2 and char_length(code) <= 8),
  constraint locations_name_check check (char_length(btrim(name)) >= 1 and char_length(name) <= 80),
  constraint locations_time_zone_check
    check (char_length(btrim(time_zone)) >= 3 and char_length(time_zone) <= 60),
  constraint locations_address_check check (char_length(address) <= 300),
  constraint locations_phone_check check (char_length(phone) <= 30),
  constraint locations_code_key unique (code)
);

create index locations_feed_idx on public.locations (row_xid, id);

alter table public.locations enable row level security;
alter table public.locations force row level security;
revoke all on table public.locations from public, anon, authenticated, service_role;
grant select on table public.locations to authenticated;
grant select on table public.locations to ganger_engine;

create trigger touch before update on public.locations
  for each row execute function private.touch();

create policy locations_read on public.locations for select to authenticated using (
  (select private.reaches_all('locations', 'read'))
  or (select cardinality(private.sites('locations', 'read')) > 0)
);
create policy locations_engine_read on public.locations for select to ganger_engine using (true);

-- users -------------------------------------------------------------------------------------------

create table public.users (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  display_name text not null,
  home_location_id uuid,
  status text not null,
  email text not null,
  provider_npi text,
  employee_id text,
  mfa_required boolean not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint users_display_name_check
    check (char_length(btrim(display_name)) >= 1 and char_length(display_name) <= 120),
  constraint users_home_location_id_fkey
    foreign key (home_location_id)
      references public.locations (id) deferrable initially immediate,
  constraint users_status_check check (status in ('invited', 'active', 'suspended', 'left')),
  constraint users_email_check check (char_length(btrim(email)) >= 3 and char_length(email) <= 254),
  constraint users_provider_npi_check check (char_length(provider_npi) <= 10),
  constraint users_employee_id_check check (char_length(employee_id) <= 40),
  constraint users_email_key unique (email),
  constraint users_email_case_check check (email = lower(email))
);

create index users_feed_idx on public.users (row_xid, id);
create index users_home_location_id_feed_idx on public.users (home_location_id, row_xid, id);

alter table public.users enable row level security;
alter table public.users force row level security;
revoke all on table public.users from public, anon, authenticated, service_role;
grant select (
  id, created_at, created_by, device_id, display_name, home_location_id, status, row_xid,
  row_version, recorded_at, schema_version
) on table public.users to authenticated;
grant select on table public.users to ganger_engine;

create trigger touch before update on public.users
  for each row execute function private.touch();

create policy users_read on public.users for select to authenticated using (
  (select private.reaches_all('users', 'read'))
  or home_location_id = any ((select private.sites('users', 'read'))::uuid[])
  or (home_location_id is null and (select cardinality(private.sites('users', 'read')) > 0))
  or (id = (select auth.uid()) and (select private.reaches_own('users', 'read')))
);
create policy users_engine_read on public.users for select to ganger_engine using (true);

-- user_roles --------------------------------------------------------------------------------------

create table public.user_roles (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  user_id uuid not null,
  role text not null,
  location_id uuid,
  valid_from timestamptz not null,
  valid_to timestamptz,
  granted_by uuid,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint user_roles_user_id_fkey
    foreign key (user_id)
      references public.users (id) deferrable initially immediate,
  constraint user_roles_role_check
    check (
      role in (
        'FD', 'KD', 'CS', 'PR', 'MG', 'LM', 'IT', 'SA', 'AS', 'BUY', 'SAFETY', 'CO', 'REP', 'TL'
      )
    ),
  constraint user_roles_location_id_fkey
    foreign key (location_id)
      references public.locations (id) deferrable initially immediate,
  constraint user_roles_granted_by_fkey
    foreign key (granted_by)
      references public.users (id) deferrable initially immediate,
  constraint user_roles_user_id_role_location_id_valid_from_key
    unique nulls not distinct (user_id, role, location_id, valid_from),
  constraint user_roles_granter_check check (granted_by <> user_id)
);

create index user_roles_feed_idx on public.user_roles (row_xid, id);
create index user_roles_location_id_feed_idx on public.user_roles (location_id, row_xid, id);
create index user_roles_user_id_feed_idx on public.user_roles (user_id, row_xid, id);
create index user_roles_granted_by_idx on public.user_roles (granted_by);

alter table public.user_roles enable row level security;
alter table public.user_roles force row level security;
revoke all on table public.user_roles from public, anon, authenticated, service_role;
grant select on table public.user_roles to authenticated;
grant select on table public.user_roles to ganger_engine;

create trigger touch before update on public.user_roles
  for each row execute function private.touch();

create policy user_roles_read on public.user_roles for select to authenticated using (
  (select private.reaches_all('user_roles', 'read'))
  or location_id = any ((select private.sites('user_roles', 'read'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('user_roles', 'read')) > 0))
  or (user_id = (select auth.uid()) and (select private.reaches_own('user_roles', 'read')))
);
create policy user_roles_engine_read on public.user_roles for select to ganger_engine using (true);

-- devices -----------------------------------------------------------------------------------------

create table public.devices (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  kind text not null,
  name text not null,
  location_id uuid,
  status text not null,
  enrolled_by uuid not null,
  last_seen_at timestamptz,
  public_key text,
  grant_expires_at timestamptz,
  last_chain_head text,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint devices_kind_check check (kind in ('desktop', 'kiosk', 'tablet')),
  constraint devices_name_check check (char_length(btrim(name)) >= 1 and char_length(name) <= 80),
  constraint devices_location_id_fkey
    foreign key (location_id)
      references public.locations (id) deferrable initially immediate,
  constraint devices_status_check check (status in ('active', 'suspended', 'retired')),
  constraint devices_enrolled_by_fkey
    foreign key (enrolled_by)
      references public.users (id) deferrable initially immediate,
  constraint devices_public_key_check check (char_length(public_key) <= 200),
  constraint devices_last_chain_head_check check (char_length(last_chain_head) <= 64)
);

create index devices_feed_idx on public.devices (row_xid, id);
create index devices_location_id_feed_idx on public.devices (location_id, row_xid, id);
create index devices_enrolled_by_feed_idx on public.devices (enrolled_by, row_xid, id);

alter table public.devices enable row level security;
alter table public.devices force row level security;
revoke all on table public.devices from public, anon, authenticated, service_role;
grant select (
  id, created_at, created_by, device_id, kind, name, location_id, status, enrolled_by,
  grant_expires_at, row_xid, row_version, recorded_at, schema_version
) on table public.devices to authenticated;
grant select on table public.devices to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, kind, name, location_id, status, enrolled_by,
  last_seen_at, public_key, grant_expires_at, last_chain_head
) on table public.devices to ganger_engine;
grant update (
  kind, name, location_id, status, last_seen_at, public_key, grant_expires_at, last_chain_head
) on table public.devices to ganger_engine;

create trigger touch before update on public.devices
  for each row execute function private.touch();

create policy devices_read on public.devices for select to authenticated using (
  (select private.reaches_all('devices', 'read'))
  or location_id = any ((select private.sites('devices', 'read'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('devices', 'read')) > 0))
  or (enrolled_by = (select auth.uid()) and (select private.reaches_own('devices', 'read')))
);
create policy devices_engine_read on public.devices for select to ganger_engine using (true);
create policy devices_engine_create on public.devices for insert to ganger_engine with check (true);
create policy devices_engine_update on public.devices for update to ganger_engine
  using (true) with check (true);
