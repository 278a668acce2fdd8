-- What all modules share: settings, files, patients and their visits, consents, messages.

-- user_permissions --------------------------------------------------------------------------------

create table public.user_permissions (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  user_id uuid not null,
  permission text not null,
  effect text not null,
  location_id uuid,
  valid_from timestamptz not null,
  valid_to timestamptz not null,
  reason text not null,
  granted_by uuid not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint user_permissions_user_id_fkey foreign key (user_id) references public.users (id) deferrable initially immediate,
  constraint user_permissions_permission_check check (char_length(btrim(permission)) >= 1 and char_length(permission) <= 80),
  constraint user_permissions_effect_check check (effect in ('allow', 'deny')),
  constraint user_permissions_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint user_permissions_reason_check check (char_length(btrim(reason)) >= 3 and char_length(reason) <= 300),
  constraint user_permissions_granted_by_fkey foreign key (granted_by) references public.users (id) deferrable initially immediate
);

create index user_permissions_feed_idx on public.user_permissions (row_xid, id);
create index user_permissions_location_id_feed_idx on public.user_permissions (location_id, row_xid, id);
create index user_permissions_user_id_feed_idx on public.user_permissions (user_id, row_xid, id);
create index user_permissions_granted_by_idx on public.user_permissions (granted_by);

alter table public.user_permissions enable row level security;
alter table public.user_permissions force row level security;
revoke all on table public.user_permissions from public, anon, authenticated, service_role;
grant select on table public.user_permissions to authenticated;
grant select on table public.user_permissions to ganger_engine;

create trigger touch before update on public.user_permissions
  for each row execute function private.touch();

create policy user_permissions_read on public.user_permissions for select to authenticated using (
  (select private.reaches_all('user_permissions', 'read'))
  or location_id = any ((select private.sites('user_permissions', 'read'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('user_permissions', 'read')) > 0))
  or (user_id = (select auth.uid()) and (select private.reaches_own('user_permissions', 'read')))
);
create policy user_permissions_engine_read on public.user_permissions
  for select to ganger_engine using (true);

-- role_permissions --------------------------------------------------------------------------------

create table public.role_permissions (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  role text not null,
  permission text not null,
  conditions jsonb not null,
  version_no integer not null,
  effective_from timestamptz not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint role_permissions_role_check check (role in ('FD', 'KD', 'CS', 'PR', 'MG', 'LM', 'IT',
    'SA', 'AS', 'BUY', 'SAFETY', 'CO', 'REP', 'TL')),
  constraint role_permissions_permission_check check (char_length(btrim(permission)) >= 1 and char_length(permission) <= 80),
  constraint role_permissions_version_no_check check (version_no between 1 and 2000000000),
  constraint role_permissions_conditions_shape_check check (jsonb_typeof(conditions) = 'object'),
  constraint role_permissions_role_permission_version_no_key unique (role, permission, version_no)
);

create index role_permissions_feed_idx on public.role_permissions (row_xid, id);

alter table public.role_permissions enable row level security;
alter table public.role_permissions force row level security;
revoke all on table public.role_permissions from public, anon, authenticated, service_role;
grant select on table public.role_permissions to authenticated;
grant select on table public.role_permissions to ganger_engine;

create trigger touch before update on public.role_permissions
  for each row execute function private.touch();

create policy role_permissions_read on public.role_permissions for select to authenticated using (
  (select private.reaches_all('role_permissions', 'read'))
  or (select cardinality(private.sites('role_permissions', 'read')) > 0)
);
create policy role_permissions_engine_read on public.role_permissions
  for select to ganger_engine using (true);

-- location_configs --------------------------------------------------------------------------------

create table public.location_configs (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid,
  key text not null,
  value jsonb not null,
  value_version integer not null,
  effective_from timestamptz not null,
  set_by uuid,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint location_configs_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint location_configs_key_check check (char_length(btrim(key)) >= 1 and char_length(key) <= 80),
  constraint location_configs_value_version_check check (value_version between 1 and 2000000000),
  constraint location_configs_set_by_fkey foreign key (set_by) references public.users (id) deferrable initially immediate,
  constraint location_configs_location_id_key_effective_from_key unique nulls not distinct (location_id, key, effective_from)
);

create index location_configs_feed_idx on public.location_configs (row_xid, id);
create index location_configs_location_id_feed_idx on public.location_configs (location_id, row_xid, id);
create index location_configs_set_by_idx on public.location_configs (set_by);

alter table public.location_configs enable row level security;
alter table public.location_configs force row level security;
revoke all on table public.location_configs from public, anon, authenticated, service_role;
grant select on table public.location_configs to authenticated;
grant select on table public.location_configs to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, location_id, key, value, value_version, effective_from,
    set_by
) on table public.location_configs to ganger_engine;
grant update (
  location_id, key, value, value_version, effective_from, set_by
) on table public.location_configs to ganger_engine;

create trigger touch before update on public.location_configs
  for each row execute function private.touch();

create policy location_configs_read on public.location_configs for select to authenticated using (
  (select private.reaches_all('location_configs', 'read'))
  or location_id = any ((select private.sites('location_configs', 'read'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('location_configs', 'read')) > 0))
);
create policy location_configs_engine_read on public.location_configs
  for select to ganger_engine using (true);
create policy location_configs_engine_create on public.location_configs
  for insert to ganger_engine with check (true);
create policy location_configs_engine_update on public.location_configs for update to ganger_engine
  using (true) with check (true);

-- eos_teams ---------------------------------------------------------------------------------------

create table public.eos_teams (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  name text not null,
  kind text not null,
  location_id uuid,
  weekday integer not null,
  start_minute integer not null,
  time_zone text not null,
  agenda jsonb not null,
  active boolean not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint eos_teams_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint eos_teams_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint eos_teams_name_check check (char_length(btrim(name)) >= 1 and char_length(name) <= 80),
  constraint eos_teams_kind_check check (kind in ('leadership', 'department', 'site')),
  constraint eos_teams_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint eos_teams_weekday_check check (weekday between 1 and 7),
  constraint eos_teams_start_minute_check check (start_minute between 0 and 1439),
  constraint eos_teams_time_zone_check check (char_length(btrim(time_zone)) >= 3 and char_length(time_zone) <= 60),
  constraint eos_teams_agenda_shape_check check (case jsonb_typeof(agenda) when 'array' then jsonb_array_length(agenda) between 0 and 20 else agenda is null end)
);

create index eos_teams_feed_idx on public.eos_teams (row_xid, id);
create index eos_teams_location_id_feed_idx on public.eos_teams (location_id, row_xid, id);

alter table public.eos_teams enable row level security;
alter table public.eos_teams force row level security;
revoke all on table public.eos_teams from public, anon, authenticated, service_role;
grant select on table public.eos_teams to authenticated;
grant select on table public.eos_teams to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, name, kind, location_id, weekday, start_minute,
    time_zone, agenda, active, field_by
) on table public.eos_teams to authenticated;
grant update (
  name, kind, weekday, start_minute, time_zone, agenda, active, field_hlc, field_by
) on table public.eos_teams to authenticated;

create trigger sign_fields before insert or update on public.eos_teams
  for each row execute function private.sign_fields();
create trigger touch before update on public.eos_teams
  for each row execute function private.touch();

create policy eos_teams_read on public.eos_teams for select to authenticated using (
  (select private.reaches_all('eos_teams', 'read'))
  or location_id = any ((select private.sites('eos_teams', 'read'))::uuid[])
  or id = any ((select private.teams('eos_teams', 'read'))::uuid[])
);
create policy eos_teams_create on public.eos_teams
  for insert to authenticated with check (
  (select private.reaches_all('eos_teams', 'create'))
  or location_id = any ((select private.sites('eos_teams', 'create'))::uuid[])
);
create policy eos_teams_create_as_oneself on public.eos_teams
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy eos_teams_update on public.eos_teams for update to authenticated using (
  (select private.reaches_all('eos_teams', 'update'))
  or location_id = any ((select private.sites('eos_teams', 'update'))::uuid[])
  or id = any ((select private.teams('eos_teams', 'update'))::uuid[])
) with check (
  (select private.reaches_all('eos_teams', 'update'))
  or location_id = any ((select private.sites('eos_teams', 'update'))::uuid[])
  or id = any ((select private.teams('eos_teams', 'update'))::uuid[])
);
create policy eos_teams_update_through_server on public.eos_teams
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy eos_teams_engine_read on public.eos_teams
  for select to ganger_engine using (true);

