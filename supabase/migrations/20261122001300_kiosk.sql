-- Check-in: sessions, forms, signatures, proposals, payments.

-- kiosk_devices -----------------------------------------------------------------------------------

create table public.kiosk_devices (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid not null,
  machine_id uuid not null,
  name text not null,
  public_key text,
  mode text not null,
  config jsonb not null,
  reader_id text,
  status text not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint kiosk_devices_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint kiosk_devices_machine_id_fkey foreign key (machine_id) references public.devices (id) deferrable initially immediate,
  constraint kiosk_devices_name_check check (char_length(btrim(name)) >= 1 and char_length(name) <= 80),
  constraint kiosk_devices_public_key_check check (char_length(public_key) <= 200),
  constraint kiosk_devices_mode_check check (mode in ('check_in', 'forms_only', 'exit_survey')),
  constraint kiosk_devices_reader_id_check check (char_length(reader_id) <= 80),
  constraint kiosk_devices_status_check check (status in ('enrolled', 'locked', 'retired')),
  constraint kiosk_devices_config_shape_check check (jsonb_typeof(config) = 'object')
);

create index kiosk_devices_feed_idx on public.kiosk_devices (row_xid, id);
create index kiosk_devices_location_id_feed_idx on public.kiosk_devices (location_id, row_xid, id);
create index kiosk_devices_machine_id_idx on public.kiosk_devices (machine_id);

alter table public.kiosk_devices enable row level security;
alter table public.kiosk_devices force row level security;
revoke all on table public.kiosk_devices from public, anon, authenticated, service_role;
grant select (
  id, created_at, created_by, device_id, location_id, machine_id, name, mode, config, reader_id,
    status, row_xid, row_version, recorded_at, schema_version
) on table public.kiosk_devices to authenticated;
grant select on table public.kiosk_devices to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, location_id, machine_id, name, public_key, mode, config,
    reader_id, status
) on table public.kiosk_devices to ganger_engine;
grant update (
  location_id, machine_id, name, public_key, mode, config, reader_id, status
) on table public.kiosk_devices to ganger_engine;

create trigger touch before update on public.kiosk_devices
  for each row execute function private.touch();

create policy kiosk_devices_read on public.kiosk_devices for select to authenticated using (
  (select private.reaches_all('kiosk_devices', 'read'))
  or location_id = any ((select private.sites('kiosk_devices', 'read'))::uuid[])
);
create policy kiosk_devices_engine_read on public.kiosk_devices
  for select to ganger_engine using (true);
create policy kiosk_devices_engine_create on public.kiosk_devices
  for insert to ganger_engine with check (true);
create policy kiosk_devices_engine_update on public.kiosk_devices for update to ganger_engine
  using (true) with check (true);

-- kiosk_sessions ----------------------------------------------------------------------------------

create table public.kiosk_sessions (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  kiosk_device_id uuid,
  appointment_id uuid,
  patient_id uuid,
  state text not null,
  locale text not null,
  accessibility_mode boolean not null,
  path text not null,
  started_at timestamptz not null,
  last_activity_at timestamptz not null,
  lease_until timestamptz not null,
  identity_method text,
  attempts jsonb not null,
  needs_help boolean not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint kiosk_sessions_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint kiosk_sessions_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint kiosk_sessions_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint kiosk_sessions_kiosk_device_id_fkey foreign key (kiosk_device_id) references public.kiosk_devices (id) deferrable initially immediate,
  constraint kiosk_sessions_appointment_id_fkey foreign key (appointment_id) references public.appointments (id) deferrable initially immediate,
  constraint kiosk_sessions_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint kiosk_sessions_state_check check (state in ('started', 'identified', 'verifying',
    'forms', 'signing', 'payment', 'complete', 'abandoned', 'expired', 'handed_to_staff')),
  constraint kiosk_sessions_locale_check check (locale in ('en', 'es')),
  constraint kiosk_sessions_path_check check (path in ('kiosk', 'staffed', 'home')),
  constraint kiosk_sessions_identity_method_check check (identity_method in ('qr',
    'name_birth_date', 'staff', 'code')),
  constraint kiosk_sessions_attempts_shape_check check (jsonb_typeof(attempts) = 'object')
);

create index kiosk_sessions_feed_idx on public.kiosk_sessions (row_xid, id);
create index kiosk_sessions_location_id_feed_idx on public.kiosk_sessions (location_id, row_xid, id);
create index kiosk_sessions_created_by_feed_idx on public.kiosk_sessions (created_by, row_xid, id);
create index kiosk_sessions_patient_id_feed_idx on public.kiosk_sessions (patient_id, row_xid, id);
create index kiosk_sessions_location_id_started_at_idx on public.kiosk_sessions (location_id, started_at);
create index kiosk_sessions_kiosk_device_id_idx on public.kiosk_sessions (kiosk_device_id);
create index kiosk_sessions_appointment_id_idx on public.kiosk_sessions (appointment_id);
create unique index kiosk_sessions_appointment_id_live_key
  on public.kiosk_sessions (appointment_id)
  where state in ('started', 'identified', 'verifying', 'forms', 'signing', 'payment');

alter table public.kiosk_sessions enable row level security;
alter table public.kiosk_sessions force row level security;
revoke all on table public.kiosk_sessions from public, anon, authenticated, service_role;
grant select on table public.kiosk_sessions to authenticated;
grant select on table public.kiosk_sessions to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, kiosk_device_id, appointment_id,
    patient_id, state, locale, accessibility_mode, path, started_at, last_activity_at, lease_until,
    identity_method, attempts, needs_help, field_by
) on table public.kiosk_sessions to authenticated;
grant update (
  appointment_id, patient_id, state, locale, accessibility_mode, path, last_activity_at,
    lease_until, identity_method, attempts, needs_help, field_hlc, field_by
) on table public.kiosk_sessions to authenticated;
grant update (
  appointment_id, patient_id, state, field_hlc, field_by
) on table public.kiosk_sessions to ganger_engine;

create trigger guard_state before insert or update of state on public.kiosk_sessions
  for each row execute function private.guard_state();
create trigger sign_fields before insert or update on public.kiosk_sessions
  for each row execute function private.sign_fields();
create trigger touch before update on public.kiosk_sessions
  for each row execute function private.touch();

create policy kiosk_sessions_read on public.kiosk_sessions for select to authenticated using (
  (select private.reaches_all('kiosk_sessions', 'read'))
  or location_id = any ((select private.sites('kiosk_sessions', 'read'))::uuid[])
  or (created_by = (select auth.uid()) and (select private.reaches_own('kiosk_sessions', 'read')))
);
create policy kiosk_sessions_create on public.kiosk_sessions
  for insert to authenticated with check (
  (select private.reaches_all('kiosk_sessions', 'create'))
  or location_id = any ((select private.sites('kiosk_sessions', 'create'))::uuid[])
  or (created_by = (select auth.uid()) and (select private.reaches_own('kiosk_sessions', 'create')))
);
create policy kiosk_sessions_create_as_oneself on public.kiosk_sessions
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy kiosk_sessions_update on public.kiosk_sessions for update to authenticated using (
  (select private.reaches_all('kiosk_sessions', 'update'))
  or location_id = any ((select private.sites('kiosk_sessions', 'update'))::uuid[])
  or (created_by = (select auth.uid()) and (select private.reaches_own('kiosk_sessions', 'update')))
) with check (
  (select private.reaches_all('kiosk_sessions', 'update'))
  or location_id = any ((select private.sites('kiosk_sessions', 'update'))::uuid[])
  or (created_by = (select auth.uid()) and (select private.reaches_own('kiosk_sessions', 'update')))
);
create policy kiosk_sessions_update_through_server on public.kiosk_sessions
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy kiosk_sessions_engine_read on public.kiosk_sessions
  for select to ganger_engine using (true);
