-- What the other modules add to the tables that are there: states of items and lots, more kinds of
-- movements, what a movement belongs to, more reasons for review, more that is audited.

-- inventory_items ----------------------------------------------------------------------------------

alter table public.inventory_items
  add column image_file_id uuid,
  add column expiry_alert_days integer,
  add column open_days integer,
  -- allow drop-constraint: the same check with one more state follows in this statement
  drop constraint inventory_items_status_check,
  add constraint inventory_items_status_check
    check (status in ('draft', 'active', 'discontinued', 'merged')) not valid,
  add constraint inventory_items_image_file_id_fkey
    foreign key (image_file_id)
      references public.file_uploads (id) deferrable initially immediate not valid,
  add constraint inventory_items_expiry_alert_days_check
    check (expiry_alert_days between 0 and 400) not valid,
  add constraint inventory_items_open_days_check check (open_days between 0 and 400) not valid;
-- allow constraint-not-valid: nothing is released that has many rows here
alter table public.inventory_items
  validate constraint inventory_items_status_check,
  validate constraint inventory_items_image_file_id_fkey,
  validate constraint inventory_items_expiry_alert_days_check,
  validate constraint inventory_items_open_days_check;
-- allow create-index: the catalogue has some thousand rows
create index inventory_items_image_file_id_idx on public.inventory_items (image_file_id);
create trigger guard_state before insert or update of status on public.inventory_items
  for each row execute function private.guard_state();
grant insert (image_file_id, expiry_alert_days, open_days)
  on table public.inventory_items to authenticated;
grant update (image_file_id, expiry_alert_days, open_days, status)
  on table public.inventory_items to authenticated;
grant update (
  kind, sku, base_unit, lot_policy, expiry_policy, controlled_schedule, hazardous, status,
  merged_into_id, field_hlc, field_by
) on table public.inventory_items to ganger_engine;

-- inventory_lots -----------------------------------------------------------------------------------

alter table public.inventory_lots
  add column expiry_precision text,
  add column received_from uuid,
  add column transaction_doc_file_id uuid,
  add constraint inventory_lots_expiry_precision_check
    check (expiry_precision in ('day', 'month')) not valid,
  add constraint inventory_lots_received_from_fkey
    foreign key (received_from)
      references public.vendors (id) deferrable initially immediate not valid,
  add constraint inventory_lots_transaction_doc_file_id_fkey
    foreign key (transaction_doc_file_id)
      references public.file_uploads (id) deferrable initially immediate not valid;
-- allow constraint-not-valid: nothing is released that has many rows here
alter table public.inventory_lots
  validate constraint inventory_lots_expiry_precision_check,
  validate constraint inventory_lots_received_from_fkey,
  validate constraint inventory_lots_transaction_doc_file_id_fkey;
-- allow create-index: no more lots than items and deliveries
create index inventory_lots_received_from_idx on public.inventory_lots (received_from);
-- allow create-index: no more lots than items and deliveries
create index inventory_lots_transaction_doc_file_id_idx
  on public.inventory_lots (transaction_doc_file_id);
create trigger guard_state before insert or update of recall_status on public.inventory_lots
  for each row execute function private.guard_state();
grant insert (expiry_precision, received_from, transaction_doc_file_id)
  on table public.inventory_lots to ganger_engine;
grant update (transaction_doc_file_id, recall_status, field_hlc, field_by)
  on table public.inventory_lots to authenticated;
grant update (received_from, recall_status, field_hlc, field_by)
  on table public.inventory_lots to ganger_engine;

-- stock_acts and stock_movements -------------------------------------------------------------------

alter table public.stock_acts
  add column witnessed_by uuid,
  -- allow drop-constraint: the same check with more kinds follows in this statement
  drop constraint stock_acts_kind_check,
  add constraint stock_acts_kind_check check (kind in (
    'opening', 'receive', 'return_stock', 'transfer_in', 'sample_in', 'issue', 'waste',
    'return_vendor', 'transfer_out', 'sample_out', 'reclass')) not valid,
  add constraint stock_acts_witnessed_by_fkey
    foreign key (witnessed_by)
      references public.users (id) deferrable initially immediate not valid;
-- allow constraint-not-valid: nothing is released that has many rows here
alter table public.stock_acts
  validate constraint stock_acts_kind_check,
  validate constraint stock_acts_witnessed_by_fkey;
