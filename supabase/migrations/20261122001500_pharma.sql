-- Visits of representatives: slots, who came, what was given.

-- pharma_companies --------------------------------------------------------------------------------

create table public.pharma_companies (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  name text not null,
  domains jsonb not null,
  status text not null,
  note text,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint pharma_companies_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint pharma_companies_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint pharma_companies_name_check check (char_length(btrim(name)) >= 1 and char_length(name) <= 120),
  constraint pharma_companies_status_check check (status in ('active', 'paused', 'blocked')),
  constraint pharma_companies_note_check check (char_length(note) <= 500),
  constraint pharma_companies_domains_shape_check check (jsonb_typeof(domains) = 'object'),
  constraint pharma_companies_name_key unique (name)
);

create index pharma_companies_feed_idx on public.pharma_companies (row_xid, id);

alter table public.pharma_companies enable row level security;
alter table public.pharma_companies force row level security;
revoke all on table public.pharma_companies from public, anon, authenticated, service_role;
grant select on table public.pharma_companies to authenticated;
grant select on table public.pharma_companies to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, name, domains, status, note, field_by
) on table public.pharma_companies to authenticated;
grant update (
  name, domains, status, note, field_hlc, field_by
) on table public.pharma_companies to authenticated;

create trigger sign_fields before insert or update on public.pharma_companies
  for each row execute function private.sign_fields();
create trigger touch before update on public.pharma_companies
  for each row execute function private.touch();

create policy pharma_companies_read on public.pharma_companies for select to authenticated using (
  (select private.reaches_all('pharma_companies', 'read'))
  or (select cardinality(private.sites('pharma_companies', 'read')) > 0)
);
create policy pharma_companies_create on public.pharma_companies
  for insert to authenticated with check (
  (select private.reaches_all('pharma_companies', 'create'))
  or (select cardinality(private.sites('pharma_companies', 'create')) > 0)
);
create policy pharma_companies_create_as_oneself on public.pharma_companies
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy pharma_companies_update on public.pharma_companies for update to authenticated using (
  (select private.reaches_all('pharma_companies', 'update'))
  or (select cardinality(private.sites('pharma_companies', 'update')) > 0)
  or (select private.reaches_all('pharma_companies', 'approve'))
) with check (
  (select private.reaches_all('pharma_companies', 'update'))
  or (select cardinality(private.sites('pharma_companies', 'update')) > 0)
  or (select private.reaches_all('pharma_companies', 'approve'))
);
create policy pharma_companies_update_through_server on public.pharma_companies
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy pharma_companies_engine_read on public.pharma_companies
  for select to ganger_engine using (true);

-- pharma_representatives --------------------------------------------------------------------------

create table public.pharma_representatives (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  user_id uuid,
  company_id uuid not null,
  name text not null,
  email text not null,
  phone text,
  territory text,
  products jsonb not null,
  supervisor text,
  credential_expires_on date,
  status text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint pharma_representatives_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint pharma_representatives_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint pharma_representatives_user_id_fkey foreign key (user_id) references public.users (id) deferrable initially immediate,
  constraint pharma_representatives_company_id_fkey foreign key (company_id) references public.pharma_companies (id) deferrable initially immediate,
  constraint pharma_representatives_name_check check (char_length(btrim(name)) >= 1 and char_length(name) <= 120),
  constraint pharma_representatives_email_check check (char_length(btrim(email)) >= 3 and char_length(email) <= 254),
  constraint pharma_representatives_phone_check check (char_length(phone) <= 30),
  constraint pharma_representatives_territory_check check (char_length(territory) <= 120),
  constraint pharma_representatives_supervisor_check check (char_length(supervisor) <= 120),
  constraint pharma_representatives_status_check check (status in ('invited', 'verified', 'active',
    'suspended', 'left')),
  constraint pharma_representatives_products_shape_check check (jsonb_typeof(products) = 'object')
);

create index pharma_representatives_feed_idx on public.pharma_representatives (row_xid, id);
create index pharma_representatives_user_id_feed_idx on public.pharma_representatives (user_id, row_xid, id);
create index pharma_representatives_company_id_idx on public.pharma_representatives (company_id);
create unique index pharma_representatives_email_live_key
  on public.pharma_representatives (email)
  where status in ('invited', 'verified', 'active', 'suspended');

alter table public.pharma_representatives enable row level security;
alter table public.pharma_representatives force row level security;
revoke all on table public.pharma_representatives from public, anon, authenticated, service_role;
grant select on table public.pharma_representatives to authenticated;
grant select on table public.pharma_representatives to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, user_id, company_id, name, email, phone,
    territory, products, supervisor, credential_expires_on, status, field_by
) on table public.pharma_representatives to authenticated;
grant update (
  company_id, name, email, phone, territory, products, supervisor, credential_expires_on, status,
    field_hlc, field_by
) on table public.pharma_representatives to authenticated;
grant update (
  user_id, status, field_hlc, field_by
) on table public.pharma_representatives to ganger_engine;

create trigger guard_state before insert or update of status on public.pharma_representatives
  for each row execute function private.guard_state();
create trigger sign_fields before insert or update on public.pharma_representatives
  for each row execute function private.sign_fields();
create trigger touch before update on public.pharma_representatives
  for each row execute function private.touch();

create policy pharma_representatives_read on public.pharma_representatives for select to authenticated using (
  (select private.reaches_all('pharma_representatives', 'read'))
  or (select cardinality(private.sites('pharma_representatives', 'read')) > 0)
  or (user_id = (select auth.uid()) and (select private.reaches_own('pharma_representatives', 'read')))
);
create policy pharma_representatives_create on public.pharma_representatives
  for insert to authenticated with check (
  (select private.reaches_all('pharma_representatives', 'create'))
  or (select cardinality(private.sites('pharma_representatives', 'create')) > 0)
  or (user_id = (select auth.uid()) and (select private.reaches_own('pharma_representatives', 'create')))
);
create policy pharma_representatives_create_as_oneself on public.pharma_representatives
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy pharma_representatives_update on public.pharma_representatives for update to authenticated using (
  (select private.reaches_all('pharma_representatives', 'update'))
  or (select cardinality(private.sites('pharma_representatives', 'update')) > 0)
  or (user_id = (select auth.uid()) and (select private.reaches_own('pharma_representatives', 'update')))
  or (select private.reaches_all('pharma_representatives', 'approve'))
  or (user_id = (select auth.uid()) and (select private.reaches_own('pharma_representatives', 'approve')))
) with check (
  (select private.reaches_all('pharma_representatives', 'update'))
  or (select cardinality(private.sites('pharma_representatives', 'update')) > 0)
  or (user_id = (select auth.uid()) and (select private.reaches_own('pharma_representatives', 'update')))
  or (select private.reaches_all('pharma_representatives', 'approve'))
  or (user_id = (select auth.uid()) and (select private.reaches_own('pharma_representatives', 'approve')))
);
create policy pharma_representatives_update_through_server on public.pharma_representatives
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy pharma_representatives_engine_read on public.pharma_representatives
  for select to ganger_engine using (true);
create policy pharma_representatives_engine_update on public.pharma_representatives for update to ganger_engine
  using (true) with check (true);

-- scheduling_activities ---------------------------------------------------------------------------

create table public.scheduling_activities (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid not null,
  kind text not null,
  name text not null,
  weekdays jsonb not null,
  start_minute integer not null,
  duration_min integer not null,
  buffer_min integer not null,
  max_people integer not null,
  seats integer not null,
  room text,
  requires_approval boolean not null,
  window_weeks integer not null,
  min_notice_h integer not null,
  cancel_notice_h integer not null,
  caps jsonb not null,
  status text not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint scheduling_activities_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint scheduling_activities_kind_check check (kind in ('lunch', 'breakfast', 'visit',
    'training', 'sample_drop')),
  constraint scheduling_activities_name_check check (char_length(btrim(name)) >= 1 and char_length(name) <= 80),
  constraint scheduling_activities_start_minute_check check (start_minute between 0 and 1439),
  constraint scheduling_activities_duration_min_check check (duration_min between 1 and 720),
  constraint scheduling_activities_buffer_min_check check (buffer_min between 0 and 240),
  constraint scheduling_activities_max_people_check check (max_people between 1 and 200),
  constraint scheduling_activities_seats_check check (seats between 1 and 20),
  constraint scheduling_activities_room_check check (char_length(room) <= 80),
  constraint scheduling_activities_window_weeks_check check (window_weeks between 1 and 104),
  constraint scheduling_activities_min_notice_h_check check (min_notice_h between 0 and 720),
  constraint scheduling_activities_cancel_notice_h_check check (cancel_notice_h between 0 and 720),
  constraint scheduling_activities_status_check check (status in ('active', 'paused', 'retired')),
  constraint scheduling_activities_weekdays_shape_check check (case jsonb_typeof(weekdays) when 'array' then jsonb_array_length(weekdays) between 0 and 7 else weekdays is null end),
  constraint scheduling_activities_caps_shape_check check (jsonb_typeof(caps) = 'object')
);

