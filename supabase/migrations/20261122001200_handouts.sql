-- Patient handouts: templates and versions, what was handed out, how it was delivered.

-- handout_templates -------------------------------------------------------------------------------

create table public.handout_templates (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  code text not null,
  title text not null,
  category text not null,
  specialty_tags jsonb not null,
  diagnosis_codes jsonb not null,
  owner_id uuid,
  physician_review boolean not null,
  location_id uuid,
  status text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint handout_templates_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint handout_templates_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint handout_templates_code_check check (char_length(btrim(code)) >= 1 and char_length(code) <= 60),
  constraint handout_templates_title_check check (char_length(btrim(title)) >= 1 and char_length(title) <= 160),
  constraint handout_templates_category_check check (category in ('education', 'treatment',
    'medication', 'pre_procedure', 'post_procedure')),
  constraint handout_templates_owner_id_fkey foreign key (owner_id) references public.users (id) deferrable initially immediate,
  constraint handout_templates_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint handout_templates_status_check check (status in ('active', 'retired')),
  constraint handout_templates_specialty_tags_shape_check check (jsonb_typeof(specialty_tags) = 'object'),
  constraint handout_templates_diagnosis_codes_shape_check check (jsonb_typeof(diagnosis_codes) = 'object'),
  constraint handout_templates_code_key unique (code)
);

create index handout_templates_feed_idx on public.handout_templates (row_xid, id);
create index handout_templates_owner_id_idx on public.handout_templates (owner_id);
create index handout_templates_location_id_idx on public.handout_templates (location_id);

alter table public.handout_templates enable row level security;
alter table public.handout_templates force row level security;
revoke all on table public.handout_templates from public, anon, authenticated, service_role;
grant select on table public.handout_templates to authenticated;
grant select on table public.handout_templates to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, code, title, category, specialty_tags,
    diagnosis_codes, owner_id, physician_review, location_id, status, field_by
) on table public.handout_templates to authenticated;
grant update (
  title, category, specialty_tags, diagnosis_codes, owner_id, physician_review, location_id,
    status, field_hlc, field_by
) on table public.handout_templates to authenticated;
grant update (
  code, status, field_hlc, field_by
) on table public.handout_templates to ganger_engine;

create trigger guard_state before insert or update of status on public.handout_templates
  for each row execute function private.guard_state();
create trigger sign_fields before insert or update on public.handout_templates
  for each row execute function private.sign_fields();
create trigger touch before update on public.handout_templates
  for each row execute function private.touch();

create policy handout_templates_read on public.handout_templates for select to authenticated using (
  (select private.reaches_all('handout_templates', 'read'))
);
create policy handout_templates_create on public.handout_templates
  for insert to authenticated with check (
  (select private.reaches_all('handout_templates', 'create'))
  or (select cardinality(private.sites('handout_templates', 'create')) > 0)
);
create policy handout_templates_create_as_oneself on public.handout_templates
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy handout_templates_update on public.handout_templates for update to authenticated using (
  (select private.reaches_all('handout_templates', 'update'))
  or (select private.reaches_all('handout_templates', 'approve'))
) with check (
  (select private.reaches_all('handout_templates', 'update'))
  or (select private.reaches_all('handout_templates', 'approve'))
);
create policy handout_templates_update_through_server on public.handout_templates
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy handout_templates_engine_read on public.handout_templates
  for select to ganger_engine using (true);
create policy handout_templates_engine_update on public.handout_templates for update to ganger_engine
  using (true) with check (true);

-- handout_template_versions -----------------------------------------------------------------------

create table public.handout_template_versions (
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
  fields_schema jsonb not null,
  rules jsonb not null,
  reading_grade integer,
  review_by date,
  evidence_note text,
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
  constraint handout_template_versions_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint handout_template_versions_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint handout_template_versions_template_id_fkey foreign key (template_id) references public.handout_templates (id) deferrable initially immediate,
  constraint handout_template_versions_version_no_check check (version_no between 0 and 2000000000),
  constraint handout_template_versions_locale_check check (locale in ('en', 'es')),
  constraint handout_template_versions_source_version_id_fkey foreign key (source_version_id) references public.handout_template_versions (id) deferrable initially immediate,
  constraint handout_template_versions_reading_grade_check check (reading_grade between 0 and 300),
  constraint handout_template_versions_evidence_note_check check (char_length(evidence_note) <= 2000),
  constraint handout_template_versions_author_id_fkey foreign key (author_id) references public.users (id) deferrable initially immediate,
  constraint handout_template_versions_approved_by_fkey foreign key (approved_by) references public.users (id) deferrable initially immediate,
  constraint handout_template_versions_content_hash_check check (char_length(content_hash) <= 64),
  constraint handout_template_versions_status_check check (status in ('draft', 'in_review',
    'approved', 'superseded', 'recalled', 'rejected')),
  constraint handout_template_versions_body_shape_check check (case jsonb_typeof(body) when 'array' then jsonb_array_length(body) between 0 and 500 else body is null end),
  constraint handout_template_versions_fields_schema_shape_check check (case jsonb_typeof(fields_schema) when 'array' then jsonb_array_length(fields_schema) between 0 and 200 else fields_schema is null end),
  constraint handout_template_versions_rules_shape_check check (case jsonb_typeof(rules) when 'array' then jsonb_array_length(rules) between 0 and 200 else rules is null end)
);