-- allow create-index: nothing is released that has many rows here
create index stock_acts_witnessed_by_idx on public.stock_acts (witnessed_by);
grant insert (witnessed_by) on table public.stock_acts to authenticated;

alter table public.stock_movements
  add column bin text,
  add column note text,
  add column ref_type text,
  add column ref_id uuid,
  add column reverses_id uuid,
  add column witnessed_by uuid,
  add column patient_ref uuid,
  -- allow drop-constraint: the same check with more kinds follows in this statement
  drop constraint stock_movements_type_check,
  -- allow drop-constraint: the same check, which knows reversals and reclassifications, follows
  drop constraint stock_movements_sign_check,
  add constraint stock_movements_type_check check (type in (
    'opening', 'receive', 'return_stock', 'transfer_in', 'sample_in', 'issue', 'waste',
    'return_vendor', 'transfer_out', 'sample_out', 'reclass')) not valid,
  -- A reversal goes the other way than what it takes back.
  add constraint stock_movements_sign_check check (qty_base <> 0 and (type = 'reclass' or
    (type in ('opening', 'receive', 'return_stock', 'transfer_in', 'sample_in'))
      = ((qty_base > 0) <> (reverses_id is not null)))) not valid,
  add constraint stock_movements_bin_check check (char_length(bin) <= 40) not valid,
  add constraint stock_movements_note_check check (char_length(note) <= 500) not valid,
  add constraint stock_movements_ref_type_check
    check (ref_type in ('po_line', 'transfer', 'appointment', 'sample_log')) not valid,
  add constraint stock_movements_reverses_id_fkey
    foreign key (reverses_id)
      references public.stock_movements (id) deferrable initially immediate not valid,
  add constraint stock_movements_witnessed_by_fkey
    foreign key (witnessed_by)
      references public.users (id) deferrable initially immediate not valid;
-- allow constraint-not-valid: nothing is released that has many rows here
alter table public.stock_movements
  validate constraint stock_movements_type_check,
  validate constraint stock_movements_sign_check,
  validate constraint stock_movements_bin_check,
  validate constraint stock_movements_note_check,
  validate constraint stock_movements_ref_type_check,
  validate constraint stock_movements_reverses_id_fkey,
  validate constraint stock_movements_witnessed_by_fkey;
-- allow create-index: nothing is released that has many rows here
create unique index stock_movements_reverses_id_live_key
  on public.stock_movements (reverses_id)
  where reverses_id is not null;
-- allow create-index: nothing is released that has many rows here
create index stock_movements_ref_id_idx on public.stock_movements (ref_id);
-- allow create-index: nothing is released that has many rows here
create index stock_movements_witnessed_by_idx on public.stock_movements (witnessed_by);
grant insert (bin, note, ref_type, ref_id, reverses_id, witnessed_by, patient_ref)
  on table public.stock_movements to ganger_engine;

-- devices, review_items ----------------------------------------------------------------------------

grant update (enrolled_by) on table public.devices to ganger_engine;

alter table public.review_items
  -- allow drop-constraint: the same check with more kinds follows in this statement
  drop constraint review_items_kind_check,
  add constraint review_items_kind_check check (kind in (
    'field_conflict', 'count_variance', 'negative_stock', 'duplicate_person', 'identity_merge',
    'order_changed', 'slot_conflict', 'session_conflict', 'transfer_short', 'gtin_clash',
    'contradictory_response', 'duplicate_submission', 'voided_signature', 'unknown_payment',
    'patient_proposal', 'quarantined')) not valid;
-- allow constraint-not-valid: nothing is released that has many rows here
alter table public.review_items validate constraint review_items_kind_check;

-- audit_logs ---------------------------------------------------------------------------------------

alter table public.audit_logs
  add column acting_as uuid,
  add column purpose text,
  add column patient_ref uuid,
  -- allow drop-constraint: the same check with more actions follows in this statement
  drop constraint audit_logs_action_check,
  add constraint audit_logs_action_check check (action in (
    'insert', 'update', 'refuse', 'expand', 'post', 'read', 'list', 'print', 'export', 'sign_in',
    'sign_out', 'break_glass')) not valid,
  add constraint audit_logs_acting_as_fkey
    foreign key (acting_as)
      references public.users (id) deferrable initially immediate not valid,
  add constraint audit_logs_purpose_check check (char_length(purpose) <= 63) not valid;