create policy kiosk_sessions_engine_update on public.kiosk_sessions for update to ganger_engine
  using (true) with check (true);

-- kiosk_schedule ----------------------------------------------------------------------------------

create table public.kiosk_schedule (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid not null,
  local_date date not null,
  starts_at timestamptz not null,
  initial text not null,
  match_hash text,
  listed boolean not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint kiosk_schedule_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint kiosk_schedule_initial_check check (char_length(btrim(initial)) >= 1 and char_length(initial) <= 2),
  constraint kiosk_schedule_match_hash_check check (char_length(match_hash) <= 64)
);

create index kiosk_schedule_feed_idx on public.kiosk_schedule (row_xid, id);
create index kiosk_schedule_location_id_feed_idx on public.kiosk_schedule (location_id, row_xid, id);

alter table public.kiosk_schedule enable row level security;
alter table public.kiosk_schedule force row level security;
revoke all on table public.kiosk_schedule from public, anon, authenticated, service_role;
grant select on table public.kiosk_schedule to authenticated;
grant select on table public.kiosk_schedule to ganger_engine;

create trigger touch before update on public.kiosk_schedule
  for each row execute function private.touch();

create policy kiosk_schedule_read on public.kiosk_schedule for select to authenticated using (
  (select private.reaches_all('kiosk_schedule', 'read'))
  or location_id = any ((select private.sites('kiosk_schedule', 'read'))::uuid[])
);
create policy kiosk_schedule_engine_read on public.kiosk_schedule
  for select to ganger_engine using (true);

-- check_in_records --------------------------------------------------------------------------------

create table public.check_in_records (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  appointment_id uuid not null,
  patient_id uuid not null,
  session_id uuid,
  event text not null,
  source text not null,
  occurred_at timestamptz not null,
  local_date date not null,
  undoes_id uuid,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint check_in_records_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint check_in_records_origin_check check (origin_seq is null or device_id is not null),
  constraint check_in_records_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint check_in_records_appointment_id_fkey foreign key (appointment_id) references public.appointments (id) deferrable initially immediate,
  constraint check_in_records_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint check_in_records_session_id_fkey foreign key (session_id) references public.kiosk_sessions (id) deferrable initially immediate,
  constraint check_in_records_event_check check (event in ('arrived', 'checked_in', 'undo', 'left',
    'roomed')),
  constraint check_in_records_source_check check (source in ('kiosk', 'desk', 'home')),
  constraint check_in_records_undoes_id_fkey foreign key (undoes_id) references public.check_in_records (id) deferrable initially immediate
);

create index check_in_records_feed_idx on public.check_in_records (row_xid, id);
create index check_in_records_location_id_feed_idx on public.check_in_records (location_id, row_xid, id);
create index check_in_records_patient_id_feed_idx on public.check_in_records (patient_id, row_xid, id);
create index check_in_records_location_id_local_date_idx on public.check_in_records (location_id, local_date);
create index check_in_records_appointment_id_idx on public.check_in_records (appointment_id);
create index check_in_records_session_id_idx on public.check_in_records (session_id);
create index check_in_records_undoes_id_idx on public.check_in_records (undoes_id);
create unique index check_in_records_origin_key on public.check_in_records (device_id, origin_seq)
  where origin_seq is not null;

alter table public.check_in_records enable row level security;
alter table public.check_in_records force row level security;
revoke all on table public.check_in_records from public, anon, authenticated, service_role;
grant select on table public.check_in_records to authenticated;
grant select on table public.check_in_records to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, appointment_id, patient_id,
    session_id, event, source, occurred_at, local_date, undoes_id
) on table public.check_in_records to authenticated;

create trigger append_only before update or delete on public.check_in_records
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.check_in_records
  for each statement execute function private.refuse_change();
alter table public.check_in_records enable always trigger append_only;
alter table public.check_in_records enable always trigger append_only_truncate;

create policy check_in_records_read on public.check_in_records for select to authenticated using (
  (select private.reaches_all('check_in_records', 'read'))
  or location_id = any ((select private.sites('check_in_records', 'read'))::uuid[])
);
create policy check_in_records_create on public.check_in_records
  for insert to authenticated with check (
  (select private.reaches_all('check_in_records', 'create'))
  or location_id = any ((select private.sites('check_in_records', 'create'))::uuid[])
);
create policy check_in_records_create_as_oneself on public.check_in_records
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy check_in_records_engine_read on public.check_in_records
  for select to ganger_engine using (true);

-- form_templates ----------------------------------------------------------------------------------

create table public.form_templates (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  code text not null,
  title text not null,
  kind text not null,
  appointment_types jsonb not null,
  site_ids uuid[] not null,
  owner_id uuid,
  status text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint form_templates_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint form_templates_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint form_templates_code_check check (char_length(btrim(code)) >= 1 and char_length(code) <= 60),
  constraint form_templates_title_check check (char_length(btrim(title)) >= 1 and char_length(title) <= 160),
  constraint form_templates_kind_check check (kind in ('intake', 'consent', 'insurance',
    'medical_history', 'financial', 'hipaa')),
  constraint form_templates_site_ids_check check (private.is_sorted(site_ids) and cardinality(site_ids) <= 50),
  constraint form_templates_owner_id_fkey foreign key (owner_id) references public.users (id) deferrable initially immediate,
  constraint form_templates_status_check check (status in ('active', 'retired')),
  constraint form_templates_appointment_types_shape_check check (jsonb_typeof(appointment_types) = 'object'),
  constraint form_templates_code_key unique (code)
);

create index form_templates_feed_idx on public.form_templates (row_xid, id);
create index form_templates_owner_id_idx on public.form_templates (owner_id);

alter table public.form_templates enable row level security;
alter table public.form_templates force row level security;
revoke all on table public.form_templates from public, anon, authenticated, service_role;
grant select on table public.form_templates to authenticated;
grant select on table public.form_templates to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, code, title, kind, appointment_types, site_ids,
    owner_id, status, field_by
) on table public.form_templates to authenticated;
grant update (
  title, kind, appointment_types, site_ids, owner_id, status, field_hlc, field_by
) on table public.form_templates to authenticated;
grant update (
  code, status, field_hlc, field_by
) on table public.form_templates to ganger_engine;

create trigger guard_state before insert or update of status on public.form_templates
  for each row execute function private.guard_state();
create trigger sign_fields before insert or update on public.form_templates
  for each row execute function private.sign_fields();
create trigger touch before update on public.form_templates
  for each row execute function private.touch();

create policy form_templates_read on public.form_templates for select to authenticated using (
  (select private.reaches_all('form_templates', 'read'))
  or (select cardinality(private.sites('form_templates', 'read')) > 0)
);
create policy form_templates_create on public.form_templates
  for insert to authenticated with check (
  (select private.reaches_all('form_templates', 'create'))
  or (select cardinality(private.sites('form_templates', 'create')) > 0)
);
create policy form_templates_create_as_oneself on public.form_templates
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy form_templates_update on public.form_templates for update to authenticated using (
  (select private.reaches_all('form_templates', 'update'))
  or (select private.reaches_all('form_templates', 'approve'))
) with check (
  (select private.reaches_all('form_templates', 'update'))
  or (select private.reaches_all('form_templates', 'approve'))
);
create policy form_templates_update_through_server on public.form_templates
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy form_templates_engine_read on public.form_templates
  for select to ganger_engine using (true);