-- eos_team_members --------------------------------------------------------------------------------

create table public.eos_team_members (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  team_id uuid not null,
  user_id uuid not null,
  location_id uuid,
  role text not null,
  seat text,
  joined_at timestamptz not null,
  left_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint eos_team_members_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint eos_team_members_user_id_fkey foreign key (user_id) references public.users (id) deferrable initially immediate,
  constraint eos_team_members_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint eos_team_members_role_check check (role in ('leader', 'member', 'viewer')),
  constraint eos_team_members_seat_check check (char_length(seat) <= 80),
  constraint eos_team_members_team_id_user_id_key unique (team_id, user_id)
);

create index eos_team_members_feed_idx on public.eos_team_members (row_xid, id);
create index eos_team_members_location_id_feed_idx on public.eos_team_members (location_id, row_xid, id);
create index eos_team_members_team_id_feed_idx on public.eos_team_members (team_id, row_xid, id);
create index eos_team_members_user_id_feed_idx on public.eos_team_members (user_id, row_xid, id);

alter table public.eos_team_members enable row level security;
alter table public.eos_team_members force row level security;
revoke all on table public.eos_team_members from public, anon, authenticated, service_role;
grant select on table public.eos_team_members to authenticated;
grant select on table public.eos_team_members to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, team_id, user_id, location_id, role, seat, joined_at,
    left_at
) on table public.eos_team_members to ganger_engine;
grant update (
  team_id, user_id, location_id, role, seat, joined_at, left_at
) on table public.eos_team_members to ganger_engine;

create trigger touch before update on public.eos_team_members
  for each row execute function private.touch();

create policy eos_team_members_read on public.eos_team_members for select to authenticated using (
  (select private.reaches_all('eos_team_members', 'read'))
  or location_id = any ((select private.sites('eos_team_members', 'read'))::uuid[])
  or team_id = any ((select private.teams('eos_team_members', 'read'))::uuid[])
  or (user_id = (select auth.uid()) and (select private.reaches_own('eos_team_members', 'read')))
);
create policy eos_team_members_engine_read on public.eos_team_members
  for select to ganger_engine using (true);
create policy eos_team_members_engine_create on public.eos_team_members
  for insert to ganger_engine with check (true);
create policy eos_team_members_engine_update on public.eos_team_members for update to ganger_engine
  using (true) with check (true);

-- file_uploads ------------------------------------------------------------------------------------

create table public.file_uploads (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid,
  sha256 text not null,
  size_bytes integer not null,
  mime text not null,
  owner_table text not null,
  owner_id uuid,
  phi_class text not null,
  uploaded_by uuid,
  retention_until date,
  encryption_key_id text not null,
  storage_key text,
  scan_status text not null,
  upload_state text not null,
  caption text,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint file_uploads_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint file_uploads_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint file_uploads_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint file_uploads_sha256_check check (char_length(btrim(sha256)) >= 64 and char_length(sha256) <= 64),
  constraint file_uploads_size_bytes_check check (size_bytes between 1 and 2000000000),
  constraint file_uploads_mime_check check (char_length(btrim(mime)) >= 3 and char_length(mime) <= 120),
  constraint file_uploads_owner_table_check check (owner_table in ('inventory_items',
    'inventory_lots', 'sds_documents', 'purchase_orders', 'unmatched_scans',
    'handout_template_versions', 'generated_handouts', 'insurance_captures', 'digital_signatures',
    'pharma_appointments', 'transfers_of_value', 'authorization_evidence', 'pa_submissions',
    'insurance_responses', 'comments')),
  constraint file_uploads_phi_class_check check (phi_class in ('P0', 'P1', 'P2')),
  constraint file_uploads_uploaded_by_fkey foreign key (uploaded_by) references public.users (id) deferrable initially immediate,
  constraint file_uploads_encryption_key_id_check check (char_length(btrim(encryption_key_id)) >= 1 and char_length(encryption_key_id) <= 80),
  constraint file_uploads_storage_key_check check (char_length(storage_key) <= 200),
  constraint file_uploads_scan_status_check check (scan_status in ('pending', 'clean', 'infected',
    'failed')),
  constraint file_uploads_upload_state_check check (upload_state in ('local', 'partial',
    'complete')),
  constraint file_uploads_caption_check check (char_length(caption) <= 120),
  constraint file_uploads_sha256_encryption_key_id_key unique (sha256, encryption_key_id)
);

create index file_uploads_feed_idx on public.file_uploads (row_xid, id);
create index file_uploads_location_id_feed_idx on public.file_uploads (location_id, row_xid, id);
create index file_uploads_uploaded_by_idx on public.file_uploads (uploaded_by);

alter table public.file_uploads enable row level security;
alter table public.file_uploads force row level security;
revoke all on table public.file_uploads from public, anon, authenticated, service_role;
grant select (
  id, created_at, created_by, device_id, field_hlc, location_id, sha256, size_bytes, mime,
    owner_table, owner_id, phi_class, uploaded_by, retention_until, encryption_key_id, scan_status,
    upload_state, caption, field_by, deleted_at, row_xid, row_version, recorded_at, schema_version
) on table public.file_uploads to authenticated;
grant select on table public.file_uploads to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, sha256, size_bytes, mime,
    owner_table, owner_id, phi_class, uploaded_by, retention_until, encryption_key_id, scan_status,
    upload_state, caption, field_by
) on table public.file_uploads to authenticated;
grant update (
  caption, field_hlc, field_by
) on table public.file_uploads to authenticated;
grant update (
  retention_until, storage_key, scan_status, upload_state, field_hlc, field_by
) on table public.file_uploads to ganger_engine;

create trigger sign_fields before insert or update on public.file_uploads
  for each row execute function private.sign_fields();
create trigger touch before update on public.file_uploads
  for each row execute function private.touch();

create policy file_uploads_read on public.file_uploads for select to authenticated using (
  owner_table in (select l.value from private.limited_values('file_uploads', 'read', 'owner_table') l where l.place = '*')
  or (owner_table, location_id::text) in (select l.value, l.place from private.limited_values('file_uploads', 'read', 'owner_table') l)
  or (location_id is null and owner_table in (select l.value from private.limited_values('file_uploads', 'read', 'owner_table') l where l.place = 'any'))
);
create policy file_uploads_create on public.file_uploads
  for insert to authenticated with check (
  owner_table in (select l.value from private.limited_values('file_uploads', 'create', 'owner_table') l where l.place = '*')
  or (owner_table, location_id::text) in (select l.value, l.place from private.limited_values('file_uploads', 'create', 'owner_table') l)
  or (location_id is null and owner_table in (select l.value from private.limited_values('file_uploads', 'create', 'owner_table') l where l.place = 'any'))
);
create policy file_uploads_create_as_oneself on public.file_uploads
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and (uploaded_by is null or uploaded_by = (select auth.uid())));
create policy file_uploads_update on public.file_uploads for update to authenticated using (
  owner_table in (select l.value from private.limited_values('file_uploads', 'update', 'owner_table') l where l.place = '*')
  or (owner_table, location_id::text) in (select l.value, l.place from private.limited_values('file_uploads', 'update', 'owner_table') l)
  or (location_id is null and owner_table in (select l.value from private.limited_values('file_uploads', 'update', 'owner_table') l where l.place = 'any'))
) with check (
  '~' in (select l.value from private.limited_values('file_uploads', 'update', 'owner_table') l where l.place = '*')
  or ('~', location_id::text) in (select l.value, l.place from private.limited_values('file_uploads', 'update', 'owner_table') l)
  or (location_id is null and '~' in (select l.value from private.limited_values('file_uploads', 'update', 'owner_table') l where l.place = 'any'))
);
create policy file_uploads_update_through_server on public.file_uploads
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy file_uploads_engine_read on public.file_uploads
  for select to ganger_engine using (true);
create policy file_uploads_engine_update on public.file_uploads for update to ganger_engine
  using (true) with check (true);

-- medications -------------------------------------------------------------------------------------