create index scheduling_activities_feed_idx on public.scheduling_activities (row_xid, id);
create index scheduling_activities_location_id_feed_idx on public.scheduling_activities (location_id, row_xid, id);

alter table public.scheduling_activities enable row level security;
alter table public.scheduling_activities force row level security;
revoke all on table public.scheduling_activities from public, anon, authenticated, service_role;
grant select on table public.scheduling_activities to authenticated;
grant select on table public.scheduling_activities to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, location_id, kind, name, weekdays, start_minute,
    duration_min, buffer_min, max_people, seats, room, requires_approval, window_weeks,
    min_notice_h, cancel_notice_h, caps, status
) on table public.scheduling_activities to ganger_engine;
grant update (
  location_id, kind, name, weekdays, start_minute, duration_min, buffer_min, max_people, seats,
    room, requires_approval, window_weeks, min_notice_h, cancel_notice_h, caps, status
) on table public.scheduling_activities to ganger_engine;

create trigger touch before update on public.scheduling_activities
  for each row execute function private.touch();

create policy scheduling_activities_read on public.scheduling_activities for select to authenticated using (
  (select private.reaches_all('scheduling_activities', 'read'))
  or location_id = any ((select private.sites('scheduling_activities', 'read'))::uuid[])
);
create policy scheduling_activities_engine_read on public.scheduling_activities
  for select to ganger_engine using (true);
create policy scheduling_activities_engine_create on public.scheduling_activities
  for insert to ganger_engine with check (true);
create policy scheduling_activities_engine_update on public.scheduling_activities for update to ganger_engine
  using (true) with check (true);

-- availability_overrides --------------------------------------------------------------------------

create table public.availability_overrides (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  activity_id uuid not null,
  local_date date not null,
  kind text not null,
  start_minute integer,
  end_minute integer,
  reason text,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint availability_overrides_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint availability_overrides_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint availability_overrides_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint availability_overrides_activity_id_fkey foreign key (activity_id) references public.scheduling_activities (id) deferrable initially immediate,
  constraint availability_overrides_kind_check check (kind in ('blackout', 'special', 'closed',
    'open')),
  constraint availability_overrides_start_minute_check check (start_minute between 0 and 1439),
  constraint availability_overrides_end_minute_check check (end_minute between 0 and 1439),
  constraint availability_overrides_reason_check check (char_length(reason) <= 200),
  constraint availability_overrides_activity_id_local_date_key unique (activity_id, local_date)
);

create index availability_overrides_feed_idx on public.availability_overrides (row_xid, id);
create index availability_overrides_location_id_feed_idx on public.availability_overrides (location_id, row_xid, id);

alter table public.availability_overrides enable row level security;
alter table public.availability_overrides force row level security;
revoke all on table public.availability_overrides from public, anon, authenticated, service_role;
grant select on table public.availability_overrides to authenticated;
grant select on table public.availability_overrides to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, activity_id, local_date, kind,
    start_minute, end_minute, reason, field_by
) on table public.availability_overrides to authenticated;
grant update (
  kind, start_minute, end_minute, reason, field_hlc, field_by
) on table public.availability_overrides to authenticated;

create trigger sign_fields before insert or update on public.availability_overrides
  for each row execute function private.sign_fields();
create trigger touch before update on public.availability_overrides
  for each row execute function private.touch();

create policy availability_overrides_read on public.availability_overrides for select to authenticated using (
  (select private.reaches_all('availability_overrides', 'read'))
  or location_id = any ((select private.sites('availability_overrides', 'read'))::uuid[])
);
create policy availability_overrides_create on public.availability_overrides
  for insert to authenticated with check (
  (select private.reaches_all('availability_overrides', 'create'))
  or location_id = any ((select private.sites('availability_overrides', 'create'))::uuid[])
);
create policy availability_overrides_create_as_oneself on public.availability_overrides
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy availability_overrides_update on public.availability_overrides for update to authenticated using (
  (select private.reaches_all('availability_overrides', 'update'))
  or location_id = any ((select private.sites('availability_overrides', 'update'))::uuid[])
) with check (
  (select private.reaches_all('availability_overrides', 'update'))
  or location_id = any ((select private.sites('availability_overrides', 'update'))::uuid[])
);
create policy availability_overrides_update_through_server on public.availability_overrides
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy availability_overrides_engine_read on public.availability_overrides
  for select to ganger_engine using (true);

-- pharma_appointments -----------------------------------------------------------------------------

create table public.pharma_appointments (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  activity_id uuid not null,
  rep_id uuid not null,
  rep_user_id uuid,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  seat_no integer not null,
  topic text,
  products jsonb not null,
  expected_heads integer not null,
  catering jsonb,
  booking_source text not null,
  confirmation_no text,
  status text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint pharma_appointments_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint pharma_appointments_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint pharma_appointments_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint pharma_appointments_activity_id_fkey foreign key (activity_id) references public.scheduling_activities (id) deferrable initially immediate,
  constraint pharma_appointments_rep_id_fkey foreign key (rep_id) references public.pharma_representatives (id) deferrable initially immediate,
  constraint pharma_appointments_rep_user_id_fkey foreign key (rep_user_id) references public.users (id) deferrable initially immediate,
  constraint pharma_appointments_seat_no_check check (seat_no between 1 and 20),
  constraint pharma_appointments_topic_check check (char_length(topic) <= 200),
  constraint pharma_appointments_expected_heads_check check (expected_heads between 0 and 200),
  constraint pharma_appointments_booking_source_check check (booking_source in ('desk', 'phone',
    'web', 'email')),
  constraint pharma_appointments_confirmation_no_check check (char_length(confirmation_no) <= 20),
  constraint pharma_appointments_status_check check (status in ('requested', 'held', 'confirmed',
    'arrived', 'completed', 'declined', 'cancelled_by_rep', 'cancelled_by_clinic', 'no_show',
    'conflict')),
  constraint pharma_appointments_products_shape_check check (case jsonb_typeof(products) when 'array' then jsonb_array_length(products) between 0 and 20 else products is null end),
  constraint pharma_appointments_catering_shape_check check (jsonb_typeof(catering) = 'object')
);

create index pharma_appointments_feed_idx on public.pharma_appointments (row_xid, id);
create index pharma_appointments_location_id_feed_idx on public.pharma_appointments (location_id, row_xid, id);
create index pharma_appointments_rep_user_id_feed_idx on public.pharma_appointments (rep_user_id, row_xid, id);
create index pharma_appointments_location_id_starts_at_idx on public.pharma_appointments (location_id, starts_at);
create index pharma_appointments_activity_id_idx on public.pharma_appointments (activity_id);
create index pharma_appointments_rep_id_idx on public.pharma_appointments (rep_id);

alter table public.pharma_appointments enable row level security;
alter table public.pharma_appointments force row level security;
revoke all on table public.pharma_appointments from public, anon, authenticated, service_role;
grant select on table public.pharma_appointments to authenticated;
grant select on table public.pharma_appointments to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, activity_id, rep_id, rep_user_id,
    starts_at, ends_at, seat_no, topic, products, expected_heads, catering, booking_source,
    confirmation_no, status, field_by
) on table public.pharma_appointments to authenticated;
grant update (
  starts_at, ends_at, seat_no, topic, products, expected_heads, catering, status, field_hlc,
    field_by
) on table public.pharma_appointments to authenticated;
grant update (
  starts_at, ends_at, seat_no, confirmation_no, status, field_hlc, field_by
) on table public.pharma_appointments to ganger_engine;

create trigger guard_state before insert or update of status on public.pharma_appointments
  for each row execute function private.guard_state();
create trigger sign_fields before insert or update on public.pharma_appointments
  for each row execute function private.sign_fields();
create trigger touch before update on public.pharma_appointments
  for each row execute function private.touch();

create policy pharma_appointments_read on public.pharma_appointments for select to authenticated using (
  (select private.reaches_all('pharma_appointments', 'read'))
  or location_id = any ((select private.sites('pharma_appointments', 'read'))::uuid[])
  or (rep_user_id = (select auth.uid()) and (select private.reaches_own('pharma_appointments', 'read')))
);
create policy pharma_appointments_create on public.pharma_appointments
  for insert to authenticated with check (
  (select private.reaches_all('pharma_appointments', 'create'))
  or location_id = any ((select private.sites('pharma_appointments', 'create'))::uuid[])
  or (rep_user_id = (select auth.uid()) and (select private.reaches_own('pharma_appointments', 'create')))
);
create policy pharma_appointments_create_as_oneself on public.pharma_appointments
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy pharma_appointments_update on public.pharma_appointments for update to authenticated using (
  (select private.reaches_all('pharma_appointments', 'update'))
  or location_id = any ((select private.sites('pharma_appointments', 'update'))::uuid[])
  or (rep_user_id = (select auth.uid()) and (select private.reaches_own('pharma_appointments', 'update')))
  or (select private.reaches_all('pharma_appointments', 'approve'))
  or location_id = any ((select private.sites('pharma_appointments', 'approve'))::uuid[])
  or (rep_user_id = (select auth.uid()) and (select private.reaches_own('pharma_appointments', 'approve')))
) with check (
  (select private.reaches_all('pharma_appointments', 'update'))
  or location_id = any ((select private.sites('pharma_appointments', 'update'))::uuid[])
  or (rep_user_id = (select auth.uid()) and (select private.reaches_own('pharma_appointments', 'update')))
  or (select private.reaches_all('pharma_appointments', 'approve'))
  or location_id = any ((select private.sites('pharma_appointments', 'approve'))::uuid[])
  or (rep_user_id = (select auth.uid()) and (select private.reaches_own('pharma_appointments', 'approve')))
);
create policy pharma_appointments_update_through_server on public.pharma_appointments
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy pharma_appointments_engine_read on public.pharma_appointments
  for select to ganger_engine using (true);