create index handout_template_versions_feed_idx on public.handout_template_versions (row_xid, id);
create index handout_template_versions_template_id_idx on public.handout_template_versions (template_id);
create index handout_template_versions_source_version_id_idx on public.handout_template_versions (source_version_id);
create index handout_template_versions_author_id_idx on public.handout_template_versions (author_id);
create index handout_template_versions_approved_by_idx on public.handout_template_versions (approved_by);

alter table public.handout_template_versions enable row level security;
alter table public.handout_template_versions force row level security;
revoke all on table public.handout_template_versions from public, anon, authenticated, service_role;
grant select on table public.handout_template_versions to authenticated;
grant select on table public.handout_template_versions to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, template_id, version_no, locale,
    source_version_id, body, fields_schema, rules, reading_grade, review_by, evidence_note,
    author_id, approved_by, content_hash, status, field_by
) on table public.handout_template_versions to authenticated;
grant update (
  body, fields_schema, rules, reading_grade, review_by, evidence_note, status, field_hlc, field_by
) on table public.handout_template_versions to authenticated;
grant update (
  version_no, approved_by, content_hash, status, field_hlc, field_by
) on table public.handout_template_versions to ganger_engine;

create trigger guard_state before insert or update of status on public.handout_template_versions
  for each row execute function private.guard_state();
create trigger guard_editable before update on public.handout_template_versions
  for each row execute function private.guard_editable(
    'status', '{draft}', '{}');
create trigger sign_fields before insert or update on public.handout_template_versions
  for each row execute function private.sign_fields();
create trigger touch before update on public.handout_template_versions
  for each row execute function private.touch();

create policy handout_template_versions_read on public.handout_template_versions for select to authenticated using (
  (select private.reaches_all('handout_template_versions', 'read'))
);
create policy handout_template_versions_create on public.handout_template_versions
  for insert to authenticated with check (
  (select private.reaches_all('handout_template_versions', 'create'))
  or status in (select l.value from private.limited_values('handout_template_versions', 'create', 'status') l where l.place = '*')
  or status in (select l.value from private.limited_values('handout_template_versions', 'create', 'status') l where l.place = 'any')
);
create policy handout_template_versions_create_as_oneself on public.handout_template_versions
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and author_id = (select auth.uid()));
create policy handout_template_versions_update on public.handout_template_versions for update to authenticated using (
  (select private.reaches_all('handout_template_versions', 'update'))
  or status in (select l.value from private.limited_values('handout_template_versions', 'update', 'status') l where l.place = '*')
  or status in (select l.value from private.limited_values('handout_template_versions', 'update', 'status') l where l.place = 'any')
  or (select private.reaches_all('handout_template_versions', 'approve'))
) with check (
  (select private.reaches_all('handout_template_versions', 'update'))
  or '~' in (select l.value from private.limited_values('handout_template_versions', 'update', 'status') l where l.place = '*')
  or '~' in (select l.value from private.limited_values('handout_template_versions', 'update', 'status') l where l.place = 'any')
  or (select private.reaches_all('handout_template_versions', 'approve'))
);
create policy handout_template_versions_update_through_server on public.handout_template_versions
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy handout_template_versions_engine_read on public.handout_template_versions
  for select to ganger_engine using (true);
create policy handout_template_versions_engine_update on public.handout_template_versions for update to ganger_engine
  using (true) with check (true);

-- handout_packs -----------------------------------------------------------------------------------

create table public.handout_packs (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  appointment_id uuid,
  title text,
  renderer_version text not null,
  font_scale integer not null,
  lines jsonb not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint handout_packs_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint handout_packs_origin_check check (origin_seq is null or device_id is not null),
  constraint handout_packs_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint handout_packs_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint handout_packs_appointment_id_fkey foreign key (appointment_id) references public.appointments (id) deferrable initially immediate,
  constraint handout_packs_title_check check (char_length(title) <= 160),
  constraint handout_packs_renderer_version_check check (char_length(btrim(renderer_version)) >= 1 and char_length(renderer_version) <= 40),
  constraint handout_packs_font_scale_check check (font_scale between 80 and 300),
  constraint handout_packs_lines_shape_check check (case jsonb_typeof(lines) when 'array' then jsonb_array_length(lines) between 1 and 20 else lines is null end)
);

create index handout_packs_feed_idx on public.handout_packs (row_xid, id);
create index handout_packs_location_id_feed_idx on public.handout_packs (location_id, row_xid, id);
create index handout_packs_patient_id_feed_idx on public.handout_packs (patient_id, row_xid, id);
create index handout_packs_appointment_id_idx on public.handout_packs (appointment_id);
create unique index handout_packs_origin_key on public.handout_packs (device_id, origin_seq)
  where origin_seq is not null;

alter table public.handout_packs enable row level security;
alter table public.handout_packs force row level security;
revoke all on table public.handout_packs from public, anon, authenticated, service_role;
grant select on table public.handout_packs to authenticated;
grant select on table public.handout_packs to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, appointment_id,
    title, renderer_version, font_scale, lines
) on table public.handout_packs to authenticated;

create trigger append_only before update or delete on public.handout_packs
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.handout_packs
  for each statement execute function private.refuse_change();
alter table public.handout_packs enable always trigger append_only;
alter table public.handout_packs enable always trigger append_only_truncate;