create table public.medications (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  rxcui text,
  ndcs jsonb not null,
  name text not null,
  strength text,
  form text,
  drug_class text,
  controlled_schedule text not null,
  high_risk boolean not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint medications_rxcui_check check (char_length(rxcui) <= 20),
  constraint medications_name_check check (char_length(btrim(name)) >= 1 and char_length(name) <= 160),
  constraint medications_strength_check check (char_length(strength) <= 60),
  constraint medications_form_check check (char_length(form) <= 60),
  constraint medications_drug_class_check check (char_length(drug_class) <= 80),
  constraint medications_controlled_schedule_check check (controlled_schedule in ('none', 'II',
    'III', 'IV', 'V')),
  constraint medications_ndcs_shape_check check (case jsonb_typeof(ndcs) when 'array' then jsonb_array_length(ndcs) between 0 and 50 else ndcs is null end)
);

create index medications_feed_idx on public.medications (row_xid, id);
create index medications_name_idx on public.medications (name);

alter table public.medications enable row level security;
alter table public.medications force row level security;
revoke all on table public.medications from public, anon, authenticated, service_role;
grant select on table public.medications to authenticated;
grant select on table public.medications to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, rxcui, ndcs, name, strength, form, drug_class,
    controlled_schedule, high_risk
) on table public.medications to ganger_engine;
grant update (
  rxcui, ndcs, name, strength, form, drug_class, controlled_schedule, high_risk
) on table public.medications to ganger_engine;

create trigger touch before update on public.medications
  for each row execute function private.touch();

create policy medications_read on public.medications for select to authenticated using (
  (select private.reaches_all('medications', 'read'))
  or (select cardinality(private.sites('medications', 'read')) > 0)
);
create policy medications_engine_read on public.medications
  for select to ganger_engine using (true);
create policy medications_engine_create on public.medications
  for insert to ganger_engine with check (true);
create policy medications_engine_update on public.medications for update to ganger_engine
  using (true) with check (true);

-- patients ----------------------------------------------------------------------------------------

create table public.patients (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  site_ids uuid[] not null,
  ehr_id text,
  mrn text,
  family_name text not null,
  given_name text not null,
  birth_date date not null,
  sex text not null,
  phones jsonb not null,
  email text,
  address text,
  deceased_on date,
  merged_into_id uuid,
  source_version integer not null,
  language text not null,
  proxy jsonb,
  desk_note text,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint patients_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint patients_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint patients_site_ids_check check (private.is_sorted(site_ids) and cardinality(site_ids) <= 100),
  constraint patients_ehr_id_check check (char_length(ehr_id) <= 80),
  constraint patients_mrn_check check (char_length(mrn) <= 20),
  constraint patients_family_name_check check (char_length(btrim(family_name)) >= 1 and char_length(family_name) <= 80),
  constraint patients_given_name_check check (char_length(btrim(given_name)) >= 1 and char_length(given_name) <= 80),
  constraint patients_sex_check check (sex in ('female', 'male', 'other', 'unknown')),
  constraint patients_email_check check (char_length(email) <= 254),
  constraint patients_address_check check (char_length(address) <= 300),
  constraint patients_merged_into_id_fkey foreign key (merged_into_id) references public.patients (id) deferrable initially immediate,
  constraint patients_source_version_check check (source_version between 0 and 2000000000),
  constraint patients_language_check check (language in ('en', 'es')),
  constraint patients_desk_note_check check (char_length(desk_note) <= 500),
  constraint patients_phones_shape_check check (case jsonb_typeof(phones) when 'array' then jsonb_array_length(phones) between 0 and 5 else phones is null end),
  constraint patients_proxy_shape_check check (jsonb_typeof(proxy) = 'object')
);

create index patients_feed_idx on public.patients (row_xid, id);
create index patients_family_name_given_name_idx on public.patients (family_name, given_name);
create index patients_birth_date_idx on public.patients (birth_date);
create index patients_merged_into_id_idx on public.patients (merged_into_id);
create index patients_site_ids_idx on public.patients using gin (site_ids);
create unique index patients_ehr_id_live_key
  on public.patients (ehr_id)
  where ehr_id is not null;

alter table public.patients enable row level security;
alter table public.patients force row level security;
revoke all on table public.patients from public, anon, authenticated, service_role;
grant select on table public.patients to authenticated;
grant select on table public.patients to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, site_ids, ehr_id, mrn, family_name, given_name,
    birth_date, sex, phones, email, address, deceased_on, merged_into_id, source_version, language,
    proxy, desk_note, field_by
) on table public.patients to authenticated;
grant update (
  language, proxy, desk_note, field_hlc, field_by
) on table public.patients to authenticated;
grant insert (
  id, created_at, created_by, device_id, field_hlc, site_ids, ehr_id, mrn, family_name, given_name,
    birth_date, sex, phones, email, address, deceased_on, merged_into_id, source_version, language,
    proxy, desk_note, field_by
) on table public.patients to ganger_engine;
grant update (
  site_ids, ehr_id, mrn, family_name, given_name, birth_date, sex, phones, email, address,
    deceased_on, merged_into_id, source_version, field_hlc, field_by
) on table public.patients to ganger_engine;

create trigger sign_fields before insert or update on public.patients
  for each row execute function private.sign_fields();
create trigger touch before update on public.patients
  for each row execute function private.touch();

create policy patients_read on public.patients for select to authenticated using (
  (select private.reaches_all('patients', 'read'))
  or site_ids && (select private.sites('patients', 'read'))
);
create policy patients_create on public.patients
  for insert to authenticated with check (
  (select private.reaches_all('patients', 'create'))
  or site_ids <@ (select private.sites('patients', 'create'))
);
create policy patients_create_as_oneself on public.patients
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy patients_update on public.patients for update to authenticated using (
  (select private.reaches_all('patients', 'update'))
  or site_ids && (select private.sites('patients', 'update'))
) with check (
  (select private.reaches_all('patients', 'update'))
  or site_ids && (select private.sites('patients', 'update'))
);
create policy patients_update_through_server on public.patients
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy patients_engine_read on public.patients
  for select to ganger_engine using (true);
create policy patients_engine_create on public.patients
  for insert to ganger_engine with check (true);
create policy patients_engine_update on public.patients for update to ganger_engine
  using (true) with check (true);

-- appointments ------------------------------------------------------------------------------------

create table public.appointments (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  ehr_id text,
  patient_id uuid not null,
  provider_id uuid,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  local_date date not null,
  type text not null,
  reason text,
  status text not null,
  source_version integer not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint appointments_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint appointments_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint appointments_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint appointments_ehr_id_check check (char_length(ehr_id) <= 80),
  constraint appointments_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint appointments_provider_id_fkey foreign key (provider_id) references public.users (id) deferrable initially immediate,
  constraint appointments_type_check check (char_length(btrim(type)) >= 1 and char_length(type) <= 80),
  constraint appointments_reason_check check (char_length(reason) <= 300),
  constraint appointments_status_check check (status in ('proposed', 'pending', 'booked',
    'arrived', 'checked-in', 'fulfilled', 'cancelled', 'noshow', 'waitlist', 'entered-in-error')),
  constraint appointments_source_version_check check (source_version between 0 and 2000000000)
);

create index appointments_feed_idx on public.appointments (row_xid, id);
create index appointments_location_id_feed_idx on public.appointments (location_id, row_xid, id);
create index appointments_location_id_local_date_idx on public.appointments (location_id, local_date);
create index appointments_patient_id_idx on public.appointments (patient_id);
create index appointments_provider_id_idx on public.appointments (provider_id);
create unique index appointments_ehr_id_live_key
  on public.appointments (ehr_id)
  where ehr_id is not null;

alter table public.appointments enable row level security;
alter table public.appointments force row level security;
revoke all on table public.appointments from public, anon, authenticated, service_role;
grant select on table public.appointments to authenticated;
grant select on table public.appointments to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, ehr_id, patient_id, provider_id,
    starts_at, ends_at, local_date, type, reason, status, source_version, field_by
) on table public.appointments to authenticated;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, ehr_id, patient_id, provider_id,
    starts_at, ends_at, local_date, type, reason, status, source_version, field_by
) on table public.appointments to ganger_engine;
grant update (
  ehr_id, provider_id, starts_at, ends_at, local_date, type, reason, status, source_version,
    field_hlc, field_by
) on table public.appointments to ganger_engine;

create trigger guard_state before insert or update of status on public.appointments
  for each row execute function private.guard_state();
