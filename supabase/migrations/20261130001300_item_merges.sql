-- Two items of the catalogue that are one: who merged which into which, and which values the one that
-- stays got from the other. What was booked of either stays as it was written, and is found at the
-- one that stays. A merge is taken back by a row of its own.

-- item_merges -------------------------------------------------------------------------------------

create table public.item_merges (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  survivor_id uuid not null,
  merged_id uuid not null,
  status_before text not null,
  lines jsonb not null,
  reverses_id uuid,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint item_merges_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint item_merges_origin_check check (origin_seq is null or device_id is not null),
  constraint item_merges_survivor_id_fkey
    foreign key (survivor_id)
      references public.inventory_items (id) deferrable initially immediate,
  constraint item_merges_merged_id_fkey
    foreign key (merged_id)
      references public.inventory_items (id) deferrable initially immediate,
  constraint item_merges_status_before_check check (status_before in ('draft', 'active',
    'discontinued')),
  constraint item_merges_reverses_id_fkey
    foreign key (reverses_id)
      references public.item_merges (id) deferrable initially immediate,
  constraint item_merges_lines_shape_check check (
    case jsonb_typeof(lines) when 'array' then jsonb_array_length(lines) between 0 and 30
      else lines is null end)
);

create index item_merges_feed_idx on public.item_merges (row_xid, id);
create index item_merges_merged_id_idx on public.item_merges (merged_id);
create index item_merges_survivor_id_idx on public.item_merges (survivor_id);
create unique index item_merges_reverses_id_live_key
  on public.item_merges (reverses_id)
  where reverses_id is not null;
create unique index item_merges_origin_key on public.item_merges (device_id, origin_seq)
  where origin_seq is not null;

alter table public.item_merges enable row level security;
alter table public.item_merges force row level security;
revoke all on table public.item_merges from public, anon, authenticated, service_role;
grant select on table public.item_merges to authenticated;
grant select on table public.item_merges to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, survivor_id, merged_id, status_before,
    lines, reverses_id
) on table public.item_merges to authenticated;

create trigger append_only before update or delete on public.item_merges
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.item_merges
  for each statement execute function private.refuse_change();
alter table public.item_merges enable always trigger append_only;
alter table public.item_merges enable always trigger append_only_truncate;

create policy item_merges_read on public.item_merges for select to authenticated using (
  (select private.reaches_all('item_merges', 'read'))
  or (select cardinality(private.sites('item_merges', 'read')) > 0)
);
create policy item_merges_create on public.item_merges
  for insert to authenticated with check (
  (select private.reaches_all('item_merges', 'create'))
);
create policy item_merges_create_as_oneself on public.item_merges
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy item_merges_engine_read on public.item_merges
  for select to ganger_engine using (true);

insert into private.scopes
  (table_name, location_column, sites_column, team_column, own_column)
values
  ('item_merges', null, null, null, null);

insert into private.access_matrix
  (role, table_name, operation, reach, only_field, only_values)
values
  ('FD', 'item_merges', 'read', 'sites', null, null),
  ('CS', 'item_merges', 'read', 'sites', null, null),
  ('PR', 'item_merges', 'read', 'all', null, null),
  ('MG', 'item_merges', 'read', 'all', null, null),
  ('MG', 'item_merges', 'create', 'all', null, null),
  ('LM', 'item_merges', 'read', 'sites', null, null),
  ('IT', 'item_merges', 'metadata', 'all', null, null),
  ('SA', 'item_merges', 'read', 'all', null, null),
  ('SA', 'item_merges', 'create', 'all', null, null),
  ('BUY', 'item_merges', 'read', 'sites', null, null),
  ('SAFETY', 'item_merges', 'read', 'sites', null, null);

insert into private.retention_rules
  select r.* from jsonb_populate_recordset(null::private.retention_rules, $rules$[
  {"table_name":"item_merges"}
]$rules$) r;

-- Whoever reads all facts of a table may let in those that came too late.
-- The list is that of shared/access/matrix.ts; a test compares.
update private.access_matrix
   set only_values = only_values[: array_position(only_values, 'vendor_prices') - 1]
     || array['item_merges']
     || only_values[array_position(only_values, 'vendor_prices') :]
 where table_name = 'review_items' and role in ('PR', 'MG', 'LM', 'SA')
   and operation in ('read', 'update', 'approve');

-- A draft is merged, too, and an undo gives an item the state back that it had.
insert into private.allowed_transitions (table_name, from_state, to_state, needs, guard) values
  ('inventory_items', 'draft', 'merged', 'server', 'none'),
  ('inventory_items', 'merged', 'draft', 'server', 'none'),
  ('inventory_items', 'merged', 'active', 'server', 'none'),
  ('inventory_items', 'merged', 'discontinued', 'server', 'none');

-- Nothing is merged into what was merged itself, so that no item ever leads back to itself. The server
-- judges merges one after the other; this holds whoever writes.
create function private.guard_merge() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if new.merged_into_id is null or new.merged_into_id is not distinct from old.merged_into_id then
    return new;
  end if;
  if exists (
    select from public.inventory_items i
     where i.id = new.merged_into_id and (i.id = new.id or i.merged_into_id is not null)
  ) then
    raise exception 'inventory_items: merged into an item that was merged itself'
      using errcode = '23514', constraint = 'inventory_items_merged_into_id_check',
        column = 'merged_into_id';
  end if;
  return new;
end $$;
create trigger guard_merge before update of merged_into_id on public.inventory_items
  for each row execute function private.guard_merge();

revoke execute on all functions in schema private from public;
