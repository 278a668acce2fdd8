-- Medication authorization: requests, evidence, submissions, answers.

-- authorization_requests --------------------------------------------------------------------------

create table public.authorization_requests (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  request_no text,
  patient_id uuid not null,
  coverage_id uuid,
  coverage_snapshot jsonb,
  medication_id uuid not null,
  prescriber_id uuid not null,
  parent_id uuid,
  benefit_type text not null,
  regime text not null,
  kind text not null,
  urgency text not null,
  urgency_attested_by uuid,
  dx_codes jsonb not null,
  dose text,
  quantity text,
  days_supply integer,
  duration_months integer,
  necessity text,
  assigned_to uuid,
  next_action text,
  next_action_at timestamptz,
  status text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint authorization_requests_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint authorization_requests_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint authorization_requests_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint authorization_requests_request_no_check check (char_length(request_no) <= 20),
  constraint authorization_requests_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint authorization_requests_coverage_id_fkey foreign key (coverage_id) references public.coverages (id) deferrable initially immediate,
  constraint authorization_requests_medication_id_fkey foreign key (medication_id) references public.medications (id) deferrable initially immediate,
  constraint authorization_requests_prescriber_id_fkey foreign key (prescriber_id) references public.users (id) deferrable initially immediate,
  constraint authorization_requests_parent_id_fkey foreign key (parent_id) references public.authorization_requests (id) deferrable initially immediate,
  constraint authorization_requests_benefit_type_check check (benefit_type in ('pharmacy',
    'medical')),
  constraint authorization_requests_regime_check check (regime in ('mi_commercial', 'medicare',
    'medicaid', 'erisa', 'other')),
  constraint authorization_requests_kind_check check (kind in ('initial', 'renewal', 'appeal_of')),
  constraint authorization_requests_urgency_check check (urgency in ('standard', 'expedited')),
  constraint authorization_requests_urgency_attested_by_fkey foreign key (urgency_attested_by) references public.users (id) deferrable initially immediate,
  constraint authorization_requests_dose_check check (char_length(dose) <= 120),
  constraint authorization_requests_quantity_check check (char_length(quantity) <= 60),
  constraint authorization_requests_days_supply_check check (days_supply between 0 and 1000),
  constraint authorization_requests_duration_months_check check (duration_months between 0 and 120),
  constraint authorization_requests_necessity_check check (char_length(necessity) <= 20000),
  constraint authorization_requests_assigned_to_fkey foreign key (assigned_to) references public.users (id) deferrable initially immediate,
  constraint authorization_requests_next_action_check check (char_length(next_action) <= 200),
  constraint authorization_requests_status_check check (status in ('draft', 'gathering',
    'ready_for_review', 'signed', 'submitted', 'pended', 'more_info', 'approved',
    'partially_approved', 'denied', 'deemed_granted', 'withdrawn', 'expired',
    'duplicate_submission')),
  constraint authorization_requests_coverage_snapshot_shape_check check (jsonb_typeof(coverage_snapshot) = 'object'),
  constraint authorization_requests_dx_codes_shape_check check (case jsonb_typeof(dx_codes) when 'array' then jsonb_array_length(dx_codes) between 0 and 20 else dx_codes is null end)
);

create index authorization_requests_feed_idx on public.authorization_requests (row_xid, id);
create index authorization_requests_location_id_feed_idx on public.authorization_requests (location_id, row_xid, id);
create index authorization_requests_prescriber_id_feed_idx on public.authorization_requests (prescriber_id, row_xid, id);
create index authorization_requests_patient_id_feed_idx on public.authorization_requests (patient_id, row_xid, id);
create index authorization_requests_location_id_status_idx on public.authorization_requests (location_id, status);
create index authorization_requests_coverage_id_idx on public.authorization_requests (coverage_id);
create index authorization_requests_medication_id_idx on public.authorization_requests (medication_id);
create index authorization_requests_parent_id_idx on public.authorization_requests (parent_id);
create index authorization_requests_urgency_attested_by_idx on public.authorization_requests (urgency_attested_by);
create index authorization_requests_assigned_to_idx on public.authorization_requests (assigned_to);
create unique index authorization_requests_request_no_live_key
  on public.authorization_requests (request_no)
  where request_no is not null;

alter table public.authorization_requests enable row level security;
alter table public.authorization_requests force row level security;
revoke all on table public.authorization_requests from public, anon, authenticated, service_role;
grant select on table public.authorization_requests to authenticated;
grant select on table public.authorization_requests to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, request_no, patient_id,
    coverage_id, coverage_snapshot, medication_id, prescriber_id, parent_id, benefit_type, regime,
    kind, urgency, urgency_attested_by, dx_codes, dose, quantity, days_supply, duration_months,
    necessity, assigned_to, next_action, next_action_at, status, field_by
) on table public.authorization_requests to authenticated;
grant update (
  coverage_id, medication_id, benefit_type, regime, urgency, urgency_attested_by, dx_codes, dose,
    quantity, days_supply, duration_months, necessity, assigned_to, next_action, next_action_at,
    status, field_hlc, field_by
) on table public.authorization_requests to authenticated;
grant update (
  request_no, coverage_snapshot, status, field_hlc, field_by
) on table public.authorization_requests to ganger_engine;

create trigger guard_state before insert or update of status on public.authorization_requests
  for each row execute function private.guard_state();
create trigger guard_editable before update on public.authorization_requests
  for each row execute function private.guard_editable(
    'status', '{draft,gathering,ready_for_review}', '{assigned_to,next_action_at,next_action}');
create trigger sign_fields before insert or update on public.authorization_requests
  for each row execute function private.sign_fields();
create trigger touch before update on public.authorization_requests
  for each row execute function private.touch();

create policy authorization_requests_read on public.authorization_requests for select to authenticated using (
  (select private.reaches_all('authorization_requests', 'read'))
  or location_id = any ((select private.sites('authorization_requests', 'read'))::uuid[])
  or (prescriber_id = (select auth.uid()) and (select private.reaches_own('authorization_requests', 'read')))
);
create policy authorization_requests_create on public.authorization_requests
  for insert to authenticated with check (
  (select private.reaches_all('authorization_requests', 'create'))
  or location_id = any ((select private.sites('authorization_requests', 'create'))::uuid[])
  or (prescriber_id = (select auth.uid()) and (select private.reaches_own('authorization_requests', 'create')))
);
create policy authorization_requests_create_as_oneself on public.authorization_requests
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy authorization_requests_update on public.authorization_requests for update to authenticated using (
  (select private.reaches_all('authorization_requests', 'update'))
  or (prescriber_id = (select auth.uid()) and (select private.reaches_own('authorization_requests', 'update')))
  or status in (select l.value from private.limited_values('authorization_requests', 'update', 'status') l where l.place = '*')
  or (status, location_id::text) in (select l.value, l.place from private.limited_values('authorization_requests', 'update', 'status') l)
  or (select private.reaches_all('authorization_requests', 'approve'))
  or (prescriber_id = (select auth.uid()) and (select private.reaches_own('authorization_requests', 'approve')))
) with check (
  (select private.reaches_all('authorization_requests', 'update'))
  or (prescriber_id = (select auth.uid()) and (select private.reaches_own('authorization_requests', 'update')))
  or '~' in (select l.value from private.limited_values('authorization_requests', 'update', 'status') l where l.place = '*')
  or ('~', location_id::text) in (select l.value, l.place from private.limited_values('authorization_requests', 'update', 'status') l)
  or (select private.reaches_all('authorization_requests', 'approve'))
  or (prescriber_id = (select auth.uid()) and (select private.reaches_own('authorization_requests', 'approve')))
);
create policy authorization_requests_update_through_server on public.authorization_requests
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy authorization_requests_engine_read on public.authorization_requests
  for select to ganger_engine using (true);
create policy authorization_requests_engine_update on public.authorization_requests for update to ganger_engine
  using (true) with check (true);

-- authorization_evidence --------------------------------------------------------------------------

create table public.authorization_evidence (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  request_id uuid not null,
  type text not null,
  file_id uuid,
  body text,
  source_ref text,
  effective_on date,
  provenance text not null,
  replaces_id uuid,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint authorization_evidence_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint authorization_evidence_origin_check check (origin_seq is null or device_id is not null),
  constraint authorization_evidence_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint authorization_evidence_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint authorization_evidence_request_id_fkey foreign key (request_id) references public.authorization_requests (id) deferrable initially immediate,
  constraint authorization_evidence_type_check check (type in ('chart', 'lab', 'photo', 'score',
    'literature', 'guideline', 'letter')),
  constraint authorization_evidence_file_id_fkey foreign key (file_id) references public.file_uploads (id) deferrable initially immediate,
  constraint authorization_evidence_body_check check (char_length(body) <= 20000),
  constraint authorization_evidence_source_ref_check check (char_length(source_ref) <= 200),
  constraint authorization_evidence_provenance_check check (provenance in ('human', 'ai',
    'import')),
  constraint authorization_evidence_replaces_id_fkey foreign key (replaces_id) references public.authorization_evidence (id) deferrable initially immediate
);

create index authorization_evidence_feed_idx on public.authorization_evidence (row_xid, id);
create index authorization_evidence_location_id_feed_idx on public.authorization_evidence (location_id, row_xid, id);
create index authorization_evidence_patient_id_feed_idx on public.authorization_evidence (patient_id, row_xid, id);
create index authorization_evidence_request_id_idx on public.authorization_evidence (request_id);
create index authorization_evidence_file_id_idx on public.authorization_evidence (file_id);
create index authorization_evidence_replaces_id_idx on public.authorization_evidence (replaces_id);
create unique index authorization_evidence_origin_key on public.authorization_evidence (device_id, origin_seq)
  where origin_seq is not null;

