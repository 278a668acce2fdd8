-- Rows that a kept version should have and that nobody can make up from the checks of a table: an
-- effect, whose kind has a form of its own, two entries of the server's chain of hashes, and two of the
-- chain of a device, whose text is JSON that other columns are made of. Run after the demo data and
-- before the tables that are still empty are filled, with triggers off. All of it is invented.

with first (id, seq, action, outcome, field_names) as (values
  ('a0000000-0000-4000-8000-000000000001'::uuid, 1, 'insert', 'applied', '[]'::jsonb)),
one as (
  select f.*, 'd0000000-0000-4000-8000-000000000001'::uuid as device_id,
         '5b000000-0000-4000-8000-000000000001'::uuid as actor_id,
         '5a000000-0000-4000-8000-000000000001'::uuid as location_id,
         'stock_acts' as table_name, 'a0000000-0000-4000-8000-0000000000aa'::uuid as row_id,
         timestamptz '2026-11-20 11:59:00+00' as occurred_at,
         timestamptz '2026-11-20 12:00:00+00' as recorded_at, repeat('0', 64) as prev_hash
    from first f),
hashed as (
  select o.*, private.audit_hash(o.prev_hash, private.audit_text(
           o.device_id, o.seq, o.id, o.actor_id, o.actor_id, o.location_id, o.action, o.table_name,
           o.row_id, o.outcome, o.field_names, o.occurred_at, o.recorded_at)) as hash
    from one o),
two as (
  select 'a0000000-0000-4000-8000-000000000002'::uuid as id, 2 as seq, 'update' as action,
         'applied' as outcome, '["status"]'::jsonb as field_names, h.device_id, h.actor_id,
         h.location_id, 'count_sessions' as table_name, h.row_id, h.occurred_at, h.recorded_at,
         h.hash as prev_hash
    from hashed h),
chain as (
  select h.id, h.seq, h.action, h.outcome, h.field_names, h.device_id, h.actor_id, h.location_id,
         h.table_name, h.row_id, h.occurred_at, h.recorded_at, h.prev_hash, h.hash
    from hashed h
  union all
  select t.id, t.seq, t.action, t.outcome, t.field_names, t.device_id, t.actor_id, t.location_id,
         t.table_name, t.row_id, t.occurred_at, t.recorded_at, t.prev_hash,
         private.audit_hash(t.prev_hash, private.audit_text(
           t.device_id, t.seq, t.id, t.actor_id, t.actor_id, t.location_id, t.action, t.table_name,
           t.row_id, t.outcome, t.field_names, t.occurred_at, t.recorded_at))
    from two t),
heads as (
  insert into private.audit_heads (device_id, seq, hash)
  select c.device_id, c.seq, c.hash from chain c where c.seq = 2)
insert into public.audit_logs (
  id, created_at, created_by, device_id, location_id, seq, prev_hash, hash, actor_id, action,
  table_name, row_id, outcome, field_names, occurred_at, recorded_at)
select c.id, c.recorded_at, c.actor_id, c.device_id, c.location_id, c.seq, c.prev_hash, c.hash,
       c.actor_id, c.action, c.table_name, c.row_id, c.outcome, c.field_names, c.occurred_at,
       c.recorded_at
  from chain c;

insert into private.outbox (id, kind, audience, table_name, row_id, created_at, available_at)
values (
  'a0000000-0000-4000-8000-000000000003', 'slot.lost', 'staff', 'pharma_appointments',
  'a0000000-0000-4000-8000-0000000000ab', '2026-11-20 12:00:00+00', '2026-11-20 12:00:00+00');

with device as (
  insert into public.devices (id, created_at, kind, name, location_id, status, enrolled_by,
    row_xid, recorded_at)
  values (
    'd0000000-0000-4000-8000-000000000001', '2026-11-20 12:00:00+00', 'desktop', 'Kept name',
    '5a000000-0000-4000-8000-000000000001', 'active', '5b000000-0000-4000-8000-000000000001',
    '1000', '2026-11-20 12:00:00+00')
  returning id, location_id, enrolled_by),
bodies (seq, body) as (values
  (1, '{"action":"begin","actor":"5b000000-0000-4000-8000-000000000001",'
    || '"at":"2026-11-20T11:58:00.000Z","because":"first",'
    || '"id":"a0000000-0000-4000-8000-000000000004"}'),
  (2, '{"action":"read","actor":"5b000000-0000-4000-8000-000000000001",'
    || '"at":"2026-11-20T11:59:00.000Z","id":"a0000000-0000-4000-8000-000000000005",'
    || '"patients":["a0000000-0000-4000-8000-0000000000ac"],'
    || '"rows":["a0000000-0000-4000-8000-0000000000ac"],"table":"patients"}')),
one as (
  select b.seq, b.body, 'c0000000-0000-4000-8000-000000000001'::uuid as chain_id,
         private.link_hash(
           repeat('0', 64), 'c0000000-0000-4000-8000-000000000001', b.seq, b.body) as hash
    from bodies b where b.seq = 1),
entries as (
  select o.seq, o.body, o.chain_id, o.hash from one o
  union all
  select b.seq, b.body, o.chain_id, private.link_hash(o.hash, o.chain_id, b.seq, b.body)
    from bodies b join one o on b.seq = o.seq + 1),
chain as (
  insert into private.device_chains (id, device_id, public_key, begun_by, begun_at, seq, hash,
    taken_at)
  select e.chain_id, d.id, repeat('0', 64), d.enrolled_by, '2026-11-20 12:00:00+00', e.seq, e.hash,
         '2026-11-20 12:00:00+00'
    from entries e, device d where e.seq = 2)
insert into private.device_entries (
  chain_id, seq, hash, body, device_id, location_id, taken_at, row_xid)
select e.chain_id, e.seq, e.hash, e.body, d.id, d.location_id, '2026-11-20 12:00:00+00', '1000'
  from entries e, device d;