create policy form_templates_engine_update on public.form_templates for update to ganger_engine
  using (true) with check (true);

-- form_template_versions --------------------------------------------------------------------------

create table public.form_template_versions (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  template_id uuid not null,
  version_no integer,
  locale text not null,
  source_version_id uuid,
  body jsonb not null,
  required jsonb not null,
  signatures jsonb not null,
  review_by date,
  author_id uuid not null,
  approved_by uuid,
  content_hash text,
  status text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint form_template_versions_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint form_template_versions_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint form_template_versions_template_id_fkey foreign key (template_id) references public.form_templates (id) deferrable initially immediate,
  constraint form_template_versions_version_no_check check (version_no between 0 and 2000000000),
  constraint form_template_versions_locale_check check (locale in ('en', 'es')),
  constraint form_template_versions_source_version_id_fkey foreign key (source_version_id) references public.form_template_versions (id) deferrable initially immediate,
  constraint form_template_versions_author_id_fkey foreign key (author_id) references public.users (id) deferrable initially immediate,
  constraint form_template_versions_approved_by_fkey foreign key (approved_by) references public.users (id) deferrable initially immediate,
  constraint form_template_versions_content_hash_check check (char_length(content_hash) <= 64),
  constraint form_template_versions_status_check check (status in ('draft', 'in_review',
    'approved', 'superseded', 'recalled', 'rejected')),
  constraint form_template_versions_body_shape_check check (case jsonb_typeof(body) when 'array' then jsonb_array_length(body) between 0 and 300 else body is null end),
  constraint form_template_versions_required_shape_check check (case jsonb_typeof(required) when 'array' then jsonb_array_length(required) between 0 and 300 else required is null end),
  constraint form_template_versions_signatures_shape_check check (case jsonb_typeof(signatures) when 'array' then jsonb_array_length(signatures) between 0 and 10 else signatures is null end)
);

create index form_template_versions_feed_idx on public.form_template_versions (row_xid, id);
create index form_template_versions_template_id_idx on public.form_template_versions (template_id);
create index form_template_versions_source_version_id_idx on public.form_template_versions (source_version_id);
create index form_template_versions_author_id_idx on public.form_template_versions (author_id);
create index form_template_versions_approved_by_idx on public.form_template_versions (approved_by);

alter table public.form_template_versions enable row level security;
alter table public.form_template_versions force row level security;
revoke all on table public.form_template_versions from public, anon, authenticated, service_role;
grant select on table public.form_template_versions to authenticated;
grant select on table public.form_template_versions to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, template_id, version_no, locale,
    source_version_id, body, required, signatures, review_by, author_id, approved_by, content_hash,
    status, field_by
) on table public.form_template_versions to authenticated;
grant update (
  body, required, signatures, review_by, status, field_hlc, field_by
) on table public.form_template_versions to authenticated;
grant update (
  version_no, approved_by, content_hash, status, field_hlc, field_by
) on table public.form_template_versions to ganger_engine;

create trigger guard_state before insert or update of status on public.form_template_versions
  for each row execute function private.guard_state();
create trigger guard_editable before update on public.form_template_versions
  for each row execute function private.guard_editable(
    'status', '{draft}', '{}');
create trigger sign_fields before insert or update on public.form_template_versions
  for each row execute function private.sign_fields();
create trigger touch before update on public.form_template_versions
  for each row execute function private.touch();

create policy form_template_versions_read on public.form_template_versions for select to authenticated using (
  (select private.reaches_all('form_template_versions', 'read'))
  or (select cardinality(private.sites('form_template_versions', 'read')) > 0)
);
create policy form_template_versions_create on public.form_template_versions
  for insert to authenticated with check (
  (select private.reaches_all('form_template_versions', 'create'))
  or status in (select l.value from private.limited_values('form_template_versions', 'create', 'status') l where l.place = '*')
  or status in (select l.value from private.limited_values('form_template_versions', 'create', 'status') l where l.place = 'any')
);
create policy form_template_versions_create_as_oneself on public.form_template_versions
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and author_id = (select auth.uid()));
create policy form_template_versions_update on public.form_template_versions for update to authenticated using (
  (select private.reaches_all('form_template_versions', 'update'))
  or status in (select l.value from private.limited_values('form_template_versions', 'update', 'status') l where l.place = '*')
  or status in (select l.value from private.limited_values('form_template_versions', 'update', 'status') l where l.place = 'any')
  or (select private.reaches_all('form_template_versions', 'approve'))
) with check (
  (select private.reaches_all('form_template_versions', 'update'))
  or '~' in (select l.value from private.limited_values('form_template_versions', 'update', 'status') l where l.place = '*')
  or '~' in (select l.value from private.limited_values('form_template_versions', 'update', 'status') l where l.place = 'any')
  or (select private.reaches_all('form_template_versions', 'approve'))
);
create policy form_template_versions_update_through_server on public.form_template_versions
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy form_template_versions_engine_read on public.form_template_versions
  for select to ganger_engine using (true);
create policy form_template_versions_engine_update on public.form_template_versions for update to ganger_engine
  using (true) with check (true);

-- form_submissions --------------------------------------------------------------------------------

create table public.form_submissions (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  session_id uuid,
  appointment_id uuid,
  patient_id uuid not null,
  version_id uuid not null,
  kind text not null,
  answers jsonb not null,
  amends_id uuid,
  seconds_taken integer,
  progress text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint form_submissions_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint form_submissions_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint form_submissions_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint form_submissions_session_id_fkey foreign key (session_id) references public.kiosk_sessions (id) deferrable initially immediate,
  constraint form_submissions_appointment_id_fkey foreign key (appointment_id) references public.appointments (id) deferrable initially immediate,
  constraint form_submissions_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint form_submissions_version_id_fkey foreign key (version_id) references public.form_template_versions (id) deferrable initially immediate,
  constraint form_submissions_kind_check check (kind in ('intake', 'consent', 'insurance',
    'medical_history', 'financial', 'hipaa')),
  constraint form_submissions_amends_id_fkey foreign key (amends_id) references public.form_submissions (id) deferrable initially immediate,
  constraint form_submissions_seconds_taken_check check (seconds_taken between 0 and 86400),
  constraint form_submissions_progress_check check (progress in ('draft', 'submitted', 'reviewed',
    'amended')),
  constraint form_submissions_answers_shape_check check (jsonb_typeof(answers) = 'object')
);

create index form_submissions_feed_idx on public.form_submissions (row_xid, id);
create index form_submissions_location_id_feed_idx on public.form_submissions (location_id, row_xid, id);
create index form_submissions_patient_id_feed_idx on public.form_submissions (patient_id, row_xid, id);
create index form_submissions_session_id_idx on public.form_submissions (session_id);
create index form_submissions_appointment_id_idx on public.form_submissions (appointment_id);
create index form_submissions_version_id_idx on public.form_submissions (version_id);
create index form_submissions_amends_id_idx on public.form_submissions (amends_id);

alter table public.form_submissions enable row level security;
alter table public.form_submissions force row level security;
revoke all on table public.form_submissions from public, anon, authenticated, service_role;
grant select on table public.form_submissions to authenticated;
grant select on table public.form_submissions to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, session_id, appointment_id,
    patient_id, version_id, kind, answers, amends_id, seconds_taken, progress, field_by
) on table public.form_submissions to authenticated;
grant update (
  answers, seconds_taken, progress, field_hlc, field_by
) on table public.form_submissions to authenticated;
grant update (
  progress, field_hlc, field_by
) on table public.form_submissions to ganger_engine;