create trigger sign_fields before insert or update on public.appointments
  for each row execute function private.sign_fields();
create trigger touch before update on public.appointments
  for each row execute function private.touch();

create policy appointments_read on public.appointments for select to authenticated using (
  (select private.reaches_all('appointments', 'read'))
  or location_id = any ((select private.sites('appointments', 'read'))::uuid[])
);
create policy appointments_create on public.appointments
  for insert to authenticated with check (
  (select private.reaches_all('appointments', 'create'))
  or location_id = any ((select private.sites('appointments', 'create'))::uuid[])
);
create policy appointments_create_as_oneself on public.appointments
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy appointments_engine_read on public.appointments
  for select to ganger_engine using (true);
create policy appointments_engine_create on public.appointments
  for insert to ganger_engine with check (true);
create policy appointments_engine_update on public.appointments for update to ganger_engine
  using (true) with check (true);

-- patient_medications -----------------------------------------------------------------------------

create table public.patient_medications (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid not null,
  patient_id uuid not null,
  medication_id uuid,
  ehr_id text,
  name text not null,
  sig text,
  started_on date,
  ended_on date,
  status text not null,
  source_version integer not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint patient_medications_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint patient_medications_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint patient_medications_medication_id_fkey foreign key (medication_id) references public.medications (id) deferrable initially immediate,
  constraint patient_medications_ehr_id_check check (char_length(ehr_id) <= 80),
  constraint patient_medications_name_check check (char_length(btrim(name)) >= 1 and char_length(name) <= 160),
  constraint patient_medications_sig_check check (char_length(sig) <= 300),
  constraint patient_medications_status_check check (status in ('active', 'completed', 'stopped',
    'entered-in-error')),
  constraint patient_medications_source_version_check check (source_version between 0 and 2000000000)
);

create index patient_medications_feed_idx on public.patient_medications (row_xid, id);
create index patient_medications_location_id_feed_idx on public.patient_medications (location_id, row_xid, id);
create index patient_medications_patient_id_feed_idx on public.patient_medications (patient_id, row_xid, id);
create index patient_medications_medication_id_idx on public.patient_medications (medication_id);

alter table public.patient_medications enable row level security;
alter table public.patient_medications force row level security;
revoke all on table public.patient_medications from public, anon, authenticated, service_role;
grant select on table public.patient_medications to authenticated;
grant select on table public.patient_medications to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, location_id, patient_id, medication_id, ehr_id, name, sig,
    started_on, ended_on, status, source_version
) on table public.patient_medications to ganger_engine;
grant update (
  location_id, patient_id, medication_id, ehr_id, name, sig, started_on, ended_on, status,
    source_version
) on table public.patient_medications to ganger_engine;

create trigger touch before update on public.patient_medications
  for each row execute function private.touch();

create policy patient_medications_read on public.patient_medications for select to authenticated using (
  (select private.reaches_all('patient_medications', 'read'))
  or location_id = any ((select private.sites('patient_medications', 'read'))::uuid[])
);
create policy patient_medications_engine_read on public.patient_medications
  for select to ganger_engine using (true);
create policy patient_medications_engine_create on public.patient_medications
  for insert to ganger_engine with check (true);
create policy patient_medications_engine_update on public.patient_medications for update to ganger_engine
  using (true) with check (true);

-- coverages ---------------------------------------------------------------------------------------

create table public.coverages (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  patient_id uuid not null,
  rank integer not null,
  payer text not null,
  plan text,
  member_id text not null,
  group_no text,
  bin text,
  pcn text,
  subscriber text,
  valid_from date,
  valid_to date,
  card_front_file_id uuid,
  card_back_file_id uuid,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint coverages_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint coverages_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint coverages_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint coverages_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint coverages_rank_check check (rank between 1 and 9),
  constraint coverages_payer_check check (char_length(btrim(payer)) >= 1 and char_length(payer) <= 120),
  constraint coverages_plan_check check (char_length(plan) <= 120),
  constraint coverages_member_id_check check (char_length(btrim(member_id)) >= 1 and char_length(member_id) <= 40),
  constraint coverages_group_no_check check (char_length(group_no) <= 40),
  constraint coverages_bin_check check (char_length(bin) <= 10),
  constraint coverages_pcn_check check (char_length(pcn) <= 20),
  constraint coverages_subscriber_check check (char_length(subscriber) <= 120),
  constraint coverages_card_front_file_id_fkey foreign key (card_front_file_id) references public.file_uploads (id) deferrable initially immediate,
  constraint coverages_card_back_file_id_fkey foreign key (card_back_file_id) references public.file_uploads (id) deferrable initially immediate
);

create index coverages_feed_idx on public.coverages (row_xid, id);
create index coverages_location_id_feed_idx on public.coverages (location_id, row_xid, id);
create index coverages_patient_id_feed_idx on public.coverages (patient_id, row_xid, id);
create index coverages_card_front_file_id_idx on public.coverages (card_front_file_id);
create index coverages_card_back_file_id_idx on public.coverages (card_back_file_id);

alter table public.coverages enable row level security;
alter table public.coverages force row level security;
revoke all on table public.coverages from public, anon, authenticated, service_role;
grant select on table public.coverages to authenticated;
grant select on table public.coverages to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, patient_id, rank, payer, plan,
    member_id, group_no, bin, pcn, subscriber, valid_from, valid_to, card_front_file_id,
    card_back_file_id, field_by
) on table public.coverages to authenticated;
grant update (
  rank, payer, plan, member_id, group_no, bin, pcn, subscriber, valid_from, valid_to,
    card_front_file_id, card_back_file_id, field_hlc, field_by
) on table public.coverages to authenticated;

create trigger sign_fields before insert or update on public.coverages
  for each row execute function private.sign_fields();
create trigger touch before update on public.coverages
  for each row execute function private.touch();

create policy coverages_read on public.coverages for select to authenticated using (
  (select private.reaches_all('coverages', 'read'))
  or location_id = any ((select private.sites('coverages', 'read'))::uuid[])
);
create policy coverages_create on public.coverages
  for insert to authenticated with check (
  (select private.reaches_all('coverages', 'create'))
  or location_id = any ((select private.sites('coverages', 'create'))::uuid[])
);
create policy coverages_create_as_oneself on public.coverages
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy coverages_update on public.coverages for update to authenticated using (
  (select private.reaches_all('coverages', 'update'))
  or location_id = any ((select private.sites('coverages', 'update'))::uuid[])
) with check (
  (select private.reaches_all('coverages', 'update'))
  or location_id = any ((select private.sites('coverages', 'update'))::uuid[])
);
create policy coverages_update_through_server on public.coverages
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy coverages_engine_read on public.coverages
  for select to ganger_engine using (true);

-- consents ----------------------------------------------------------------------------------------

create table public.consents (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  purpose text not null,
  decision text not null,
  method text not null,
  document_version_id uuid,
  proxy_name text,
  proxy_relation text,
  given_at timestamptz not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint consents_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint consents_origin_check check (origin_seq is null or device_id is not null),
  constraint consents_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint consents_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint consents_purpose_check check (purpose in ('sms', 'email', 'treatment', 'photo',
    'financial', 'ai', 'e_signature')),
  constraint consents_decision_check check (decision in ('given', 'declined', 'revoked')),
  constraint consents_method_check check (method in ('verbal', 'written', 'digital', 'kiosk')),
  constraint consents_proxy_name_check check (char_length(proxy_name) <= 120),
  constraint consents_proxy_relation_check check (char_length(proxy_relation) <= 40)
);

create index consents_feed_idx on public.consents (row_xid, id);
create index consents_location_id_feed_idx on public.consents (location_id, row_xid, id);
create index consents_patient_id_feed_idx on public.consents (patient_id, row_xid, id);
create index consents_patient_id_purpose_idx on public.consents (patient_id, purpose);
create unique index consents_origin_key on public.consents (device_id, origin_seq)
  where origin_seq is not null;

alter table public.consents enable row level security;
alter table public.consents force row level security;
revoke all on table public.consents from public, anon, authenticated, service_role;
grant select on table public.consents to authenticated;
grant select on table public.consents to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, purpose,
    decision, method, document_version_id, proxy_name, proxy_relation, given_at
) on table public.consents to authenticated;