alter table public.authorization_evidence enable row level security;
alter table public.authorization_evidence force row level security;
revoke all on table public.authorization_evidence from public, anon, authenticated, service_role;
grant select on table public.authorization_evidence to authenticated;
grant select on table public.authorization_evidence to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, request_id,
    type, file_id, body, source_ref, effective_on, provenance, replaces_id
) on table public.authorization_evidence to authenticated;

create trigger append_only before update or delete on public.authorization_evidence
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.authorization_evidence
  for each statement execute function private.refuse_change();
alter table public.authorization_evidence enable always trigger append_only;
alter table public.authorization_evidence enable always trigger append_only_truncate;

create policy authorization_evidence_read on public.authorization_evidence for select to authenticated using (
  (select private.reaches_all('authorization_evidence', 'read'))
  or location_id = any ((select private.sites('authorization_evidence', 'read'))::uuid[])
);
create policy authorization_evidence_create on public.authorization_evidence
  for insert to authenticated with check (
  (select private.reaches_all('authorization_evidence', 'create'))
  or location_id = any ((select private.sites('authorization_evidence', 'create'))::uuid[])
);
create policy authorization_evidence_create_as_oneself on public.authorization_evidence
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy authorization_evidence_engine_read on public.authorization_evidence
  for select to ganger_engine using (true);

-- evidence_reviews --------------------------------------------------------------------------------

create table public.evidence_reviews (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  evidence_id uuid not null,
  reviewer_id uuid not null,
  verdict text not null,
  reason text,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint evidence_reviews_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint evidence_reviews_origin_check check (origin_seq is null or device_id is not null),
  constraint evidence_reviews_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint evidence_reviews_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint evidence_reviews_evidence_id_fkey foreign key (evidence_id) references public.authorization_evidence (id) deferrable initially immediate,
  constraint evidence_reviews_reviewer_id_fkey foreign key (reviewer_id) references public.users (id) deferrable initially immediate,
  constraint evidence_reviews_verdict_check check (verdict in ('accepted', 'edited', 'rejected')),
  constraint evidence_reviews_reason_check check (char_length(reason) <= 500)
);

create index evidence_reviews_feed_idx on public.evidence_reviews (row_xid, id);
create index evidence_reviews_location_id_feed_idx on public.evidence_reviews (location_id, row_xid, id);
create index evidence_reviews_patient_id_feed_idx on public.evidence_reviews (patient_id, row_xid, id);
create index evidence_reviews_evidence_id_idx on public.evidence_reviews (evidence_id);
create index evidence_reviews_reviewer_id_idx on public.evidence_reviews (reviewer_id);
create unique index evidence_reviews_origin_key on public.evidence_reviews (device_id, origin_seq)
  where origin_seq is not null;

alter table public.evidence_reviews enable row level security;
alter table public.evidence_reviews force row level security;
revoke all on table public.evidence_reviews from public, anon, authenticated, service_role;
grant select on table public.evidence_reviews to authenticated;
grant select on table public.evidence_reviews to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, evidence_id,
    reviewer_id, verdict, reason
) on table public.evidence_reviews to authenticated;

create trigger append_only before update or delete on public.evidence_reviews
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.evidence_reviews
  for each statement execute function private.refuse_change();
alter table public.evidence_reviews enable always trigger append_only;
alter table public.evidence_reviews enable always trigger append_only_truncate;

create policy evidence_reviews_read on public.evidence_reviews for select to authenticated using (
  (select private.reaches_all('evidence_reviews', 'read'))
  or location_id = any ((select private.sites('evidence_reviews', 'read'))::uuid[])
);
create policy evidence_reviews_create on public.evidence_reviews
  for insert to authenticated with check (
  (select private.reaches_all('evidence_reviews', 'create'))
  or location_id = any ((select private.sites('evidence_reviews', 'create'))::uuid[])
);
create policy evidence_reviews_create_as_oneself on public.evidence_reviews
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and reviewer_id = (select auth.uid()));
create policy evidence_reviews_engine_read on public.evidence_reviews
  for select to ganger_engine using (true);

-- therapy_trials ----------------------------------------------------------------------------------

create table public.therapy_trials (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  patient_id uuid not null,
  request_id uuid,
  drug text not null,
  drug_class text,
  strength text,
  started_on date,
  ended_on date,
  outcome text not null,
  reason text,
  entered_in_error boolean not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint therapy_trials_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint therapy_trials_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint therapy_trials_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint therapy_trials_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint therapy_trials_request_id_fkey foreign key (request_id) references public.authorization_requests (id) deferrable initially immediate,
  constraint therapy_trials_drug_check check (char_length(btrim(drug)) >= 1 and char_length(drug) <= 160),
  constraint therapy_trials_drug_class_check check (char_length(drug_class) <= 80),
  constraint therapy_trials_strength_check check (char_length(strength) <= 60),
  constraint therapy_trials_outcome_check check (outcome in ('effective', 'partial', 'failed',
    'intolerant', 'contraindicated')),
  constraint therapy_trials_reason_check check (char_length(reason) <= 500)
);

create index therapy_trials_feed_idx on public.therapy_trials (row_xid, id);
create index therapy_trials_location_id_feed_idx on public.therapy_trials (location_id, row_xid, id);
create index therapy_trials_patient_id_feed_idx on public.therapy_trials (patient_id, row_xid, id);
create index therapy_trials_request_id_idx on public.therapy_trials (request_id);

alter table public.therapy_trials enable row level security;
alter table public.therapy_trials force row level security;
revoke all on table public.therapy_trials from public, anon, authenticated, service_role;
grant select on table public.therapy_trials to authenticated;
grant select on table public.therapy_trials to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, patient_id, request_id, drug,
    drug_class, strength, started_on, ended_on, outcome, reason, entered_in_error, field_by
) on table public.therapy_trials to authenticated;
grant update (
  drug, drug_class, strength, started_on, ended_on, outcome, reason, entered_in_error, field_hlc,
    field_by
) on table public.therapy_trials to authenticated;

create trigger sign_fields before insert or update on public.therapy_trials
  for each row execute function private.sign_fields();
create trigger touch before update on public.therapy_trials
  for each row execute function private.touch();

create policy therapy_trials_read on public.therapy_trials for select to authenticated using (
  (select private.reaches_all('therapy_trials', 'read'))
  or location_id = any ((select private.sites('therapy_trials', 'read'))::uuid[])
);
create policy therapy_trials_create on public.therapy_trials
  for insert to authenticated with check (
  (select private.reaches_all('therapy_trials', 'create'))
  or location_id = any ((select private.sites('therapy_trials', 'create'))::uuid[])
);
create policy therapy_trials_create_as_oneself on public.therapy_trials
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy therapy_trials_update on public.therapy_trials for update to authenticated using (
  (select private.reaches_all('therapy_trials', 'update'))
  or location_id = any ((select private.sites('therapy_trials', 'update'))::uuid[])
) with check (
  (select private.reaches_all('therapy_trials', 'update'))
  or location_id = any ((select private.sites('therapy_trials', 'update'))::uuid[])
);
create policy therapy_trials_update_through_server on public.therapy_trials
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy therapy_trials_engine_read on public.therapy_trials
  for select to ganger_engine using (true);

-- severity_scores ---------------------------------------------------------------------------------

create table public.severity_scores (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  request_id uuid,
  instrument text not null,
  score_tenths integer not null,
  scored_on date not null,
  photo_file_id uuid,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint severity_scores_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint severity_scores_origin_check check (origin_seq is null or device_id is not null),
  constraint severity_scores_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint severity_scores_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint severity_scores_request_id_fkey foreign key (request_id) references public.authorization_requests (id) deferrable initially immediate,
  constraint severity_scores_instrument_check check (instrument in ('BSA', 'IGA', 'EASI', 'PASI',
    'DLQI', 'Hurley')),
  constraint severity_scores_score_tenths_check check (score_tenths between 0 and 10000),
  constraint severity_scores_photo_file_id_fkey foreign key (photo_file_id) references public.file_uploads (id) deferrable initially immediate
);

create index severity_scores_feed_idx on public.severity_scores (row_xid, id);
create index severity_scores_location_id_feed_idx on public.severity_scores (location_id, row_xid, id);
create index severity_scores_patient_id_feed_idx on public.severity_scores (patient_id, row_xid, id);
create index severity_scores_request_id_idx on public.severity_scores (request_id);
create index severity_scores_photo_file_id_idx on public.severity_scores (photo_file_id);
create unique index severity_scores_origin_key on public.severity_scores (device_id, origin_seq)
  where origin_seq is not null;

alter table public.severity_scores enable row level security;
alter table public.severity_scores force row level security;
revoke all on table public.severity_scores from public, anon, authenticated, service_role;
grant select on table public.severity_scores to authenticated;
grant select on table public.severity_scores to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, request_id,
    instrument, score_tenths, scored_on, photo_file_id
) on table public.severity_scores to authenticated;

create trigger append_only before update or delete on public.severity_scores
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.severity_scores
  for each statement execute function private.refuse_change();
alter table public.severity_scores enable always trigger append_only;
alter table public.severity_scores enable always trigger append_only_truncate;

create policy severity_scores_read on public.severity_scores for select to authenticated using (
  (select private.reaches_all('severity_scores', 'read'))
  or location_id = any ((select private.sites('severity_scores', 'read'))::uuid[])
);
create policy severity_scores_create on public.severity_scores
  for insert to authenticated with check (
  (select private.reaches_all('severity_scores', 'create'))
  or location_id = any ((select private.sites('severity_scores', 'create'))::uuid[])
);
create policy severity_scores_create_as_oneself on public.severity_scores
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy severity_scores_engine_read on public.severity_scores
  for select to ganger_engine using (true);