create policy pharma_appointments_engine_update on public.pharma_appointments for update to ganger_engine
  using (true) with check (true);

-- slot_claims -------------------------------------------------------------------------------------

create table public.slot_claims (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid not null,
  activity_id uuid not null,
  starts_at timestamptz not null,
  seat_no integer not null,
  appointment_id uuid not null,
  state text not null,
  hold_expires_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint slot_claims_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint slot_claims_activity_id_fkey foreign key (activity_id) references public.scheduling_activities (id) deferrable initially immediate,
  constraint slot_claims_seat_no_check check (seat_no between 1 and 20),
  constraint slot_claims_appointment_id_fkey foreign key (appointment_id) references public.pharma_appointments (id) deferrable initially immediate,
  constraint slot_claims_state_check check (state in ('hold', 'confirmed', 'released', 'lost'))
);

create index slot_claims_feed_idx on public.slot_claims (row_xid, id);
create index slot_claims_location_id_feed_idx on public.slot_claims (location_id, row_xid, id);
create index slot_claims_activity_id_idx on public.slot_claims (activity_id);
create index slot_claims_appointment_id_idx on public.slot_claims (appointment_id);
create unique index slot_claims_location_id_activity_id_starts_at_seat_no_live_key
  on public.slot_claims (location_id, activity_id, starts_at, seat_no)
  where state in ('hold', 'confirmed');

alter table public.slot_claims enable row level security;
alter table public.slot_claims force row level security;
revoke all on table public.slot_claims from public, anon, authenticated, service_role;
grant select on table public.slot_claims to authenticated;
grant select on table public.slot_claims to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, location_id, activity_id, starts_at, seat_no,
    appointment_id, state, hold_expires_at
) on table public.slot_claims to ganger_engine;
grant update (
  location_id, activity_id, starts_at, seat_no, appointment_id, state, hold_expires_at
) on table public.slot_claims to ganger_engine;

create trigger touch before update on public.slot_claims
  for each row execute function private.touch();

create policy slot_claims_read on public.slot_claims for select to authenticated using (
  (select private.reaches_all('slot_claims', 'read'))
  or location_id = any ((select private.sites('slot_claims', 'read'))::uuid[])
);
create policy slot_claims_engine_read on public.slot_claims
  for select to ganger_engine using (true);
create policy slot_claims_engine_create on public.slot_claims
  for insert to ganger_engine with check (true);
create policy slot_claims_engine_update on public.slot_claims for update to ganger_engine
  using (true) with check (true);

-- slot_leases -------------------------------------------------------------------------------------

create table public.slot_leases (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid not null,
  activity_id uuid not null,
  week_start date not null,
  device uuid not null,
  expires_at timestamptz not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint slot_leases_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint slot_leases_activity_id_fkey foreign key (activity_id) references public.scheduling_activities (id) deferrable initially immediate,
  constraint slot_leases_device_fkey foreign key (device) references public.devices (id) deferrable initially immediate,
  constraint slot_leases_activity_id_week_start_key unique (activity_id, week_start)
);

create index slot_leases_feed_idx on public.slot_leases (row_xid, id);
create index slot_leases_location_id_feed_idx on public.slot_leases (location_id, row_xid, id);
create index slot_leases_device_idx on public.slot_leases (device);

alter table public.slot_leases enable row level security;
alter table public.slot_leases force row level security;
revoke all on table public.slot_leases from public, anon, authenticated, service_role;
grant select on table public.slot_leases to authenticated;
grant select on table public.slot_leases to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, location_id, activity_id, week_start, device, expires_at
) on table public.slot_leases to ganger_engine;
grant update (
  location_id, activity_id, week_start, device, expires_at
) on table public.slot_leases to ganger_engine;

create trigger touch before update on public.slot_leases
  for each row execute function private.touch();

create policy slot_leases_read on public.slot_leases for select to authenticated using (
  (select private.reaches_all('slot_leases', 'read'))
  or location_id = any ((select private.sites('slot_leases', 'read'))::uuid[])
);
create policy slot_leases_engine_read on public.slot_leases
  for select to ganger_engine using (true);
create policy slot_leases_engine_create on public.slot_leases
  for insert to ganger_engine with check (true);
create policy slot_leases_engine_update on public.slot_leases for update to ganger_engine
  using (true) with check (true);

-- appointment_approvals ---------------------------------------------------------------------------

create table public.appointment_approvals (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  appointment_id uuid not null,
  stage integer not null,
  approver_id uuid not null,
  decision text not null,
  reason text,
  basis_version text not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint appointment_approvals_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint appointment_approvals_origin_check check (origin_seq is null or device_id is not null),
  constraint appointment_approvals_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint appointment_approvals_appointment_id_fkey foreign key (appointment_id) references public.pharma_appointments (id) deferrable initially immediate,
  constraint appointment_approvals_stage_check check (stage between 1 and 5),
  constraint appointment_approvals_approver_id_fkey foreign key (approver_id) references public.users (id) deferrable initially immediate,
  constraint appointment_approvals_decision_check check (decision in ('approved', 'denied')),
  constraint appointment_approvals_reason_check check (char_length(reason) <= 300),
  constraint appointment_approvals_basis_version_check check (char_length(btrim(basis_version)) >= 1 and char_length(basis_version) <= 64)
);

create index appointment_approvals_feed_idx on public.appointment_approvals (row_xid, id);
create index appointment_approvals_location_id_feed_idx on public.appointment_approvals (location_id, row_xid, id);
create index appointment_approvals_appointment_id_idx on public.appointment_approvals (appointment_id);
create index appointment_approvals_approver_id_idx on public.appointment_approvals (approver_id);
create unique index appointment_approvals_origin_key on public.appointment_approvals (device_id, origin_seq)
  where origin_seq is not null;

alter table public.appointment_approvals enable row level security;
alter table public.appointment_approvals force row level security;
revoke all on table public.appointment_approvals from public, anon, authenticated, service_role;
grant select on table public.appointment_approvals to authenticated;
grant select on table public.appointment_approvals to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, appointment_id, stage,
    approver_id, decision, reason, basis_version
) on table public.appointment_approvals to authenticated;

create trigger append_only before update or delete on public.appointment_approvals
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.appointment_approvals
  for each statement execute function private.refuse_change();
alter table public.appointment_approvals enable always trigger append_only;
alter table public.appointment_approvals enable always trigger append_only_truncate;

create policy appointment_approvals_read on public.appointment_approvals for select to authenticated using (
  (select private.reaches_all('appointment_approvals', 'read'))
  or location_id = any ((select private.sites('appointment_approvals', 'read'))::uuid[])
);
create policy appointment_approvals_create on public.appointment_approvals
  for insert to authenticated with check (
  (select private.reaches_all('appointment_approvals', 'create'))
  or location_id = any ((select private.sites('appointment_approvals', 'create'))::uuid[])
);
create policy appointment_approvals_create_as_oneself on public.appointment_approvals
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and approver_id = (select auth.uid()));
create policy appointment_approvals_engine_read on public.appointment_approvals
  for select to ganger_engine using (true);

-- appointment_participants ------------------------------------------------------------------------

create table public.appointment_participants (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  appointment_id uuid not null,
  user_id uuid,
  person_key text not null,
  guest_name text,
  response text not null,
  dietary_note text,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint appointment_participants_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint appointment_participants_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint appointment_participants_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint appointment_participants_appointment_id_fkey foreign key (appointment_id) references public.pharma_appointments (id) deferrable initially immediate,
  constraint appointment_participants_user_id_fkey foreign key (user_id) references public.users (id) deferrable initially immediate,
  constraint appointment_participants_person_key_check check (char_length(btrim(person_key)) >= 1 and char_length(person_key) <= 120),
  constraint appointment_participants_guest_name_check check (char_length(guest_name) <= 120),
  constraint appointment_participants_response_check check (response in ('invited', 'accepted',
    'declined')),
  constraint appointment_participants_dietary_note_check check (char_length(dietary_note) <= 300),
  constraint appointment_participants_appointment_id_person_key_key unique (appointment_id,
    person_key)
);

create index appointment_participants_feed_idx on public.appointment_participants (row_xid, id);
create index appointment_participants_location_id_feed_idx on public.appointment_participants (location_id, row_xid, id);
create index appointment_participants_user_id_feed_idx on public.appointment_participants (user_id, row_xid, id);

