-- What was read on devices: each device keeps a chain of hashes of its own and hands it over in order.
-- Entries are appended by the function below and by nothing else, and never change.

-- A chain of a device: begun in the name of who was signed in, signed by a key that only it has.
create table private.device_chains (
  id uuid primary key,
  device_id uuid not null references public.devices (id),
  -- Ed25519, 32 bytes in hex.
  public_key text not null check (public_key ~ '^[0-9a-f]{64}$'),
  begun_by uuid not null,
  begun_at timestamptz not null default now(),
  -- The last entry that was taken, and the server's signature of it.
  seq integer not null default 0,
  hash text not null default repeat('0', 64) check (char_length(hash) = 64),
  taken_at timestamptz,
  signature text check (char_length(signature) = 128),
  -- The first thing that was wrong with it, as `CHAIN_FAULTS` of shared/protocol/audit.ts.
  fault text check (fault in ('changed', 'missing', 'forked', 'replayed', 'cut', 'beyond')),
  fault_seq integer,
  fault_at timestamptz,
  -- When all of it was last reckoned again.
  checked_at timestamptz,
  checked integer
);
create index device_chains_device_id_idx on private.device_chains (device_id, begun_at);

alter table private.device_chains enable row level security;
revoke all on table private.device_chains from public, anon, authenticated, service_role;
grant select on table private.device_chains to ganger_engine;
grant insert (id, device_id, public_key, begun_by) on table private.device_chains to ganger_engine;
grant update (
  taken_at, signature, fault, fault_seq, fault_at, checked_at, checked
) on table private.device_chains to ganger_engine;
create policy device_chains_engine on private.device_chains to ganger_engine
  using (true) with check (true);

create function private.uuids_of(p_list jsonb) returns uuid[]
language sql immutable parallel safe
  return coalesce(
    array(select e.value::uuid from jsonb_array_elements_text(p_list) as e (value)), '{}');

-- An entry as the device wrote it: its canonical JSON, of which all other columns are made, so that none
-- of them can say anything else. The text of what is hashed is <hash before><chain>:<number>:<body>.
create table private.device_entries (
  chain_id uuid not null references private.device_chains (id),
  seq integer not null check (seq between 1 and 2000000000),
  hash text not null check (char_length(hash) = 64),
  body text not null check (char_length(body) <= 32768),
  device_id uuid not null,
  -- Site of the device when the entry came.
  location_id uuid references public.locations (id),
  taken_at timestamptz not null default now(),
  row_xid xid8 not null default pg_current_xact_id(),
  id uuid not null generated always as ((body::jsonb ->> 'id')::uuid) stored,
  actor_id uuid generated always as ((body::jsonb ->> 'actor')::uuid) stored,
  action text not null generated always as (body::jsonb ->> 'action') stored,
  table_name text generated always as (body::jsonb ->> 'table') stored,
  row_ids uuid[] not null generated always as (
    private.uuids_of(coalesce(body::jsonb -> 'rows', '[]'))) stored,
  patient_ids uuid[] not null generated always as (
    private.uuids_of(coalesce(body::jsonb -> 'patients', '[]'))) stored,
  primary key (chain_id, seq)
);
create index device_entries_feed_idx on private.device_entries (row_xid, id);
create index device_entries_actor_id_idx on private.device_entries (actor_id, row_xid, id);
create index device_entries_device_id_idx on private.device_entries (device_id, row_xid, id);
create index device_entries_patient_ids_idx on private.device_entries using gin (patient_ids);

alter table private.device_entries enable row level security;
alter table private.device_entries force row level security;
revoke all on table private.device_entries from public, anon, authenticated, service_role;
grant select on table private.device_entries to authenticated, ganger_engine;
create policy device_entries_engine_read on private.device_entries for select to ganger_engine
  using (true);