-- allow constraint-not-valid: nothing is released that has many rows here
alter table public.audit_logs
  validate constraint audit_logs_action_check,
  validate constraint audit_logs_acting_as_fkey,
  validate constraint audit_logs_purpose_check;
-- allow create-index: nothing is released that has many rows here
create index audit_logs_acting_as_idx on public.audit_logs (acting_as);

-- Entries that say whose part somebody played, why, or whom it was about have these three at the end
-- of their text; all others have the text that they always had, so old chains stay whole.
create function private.audit_tail(acting_as uuid, purpose text, patient_ref uuid) returns jsonb
language sql immutable parallel safe
  return case
    when acting_as is null and purpose is null and patient_ref is null then '[]'::jsonb
    else jsonb_build_array(acting_as, purpose, patient_ref)
  end;

-- allow drop-function: its place takes one that returns three more columns
drop function private.audit_entries(jsonb);
create function private.audit_entries(p_entries jsonb)
returns table (
  action text, table_name text, row_id uuid, outcome text, location_id uuid, field_names jsonb,
  acting_as uuid, purpose text, patient_ref uuid, occurred_at timestamptz, nth bigint
)
language sql stable
begin atomic
  select e.action, e.table_name, e.row_id, e.outcome, e.location_id,
         coalesce(e.field_names, '[]'), e.acting_as, e.purpose, e.patient_ref,
         timestamptz 'epoch' + e.occurred_at * interval '1 millisecond', e.nth
    from rows from (
           jsonb_to_recordset(p_entries) as (
             action text, table_name text, row_id uuid, outcome text, location_id uuid,
             field_names jsonb, acting_as uuid, purpose text, patient_ref uuid, occurred_at bigint)
         ) with ordinality e (
           action, table_name, row_id, outcome, location_id, field_names, acting_as, purpose,
           patient_ref, occurred_at, nth);
end;

create or replace function private.append_audit(p_device uuid, p_entries jsonb) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  head private.audit_heads;
  claimed uuid := auth.uid();
  actor uuid;
  moment timestamptz := date_trunc('milliseconds', now());
  ids uuid[] := array(select gen_random_uuid() from jsonb_array_elements(p_entries));
  texts text[];
  hashes text[] := '{}';
  entry_text text;
  last_hash text;
begin
  if p_device is null then
    raise exception 'append_audit: a chain belongs to a device' using errcode = '22004';
  end if;
  select u.id into actor from public.users u where u.id = claimed;
  insert into private.audit_heads (device_id, seq, hash)
    values (p_device, 0, repeat('0', 64)) on conflict do nothing;
  select h.* into head from private.audit_heads h where h.device_id = p_device for update;

  texts := array(
    select (private.audit_text(
             p_device, head.seq + e.nth::integer, ids[e.nth], claimed, actor, l.id, e.action,
             e.table_name, e.row_id, e.outcome, e.field_names, e.occurred_at, moment)::jsonb
             || private.audit_tail(u.id, e.purpose, e.patient_ref))::text
      from private.audit_entries(p_entries) e
      left join public.locations l on l.id = e.location_id
      left join public.users u on u.id = e.acting_as
     order by e.nth);
  -- Each hash needs the one before: the only part that goes entry by entry.
  last_hash := head.hash;
  foreach entry_text in array texts loop
    last_hash := private.audit_hash(last_hash, entry_text);
    hashes := hashes || last_hash;
  end loop;

  insert into public.audit_logs (
    id, created_at, created_by, device_id, location_id, seq, prev_hash, hash, actor_id, action,
    table_name, row_id, outcome, field_names, acting_as, purpose, patient_ref, occurred_at,
    recorded_at)
  select ids[e.nth], moment, claimed, p_device, l.id, head.seq + e.nth,
         case e.nth when 1 then head.hash else hashes[e.nth - 1] end, hashes[e.nth], actor,
         e.action, e.table_name, e.row_id, e.outcome, e.field_names, u.id, e.purpose,
         e.patient_ref, e.occurred_at, moment
    from private.audit_entries(p_entries) e
    left join public.locations l on l.id = e.location_id
    left join public.users u on u.id = e.acting_as;
  update private.audit_heads h set seq = head.seq + cardinality(hashes), hash = last_hash
   where h.device_id = p_device;
  return head.seq + cardinality(hashes);