alter table public.appointment_participants enable row level security;
alter table public.appointment_participants force row level security;
revoke all on table public.appointment_participants from public, anon, authenticated, service_role;
grant select on table public.appointment_participants to authenticated;
grant select on table public.appointment_participants to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, appointment_id, user_id,
    person_key, guest_name, response, dietary_note, field_by
) on table public.appointment_participants to authenticated;
grant update (
  response, dietary_note, field_hlc, field_by
) on table public.appointment_participants to authenticated;

create trigger sign_fields before insert or update on public.appointment_participants
  for each row execute function private.sign_fields();
create trigger touch before update on public.appointment_participants
  for each row execute function private.touch();

create policy appointment_participants_read on public.appointment_participants for select to authenticated using (
  (select private.reaches_all('appointment_participants', 'read'))
  or location_id = any ((select private.sites('appointment_participants', 'read'))::uuid[])
  or (user_id = (select auth.uid()) and (select private.reaches_own('appointment_participants', 'read')))
);
create policy appointment_participants_create on public.appointment_participants
  for insert to authenticated with check (
  (select private.reaches_all('appointment_participants', 'create'))
  or location_id = any ((select private.sites('appointment_participants', 'create'))::uuid[])
  or (user_id = (select auth.uid()) and (select private.reaches_own('appointment_participants', 'create')))
);
create policy appointment_participants_create_as_oneself on public.appointment_participants
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy appointment_participants_update on public.appointment_participants for update to authenticated using (
  (select private.reaches_all('appointment_participants', 'update'))
  or location_id = any ((select private.sites('appointment_participants', 'update'))::uuid[])
  or (user_id = (select auth.uid()) and (select private.reaches_own('appointment_participants', 'update')))
) with check (
  (select private.reaches_all('appointment_participants', 'update'))
  or location_id = any ((select private.sites('appointment_participants', 'update'))::uuid[])
  or (user_id = (select auth.uid()) and (select private.reaches_own('appointment_participants', 'update')))
);
create policy appointment_participants_update_through_server on public.appointment_participants
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy appointment_participants_engine_read on public.appointment_participants
  for select to ganger_engine using (true);

-- visitor_sign_ins --------------------------------------------------------------------------------

create table public.visitor_sign_ins (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  appointment_id uuid not null,
  user_id uuid,
  name text not null,
  event text not null,
  covered_recipient boolean not null,
  occurred_at timestamptz not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint visitor_sign_ins_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint visitor_sign_ins_origin_check check (origin_seq is null or device_id is not null),
  constraint visitor_sign_ins_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint visitor_sign_ins_appointment_id_fkey foreign key (appointment_id) references public.pharma_appointments (id) deferrable initially immediate,
  constraint visitor_sign_ins_user_id_fkey foreign key (user_id) references public.users (id) deferrable initially immediate,
  constraint visitor_sign_ins_name_check check (char_length(btrim(name)) >= 1 and char_length(name) <= 120),
  constraint visitor_sign_ins_event_check check (event in ('signed_in', 'signed_out', 'ate',
    'did_not_eat'))
);

create index visitor_sign_ins_feed_idx on public.visitor_sign_ins (row_xid, id);
create index visitor_sign_ins_location_id_feed_idx on public.visitor_sign_ins (location_id, row_xid, id);
create index visitor_sign_ins_user_id_feed_idx on public.visitor_sign_ins (user_id, row_xid, id);
create index visitor_sign_ins_appointment_id_idx on public.visitor_sign_ins (appointment_id);
create unique index visitor_sign_ins_origin_key on public.visitor_sign_ins (device_id, origin_seq)
  where origin_seq is not null;

alter table public.visitor_sign_ins enable row level security;
alter table public.visitor_sign_ins force row level security;
revoke all on table public.visitor_sign_ins from public, anon, authenticated, service_role;
grant select on table public.visitor_sign_ins to authenticated;
grant select on table public.visitor_sign_ins to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, appointment_id, user_id,
    name, event, covered_recipient, occurred_at
) on table public.visitor_sign_ins to authenticated;

create trigger append_only before update or delete on public.visitor_sign_ins
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.visitor_sign_ins
  for each statement execute function private.refuse_change();
alter table public.visitor_sign_ins enable always trigger append_only;
alter table public.visitor_sign_ins enable always trigger append_only_truncate;

create policy visitor_sign_ins_read on public.visitor_sign_ins for select to authenticated using (
  (select private.reaches_all('visitor_sign_ins', 'read'))
  or location_id = any ((select private.sites('visitor_sign_ins', 'read'))::uuid[])
  or (user_id = (select auth.uid()) and (select private.reaches_own('visitor_sign_ins', 'read')))
);
create policy visitor_sign_ins_create on public.visitor_sign_ins
  for insert to authenticated with check (
  (select private.reaches_all('visitor_sign_ins', 'create'))
  or location_id = any ((select private.sites('visitor_sign_ins', 'create'))::uuid[])
  or (user_id = (select auth.uid()) and (select private.reaches_own('visitor_sign_ins', 'create')))
);
create policy visitor_sign_ins_create_as_oneself on public.visitor_sign_ins
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy visitor_sign_ins_engine_read on public.visitor_sign_ins
  for select to ganger_engine using (true);

-- meal_records ------------------------------------------------------------------------------------

create table public.meal_records (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  appointment_id uuid not null,
  kind text not null,
  product text,
  total_cents bigint not null,
  receipt_file_id uuid,
  local_date date not null,
  reverses_id uuid,
  lines jsonb not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint meal_records_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint meal_records_origin_check check (origin_seq is null or device_id is not null),
  constraint meal_records_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint meal_records_appointment_id_fkey foreign key (appointment_id) references public.pharma_appointments (id) deferrable initially immediate,
  constraint meal_records_kind_check check (kind in ('food', 'educational', 'sample', 'other')),
  constraint meal_records_product_check check (char_length(product) <= 80),
  constraint meal_records_total_cents_check check (total_cents between 1 and 100000000000),
  constraint meal_records_receipt_file_id_fkey foreign key (receipt_file_id) references public.file_uploads (id) deferrable initially immediate,
  constraint meal_records_reverses_id_fkey foreign key (reverses_id) references public.meal_records (id) deferrable initially immediate,
  constraint meal_records_lines_shape_check check (case jsonb_typeof(lines) when 'array' then jsonb_array_length(lines) between 1 and 200 else lines is null end)
);

create index meal_records_feed_idx on public.meal_records (row_xid, id);
create index meal_records_location_id_feed_idx on public.meal_records (location_id, row_xid, id);
create index meal_records_appointment_id_idx on public.meal_records (appointment_id);
create index meal_records_receipt_file_id_idx on public.meal_records (receipt_file_id);
create index meal_records_reverses_id_idx on public.meal_records (reverses_id);
create unique index meal_records_origin_key on public.meal_records (device_id, origin_seq)
  where origin_seq is not null;

alter table public.meal_records enable row level security;
alter table public.meal_records force row level security;
revoke all on table public.meal_records from public, anon, authenticated, service_role;
grant select on table public.meal_records to authenticated;
grant select on table public.meal_records to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, appointment_id, kind,
    product, total_cents, receipt_file_id, local_date, reverses_id, lines
) on table public.meal_records to authenticated;

create trigger append_only before update or delete on public.meal_records
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.meal_records
  for each statement execute function private.refuse_change();
alter table public.meal_records enable always trigger append_only;
alter table public.meal_records enable always trigger append_only_truncate;

create policy meal_records_read on public.meal_records for select to authenticated using (
  (select private.reaches_all('meal_records', 'read'))
  or location_id = any ((select private.sites('meal_records', 'read'))::uuid[])
);
create policy meal_records_create on public.meal_records
  for insert to authenticated with check (
  (select private.reaches_all('meal_records', 'create'))
  or location_id = any ((select private.sites('meal_records', 'create'))::uuid[])
);
create policy meal_records_create_as_oneself on public.meal_records
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy meal_records_engine_read on public.meal_records
  for select to ganger_engine using (true);

-- transfers_of_value ------------------------------------------------------------------------------

create table public.transfers_of_value (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  record_id uuid not null,
  appointment_id uuid not null,
  kind text not null,
  product text,
  total_cents bigint not null,
  partakers_count integer not null,
  share_cents bigint not null,
  recipient_user_id uuid,
  recipient_name text not null,
  covered_recipient_type text not null,
  npi text,
  receipt_file_id uuid,
  local_date date not null,
  reverses boolean not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint transfers_of_value_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint transfers_of_value_origin_check check (origin_seq is null or device_id is not null),
  constraint transfers_of_value_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint transfers_of_value_record_id_fkey foreign key (record_id) references public.meal_records (id) deferrable initially immediate,
  constraint transfers_of_value_appointment_id_fkey foreign key (appointment_id) references public.pharma_appointments (id) deferrable initially immediate,
  constraint transfers_of_value_kind_check check (kind in ('food', 'educational', 'sample',
    'other')),
  constraint transfers_of_value_product_check check (char_length(product) <= 80),
  constraint transfers_of_value_total_cents_check check (total_cents between 1 and 100000000000),
  constraint transfers_of_value_partakers_count_check check (partakers_count between 1 and 200),
  constraint transfers_of_value_share_cents_check check (share_cents between 0 and 100000000000),
  constraint transfers_of_value_recipient_user_id_fkey foreign key (recipient_user_id) references public.users (id) deferrable initially immediate,
  constraint transfers_of_value_recipient_name_check check (char_length(btrim(recipient_name)) >= 1 and char_length(recipient_name) <= 120),
  constraint transfers_of_value_covered_recipient_type_check check (covered_recipient_type in ('md_do', 'pa', 'np', 'cns', 'crna', 'cnm', 'none')),
  constraint transfers_of_value_npi_check check (char_length(npi) <= 10),
  constraint transfers_of_value_receipt_file_id_fkey foreign key (receipt_file_id) references public.file_uploads (id) deferrable initially immediate
);

