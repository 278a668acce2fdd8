-- Two items that look like one and are not: who said so, for everyone, so that nobody is asked again.
-- Of several answers about the same two the latest counts.

-- item_distinctions -------------------------------------------------------------------------------

create table public.item_distinctions (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  item_id uuid not null,
  other_id uuid not null,
  differs boolean not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint item_distinctions_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint item_distinctions_origin_check check (origin_seq is null or device_id is not null),
  constraint item_distinctions_item_id_fkey
    foreign key (item_id)
      references public.inventory_items (id) deferrable initially immediate,
  constraint item_distinctions_other_id_fkey
    foreign key (other_id)
      references public.inventory_items (id) deferrable initially immediate
);

create index item_distinctions_feed_idx on public.item_distinctions (row_xid, id);
create index item_distinctions_item_id_idx on public.item_distinctions (item_id);
create index item_distinctions_other_id_idx on public.item_distinctions (other_id);
create unique index item_distinctions_origin_key
  on public.item_distinctions (device_id, origin_seq)
  where origin_seq is not null;

alter table public.item_distinctions enable row level security;
alter table public.item_distinctions force row level security;
revoke all on table public.item_distinctions from public, anon, authenticated, service_role;
grant select on table public.item_distinctions to authenticated;
grant select on table public.item_distinctions to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, item_id, other_id, differs
) on table public.item_distinctions to authenticated;

create trigger append_only before update or delete on public.item_distinctions
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.item_distinctions
  for each statement execute function private.refuse_change();
alter table public.item_distinctions enable always trigger append_only;
alter table public.item_distinctions enable always trigger append_only_truncate;

create policy item_distinctions_read on public.item_distinctions
  for select to authenticated using (
  (select private.reaches_all('item_distinctions', 'read'))
  or (select cardinality(private.sites('item_distinctions', 'read')) > 0)
);
create policy item_distinctions_create on public.item_distinctions
  for insert to authenticated with check (
  (select private.reaches_all('item_distinctions', 'create'))
);
create policy item_distinctions_create_as_oneself on public.item_distinctions
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy item_distinctions_engine_read on public.item_distinctions
  for select to ganger_engine using (true);

insert into private.scopes
  (table_name, location_column, sites_column, team_column, own_column)
values
  ('item_distinctions', null, null, null, null);

insert into private.access_matrix
  (role, table_name, operation, reach, only_field, only_values)
values
  ('FD', 'item_distinctions', 'read', 'sites', null, null),
  ('CS', 'item_distinctions', 'read', 'sites', null, null),
  ('PR', 'item_distinctions', 'read', 'all', null, null),
  ('MG', 'item_distinctions', 'read', 'all', null, null),
  ('MG', 'item_distinctions', 'create', 'all', null, null),
  ('LM', 'item_distinctions', 'read', 'sites', null, null),
  ('IT', 'item_distinctions', 'metadata', 'all', null, null),
  ('SA', 'item_distinctions', 'read', 'all', null, null),
  ('SA', 'item_distinctions', 'create', 'all', null, null),
  ('BUY', 'item_distinctions', 'read', 'sites', null, null),
  ('SAFETY', 'item_distinctions', 'read', 'sites', null, null);

insert into private.retention_rules
  select r.* from jsonb_populate_recordset(null::private.retention_rules, $rules$[
  {"table_name":"item_distinctions"}
]$rules$) r;

-- Whoever reads all facts of a table may let in those that came too late.
-- The list is that of shared/access/matrix.ts; a test compares.
update private.access_matrix
   set only_values = only_values[: array_position(only_values, 'item_merges')]
     || array['item_distinctions']
     || only_values[array_position(only_values, 'item_merges') + 1 :]
 where table_name = 'review_items' and role in ('PR', 'MG', 'LM', 'SA')
   and operation in ('read', 'update', 'approve');