create trigger guard_state before insert or update of progress on public.form_submissions
  for each row execute function private.guard_state();
create trigger guard_editable before update on public.form_submissions
  for each row execute function private.guard_editable(
    'progress', '{draft}', '{}');
create trigger sign_fields before insert or update on public.form_submissions
  for each row execute function private.sign_fields();
create trigger touch before update on public.form_submissions
  for each row execute function private.touch();

create policy form_submissions_read on public.form_submissions for select to authenticated using (
  (select private.reaches_all('form_submissions', 'read'))
  or location_id = any ((select private.sites('form_submissions', 'read'))::uuid[])
  or kind in (select l.value from private.limited_values('form_submissions', 'read', 'kind') l where l.place = '*')
  or (kind, location_id::text) in (select l.value, l.place from private.limited_values('form_submissions', 'read', 'kind') l)
);
create policy form_submissions_create on public.form_submissions
  for insert to authenticated with check (
  (select private.reaches_all('form_submissions', 'create'))
  or location_id = any ((select private.sites('form_submissions', 'create'))::uuid[])
);
create policy form_submissions_create_as_oneself on public.form_submissions
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy form_submissions_update on public.form_submissions for update to authenticated using (
  (select private.reaches_all('form_submissions', 'approve'))
  or location_id = any ((select private.sites('form_submissions', 'approve'))::uuid[])
) with check (
  (select private.reaches_all('form_submissions', 'approve'))
  or location_id = any ((select private.sites('form_submissions', 'approve'))::uuid[])
);
create policy form_submissions_update_through_server on public.form_submissions
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy form_submissions_engine_read on public.form_submissions
  for select to ganger_engine using (true);
create policy form_submissions_engine_update on public.form_submissions for update to ganger_engine
  using (true) with check (true);

-- form_submission_summaries -----------------------------------------------------------------------

create table public.form_submission_summaries (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid not null,
  patient_id uuid not null,
  appointment_id uuid,
  kind text not null,
  progress text not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint form_submission_summaries_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint form_submission_summaries_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint form_submission_summaries_appointment_id_fkey foreign key (appointment_id) references public.appointments (id) deferrable initially immediate,
  constraint form_submission_summaries_kind_check check (kind in ('intake', 'consent', 'insurance',
    'medical_history', 'financial', 'hipaa')),
  constraint form_submission_summaries_progress_check check (progress in ('draft', 'submitted',
    'reviewed', 'amended'))
);

create index form_submission_summaries_feed_idx on public.form_submission_summaries (row_xid, id);
create index form_submission_summaries_location_id_feed_idx on public.form_submission_summaries (location_id, row_xid, id);
create index form_submission_summaries_patient_id_feed_idx on public.form_submission_summaries (patient_id, row_xid, id);
create index form_submission_summaries_appointment_id_idx on public.form_submission_summaries (appointment_id);

alter table public.form_submission_summaries enable row level security;
alter table public.form_submission_summaries force row level security;
revoke all on table public.form_submission_summaries from public, anon, authenticated, service_role;
grant select on table public.form_submission_summaries to authenticated;
grant select on table public.form_submission_summaries to ganger_engine;

create trigger touch before update on public.form_submission_summaries
  for each row execute function private.touch();

create policy form_submission_summaries_read on public.form_submission_summaries for select to authenticated using (
  (select private.reaches_all('form_submission_summaries', 'read'))
  or location_id = any ((select private.sites('form_submission_summaries', 'read'))::uuid[])
);
create policy form_submission_summaries_engine_read on public.form_submission_summaries
  for select to ganger_engine using (true);

-- digital_signatures ------------------------------------------------------------------------------

create table public.digital_signatures (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  session_id uuid,
  submission_id uuid,
  purpose text not null,
  document_version_id uuid not null,
  document_hash text not null,
  method text not null,
  image_file_id uuid,
  strokes jsonb,
  legal_name text not null,
  relation text not null,
  witness_id uuid,
  e_consent_id uuid,
  signed_at timestamptz not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint digital_signatures_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint digital_signatures_origin_check check (origin_seq is null or device_id is not null),
  constraint digital_signatures_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint digital_signatures_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint digital_signatures_session_id_fkey foreign key (session_id) references public.kiosk_sessions (id) deferrable initially immediate,
  constraint digital_signatures_submission_id_fkey foreign key (submission_id) references public.form_submissions (id) deferrable initially immediate,
  constraint digital_signatures_purpose_check check (purpose in ('consent', 'financial', 'hipaa',
    'general')),
  constraint digital_signatures_document_hash_check check (char_length(btrim(document_hash)) >= 64 and char_length(document_hash) <= 64),
  constraint digital_signatures_method_check check (method in ('drawn', 'typed', 'staff_attested')),
  constraint digital_signatures_image_file_id_fkey foreign key (image_file_id) references public.file_uploads (id) deferrable initially immediate,
  constraint digital_signatures_legal_name_check check (char_length(btrim(legal_name)) >= 1 and char_length(legal_name) <= 120),
  constraint digital_signatures_relation_check check (relation in ('self', 'parent', 'guardian',
    'spouse')),
  constraint digital_signatures_witness_id_fkey foreign key (witness_id) references public.users (id) deferrable initially immediate,
  constraint digital_signatures_e_consent_id_fkey foreign key (e_consent_id) references public.consents (id) deferrable initially immediate,
  constraint digital_signatures_strokes_shape_check check (case jsonb_typeof(strokes) when 'array' then jsonb_array_length(strokes) between 0 and 200 else strokes is null end)
);

create index digital_signatures_feed_idx on public.digital_signatures (row_xid, id);
create index digital_signatures_location_id_feed_idx on public.digital_signatures (location_id, row_xid, id);
create index digital_signatures_patient_id_feed_idx on public.digital_signatures (patient_id, row_xid, id);
create index digital_signatures_session_id_idx on public.digital_signatures (session_id);
create index digital_signatures_submission_id_idx on public.digital_signatures (submission_id);
create index digital_signatures_image_file_id_idx on public.digital_signatures (image_file_id);
create index digital_signatures_witness_id_idx on public.digital_signatures (witness_id);
create index digital_signatures_e_consent_id_idx on public.digital_signatures (e_consent_id);
create unique index digital_signatures_origin_key on public.digital_signatures (device_id, origin_seq)
  where origin_seq is not null;

alter table public.digital_signatures enable row level security;
alter table public.digital_signatures force row level security;
revoke all on table public.digital_signatures from public, anon, authenticated, service_role;
grant select on table public.digital_signatures to authenticated;
grant select on table public.digital_signatures to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, session_id,
    submission_id, purpose, document_version_id, document_hash, method, image_file_id, strokes,
    legal_name, relation, witness_id, e_consent_id, signed_at
) on table public.digital_signatures to authenticated;

create trigger append_only before update or delete on public.digital_signatures
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.digital_signatures
  for each statement execute function private.refuse_change();
alter table public.digital_signatures enable always trigger append_only;
alter table public.digital_signatures enable always trigger append_only_truncate;