end $$;

create or replace function private.verify_audit(p_device uuid)
returns table (checked integer, broken_seq integer, fault text)
language sql stable security definer set search_path = '' as $$
  with judged as (
    select a.seq, case
             when a.seq <> lag(a.seq, 1, 0) over chain + 1 then 'missing'
             when a.prev_hash <> lag(a.hash, 1, repeat('0', 64)) over chain then 'unlinked'
             when a.hash <> private.audit_hash(a.prev_hash, (private.audit_text(
               a.device_id, a.seq, a.id, a.created_by, a.actor_id, a.location_id, a.action,
               a.table_name, a.row_id, a.outcome, a.field_names, a.occurred_at,
               a.recorded_at)::jsonb
               || private.audit_tail(a.acting_as, a.purpose, a.patient_ref))::text)
               then 'changed'
           end as fault
      from public.audit_logs a
     where a.device_id = p_device
    window chain as (order by a.seq)),
  walked as (
    select count(*)::integer as checked, min(j.seq) filter (where j.fault is not null) as seq,
           (array_agg(j.fault order by j.seq) filter (where j.fault is not null))[1] as fault
      from judged j),
  ends as (
    select coalesce(h.seq, 0) as head_seq, h.hash as head_hash,
           coalesce(a.seq, 0) as last_seq, a.hash as last_hash
      from (select 1) one
      left join private.audit_heads h on h.device_id = p_device
      left join lateral (
        select l.seq, l.hash from public.audit_logs l
         where l.device_id = p_device order by l.seq desc limit 1) a on true)
  select w.checked,
         coalesce(w.seq, case
           when e.last_seq < e.head_seq then e.last_seq + 1
           when e.last_seq > e.head_seq or e.last_hash <> e.head_hash then e.last_seq
         end),
         coalesce(w.fault, case
           when e.last_seq < e.head_seq then 'cut'
           when e.last_seq > e.head_seq then 'beyond'
           when e.last_hash <> e.head_hash then 'changed'
         end)
    from walked w cross join ends e
$$;

revoke execute on all functions in schema private from public;

-- policies that the cells have changed -------------------------------------------------------------

-- allow drop-policy: written anew below
drop policy inventory_items_read on public.inventory_items;
-- allow drop-policy: written anew below
drop policy inventory_items_create on public.inventory_items;
-- allow drop-policy: written anew below
drop policy inventory_items_create_as_oneself on public.inventory_items;
-- allow drop-policy: written anew below
drop policy inventory_items_update on public.inventory_items;
-- allow drop-policy: written anew below
drop policy inventory_items_update_through_server on public.inventory_items;
-- allow drop-policy: written anew below
drop policy inventory_items_engine_read on public.inventory_items;
create policy inventory_items_read on public.inventory_items for select to authenticated using (
  (select private.reaches_all('inventory_items', 'read'))
  or (select cardinality(private.sites('inventory_items', 'read')) > 0)
);
create policy inventory_items_create on public.inventory_items
  for insert to authenticated with check (
  (select private.reaches_all('inventory_items', 'create'))
  or status in (select l.value from private.limited_values('inventory_items', 'create', 'status') l where l.place = '*')
  or status in (select l.value from private.limited_values('inventory_items', 'create', 'status') l where l.place = 'any')
);
create policy inventory_items_create_as_oneself on public.inventory_items
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy inventory_items_update on public.inventory_items for update to authenticated using (
  (select private.reaches_all('inventory_items', 'update'))
  or status in (select l.value from private.limited_values('inventory_items', 'update', 'status') l where l.place = '*')
  or status in (select l.value from private.limited_values('inventory_items', 'update', 'status') l where l.place = 'any')
  or (select private.reaches_all('inventory_items', 'approve'))
) with check (
  (select private.reaches_all('inventory_items', 'update'))
  or '~' in (select l.value from private.limited_values('inventory_items', 'update', 'status') l where l.place = '*')
  or '~' in (select l.value from private.limited_values('inventory_items', 'update', 'status') l where l.place = 'any')
  or (select private.reaches_all('inventory_items', 'approve'))
);
create policy inventory_items_update_through_server on public.inventory_items
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy inventory_items_engine_read on public.inventory_items
  for select to ganger_engine using (true);