create index transfers_of_value_feed_idx on public.transfers_of_value (row_xid, id);
create index transfers_of_value_location_id_feed_idx on public.transfers_of_value (location_id, row_xid, id);
create index transfers_of_value_recipient_user_id_feed_idx on public.transfers_of_value (recipient_user_id, row_xid, id);
create index transfers_of_value_location_id_local_date_idx on public.transfers_of_value (location_id, local_date);
create index transfers_of_value_record_id_idx on public.transfers_of_value (record_id);
create index transfers_of_value_appointment_id_idx on public.transfers_of_value (appointment_id);
create index transfers_of_value_receipt_file_id_idx on public.transfers_of_value (receipt_file_id);
create unique index transfers_of_value_origin_key on public.transfers_of_value (device_id, origin_seq)
  where origin_seq is not null;

alter table public.transfers_of_value enable row level security;
alter table public.transfers_of_value force row level security;
revoke all on table public.transfers_of_value from public, anon, authenticated, service_role;
grant select on table public.transfers_of_value to authenticated;
grant select on table public.transfers_of_value to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, record_id, appointment_id,
    kind, product, total_cents, partakers_count, share_cents, recipient_user_id, recipient_name,
    covered_recipient_type, npi, receipt_file_id, local_date, reverses
) on table public.transfers_of_value to ganger_engine;

create trigger append_only before update or delete on public.transfers_of_value
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.transfers_of_value
  for each statement execute function private.refuse_change();
alter table public.transfers_of_value enable always trigger append_only;
alter table public.transfers_of_value enable always trigger append_only_truncate;

create policy transfers_of_value_read on public.transfers_of_value for select to authenticated using (
  (select private.reaches_all('transfers_of_value', 'read'))
  or location_id = any ((select private.sites('transfers_of_value', 'read'))::uuid[])
  or (recipient_user_id = (select auth.uid()) and (select private.reaches_own('transfers_of_value', 'read')))
);
create policy transfers_of_value_engine_read on public.transfers_of_value
  for select to ganger_engine using (true);
create policy transfers_of_value_engine_create on public.transfers_of_value
  for insert to ganger_engine with check (true);

-- open_payments_thresholds ------------------------------------------------------------------------

create table public.open_payments_thresholds (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  program_year integer not null,
  item_cents bigint not null,
  year_cents bigint not null,
  source_url text not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint open_payments_thresholds_program_year_check check (program_year between 2013 and 2200),
  constraint open_payments_thresholds_item_cents_check check (item_cents between 0 and 100000000000),
  constraint open_payments_thresholds_year_cents_check check (year_cents between 0 and 100000000000),
  constraint open_payments_thresholds_source_url_check check (char_length(btrim(source_url)) >= 1 and char_length(source_url) <= 300),
  constraint open_payments_thresholds_program_year_key unique (program_year)
);

create index open_payments_thresholds_feed_idx on public.open_payments_thresholds (row_xid, id);

alter table public.open_payments_thresholds enable row level security;
alter table public.open_payments_thresholds force row level security;
revoke all on table public.open_payments_thresholds from public, anon, authenticated, service_role;
grant select on table public.open_payments_thresholds to authenticated;
grant select on table public.open_payments_thresholds to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, program_year, item_cents, year_cents, source_url
) on table public.open_payments_thresholds to ganger_engine;
grant update (
  program_year, item_cents, year_cents, source_url
) on table public.open_payments_thresholds to ganger_engine;

create trigger touch before update on public.open_payments_thresholds
  for each row execute function private.touch();

create policy open_payments_thresholds_read on public.open_payments_thresholds for select to authenticated using (
  (select private.reaches_all('open_payments_thresholds', 'read'))
  or (select cardinality(private.sites('open_payments_thresholds', 'read')) > 0)
);
create policy open_payments_thresholds_engine_read on public.open_payments_thresholds
  for select to ganger_engine using (true);
create policy open_payments_thresholds_engine_create on public.open_payments_thresholds
  for insert to ganger_engine with check (true);
create policy open_payments_thresholds_engine_update on public.open_payments_thresholds for update to ganger_engine
  using (true) with check (true);

-- sample_deliveries -------------------------------------------------------------------------------

create table public.sample_deliveries (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  appointment_id uuid,
  rep_id uuid not null,
  item_id uuid not null,
  lot_no text not null,
  expiry_date date,
  qty_base bigint not null,
  received_by uuid not null,
  stock_act_id uuid,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint sample_deliveries_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint sample_deliveries_origin_check check (origin_seq is null or device_id is not null),
  constraint sample_deliveries_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint sample_deliveries_appointment_id_fkey foreign key (appointment_id) references public.pharma_appointments (id) deferrable initially immediate,
  constraint sample_deliveries_rep_id_fkey foreign key (rep_id) references public.pharma_representatives (id) deferrable initially immediate,
  constraint sample_deliveries_item_id_fkey foreign key (item_id) references public.inventory_items (id) deferrable initially immediate,
  constraint sample_deliveries_lot_no_check check (char_length(btrim(lot_no)) >= 1 and char_length(lot_no) <= 40),
  constraint sample_deliveries_qty_base_check check (qty_base between 1 and 100000000000),
  constraint sample_deliveries_received_by_fkey foreign key (received_by) references public.users (id) deferrable initially immediate,
  constraint sample_deliveries_stock_act_id_fkey foreign key (stock_act_id) references public.stock_acts (id) deferrable initially immediate
);

create index sample_deliveries_feed_idx on public.sample_deliveries (row_xid, id);
create index sample_deliveries_location_id_feed_idx on public.sample_deliveries (location_id, row_xid, id);
create index sample_deliveries_appointment_id_idx on public.sample_deliveries (appointment_id);
create index sample_deliveries_rep_id_idx on public.sample_deliveries (rep_id);
create index sample_deliveries_item_id_idx on public.sample_deliveries (item_id);
create index sample_deliveries_received_by_idx on public.sample_deliveries (received_by);
create index sample_deliveries_stock_act_id_idx on public.sample_deliveries (stock_act_id);
create unique index sample_deliveries_origin_key on public.sample_deliveries (device_id, origin_seq)
  where origin_seq is not null;

alter table public.sample_deliveries enable row level security;
alter table public.sample_deliveries force row level security;
revoke all on table public.sample_deliveries from public, anon, authenticated, service_role;
grant select on table public.sample_deliveries to authenticated;
grant select on table public.sample_deliveries to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, appointment_id, rep_id,
    item_id, lot_no, expiry_date, qty_base, received_by, stock_act_id
) on table public.sample_deliveries to authenticated;

create trigger append_only before update or delete on public.sample_deliveries
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.sample_deliveries
  for each statement execute function private.refuse_change();
alter table public.sample_deliveries enable always trigger append_only;
alter table public.sample_deliveries enable always trigger append_only_truncate;

create policy sample_deliveries_read on public.sample_deliveries for select to authenticated using (
  (select private.reaches_all('sample_deliveries', 'read'))
  or location_id = any ((select private.sites('sample_deliveries', 'read'))::uuid[])
);
create policy sample_deliveries_create on public.sample_deliveries
  for insert to authenticated with check (
  (select private.reaches_all('sample_deliveries', 'create'))
  or location_id = any ((select private.sites('sample_deliveries', 'create'))::uuid[])
);
create policy sample_deliveries_create_as_oneself on public.sample_deliveries
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy sample_deliveries_engine_read on public.sample_deliveries
  for select to ganger_engine using (true);

-- rep_policy_acks ---------------------------------------------------------------------------------

create table public.rep_policy_acks (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid,
  rep_id uuid not null,
  rep_user_id uuid,
  policy_version text not null,
  acknowledged_at timestamptz not null,
  expires_on date,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint rep_policy_acks_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint rep_policy_acks_origin_check check (origin_seq is null or device_id is not null),
  constraint rep_policy_acks_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint rep_policy_acks_rep_id_fkey foreign key (rep_id) references public.pharma_representatives (id) deferrable initially immediate,
  constraint rep_policy_acks_rep_user_id_fkey foreign key (rep_user_id) references public.users (id) deferrable initially immediate,
  constraint rep_policy_acks_policy_version_check check (char_length(btrim(policy_version)) >= 1 and char_length(policy_version) <= 20)
);