create policy handout_packs_read on public.handout_packs for select to authenticated using (
  (select private.reaches_all('handout_packs', 'read'))
  or location_id = any ((select private.sites('handout_packs', 'read'))::uuid[])
);
create policy handout_packs_create on public.handout_packs
  for insert to authenticated with check (
  (select private.reaches_all('handout_packs', 'create'))
  or location_id = any ((select private.sites('handout_packs', 'create'))::uuid[])
);
create policy handout_packs_create_as_oneself on public.handout_packs
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy handout_packs_engine_read on public.handout_packs
  for select to ganger_engine using (true);

-- generated_handouts ------------------------------------------------------------------------------

create table public.generated_handouts (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  pack_id uuid not null,
  patient_id uuid not null,
  appointment_id uuid,
  template_version_id uuid not null,
  locale text not null,
  inputs jsonb not null,
  rendered_pdf_file_id uuid,
  content_hash text not null,
  renderer_version text not null,
  font_scale integer not null,
  reviewed_by uuid,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint generated_handouts_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint generated_handouts_origin_check check (origin_seq is null or device_id is not null),
  constraint generated_handouts_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint generated_handouts_pack_id_fkey foreign key (pack_id) references public.handout_packs (id) deferrable initially immediate,
  constraint generated_handouts_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint generated_handouts_appointment_id_fkey foreign key (appointment_id) references public.appointments (id) deferrable initially immediate,
  constraint generated_handouts_template_version_id_fkey foreign key (template_version_id) references public.handout_template_versions (id) deferrable initially immediate,
  constraint generated_handouts_locale_check check (locale in ('en', 'es')),
  constraint generated_handouts_rendered_pdf_file_id_fkey foreign key (rendered_pdf_file_id) references public.file_uploads (id) deferrable initially immediate,
  constraint generated_handouts_content_hash_check check (char_length(btrim(content_hash)) >= 64 and char_length(content_hash) <= 64),
  constraint generated_handouts_renderer_version_check check (char_length(btrim(renderer_version)) >= 1 and char_length(renderer_version) <= 40),
  constraint generated_handouts_font_scale_check check (font_scale between 80 and 300),
  constraint generated_handouts_reviewed_by_fkey foreign key (reviewed_by) references public.users (id) deferrable initially immediate,
  constraint generated_handouts_inputs_shape_check check (jsonb_typeof(inputs) = 'object')
);

create index generated_handouts_feed_idx on public.generated_handouts (row_xid, id);
create index generated_handouts_location_id_feed_idx on public.generated_handouts (location_id, row_xid, id);
create index generated_handouts_patient_id_feed_idx on public.generated_handouts (patient_id, row_xid, id);
create index generated_handouts_pack_id_idx on public.generated_handouts (pack_id);
create index generated_handouts_appointment_id_idx on public.generated_handouts (appointment_id);
create index generated_handouts_template_version_id_idx on public.generated_handouts (template_version_id);
create index generated_handouts_rendered_pdf_file_id_idx on public.generated_handouts (rendered_pdf_file_id);
create index generated_handouts_reviewed_by_idx on public.generated_handouts (reviewed_by);
create unique index generated_handouts_origin_key on public.generated_handouts (device_id, origin_seq)
  where origin_seq is not null;

alter table public.generated_handouts enable row level security;
alter table public.generated_handouts force row level security;
revoke all on table public.generated_handouts from public, anon, authenticated, service_role;
grant select on table public.generated_handouts to authenticated;
grant select on table public.generated_handouts to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, pack_id, patient_id,
    appointment_id, template_version_id, locale, inputs, rendered_pdf_file_id, content_hash,
    renderer_version, font_scale, reviewed_by
) on table public.generated_handouts to ganger_engine;

create trigger append_only before update or delete on public.generated_handouts
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.generated_handouts
  for each statement execute function private.refuse_change();
alter table public.generated_handouts enable always trigger append_only;
alter table public.generated_handouts enable always trigger append_only_truncate;

create policy generated_handouts_read on public.generated_handouts for select to authenticated using (
  (select private.reaches_all('generated_handouts', 'read'))
  or location_id = any ((select private.sites('generated_handouts', 'read'))::uuid[])
);
create policy generated_handouts_engine_read on public.generated_handouts
  for select to ganger_engine using (true);
create policy generated_handouts_engine_create on public.generated_handouts
  for insert to ganger_engine with check (true);

-- handout_voids -----------------------------------------------------------------------------------

create table public.handout_voids (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  handout_id uuid not null,
  reason text not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint handout_voids_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint handout_voids_origin_check check (origin_seq is null or device_id is not null),
  constraint handout_voids_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint handout_voids_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint handout_voids_handout_id_fkey foreign key (handout_id) references public.generated_handouts (id) deferrable initially immediate,
  constraint handout_voids_reason_check check (char_length(btrim(reason)) >= 1 and char_length(reason) <= 300)
);

create index handout_voids_feed_idx on public.handout_voids (row_xid, id);
create index handout_voids_location_id_feed_idx on public.handout_voids (location_id, row_xid, id);
create index handout_voids_patient_id_feed_idx on public.handout_voids (patient_id, row_xid, id);
create index handout_voids_handout_id_idx on public.handout_voids (handout_id);
create unique index handout_voids_origin_key on public.handout_voids (device_id, origin_seq)
  where origin_seq is not null;