create policy digital_signatures_read on public.digital_signatures for select to authenticated using (
  (select private.reaches_all('digital_signatures', 'read'))
  or location_id = any ((select private.sites('digital_signatures', 'read'))::uuid[])
  or purpose in (select l.value from private.limited_values('digital_signatures', 'read', 'purpose') l where l.place = '*')
  or (purpose, location_id::text) in (select l.value, l.place from private.limited_values('digital_signatures', 'read', 'purpose') l)
);
create policy digital_signatures_create on public.digital_signatures
  for insert to authenticated with check (
  (select private.reaches_all('digital_signatures', 'create'))
  or location_id = any ((select private.sites('digital_signatures', 'create'))::uuid[])
);
create policy digital_signatures_create_as_oneself on public.digital_signatures
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy digital_signatures_engine_read on public.digital_signatures
  for select to ganger_engine using (true);

-- signature_invalidations -------------------------------------------------------------------------

create table public.signature_invalidations (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  signature_id uuid not null,
  reason text not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint signature_invalidations_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint signature_invalidations_origin_check check (origin_seq is null or device_id is not null),
  constraint signature_invalidations_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint signature_invalidations_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint signature_invalidations_signature_id_fkey foreign key (signature_id) references public.digital_signatures (id) deferrable initially immediate,
  constraint signature_invalidations_reason_check check (char_length(btrim(reason)) >= 1 and char_length(reason) <= 300)
);

create index signature_invalidations_feed_idx on public.signature_invalidations (row_xid, id);
create index signature_invalidations_location_id_feed_idx on public.signature_invalidations (location_id, row_xid, id);
create index signature_invalidations_patient_id_feed_idx on public.signature_invalidations (patient_id, row_xid, id);
create index signature_invalidations_signature_id_idx on public.signature_invalidations (signature_id);
create unique index signature_invalidations_origin_key on public.signature_invalidations (device_id, origin_seq)
  where origin_seq is not null;

alter table public.signature_invalidations enable row level security;
alter table public.signature_invalidations force row level security;
revoke all on table public.signature_invalidations from public, anon, authenticated, service_role;
grant select on table public.signature_invalidations to authenticated;
grant select on table public.signature_invalidations to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, signature_id,
    reason
) on table public.signature_invalidations to authenticated;

create trigger append_only before update or delete on public.signature_invalidations
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.signature_invalidations
  for each statement execute function private.refuse_change();
alter table public.signature_invalidations enable always trigger append_only;
alter table public.signature_invalidations enable always trigger append_only_truncate;

create policy signature_invalidations_read on public.signature_invalidations for select to authenticated using (
  (select private.reaches_all('signature_invalidations', 'read'))
  or location_id = any ((select private.sites('signature_invalidations', 'read'))::uuid[])
);
create policy signature_invalidations_create on public.signature_invalidations
  for insert to authenticated with check (
  (select private.reaches_all('signature_invalidations', 'create'))
  or location_id = any ((select private.sites('signature_invalidations', 'create'))::uuid[])
);
create policy signature_invalidations_create_as_oneself on public.signature_invalidations
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy signature_invalidations_engine_read on public.signature_invalidations
  for select to ganger_engine using (true);

-- patient_field_changes ---------------------------------------------------------------------------

create table public.patient_field_changes (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  session_id uuid,
  field text not null,
  base_value jsonb,
  new_value jsonb,
  source text not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint patient_field_changes_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint patient_field_changes_origin_check check (origin_seq is null or device_id is not null),
  constraint patient_field_changes_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint patient_field_changes_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint patient_field_changes_session_id_fkey foreign key (session_id) references public.kiosk_sessions (id) deferrable initially immediate,
  constraint patient_field_changes_field_check check (char_length(btrim(field)) >= 1 and char_length(field) <= 63),
  constraint patient_field_changes_source_check check (source in ('kiosk', 'desk', 'home',
    'import'))
);

create index patient_field_changes_feed_idx on public.patient_field_changes (row_xid, id);
create index patient_field_changes_location_id_feed_idx on public.patient_field_changes (location_id, row_xid, id);
create index patient_field_changes_patient_id_feed_idx on public.patient_field_changes (patient_id, row_xid, id);
create index patient_field_changes_session_id_idx on public.patient_field_changes (session_id);
create unique index patient_field_changes_origin_key on public.patient_field_changes (device_id, origin_seq)
  where origin_seq is not null;

alter table public.patient_field_changes enable row level security;
alter table public.patient_field_changes force row level security;
revoke all on table public.patient_field_changes from public, anon, authenticated, service_role;
grant select on table public.patient_field_changes to authenticated;
grant select on table public.patient_field_changes to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, session_id,
    field, base_value, new_value, source
) on table public.patient_field_changes to authenticated;

create trigger append_only before update or delete on public.patient_field_changes
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.patient_field_changes
  for each statement execute function private.refuse_change();
alter table public.patient_field_changes enable always trigger append_only;
alter table public.patient_field_changes enable always trigger append_only_truncate;

create policy patient_field_changes_read on public.patient_field_changes for select to authenticated using (
  (select private.reaches_all('patient_field_changes', 'read'))
  or location_id = any ((select private.sites('patient_field_changes', 'read'))::uuid[])
);
create policy patient_field_changes_create on public.patient_field_changes
  for insert to authenticated with check (
  (select private.reaches_all('patient_field_changes', 'create'))
  or location_id = any ((select private.sites('patient_field_changes', 'create'))::uuid[])
);
create policy patient_field_changes_create_as_oneself on public.patient_field_changes
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy patient_field_changes_engine_read on public.patient_field_changes
  for select to ganger_engine using (true);

-- patient_field_decisions -------------------------------------------------------------------------

create table public.patient_field_decisions (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  change_id uuid not null,
  decision text not null,
  value jsonb,
  decided_by uuid not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint patient_field_decisions_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint patient_field_decisions_origin_check check (origin_seq is null or device_id is not null),
  constraint patient_field_decisions_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint patient_field_decisions_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint patient_field_decisions_change_id_fkey foreign key (change_id) references public.patient_field_changes (id) deferrable initially immediate,
  constraint patient_field_decisions_decision_check check (decision in ('accepted', 'rejected',
    'edited')),
  constraint patient_field_decisions_decided_by_fkey foreign key (decided_by) references public.users (id) deferrable initially immediate
);

create index patient_field_decisions_feed_idx on public.patient_field_decisions (row_xid, id);
create index patient_field_decisions_location_id_feed_idx on public.patient_field_decisions (location_id, row_xid, id);
create index patient_field_decisions_patient_id_feed_idx on public.patient_field_decisions (patient_id, row_xid, id);
create index patient_field_decisions_change_id_idx on public.patient_field_decisions (change_id);
create index patient_field_decisions_decided_by_idx on public.patient_field_decisions (decided_by);
create unique index patient_field_decisions_origin_key on public.patient_field_decisions (device_id, origin_seq)
  where origin_seq is not null;

alter table public.patient_field_decisions enable row level security;
alter table public.patient_field_decisions force row level security;
revoke all on table public.patient_field_decisions from public, anon, authenticated, service_role;
grant select on table public.patient_field_decisions to authenticated;
grant select on table public.patient_field_decisions to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, change_id,
    decision, value, decided_by
) on table public.patient_field_decisions to authenticated;

create trigger append_only before update or delete on public.patient_field_decisions
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.patient_field_decisions
  for each statement execute function private.refuse_change();
alter table public.patient_field_decisions enable always trigger append_only;
alter table public.patient_field_decisions enable always trigger append_only_truncate;