create trigger append_only before update or delete on public.consents
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.consents
  for each statement execute function private.refuse_change();
alter table public.consents enable always trigger append_only;
alter table public.consents enable always trigger append_only_truncate;

create policy consents_read on public.consents for select to authenticated using (
  (select private.reaches_all('consents', 'read'))
  or location_id = any ((select private.sites('consents', 'read'))::uuid[])
);
create policy consents_create on public.consents
  for insert to authenticated with check (
  (select private.reaches_all('consents', 'create'))
  or location_id = any ((select private.sites('consents', 'create'))::uuid[])
);
create policy consents_create_as_oneself on public.consents
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy consents_engine_read on public.consents
  for select to ganger_engine using (true);

-- opt_outs ----------------------------------------------------------------------------------------

create table public.opt_outs (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid,
  patient_id uuid,
  destination_hash text not null,
  channel text not null,
  source text not null,
  covers text not null,
  received_at timestamptz not null,
  honoured_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint opt_outs_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint opt_outs_origin_check check (origin_seq is null or device_id is not null),
  constraint opt_outs_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint opt_outs_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint opt_outs_destination_hash_check check (char_length(btrim(destination_hash)) >= 32 and char_length(destination_hash) <= 64),
  constraint opt_outs_channel_check check (channel in ('sms', 'email', 'any')),
  constraint opt_outs_source_check check (source in ('keyword', 'any_words', 'staff', 'complaint',
    'bounce')),
  constraint opt_outs_covers_check check (covers in ('channel', 'all'))
);

create index opt_outs_feed_idx on public.opt_outs (row_xid, id);
create index opt_outs_location_id_feed_idx on public.opt_outs (location_id, row_xid, id);
create index opt_outs_patient_id_feed_idx on public.opt_outs (patient_id, row_xid, id);
create index opt_outs_destination_hash_idx on public.opt_outs (destination_hash);
create unique index opt_outs_origin_key on public.opt_outs (device_id, origin_seq)
  where origin_seq is not null;

alter table public.opt_outs enable row level security;
alter table public.opt_outs force row level security;
revoke all on table public.opt_outs from public, anon, authenticated, service_role;
grant select on table public.opt_outs to authenticated;
grant select on table public.opt_outs to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id,
    destination_hash, channel, source, covers, received_at, honoured_at
) on table public.opt_outs to authenticated;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id,
    destination_hash, channel, source, covers, received_at, honoured_at
) on table public.opt_outs to ganger_engine;

create trigger append_only before update or delete on public.opt_outs
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.opt_outs
  for each statement execute function private.refuse_change();
alter table public.opt_outs enable always trigger append_only;
alter table public.opt_outs enable always trigger append_only_truncate;

create policy opt_outs_read on public.opt_outs for select to authenticated using (
  (select private.reaches_all('opt_outs', 'read'))
  or location_id = any ((select private.sites('opt_outs', 'read'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('opt_outs', 'read')) > 0))
);
create policy opt_outs_create on public.opt_outs
  for insert to authenticated with check (
  (select private.reaches_all('opt_outs', 'create'))
  or location_id = any ((select private.sites('opt_outs', 'create'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('opt_outs', 'create')) > 0))
);
create policy opt_outs_create_as_oneself on public.opt_outs
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy opt_outs_engine_read on public.opt_outs
  for select to ganger_engine using (true);
create policy opt_outs_engine_create on public.opt_outs
  for insert to ganger_engine with check (true);

-- communication_events ----------------------------------------------------------------------------

create table public.communication_events (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid,
  patient_id uuid,
  message_id uuid not null,
  channel text not null,
  template_code text not null,
  destination_hash text not null,
  event text not null,
  provider_id text,
  error_code text,
  occurred_at timestamptz not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint communication_events_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint communication_events_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint communication_events_channel_check check (channel in ('sms', 'email', 'voice',
    'portal')),
  constraint communication_events_template_code_check check (char_length(btrim(template_code)) >= 1 and char_length(template_code) <= 60),
  constraint communication_events_destination_hash_check check (char_length(btrim(destination_hash)) >= 32 and char_length(destination_hash) <= 64),
  constraint communication_events_event_check check (event in ('queued', 'consent_checked',
    'consent_blocked', 'sent', 'delivered', 'failed', 'bounced', 'opened', 'link_expired',
    'opted_out', 'printed', 'acknowledged')),
  constraint communication_events_provider_id_check check (char_length(provider_id) <= 80),
  constraint communication_events_error_code_check check (char_length(error_code) <= 40)
);

create index communication_events_feed_idx on public.communication_events (row_xid, id);
create index communication_events_location_id_feed_idx on public.communication_events (location_id, row_xid, id);
create index communication_events_patient_id_feed_idx on public.communication_events (patient_id, row_xid, id);
create index communication_events_message_id_idx on public.communication_events (message_id);

alter table public.communication_events enable row level security;
alter table public.communication_events force row level security;
revoke all on table public.communication_events from public, anon, authenticated, service_role;
grant select on table public.communication_events to authenticated;
grant select on table public.communication_events to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, location_id, patient_id, message_id, channel,
    template_code, destination_hash, event, provider_id, error_code, occurred_at
) on table public.communication_events to ganger_engine;

create trigger append_only before update or delete on public.communication_events
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.communication_events
  for each statement execute function private.refuse_change();
alter table public.communication_events enable always trigger append_only;
alter table public.communication_events enable always trigger append_only_truncate;

create policy communication_events_read on public.communication_events for select to authenticated using (
  (select private.reaches_all('communication_events', 'read'))
  or location_id = any ((select private.sites('communication_events', 'read'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('communication_events', 'read')) > 0))
);
create policy communication_events_engine_read on public.communication_events
  for select to ganger_engine using (true);
create policy communication_events_engine_create on public.communication_events
  for insert to ganger_engine with check (true);

-- notifications -----------------------------------------------------------------------------------

create table public.notifications (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  recipient_id uuid not null,
  location_id uuid,
  kind text not null,
  severity text not null,
  ref_table text,
  ref_id uuid,
  body text not null,
  dedupe_key text not null,
  expires_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint notifications_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint notifications_origin_check check (origin_seq is null or device_id is not null),
  constraint notifications_recipient_id_fkey foreign key (recipient_id) references public.users (id) deferrable initially immediate,
  constraint notifications_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint notifications_kind_check check (char_length(btrim(kind)) >= 1 and char_length(kind) <= 60),
  constraint notifications_severity_check check (severity in ('info', 'warning', 'urgent')),
  constraint notifications_ref_table_check check (char_length(ref_table) <= 63),
  constraint notifications_body_check check (char_length(btrim(body)) >= 1 and char_length(body) <= 300),
  constraint notifications_dedupe_key_check check (char_length(btrim(dedupe_key)) >= 1 and char_length(dedupe_key) <= 120),
  constraint notifications_dedupe_key_key unique (dedupe_key)
);

create index notifications_feed_idx on public.notifications (row_xid, id);
create index notifications_location_id_feed_idx on public.notifications (location_id, row_xid, id);
create index notifications_recipient_id_feed_idx on public.notifications (recipient_id, row_xid, id);
create unique index notifications_origin_key on public.notifications (device_id, origin_seq)
  where origin_seq is not null;

alter table public.notifications enable row level security;
alter table public.notifications force row level security;
revoke all on table public.notifications from public, anon, authenticated, service_role;
grant select on table public.notifications to authenticated;
grant select on table public.notifications to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, recipient_id, location_id, kind,
    severity, ref_table, ref_id, body, dedupe_key, expires_at
) on table public.notifications to authenticated;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, recipient_id, location_id, kind,
    severity, ref_table, ref_id, body, dedupe_key, expires_at
) on table public.notifications to ganger_engine;

create trigger append_only before update or delete on public.notifications
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.notifications
  for each statement execute function private.refuse_change();
alter table public.notifications enable always trigger append_only;
alter table public.notifications enable always trigger append_only_truncate;

create policy notifications_read on public.notifications for select to authenticated using (
  (recipient_id = (select auth.uid()) and (select private.reaches_own('notifications', 'read')))
);
create policy notifications_create on public.notifications
  for insert to authenticated with check (
  (select private.reaches_all('notifications', 'create'))
  or location_id = any ((select private.sites('notifications', 'create'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('notifications', 'create')) > 0))
  or (recipient_id = (select auth.uid()) and (select private.reaches_own('notifications', 'create')))
);
create policy notifications_create_as_oneself on public.notifications
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy notifications_engine_read on public.notifications
  for select to ganger_engine using (true);