-- Whoever may read the audit of writes there may read this.
create policy device_entries_read on private.device_entries for select to authenticated using (
  (select private.reaches_all('audit_logs', 'read'))
  or location_id = any ((select private.sites('audit_logs', 'read'))::uuid[])
  or (location_id is null and (select cardinality(private.sites('audit_logs', 'read')) > 0))
  or (actor_id = (select auth.uid()) and (select private.reaches_own('audit_logs', 'read')))
);

create trigger append_only before update or delete on private.device_entries
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on private.device_entries
  for each statement execute function private.refuse_change();
alter table private.device_entries enable always trigger append_only;
alter table private.device_entries enable always trigger append_only_truncate;

-- As `linkHash` of shared/kernel/chain.ts.
create function private.link_hash(
  p_before text, p_chain uuid, p_seq integer, p_body text
) returns text
language sql immutable parallel safe
  return encode(
    sha256(convert_to(p_before || p_chain::text || ':' || p_seq::text || ':' || p_body, 'UTF8')),
    'hex');

-- Appends entries, [[seq, hash, body], …], to a chain whose head the caller has locked. What does not
-- follow the head without a gap, or does not give its hash, is refused as a whole, whoever calls.
create function private.append_device_entries(p_chain uuid, p_entries jsonb) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  head private.device_chains;
  entry jsonb;
  site uuid;
begin
  select c.* into strict head from private.device_chains c where c.id = p_chain for update;
  select d.location_id into site from public.devices d where d.id = head.device_id;
  for entry in select e.value from jsonb_array_elements(p_entries) with ordinality e (value, nth)
                order by e.nth loop
    if (entry ->> 0)::integer <> head.seq + 1 or entry ->> 1 <> private.link_hash(
        head.hash, p_chain, head.seq + 1, entry ->> 2) then
      raise exception 'append_device_entries: entry % does not follow', entry ->> 0
        using errcode = 'GN008';
    end if;
    insert into private.device_entries (chain_id, seq, hash, body, device_id, location_id)
      values (p_chain, head.seq + 1, entry ->> 1, entry ->> 2, head.device_id, site);
    head.seq := head.seq + 1;
    head.hash := entry ->> 1;
  end loop;
  update private.device_chains c set seq = head.seq, hash = head.hash where c.id = p_chain;
  return head.seq;
end $$;

-- Reckons a chain again, as `private.verify_audit` does the server's own.
create function private.verify_device_chain(p_chain uuid)
returns table (checked integer, broken_seq integer, fault text)
language sql stable security definer set search_path = '' as $$
  with judged as (
    select e.seq, case
             when e.seq <> lag(e.seq, 1, 0) over chain + 1 then 'missing'
             when e.hash <> private.link_hash(
               lag(e.hash, 1, repeat('0', 64)) over chain, e.chain_id, e.seq, e.body) then 'changed'
           end as fault
      from private.device_entries e
     where e.chain_id = p_chain
    window chain as (order by e.seq)),
  walked as (
    select count(*)::integer as checked, min(j.seq) filter (where j.fault is not null) as seq,
           (array_agg(j.fault order by j.seq) filter (where j.fault is not null))[1] as fault
      from judged j),
  ends as (
    select coalesce(h.seq, 0) as head_seq, h.hash as head_hash,
           coalesce(e.seq, 0) as last_seq, coalesce(e.hash, repeat('0', 64)) as last_hash
      from (select 1) one
      left join private.device_chains h on h.id = p_chain
      left join lateral (
        select l.seq, l.hash from private.device_entries l
         where l.chain_id = p_chain order by l.seq desc limit 1) e on true)
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

revoke execute on function private.uuids_of(jsonb) from public;
revoke execute on function private.link_hash(text, uuid, integer, text) from public;
revoke execute on function private.append_device_entries(uuid, jsonb) from public;
revoke execute on function private.verify_device_chain(uuid) from public;
grant execute on function private.append_device_entries(uuid, jsonb) to ganger_engine;
grant execute on function private.verify_device_chain(uuid) to ganger_engine;