create policy patient_field_decisions_read on public.patient_field_decisions for select to authenticated using (
  (select private.reaches_all('patient_field_decisions', 'read'))
  or location_id = any ((select private.sites('patient_field_decisions', 'read'))::uuid[])
);
create policy patient_field_decisions_create on public.patient_field_decisions
  for insert to authenticated with check (
  (select private.reaches_all('patient_field_decisions', 'create'))
  or location_id = any ((select private.sites('patient_field_decisions', 'create'))::uuid[])
);
create policy patient_field_decisions_create_as_oneself on public.patient_field_decisions
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and decided_by = (select auth.uid()));
create policy patient_field_decisions_engine_read on public.patient_field_decisions
  for select to ganger_engine using (true);

-- insurance_captures ------------------------------------------------------------------------------

create table public.insurance_captures (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  patient_id uuid not null,
  session_id uuid,
  kind text not null,
  front_file_id uuid,
  back_file_id uuid,
  ocr jsonb,
  coverage_id uuid,
  reviewed boolean not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint insurance_captures_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint insurance_captures_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint insurance_captures_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint insurance_captures_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint insurance_captures_session_id_fkey foreign key (session_id) references public.kiosk_sessions (id) deferrable initially immediate,
  constraint insurance_captures_kind_check check (kind in ('insurance_card', 'photo_id')),
  constraint insurance_captures_front_file_id_fkey foreign key (front_file_id) references public.file_uploads (id) deferrable initially immediate,
  constraint insurance_captures_back_file_id_fkey foreign key (back_file_id) references public.file_uploads (id) deferrable initially immediate,
  constraint insurance_captures_coverage_id_fkey foreign key (coverage_id) references public.coverages (id) deferrable initially immediate,
  constraint insurance_captures_ocr_shape_check check (jsonb_typeof(ocr) = 'object')
);

create index insurance_captures_feed_idx on public.insurance_captures (row_xid, id);
create index insurance_captures_location_id_feed_idx on public.insurance_captures (location_id, row_xid, id);
create index insurance_captures_patient_id_feed_idx on public.insurance_captures (patient_id, row_xid, id);
create index insurance_captures_session_id_idx on public.insurance_captures (session_id);
create index insurance_captures_front_file_id_idx on public.insurance_captures (front_file_id);
create index insurance_captures_back_file_id_idx on public.insurance_captures (back_file_id);
create index insurance_captures_coverage_id_idx on public.insurance_captures (coverage_id);

alter table public.insurance_captures enable row level security;
alter table public.insurance_captures force row level security;
revoke all on table public.insurance_captures from public, anon, authenticated, service_role;
grant select on table public.insurance_captures to authenticated;
grant select on table public.insurance_captures to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, patient_id, session_id, kind,
    front_file_id, back_file_id, ocr, coverage_id, reviewed, field_by
) on table public.insurance_captures to authenticated;
grant update (
  coverage_id, reviewed, field_hlc, field_by
) on table public.insurance_captures to authenticated;
grant update (
  ocr, field_hlc, field_by
) on table public.insurance_captures to ganger_engine;

create trigger sign_fields before insert or update on public.insurance_captures
  for each row execute function private.sign_fields();
create trigger touch before update on public.insurance_captures
  for each row execute function private.touch();

create policy insurance_captures_read on public.insurance_captures for select to authenticated using (
  (select private.reaches_all('insurance_captures', 'read'))
  or location_id = any ((select private.sites('insurance_captures', 'read'))::uuid[])
);
create policy insurance_captures_create on public.insurance_captures
  for insert to authenticated with check (
  (select private.reaches_all('insurance_captures', 'create'))
  or location_id = any ((select private.sites('insurance_captures', 'create'))::uuid[])
);
create policy insurance_captures_create_as_oneself on public.insurance_captures
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy insurance_captures_update on public.insurance_captures for update to authenticated using (
  (select private.reaches_all('insurance_captures', 'update'))
  or location_id = any ((select private.sites('insurance_captures', 'update'))::uuid[])
) with check (
  (select private.reaches_all('insurance_captures', 'update'))
  or location_id = any ((select private.sites('insurance_captures', 'update'))::uuid[])
);
create policy insurance_captures_update_through_server on public.insurance_captures
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy insurance_captures_engine_read on public.insurance_captures
  for select to ganger_engine using (true);
create policy insurance_captures_engine_update on public.insurance_captures for update to ganger_engine
  using (true) with check (true);

-- payment_transactions ----------------------------------------------------------------------------

create table public.payment_transactions (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  appointment_id uuid,
  intent_id uuid not null,
  idempotency_key text not null,
  purpose text not null,
  amount_cents bigint not null,
  currency text not null,
  method text not null,
  event text not null,
  processor_ref text,
  last4 text,
  brand text,
  reason_code text,
  collected_by uuid,
  occurred_at timestamptz not null,
  local_date date not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint payment_transactions_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint payment_transactions_origin_check check (origin_seq is null or device_id is not null),
  constraint payment_transactions_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint payment_transactions_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint payment_transactions_appointment_id_fkey foreign key (appointment_id) references public.appointments (id) deferrable initially immediate,
  constraint payment_transactions_idempotency_key_check check (char_length(btrim(idempotency_key)) >= 8 and char_length(idempotency_key) <= 80),
  constraint payment_transactions_purpose_check check (purpose in ('copay', 'balance',
    'deductible', 'deposit', 'fee', 'refund')),
  constraint payment_transactions_amount_cents_check check (amount_cents between 1 and 100000000000),
  constraint payment_transactions_currency_check check (currency in ('USD')),
  constraint payment_transactions_method_check check (method in ('card_present', 'cash', 'cheque',
    'deferred')),
  constraint payment_transactions_event_check check (event in ('created', 'processing',
    'succeeded', 'failed', 'deferred', 'voided', 'refunded', 'reconciled')),
  constraint payment_transactions_processor_ref_check check (char_length(processor_ref) <= 80),
  constraint payment_transactions_last4_check check (char_length(last4) <= 4),
  constraint payment_transactions_brand_check check (char_length(brand) <= 20),
  constraint payment_transactions_reason_code_check check (char_length(reason_code) <= 40),
  constraint payment_transactions_collected_by_fkey foreign key (collected_by) references public.users (id) deferrable initially immediate,
  constraint payment_transactions_idempotency_key_event_key unique (idempotency_key, event)
);

create index payment_transactions_feed_idx on public.payment_transactions (row_xid, id);
create index payment_transactions_location_id_feed_idx on public.payment_transactions (location_id, row_xid, id);
create index payment_transactions_patient_id_feed_idx on public.payment_transactions (patient_id, row_xid, id);
create index payment_transactions_intent_id_idx on public.payment_transactions (intent_id);
create index payment_transactions_location_id_local_date_idx on public.payment_transactions (location_id, local_date);
create index payment_transactions_appointment_id_idx on public.payment_transactions (appointment_id);
create index payment_transactions_collected_by_idx on public.payment_transactions (collected_by);
create unique index payment_transactions_origin_key on public.payment_transactions (device_id, origin_seq)
  where origin_seq is not null;

alter table public.payment_transactions enable row level security;
alter table public.payment_transactions force row level security;
revoke all on table public.payment_transactions from public, anon, authenticated, service_role;
grant select on table public.payment_transactions to authenticated;
grant select on table public.payment_transactions to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, appointment_id,
    intent_id, idempotency_key, purpose, amount_cents, currency, method, event, processor_ref,
    last4, brand, reason_code, collected_by, occurred_at, local_date
) on table public.payment_transactions to authenticated;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, appointment_id,
    intent_id, idempotency_key, purpose, amount_cents, currency, method, event, processor_ref,
    last4, brand, reason_code, collected_by, occurred_at, local_date
) on table public.payment_transactions to ganger_engine;