-- payer_rules -------------------------------------------------------------------------------------

create table public.payer_rules (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  payer text not null,
  plan text,
  medication_id uuid not null,
  regime text not null,
  active boolean not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint payer_rules_payer_check check (char_length(btrim(payer)) >= 1 and char_length(payer) <= 120),
  constraint payer_rules_plan_check check (char_length(plan) <= 120),
  constraint payer_rules_medication_id_fkey foreign key (medication_id) references public.medications (id) deferrable initially immediate,
  constraint payer_rules_regime_check check (regime in ('mi_commercial', 'medicare', 'medicaid',
    'erisa', 'other'))
);

create index payer_rules_feed_idx on public.payer_rules (row_xid, id);
create index payer_rules_medication_id_idx on public.payer_rules (medication_id);

alter table public.payer_rules enable row level security;
alter table public.payer_rules force row level security;
revoke all on table public.payer_rules from public, anon, authenticated, service_role;
grant select on table public.payer_rules to authenticated;
grant select on table public.payer_rules to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, payer, plan, medication_id, regime, active
) on table public.payer_rules to ganger_engine;
grant update (
  payer, plan, medication_id, regime, active
) on table public.payer_rules to ganger_engine;

create trigger touch before update on public.payer_rules
  for each row execute function private.touch();

create policy payer_rules_read on public.payer_rules for select to authenticated using (
  (select private.reaches_all('payer_rules', 'read'))
  or (select cardinality(private.sites('payer_rules', 'read')) > 0)
);
create policy payer_rules_engine_read on public.payer_rules
  for select to ganger_engine using (true);
create policy payer_rules_engine_create on public.payer_rules
  for insert to ganger_engine with check (true);
create policy payer_rules_engine_update on public.payer_rules for update to ganger_engine
  using (true) with check (true);

-- payer_rule_versions -----------------------------------------------------------------------------

create table public.payer_rule_versions (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  rule_id uuid not null,
  version_no integer not null,
  criteria jsonb not null,
  source_url text,
  effective_from date not null,
  effective_to date,
  verified_by uuid,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint payer_rule_versions_rule_id_fkey foreign key (rule_id) references public.payer_rules (id) deferrable initially immediate,
  constraint payer_rule_versions_version_no_check check (version_no between 1 and 2000000000),
  constraint payer_rule_versions_source_url_check check (char_length(source_url) <= 300),
  constraint payer_rule_versions_verified_by_fkey foreign key (verified_by) references public.users (id) deferrable initially immediate,
  constraint payer_rule_versions_criteria_shape_check check (case jsonb_typeof(criteria) when 'array' then jsonb_array_length(criteria) between 0 and 100 else criteria is null end),
  constraint payer_rule_versions_rule_id_version_no_key unique (rule_id, version_no)
);

create index payer_rule_versions_feed_idx on public.payer_rule_versions (row_xid, id);
create index payer_rule_versions_verified_by_idx on public.payer_rule_versions (verified_by);

alter table public.payer_rule_versions enable row level security;
alter table public.payer_rule_versions force row level security;
revoke all on table public.payer_rule_versions from public, anon, authenticated, service_role;
grant select on table public.payer_rule_versions to authenticated;
grant select on table public.payer_rule_versions to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, rule_id, version_no, criteria, source_url, effective_from,
    effective_to, verified_by
) on table public.payer_rule_versions to ganger_engine;
grant update (
  rule_id, version_no, criteria, source_url, effective_from, effective_to, verified_by
) on table public.payer_rule_versions to ganger_engine;

create trigger touch before update on public.payer_rule_versions
  for each row execute function private.touch();

create policy payer_rule_versions_read on public.payer_rule_versions for select to authenticated using (
  (select private.reaches_all('payer_rule_versions', 'read'))
  or (select cardinality(private.sites('payer_rule_versions', 'read')) > 0)
);
create policy payer_rule_versions_engine_read on public.payer_rule_versions
  for select to ganger_engine using (true);
create policy payer_rule_versions_engine_create on public.payer_rule_versions
  for insert to ganger_engine with check (true);
create policy payer_rule_versions_engine_update on public.payer_rule_versions for update to ganger_engine
  using (true) with check (true);

-- regime_rules ------------------------------------------------------------------------------------

create table public.regime_rules (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  regime text not null,
  benefit_type text not null,
  urgency text not null,
  limit_hours integer not null,
  counts text not null,
  starts_at text not null,
  restarts_on_more_info boolean not null,
  deemed_granted boolean not null,
  source text not null,
  effective_from date not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint regime_rules_regime_check check (regime in ('mi_commercial', 'medicare', 'medicaid',
    'erisa', 'other')),
  constraint regime_rules_benefit_type_check check (benefit_type in ('pharmacy', 'medical')),
  constraint regime_rules_urgency_check check (urgency in ('standard', 'expedited')),
  constraint regime_rules_limit_hours_check check (limit_hours between 1 and 10000),
  constraint regime_rules_counts_check check (counts in ('hours', 'calendar_days')),
  constraint regime_rules_starts_at_check check (starts_at in ('submission', 'receipt')),
  constraint regime_rules_source_check check (char_length(btrim(source)) >= 1 and char_length(source) <= 300),
  constraint regime_rules_regime_benefit_type_urgency_effective_from_key unique (regime,
    benefit_type, urgency, effective_from)
);

create index regime_rules_feed_idx on public.regime_rules (row_xid, id);

alter table public.regime_rules enable row level security;
alter table public.regime_rules force row level security;
revoke all on table public.regime_rules from public, anon, authenticated, service_role;
grant select on table public.regime_rules to authenticated;
grant select on table public.regime_rules to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, regime, benefit_type, urgency, limit_hours, counts,
    starts_at, restarts_on_more_info, deemed_granted, source, effective_from
) on table public.regime_rules to ganger_engine;
grant update (
  regime, benefit_type, urgency, limit_hours, counts, starts_at, restarts_on_more_info,
    deemed_granted, source, effective_from
) on table public.regime_rules to ganger_engine;

create trigger touch before update on public.regime_rules
  for each row execute function private.touch();

create policy regime_rules_read on public.regime_rules for select to authenticated using (
  (select private.reaches_all('regime_rules', 'read'))
  or (select cardinality(private.sites('regime_rules', 'read')) > 0)
);
create policy regime_rules_engine_read on public.regime_rules
  for select to ganger_engine using (true);
create policy regime_rules_engine_create on public.regime_rules
  for insert to ganger_engine with check (true);
create policy regime_rules_engine_update on public.regime_rules for update to ganger_engine
  using (true) with check (true);

-- criteria_checks ---------------------------------------------------------------------------------

create table public.criteria_checks (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  request_id uuid not null,
  rule_version_id uuid not null,
  results jsonb not null,
  engine_version text not null,
  content_hash text not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint criteria_checks_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint criteria_checks_origin_check check (origin_seq is null or device_id is not null),
  constraint criteria_checks_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint criteria_checks_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint criteria_checks_request_id_fkey foreign key (request_id) references public.authorization_requests (id) deferrable initially immediate,
  constraint criteria_checks_rule_version_id_fkey foreign key (rule_version_id) references public.payer_rule_versions (id) deferrable initially immediate,
  constraint criteria_checks_engine_version_check check (char_length(btrim(engine_version)) >= 1 and char_length(engine_version) <= 40),
  constraint criteria_checks_content_hash_check check (char_length(btrim(content_hash)) >= 64 and char_length(content_hash) <= 64),
  constraint criteria_checks_results_shape_check check (case jsonb_typeof(results) when 'array' then jsonb_array_length(results) between 0 and 100 else results is null end)
);

create index criteria_checks_feed_idx on public.criteria_checks (row_xid, id);
create index criteria_checks_location_id_feed_idx on public.criteria_checks (location_id, row_xid, id);
create index criteria_checks_patient_id_feed_idx on public.criteria_checks (patient_id, row_xid, id);
create index criteria_checks_request_id_idx on public.criteria_checks (request_id);
create index criteria_checks_rule_version_id_idx on public.criteria_checks (rule_version_id);
create unique index criteria_checks_origin_key on public.criteria_checks (device_id, origin_seq)
  where origin_seq is not null;

alter table public.criteria_checks enable row level security;
alter table public.criteria_checks force row level security;
revoke all on table public.criteria_checks from public, anon, authenticated, service_role;
grant select on table public.criteria_checks to authenticated;
grant select on table public.criteria_checks to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, request_id,
    rule_version_id, results, engine_version, content_hash
) on table public.criteria_checks to authenticated;

create trigger append_only before update or delete on public.criteria_checks
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.criteria_checks
  for each statement execute function private.refuse_change();
alter table public.criteria_checks enable always trigger append_only;
alter table public.criteria_checks enable always trigger append_only_truncate;

create policy criteria_checks_read on public.criteria_checks for select to authenticated using (
  (select private.reaches_all('criteria_checks', 'read'))
  or location_id = any ((select private.sites('criteria_checks', 'read'))::uuid[])
);
create policy criteria_checks_create on public.criteria_checks
  for insert to authenticated with check (
  (select private.reaches_all('criteria_checks', 'create'))
  or location_id = any ((select private.sites('criteria_checks', 'create'))::uuid[])
);
create policy criteria_checks_create_as_oneself on public.criteria_checks
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy criteria_checks_engine_read on public.criteria_checks
  for select to ganger_engine using (true);

-- ai_analysis_results -----------------------------------------------------------------------------

