-- Who did what, when, with which outcome: one chain of hashes per device, appended in the
-- transaction of the change that it records, by the function below and by nothing else.

-- audit_logs --------------------------------------------------------------------------------------

create table public.audit_logs (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid,
  seq integer not null,
  prev_hash text not null,
  hash text not null,
  actor_id uuid,
  action text not null,
  table_name text not null,
  row_id uuid not null,
  outcome text not null,
  field_names jsonb not null,
  occurred_at timestamptz,
  recorded_at timestamptz not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  schema_version integer not null default 1,
  constraint audit_logs_location_id_fkey
    foreign key (location_id)
      references public.locations (id) deferrable initially immediate,
  constraint audit_logs_seq_check check (seq between 0 and 2000000000),
  constraint audit_logs_prev_hash_check check (char_length(prev_hash) <= 64),
  constraint audit_logs_hash_check check (char_length(hash) <= 64),
  constraint audit_logs_actor_id_fkey
    foreign key (actor_id)
      references public.users (id) deferrable initially immediate,
  constraint audit_logs_action_check
    check (action in ('insert', 'update', 'refuse', 'expand', 'post')),
  constraint audit_logs_table_name_check check (char_length(table_name) <= 63),
  constraint audit_logs_outcome_check check (char_length(outcome) <= 63),
  constraint audit_logs_device_id_seq_key unique nulls not distinct (device_id, seq),
  constraint audit_logs_field_names_shape_check check (jsonb_typeof(field_names) = 'array')
);

create index audit_logs_feed_idx on public.audit_logs (row_xid, id);
create index audit_logs_location_id_feed_idx on public.audit_logs (location_id, row_xid, id);
create index audit_logs_actor_id_feed_idx on public.audit_logs (actor_id, row_xid, id);

alter table public.audit_logs enable row level security;
alter table public.audit_logs force row level security;
revoke all on table public.audit_logs from public, anon, authenticated, service_role;
grant select on table public.audit_logs to authenticated;
grant select on table public.audit_logs to ganger_engine;

create trigger append_only before update or delete on public.audit_logs
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.audit_logs
  for each statement execute function private.refuse_change();
alter table public.audit_logs enable always trigger append_only;
alter table public.audit_logs enable always trigger append_only_truncate;

create policy audit_logs_read on public.audit_logs for select to authenticated using (
  (select private.reaches_all('audit_logs', 'read'))
  or location_id = any ((select private.sites('audit_logs', 'read'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('audit_logs', 'read')) > 0))
  or (actor_id = (select auth.uid()) and (select private.reaches_own('audit_logs', 'read')))
);
create policy audit_logs_engine_read on public.audit_logs for select to ganger_engine using (true);

-- chain -------------------------------------------------------------------------------------------

create table private.audit_heads (
  device_id uuid primary key,
  seq integer not null,
  hash text not null
);
alter table private.audit_heads enable row level security;

-- The hash of an entry is the SHA-256, as lower-case hex, of the UTF-8 text
--   <prev_hash><canonical text of the entry>
-- where prev_hash is the hash of the entry before it in the device's chain, 64 zeros for the first,
-- and the canonical text is the JSON array
--   [device_id, seq, id, created_by, actor_id, location_id, action, table_name, row_id, outcome,
--    field_names, occurred_at, recorded_at]
-- written with ", " between items and no other space: ids as lower-case text, instants as
-- milliseconds since the Unix epoch, field_names as an array of texts, absent values as null.
create function private.audit_text(
  device_id uuid, seq integer, id uuid, created_by uuid, actor_id uuid, location_id uuid,
  action text, table_name text, row_id uuid, outcome text, field_names jsonb,
  occurred_at timestamptz, recorded_at timestamptz
) returns text
language sql stable parallel safe
  return jsonb_build_array(
    device_id, seq, id, created_by, actor_id, location_id, action, table_name, row_id, outcome,
    field_names, (extract(epoch from occurred_at) * 1000)::bigint,
    (extract(epoch from recorded_at) * 1000)::bigint)::text;