create trigger append_only before update or delete on public.payment_transactions
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.payment_transactions
  for each statement execute function private.refuse_change();
alter table public.payment_transactions enable always trigger append_only;
alter table public.payment_transactions enable always trigger append_only_truncate;

create policy payment_transactions_read on public.payment_transactions for select to authenticated using (
  (select private.reaches_all('payment_transactions', 'read'))
  or location_id = any ((select private.sites('payment_transactions', 'read'))::uuid[])
);
create policy payment_transactions_create on public.payment_transactions
  for insert to authenticated with check (
  (select private.reaches_all('payment_transactions', 'create'))
  or location_id = any ((select private.sites('payment_transactions', 'create'))::uuid[])
  or event in (select l.value from private.limited_values('payment_transactions', 'create', 'event') l where l.place = '*')
  or (event, location_id::text) in (select l.value, l.place from private.limited_values('payment_transactions', 'create', 'event') l)
);
create policy payment_transactions_create_as_oneself on public.payment_transactions
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy payment_transactions_engine_read on public.payment_transactions
  for select to ganger_engine using (true);
create policy payment_transactions_engine_create on public.payment_transactions
  for insert to ganger_engine with check (true);

-- rights ------------------------------------------------------------------------------------------

insert into private.scopes
  (table_name, location_column, sites_column, team_column, own_column)
values
  ('kiosk_devices', 'location_id', null, null, null),
  ('kiosk_sessions', 'location_id', null, null, 'created_by'),
  ('kiosk_schedule', 'location_id', null, null, null),
  ('check_in_records', 'location_id', null, null, null),
  ('form_templates', null, null, null, null),
  ('form_template_versions', null, null, null, null),
  ('form_submissions', 'location_id', null, null, null),
  ('form_submission_summaries', 'location_id', null, null, null),
  ('digital_signatures', 'location_id', null, null, null),
  ('signature_invalidations', 'location_id', null, null, null),
  ('patient_field_changes', 'location_id', null, null, null),
  ('patient_field_decisions', 'location_id', null, null, null),
  ('insurance_captures', 'location_id', null, null, null),
  ('payment_transactions', 'location_id', null, null, null);

insert into private.access_matrix
  (role, table_name, operation, reach, only_field, only_values)
values
  ('FD', 'kiosk_devices', 'read', 'sites', null, null),
  ('KD', 'kiosk_devices', 'read', 'sites', null, null),
  ('MG', 'kiosk_devices', 'read', 'all', null, null),
  ('MG', 'kiosk_devices', 'update', 'all', null, null),
  ('LM', 'kiosk_devices', 'read', 'sites', null, null),
  ('LM', 'kiosk_devices', 'update', 'sites', null, null),
  ('IT', 'kiosk_devices', 'read', 'all', null, null),
  ('IT', 'kiosk_devices', 'create', 'all', null, null),
  ('IT', 'kiosk_devices', 'update', 'all', null, null),
  ('SA', 'kiosk_devices', 'read', 'all', null, null),
  ('SA', 'kiosk_devices', 'create', 'all', null, null),
  ('SA', 'kiosk_devices', 'update', 'all', null, null),
  ('FD', 'kiosk_sessions', 'read', 'sites', null, null),
  ('FD', 'kiosk_sessions', 'create', 'sites', null, null),
  ('FD', 'kiosk_sessions', 'update', 'sites', null, null),
  ('KD', 'kiosk_sessions', 'read', 'own', null, null),
  ('KD', 'kiosk_sessions', 'create', 'own', null, null),
  ('KD', 'kiosk_sessions', 'update', 'own', null, null),
  ('CS', 'kiosk_sessions', 'read', 'sites', null, null),
  ('PR', 'kiosk_sessions', 'read', 'sites', null, null),
  ('MG', 'kiosk_sessions', 'metadata', 'all', null, null),
  ('LM', 'kiosk_sessions', 'metadata', 'sites', null, null),
  ('IT', 'kiosk_sessions', 'metadata', 'all', null, null),
  ('SA', 'kiosk_sessions', 'metadata', 'all', null, null),
  ('KD', 'kiosk_schedule', 'read', 'sites', null, null),
  ('FD', 'check_in_records', 'read', 'sites', null, null),
  ('FD', 'check_in_records', 'create', 'sites', null, null),
  ('KD', 'check_in_records', 'create', 'sites', null, null),
  ('CS', 'check_in_records', 'read', 'sites', null, null),
  ('CS', 'check_in_records', 'create', 'sites', null, null),
  ('PR', 'check_in_records', 'read', 'sites', null, null),
  ('MG', 'check_in_records', 'read', 'all', null, null),
  ('LM', 'check_in_records', 'read', 'sites', null, null),
  ('SA', 'check_in_records', 'metadata', 'all', null, null),
  ('FD', 'form_templates', 'read', 'sites', null, null),
  ('KD', 'form_templates', 'read', 'sites', null, null),
  ('CS', 'form_templates', 'read', 'all', null, null),
  ('PR', 'form_templates', 'read', 'all', null, null),
  ('MG', 'form_templates', 'read', 'all', null, null),
  ('MG', 'form_templates', 'create', 'all', null, null),
  ('MG', 'form_templates', 'update', 'all', null, null),
  ('MG', 'form_templates', 'approve', 'all', null, null),
  ('LM', 'form_templates', 'read', 'sites', null, null),
  ('LM', 'form_templates', 'create', 'sites', null, null),
  ('IT', 'form_templates', 'metadata', 'all', null, null),
  ('SA', 'form_templates', 'read', 'all', null, null),
  ('FD', 'form_template_versions', 'read', 'sites', null, null),
  ('KD', 'form_template_versions', 'read', 'sites', null, null),
  ('CS', 'form_template_versions', 'read', 'all', null, null),
  ('PR', 'form_template_versions', 'read', 'all', null, null),
  ('MG', 'form_template_versions', 'read', 'all', null, null),
  ('MG', 'form_template_versions', 'create', 'all', null, null),
  ('MG', 'form_template_versions', 'update', 'all', null, null),
  ('MG', 'form_template_versions', 'approve', 'all', null, null),
  ('LM', 'form_template_versions', 'read', 'sites', null, null),
  ('LM', 'form_template_versions', 'create', 'sites', 'status', '{draft}'),
  ('LM', 'form_template_versions', 'update', 'sites', 'status', '{draft}'),
  ('IT', 'form_template_versions', 'metadata', 'all', null, null),
  ('SA', 'form_template_versions', 'read', 'all', null, null),
  ('FD', 'form_submissions', 'read', 'sites', 'kind', '{financial,hipaa}'),
  ('KD', 'form_submissions', 'create', 'sites', null, null),
  ('CS', 'form_submissions', 'read', 'sites', null, null),
  ('CS', 'form_submissions', 'approve', 'sites', null, null),
  ('PR', 'form_submissions', 'read', 'all', null, null),
  ('PR', 'form_submissions', 'approve', 'all', null, null),
  ('MG', 'form_submissions', 'metadata', 'all', null, null),
  ('LM', 'form_submissions', 'metadata', 'sites', null, null),
  ('FD', 'form_submission_summaries', 'read', 'sites', null, null),
  ('FD', 'digital_signatures', 'read', 'sites', 'purpose', '{financial,hipaa}'),
  ('KD', 'digital_signatures', 'create', 'sites', null, null),
  ('CS', 'digital_signatures', 'read', 'sites', null, null),
  ('PR', 'digital_signatures', 'read', 'all', null, null),
  ('MG', 'digital_signatures', 'metadata', 'all', null, null),
  ('LM', 'digital_signatures', 'metadata', 'sites', null, null),
  ('CS', 'signature_invalidations', 'read', 'sites', null, null),
  ('CS', 'signature_invalidations', 'create', 'sites', null, null),
  ('PR', 'signature_invalidations', 'read', 'all', null, null),
  ('PR', 'signature_invalidations', 'create', 'all', null, null),
  ('MG', 'signature_invalidations', 'metadata', 'all', null, null),
  ('FD', 'patient_field_changes', 'read', 'sites', null, null),
  ('FD', 'patient_field_changes', 'create', 'sites', null, null),
  ('FD', 'patient_field_changes', 'approve', 'sites', null, null),
  ('KD', 'patient_field_changes', 'create', 'sites', null, null),
  ('CS', 'patient_field_changes', 'read', 'sites', null, null),
  ('CS', 'patient_field_changes', 'create', 'sites', null, null),
  ('PR', 'patient_field_changes', 'read', 'all', null, null),
  ('MG', 'patient_field_changes', 'read', 'all', null, null),
  ('MG', 'patient_field_changes', 'approve', 'all', null, null),
  ('LM', 'patient_field_changes', 'read', 'sites', null, null),
  ('LM', 'patient_field_changes', 'approve', 'sites', null, null),
  ('FD', 'patient_field_decisions', 'read', 'sites', null, null),
  ('FD', 'patient_field_decisions', 'create', 'sites', null, null),
  ('CS', 'patient_field_decisions', 'read', 'sites', null, null),
  ('PR', 'patient_field_decisions', 'read', 'all', null, null),
  ('MG', 'patient_field_decisions', 'read', 'all', null, null),
  ('MG', 'patient_field_decisions', 'create', 'all', null, null),
  ('LM', 'patient_field_decisions', 'read', 'sites', null, null),
  ('LM', 'patient_field_decisions', 'create', 'sites', null, null),
  ('FD', 'insurance_captures', 'read', 'sites', null, null),
  ('FD', 'insurance_captures', 'create', 'sites', null, null),
  ('FD', 'insurance_captures', 'update', 'sites', null, null),
  ('KD', 'insurance_captures', 'create', 'sites', null, null),
  ('CS', 'insurance_captures', 'read', 'sites', null, null),
  ('PR', 'insurance_captures', 'read', 'all', null, null),
  ('MG', 'insurance_captures', 'read', 'all', null, null),
  ('LM', 'insurance_captures', 'read', 'sites', null, null),
  ('FD', 'payment_transactions', 'read', 'sites', null, null),
  ('FD', 'payment_transactions', 'create', 'sites', 'event', '{created,succeeded,deferred,reconciled}'),
  ('KD', 'payment_transactions', 'create', 'sites', 'event', '{deferred}'),
  ('MG', 'payment_transactions', 'read', 'all', null, null),
  ('MG', 'payment_transactions', 'create', 'all', null, null),
  ('MG', 'payment_transactions', 'approve', 'all', null, null),
  ('LM', 'payment_transactions', 'read', 'sites', null, null),
  ('LM', 'payment_transactions', 'create', 'sites', null, null),
  ('LM', 'payment_transactions', 'approve', 'sites', null, null),
  ('IT', 'payment_transactions', 'metadata', 'all', null, null),
  ('SA', 'payment_transactions', 'metadata', 'all', null, null);