alter table public.handout_voids enable row level security;
alter table public.handout_voids force row level security;
revoke all on table public.handout_voids from public, anon, authenticated, service_role;
grant select on table public.handout_voids to authenticated;
grant select on table public.handout_voids to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, handout_id,
    reason
) on table public.handout_voids to authenticated;

create trigger append_only before update or delete on public.handout_voids
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.handout_voids
  for each statement execute function private.refuse_change();
alter table public.handout_voids enable always trigger append_only;
alter table public.handout_voids enable always trigger append_only_truncate;

create policy handout_voids_read on public.handout_voids for select to authenticated using (
  (select private.reaches_all('handout_voids', 'read'))
  or location_id = any ((select private.sites('handout_voids', 'read'))::uuid[])
);
create policy handout_voids_create on public.handout_voids
  for insert to authenticated with check (
  (select private.reaches_all('handout_voids', 'create'))
  or location_id = any ((select private.sites('handout_voids', 'create'))::uuid[])
);
create policy handout_voids_create_as_oneself on public.handout_voids
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy handout_voids_engine_read on public.handout_voids
  for select to ganger_engine using (true);

-- delivery_tracking -------------------------------------------------------------------------------

create table public.delivery_tracking (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  pack_id uuid not null,
  channel text not null,
  destination_hash text,
  destination_tail text,
  attempt_no integer not null,
  event text not null,
  provider_message_id text,
  error_code text,
  occurred_at timestamptz not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint delivery_tracking_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint delivery_tracking_origin_check check (origin_seq is null or device_id is not null),
  constraint delivery_tracking_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint delivery_tracking_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint delivery_tracking_pack_id_fkey foreign key (pack_id) references public.handout_packs (id) deferrable initially immediate,
  constraint delivery_tracking_channel_check check (channel in ('print', 'email', 'sms', 'portal',
    'qr')),
  constraint delivery_tracking_destination_hash_check check (char_length(destination_hash) <= 64),
  constraint delivery_tracking_destination_tail_check check (char_length(destination_tail) <= 12),
  constraint delivery_tracking_attempt_no_check check (attempt_no between 1 and 1000),
  constraint delivery_tracking_event_check check (event in ('queued', 'consent_checked',
    'consent_blocked', 'sent', 'delivered', 'failed', 'bounced', 'opened', 'link_expired',
    'opted_out', 'printed', 'acknowledged')),
  constraint delivery_tracking_provider_message_id_check check (char_length(provider_message_id) <= 80),
  constraint delivery_tracking_error_code_check check (char_length(error_code) <= 40)
);

create index delivery_tracking_feed_idx on public.delivery_tracking (row_xid, id);
create index delivery_tracking_location_id_feed_idx on public.delivery_tracking (location_id, row_xid, id);
create index delivery_tracking_patient_id_feed_idx on public.delivery_tracking (patient_id, row_xid, id);
create index delivery_tracking_pack_id_idx on public.delivery_tracking (pack_id);
create unique index delivery_tracking_provider_message_id_event_live_key
  on public.delivery_tracking (provider_message_id, event)
  where provider_message_id is not null;
create unique index delivery_tracking_origin_key on public.delivery_tracking (device_id, origin_seq)
  where origin_seq is not null;

alter table public.delivery_tracking enable row level security;
alter table public.delivery_tracking force row level security;
revoke all on table public.delivery_tracking from public, anon, authenticated, service_role;
grant select on table public.delivery_tracking to authenticated;
grant select on table public.delivery_tracking to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, pack_id,
    channel, destination_hash, destination_tail, attempt_no, event, provider_message_id,
    error_code, occurred_at
) on table public.delivery_tracking to authenticated;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, pack_id,
    channel, destination_hash, destination_tail, attempt_no, event, provider_message_id,
    error_code, occurred_at
) on table public.delivery_tracking to ganger_engine;

create trigger append_only before update or delete on public.delivery_tracking
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.delivery_tracking
  for each statement execute function private.refuse_change();
alter table public.delivery_tracking enable always trigger append_only;
alter table public.delivery_tracking enable always trigger append_only_truncate;

create policy delivery_tracking_read on public.delivery_tracking for select to authenticated using (
  (select private.reaches_all('delivery_tracking', 'read'))
  or location_id = any ((select private.sites('delivery_tracking', 'read'))::uuid[])
);
create policy delivery_tracking_create on public.delivery_tracking
  for insert to authenticated with check (
  (select private.reaches_all('delivery_tracking', 'create'))
  or location_id = any ((select private.sites('delivery_tracking', 'create'))::uuid[])
);
create policy delivery_tracking_create_as_oneself on public.delivery_tracking
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy delivery_tracking_engine_read on public.delivery_tracking
  for select to ganger_engine using (true);
create policy delivery_tracking_engine_create on public.delivery_tracking
  for insert to ganger_engine with check (true);

-- handout_links -----------------------------------------------------------------------------------

create table public.handout_links (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  patient_id uuid not null,
  pack_id uuid not null,
  token_hash text not null,
  expires_at timestamptz not null,
  max_opens integer not null,
  opens jsonb not null,
  revoked_at timestamptz,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint handout_links_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint handout_links_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint handout_links_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint handout_links_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint handout_links_pack_id_fkey foreign key (pack_id) references public.handout_packs (id) deferrable initially immediate,
  constraint handout_links_token_hash_check check (char_length(btrim(token_hash)) >= 32 and char_length(token_hash) <= 64),
  constraint handout_links_max_opens_check check (max_opens between 1 and 1000),
  constraint handout_links_opens_shape_check check (jsonb_typeof(opens) = 'object'),
  constraint handout_links_token_hash_key unique (token_hash)
);