create function private.audit_hash(p_prev text, p_text text) returns text
language sql immutable parallel safe
  return encode(sha256(convert_to(p_prev || p_text, 'UTF8')), 'hex');

create function private.audit_entries(p_entries jsonb)
returns table (
  action text, table_name text, row_id uuid, outcome text, location_id uuid, field_names jsonb,
  occurred_at timestamptz, nth bigint
)
language sql stable
begin atomic
  select e.action, e.table_name, e.row_id, e.outcome, e.location_id,
         coalesce(e.field_names, '[]'),
         timestamptz 'epoch' + e.occurred_at * interval '1 millisecond', e.nth
    from rows from (
           jsonb_to_recordset(p_entries) as (
             action text, table_name text, row_id uuid, outcome text, location_id uuid,
             field_names jsonb, occurred_at bigint)
         ) with ordinality e (
           action, table_name, row_id, outcome, location_id, field_names, occurred_at, nth);
end;

-- Appends entries to a device's chain, in the order given, and returns the number of the last one.
-- Each entry: {"action", "table_name", "row_id", "outcome", "location_id"?, "field_names"?,
-- "occurred_at"? (milliseconds)}. The actor is the person of the claims, never what a caller says.
-- A person or site that the database does not know (a refused row may name any) stays null; the id
-- from the claims remains in created_by.
create function private.append_audit(p_device uuid, p_entries jsonb) returns integer
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
    select private.audit_text(
             p_device, head.seq + e.nth::integer, ids[e.nth], claimed, actor, l.id, e.action,
             e.table_name, e.row_id, e.outcome, e.field_names, e.occurred_at, moment)
      from private.audit_entries(p_entries) e
      left join public.locations l on l.id = e.location_id
     order by e.nth);
  -- Each hash needs the one before: the only part that goes entry by entry.
  last_hash := head.hash;
  foreach entry_text in array texts loop
    last_hash := private.audit_hash(last_hash, entry_text);
    hashes := hashes || last_hash;
  end loop;

  insert into public.audit_logs (
    id, created_at, created_by, device_id, location_id, seq, prev_hash, hash, actor_id, action,
    table_name, row_id, outcome, field_names, occurred_at, recorded_at)
  select ids[e.nth], moment, claimed, p_device, l.id, head.seq + e.nth,
         case e.nth when 1 then head.hash else hashes[e.nth - 1] end, hashes[e.nth], actor,
         e.action, e.table_name, e.row_id, e.outcome, e.field_names, e.occurred_at, moment
    from private.audit_entries(p_entries) e
    left join public.locations l on l.id = e.location_id;
  update private.audit_heads h set seq = head.seq + cardinality(hashes), hash = last_hash
   where h.device_id = p_device;
  return head.seq + cardinality(hashes);
end $$;

-- Reckons a device's chain again: how many entries it holds, and the first wrong one, if any.
-- fault: missing (a number is absent), unlinked (it does not follow the one before), changed (the
-- entry does not give its hash), cut (the chain ends before its head), beyond (it goes on after).
create function private.verify_audit(p_device uuid)
returns table (checked integer, broken_seq integer, fault text)
language sql stable security definer set search_path = '' as $$
  with judged as (
    select a.seq, case
             when a.seq <> lag(a.seq, 1, 0) over chain + 1 then 'missing'
             when a.prev_hash <> lag(a.hash, 1, repeat('0', 64)) over chain then 'unlinked'
             when a.hash <> private.audit_hash(a.prev_hash, private.audit_text(
               a.device_id, a.seq, a.id, a.created_by, a.actor_id, a.location_id, a.action,
               a.table_name, a.row_id, a.outcome, a.field_names, a.occurred_at, a.recorded_at))
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
grant execute on function private.append_audit(uuid, jsonb) to ganger_engine;
grant execute on function private.verify_audit(uuid) to ganger_engine;