insert into private.machines (table_name, field, initial_state, author, open_fields) values
  ('form_templates', 'status', 'active', null, '{}'),
  ('form_template_versions', 'status', 'draft', 'author_id', '{}'),
  ('kiosk_sessions', 'state', 'started', null, '{}'),
  ('form_submissions', 'progress', 'draft', null, '{}');

insert into private.allowed_transitions (table_name, from_state, to_state, needs, guard) values
  ('form_templates', 'active', 'retired', 'approve', 'none'),
  ('form_templates', 'retired', 'active', 'approve', 'none'),
  ('form_template_versions', 'draft', 'in_review', 'update', 'none'),
  ('form_template_versions', 'in_review', 'draft', 'update', 'none'),
  ('form_template_versions', 'rejected', 'draft', 'update', 'none'),
  ('form_template_versions', 'in_review', 'approved', 'approve', 'not-author'),
  ('form_template_versions', 'in_review', 'rejected', 'approve', 'none'),
  ('form_template_versions', 'approved', 'superseded', 'server', 'none'),
  ('form_template_versions', 'approved', 'recalled', 'server', 'none'),
  ('kiosk_sessions', 'started', 'identified', 'update', 'none'),
  ('kiosk_sessions', 'identified', 'verifying', 'update', 'none'),
  ('kiosk_sessions', 'identified', 'forms', 'update', 'none'),
  ('kiosk_sessions', 'verifying', 'forms', 'update', 'none'),
  ('kiosk_sessions', 'verifying', 'signing', 'update', 'none'),
  ('kiosk_sessions', 'forms', 'signing', 'update', 'none'),
  ('kiosk_sessions', 'forms', 'payment', 'update', 'none'),
  ('kiosk_sessions', 'forms', 'complete', 'update', 'none'),
  ('kiosk_sessions', 'signing', 'payment', 'update', 'none'),
  ('kiosk_sessions', 'signing', 'complete', 'update', 'none'),
  ('kiosk_sessions', 'payment', 'complete', 'update', 'none'),
  ('kiosk_sessions', 'handed_to_staff', 'complete', 'update', 'none'),
  ('kiosk_sessions', 'started', 'abandoned', 'update', 'none'),
  ('kiosk_sessions', 'started', 'handed_to_staff', 'update', 'none'),
  ('kiosk_sessions', 'identified', 'abandoned', 'update', 'none'),
  ('kiosk_sessions', 'identified', 'handed_to_staff', 'update', 'none'),
  ('kiosk_sessions', 'verifying', 'abandoned', 'update', 'none'),
  ('kiosk_sessions', 'verifying', 'handed_to_staff', 'update', 'none'),
  ('kiosk_sessions', 'forms', 'abandoned', 'update', 'none'),
  ('kiosk_sessions', 'forms', 'handed_to_staff', 'update', 'none'),
  ('kiosk_sessions', 'signing', 'abandoned', 'update', 'none'),
  ('kiosk_sessions', 'signing', 'handed_to_staff', 'update', 'none'),
  ('kiosk_sessions', 'payment', 'abandoned', 'update', 'none'),
  ('kiosk_sessions', 'payment', 'handed_to_staff', 'update', 'none'),
  ('kiosk_sessions', 'started', 'expired', 'server', 'none'),
  ('kiosk_sessions', 'identified', 'expired', 'server', 'none'),
  ('kiosk_sessions', 'verifying', 'expired', 'server', 'none'),
  ('kiosk_sessions', 'forms', 'expired', 'server', 'none'),
  ('kiosk_sessions', 'signing', 'expired', 'server', 'none'),
  ('kiosk_sessions', 'payment', 'expired', 'server', 'none'),
  ('form_submissions', 'draft', 'submitted', 'create', 'none'),
  ('form_submissions', 'submitted', 'reviewed', 'approve', 'none'),
  ('form_submissions', 'submitted', 'amended', 'server', 'none'),
  ('form_submissions', 'reviewed', 'amended', 'server', 'none');