create policy notifications_engine_create on public.notifications
  for insert to ganger_engine with check (true);

-- notification_reads ------------------------------------------------------------------------------

create table public.notification_reads (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  notification_id uuid not null,
  user_id uuid not null,
  read jsonb not null,
  snoozed_until timestamptz,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint notification_reads_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint notification_reads_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint notification_reads_notification_id_fkey foreign key (notification_id) references public.notifications (id) deferrable initially immediate,
  constraint notification_reads_user_id_fkey foreign key (user_id) references public.users (id) deferrable initially immediate,
  constraint notification_reads_read_shape_check check (jsonb_typeof(read) = 'object'),
  constraint notification_reads_notification_id_user_id_key unique (notification_id, user_id)
);

create index notification_reads_feed_idx on public.notification_reads (row_xid, id);
create index notification_reads_user_id_feed_idx on public.notification_reads (user_id, row_xid, id);

alter table public.notification_reads enable row level security;
alter table public.notification_reads force row level security;
revoke all on table public.notification_reads from public, anon, authenticated, service_role;
grant select on table public.notification_reads to authenticated;
grant select on table public.notification_reads to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, notification_id, user_id, read, snoozed_until,
    field_by
) on table public.notification_reads to authenticated;
grant update (
  read, snoozed_until, field_hlc, field_by
) on table public.notification_reads to authenticated;

create trigger sign_fields before insert or update on public.notification_reads
  for each row execute function private.sign_fields();
create trigger touch before update on public.notification_reads
  for each row execute function private.touch();

create policy notification_reads_read on public.notification_reads for select to authenticated using (
  (user_id = (select auth.uid()) and (select private.reaches_own('notification_reads', 'read')))
);
create policy notification_reads_create on public.notification_reads
  for insert to authenticated with check (
  (user_id = (select auth.uid()) and (select private.reaches_own('notification_reads', 'create')))
);
create policy notification_reads_create_as_oneself on public.notification_reads
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and user_id = (select auth.uid()));
create policy notification_reads_update on public.notification_reads for update to authenticated using (
  (user_id = (select auth.uid()) and (select private.reaches_own('notification_reads', 'update')))
) with check (
  (user_id = (select auth.uid()) and (select private.reaches_own('notification_reads', 'update')))
);
create policy notification_reads_update_through_server on public.notification_reads
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy notification_reads_engine_read on public.notification_reads
  for select to ganger_engine using (true);

-- rights ------------------------------------------------------------------------------------------

insert into private.scopes
  (table_name, location_column, sites_column, team_column, own_column)
values
  ('user_permissions', 'location_id', null, null, 'user_id'),
  ('role_permissions', null, null, null, null),
  ('location_configs', 'location_id', null, null, null),
  ('eos_teams', 'location_id', null, 'id', null),
  ('eos_team_members', 'location_id', null, 'team_id', 'user_id'),
  ('file_uploads', 'location_id', null, null, null),
  ('medications', null, null, null, null),
  ('patients', null, 'site_ids', null, null),
  ('appointments', 'location_id', null, null, null),
  ('patient_medications', 'location_id', null, null, null),
  ('coverages', 'location_id', null, null, null),
  ('consents', 'location_id', null, null, null),
  ('opt_outs', 'location_id', null, null, null),
  ('communication_events', 'location_id', null, null, null),
  ('notifications', 'location_id', null, null, 'recipient_id'),
  ('notification_reads', null, null, null, 'user_id');

insert into private.access_matrix
  (role, table_name, operation, reach, only_field, only_values)
