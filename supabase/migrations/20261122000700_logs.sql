-- What the server writes down: steps, contested fields, what needs a person's decision.

-- transitions -------------------------------------------------------------------------------------

create table public.transitions (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid,
  table_name text not null,
  row_id uuid not null,
  from_state text,
  to_state text not null,
  actor_id uuid,
  basis_version text,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint transitions_location_id_fkey
    foreign key (location_id)
      references public.locations (id) deferrable initially immediate,
  constraint transitions_table_name_check check (char_length(table_name) <= 63),
  constraint transitions_from_state_check check (char_length(from_state) <= 40),
  constraint transitions_to_state_check check (char_length(to_state) <= 40),
  constraint transitions_actor_id_fkey
    foreign key (actor_id)
      references public.users (id) deferrable initially immediate,
  constraint transitions_basis_version_check check (char_length(basis_version) <= 40)
);

create index transitions_feed_idx on public.transitions (row_xid, id);
create index transitions_location_id_feed_idx on public.transitions (location_id, row_xid, id);
create index transitions_row_id_idx on public.transitions (row_id);
create index transitions_actor_id_idx on public.transitions (actor_id);

alter table public.transitions enable row level security;
alter table public.transitions force row level security;
revoke all on table public.transitions from public, anon, authenticated, service_role;
grant select on table public.transitions to authenticated;
grant select on table public.transitions to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, location_id, table_name, row_id, from_state, to_state,
  actor_id, basis_version
) on table public.transitions to ganger_engine;

create trigger append_only before update or delete on public.transitions
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.transitions
  for each statement execute function private.refuse_change();
alter table public.transitions enable always trigger append_only;
alter table public.transitions enable always trigger append_only_truncate;

create policy transitions_read on public.transitions for select to authenticated using (
  (select private.reaches_all('transitions', 'read'))
  or location_id = any ((select private.sites('transitions', 'read'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('transitions', 'read')) > 0))
);
create policy transitions_engine_read on public.transitions
  for select to ganger_engine using (true);
create policy transitions_engine_create on public.transitions
  for insert to ganger_engine with check (true);

-- conflict_log ------------------------------------------------------------------------------------

create table public.conflict_log (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid,
  table_name text not null,
  row_id uuid not null,
  field text not null,
  rule text not null,
  kept_value jsonb,
  kept_hlc text not null,
  kept_by uuid,
  lost_value jsonb,
  lost_hlc text not null,
  lost_by uuid,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint conflict_log_location_id_fkey
    foreign key (location_id)
      references public.locations (id) deferrable initially immediate,
  constraint conflict_log_table_name_check check (char_length(table_name) <= 63),
  constraint conflict_log_field_check check (char_length(field) <= 63),
  constraint conflict_log_rule_check check (rule in ('LWW', 'HR')),
  constraint conflict_log_kept_hlc_check check (char_length(kept_hlc) <= 31),
  constraint conflict_log_kept_by_fkey
    foreign key (kept_by)
      references public.users (id) deferrable initially immediate,
  constraint conflict_log_lost_hlc_check check (char_length(lost_hlc) <= 31),
  constraint conflict_log_lost_by_fkey
    foreign key (lost_by)
      references public.users (id) deferrable initially immediate
);

create index conflict_log_feed_idx on public.conflict_log (row_xid, id);
create index conflict_log_location_id_feed_idx on public.conflict_log (location_id, row_xid, id);
create index conflict_log_row_id_idx on public.conflict_log (row_id);
create index conflict_log_kept_by_idx on public.conflict_log (kept_by);
create index conflict_log_lost_by_idx on public.conflict_log (lost_by);

alter table public.conflict_log enable row level security;
alter table public.conflict_log force row level security;
revoke all on table public.conflict_log from public, anon, authenticated, service_role;
grant select on table public.conflict_log to authenticated;
grant select on table public.conflict_log to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, location_id, table_name, row_id, field, rule,
  kept_value, kept_hlc, kept_by, lost_value, lost_hlc, lost_by
) on table public.conflict_log to ganger_engine;

create trigger append_only before update or delete on public.conflict_log
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.conflict_log
  for each statement execute function private.refuse_change();