create index handout_links_feed_idx on public.handout_links (row_xid, id);
create index handout_links_location_id_feed_idx on public.handout_links (location_id, row_xid, id);
create index handout_links_patient_id_feed_idx on public.handout_links (patient_id, row_xid, id);
create index handout_links_pack_id_idx on public.handout_links (pack_id);

alter table public.handout_links enable row level security;
alter table public.handout_links force row level security;
revoke all on table public.handout_links from public, anon, authenticated, service_role;
grant select (
  id, created_at, created_by, device_id, field_hlc, location_id, patient_id, pack_id, expires_at,
    max_opens, opens, revoked_at, field_by, deleted_at, row_xid, row_version, recorded_at,
    schema_version
) on table public.handout_links to authenticated;
grant select on table public.handout_links to ganger_engine;
grant update (
  opens, revoked_at, field_hlc, field_by
) on table public.handout_links to authenticated;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, patient_id, pack_id, token_hash,
    expires_at, max_opens, opens, revoked_at, field_by
) on table public.handout_links to ganger_engine;
grant update (
  token_hash, expires_at, max_opens, opens, field_hlc, field_by
) on table public.handout_links to ganger_engine;

create trigger sign_fields before insert or update on public.handout_links
  for each row execute function private.sign_fields();
create trigger touch before update on public.handout_links
  for each row execute function private.touch();

create policy handout_links_read on public.handout_links for select to authenticated using (
  (select private.reaches_all('handout_links', 'read'))
  or location_id = any ((select private.sites('handout_links', 'read'))::uuid[])
);
create policy handout_links_update on public.handout_links for update to authenticated using (
  (select private.reaches_all('handout_links', 'update'))
  or location_id = any ((select private.sites('handout_links', 'update'))::uuid[])
) with check (
  (select private.reaches_all('handout_links', 'update'))
  or location_id = any ((select private.sites('handout_links', 'update'))::uuid[])
);
create policy handout_links_update_through_server on public.handout_links
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy handout_links_engine_read on public.handout_links
  for select to ganger_engine using (true);
create policy handout_links_engine_create on public.handout_links
  for insert to ganger_engine with check (true);
create policy handout_links_engine_update on public.handout_links for update to ganger_engine
  using (true) with check (true);

-- patient_comm_preferences ------------------------------------------------------------------------

create table public.patient_comm_preferences (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  patient_id uuid not null,
  channel text not null,
  rank integer not null,
  language text not null,
  font_scale integer not null,
  to_proxy boolean not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint patient_comm_preferences_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint patient_comm_preferences_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint patient_comm_preferences_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint patient_comm_preferences_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint patient_comm_preferences_channel_check check (channel in ('print', 'email', 'sms',
    'portal')),
  constraint patient_comm_preferences_rank_check check (rank between 1 and 9),
  constraint patient_comm_preferences_language_check check (language in ('en', 'es')),
  constraint patient_comm_preferences_font_scale_check check (font_scale between 80 and 300),
  constraint patient_comm_preferences_patient_id_channel_key unique (patient_id, channel)
);

create index patient_comm_preferences_feed_idx on public.patient_comm_preferences (row_xid, id);
create index patient_comm_preferences_location_id_feed_idx on public.patient_comm_preferences (location_id, row_xid, id);
create index patient_comm_preferences_patient_id_feed_idx on public.patient_comm_preferences (patient_id, row_xid, id);

alter table public.patient_comm_preferences enable row level security;
alter table public.patient_comm_preferences force row level security;
revoke all on table public.patient_comm_preferences from public, anon, authenticated, service_role;
grant select on table public.patient_comm_preferences to authenticated;
grant select on table public.patient_comm_preferences to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, patient_id, channel, rank,
    language, font_scale, to_proxy, field_by
) on table public.patient_comm_preferences to authenticated;
grant update (
  rank, language, font_scale, to_proxy, field_hlc, field_by
) on table public.patient_comm_preferences to authenticated;

create trigger sign_fields before insert or update on public.patient_comm_preferences
  for each row execute function private.sign_fields();
create trigger touch before update on public.patient_comm_preferences
  for each row execute function private.touch();

create policy patient_comm_preferences_read on public.patient_comm_preferences for select to authenticated using (
  (select private.reaches_all('patient_comm_preferences', 'read'))
  or location_id = any ((select private.sites('patient_comm_preferences', 'read'))::uuid[])
);
create policy patient_comm_preferences_create on public.patient_comm_preferences
  for insert to authenticated with check (
  (select private.reaches_all('patient_comm_preferences', 'create'))
  or location_id = any ((select private.sites('patient_comm_preferences', 'create'))::uuid[])
);
create policy patient_comm_preferences_create_as_oneself on public.patient_comm_preferences
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy patient_comm_preferences_update on public.patient_comm_preferences for update to authenticated using (
  (select private.reaches_all('patient_comm_preferences', 'update'))
  or location_id = any ((select private.sites('patient_comm_preferences', 'update'))::uuid[])
) with check (
  (select private.reaches_all('patient_comm_preferences', 'update'))
  or location_id = any ((select private.sites('patient_comm_preferences', 'update'))::uuid[])
);
create policy patient_comm_preferences_update_through_server on public.patient_comm_preferences
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy patient_comm_preferences_engine_read on public.patient_comm_preferences
  for select to ganger_engine using (true);