create table public.ai_analysis_results (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid not null,
  patient_id uuid not null,
  request_id uuid not null,
  purpose text not null,
  provider text not null,
  model text not null,
  model_version text,
  prompt_template_version text not null,
  input_hash text not null,
  input_fields jsonb not null,
  redactions integer not null,
  output text,
  output_hash text,
  confidence_bp integer,
  recommendation text,
  citations jsonb not null,
  warnings jsonb not null,
  latency_ms integer not null,
  cost_cents bigint,
  run_state text not null,
  supersedes_id uuid,
  started_at timestamptz not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint ai_analysis_results_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint ai_analysis_results_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint ai_analysis_results_request_id_fkey foreign key (request_id) references public.authorization_requests (id) deferrable initially immediate,
  constraint ai_analysis_results_purpose_check check (purpose in ('draft_letter', 'gap_check',
    'extract', 'predict')),
  constraint ai_analysis_results_provider_check check (char_length(btrim(provider)) >= 1 and char_length(provider) <= 60),
  constraint ai_analysis_results_model_check check (char_length(btrim(model)) >= 1 and char_length(model) <= 80),
  constraint ai_analysis_results_model_version_check check (char_length(model_version) <= 60),
  constraint ai_analysis_results_prompt_template_version_check check (char_length(btrim(prompt_template_version)) >= 1 and char_length(prompt_template_version) <= 40),
  constraint ai_analysis_results_input_hash_check check (char_length(btrim(input_hash)) >= 64 and char_length(input_hash) <= 64),
  constraint ai_analysis_results_redactions_check check (redactions between 0 and 2000000000),
  constraint ai_analysis_results_output_check check (char_length(output) <= 60000),
  constraint ai_analysis_results_output_hash_check check (char_length(output_hash) <= 64),
  constraint ai_analysis_results_confidence_bp_check check (confidence_bp between 0 and 10000),
  constraint ai_analysis_results_recommendation_check check (recommendation in ('gather_more',
    'ready', 'consider_alternative', 'escalate')),
  constraint ai_analysis_results_latency_ms_check check (latency_ms between 0 and 2000000000),
  constraint ai_analysis_results_cost_cents_check check (cost_cents between 0 and 100000000000),
  constraint ai_analysis_results_run_state_check check (run_state in ('ok', 'failed', 'blocked')),
  constraint ai_analysis_results_supersedes_id_fkey foreign key (supersedes_id) references public.ai_analysis_results (id) deferrable initially immediate,
  constraint ai_analysis_results_input_fields_shape_check check (case jsonb_typeof(input_fields) when 'array' then jsonb_array_length(input_fields) between 0 and 200 else input_fields is null end),
  constraint ai_analysis_results_citations_shape_check check (case jsonb_typeof(citations) when 'array' then jsonb_array_length(citations) between 0 and 100 else citations is null end),
  constraint ai_analysis_results_warnings_shape_check check (case jsonb_typeof(warnings) when 'array' then jsonb_array_length(warnings) between 0 and 50 else warnings is null end)
);

create index ai_analysis_results_feed_idx on public.ai_analysis_results (row_xid, id);
create index ai_analysis_results_location_id_feed_idx on public.ai_analysis_results (location_id, row_xid, id);
create index ai_analysis_results_patient_id_feed_idx on public.ai_analysis_results (patient_id, row_xid, id);
create index ai_analysis_results_request_id_idx on public.ai_analysis_results (request_id);
create index ai_analysis_results_supersedes_id_idx on public.ai_analysis_results (supersedes_id);

alter table public.ai_analysis_results enable row level security;
alter table public.ai_analysis_results force row level security;
revoke all on table public.ai_analysis_results from public, anon, authenticated, service_role;
grant select on table public.ai_analysis_results to authenticated;
grant select on table public.ai_analysis_results to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, location_id, patient_id, request_id, purpose, provider,
    model, model_version, prompt_template_version, input_hash, input_fields, redactions, output,
    output_hash, confidence_bp, recommendation, citations, warnings, latency_ms, cost_cents,
    run_state, supersedes_id, started_at
) on table public.ai_analysis_results to ganger_engine;

create trigger append_only before update or delete on public.ai_analysis_results
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.ai_analysis_results
  for each statement execute function private.refuse_change();
alter table public.ai_analysis_results enable always trigger append_only;
alter table public.ai_analysis_results enable always trigger append_only_truncate;

create policy ai_analysis_results_read on public.ai_analysis_results for select to authenticated using (
  (select private.reaches_all('ai_analysis_results', 'read'))
  or location_id = any ((select private.sites('ai_analysis_results', 'read'))::uuid[])
);
create policy ai_analysis_results_engine_read on public.ai_analysis_results
  for select to ganger_engine using (true);
create policy ai_analysis_results_engine_create on public.ai_analysis_results
  for insert to ganger_engine with check (true);

-- ai_reviews --------------------------------------------------------------------------------------

create table public.ai_reviews (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  request_id uuid not null,
  result_id uuid not null,
  reviewer_id uuid not null,
  verdict text not null,
  edited_text text,
  reason text,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint ai_reviews_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint ai_reviews_origin_check check (origin_seq is null or device_id is not null),
  constraint ai_reviews_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint ai_reviews_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint ai_reviews_request_id_fkey foreign key (request_id) references public.authorization_requests (id) deferrable initially immediate,
  constraint ai_reviews_result_id_fkey foreign key (result_id) references public.ai_analysis_results (id) deferrable initially immediate,
  constraint ai_reviews_reviewer_id_fkey foreign key (reviewer_id) references public.users (id) deferrable initially immediate,
  constraint ai_reviews_verdict_check check (verdict in ('agree', 'edit', 'reject')),
  constraint ai_reviews_edited_text_check check (char_length(edited_text) <= 60000),
  constraint ai_reviews_reason_check check (char_length(reason) <= 500)
);

create index ai_reviews_feed_idx on public.ai_reviews (row_xid, id);
create index ai_reviews_location_id_feed_idx on public.ai_reviews (location_id, row_xid, id);
create index ai_reviews_patient_id_feed_idx on public.ai_reviews (patient_id, row_xid, id);
create index ai_reviews_request_id_idx on public.ai_reviews (request_id);
create index ai_reviews_result_id_idx on public.ai_reviews (result_id);
create index ai_reviews_reviewer_id_idx on public.ai_reviews (reviewer_id);
create unique index ai_reviews_origin_key on public.ai_reviews (device_id, origin_seq)
  where origin_seq is not null;

alter table public.ai_reviews enable row level security;
alter table public.ai_reviews force row level security;
revoke all on table public.ai_reviews from public, anon, authenticated, service_role;
grant select on table public.ai_reviews to authenticated;
grant select on table public.ai_reviews to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, request_id,
    result_id, reviewer_id, verdict, edited_text, reason
) on table public.ai_reviews to authenticated;

create trigger append_only before update or delete on public.ai_reviews
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.ai_reviews
  for each statement execute function private.refuse_change();
alter table public.ai_reviews enable always trigger append_only;
alter table public.ai_reviews enable always trigger append_only_truncate;

create policy ai_reviews_read on public.ai_reviews for select to authenticated using (
  (select private.reaches_all('ai_reviews', 'read'))
  or location_id = any ((select private.sites('ai_reviews', 'read'))::uuid[])
);
create policy ai_reviews_create on public.ai_reviews
  for insert to authenticated with check (
  (select private.reaches_all('ai_reviews', 'create'))
);
create policy ai_reviews_create_as_oneself on public.ai_reviews
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and reviewer_id = (select auth.uid()));
create policy ai_reviews_engine_read on public.ai_reviews
  for select to ganger_engine using (true);

-- outage_log --------------------------------------------------------------------------------------

create table public.outage_log (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  system text not null,
  event text not null,
  began_at timestamptz not null,
  ended_at timestamptz,
  detected_how text not null,
  evidence_hash text,
  note text,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint outage_log_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint outage_log_origin_check check (origin_seq is null or device_id is not null),
  constraint outage_log_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint outage_log_system_check check (char_length(btrim(system)) >= 1 and char_length(system) <= 80),
  constraint outage_log_event_check check (event in ('began', 'ended', 'noted')),
  constraint outage_log_detected_how_check check (detected_how in ('automatic', 'person',
    'vendor_notice')),
  constraint outage_log_evidence_hash_check check (char_length(evidence_hash) <= 64),
  constraint outage_log_note_check check (char_length(note) <= 500)
);

create index outage_log_feed_idx on public.outage_log (row_xid, id);
create index outage_log_location_id_feed_idx on public.outage_log (location_id, row_xid, id);
create unique index outage_log_origin_key on public.outage_log (device_id, origin_seq)
  where origin_seq is not null;

alter table public.outage_log enable row level security;
alter table public.outage_log force row level security;
revoke all on table public.outage_log from public, anon, authenticated, service_role;
grant select on table public.outage_log to authenticated;
grant select on table public.outage_log to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, system, event, began_at,
    ended_at, detected_how, evidence_hash, note
) on table public.outage_log to authenticated;

create trigger append_only before update or delete on public.outage_log
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.outage_log
  for each statement execute function private.refuse_change();
alter table public.outage_log enable always trigger append_only;
alter table public.outage_log enable always trigger append_only_truncate;

create policy outage_log_read on public.outage_log for select to authenticated using (
  (select private.reaches_all('outage_log', 'read'))
  or location_id = any ((select private.sites('outage_log', 'read'))::uuid[])
);
create policy outage_log_create on public.outage_log
  for insert to authenticated with check (
  (select private.reaches_all('outage_log', 'create'))
  or location_id = any ((select private.sites('outage_log', 'create'))::uuid[])
);
create policy outage_log_create_as_oneself on public.outage_log
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy outage_log_engine_read on public.outage_log
  for select to ganger_engine using (true);

