-- Counts. A count line is an observation; once its session is posted it is the checkpoint from
-- which on-hand is reckoned. So nothing may join a posted session: nobody would look at it.

create function private.guard_count() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  session record;
begin
  -- The lock orders lines against a posting that runs at the same time.
  select s.location_id, s.status into session
    from public.count_sessions s where s.id = new.session_id for share;
  -- A missing session is the foreign key's business: the row may come later in this transaction.
  if not found then return new; end if;
  if session.location_id <> new.location_id then
    raise exception 'count_lines: the session counts another site' using errcode = 'GN003';
  end if;
  if session.status = 'posted' then
    raise exception 'count_lines: the count is closed' using errcode = 'GN004';
  end if;
  return new;
end $$;

revoke execute on function private.guard_count() from public;

-- count_sessions ----------------------------------------------------------------------------------

create table public.count_sessions (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  kind text not null,
  zone text,
  blind boolean not null,
  status text not null,
  counted_by uuid not null,
  started_at timestamptz not null,
  line_count integer,
  note text,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint count_sessions_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint count_sessions_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint count_sessions_location_id_fkey
    foreign key (location_id)
      references public.locations (id) deferrable initially immediate,
  constraint count_sessions_kind_check check (kind in ('full', 'cycle', 'spot')),
  constraint count_sessions_zone_check check (char_length(zone) <= 80),
  constraint count_sessions_status_check
    check (status in ('open', 'submitted', 'in_review', 'posted', 'voided')),
  constraint count_sessions_counted_by_fkey
    foreign key (counted_by)
      references public.users (id) deferrable initially immediate,
  constraint count_sessions_line_count_check check (line_count between 0 and 100000),
  constraint count_sessions_note_check check (char_length(note) <= 500)
);

create index count_sessions_feed_idx on public.count_sessions (row_xid, id);
create index count_sessions_location_id_feed_idx
  on public.count_sessions (location_id, row_xid, id);
create index count_sessions_counted_by_idx on public.count_sessions (counted_by);

alter table public.count_sessions enable row level security;
alter table public.count_sessions force row level security;
revoke all on table public.count_sessions from public, anon, authenticated, service_role;
grant select on table public.count_sessions to authenticated;
grant select on table public.count_sessions to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, kind, zone, blind, status,
  counted_by, started_at, line_count, note, field_by
) on table public.count_sessions to authenticated;
grant update (
  zone, status, line_count, note, field_hlc, field_by
) on table public.count_sessions to authenticated;
grant update (status, field_hlc, field_by) on table public.count_sessions to ganger_engine;

create trigger guard_state before insert or update of status on public.count_sessions
  for each row execute function private.guard_state();
create trigger sign_fields before insert or update on public.count_sessions
  for each row execute function private.sign_fields();
create trigger touch before update on public.count_sessions
  for each row execute function private.touch();

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
  with check (session_user = 'ganger_sync' and created_by = (select auth.uid())
    and counted_by = (select auth.uid()));
create policy count_sessions_update on public.count_sessions for update to authenticated using (
  (select private.reaches_all('count_sessions', 'update'))
  or location_id = any ((select private.sites('count_sessions', 'update'))::uuid[])
) with check (
  (select private.reaches_all('count_sessions', 'update'))
  or location_id = any ((select private.sites('count_sessions', 'update'))::uuid[])
);
create policy count_sessions_update_through_server on public.count_sessions
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy count_sessions_engine_read on public.count_sessions
  for select to ganger_engine using (true);
create policy count_sessions_engine_update on public.count_sessions for update to ganger_engine
  using (true) with check (true);

-- count_lines -------------------------------------------------------------------------------------

create table public.count_lines (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  session_id uuid not null,
  location_id uuid not null,
  item_id uuid not null,
  lot_id uuid,
  counted_qty bigint not null,
  counted_at timestamptz not null,
  counter_id uuid not null,
  pass integer not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint count_lines_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint count_lines_origin_check check (origin_seq is null or device_id is not null),
  constraint count_lines_session_id_fkey
    foreign key (session_id)
      references public.count_sessions (id) deferrable initially immediate,
  constraint count_lines_location_id_fkey
    foreign key (location_id)
      references public.locations (id) deferrable initially immediate,
  constraint count_lines_item_id_fkey
    foreign key (item_id)
      references public.inventory_items (id) deferrable initially immediate,
  constraint count_lines_lot_id_fkey
    foreign key (lot_id)
      references public.inventory_lots (id) deferrable initially immediate,
  constraint count_lines_counted_qty_check check (counted_qty between 0 and 100000000000),
  constraint count_lines_counter_id_fkey
    foreign key (counter_id)
      references public.users (id) deferrable initially immediate,
  constraint count_lines_pass_check check (pass between 1 and 9)
);