create policy inventory_items_engine_update on public.inventory_items for update to ganger_engine
  using (true) with check (true);

-- allow drop-policy: written anew below
drop policy inventory_lots_read on public.inventory_lots;
-- allow drop-policy: written anew below
drop policy inventory_lots_engine_read on public.inventory_lots;
-- allow drop-policy: written anew below
drop policy inventory_lots_engine_create on public.inventory_lots;
create policy inventory_lots_read on public.inventory_lots for select to authenticated using (
  (select private.reaches_all('inventory_lots', 'read'))
  or (select cardinality(private.sites('inventory_lots', 'read')) > 0)
);
create policy inventory_lots_update on public.inventory_lots for update to authenticated using (
  (select private.reaches_all('inventory_lots', 'update'))
  or (select cardinality(private.sites('inventory_lots', 'update')) > 0)
  or (select private.reaches_all('inventory_lots', 'approve'))
  or (select cardinality(private.sites('inventory_lots', 'approve')) > 0)
) with check (
  (select private.reaches_all('inventory_lots', 'update'))
  or (select cardinality(private.sites('inventory_lots', 'update')) > 0)
  or (select private.reaches_all('inventory_lots', 'approve'))
  or (select cardinality(private.sites('inventory_lots', 'approve')) > 0)
);
create policy inventory_lots_update_through_server on public.inventory_lots
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy inventory_lots_engine_read on public.inventory_lots
  for select to ganger_engine using (true);
create policy inventory_lots_engine_create on public.inventory_lots
  for insert to ganger_engine with check (true);
create policy inventory_lots_engine_update on public.inventory_lots for update to ganger_engine
  using (true) with check (true);

-- allow drop-policy: written anew below
drop policy count_sessions_read on public.count_sessions;
-- allow drop-policy: written anew below
drop policy count_sessions_create on public.count_sessions;
-- allow drop-policy: written anew below
drop policy count_sessions_create_as_oneself on public.count_sessions;
-- allow drop-policy: written anew below
drop policy count_sessions_update on public.count_sessions;
-- allow drop-policy: written anew below
drop policy count_sessions_update_through_server on public.count_sessions;
-- allow drop-policy: written anew below
drop policy count_sessions_engine_read on public.count_sessions;
-- allow drop-policy: written anew below
drop policy count_sessions_engine_update on public.count_sessions;
create policy count_sessions_read on public.count_sessions for select to authenticated using (
  (select private.reaches_all('count_sessions', 'read'))
  or location_id = any ((select private.sites('count_sessions', 'read'))::uuid[])
);
create policy count_sessions_create on public.count_sessions
  for insert to authenticated with check (
  (select private.reaches_all('count_sessions', 'create'))
  or location_id = any ((select private.sites('count_sessions', 'create'))::uuid[])
);
create policy count_sessions_create_as_oneself on public.count_sessions
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and counted_by = (select auth.uid()));
create policy count_sessions_update on public.count_sessions for update to authenticated using (
  (select private.reaches_all('count_sessions', 'update'))
  or location_id = any ((select private.sites('count_sessions', 'update'))::uuid[])
  or (select private.reaches_all('count_sessions', 'approve'))
  or location_id = any ((select private.sites('count_sessions', 'approve'))::uuid[])
) with check (
  (select private.reaches_all('count_sessions', 'update'))
  or location_id = any ((select private.sites('count_sessions', 'update'))::uuid[])
  or (select private.reaches_all('count_sessions', 'approve'))
  or location_id = any ((select private.sites('count_sessions', 'approve'))::uuid[])
);
create policy count_sessions_update_through_server on public.count_sessions
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy count_sessions_engine_read on public.count_sessions
  for select to ganger_engine using (true);
create policy count_sessions_engine_update on public.count_sessions for update to ganger_engine
  using (true) with check (true);