-- handout_recalls ---------------------------------------------------------------------------------

create table public.handout_recalls (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  version_id uuid not null,
  reason text not null,
  severity text not null,
  action text not null,
  recalled_by uuid not null,
  recalled_at timestamptz not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint handout_recalls_version_id_fkey foreign key (version_id) references public.handout_template_versions (id) deferrable initially immediate,
  constraint handout_recalls_reason_check check (char_length(btrim(reason)) >= 1 and char_length(reason) <= 500),
  constraint handout_recalls_severity_check check (severity in ('low', 'medium', 'high')),
  constraint handout_recalls_action_check check (action in ('print_notice', 'resend', 'call')),
  constraint handout_recalls_recalled_by_fkey foreign key (recalled_by) references public.users (id) deferrable initially immediate
);

create index handout_recalls_feed_idx on public.handout_recalls (row_xid, id);
create index handout_recalls_version_id_idx on public.handout_recalls (version_id);
create index handout_recalls_recalled_by_idx on public.handout_recalls (recalled_by);

alter table public.handout_recalls enable row level security;
alter table public.handout_recalls force row level security;
revoke all on table public.handout_recalls from public, anon, authenticated, service_role;
grant select on table public.handout_recalls to authenticated;
grant select on table public.handout_recalls to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, version_id, reason, severity, action, recalled_by,
    recalled_at
) on table public.handout_recalls to ganger_engine;
grant update (
  version_id, reason, severity, action, recalled_by, recalled_at
) on table public.handout_recalls to ganger_engine;

create trigger touch before update on public.handout_recalls
  for each row execute function private.touch();

create policy handout_recalls_read on public.handout_recalls for select to authenticated using (
  (select private.reaches_all('handout_recalls', 'read'))
  or (select cardinality(private.sites('handout_recalls', 'read')) > 0)
);
create policy handout_recalls_engine_read on public.handout_recalls
  for select to ganger_engine using (true);
create policy handout_recalls_engine_create on public.handout_recalls
  for insert to ganger_engine with check (true);
create policy handout_recalls_engine_update on public.handout_recalls for update to ganger_engine
  using (true) with check (true);

-- handout_recall_targets --------------------------------------------------------------------------

create table public.handout_recall_targets (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  recall_id uuid not null,
  handout_id uuid not null,
  location_id uuid not null,
  patient_id uuid not null,
  note text,
  status text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint handout_recall_targets_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint handout_recall_targets_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint handout_recall_targets_recall_id_fkey foreign key (recall_id) references public.handout_recalls (id) deferrable initially immediate,
  constraint handout_recall_targets_handout_id_fkey foreign key (handout_id) references public.generated_handouts (id) deferrable initially immediate,
  constraint handout_recall_targets_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint handout_recall_targets_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint handout_recall_targets_note_check check (char_length(note) <= 300),
  constraint handout_recall_targets_status_check check (status in ('todo', 'done')),
  constraint handout_recall_targets_recall_id_handout_id_key unique (recall_id, handout_id)
);

create index handout_recall_targets_feed_idx on public.handout_recall_targets (row_xid, id);
create index handout_recall_targets_location_id_feed_idx on public.handout_recall_targets (location_id, row_xid, id);
create index handout_recall_targets_patient_id_feed_idx on public.handout_recall_targets (patient_id, row_xid, id);
create index handout_recall_targets_handout_id_idx on public.handout_recall_targets (handout_id);

alter table public.handout_recall_targets enable row level security;
alter table public.handout_recall_targets force row level security;
revoke all on table public.handout_recall_targets from public, anon, authenticated, service_role;
grant select on table public.handout_recall_targets to authenticated;
grant select on table public.handout_recall_targets to ganger_engine;
grant update (
  note, status, field_hlc, field_by
) on table public.handout_recall_targets to authenticated;
grant insert (
  id, created_at, created_by, device_id, field_hlc, recall_id, handout_id, location_id, patient_id,
    note, status, field_by
) on table public.handout_recall_targets to ganger_engine;
grant update (
  status, field_hlc, field_by
) on table public.handout_recall_targets to ganger_engine;

create trigger guard_state before insert or update of status on public.handout_recall_targets
  for each row execute function private.guard_state();
create trigger sign_fields before insert or update on public.handout_recall_targets
  for each row execute function private.sign_fields();
create trigger touch before update on public.handout_recall_targets
  for each row execute function private.touch();

create policy handout_recall_targets_read on public.handout_recall_targets for select to authenticated using (
  (select private.reaches_all('handout_recall_targets', 'read'))
  or location_id = any ((select private.sites('handout_recall_targets', 'read'))::uuid[])
);
create policy handout_recall_targets_update on public.handout_recall_targets for update to authenticated using (
  (select private.reaches_all('handout_recall_targets', 'update'))
  or location_id = any ((select private.sites('handout_recall_targets', 'update'))::uuid[])
  or (select private.reaches_all('handout_recall_targets', 'approve'))
) with check (
  (select private.reaches_all('handout_recall_targets', 'update'))
  or location_id = any ((select private.sites('handout_recall_targets', 'update'))::uuid[])
  or (select private.reaches_all('handout_recall_targets', 'approve'))
);
create policy handout_recall_targets_update_through_server on public.handout_recall_targets
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy handout_recall_targets_engine_read on public.handout_recall_targets
  for select to ganger_engine using (true);