create index count_lines_feed_idx on public.count_lines (row_xid, id);
create index count_lines_location_id_feed_idx on public.count_lines (location_id, row_xid, id);
create index count_lines_session_id_idx on public.count_lines (session_id);
create index count_lines_item_id_location_id_idx on public.count_lines (item_id, location_id);
create index count_lines_lot_id_idx on public.count_lines (lot_id);
create index count_lines_counter_id_idx on public.count_lines (counter_id);
create unique index count_lines_origin_key on public.count_lines (device_id, origin_seq)
  where origin_seq is not null;

alter table public.count_lines enable row level security;
alter table public.count_lines force row level security;
revoke all on table public.count_lines from public, anon, authenticated, service_role;
grant select on table public.count_lines to authenticated;
grant select on table public.count_lines to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, session_id, location_id, item_id,
  lot_id, counted_qty, counted_at, counter_id, pass
) on table public.count_lines to authenticated;

create trigger append_only before update or delete on public.count_lines
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.count_lines
  for each statement execute function private.refuse_change();
alter table public.count_lines enable always trigger append_only;
alter table public.count_lines enable always trigger append_only_truncate;
create trigger guard_count before insert on public.count_lines
  for each row execute function private.guard_count();

create policy count_lines_read on public.count_lines for select to authenticated using (
  (select private.reaches_all('count_lines', 'read'))
  or location_id = any ((select private.sites('count_lines', 'read'))::uuid[])
);
create policy count_lines_create on public.count_lines for insert to authenticated with check (
  (select private.reaches_all('count_lines', 'create'))
  or location_id = any ((select private.sites('count_lines', 'create'))::uuid[])
);
create policy count_lines_create_as_oneself on public.count_lines
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync' and created_by = (select auth.uid())
    and counter_id = (select auth.uid()));
create policy count_lines_engine_read on public.count_lines
  for select to ganger_engine using (true);

-- on_hand -----------------------------------------------------------------------------------------

-- Derived, never stored. The same text runs on devices (shared/schema/on-hand.ts); a test compares.
create view public.on_hand with (security_invoker = true) as
with checkpoints as (
  select item_id, location_id, lot_id, counted_qty, hlc from (
    select l.item_id, l.location_id, coalesce(cast(l.lot_id as text), '') as lot_id,
           l.counted_qty, l.hlc,
           row_number() over (
             partition by l.item_id, l.location_id, coalesce(cast(l.lot_id as text), '')
             order by l.hlc desc, l.id desc) as nth
    from public.count_lines l
    join public.count_sessions s on s.id = l.session_id
    where s.status = 'posted') ranked
  where nth = 1),
moved as (
  select m.item_id, m.location_id, coalesce(cast(m.lot_id as text), '') as lot_id,
         sum(case when c.hlc is null or m.hlc > c.hlc then m.qty_base else 0 end) as qty
  from public.stock_movements m
  left join checkpoints c
    on c.item_id = m.item_id and c.location_id = m.location_id
   and c.lot_id = coalesce(cast(m.lot_id as text), '')
  group by m.item_id, m.location_id, coalesce(cast(m.lot_id as text), '')),
keys as (
  select item_id, location_id, lot_id from checkpoints
  union
  select item_id, location_id, lot_id from moved)
select k.item_id, k.location_id, k.lot_id,
       coalesce(c.counted_qty, 0) + coalesce(m.qty, 0) as on_hand
from keys k
left join checkpoints c
  on c.item_id = k.item_id and c.location_id = k.location_id and c.lot_id = k.lot_id
left join moved m
  on m.item_id = k.item_id and m.location_id = k.location_id and m.lot_id = k.lot_id;

revoke all on table public.on_hand from public, anon, authenticated, service_role;
grant select on table public.on_hand to authenticated, ganger_engine;