-- pa_signatures -----------------------------------------------------------------------------------

create table public.pa_signatures (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  request_id uuid not null,
  signer_id uuid not null,
  content_hash text not null,
  method text not null,
  signed_at timestamptz not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint pa_signatures_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint pa_signatures_origin_check check (origin_seq is null or device_id is not null),
  constraint pa_signatures_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint pa_signatures_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint pa_signatures_request_id_fkey foreign key (request_id) references public.authorization_requests (id) deferrable initially immediate,
  constraint pa_signatures_signer_id_fkey foreign key (signer_id) references public.users (id) deferrable initially immediate,
  constraint pa_signatures_content_hash_check check (char_length(btrim(content_hash)) >= 64 and char_length(content_hash) <= 64),
  constraint pa_signatures_method_check check (method in ('pin', 'biometric', 'password'))
);

create index pa_signatures_feed_idx on public.pa_signatures (row_xid, id);
create index pa_signatures_location_id_feed_idx on public.pa_signatures (location_id, row_xid, id);
create index pa_signatures_patient_id_feed_idx on public.pa_signatures (patient_id, row_xid, id);
create index pa_signatures_request_id_idx on public.pa_signatures (request_id);
create index pa_signatures_signer_id_idx on public.pa_signatures (signer_id);
create unique index pa_signatures_origin_key on public.pa_signatures (device_id, origin_seq)
  where origin_seq is not null;

alter table public.pa_signatures enable row level security;
alter table public.pa_signatures force row level security;
revoke all on table public.pa_signatures from public, anon, authenticated, service_role;
grant select on table public.pa_signatures to authenticated;
grant select on table public.pa_signatures to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, request_id,
    signer_id, content_hash, method, signed_at
) on table public.pa_signatures to authenticated;

create trigger append_only before update or delete on public.pa_signatures
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.pa_signatures
  for each statement execute function private.refuse_change();
alter table public.pa_signatures enable always trigger append_only;
alter table public.pa_signatures enable always trigger append_only_truncate;

create policy pa_signatures_read on public.pa_signatures for select to authenticated using (
  (select private.reaches_all('pa_signatures', 'read'))
  or location_id = any ((select private.sites('pa_signatures', 'read'))::uuid[])
);
create policy pa_signatures_create on public.pa_signatures
  for insert to authenticated with check (
  (select private.reaches_all('pa_signatures', 'create'))
);
create policy pa_signatures_create_as_oneself on public.pa_signatures
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and signer_id = (select auth.uid()));
create policy pa_signatures_engine_read on public.pa_signatures
  for select to ganger_engine using (true);

-- pa_submissions ----------------------------------------------------------------------------------

create table public.pa_submissions (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  request_id uuid not null,
  kind text not null,
  channel text not null,
  electronic boolean not null,
  payload_file_id uuid,
  content_hash text not null,
  signature_id uuid,
  external_key text,
  fax_pages integer,
  sent_at timestamptz not null,
  outage_id uuid,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint pa_submissions_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint pa_submissions_origin_check check (origin_seq is null or device_id is not null),
  constraint pa_submissions_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint pa_submissions_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint pa_submissions_request_id_fkey foreign key (request_id) references public.authorization_requests (id) deferrable initially immediate,
  constraint pa_submissions_kind_check check (kind in ('initial', 'more_info', 'appeal',
    'peer_to_peer')),
  constraint pa_submissions_channel_check check (channel in ('covermymeds', 'fax', 'phone',
    'portal')),
  constraint pa_submissions_payload_file_id_fkey foreign key (payload_file_id) references public.file_uploads (id) deferrable initially immediate,
  constraint pa_submissions_content_hash_check check (char_length(btrim(content_hash)) >= 64 and char_length(content_hash) <= 64),
  constraint pa_submissions_signature_id_fkey foreign key (signature_id) references public.pa_signatures (id) deferrable initially immediate,
  constraint pa_submissions_external_key_check check (char_length(external_key) <= 80),
  constraint pa_submissions_fax_pages_check check (fax_pages between 0 and 1000),
  constraint pa_submissions_outage_id_fkey foreign key (outage_id) references public.outage_log (id) deferrable initially immediate
);

create index pa_submissions_feed_idx on public.pa_submissions (row_xid, id);
create index pa_submissions_location_id_feed_idx on public.pa_submissions (location_id, row_xid, id);
create index pa_submissions_patient_id_feed_idx on public.pa_submissions (patient_id, row_xid, id);
create index pa_submissions_request_id_idx on public.pa_submissions (request_id);
create index pa_submissions_payload_file_id_idx on public.pa_submissions (payload_file_id);
create index pa_submissions_signature_id_idx on public.pa_submissions (signature_id);
create index pa_submissions_outage_id_idx on public.pa_submissions (outage_id);
create unique index pa_submissions_origin_key on public.pa_submissions (device_id, origin_seq)
  where origin_seq is not null;

alter table public.pa_submissions enable row level security;
alter table public.pa_submissions force row level security;
revoke all on table public.pa_submissions from public, anon, authenticated, service_role;
grant select on table public.pa_submissions to authenticated;
grant select on table public.pa_submissions to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, request_id,
    kind, channel, electronic, payload_file_id, content_hash, signature_id, external_key,
    fax_pages, sent_at, outage_id
) on table public.pa_submissions to authenticated;

create trigger append_only before update or delete on public.pa_submissions
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.pa_submissions
  for each statement execute function private.refuse_change();
alter table public.pa_submissions enable always trigger append_only;
alter table public.pa_submissions enable always trigger append_only_truncate;

create policy pa_submissions_read on public.pa_submissions for select to authenticated using (
  (select private.reaches_all('pa_submissions', 'read'))
  or location_id = any ((select private.sites('pa_submissions', 'read'))::uuid[])
);
create policy pa_submissions_create on public.pa_submissions
  for insert to authenticated with check (
  (select private.reaches_all('pa_submissions', 'create'))
  or location_id = any ((select private.sites('pa_submissions', 'create'))::uuid[])
);
create policy pa_submissions_create_as_oneself on public.pa_submissions
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy pa_submissions_engine_read on public.pa_submissions
  for select to ganger_engine using (true);

-- insurance_responses -----------------------------------------------------------------------------

create table public.insurance_responses (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  request_id uuid not null,
  submission_id uuid not null,
  received_at timestamptz not null,
  received_date date not null,
  received_via text not null,
  decision text not null,
  pa_number text,
  valid_from date,
  valid_to date,
  units text,
  reason_codes jsonb not null,
  criteria_cited text,
  appeal_deadline date,
  document_file_id uuid,
  entered_by uuid not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint insurance_responses_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint insurance_responses_origin_check check (origin_seq is null or device_id is not null),
  constraint insurance_responses_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint insurance_responses_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint insurance_responses_request_id_fkey foreign key (request_id) references public.authorization_requests (id) deferrable initially immediate,
  constraint insurance_responses_submission_id_fkey foreign key (submission_id) references public.pa_submissions (id) deferrable initially immediate,
  constraint insurance_responses_received_via_check check (received_via in ('fax', 'mail', 'phone',
    'portal', 'covermymeds', 'none')),
  constraint insurance_responses_decision_check check (decision in ('approved', 'partial',
    'denied', 'more_info', 'pended', 'cancelled', 'no_response_deemed')),
  constraint insurance_responses_pa_number_check check (char_length(pa_number) <= 60),
  constraint insurance_responses_units_check check (char_length(units) <= 60),
  constraint insurance_responses_criteria_cited_check check (char_length(criteria_cited) <= 4000),
  constraint insurance_responses_document_file_id_fkey foreign key (document_file_id) references public.file_uploads (id) deferrable initially immediate,
  constraint insurance_responses_entered_by_fkey foreign key (entered_by) references public.users (id) deferrable initially immediate,
  constraint insurance_responses_reason_codes_shape_check check (case jsonb_typeof(reason_codes) when 'array' then jsonb_array_length(reason_codes) between 0 and 20 else reason_codes is null end),
  constraint insurance_responses_submission_id_pa_number_decision_received_date_key unique nulls not distinct (submission_id, pa_number, decision, received_date)
);

create index insurance_responses_feed_idx on public.insurance_responses (row_xid, id);
create index insurance_responses_location_id_feed_idx on public.insurance_responses (location_id, row_xid, id);
create index insurance_responses_patient_id_feed_idx on public.insurance_responses (patient_id, row_xid, id);
create index insurance_responses_request_id_idx on public.insurance_responses (request_id);
create index insurance_responses_document_file_id_idx on public.insurance_responses (document_file_id);
create index insurance_responses_entered_by_idx on public.insurance_responses (entered_by);
create unique index insurance_responses_origin_key on public.insurance_responses (device_id, origin_seq)
  where origin_seq is not null;

alter table public.insurance_responses enable row level security;
alter table public.insurance_responses force row level security;
revoke all on table public.insurance_responses from public, anon, authenticated, service_role;
grant select on table public.insurance_responses to authenticated;
grant select on table public.insurance_responses to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, request_id,
    submission_id, received_at, received_date, received_via, decision, pa_number, valid_from,
    valid_to, units, reason_codes, criteria_cited, appeal_deadline, document_file_id, entered_by
) on table public.insurance_responses to authenticated;

create trigger append_only before update or delete on public.insurance_responses
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.insurance_responses
  for each statement execute function private.refuse_change();
alter table public.insurance_responses enable always trigger append_only;
alter table public.insurance_responses enable always trigger append_only_truncate;