values
  ('FD', 'user_permissions', 'read', 'own', null, null),
  ('CS', 'user_permissions', 'read', 'own', null, null),
  ('PR', 'user_permissions', 'read', 'own', null, null),
  ('MG', 'user_permissions', 'read', 'all', null, null),
  ('LM', 'user_permissions', 'read', 'sites', null, null),
  ('IT', 'user_permissions', 'read', 'all', null, null),
  ('SA', 'user_permissions', 'read', 'all', null, null),
  ('SA', 'user_permissions', 'create', 'all', null, null),
  ('SA', 'user_permissions', 'update', 'all', null, null),
  ('AS', 'user_permissions', 'read', 'own', null, null),
  ('BUY', 'user_permissions', 'read', 'own', null, null),
  ('SAFETY', 'user_permissions', 'read', 'own', null, null),
  ('CO', 'user_permissions', 'read', 'all', null, null),
  ('FD', 'role_permissions', 'read', 'sites', null, null),
  ('CS', 'role_permissions', 'read', 'sites', null, null),
  ('PR', 'role_permissions', 'read', 'sites', null, null),
  ('MG', 'role_permissions', 'read', 'all', null, null),
  ('LM', 'role_permissions', 'read', 'sites', null, null),
  ('IT', 'role_permissions', 'read', 'all', null, null),
  ('SA', 'role_permissions', 'read', 'all', null, null),
  ('SA', 'role_permissions', 'create', 'all', null, null),
  ('SA', 'role_permissions', 'update', 'all', null, null),
  ('AS', 'role_permissions', 'read', 'sites', null, null),
  ('BUY', 'role_permissions', 'read', 'sites', null, null),
  ('SAFETY', 'role_permissions', 'read', 'sites', null, null),
  ('CO', 'role_permissions', 'read', 'all', null, null),
  ('FD', 'location_configs', 'read', 'sites', null, null),
  ('KD', 'location_configs', 'read', 'sites', null, null),
  ('CS', 'location_configs', 'read', 'sites', null, null),
  ('PR', 'location_configs', 'read', 'all', null, null),
  ('MG', 'location_configs', 'read', 'all', null, null),
  ('MG', 'location_configs', 'create', 'all', null, null),
  ('MG', 'location_configs', 'update', 'all', null, null),
  ('LM', 'location_configs', 'read', 'sites', null, null),
  ('LM', 'location_configs', 'create', 'sites', null, null),
  ('LM', 'location_configs', 'update', 'sites', null, null),
  ('IT', 'location_configs', 'read', 'all', null, null),
  ('IT', 'location_configs', 'create', 'all', null, null),
  ('IT', 'location_configs', 'update', 'all', null, null),
  ('SA', 'location_configs', 'read', 'all', null, null),
  ('SA', 'location_configs', 'create', 'all', null, null),
  ('SA', 'location_configs', 'update', 'all', null, null),
  ('AS', 'location_configs', 'read', 'sites', null, null),
  ('BUY', 'location_configs', 'read', 'sites', null, null),
  ('SAFETY', 'location_configs', 'read', 'sites', null, null),
  ('CO', 'location_configs', 'read', 'all', null, null),
  ('FD', 'eos_teams', 'metadata', 'sites', null, null),
  ('CS', 'eos_teams', 'metadata', 'sites', null, null),
  ('PR', 'eos_teams', 'metadata', 'all', null, null),
  ('MG', 'eos_teams', 'read', 'all', null, null),
  ('MG', 'eos_teams', 'create', 'all', null, null),
  ('MG', 'eos_teams', 'update', 'all', null, null),
  ('LM', 'eos_teams', 'read', 'sites', null, null),
  ('LM', 'eos_teams', 'create', 'sites', null, null),
  ('LM', 'eos_teams', 'update', 'sites', null, null),
  ('IT', 'eos_teams', 'metadata', 'all', null, null),
  ('SA', 'eos_teams', 'read', 'all', null, null),
  ('SA', 'eos_teams', 'create', 'all', null, null),
  ('SA', 'eos_teams', 'update', 'all', null, null),
  ('leader', 'eos_teams', 'read', 'team', null, null),
  ('leader', 'eos_teams', 'update', 'team', null, null),
  ('member', 'eos_teams', 'read', 'team', null, null),
  ('viewer', 'eos_teams', 'read', 'team', null, null),
  ('FD', 'eos_team_members', 'read', 'own', null, null),
  ('CS', 'eos_team_members', 'read', 'own', null, null),
  ('PR', 'eos_team_members', 'read', 'own', null, null),
  ('MG', 'eos_team_members', 'read', 'all', null, null),
  ('MG', 'eos_team_members', 'create', 'all', null, null),
  ('MG', 'eos_team_members', 'update', 'all', null, null),
  ('LM', 'eos_team_members', 'read', 'sites', null, null),
  ('LM', 'eos_team_members', 'create', 'sites', null, null),
  ('LM', 'eos_team_members', 'update', 'sites', null, null),
  ('IT', 'eos_team_members', 'read', 'own', null, null),
  ('SA', 'eos_team_members', 'read', 'all', null, null),
  ('SA', 'eos_team_members', 'create', 'all', null, null),
  ('SA', 'eos_team_members', 'update', 'all', null, null),
  ('AS', 'eos_team_members', 'read', 'own', null, null),
  ('BUY', 'eos_team_members', 'read', 'own', null, null),
  ('leader', 'eos_team_members', 'read', 'team', null, null),
  ('member', 'eos_team_members', 'read', 'team', null, null),
  ('viewer', 'eos_team_members', 'read', 'team', null, null),
  ('FD', 'file_uploads', 'read', 'sites', 'owner_table', '{inventory_items,inventory_lots,sds_documents,purchase_orders,unmatched_scans,handout_template_versions,insurance_captures,digital_signatures,pharma_appointments}'),
  ('FD', 'file_uploads', 'create', 'sites', 'owner_table', '{unmatched_scans,insurance_captures,pharma_appointments}'),
  ('FD', 'file_uploads', 'update', 'sites', 'owner_table', '{unmatched_scans,insurance_captures,pharma_appointments}'),
  ('KD', 'file_uploads', 'read', 'sites', 'owner_table', '{sds_documents}'),
  ('KD', 'file_uploads', 'create', 'sites', 'owner_table', '{insurance_captures,digital_signatures}'),
  ('KD', 'file_uploads', 'update', 'sites', 'owner_table', '{insurance_captures,digital_signatures}'),
  ('CS', 'file_uploads', 'read', 'sites', 'owner_table', '{inventory_items,inventory_lots,sds_documents,purchase_orders,unmatched_scans,handout_template_versions,generated_handouts,insurance_captures,digital_signatures,pharma_appointments,authorization_evidence,pa_submissions,insurance_responses}'),
  ('CS', 'file_uploads', 'create', 'sites', 'owner_table', '{purchase_orders,unmatched_scans,handout_template_versions,authorization_evidence,pa_submissions,insurance_responses}'),
  ('CS', 'file_uploads', 'update', 'sites', 'owner_table', '{purchase_orders,unmatched_scans,handout_template_versions,authorization_evidence,pa_submissions,insurance_responses}'),
  ('PR', 'file_uploads', 'read', 'sites', 'owner_table', '{inventory_items,inventory_lots,sds_documents,purchase_orders,handout_template_versions,generated_handouts,insurance_captures,digital_signatures,pharma_appointments,authorization_evidence,pa_submissions,insurance_responses}'),
  ('PR', 'file_uploads', 'create', 'all', 'owner_table', '{handout_template_versions,authorization_evidence}'),
  ('PR', 'file_uploads', 'update', 'all', 'owner_table', '{handout_template_versions,authorization_evidence}'),
  ('MG', 'file_uploads', 'read', 'all', 'owner_table', '{inventory_items,inventory_lots,sds_documents,purchase_orders,unmatched_scans,handout_template_versions,insurance_captures,pharma_appointments,transfers_of_value,comments}'),
  ('MG', 'file_uploads', 'create', 'all', 'owner_table', '{inventory_items,sds_documents,purchase_orders,unmatched_scans,handout_template_versions,pharma_appointments}'),
  ('MG', 'file_uploads', 'update', 'all', 'owner_table', '{inventory_items,sds_documents,purchase_orders,unmatched_scans,handout_template_versions,pharma_appointments}'),
  ('LM', 'file_uploads', 'read', 'sites', 'owner_table', '{inventory_items,inventory_lots,sds_documents,purchase_orders,unmatched_scans,handout_template_versions,insurance_captures,pharma_appointments,transfers_of_value,comments}'),
  ('LM', 'file_uploads', 'create', 'sites', 'owner_table', '{inventory_items,sds_documents,purchase_orders,unmatched_scans,handout_template_versions,pharma_appointments}'),
  ('LM', 'file_uploads', 'update', 'sites', 'owner_table', '{inventory_items,sds_documents,purchase_orders,unmatched_scans,handout_template_versions,pharma_appointments}'),
  ('IT', 'file_uploads', 'read', 'all', 'owner_table', '{sds_documents}'),
  ('SA', 'file_uploads', 'read', 'all', 'owner_table', '{inventory_items,inventory_lots,sds_documents,purchase_orders,unmatched_scans,pharma_appointments,transfers_of_value}'),
  ('AS', 'file_uploads', 'read', 'all', 'owner_table', '{authorization_evidence,pa_submissions,insurance_responses}'),
  ('AS', 'file_uploads', 'create', 'all', 'owner_table', '{authorization_evidence,pa_submissions,insurance_responses}'),
  ('AS', 'file_uploads', 'update', 'all', 'owner_table', '{authorization_evidence,pa_submissions,insurance_responses}'),
  ('BUY', 'file_uploads', 'read', 'sites', 'owner_table', '{inventory_items,inventory_lots,sds_documents,purchase_orders,unmatched_scans}'),
  ('BUY', 'file_uploads', 'create', 'all', 'owner_table', '{purchase_orders}'),
  ('BUY', 'file_uploads', 'update', 'all', 'owner_table', '{purchase_orders}'),
  ('SAFETY', 'file_uploads', 'read', 'sites', 'owner_table', '{inventory_items,inventory_lots,sds_documents}'),
  ('SAFETY', 'file_uploads', 'create', 'all', 'owner_table', '{sds_documents}'),
  ('SAFETY', 'file_uploads', 'update', 'all', 'owner_table', '{sds_documents}'),
  ('CO', 'file_uploads', 'read', 'all', 'owner_table', '{transfers_of_value}'),
  ('FD', 'medications', 'read', 'sites', null, null),
  ('CS', 'medications', 'read', 'sites', null, null),
  ('PR', 'medications', 'read', 'all', null, null),
  ('MG', 'medications', 'read', 'all', null, null),
  ('LM', 'medications', 'read', 'sites', null, null),
  ('SA', 'medications', 'read', 'all', null, null),
  ('SA', 'medications', 'create', 'all', null, null),
  ('SA', 'medications', 'update', 'all', null, null),
  ('AS', 'medications', 'read', 'all', null, null),
  ('BUY', 'medications', 'read', 'sites', null, null),
  ('FD', 'patients', 'read', 'sites', null, null),
  ('FD', 'patients', 'create', 'sites', null, null),
  ('FD', 'patients', 'update', 'sites', null, null),
  ('CS', 'patients', 'read', 'sites', null, null),
  ('CS', 'patients', 'update', 'sites', null, null),
  ('PR', 'patients', 'read', 'all', null, null),
  ('PR', 'patients', 'update', 'all', null, null),
  ('MG', 'patients', 'read', 'all', null, null),
  ('LM', 'patients', 'read', 'sites', null, null),
  ('AS', 'patients', 'read', 'all', null, null),
  ('FD', 'appointments', 'read', 'sites', null, null),
  ('FD', 'appointments', 'create', 'sites', null, null),
  ('CS', 'appointments', 'read', 'sites', null, null),
  ('PR', 'appointments', 'read', 'all', null, null),
  ('MG', 'appointments', 'read', 'all', null, null),
  ('LM', 'appointments', 'read', 'sites', null, null),
  ('AS', 'appointments', 'read', 'all', null, null),
  ('CS', 'patient_medications', 'read', 'sites', null, null),
  ('PR', 'patient_medications', 'read', 'all', null, null),
  ('AS', 'patient_medications', 'read', 'all', null, null),
  ('FD', 'coverages', 'read', 'sites', null, null),
  ('FD', 'coverages', 'create', 'sites', null, null),
  ('FD', 'coverages', 'update', 'sites', null, null),
  ('CS', 'coverages', 'read', 'sites', null, null),
  ('PR', 'coverages', 'read', 'all', null, null),
  ('MG', 'coverages', 'read', 'all', null, null),
  ('LM', 'coverages', 'read', 'sites', null, null),
  ('AS', 'coverages', 'read', 'all', null, null),
  ('FD', 'consents', 'read', 'sites', null, null),
  ('FD', 'consents', 'create', 'sites', null, null),
  ('KD', 'consents', 'create', 'sites', null, null),
  ('CS', 'consents', 'read', 'sites', null, null),
  ('CS', 'consents', 'create', 'sites', null, null),
  ('PR', 'consents', 'read', 'all', null, null),
  ('PR', 'consents', 'create', 'all', null, null),
  ('MG', 'consents', 'read', 'all', null, null),
  ('LM', 'consents', 'read', 'sites', null, null),
  ('IT', 'consents', 'metadata', 'all', null, null),
  ('SA', 'consents', 'metadata', 'all', null, null),
  ('CO', 'consents', 'read', 'all', null, null),
  ('FD', 'opt_outs', 'read', 'sites', null, null),
  ('FD', 'opt_outs', 'create', 'sites', null, null),
  ('KD', 'opt_outs', 'create', 'sites', null, null),
  ('CS', 'opt_outs', 'read', 'sites', null, null),
  ('CS', 'opt_outs', 'create', 'sites', null, null),
  ('PR', 'opt_outs', 'read', 'all', null, null),
  ('PR', 'opt_outs', 'create', 'all', null, null),
  ('MG', 'opt_outs', 'read', 'all', null, null),
  ('LM', 'opt_outs', 'read', 'sites', null, null),
  ('IT', 'opt_outs', 'metadata', 'all', null, null),
  ('SA', 'opt_outs', 'metadata', 'all', null, null),
  ('CO', 'opt_outs', 'read', 'all', null, null),
  ('FD', 'communication_events', 'read', 'sites', null, null),
  ('CS', 'communication_events', 'read', 'sites', null, null),
  ('PR', 'communication_events', 'read', 'all', null, null),
  ('MG', 'communication_events', 'metadata', 'all', null, null),
  ('LM', 'communication_events', 'metadata', 'sites', null, null),
  ('IT', 'communication_events', 'metadata', 'all', null, null),
  ('SA', 'communication_events', 'metadata', 'all', null, null),
  ('FD', 'notifications', 'read', 'own', null, null),
  ('KD', 'notifications', 'read', 'own', null, null),
  ('CS', 'notifications', 'read', 'own', null, null),
  ('PR', 'notifications', 'read', 'own', null, null),
  ('MG', 'notifications', 'read', 'own', null, null),
  ('MG', 'notifications', 'create', 'all', null, null),
  ('LM', 'notifications', 'read', 'own', null, null),
  ('LM', 'notifications', 'create', 'sites', null, null),
  ('IT', 'notifications', 'read', 'own', null, null),
  ('SA', 'notifications', 'read', 'own', null, null),
  ('AS', 'notifications', 'read', 'own', null, null),
  ('BUY', 'notifications', 'read', 'own', null, null),
  ('SAFETY', 'notifications', 'read', 'own', null, null),
  ('CO', 'notifications', 'read', 'own', null, null),
  ('REP', 'notifications', 'read', 'own', null, null),
  ('TL', 'notifications', 'read', 'own', null, null),
  ('FD', 'notification_reads', 'read', 'own', null, null),
  ('FD', 'notification_reads', 'create', 'own', null, null),
  ('FD', 'notification_reads', 'update', 'own', null, null),
  ('KD', 'notification_reads', 'read', 'own', null, null),
  ('KD', 'notification_reads', 'create', 'own', null, null),
  ('KD', 'notification_reads', 'update', 'own', null, null),
  ('CS', 'notification_reads', 'read', 'own', null, null),
  ('CS', 'notification_reads', 'create', 'own', null, null),
  ('CS', 'notification_reads', 'update', 'own', null, null),
  ('PR', 'notification_reads', 'read', 'own', null, null),
  ('PR', 'notification_reads', 'create', 'own', null, null),
  ('PR', 'notification_reads', 'update', 'own', null, null),
  ('MG', 'notification_reads', 'read', 'own', null, null),
  ('MG', 'notification_reads', 'create', 'own', null, null),
  ('MG', 'notification_reads', 'update', 'own', null, null),
  ('LM', 'notification_reads', 'read', 'own', null, null),
  ('LM', 'notification_reads', 'create', 'own', null, null),
  ('LM', 'notification_reads', 'update', 'own', null, null),
  ('IT', 'notification_reads', 'read', 'own', null, null),
  ('IT', 'notification_reads', 'create', 'own', null, null),
  ('IT', 'notification_reads', 'update', 'own', null, null),
  ('SA', 'notification_reads', 'read', 'own', null, null),
  ('SA', 'notification_reads', 'create', 'own', null, null),
  ('SA', 'notification_reads', 'update', 'own', null, null),
  ('AS', 'notification_reads', 'read', 'own', null, null),
  ('AS', 'notification_reads', 'create', 'own', null, null),
  ('AS', 'notification_reads', 'update', 'own', null, null),
  ('BUY', 'notification_reads', 'read', 'own', null, null),
  ('BUY', 'notification_reads', 'create', 'own', null, null),
  ('BUY', 'notification_reads', 'update', 'own', null, null),
  ('SAFETY', 'notification_reads', 'read', 'own', null, null),
  ('SAFETY', 'notification_reads', 'create', 'own', null, null),
  ('SAFETY', 'notification_reads', 'update', 'own', null, null),
  ('CO', 'notification_reads', 'read', 'own', null, null),
  ('CO', 'notification_reads', 'create', 'own', null, null),
  ('CO', 'notification_reads', 'update', 'own', null, null),
  ('REP', 'notification_reads', 'read', 'own', null, null),
  ('REP', 'notification_reads', 'create', 'own', null, null),
  ('REP', 'notification_reads', 'update', 'own', null, null),
  ('TL', 'notification_reads', 'read', 'own', null, null),
  ('TL', 'notification_reads', 'create', 'own', null, null),
  ('TL', 'notification_reads', 'update', 'own', null, null);