alter table public.conflict_log enable always trigger append_only;
alter table public.conflict_log enable always trigger append_only_truncate;

create policy conflict_log_read on public.conflict_log for select to authenticated using (
  (select private.reaches_all('conflict_log', 'read'))
  or location_id = any ((select private.sites('conflict_log', 'read'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('conflict_log', 'read')) > 0))
);
create policy conflict_log_engine_read on public.conflict_log
  for select to ganger_engine using (true);
create policy conflict_log_engine_create on public.conflict_log
  for insert to ganger_engine with check (true);

-- review_items ------------------------------------------------------------------------------------

create table public.review_items (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid,
  kind text not null,
  table_name text not null,
  row_id uuid not null,
  field text,
  facts jsonb not null,
  status text not null,
  decision text,
  decided_by uuid,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint review_items_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint review_items_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint review_items_location_id_fkey
    foreign key (location_id)
      references public.locations (id) deferrable initially immediate,
  constraint review_items_kind_check
    check (kind in ('field_conflict', 'count_variance', 'negative_stock')),
  constraint review_items_table_name_check check (char_length(table_name) <= 63),
  constraint review_items_field_check check (char_length(field) <= 63),
  constraint review_items_status_check check (status in ('open', 'decided', 'void')),
  constraint review_items_decision_check check (char_length(decision) <= 40),
  constraint review_items_decided_by_fkey
    foreign key (decided_by)
      references public.users (id) deferrable initially immediate
);

create index review_items_feed_idx on public.review_items (row_xid, id);
create index review_items_location_id_feed_idx on public.review_items (location_id, row_xid, id);
create index review_items_row_id_idx on public.review_items (row_id);
create index review_items_decided_by_idx on public.review_items (decided_by);

alter table public.review_items enable row level security;
alter table public.review_items force row level security;
revoke all on table public.review_items from public, anon, authenticated, service_role;
grant select on table public.review_items to authenticated;
grant select on table public.review_items to ganger_engine;
grant update (
  status, decision, decided_by, field_hlc, field_by
) on table public.review_items to authenticated;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, kind, table_name, row_id,
  field, facts, status, decision, decided_by, field_by
) on table public.review_items to ganger_engine;
grant update (status, field_hlc, field_by) on table public.review_items to ganger_engine;

create trigger guard_state before insert or update of status on public.review_items
  for each row execute function private.guard_state();
create trigger guard_actor before update of decided_by on public.review_items
  for each row execute function private.guard_actor('decided_by');
create trigger sign_fields before insert or update on public.review_items
  for each row execute function private.sign_fields();
create trigger touch before update on public.review_items
  for each row execute function private.touch();

create policy review_items_read on public.review_items for select to authenticated using (
  (select private.reaches_all('review_items', 'read'))
  or location_id = any ((select private.sites('review_items', 'read'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('review_items', 'read')) > 0))
);
create policy review_items_update on public.review_items for update to authenticated using (
  (select private.reaches_all('review_items', 'update'))
  or location_id = any ((select private.sites('review_items', 'update'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('review_items', 'update')) > 0))
) with check (
  (select private.reaches_all('review_items', 'update'))
  or location_id = any ((select private.sites('review_items', 'update'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('review_items', 'update')) > 0))
);
create policy review_items_update_through_server on public.review_items
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy review_items_engine_read on public.review_items
  for select to ganger_engine using (true);
create policy review_items_engine_create on public.review_items
  for insert to ganger_engine with check (true);
create policy review_items_engine_update on public.review_items for update to ganger_engine
  using (true) with check (true);

-- push_memory -------------------------------------------------------------------------------------

-- What a device pushed last for a row, and on which base: a lost answer makes it push again with
-- the old base, which must not look like a second person's change.
create table private.push_memory (
  device_id uuid not null,
  table_name text not null,
  row_id uuid not null,
  base jsonb,
  pushed jsonb not null,
  recorded_at timestamptz not null default now(),
  primary key (device_id, table_name, row_id)
);
create index push_memory_recorded_at_idx on private.push_memory (recorded_at);

alter table private.push_memory enable row level security;
grant select, insert, update, delete on table private.push_memory to ganger_engine;
create policy push_memory_engine on private.push_memory to ganger_engine
  using (true) with check (true);