create policy insurance_responses_read on public.insurance_responses for select to authenticated using (
  (select private.reaches_all('insurance_responses', 'read'))
  or location_id = any ((select private.sites('insurance_responses', 'read'))::uuid[])
);
create policy insurance_responses_create on public.insurance_responses
  for insert to authenticated with check (
  (select private.reaches_all('insurance_responses', 'create'))
  or location_id = any ((select private.sites('insurance_responses', 'create'))::uuid[])
);
create policy insurance_responses_create_as_oneself on public.insurance_responses
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and entered_by = (select auth.uid()));
create policy insurance_responses_engine_read on public.insurance_responses
  for select to ganger_engine using (true);

-- appeals -----------------------------------------------------------------------------------------

create table public.appeals (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  patient_id uuid not null,
  request_id uuid not null,
  response_id uuid,
  level text not null,
  deadline_on date,
  argument text,
  assigned_to uuid,
  status text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint appeals_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint appeals_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint appeals_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint appeals_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint appeals_request_id_fkey foreign key (request_id) references public.authorization_requests (id) deferrable initially immediate,
  constraint appeals_response_id_fkey foreign key (response_id) references public.insurance_responses (id) deferrable initially immediate,
  constraint appeals_level_check check (level in ('resubmit', 'peer_to_peer', 'internal',
    'external')),
  constraint appeals_argument_check check (char_length(argument) <= 20000),
  constraint appeals_assigned_to_fkey foreign key (assigned_to) references public.users (id) deferrable initially immediate,
  constraint appeals_status_check check (status in ('preparing', 'filed', 'upheld', 'overturned',
    'withdrawn'))
);

create index appeals_feed_idx on public.appeals (row_xid, id);
create index appeals_location_id_feed_idx on public.appeals (location_id, row_xid, id);
create index appeals_patient_id_feed_idx on public.appeals (patient_id, row_xid, id);
create index appeals_request_id_idx on public.appeals (request_id);
create index appeals_response_id_idx on public.appeals (response_id);
create index appeals_assigned_to_idx on public.appeals (assigned_to);

alter table public.appeals enable row level security;
alter table public.appeals force row level security;
revoke all on table public.appeals from public, anon, authenticated, service_role;
grant select on table public.appeals to authenticated;
grant select on table public.appeals to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, patient_id, request_id,
    response_id, level, deadline_on, argument, assigned_to, status, field_by
) on table public.appeals to authenticated;
grant update (
  deadline_on, argument, assigned_to, status, field_hlc, field_by
) on table public.appeals to authenticated;
grant update (
  status, field_hlc, field_by
) on table public.appeals to ganger_engine;

create trigger guard_state before insert or update of status on public.appeals
  for each row execute function private.guard_state();
create trigger sign_fields before insert or update on public.appeals
  for each row execute function private.sign_fields();
create trigger touch before update on public.appeals
  for each row execute function private.touch();

create policy appeals_read on public.appeals for select to authenticated using (
  (select private.reaches_all('appeals', 'read'))
  or location_id = any ((select private.sites('appeals', 'read'))::uuid[])
);
create policy appeals_create on public.appeals
  for insert to authenticated with check (
  (select private.reaches_all('appeals', 'create'))
  or location_id = any ((select private.sites('appeals', 'create'))::uuid[])
);
create policy appeals_create_as_oneself on public.appeals
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy appeals_update on public.appeals for update to authenticated using (
  (select private.reaches_all('appeals', 'update'))
  or location_id = any ((select private.sites('appeals', 'update'))::uuid[])
  or (select private.reaches_all('appeals', 'approve'))
) with check (
  (select private.reaches_all('appeals', 'update'))
  or location_id = any ((select private.sites('appeals', 'update'))::uuid[])
  or (select private.reaches_all('appeals', 'approve'))
);
create policy appeals_update_through_server on public.appeals
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy appeals_engine_read on public.appeals
  for select to ganger_engine using (true);
create policy appeals_engine_update on public.appeals for update to ganger_engine
  using (true) with check (true);

-- pa_tasks ----------------------------------------------------------------------------------------

create table public.pa_tasks (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  patient_id uuid not null,
  request_id uuid not null,
  title text not null,
  assigned_to uuid,
  due_at timestamptz,
  status text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint pa_tasks_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint pa_tasks_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint pa_tasks_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint pa_tasks_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint pa_tasks_request_id_fkey foreign key (request_id) references public.authorization_requests (id) deferrable initially immediate,
  constraint pa_tasks_title_check check (char_length(btrim(title)) >= 1 and char_length(title) <= 200),
  constraint pa_tasks_assigned_to_fkey foreign key (assigned_to) references public.users (id) deferrable initially immediate,
  constraint pa_tasks_status_check check (status in ('open', 'in_progress', 'done', 'cancelled'))
);

create index pa_tasks_feed_idx on public.pa_tasks (row_xid, id);
create index pa_tasks_location_id_feed_idx on public.pa_tasks (location_id, row_xid, id);
create index pa_tasks_patient_id_feed_idx on public.pa_tasks (patient_id, row_xid, id);
create index pa_tasks_request_id_idx on public.pa_tasks (request_id);
create index pa_tasks_assigned_to_idx on public.pa_tasks (assigned_to);

alter table public.pa_tasks enable row level security;
alter table public.pa_tasks force row level security;
revoke all on table public.pa_tasks from public, anon, authenticated, service_role;
grant select on table public.pa_tasks to authenticated;
grant select on table public.pa_tasks to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, patient_id, request_id, title,
    assigned_to, due_at, status, field_by
) on table public.pa_tasks to authenticated;
grant update (
  title, assigned_to, due_at, status, field_hlc, field_by
) on table public.pa_tasks to authenticated;
grant update (
  status, field_hlc, field_by
) on table public.pa_tasks to ganger_engine;

create trigger guard_state before insert or update of status on public.pa_tasks
  for each row execute function private.guard_state();
create trigger sign_fields before insert or update on public.pa_tasks
  for each row execute function private.sign_fields();
create trigger touch before update on public.pa_tasks
  for each row execute function private.touch();

create policy pa_tasks_read on public.pa_tasks for select to authenticated using (
  (select private.reaches_all('pa_tasks', 'read'))
  or location_id = any ((select private.sites('pa_tasks', 'read'))::uuid[])
);
create policy pa_tasks_create on public.pa_tasks
  for insert to authenticated with check (
  (select private.reaches_all('pa_tasks', 'create'))
  or location_id = any ((select private.sites('pa_tasks', 'create'))::uuid[])
);
create policy pa_tasks_create_as_oneself on public.pa_tasks
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy pa_tasks_update on public.pa_tasks for update to authenticated using (
  (select private.reaches_all('pa_tasks', 'update'))
  or location_id = any ((select private.sites('pa_tasks', 'update'))::uuid[])
) with check (
  (select private.reaches_all('pa_tasks', 'update'))
  or location_id = any ((select private.sites('pa_tasks', 'update'))::uuid[])
);
create policy pa_tasks_update_through_server on public.pa_tasks
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy pa_tasks_engine_read on public.pa_tasks
  for select to ganger_engine using (true);
create policy pa_tasks_engine_update on public.pa_tasks for update to ganger_engine
  using (true) with check (true);

-- pa_communications -------------------------------------------------------------------------------

create table public.pa_communications (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  request_id uuid not null,
  with_whom text not null,
  channel text not null,
  direction text not null,
  body text not null,
  occurred_at timestamptz not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint pa_communications_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint pa_communications_origin_check check (origin_seq is null or device_id is not null),
  constraint pa_communications_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint pa_communications_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint pa_communications_request_id_fkey foreign key (request_id) references public.authorization_requests (id) deferrable initially immediate,
  constraint pa_communications_with_whom_check check (with_whom in ('insurer', 'pharmacy',
    'patient', 'prescriber')),
  constraint pa_communications_channel_check check (channel in ('phone', 'fax', 'portal', 'email',
    'in_person')),
  constraint pa_communications_direction_check check (direction in ('in', 'out')),
  constraint pa_communications_body_check check (char_length(btrim(body)) >= 1 and char_length(body) <= 4000)
);

create index pa_communications_feed_idx on public.pa_communications (row_xid, id);
create index pa_communications_location_id_feed_idx on public.pa_communications (location_id, row_xid, id);
create index pa_communications_patient_id_feed_idx on public.pa_communications (patient_id, row_xid, id);
create index pa_communications_request_id_idx on public.pa_communications (request_id);
create unique index pa_communications_origin_key on public.pa_communications (device_id, origin_seq)
  where origin_seq is not null;

alter table public.pa_communications enable row level security;
alter table public.pa_communications force row level security;
revoke all on table public.pa_communications from public, anon, authenticated, service_role;
grant select on table public.pa_communications to authenticated;
grant select on table public.pa_communications to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, request_id,
    with_whom, channel, direction, body, occurred_at
) on table public.pa_communications to authenticated;

create trigger append_only before update or delete on public.pa_communications
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.pa_communications
  for each statement execute function private.refuse_change();
alter table public.pa_communications enable always trigger append_only;
alter table public.pa_communications enable always trigger append_only_truncate;

create policy pa_communications_read on public.pa_communications for select to authenticated using (
  (select private.reaches_all('pa_communications', 'read'))
  or location_id = any ((select private.sites('pa_communications', 'read'))::uuid[])
);
create policy pa_communications_create on public.pa_communications
  for insert to authenticated with check (
  (select private.reaches_all('pa_communications', 'create'))
  or location_id = any ((select private.sites('pa_communications', 'create'))::uuid[])
);
create policy pa_communications_create_as_oneself on public.pa_communications
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy pa_communications_engine_read on public.pa_communications
  for select to ganger_engine using (true);

-- authorization_summaries -------------------------------------------------------------------------