create policy handout_recall_targets_engine_create on public.handout_recall_targets
  for insert to ganger_engine with check (true);
create policy handout_recall_targets_engine_update on public.handout_recall_targets for update to ganger_engine
  using (true) with check (true);

-- handout_summaries -------------------------------------------------------------------------------

create table public.handout_summaries (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid not null,
  patient_id uuid not null,
  made_at timestamptz not null,
  handouts integer not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint handout_summaries_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint handout_summaries_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint handout_summaries_handouts_check check (handouts between 1 and 20)
);

create index handout_summaries_feed_idx on public.handout_summaries (row_xid, id);
create index handout_summaries_location_id_feed_idx on public.handout_summaries (location_id, row_xid, id);
create index handout_summaries_patient_id_feed_idx on public.handout_summaries (patient_id, row_xid, id);

alter table public.handout_summaries enable row level security;
alter table public.handout_summaries force row level security;
revoke all on table public.handout_summaries from public, anon, authenticated, service_role;
grant select on table public.handout_summaries to authenticated;
grant select on table public.handout_summaries to ganger_engine;

create trigger touch before update on public.handout_summaries
  for each row execute function private.touch();

create policy handout_summaries_read on public.handout_summaries for select to authenticated using (
  (select private.reaches_all('handout_summaries', 'read'))
  or location_id = any ((select private.sites('handout_summaries', 'read'))::uuid[])
);
create policy handout_summaries_engine_read on public.handout_summaries
  for select to ganger_engine using (true);

-- rights ------------------------------------------------------------------------------------------

insert into private.scopes
  (table_name, location_column, sites_column, team_column, own_column)
values
  ('handout_templates', null, null, null, null),
  ('handout_template_versions', null, null, null, null),
  ('handout_packs', 'location_id', null, null, null),
  ('generated_handouts', 'location_id', null, null, null),
  ('handout_voids', 'location_id', null, null, null),
  ('delivery_tracking', 'location_id', null, null, null),
  ('handout_links', 'location_id', null, null, null),
  ('patient_comm_preferences', 'location_id', null, null, null),
  ('handout_recalls', null, null, null, null),
  ('handout_recall_targets', 'location_id', null, null, null),
  ('handout_summaries', 'location_id', null, null, null);

insert into private.access_matrix
  (role, table_name, operation, reach, only_field, only_values)