insert into private.machines (table_name, field, initial_state, author, open_fields) values
  ('appointments', 'status', 'booked', null, '{}');

insert into private.allowed_transitions (table_name, from_state, to_state, needs, guard) values
  ('appointments', 'proposed', 'pending', 'server', 'none'),
  ('appointments', 'proposed', 'booked', 'server', 'none'),
  ('appointments', 'proposed', 'cancelled', 'server', 'none'),
  ('appointments', 'pending', 'booked', 'server', 'none'),
  ('appointments', 'waitlist', 'booked', 'server', 'none'),
  ('appointments', 'cancelled', 'booked', 'server', 'none'),
  ('appointments', 'booked', 'arrived', 'server', 'none'),
  ('appointments', 'noshow', 'arrived', 'server', 'none'),
  ('appointments', 'booked', 'checked-in', 'server', 'none'),
  ('appointments', 'arrived', 'checked-in', 'server', 'none'),
  ('appointments', 'arrived', 'fulfilled', 'server', 'none'),
  ('appointments', 'checked-in', 'fulfilled', 'server', 'none'),
  ('appointments', 'pending', 'cancelled', 'server', 'none'),
  ('appointments', 'booked', 'cancelled', 'server', 'none'),
  ('appointments', 'arrived', 'cancelled', 'server', 'none'),
  ('appointments', 'checked-in', 'cancelled', 'server', 'none'),
  ('appointments', 'waitlist', 'cancelled', 'server', 'none'),
  ('appointments', 'booked', 'noshow', 'server', 'none'),
  ('appointments', 'booked', 'waitlist', 'server', 'none'),
  ('appointments', 'booked', 'pending', 'server', 'none'),
  ('appointments', 'proposed', 'entered-in-error', 'server', 'none'),
  ('appointments', 'pending', 'entered-in-error', 'server', 'none'),
  ('appointments', 'booked', 'entered-in-error', 'server', 'none'),
  ('appointments', 'arrived', 'entered-in-error', 'server', 'none'),
  ('appointments', 'checked-in', 'entered-in-error', 'server', 'none'),
  ('appointments', 'fulfilled', 'entered-in-error', 'server', 'none'),
  ('appointments', 'cancelled', 'entered-in-error', 'server', 'none'),
  ('appointments', 'noshow', 'entered-in-error', 'server', 'none'),
  ('appointments', 'waitlist', 'entered-in-error', 'server', 'none');