create table public.authorization_summaries (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid not null,
  patient_id uuid not null,
  request_no text,
  urgency text not null,
  status text not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint authorization_summaries_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint authorization_summaries_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint authorization_summaries_request_no_check check (char_length(request_no) <= 20),
  constraint authorization_summaries_urgency_check check (urgency in ('standard', 'expedited')),
  constraint authorization_summaries_status_check check (status in ('draft', 'gathering',
    'ready_for_review', 'signed', 'submitted', 'pended', 'more_info', 'approved',
    'partially_approved', 'denied', 'deemed_granted', 'withdrawn', 'expired',
    'duplicate_submission'))
);

create index authorization_summaries_feed_idx on public.authorization_summaries (row_xid, id);
create index authorization_summaries_location_id_feed_idx on public.authorization_summaries (location_id, row_xid, id);
create index authorization_summaries_patient_id_feed_idx on public.authorization_summaries (patient_id, row_xid, id);

alter table public.authorization_summaries enable row level security;
alter table public.authorization_summaries force row level security;
revoke all on table public.authorization_summaries from public, anon, authenticated, service_role;
grant select on table public.authorization_summaries to authenticated;
grant select on table public.authorization_summaries to ganger_engine;

create trigger touch before update on public.authorization_summaries
  for each row execute function private.touch();

create policy authorization_summaries_read on public.authorization_summaries for select to authenticated using (
  (select private.reaches_all('authorization_summaries', 'read'))
  or location_id = any ((select private.sites('authorization_summaries', 'read'))::uuid[])
);
create policy authorization_summaries_engine_read on public.authorization_summaries
  for select to ganger_engine using (true);

-- insurance_response_summaries --------------------------------------------------------------------

create table public.insurance_response_summaries (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid not null,
  patient_id uuid not null,
  request_id uuid not null,
  received_date date not null,
  decision text not null,
  pa_number text,
  valid_from date,
  valid_to date,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint insurance_response_summaries_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint insurance_response_summaries_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint insurance_response_summaries_request_id_fkey foreign key (request_id) references public.authorization_requests (id) deferrable initially immediate,
  constraint insurance_response_summaries_decision_check check (decision in ('approved', 'partial',
    'denied', 'more_info', 'pended', 'cancelled', 'no_response_deemed')),
  constraint insurance_response_summaries_pa_number_check check (char_length(pa_number) <= 60)
);

create index insurance_response_summaries_feed_idx on public.insurance_response_summaries (row_xid, id);
create index insurance_response_summaries_location_id_feed_idx on public.insurance_response_summaries (location_id, row_xid, id);
create index insurance_response_summaries_patient_id_feed_idx on public.insurance_response_summaries (patient_id, row_xid, id);
create index insurance_response_summaries_request_id_idx on public.insurance_response_summaries (request_id);

alter table public.insurance_response_summaries enable row level security;
alter table public.insurance_response_summaries force row level security;
revoke all on table public.insurance_response_summaries from public, anon, authenticated, service_role;
grant select on table public.insurance_response_summaries to authenticated;
grant select on table public.insurance_response_summaries to ganger_engine;

create trigger touch before update on public.insurance_response_summaries
  for each row execute function private.touch();

create policy insurance_response_summaries_read on public.insurance_response_summaries for select to authenticated using (
  (select private.reaches_all('insurance_response_summaries', 'read'))
  or location_id = any ((select private.sites('insurance_response_summaries', 'read'))::uuid[])
);
create policy insurance_response_summaries_engine_read on public.insurance_response_summaries
  for select to ganger_engine using (true);

-- rights ------------------------------------------------------------------------------------------

insert into private.scopes
  (table_name, location_column, sites_column, team_column, own_column)
values
  ('authorization_requests', 'location_id', null, null, 'prescriber_id'),
  ('authorization_evidence', 'location_id', null, null, null),
  ('evidence_reviews', 'location_id', null, null, null),
  ('therapy_trials', 'location_id', null, null, null),
  ('severity_scores', 'location_id', null, null, null),
  ('payer_rules', null, null, null, null),
  ('payer_rule_versions', null, null, null, null),
  ('regime_rules', null, null, null, null),
  ('criteria_checks', 'location_id', null, null, null),
  ('ai_analysis_results', 'location_id', null, null, null),
  ('ai_reviews', 'location_id', null, null, null),
  ('outage_log', 'location_id', null, null, null),
  ('pa_signatures', 'location_id', null, null, null),
  ('pa_submissions', 'location_id', null, null, null),
  ('insurance_responses', 'location_id', null, null, null),
  ('appeals', 'location_id', null, null, null),
  ('pa_tasks', 'location_id', null, null, null),
  ('pa_communications', 'location_id', null, null, null),
  ('authorization_summaries', 'location_id', null, null, null),
  ('insurance_response_summaries', 'location_id', null, null, null);

insert into private.access_matrix
  (role, table_name, operation, reach, only_field, only_values)