values
  ('FD', 'handout_templates', 'read', 'all', null, null),
  ('CS', 'handout_templates', 'read', 'all', null, null),
  ('PR', 'handout_templates', 'read', 'all', null, null),
  ('PR', 'handout_templates', 'create', 'all', null, null),
  ('PR', 'handout_templates', 'update', 'all', null, null),
  ('PR', 'handout_templates', 'approve', 'all', null, null),
  ('MG', 'handout_templates', 'read', 'all', null, null),
  ('MG', 'handout_templates', 'create', 'all', null, null),
  ('MG', 'handout_templates', 'update', 'all', null, null),
  ('LM', 'handout_templates', 'read', 'all', null, null),
  ('LM', 'handout_templates', 'create', 'sites', null, null),
  ('IT', 'handout_templates', 'metadata', 'all', null, null),
  ('SA', 'handout_templates', 'metadata', 'all', null, null),
  ('FD', 'handout_template_versions', 'read', 'all', null, null),
  ('CS', 'handout_template_versions', 'read', 'all', null, null),
  ('CS', 'handout_template_versions', 'create', 'sites', 'status', '{draft}'),
  ('CS', 'handout_template_versions', 'update', 'sites', 'status', '{draft}'),
  ('PR', 'handout_template_versions', 'read', 'all', null, null),
  ('PR', 'handout_template_versions', 'create', 'all', null, null),
  ('PR', 'handout_template_versions', 'update', 'all', null, null),
  ('PR', 'handout_template_versions', 'approve', 'all', null, null),
  ('MG', 'handout_template_versions', 'read', 'all', null, null),
  ('MG', 'handout_template_versions', 'create', 'all', 'status', '{draft}'),
  ('MG', 'handout_template_versions', 'update', 'all', 'status', '{draft}'),
  ('LM', 'handout_template_versions', 'read', 'all', null, null),
  ('LM', 'handout_template_versions', 'create', 'sites', 'status', '{draft}'),
  ('LM', 'handout_template_versions', 'update', 'sites', 'status', '{draft}'),
  ('IT', 'handout_template_versions', 'metadata', 'all', null, null),
  ('SA', 'handout_template_versions', 'metadata', 'all', null, null),
  ('CS', 'handout_packs', 'read', 'sites', null, null),
  ('CS', 'handout_packs', 'create', 'sites', null, null),
  ('PR', 'handout_packs', 'read', 'all', null, null),
  ('PR', 'handout_packs', 'create', 'all', null, null),
  ('MG', 'handout_packs', 'metadata', 'all', null, null),
  ('IT', 'handout_packs', 'metadata', 'all', null, null),
  ('CS', 'generated_handouts', 'read', 'sites', null, null),
  ('PR', 'generated_handouts', 'read', 'all', null, null),
  ('MG', 'generated_handouts', 'metadata', 'all', null, null),
  ('IT', 'generated_handouts', 'metadata', 'all', null, null),
  ('CS', 'handout_voids', 'read', 'sites', null, null),
  ('CS', 'handout_voids', 'create', 'sites', null, null),
  ('PR', 'handout_voids', 'read', 'all', null, null),
  ('PR', 'handout_voids', 'create', 'all', null, null),
  ('MG', 'handout_voids', 'metadata', 'all', null, null),
  ('FD', 'delivery_tracking', 'read', 'sites', null, null),
  ('CS', 'delivery_tracking', 'read', 'sites', null, null),
  ('CS', 'delivery_tracking', 'create', 'sites', null, null),
  ('PR', 'delivery_tracking', 'read', 'all', null, null),
  ('MG', 'delivery_tracking', 'metadata', 'all', null, null),
  ('LM', 'delivery_tracking', 'metadata', 'sites', null, null),
  ('IT', 'delivery_tracking', 'metadata', 'all', null, null),
  ('SA', 'delivery_tracking', 'metadata', 'all', null, null),
  ('FD', 'handout_links', 'read', 'sites', null, null),
  ('CS', 'handout_links', 'read', 'sites', null, null),
  ('CS', 'handout_links', 'update', 'sites', null, null),
  ('PR', 'handout_links', 'read', 'all', null, null),
  ('PR', 'handout_links', 'update', 'all', null, null),
  ('MG', 'handout_links', 'metadata', 'all', null, null),
  ('FD', 'patient_comm_preferences', 'read', 'sites', null, null),
  ('FD', 'patient_comm_preferences', 'create', 'sites', null, null),
  ('FD', 'patient_comm_preferences', 'update', 'sites', null, null),
  ('KD', 'patient_comm_preferences', 'create', 'sites', null, null),
  ('CS', 'patient_comm_preferences', 'read', 'sites', null, null),
  ('CS', 'patient_comm_preferences', 'create', 'sites', null, null),
  ('CS', 'patient_comm_preferences', 'update', 'sites', null, null),
  ('PR', 'patient_comm_preferences', 'read', 'all', null, null),
  ('PR', 'patient_comm_preferences', 'create', 'all', null, null),
  ('PR', 'patient_comm_preferences', 'update', 'all', null, null),
  ('MG', 'patient_comm_preferences', 'read', 'all', null, null),
  ('LM', 'patient_comm_preferences', 'read', 'sites', null, null),
  ('FD', 'handout_recalls', 'read', 'sites', null, null),
  ('CS', 'handout_recalls', 'read', 'sites', null, null),
  ('PR', 'handout_recalls', 'read', 'all', null, null),
  ('PR', 'handout_recalls', 'create', 'all', null, null),
  ('PR', 'handout_recalls', 'approve', 'all', null, null),
  ('MG', 'handout_recalls', 'read', 'all', null, null),
  ('MG', 'handout_recalls', 'create', 'all', null, null),
  ('LM', 'handout_recalls', 'read', 'sites', null, null),
  ('SA', 'handout_recalls', 'metadata', 'all', null, null),
  ('FD', 'handout_recall_targets', 'read', 'sites', null, null),
  ('CS', 'handout_recall_targets', 'read', 'sites', null, null),
  ('CS', 'handout_recall_targets', 'update', 'sites', null, null),
  ('PR', 'handout_recall_targets', 'read', 'all', null, null),
  ('PR', 'handout_recall_targets', 'update', 'all', null, null),
  ('PR', 'handout_recall_targets', 'approve', 'all', null, null),
  ('MG', 'handout_recall_targets', 'read', 'all', null, null),
  ('MG', 'handout_recall_targets', 'update', 'all', null, null),
  ('LM', 'handout_recall_targets', 'read', 'sites', null, null),
  ('LM', 'handout_recall_targets', 'update', 'sites', null, null),
  ('SA', 'handout_recall_targets', 'metadata', 'all', null, null),
  ('FD', 'handout_summaries', 'read', 'sites', null, null);

insert into private.machines (table_name, field, initial_state, author, open_fields) values
  ('handout_templates', 'status', 'active', null, '{}'),
  ('handout_template_versions', 'status', 'draft', 'author_id', '{}'),
  ('handout_recall_targets', 'status', 'todo', null, '{}');

insert into private.allowed_transitions (table_name, from_state, to_state, needs, guard) values
  ('handout_templates', 'active', 'retired', 'approve', 'none'),
  ('handout_templates', 'retired', 'active', 'approve', 'none'),
  ('handout_template_versions', 'draft', 'in_review', 'update', 'none'),
  ('handout_template_versions', 'in_review', 'draft', 'update', 'none'),
  ('handout_template_versions', 'rejected', 'draft', 'update', 'none'),
  ('handout_template_versions', 'in_review', 'approved', 'approve', 'not-author'),
  ('handout_template_versions', 'in_review', 'rejected', 'approve', 'none'),
  ('handout_template_versions', 'approved', 'superseded', 'server', 'none'),
  ('handout_template_versions', 'approved', 'recalled', 'server', 'none'),
  ('handout_recall_targets', 'todo', 'done', 'update', 'none'),
  ('handout_recall_targets', 'done', 'todo', 'update', 'none');