-- allow drop-policy: written anew below
drop policy conflict_log_read on public.conflict_log;
-- allow drop-policy: written anew below
drop policy conflict_log_engine_read on public.conflict_log;
-- allow drop-policy: written anew below
drop policy conflict_log_engine_create on public.conflict_log;
create policy conflict_log_read on public.conflict_log for select to authenticated using (
  table_name in (select l.value from private.limited_values('conflict_log', 'read', 'table_name') l where l.place = '*')
  or (table_name, location_id::text) in (select l.value, l.place from private.limited_values('conflict_log', 'read', 'table_name') l)
  or (location_id is null and table_name in (select l.value from private.limited_values('conflict_log', 'read', 'table_name') l where l.place = 'any'))
);
create policy conflict_log_engine_read on public.conflict_log
  for select to ganger_engine using (true);
create policy conflict_log_engine_create on public.conflict_log
  for insert to ganger_engine with check (true);

-- allow drop-policy: written anew below
drop policy review_items_read on public.review_items;
-- allow drop-policy: written anew below
drop policy review_items_update on public.review_items;
-- allow drop-policy: written anew below
drop policy review_items_update_through_server on public.review_items;
-- allow drop-policy: written anew below
drop policy review_items_engine_read on public.review_items;
-- allow drop-policy: written anew below
drop policy review_items_engine_create on public.review_items;
-- allow drop-policy: written anew below
drop policy review_items_engine_update on public.review_items;
create policy review_items_read on public.review_items for select to authenticated using (
  table_name in (select l.value from private.limited_values('review_items', 'read', 'table_name') l where l.place = '*')
  or (table_name, location_id::text) in (select l.value, l.place from private.limited_values('review_items', 'read', 'table_name') l)
  or (location_id is null and table_name in (select l.value from private.limited_values('review_items', 'read', 'table_name') l where l.place = 'any'))
);
create policy review_items_update on public.review_items for update to authenticated using (
  table_name in (select l.value from private.limited_values('review_items', 'update', 'table_name') l where l.place = '*')
  or (table_name, location_id::text) in (select l.value, l.place from private.limited_values('review_items', 'update', 'table_name') l)
  or (location_id is null and table_name in (select l.value from private.limited_values('review_items', 'update', 'table_name') l where l.place = 'any'))
  or table_name in (select l.value from private.limited_values('review_items', 'approve', 'table_name') l where l.place = '*')
  or (table_name, location_id::text) in (select l.value, l.place from private.limited_values('review_items', 'approve', 'table_name') l)
  or (location_id is null and table_name in (select l.value from private.limited_values('review_items', 'approve', 'table_name') l where l.place = 'any'))
) with check (
  '~' in (select l.value from private.limited_values('review_items', 'update', 'table_name') l where l.place = '*')
  or ('~', location_id::text) in (select l.value, l.place from private.limited_values('review_items', 'update', 'table_name') l)
  or (location_id is null and '~' in (select l.value from private.limited_values('review_items', 'update', 'table_name') l where l.place = 'any'))
  or '~' in (select l.value from private.limited_values('review_items', 'approve', 'table_name') l where l.place = '*')
  or ('~', location_id::text) in (select l.value, l.place from private.limited_values('review_items', 'approve', 'table_name') l)
  or (location_id is null and '~' in (select l.value from private.limited_values('review_items', 'approve', 'table_name') l where l.place = 'any'))
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

-- allow drop-policy: written anew below
drop policy stock_acts_read on public.stock_acts;
-- allow drop-policy: written anew below
drop policy stock_acts_create on public.stock_acts;
-- allow drop-policy: written anew below
drop policy stock_acts_create_as_oneself on public.stock_acts;
-- allow drop-policy: written anew below
drop policy stock_acts_engine_read on public.stock_acts;
create policy stock_acts_read on public.stock_acts for select to authenticated using (
  (select private.reaches_all('stock_acts', 'read'))
  or location_id = any ((select private.sites('stock_acts', 'read'))::uuid[])
);
create policy stock_acts_create on public.stock_acts
  for insert to authenticated with check (
  (select private.reaches_all('stock_acts', 'create'))
  or location_id = any ((select private.sites('stock_acts', 'create'))::uuid[])
  or kind in (select l.value from private.limited_values('stock_acts', 'create', 'kind') l where l.place = '*')
  or (kind, location_id::text) in (select l.value, l.place from private.limited_values('stock_acts', 'create', 'kind') l)
);
create policy stock_acts_create_as_oneself on public.stock_acts
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy stock_acts_engine_read on public.stock_acts
  for select to ganger_engine using (true);

-- allow drop-function: limited_values stands in its place in every policy
drop function private.limited(text, text, text);