create index rep_policy_acks_feed_idx on public.rep_policy_acks (row_xid, id);
create index rep_policy_acks_location_id_feed_idx on public.rep_policy_acks (location_id, row_xid, id);
create index rep_policy_acks_rep_user_id_feed_idx on public.rep_policy_acks (rep_user_id, row_xid, id);
create index rep_policy_acks_rep_id_idx on public.rep_policy_acks (rep_id);
create unique index rep_policy_acks_origin_key on public.rep_policy_acks (device_id, origin_seq)
  where origin_seq is not null;

alter table public.rep_policy_acks enable row level security;
alter table public.rep_policy_acks force row level security;
revoke all on table public.rep_policy_acks from public, anon, authenticated, service_role;
grant select on table public.rep_policy_acks to authenticated;
grant select on table public.rep_policy_acks to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, rep_id, rep_user_id,
    policy_version, acknowledged_at, expires_on
) on table public.rep_policy_acks to authenticated;

create trigger append_only before update or delete on public.rep_policy_acks
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.rep_policy_acks
  for each statement execute function private.refuse_change();
alter table public.rep_policy_acks enable always trigger append_only;
alter table public.rep_policy_acks enable always trigger append_only_truncate;

create policy rep_policy_acks_read on public.rep_policy_acks for select to authenticated using (
  (select private.reaches_all('rep_policy_acks', 'read'))
  or location_id = any ((select private.sites('rep_policy_acks', 'read'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('rep_policy_acks', 'read')) > 0))
  or (rep_user_id = (select auth.uid()) and (select private.reaches_own('rep_policy_acks', 'read')))
);
create policy rep_policy_acks_create on public.rep_policy_acks
  for insert to authenticated with check (
  (select private.reaches_all('rep_policy_acks', 'create'))
  or location_id = any ((select private.sites('rep_policy_acks', 'create'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('rep_policy_acks', 'create')) > 0))
  or (rep_user_id = (select auth.uid()) and (select private.reaches_own('rep_policy_acks', 'create')))
);
create policy rep_policy_acks_create_as_oneself on public.rep_policy_acks
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy rep_policy_acks_engine_read on public.rep_policy_acks
  for select to ganger_engine using (true);

-- rep_communications ------------------------------------------------------------------------------

create table public.rep_communications (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid,
  rep_id uuid not null,
  appointment_id uuid,
  channel text not null,
  direction text not null,
  body text not null,
  occurred_at timestamptz not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint rep_communications_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint rep_communications_origin_check check (origin_seq is null or device_id is not null),
  constraint rep_communications_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint rep_communications_rep_id_fkey foreign key (rep_id) references public.pharma_representatives (id) deferrable initially immediate,
  constraint rep_communications_appointment_id_fkey foreign key (appointment_id) references public.pharma_appointments (id) deferrable initially immediate,
  constraint rep_communications_channel_check check (channel in ('email', 'phone', 'in_person',
    'web')),
  constraint rep_communications_direction_check check (direction in ('in', 'out')),
  constraint rep_communications_body_check check (char_length(btrim(body)) >= 1 and char_length(body) <= 2000)
);

create index rep_communications_feed_idx on public.rep_communications (row_xid, id);
create index rep_communications_location_id_feed_idx on public.rep_communications (location_id, row_xid, id);
create index rep_communications_rep_id_idx on public.rep_communications (rep_id);
create index rep_communications_appointment_id_idx on public.rep_communications (appointment_id);
create unique index rep_communications_origin_key on public.rep_communications (device_id, origin_seq)
  where origin_seq is not null;

alter table public.rep_communications enable row level security;
alter table public.rep_communications force row level security;
revoke all on table public.rep_communications from public, anon, authenticated, service_role;
grant select on table public.rep_communications to authenticated;
grant select on table public.rep_communications to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, rep_id, appointment_id,
    channel, direction, body, occurred_at
) on table public.rep_communications to authenticated;

create trigger append_only before update or delete on public.rep_communications
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.rep_communications
  for each statement execute function private.refuse_change();
alter table public.rep_communications enable always trigger append_only;
alter table public.rep_communications enable always trigger append_only_truncate;

create policy rep_communications_read on public.rep_communications for select to authenticated using (
  (select private.reaches_all('rep_communications', 'read'))
  or location_id = any ((select private.sites('rep_communications', 'read'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('rep_communications', 'read')) > 0))
);
create policy rep_communications_create on public.rep_communications
  for insert to authenticated with check (
  (select private.reaches_all('rep_communications', 'create'))
  or location_id = any ((select private.sites('rep_communications', 'create'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('rep_communications', 'create')) > 0))
);
create policy rep_communications_create_as_oneself on public.rep_communications
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy rep_communications_engine_read on public.rep_communications
  for select to ganger_engine using (true);

-- waitlist_entries --------------------------------------------------------------------------------

create table public.waitlist_entries (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  activity_id uuid not null,
  rep_id uuid not null,
  from_date date not null,
  to_date date not null,
  note text,
  offered_appointment_id uuid,
  status text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint waitlist_entries_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint waitlist_entries_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint waitlist_entries_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint waitlist_entries_activity_id_fkey foreign key (activity_id) references public.scheduling_activities (id) deferrable initially immediate,
  constraint waitlist_entries_rep_id_fkey foreign key (rep_id) references public.pharma_representatives (id) deferrable initially immediate,
  constraint waitlist_entries_note_check check (char_length(note) <= 300),
  constraint waitlist_entries_offered_appointment_id_fkey foreign key (offered_appointment_id) references public.pharma_appointments (id) deferrable initially immediate,
  constraint waitlist_entries_status_check check (status in ('waiting', 'offered', 'accepted',
    'declined', 'expired', 'withdrawn'))
);

create index waitlist_entries_feed_idx on public.waitlist_entries (row_xid, id);
create index waitlist_entries_location_id_feed_idx on public.waitlist_entries (location_id, row_xid, id);
create index waitlist_entries_activity_id_idx on public.waitlist_entries (activity_id);
create index waitlist_entries_rep_id_idx on public.waitlist_entries (rep_id);
create index waitlist_entries_offered_appointment_id_idx on public.waitlist_entries (offered_appointment_id);

alter table public.waitlist_entries enable row level security;
alter table public.waitlist_entries force row level security;
revoke all on table public.waitlist_entries from public, anon, authenticated, service_role;
grant select on table public.waitlist_entries to authenticated;
grant select on table public.waitlist_entries to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, activity_id, rep_id, from_date,
    to_date, note, offered_appointment_id, status, field_by
) on table public.waitlist_entries to authenticated;
grant update (
  from_date, to_date, note, status, field_hlc, field_by
) on table public.waitlist_entries to authenticated;
grant update (
  offered_appointment_id, status, field_hlc, field_by
) on table public.waitlist_entries to ganger_engine;

create trigger guard_state before insert or update of status on public.waitlist_entries
  for each row execute function private.guard_state();
create trigger guard_editable before update on public.waitlist_entries
  for each row execute function private.guard_editable(
    'status', '{waiting}', '{}');
create trigger sign_fields before insert or update on public.waitlist_entries
  for each row execute function private.sign_fields();
create trigger touch before update on public.waitlist_entries
  for each row execute function private.touch();

create policy waitlist_entries_read on public.waitlist_entries for select to authenticated using (
  (select private.reaches_all('waitlist_entries', 'read'))
  or location_id = any ((select private.sites('waitlist_entries', 'read'))::uuid[])
);
create policy waitlist_entries_create on public.waitlist_entries
  for insert to authenticated with check (
  (select private.reaches_all('waitlist_entries', 'create'))
  or location_id = any ((select private.sites('waitlist_entries', 'create'))::uuid[])
);
create policy waitlist_entries_create_as_oneself on public.waitlist_entries
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy waitlist_entries_update on public.waitlist_entries for update to authenticated using (
  (select private.reaches_all('waitlist_entries', 'update'))
  or location_id = any ((select private.sites('waitlist_entries', 'update'))::uuid[])
  or (select private.reaches_all('waitlist_entries', 'approve'))
  or location_id = any ((select private.sites('waitlist_entries', 'approve'))::uuid[])
) with check (
  (select private.reaches_all('waitlist_entries', 'update'))
  or location_id = any ((select private.sites('waitlist_entries', 'update'))::uuid[])
  or (select private.reaches_all('waitlist_entries', 'approve'))
  or location_id = any ((select private.sites('waitlist_entries', 'approve'))::uuid[])
);
create policy waitlist_entries_update_through_server on public.waitlist_entries
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy waitlist_entries_engine_read on public.waitlist_entries
  for select to ganger_engine using (true);
create policy waitlist_entries_engine_update on public.waitlist_entries for update to ganger_engine
  using (true) with check (true);

-- rights ------------------------------------------------------------------------------------------

insert into private.scopes
  (table_name, location_column, sites_column, team_column, own_column)
