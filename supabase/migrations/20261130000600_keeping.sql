-- Rows go when their time of keeping is over: the one exception to "nobody deletes". One function
-- removes, for one role, and judges each row by the rule of its table as it stands here; no role has a
-- right to delete anything by itself.

do $$
begin
  if not exists (select from pg_roles where rolname = 'ganger_retention') then
    create role ganger_retention nologin noinherit;
  end if;
end $$;
grant ganger_retention to ganger_sync with inherit false, set true;
grant usage on schema private to ganger_retention;

-- rules -------------------------------------------------------------------------------------------

-- What shared/schema says of each table (retention.ts); check:schema compares. years null: for ever.
create table private.retention_rules (
  table_name text primary key,
  years integer check (years >= 1),
  until_field text,
  until_values text[],
  ends_field text,
  not_before_field text,
  with_column text,
  with_table text,
  while_table text,
  while_column text,
  reckoned boolean check (reckoned),
  patient_column text,
  named_table_column text,
  named_id_column text,
  window_subject text,
  window_column text,
  source_table text,
  check ((until_field is null) = (until_values is null)),
  check ((while_table is null) = (while_column is null)),
  check ((named_table_column is null) = (named_id_column is null))
);
alter table private.retention_rules enable row level security;

insert into private.retention_rules
  select r.* from jsonb_populate_recordset(null::private.retention_rules, $rules$[
  {"table_name":"locations"},
  {"table_name":"users","years":7,"until_field":"status","until_values":["left"]},
  {"table_name":"user_roles","years":7,"ends_field":"valid_to"},
  {"table_name":"user_permissions","years":7,"ends_field":"valid_to"},
  {"table_name":"role_permissions"},
  {"table_name":"location_configs"},
  {"table_name":"devices","years":7,"until_field":"status","until_values":["retired"]},
  {"table_name":"eos_teams","years":7,"until_field":"active","until_values":["false"]},
  {"table_name":"eos_team_members","years":7,"ends_field":"left_at"},
  {"table_name":"file_uploads","years":7,"not_before_field":"retention_until","with_column":"owner_id","named_table_column":"owner_table","named_id_column":"owner_id"},
  {"table_name":"review_decisions","years":7,"named_table_column":"table_name","named_id_column":"row_id"},
  {"table_name":"medications"},
  {"table_name":"patients","years":7,"while_table":"appointments","while_column":"patient_id","patient_column":"id","window_subject":"patients","window_column":"id"},
  {"table_name":"appointments","years":7,"ends_field":"ends_at","patient_column":"patient_id","window_subject":"appointments","window_column":"id"},
  {"table_name":"patient_medications","years":7,"with_column":"patient_id","with_table":"patients","patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"coverages","years":7,"with_column":"patient_id","with_table":"patients","patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"consents","years":7,"with_column":"patient_id","with_table":"patients","patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"opt_outs","years":7,"with_column":"patient_id","with_table":"patients","patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"communication_events","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"notifications","years":2,"named_table_column":"ref_table","named_id_column":"ref_id"},
  {"table_name":"notification_reads","years":2},
  {"table_name":"vendors","years":7,"until_field":"active","until_values":["false"]},
  {"table_name":"inventory_items","years":7,"until_field":"status","until_values":["discontinued","merged"]},
  {"table_name":"sds_documents"},
  {"table_name":"item_locations","years":7,"with_column":"item_id","with_table":"inventory_items"},
  {"table_name":"vendor_items","years":7,"with_column":"item_id","with_table":"inventory_items"},
  {"table_name":"vendor_prices","years":7},
  {"table_name":"purchase_orders","years":7},
  {"table_name":"purchase_order_acts","years":7},
  {"table_name":"purchase_order_lines","years":7},
  {"table_name":"po_approvals","years":7},
  {"table_name":"transfers","years":7},
  {"table_name":"reorder_requests","years":7},
  {"table_name":"unmatched_scans","years":2},
  {"table_name":"patient_refs","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"stock_acts","years":7},
  {"table_name":"inventory_lots","years":7},
  {"table_name":"stock_movements","years":7,"reckoned":true},
  {"table_name":"count_sessions","years":7},
  {"table_name":"count_lines","years":7,"reckoned":true},
  {"table_name":"sample_log","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"handout_templates","years":7,"until_field":"status","until_values":["retired"]},
  {"table_name":"handout_template_versions","years":7,"until_field":"status","until_values":["draft","superseded","recalled","rejected"]},
  {"table_name":"handout_packs","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"generated_handouts","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"handout_voids","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"delivery_tracking","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"handout_links","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"patient_comm_preferences","years":7,"with_column":"patient_id","with_table":"patients","patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"handout_recalls","years":7},
  {"table_name":"handout_recall_targets","years":7,"until_field":"status","until_values":["done"],"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"handout_summaries","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id","source_table":"handout_packs"},
  {"table_name":"kiosk_devices","years":7,"until_field":"status","until_values":["retired"]},
  {"table_name":"kiosk_sessions","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"kiosk_schedule","years":1},
  {"table_name":"check_in_records","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"form_templates","years":7,"until_field":"status","until_values":["retired"]},
  {"table_name":"form_template_versions","years":7,"until_field":"status","until_values":["draft","superseded","recalled","rejected"]},
  {"table_name":"form_submissions","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"form_submission_summaries","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id","source_table":"form_submissions"},
  {"table_name":"digital_signatures","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"signature_invalidations","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"patient_field_changes","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"patient_field_decisions","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"insurance_captures","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"payment_transactions","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"l10_meetings","years":7},
  {"table_name":"meeting_events","years":7},
  {"table_name":"rocks","years":7},
  {"table_name":"rock_checkins","years":7},
  {"table_name":"milestones","years":7},
  {"table_name":"scorecard_metrics","years":7,"until_field":"archived","until_values":["true"]},
  {"table_name":"scorecard_goals","years":7,"with_column":"metric_id","with_table":"scorecard_metrics"},
  {"table_name":"scorecard_entries","years":7},
  {"table_name":"issues","years":7,"until_field":"state","until_values":["solved","dropped","moved"],"named_table_column":"source_table","named_id_column":"source_id"},
  {"table_name":"issue_votes","years":7},
  {"table_name":"issue_resolutions","years":7},
  {"table_name":"todos","years":7,"until_field":"state","until_values":["done","dropped"],"named_table_column":"origin_table","named_id_column":"origin_id"},
  {"table_name":"headlines","years":7},
  {"table_name":"cascading_messages","years":7},
  {"table_name":"cascading_acks","years":7},
  {"table_name":"meeting_ratings","years":7},
  {"table_name":"meeting_notes","years":7},
  {"table_name":"vto_versions"},
  {"table_name":"vto_drafts","years":7,"with_column":"team_id","with_table":"eos_teams"},
  {"table_name":"comments","years":7,"named_table_column":"about_table","named_id_column":"about_id"},
  {"table_name":"text_redactions","years":7,"named_table_column":"about_table","named_id_column":"about_id"},
  {"table_name":"pharma_companies","years":7,"until_field":"status","until_values":["active","paused"]},
  {"table_name":"pharma_representatives","years":7,"until_field":"status","until_values":["left","invited"]},
  {"table_name":"scheduling_activities","years":7,"until_field":"status","until_values":["retired"]},
  {"table_name":"availability_overrides","years":7,"ends_field":"local_date"},
  {"table_name":"pharma_appointments","years":7,"ends_field":"ends_at"},
  {"table_name":"slot_claims","years":7,"ends_field":"starts_at"},
  {"table_name":"slot_leases","years":2,"ends_field":"expires_at"},
  {"table_name":"appointment_approvals","years":7},
  {"table_name":"appointment_participants","years":7},
  {"table_name":"visitor_sign_ins","years":7},
  {"table_name":"meal_records","years":7},
  {"table_name":"transfers_of_value","years":7},
  {"table_name":"open_payments_thresholds"},
  {"table_name":"sample_deliveries","years":7},
  {"table_name":"rep_policy_acks","years":7},
  {"table_name":"rep_communications","years":7},
  {"table_name":"waitlist_entries","years":2,"ends_field":"to_date"},
  {"table_name":"authorization_requests","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"authorization_evidence","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"evidence_reviews","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"therapy_trials","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"severity_scores","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"payer_rules","years":7,"until_field":"active","until_values":["false"]},
  {"table_name":"payer_rule_versions","years":7,"ends_field":"effective_to"},
  {"table_name":"regime_rules"},
  {"table_name":"criteria_checks","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"ai_analysis_results","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"ai_reviews","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"outage_log","years":7},
  {"table_name":"pa_signatures","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"pa_submissions","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"insurance_responses","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"appeals","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"pa_tasks","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"pa_communications","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id"},
  {"table_name":"authorization_summaries","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id","source_table":"authorization_requests"},
  {"table_name":"insurance_response_summaries","years":7,"patient_column":"patient_id","window_subject":"patients","window_column":"patient_id","source_table":"insurance_responses"},
  {"table_name":"transitions","years":7,"named_table_column":"table_name","named_id_column":"row_id"},
  {"table_name":"conflict_log","years":7,"named_table_column":"table_name","named_id_column":"row_id"},
  {"table_name":"review_items","years":7,"until_field":"status","until_values":["decided","void"],"named_table_column":"table_name","named_id_column":"row_id"},
  {"table_name":"audit_logs"}
]$rules$) r;

-- Two numbers that the code has too (MINORS_UNTIL_AGE, TAKEN_BACK_DAYS).
create function private.minors_until_age() returns integer
language sql immutable parallel safe return 25;
create function private.taken_back_for() returns interval
language sql immutable parallel safe return interval '180 days';

-- A clinic may keep what is kept for the usual seven years for longer, by its setting
-- "retention.years"; never for less.
create function private.years_kept(p_years integer) returns integer
language sql stable set search_path = '' as $$
  select case when p_years < 7 then p_years else greatest(p_years, coalesce((
    select max(least((c.value #>> '{}')::numeric, 200))::integer
      from (select distinct on (l.location_id) l.value from public.location_configs l
             where l.key = 'retention.years' and l.effective_from <= now()
             order by l.location_id, l.effective_from desc) c
     where jsonb_typeof(c.value) = 'number'), 0)) end
$$;

-- what may go -------------------------------------------------------------------------------------

-- The patient whom a row is about: by a column of its own, or by that of the row which it names.
create function private.patient_of(p_rule private.retention_rules, p_row jsonb) returns uuid
language plpgsql stable set search_path = '' as $$
declare
  named text := p_row ->> p_rule.named_table_column;
  its_column text;
  patient uuid;
begin
  if p_rule.patient_column is not null then return (p_row ->> p_rule.patient_column)::uuid; end if;
  if named is null then return null; end if;
  select r.patient_column into its_column from private.retention_rules r where r.table_name = named;
  if its_column is null then return null; end if;
  execute format('select t.%I from public.%I t where t.id = $1', its_column, named)
    into patient using (p_row ->> p_rule.named_id_column)::uuid;
  return patient;
end $$;

-- True when the time of a row is over, whoever refers to it.
create function private.may_go(p_table text, p_row jsonb) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  rule private.retention_rules;
  patient uuid;
  last_change timestamptz := (p_row ->> 'recorded_at')::timestamptz;
  ended timestamptz;
  parent text;
  parent_row jsonb;
  there boolean;
begin
  select r.* into rule from private.retention_rules r where r.table_name = p_table;
  if rule.years is null then return false; end if;
  patient := private.patient_of(rule, p_row);
  if patient is null and p_row ->> 'deleted_at' is not null
     and greatest((p_row ->> 'deleted_at')::timestamptz, last_change)
         < now() - private.taken_back_for() then
    return true;
  end if;

  ended := last_change;
  if rule.ends_field is not null then
    if p_row ->> rule.ends_field is null then return false; end if;
    ended := greatest(ended, (p_row ->> rule.ends_field)::timestamptz);
  end if;
  if ended >= now() - make_interval(years => private.years_kept(rule.years)) then return false; end if;
  if (p_row ->> rule.not_before_field)::date >= current_date then return false; end if;
  if rule.until_field is not null
     and (p_row ->> rule.until_field = any (rule.until_values)) is not true then
    return false;
  end if;
  if patient is not null and exists (
       select from public.patients p where p.id = patient
          and p.birth_date + make_interval(years => private.minors_until_age()) > now()) then
    return false;
  end if;

  if rule.while_table is not null then
    execute format('select exists (select from public.%I t where t.%I = $1)',
      rule.while_table, rule.while_column) into there using (p_row ->> 'id')::uuid;
    if there then return false; end if;
  end if;
  if rule.source_table is not null then
    execute format('select exists (select from public.%I t where t.id = $1)', rule.source_table)
      into there using (p_row ->> 'id')::uuid;
    if there then return false; end if;
  end if;
  -- On-hand begins at the last posted count: what is older than that count adds nothing to it.
  if rule.reckoned and not exists (
       select from public.count_lines l
         join public.count_sessions s on s.id = l.session_id and s.status = 'posted'
        where l.item_id = (p_row ->> 'item_id')::uuid
          and l.location_id = (p_row ->> 'location_id')::uuid
          and l.lot_id is not distinct from (p_row ->> 'lot_id')::uuid
          and (l.hlc, l.id) > ((p_row ->> 'hlc') collate "C", (p_row ->> 'id')::uuid)) then
    return false;
  end if;
  if p_row ->> rule.with_column is not null then
    parent := coalesce(rule.with_table, p_row ->> rule.named_table_column);
    execute format('select to_jsonb(t) from public.%I t where t.id = $1', parent)
      into parent_row using (p_row ->> rule.with_column)::uuid;
    if parent_row is not null and not private.may_go(parent, parent_row) then return false; end if;
  end if;
  return true;
end $$;

-- A condition that no row which stays names row "t" of a table: by a key, or by table and id. A row
-- that names it and goes with it does not hold it.
create function private.unnamed(p_table text) returns text
language sql stable set search_path = '' as $$
  select coalesce(string_agg(c.condition, e'\n and '), 'true') from (
    select format('not exists (select from %s c where c.%I = t.id%s)', k.conrelid::regclass, a.attname,
             case when k.conrelid = k.confrelid then ' and c.id <> t.id' end) as condition
      from pg_catalog.pg_constraint k
      join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
     where k.contype = 'f' and k.confrelid = format('public.%I', p_table)::regclass
    union all
    select format('not exists (select from public.%I c where c.%I = %L and c.%I = t.id%s)',
             r.table_name, r.named_table_column, p_table, r.named_id_column,
             case when r.with_column = r.named_id_column
               then format(' and not private.may_go(%L, to_jsonb(c))', r.table_name) end)
      from private.retention_rules r where r.named_table_column is not null) c
$$;

-- what is remembered ------------------------------------------------------------------------------

-- A device hears of a row that was removed as of one that was taken back, in every part in which it
-- may hold it.
alter table private.part_departures add column removed boolean not null default false;

-- So that nobody brings such a row back. Ids alone, forgotten after two years.
create table private.removed_rows (
  table_name text not null,
  row_id uuid not null,
  removed_at timestamptz not null default now(),
  primary key (table_name, row_id)
);
create index removed_rows_at_idx on private.removed_rows (removed_at);
alter table private.removed_rows enable row level security;
grant select, update, delete on table private.removed_rows to ganger_engine;
create policy removed_rows_engine_read on private.removed_rows
  for select to ganger_engine using (true);
create policy removed_rows_engine_forget on private.removed_rows
  for delete to ganger_engine using (true);
create policy removed_rows_engine_lock on private.removed_rows
  for update to ganger_engine using (true) with check (false);

-- What each run did, for whoever wants to know; and when the next one is due.
create table private.retention_runs (
  id uuid primary key default gen_random_uuid(),
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  removed bigint not null default 0,
  held bigint not null default 0
);
create index retention_runs_ended_idx on private.retention_runs (ended_at);
alter table private.retention_runs enable row level security;
grant select, insert, update on table private.retention_runs to ganger_retention;
create policy retention_runs_own on private.retention_runs
  to ganger_retention using (true) with check (true);

-- The parts in which devices may hold a row of a table: those of windows too that its subject was in
-- lately, since a device that was away may still hold it.
create function private.held_in(p_rule private.retention_rules, p_row jsonb) returns setof text
language sql stable set search_path = '' as $$
  select m.scope from private.scope_members m
   where m.subject = (p_rule).window_subject
     and m.row_id = (p_row ->> (p_rule).window_column)::uuid
  union
  select part from private.parts_of(private.scope_of((p_rule).table_name), p_row) part
   where p_row ->> (p_rule).window_column is null
  union
  select 'all' where p_row ->> (p_rule).window_column is null
$$;

-- removing ----------------------------------------------------------------------------------------

-- Looks at so many rows of a table behind a place in its feed, oldest first (or, with p_taken_back, at
-- those that were taken back, behind an id), and removes those whose time is over and that nothing
-- which stays names, with a note for devices and an entry in the audit chain of p_device that counts
-- them. Rows that somebody works on at this moment are passed over.
create function private.remove_over(
  p_table text, p_xid xid8, p_id uuid, p_limit integer, p_device uuid, p_taken_back boolean
)
returns table (
  looked integer, removed integer, held integer, last_xid text, last_id uuid, more boolean, parts text[]
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  rule private.retention_rules;
  cutoff timestamptz;
  due uuid[];
  youngest timestamptz;
begin
  if current_setting('role') <> 'ganger_retention' then
    raise exception 'rows are removed by the retention alone' using errcode = 'GN003';
  end if;
  select r.* into rule from private.retention_rules r where r.table_name = p_table;
  if rule.years is null then
    raise exception 'retention: rows of % are kept for ever', p_table using errcode = 'GN003';
  end if;
  removed := 0;
  parts := '{}';
  if p_taken_back then
    cutoff := now() - private.taken_back_for();
    execute format(
      'select count(*), array_agg(w.id), max(w.id::text)::uuid from (
         select t.id from public.%I t where t.deleted_at < $1 and t.id > $2
          order by t.id limit $3) w', p_table)
      into looked, due, last_id using cutoff, p_id, p_limit;
    more := looked = p_limit;
  else
    cutoff := now() - make_interval(years => private.years_kept(rule.years));
    execute format(
      'select count(*), array_agg(w.id) filter (where w.recorded_at < $1),
              (array_agg(w.row_xid::text order by w.row_xid desc, w.id desc))[1],
              (array_agg(w.id order by w.row_xid desc, w.id desc))[1],
              (array_agg(w.recorded_at order by w.row_xid desc, w.id desc))[1]
         from (select t.id, t.row_xid, t.recorded_at from public.%I t
                where (t.row_xid, t.id) > ($2, $3) order by t.row_xid, t.id limit $4) w', p_table)
      into looked, due, last_xid, last_id, youngest using cutoff, p_xid, p_id, p_limit;
    -- Places in the feed follow the last changes: behind a young row there are only younger ones.
    more := looked = p_limit and youngest < cutoff;
  end if;
  held := coalesce(cardinality(due), 0);
  if held = 0 then return next; return; end if;

  -- Locked before it is looked who names them: a row that comes to name one waits, or is seen.
  execute format(
    'select array_agg(l.id) from (
       select t.id from public.%I t where t.id = any ($1) order by t.id for update skip locked) l',
    p_table) into due using due;
  execute format(
    'with gone as (
       delete from public.%1$I t
        where t.id = any ($1) and private.may_go(%1$L, to_jsonb(t)) and %2$s
       returning t.id, to_jsonb(t) as doc),
     noted as (
       insert into private.removed_rows (table_name, row_id) select %1$L, g.id from gone g
       on conflict do nothing),
     told as (
       insert into private.part_departures as d (table_name, part, row_id, removed)
         select %1$L, part, g.id, true from gone g cross join private.held_in($2, g.doc) part
       on conflict (table_name, part, row_id) do update
         set removed = true, left_xid = pg_current_xact_id(), left_at = now()
       returning d.part)
     select (select count(*) from gone), array(select distinct t.part from told t)',
    p_table, private.unnamed(p_table)) into removed, parts using due, rule;
  held := held - removed;
  if removed > 0 then
    if p_table = 'inventory_items' then
      delete from private.item_gtins g
       where g.item_id = any (due)
         and not exists (select from public.inventory_items i where i.id = g.item_id);
    end if;
    perform private.append_audit(p_device, jsonb_build_array(jsonb_build_object(
      'action', 'update', 'table_name', p_table,
      'row_id', '00000000-0000-0000-0000-000000000000',
      'outcome', format('kept for its time: %s removed', removed))));
  end if;
  return next;
end $$;

-- The one exception to append-only: inside that function, as its owner and for that role. The role by
-- itself, and the owner by itself, are refused like everybody else.
create or replace function private.refuse_change() returns trigger
language plpgsql set search_path = '' as $$
begin
  if tg_op = 'DELETE' and current_setting('role') = 'ganger_retention'
     and current_user <> 'ganger_retention' then
    -- Asked apart: whoever may not enter the schema may not even look for its function.
    if current_user = (select pg_catalog.pg_get_userbyid(p.proowner) from pg_catalog.pg_proc p
                        where p.oid = 'private.remove_over(text, xid8, uuid, integer, uuid, boolean)'
                                        ::pg_catalog.regprocedure) then
      return null;
    end if;
  end if;
  raise exception '% is append-only: % refused', tg_table_name, lower(tg_op)
    using errcode = 'GN001';
end $$;

-- Rows that were taken back are found without reading the others. There are none in what is released,
-- so each of these indexes is empty, and building it reads a table once.
do $$
declare
  its_table text;
begin
  for its_table in
    select c.relname from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'deleted_at' and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by c.relname
  loop
    execute format(
      'create index %1$s_taken_back_idx on public.%1$I (deleted_at) where deleted_at is not null',
      its_table);
  end loop;
end $$;

revoke execute on function
  private.minors_until_age(), private.taken_back_for(), private.years_kept(integer),
  private.patient_of(private.retention_rules, jsonb), private.may_go(text, jsonb),
  private.unnamed(text), private.held_in(private.retention_rules, jsonb),
  private.remove_over(text, xid8, uuid, integer, uuid, boolean)
from public;
grant execute on function private.remove_over(text, xid8, uuid, integer, uuid, boolean)
  to ganger_retention;