values
  ('CS', 'authorization_requests', 'read', 'sites', null, null),
  ('CS', 'authorization_requests', 'create', 'sites', null, null),
  ('CS', 'authorization_requests', 'update', 'sites', 'status', '{draft,gathering}'),
  ('PR', 'authorization_requests', 'read', 'all', null, null),
  ('PR', 'authorization_requests', 'create', 'all', null, null),
  ('PR', 'authorization_requests', 'update', 'all', null, null),
  ('PR', 'authorization_requests', 'approve', 'all', null, null),
  ('MG', 'authorization_requests', 'metadata', 'all', null, null),
  ('LM', 'authorization_requests', 'metadata', 'sites', null, null),
  ('AS', 'authorization_requests', 'read', 'all', null, null),
  ('AS', 'authorization_requests', 'create', 'all', null, null),
  ('AS', 'authorization_requests', 'update', 'all', null, null),
  ('CS', 'authorization_evidence', 'read', 'sites', null, null),
  ('CS', 'authorization_evidence', 'create', 'sites', null, null),
  ('PR', 'authorization_evidence', 'read', 'all', null, null),
  ('PR', 'authorization_evidence', 'create', 'all', null, null),
  ('AS', 'authorization_evidence', 'read', 'all', null, null),
  ('AS', 'authorization_evidence', 'create', 'all', null, null),
  ('CS', 'evidence_reviews', 'read', 'sites', null, null),
  ('CS', 'evidence_reviews', 'create', 'sites', null, null),
  ('PR', 'evidence_reviews', 'read', 'all', null, null),
  ('PR', 'evidence_reviews', 'create', 'all', null, null),
  ('AS', 'evidence_reviews', 'read', 'all', null, null),
  ('AS', 'evidence_reviews', 'create', 'all', null, null),
  ('CS', 'therapy_trials', 'read', 'sites', null, null),
  ('CS', 'therapy_trials', 'create', 'sites', null, null),
  ('CS', 'therapy_trials', 'update', 'sites', null, null),
  ('PR', 'therapy_trials', 'read', 'all', null, null),
  ('PR', 'therapy_trials', 'create', 'all', null, null),
  ('PR', 'therapy_trials', 'update', 'all', null, null),
  ('AS', 'therapy_trials', 'read', 'all', null, null),
  ('AS', 'therapy_trials', 'create', 'all', null, null),
  ('AS', 'therapy_trials', 'update', 'all', null, null),
  ('CS', 'severity_scores', 'read', 'sites', null, null),
  ('CS', 'severity_scores', 'create', 'sites', null, null),
  ('PR', 'severity_scores', 'read', 'all', null, null),
  ('PR', 'severity_scores', 'create', 'all', null, null),
  ('AS', 'severity_scores', 'read', 'all', null, null),
  ('AS', 'severity_scores', 'create', 'all', null, null),
  ('FD', 'payer_rules', 'read', 'sites', null, null),
  ('CS', 'payer_rules', 'read', 'sites', null, null),
  ('PR', 'payer_rules', 'read', 'all', null, null),
  ('PR', 'payer_rules', 'approve', 'all', null, null),
  ('MG', 'payer_rules', 'read', 'all', null, null),
  ('MG', 'payer_rules', 'create', 'all', null, null),
  ('LM', 'payer_rules', 'read', 'sites', null, null),
  ('IT', 'payer_rules', 'metadata', 'all', null, null),
  ('SA', 'payer_rules', 'read', 'all', null, null),
  ('AS', 'payer_rules', 'read', 'all', null, null),
  ('FD', 'payer_rule_versions', 'read', 'sites', null, null),
  ('CS', 'payer_rule_versions', 'read', 'sites', null, null),
  ('PR', 'payer_rule_versions', 'read', 'all', null, null),
  ('PR', 'payer_rule_versions', 'approve', 'all', null, null),
  ('MG', 'payer_rule_versions', 'read', 'all', null, null),
  ('MG', 'payer_rule_versions', 'create', 'all', null, null),
  ('LM', 'payer_rule_versions', 'read', 'sites', null, null),
  ('IT', 'payer_rule_versions', 'metadata', 'all', null, null),
  ('SA', 'payer_rule_versions', 'read', 'all', null, null),
  ('AS', 'payer_rule_versions', 'read', 'all', null, null),
  ('FD', 'regime_rules', 'read', 'sites', null, null),
  ('CS', 'regime_rules', 'read', 'sites', null, null),
  ('PR', 'regime_rules', 'read', 'all', null, null),
  ('MG', 'regime_rules', 'read', 'all', null, null),
  ('MG', 'regime_rules', 'create', 'all', null, null),
  ('LM', 'regime_rules', 'read', 'sites', null, null),
  ('IT', 'regime_rules', 'metadata', 'all', null, null),
  ('SA', 'regime_rules', 'read', 'all', null, null),
  ('AS', 'regime_rules', 'read', 'all', null, null),
  ('CS', 'criteria_checks', 'read', 'sites', null, null),
  ('CS', 'criteria_checks', 'create', 'sites', null, null),
  ('PR', 'criteria_checks', 'read', 'all', null, null),
  ('PR', 'criteria_checks', 'create', 'all', null, null),
  ('MG', 'criteria_checks', 'metadata', 'all', null, null),
  ('AS', 'criteria_checks', 'read', 'all', null, null),
  ('AS', 'criteria_checks', 'create', 'all', null, null),
  ('CS', 'ai_analysis_results', 'read', 'sites', null, null),
  ('PR', 'ai_analysis_results', 'read', 'all', null, null),
  ('MG', 'ai_analysis_results', 'metadata', 'all', null, null),
  ('LM', 'ai_analysis_results', 'metadata', 'sites', null, null),
  ('IT', 'ai_analysis_results', 'metadata', 'all', null, null),
  ('SA', 'ai_analysis_results', 'metadata', 'all', null, null),
  ('AS', 'ai_analysis_results', 'read', 'all', null, null),
  ('CS', 'ai_reviews', 'read', 'sites', null, null),
  ('PR', 'ai_reviews', 'read', 'all', null, null),
  ('PR', 'ai_reviews', 'create', 'all', null, null),
  ('MG', 'ai_reviews', 'metadata', 'all', null, null),
  ('LM', 'ai_reviews', 'metadata', 'sites', null, null),
  ('IT', 'ai_reviews', 'metadata', 'all', null, null),
  ('SA', 'ai_reviews', 'metadata', 'all', null, null),
  ('AS', 'ai_reviews', 'read', 'all', null, null),
  ('AS', 'ai_reviews', 'create', 'all', null, null),
  ('CS', 'outage_log', 'read', 'sites', null, null),
  ('CS', 'outage_log', 'create', 'sites', null, null),
  ('PR', 'outage_log', 'read', 'all', null, null),
  ('MG', 'outage_log', 'read', 'all', null, null),
  ('LM', 'outage_log', 'read', 'sites', null, null),
  ('IT', 'outage_log', 'read', 'all', null, null),
  ('IT', 'outage_log', 'create', 'all', null, null),
  ('SA', 'outage_log', 'read', 'all', null, null),
  ('AS', 'outage_log', 'read', 'all', null, null),
  ('AS', 'outage_log', 'create', 'all', null, null),
  ('CO', 'outage_log', 'read', 'all', null, null),
  ('CS', 'pa_signatures', 'read', 'sites', null, null),
  ('PR', 'pa_signatures', 'read', 'all', null, null),
  ('PR', 'pa_signatures', 'create', 'all', null, null),
  ('MG', 'pa_signatures', 'metadata', 'all', null, null),
  ('AS', 'pa_signatures', 'read', 'all', null, null),
  ('CS', 'pa_submissions', 'read', 'sites', null, null),
  ('CS', 'pa_submissions', 'create', 'sites', null, null),
  ('PR', 'pa_submissions', 'read', 'all', null, null),
  ('MG', 'pa_submissions', 'metadata', 'all', null, null),
  ('LM', 'pa_submissions', 'metadata', 'sites', null, null),
  ('AS', 'pa_submissions', 'read', 'all', null, null),
  ('AS', 'pa_submissions', 'create', 'all', null, null),
  ('CS', 'insurance_responses', 'read', 'sites', null, null),
  ('CS', 'insurance_responses', 'create', 'sites', null, null),
  ('PR', 'insurance_responses', 'read', 'all', null, null),
  ('MG', 'insurance_responses', 'metadata', 'all', null, null),
  ('LM', 'insurance_responses', 'metadata', 'sites', null, null),
  ('AS', 'insurance_responses', 'read', 'all', null, null),
  ('AS', 'insurance_responses', 'create', 'all', null, null),
  ('CS', 'appeals', 'read', 'sites', null, null),
  ('CS', 'appeals', 'create', 'sites', null, null),
  ('CS', 'appeals', 'update', 'sites', null, null),
  ('PR', 'appeals', 'read', 'all', null, null),
  ('PR', 'appeals', 'create', 'all', null, null),
  ('PR', 'appeals', 'update', 'all', null, null),
  ('PR', 'appeals', 'approve', 'all', null, null),
  ('MG', 'appeals', 'metadata', 'all', null, null),
  ('AS', 'appeals', 'read', 'all', null, null),
  ('AS', 'appeals', 'create', 'all', null, null),
  ('AS', 'appeals', 'update', 'all', null, null),
  ('CS', 'pa_tasks', 'read', 'sites', null, null),
  ('CS', 'pa_tasks', 'create', 'sites', null, null),
  ('CS', 'pa_tasks', 'update', 'sites', null, null),
  ('PR', 'pa_tasks', 'read', 'all', null, null),
  ('PR', 'pa_tasks', 'create', 'all', null, null),
  ('PR', 'pa_tasks', 'update', 'all', null, null),
  ('MG', 'pa_tasks', 'metadata', 'all', null, null),
  ('LM', 'pa_tasks', 'metadata', 'sites', null, null),
  ('AS', 'pa_tasks', 'read', 'all', null, null),
  ('AS', 'pa_tasks', 'create', 'all', null, null),
  ('AS', 'pa_tasks', 'update', 'all', null, null),
  ('CS', 'pa_communications', 'read', 'sites', null, null),
  ('CS', 'pa_communications', 'create', 'sites', null, null),
  ('PR', 'pa_communications', 'read', 'all', null, null),
  ('PR', 'pa_communications', 'create', 'all', null, null),
  ('AS', 'pa_communications', 'read', 'all', null, null),
  ('AS', 'pa_communications', 'create', 'all', null, null),
  ('FD', 'authorization_summaries', 'read', 'sites', null, null),
  ('FD', 'insurance_response_summaries', 'read', 'sites', null, null);

insert into private.machines (table_name, field, initial_state, author, open_fields) values
  ('authorization_requests', 'status', 'draft', null, '{assigned_to,next_action_at,next_action}'),
  ('appeals', 'status', 'preparing', null, '{}'),
  ('pa_tasks', 'status', 'open', null, '{}');

insert into private.allowed_transitions (table_name, from_state, to_state, needs, guard) values
  ('authorization_requests', 'draft', 'gathering', 'update', 'none'),
  ('authorization_requests', 'gathering', 'ready_for_review', 'update', 'none'),
  ('authorization_requests', 'ready_for_review', 'gathering', 'update', 'none'),
  ('authorization_requests', 'signed', 'gathering', 'update', 'none'),
  ('authorization_requests', 'ready_for_review', 'signed', 'server', 'signed'),
  ('authorization_requests', 'signed', 'submitted', 'server', 'signed'),
  ('authorization_requests', 'submitted', 'pended', 'server', 'answered'),
  ('authorization_requests', 'submitted', 'more_info', 'server', 'answered'),
  ('authorization_requests', 'pended', 'more_info', 'server', 'answered'),
  ('authorization_requests', 'more_info', 'submitted', 'server', 'none'),
  ('authorization_requests', 'submitted', 'approved', 'server', 'answered'),
  ('authorization_requests', 'submitted', 'partially_approved', 'server', 'answered'),
  ('authorization_requests', 'submitted', 'denied', 'server', 'answered'),
  ('authorization_requests', 'pended', 'approved', 'server', 'answered'),
  ('authorization_requests', 'pended', 'partially_approved', 'server', 'answered'),
  ('authorization_requests', 'pended', 'denied', 'server', 'answered'),
  ('authorization_requests', 'more_info', 'approved', 'server', 'answered'),
  ('authorization_requests', 'more_info', 'partially_approved', 'server', 'answered'),
  ('authorization_requests', 'more_info', 'denied', 'server', 'answered'),
  ('authorization_requests', 'submitted', 'deemed_granted', 'update', 'none'),
  ('authorization_requests', 'pended', 'deemed_granted', 'update', 'none'),
  ('authorization_requests', 'submitted', 'duplicate_submission', 'server', 'none'),
  ('authorization_requests', 'approved', 'expired', 'server', 'none'),
  ('authorization_requests', 'partially_approved', 'expired', 'server', 'none'),
  ('authorization_requests', 'deemed_granted', 'expired', 'server', 'none'),
  ('authorization_requests', 'draft', 'withdrawn', 'update', 'none'),
  ('authorization_requests', 'gathering', 'withdrawn', 'update', 'none'),
  ('authorization_requests', 'ready_for_review', 'withdrawn', 'update', 'none'),
  ('authorization_requests', 'signed', 'withdrawn', 'update', 'none'),
  ('authorization_requests', 'submitted', 'withdrawn', 'update', 'none'),
  ('authorization_requests', 'pended', 'withdrawn', 'update', 'none'),
  ('authorization_requests', 'more_info', 'withdrawn', 'update', 'none'),
  ('appeals', 'preparing', 'filed', 'update', 'none'),
  ('appeals', 'filed', 'upheld', 'update', 'none'),
  ('appeals', 'filed', 'overturned', 'update', 'none'),
  ('appeals', 'preparing', 'withdrawn', 'update', 'none'),
  ('appeals', 'filed', 'withdrawn', 'update', 'none'),
  ('pa_tasks', 'open', 'in_progress', 'update', 'none'),
  ('pa_tasks', 'open', 'done', 'update', 'none'),
  ('pa_tasks', 'open', 'cancelled', 'update', 'none'),
  ('pa_tasks', 'in_progress', 'open', 'update', 'none'),
  ('pa_tasks', 'in_progress', 'done', 'update', 'none'),
  ('pa_tasks', 'in_progress', 'cancelled', 'update', 'none'),
  ('pa_tasks', 'done', 'open', 'update', 'none');