values
  ('pharma_companies', null, null, null, null),
  ('pharma_representatives', null, null, null, 'user_id'),
  ('scheduling_activities', 'location_id', null, null, null),
  ('availability_overrides', 'location_id', null, null, null),
  ('pharma_appointments', 'location_id', null, null, 'rep_user_id'),
  ('slot_claims', 'location_id', null, null, null),
  ('slot_leases', 'location_id', null, null, null),
  ('appointment_approvals', 'location_id', null, null, null),
  ('appointment_participants', 'location_id', null, null, 'user_id'),
  ('visitor_sign_ins', 'location_id', null, null, 'user_id'),
  ('meal_records', 'location_id', null, null, null),
  ('transfers_of_value', 'location_id', null, null, 'recipient_user_id'),
  ('open_payments_thresholds', null, null, null, null),
  ('sample_deliveries', 'location_id', null, null, null),
  ('rep_policy_acks', 'location_id', null, null, 'rep_user_id'),
  ('rep_communications', 'location_id', null, null, null),
  ('waitlist_entries', 'location_id', null, null, null);

insert into private.access_matrix
  (role, table_name, operation, reach, only_field, only_values)
values
  ('FD', 'pharma_companies', 'read', 'sites', null, null),
  ('FD', 'pharma_companies', 'create', 'sites', null, null),
  ('CS', 'pharma_companies', 'read', 'sites', null, null),
  ('PR', 'pharma_companies', 'read', 'all', null, null),
  ('MG', 'pharma_companies', 'read', 'all', null, null),
  ('MG', 'pharma_companies', 'create', 'all', null, null),
  ('MG', 'pharma_companies', 'update', 'all', null, null),
  ('MG', 'pharma_companies', 'approve', 'all', null, null),
  ('LM', 'pharma_companies', 'read', 'sites', null, null),
  ('LM', 'pharma_companies', 'create', 'sites', null, null),
  ('LM', 'pharma_companies', 'update', 'sites', null, null),
  ('IT', 'pharma_companies', 'metadata', 'all', null, null),
  ('SA', 'pharma_companies', 'read', 'all', null, null),
  ('SA', 'pharma_companies', 'create', 'all', null, null),
  ('SA', 'pharma_companies', 'update', 'all', null, null),
  ('FD', 'pharma_representatives', 'read', 'sites', null, null),
  ('FD', 'pharma_representatives', 'create', 'sites', null, null),
  ('CS', 'pharma_representatives', 'read', 'sites', null, null),
  ('PR', 'pharma_representatives', 'read', 'all', null, null),
  ('MG', 'pharma_representatives', 'read', 'all', null, null),
  ('MG', 'pharma_representatives', 'create', 'all', null, null),
  ('MG', 'pharma_representatives', 'update', 'all', null, null),
  ('MG', 'pharma_representatives', 'approve', 'all', null, null),
  ('LM', 'pharma_representatives', 'read', 'sites', null, null),
  ('LM', 'pharma_representatives', 'create', 'sites', null, null),
  ('LM', 'pharma_representatives', 'update', 'sites', null, null),
  ('IT', 'pharma_representatives', 'metadata', 'all', null, null),
  ('SA', 'pharma_representatives', 'read', 'all', null, null),
  ('SA', 'pharma_representatives', 'create', 'all', null, null),
  ('SA', 'pharma_representatives', 'update', 'all', null, null),
  ('REP', 'pharma_representatives', 'read', 'own', null, null),
  ('FD', 'scheduling_activities', 'read', 'sites', null, null),
  ('CS', 'scheduling_activities', 'read', 'sites', null, null),
  ('PR', 'scheduling_activities', 'read', 'all', null, null),
  ('MG', 'scheduling_activities', 'read', 'all', null, null),
  ('MG', 'scheduling_activities', 'create', 'all', null, null),
  ('MG', 'scheduling_activities', 'update', 'all', null, null),
  ('LM', 'scheduling_activities', 'read', 'sites', null, null),
  ('LM', 'scheduling_activities', 'create', 'sites', null, null),
  ('LM', 'scheduling_activities', 'update', 'sites', null, null),
  ('SA', 'scheduling_activities', 'read', 'all', null, null),
  ('SA', 'scheduling_activities', 'create', 'all', null, null),
  ('SA', 'scheduling_activities', 'update', 'all', null, null),
  ('FD', 'availability_overrides', 'read', 'sites', null, null),
  ('CS', 'availability_overrides', 'read', 'sites', null, null),
  ('PR', 'availability_overrides', 'read', 'all', null, null),
  ('MG', 'availability_overrides', 'read', 'all', null, null),
  ('MG', 'availability_overrides', 'create', 'all', null, null),
  ('MG', 'availability_overrides', 'update', 'all', null, null),
  ('LM', 'availability_overrides', 'read', 'sites', null, null),
  ('LM', 'availability_overrides', 'create', 'sites', null, null),
  ('LM', 'availability_overrides', 'update', 'sites', null, null),
  ('SA', 'availability_overrides', 'read', 'all', null, null),
  ('SA', 'availability_overrides', 'update', 'all', null, null),
  ('FD', 'pharma_appointments', 'read', 'sites', null, null),
  ('FD', 'pharma_appointments', 'create', 'sites', null, null),
  ('FD', 'pharma_appointments', 'update', 'sites', null, null),
  ('CS', 'pharma_appointments', 'read', 'sites', null, null),
  ('PR', 'pharma_appointments', 'read', 'all', null, null),
  ('PR', 'pharma_appointments', 'approve', 'all', null, null),
  ('MG', 'pharma_appointments', 'read', 'all', null, null),
  ('MG', 'pharma_appointments', 'create', 'all', null, null),
  ('MG', 'pharma_appointments', 'update', 'all', null, null),
  ('MG', 'pharma_appointments', 'approve', 'all', null, null),
  ('LM', 'pharma_appointments', 'read', 'sites', null, null),
  ('LM', 'pharma_appointments', 'create', 'sites', null, null),
  ('LM', 'pharma_appointments', 'update', 'sites', null, null),
  ('LM', 'pharma_appointments', 'approve', 'sites', null, null),
  ('IT', 'pharma_appointments', 'metadata', 'all', null, null),
  ('SA', 'pharma_appointments', 'read', 'all', null, null),
  ('SA', 'pharma_appointments', 'update', 'all', null, null),
  ('REP', 'pharma_appointments', 'read', 'own', null, null),
  ('REP', 'pharma_appointments', 'create', 'own', null, null),
  ('REP', 'pharma_appointments', 'update', 'own', null, null),
  ('FD', 'slot_claims', 'read', 'sites', null, null),
  ('CS', 'slot_claims', 'read', 'sites', null, null),
  ('PR', 'slot_claims', 'read', 'all', null, null),
  ('MG', 'slot_claims', 'read', 'all', null, null),
  ('LM', 'slot_claims', 'read', 'sites', null, null),
  ('IT', 'slot_claims', 'metadata', 'all', null, null),
  ('SA', 'slot_claims', 'read', 'all', null, null),
  ('FD', 'slot_leases', 'read', 'sites', null, null),
  ('CS', 'slot_leases', 'read', 'sites', null, null),
  ('PR', 'slot_leases', 'read', 'all', null, null),
  ('MG', 'slot_leases', 'read', 'all', null, null),
  ('LM', 'slot_leases', 'read', 'sites', null, null),
  ('IT', 'slot_leases', 'metadata', 'all', null, null),
  ('SA', 'slot_leases', 'read', 'all', null, null),
  ('FD', 'appointment_approvals', 'read', 'sites', null, null),
  ('CS', 'appointment_approvals', 'read', 'sites', null, null),
  ('PR', 'appointment_approvals', 'read', 'all', null, null),
  ('PR', 'appointment_approvals', 'create', 'all', null, null),
  ('MG', 'appointment_approvals', 'read', 'all', null, null),
  ('MG', 'appointment_approvals', 'create', 'all', null, null),
  ('LM', 'appointment_approvals', 'read', 'sites', null, null),
  ('LM', 'appointment_approvals', 'create', 'sites', null, null),
  ('SA', 'appointment_approvals', 'read', 'all', null, null),
  ('FD', 'appointment_participants', 'read', 'sites', null, null),
  ('FD', 'appointment_participants', 'create', 'sites', null, null),
  ('FD', 'appointment_participants', 'update', 'sites', null, null),
  ('CS', 'appointment_participants', 'read', 'sites', null, null),
  ('CS', 'appointment_participants', 'create', 'own', null, null),
  ('CS', 'appointment_participants', 'update', 'own', null, null),
  ('PR', 'appointment_participants', 'read', 'all', null, null),
  ('PR', 'appointment_participants', 'create', 'own', null, null),
  ('PR', 'appointment_participants', 'update', 'own', null, null),
  ('MG', 'appointment_participants', 'read', 'all', null, null),
  ('MG', 'appointment_participants', 'create', 'all', null, null),
  ('MG', 'appointment_participants', 'update', 'all', null, null),
  ('LM', 'appointment_participants', 'read', 'sites', null, null),
  ('LM', 'appointment_participants', 'create', 'sites', null, null),
  ('LM', 'appointment_participants', 'update', 'sites', null, null),
  ('SA', 'appointment_participants', 'read', 'all', null, null),
  ('FD', 'visitor_sign_ins', 'read', 'sites', null, null),
  ('FD', 'visitor_sign_ins', 'create', 'sites', null, null),
  ('KD', 'visitor_sign_ins', 'create', 'sites', null, null),
  ('CS', 'visitor_sign_ins', 'read', 'own', null, null),
  ('CS', 'visitor_sign_ins', 'create', 'own', null, null),
  ('PR', 'visitor_sign_ins', 'read', 'own', null, null),
  ('PR', 'visitor_sign_ins', 'create', 'own', null, null),
  ('MG', 'visitor_sign_ins', 'read', 'all', null, null),
  ('MG', 'visitor_sign_ins', 'create', 'all', null, null),
  ('LM', 'visitor_sign_ins', 'read', 'sites', null, null),
  ('LM', 'visitor_sign_ins', 'create', 'sites', null, null),
  ('SA', 'visitor_sign_ins', 'read', 'all', null, null),
  ('CO', 'visitor_sign_ins', 'read', 'all', null, null),
  ('FD', 'meal_records', 'create', 'sites', null, null),
  ('MG', 'meal_records', 'read', 'all', null, null),
  ('MG', 'meal_records', 'create', 'all', null, null),
  ('LM', 'meal_records', 'read', 'sites', null, null),
  ('LM', 'meal_records', 'create', 'sites', null, null),
  ('SA', 'meal_records', 'read', 'all', null, null),
  ('CO', 'meal_records', 'read', 'all', null, null),
  ('CS', 'transfers_of_value', 'read', 'own', null, null),
  ('PR', 'transfers_of_value', 'read', 'own', null, null),
  ('MG', 'transfers_of_value', 'read', 'all', null, null),
  ('LM', 'transfers_of_value', 'read', 'sites', null, null),
  ('SA', 'transfers_of_value', 'read', 'all', null, null),
  ('CO', 'transfers_of_value', 'read', 'all', null, null),
  ('FD', 'open_payments_thresholds', 'read', 'sites', null, null),
  ('CS', 'open_payments_thresholds', 'read', 'sites', null, null),
  ('PR', 'open_payments_thresholds', 'read', 'all', null, null),
  ('MG', 'open_payments_thresholds', 'read', 'all', null, null),
  ('MG', 'open_payments_thresholds', 'create', 'all', null, null),
  ('MG', 'open_payments_thresholds', 'update', 'all', null, null),
  ('LM', 'open_payments_thresholds', 'read', 'sites', null, null),
  ('SA', 'open_payments_thresholds', 'read', 'all', null, null),
  ('SA', 'open_payments_thresholds', 'create', 'all', null, null),
  ('SA', 'open_payments_thresholds', 'update', 'all', null, null),
  ('CO', 'open_payments_thresholds', 'read', 'all', null, null),
  ('FD', 'sample_deliveries', 'read', 'sites', null, null),
  ('FD', 'sample_deliveries', 'create', 'sites', null, null),
  ('CS', 'sample_deliveries', 'read', 'sites', null, null),
  ('CS', 'sample_deliveries', 'create', 'sites', null, null),
  ('PR', 'sample_deliveries', 'read', 'all', null, null),
  ('MG', 'sample_deliveries', 'read', 'all', null, null),
  ('MG', 'sample_deliveries', 'create', 'all', null, null),
  ('LM', 'sample_deliveries', 'read', 'sites', null, null),
  ('LM', 'sample_deliveries', 'create', 'sites', null, null),
  ('SA', 'sample_deliveries', 'read', 'all', null, null),
  ('SAFETY', 'sample_deliveries', 'read', 'sites', null, null),
  ('SAFETY', 'sample_deliveries', 'create', 'sites', null, null),
  ('CO', 'sample_deliveries', 'read', 'all', null, null),
  ('FD', 'rep_policy_acks', 'read', 'sites', null, null),
  ('FD', 'rep_policy_acks', 'create', 'sites', null, null),
  ('CS', 'rep_policy_acks', 'read', 'sites', null, null),
  ('MG', 'rep_policy_acks', 'read', 'all', null, null),
  ('LM', 'rep_policy_acks', 'read', 'sites', null, null),
  ('SA', 'rep_policy_acks', 'read', 'all', null, null),
  ('REP', 'rep_policy_acks', 'read', 'own', null, null),
  ('REP', 'rep_policy_acks', 'create', 'own', null, null),
  ('FD', 'rep_communications', 'read', 'sites', null, null),
  ('FD', 'rep_communications', 'create', 'sites', null, null),
  ('MG', 'rep_communications', 'read', 'all', null, null),
  ('MG', 'rep_communications', 'create', 'all', null, null),
  ('LM', 'rep_communications', 'read', 'sites', null, null),
  ('LM', 'rep_communications', 'create', 'sites', null, null),
  ('SA', 'rep_communications', 'read', 'all', null, null),
  ('FD', 'waitlist_entries', 'read', 'sites', null, null),
  ('FD', 'waitlist_entries', 'create', 'sites', null, null),
  ('FD', 'waitlist_entries', 'update', 'sites', null, null),
  ('CS', 'waitlist_entries', 'read', 'sites', null, null),
  ('MG', 'waitlist_entries', 'read', 'all', null, null),
  ('MG', 'waitlist_entries', 'create', 'all', null, null),
  ('MG', 'waitlist_entries', 'update', 'all', null, null),
  ('MG', 'waitlist_entries', 'approve', 'all', null, null),
  ('LM', 'waitlist_entries', 'read', 'sites', null, null),
  ('LM', 'waitlist_entries', 'create', 'sites', null, null),
  ('LM', 'waitlist_entries', 'update', 'sites', null, null),
  ('LM', 'waitlist_entries', 'approve', 'sites', null, null),
  ('SA', 'waitlist_entries', 'read', 'all', null, null);

