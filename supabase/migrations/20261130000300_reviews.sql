-- What people decide in the review: which value a field has from now on, and the undoing of it.

-- review_decisions --------------------------------------------------------------------------------

create table public.review_decisions (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid,
  table_name text not null,
  row_id uuid not null,
  lines jsonb not null,
  reverses_id uuid,
  accepted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint review_decisions_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint review_decisions_origin_check check (origin_seq is null or device_id is not null),
  constraint review_decisions_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint review_decisions_table_name_check check (char_length(table_name) <= 63),
  constraint review_decisions_reverses_id_fkey foreign key (reverses_id) references public.review_decisions (id) deferrable initially immediate,
  constraint review_decisions_lines_shape_check check (case jsonb_typeof(lines) when 'array' then jsonb_array_length(lines) between 1 and 50 else lines is null end)
);

create index review_decisions_feed_idx on public.review_decisions (row_xid, id);
create index review_decisions_location_id_feed_idx on public.review_decisions (location_id, row_xid, id);
create index review_decisions_row_id_idx on public.review_decisions (row_id);
create unique index review_decisions_reverses_id_live_key
  on public.review_decisions (reverses_id)
  where reverses_id is not null;
create unique index review_decisions_origin_key on public.review_decisions (device_id, origin_seq)
  where origin_seq is not null;

alter table public.review_decisions enable row level security;
alter table public.review_decisions force row level security;
revoke all on table public.review_decisions from public, anon, authenticated, service_role;
grant select on table public.review_decisions to authenticated;
grant select on table public.review_decisions to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, table_name, row_id, lines,
    reverses_id, accepted_at
) on table public.review_decisions to authenticated;

create trigger append_only before update or delete on public.review_decisions
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.review_decisions
  for each statement execute function private.refuse_change();
alter table public.review_decisions enable always trigger append_only;
alter table public.review_decisions enable always trigger append_only_truncate;

-- A decision is taken back once, by a decision about the same record, within a day of being taken by
-- the server. GN007: too late.
create function private.guard_undo() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  first public.review_decisions;
begin
  -- Inside this function the current user is its owner; the role that was set tells who writes.
  if new.reverses_id is null or current_setting('role') <> 'authenticated' then return new; end if;
  select d.* into first from public.review_decisions d where d.id = new.reverses_id;
  if not found then
    raise exception 'review_decisions: there is no such decision' using errcode = '23503';
  end if;
  if first.reverses_id is not null or first.table_name <> new.table_name
     or first.row_id <> new.row_id then
    raise exception 'review_decisions: not a decision that this one can take back'
      using errcode = '23514', constraint = 'review_decisions_reverses_id_check',
        column = 'reverses_id';
  end if;
  if coalesce(first.accepted_at, first.recorded_at) < now() - interval '24 hours' then
    raise exception 'review_decisions: too late to take it back' using errcode = 'GN007';
  end if;
  return new;
end $$;

create trigger guard_undo before insert on public.review_decisions
  for each row execute function private.guard_undo();

create policy review_decisions_read on public.review_decisions for select to authenticated using (
  table_name in (select l.value from private.limited_values('review_decisions', 'read', 'table_name') l where l.place = '*')
  or (table_name, location_id::text) in (select l.value, l.place from private.limited_values('review_decisions', 'read', 'table_name') l)
  or (location_id is null and table_name in (select l.value from private.limited_values('review_decisions', 'read', 'table_name') l where l.place = 'any'))
);
create policy review_decisions_create on public.review_decisions
  for insert to authenticated with check (
  table_name in (select l.value from private.limited_values('review_decisions', 'create', 'table_name') l where l.place = '*')
  or (table_name, location_id::text) in (select l.value, l.place from private.limited_values('review_decisions', 'create', 'table_name') l)
  or (location_id is null and table_name in (select l.value from private.limited_values('review_decisions', 'create', 'table_name') l where l.place = 'any'))
);
create policy review_decisions_create_as_oneself on public.review_decisions
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy review_decisions_engine_read on public.review_decisions
  for select to ganger_engine using (true);

insert into private.scopes
  (table_name, location_column, sites_column, team_column, own_column)
values
  ('review_decisions', 'location_id', null, null, null);

insert into private.access_matrix
  (role, table_name, operation, reach, only_field, only_values)
values
  ('FD', 'review_decisions', 'read', 'sites', 'table_name', '{patients,coverages,count_sessions,patient_comm_preferences,kiosk_sessions,insurance_captures,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('FD', 'review_decisions', 'create', 'sites', 'table_name', '{patients,coverages,count_sessions,patient_comm_preferences,kiosk_sessions,insurance_captures,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('CS', 'review_decisions', 'read', 'sites', 'table_name', '{patients,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,handout_template_versions,handout_links,patient_comm_preferences,handout_recall_targets,form_submissions,appointment_participants,authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('CS', 'review_decisions', 'create', 'sites', 'table_name', '{patients,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,handout_template_versions,handout_links,patient_comm_preferences,handout_recall_targets,form_submissions,authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('PR', 'review_decisions', 'read', 'all', 'table_name', '{patients,handout_templates,handout_template_versions,handout_links,patient_comm_preferences,handout_recall_targets,form_submissions,pharma_appointments,appointment_participants,authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('PR', 'review_decisions', 'create', 'all', 'table_name', '{patients,handout_templates,handout_template_versions,handout_links,patient_comm_preferences,handout_recall_targets,form_submissions,pharma_appointments,authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('MG', 'review_decisions', 'read', 'all', 'table_name', '{inventory_items,vendors,vendor_items,item_locations,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,sds_documents,handout_templates,handout_template_versions,handout_recall_targets,form_templates,form_template_versions,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('MG', 'review_decisions', 'create', 'all', 'table_name', '{inventory_items,vendors,vendor_items,item_locations,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,sds_documents,handout_templates,handout_template_versions,handout_recall_targets,form_templates,form_template_versions,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('LM', 'review_decisions', 'read', 'sites', 'table_name', '{inventory_items,item_locations,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,sds_documents,handout_template_versions,handout_recall_targets,form_template_versions,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('LM', 'review_decisions', 'create', 'sites', 'table_name', '{inventory_items,item_locations,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,sds_documents,handout_template_versions,handout_recall_targets,form_template_versions,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('SA', 'review_decisions', 'read', 'all', 'table_name', '{inventory_items,vendors,vendor_items,item_locations,purchase_orders,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments}'),
  ('SA', 'review_decisions', 'create', 'all', 'table_name', '{inventory_items,vendors,vendor_items,item_locations,purchase_orders,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments}'),
  ('AS', 'review_decisions', 'read', 'all', 'table_name', '{authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('AS', 'review_decisions', 'create', 'all', 'table_name', '{authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('BUY', 'review_decisions', 'read', 'all', 'table_name', '{purchase_orders,purchase_order_lines,reorder_requests}'),
  ('BUY', 'review_decisions', 'create', 'all', 'table_name', '{purchase_orders,purchase_order_lines,reorder_requests}'),
  ('SAFETY', 'review_decisions', 'read', 'sites', 'table_name', '{inventory_lots,sds_documents}'),
  ('SAFETY', 'review_decisions', 'create', 'sites', 'table_name', '{inventory_lots,sds_documents}');

-- An undo opens the review again; that step is the server's own.
insert into private.allowed_transitions (table_name, from_state, to_state, needs, guard) values
  ('review_items', 'decided', 'open', 'server', 'none');

revoke execute on all functions in schema private from public;