insert into private.machines (table_name, field, initial_state, author, open_fields) values
  ('pharma_representatives', 'status', 'invited', null, '{}'),
  ('pharma_appointments', 'status', 'requested', null, '{}'),
  ('waitlist_entries', 'status', 'waiting', null, '{}');

insert into private.allowed_transitions (table_name, from_state, to_state, needs, guard) values
  ('pharma_representatives', 'invited', 'verified', 'server', 'none'),
  ('pharma_representatives', 'verified', 'active', 'approve', 'none'),
  ('pharma_representatives', 'suspended', 'active', 'approve', 'none'),
  ('pharma_representatives', 'active', 'suspended', 'approve', 'none'),
  ('pharma_representatives', 'invited', 'left', 'update', 'none'),
  ('pharma_representatives', 'verified', 'left', 'update', 'none'),
  ('pharma_representatives', 'active', 'left', 'update', 'none'),
  ('pharma_representatives', 'suspended', 'left', 'update', 'none'),
  ('pharma_appointments', 'requested', 'held', 'server', 'none'),
  ('pharma_appointments', 'requested', 'confirmed', 'server', 'claim-granted'),
  ('pharma_appointments', 'held', 'confirmed', 'server', 'claim-granted'),
  ('pharma_appointments', 'requested', 'conflict', 'server', 'none'),
  ('pharma_appointments', 'held', 'conflict', 'server', 'none'),
  ('pharma_appointments', 'conflict', 'requested', 'update', 'none'),
  ('pharma_appointments', 'requested', 'declined', 'approve', 'none'),
  ('pharma_appointments', 'held', 'declined', 'approve', 'none'),
  ('pharma_appointments', 'confirmed', 'arrived', 'update', 'none'),
  ('pharma_appointments', 'confirmed', 'no_show', 'update', 'none'),
  ('pharma_appointments', 'arrived', 'completed', 'update', 'none'),
  ('pharma_appointments', 'requested', 'cancelled_by_rep', 'update', 'none'),
  ('pharma_appointments', 'requested', 'cancelled_by_clinic', 'update', 'none'),
  ('pharma_appointments', 'held', 'cancelled_by_rep', 'update', 'none'),
  ('pharma_appointments', 'held', 'cancelled_by_clinic', 'update', 'none'),
  ('pharma_appointments', 'confirmed', 'cancelled_by_rep', 'update', 'none'),
  ('pharma_appointments', 'confirmed', 'cancelled_by_clinic', 'update', 'none'),
  ('pharma_appointments', 'conflict', 'cancelled_by_rep', 'update', 'none'),
  ('pharma_appointments', 'conflict', 'cancelled_by_clinic', 'update', 'none'),
  ('waitlist_entries', 'waiting', 'offered', 'server', 'none'),
  ('waitlist_entries', 'offered', 'accepted', 'update', 'none'),
  ('waitlist_entries', 'offered', 'declined', 'update', 'none'),
  ('waitlist_entries', 'offered', 'expired', 'server', 'none'),
  ('waitlist_entries', 'waiting', 'withdrawn', 'update', 'none'),
  ('waitlist_entries', 'offered', 'withdrawn', 'update', 'none');
