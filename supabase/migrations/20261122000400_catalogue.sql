-- The catalogue, shared by all sites, and what each site wants to hold.

-- Packs hold positive whole quantities; a GTIN has 14 digits.
create function private.packs_are_whole(p_packs jsonb) returns boolean
language sql immutable parallel safe
  return case when jsonb_typeof(p_packs) is distinct from 'array' then false else
    jsonb_array_length(p_packs) <= 20
    and not jsonb_path_exists(p_packs, '$[*] ? (!(
      @.type() == "object"
      && @.unit.type() == "string" && @.unit like_regex "^.{1,40}$"
      && @.qty_per_base.type() == "number" && @.qty_per_base > 0
      && @.qty_per_base <= 100000000000 && @.qty_per_base.floor() == @.qty_per_base
      && (@.gtin == null || @.gtin.type() == "string" && @.gtin like_regex "^[0-9]{14}$")))')
  end;

revoke execute on function private.packs_are_whole(jsonb) from public;
grant execute on function private.packs_are_whole(jsonb) to authenticated, ganger_engine;

-- inventory_items ---------------------------------------------------------------------------------

create table public.inventory_items (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  name text not null,
  description text,
  category text,
  manufacturer text,
  kind text not null,
  sku text not null,
  base_unit text not null,
  packs jsonb not null,
  lot_policy text not null,
  expiry_policy text not null,
  controlled_schedule text not null,
  hazardous boolean not null,
  status text not null,
  merged_into_id uuid,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint inventory_items_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint inventory_items_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint inventory_items_name_check
    check (char_length(btrim(name)) >= 1 and char_length(name) <= 200),
  constraint inventory_items_description_check check (char_length(description) <= 2000),
  constraint inventory_items_category_check check (char_length(category) <= 80),
  constraint inventory_items_manufacturer_check check (char_length(manufacturer) <= 120),
  constraint inventory_items_kind_check
    check (kind in ('supply', 'treatment', 'retail', 'sample', 'device')),
  constraint inventory_items_sku_check
    check (char_length(btrim(sku)) >= 1 and char_length(sku) <= 40),
  constraint inventory_items_base_unit_check
    check (char_length(btrim(base_unit)) >= 1 and char_length(base_unit) <= 40),
  constraint inventory_items_lot_policy_check
    check (lot_policy in ('none', 'optional', 'required')),
  constraint inventory_items_expiry_policy_check
    check (expiry_policy in ('none', 'optional', 'required')),
  constraint inventory_items_controlled_schedule_check
    check (controlled_schedule in ('none', 'II', 'III', 'IV', 'V')),
  constraint inventory_items_status_check check (status in ('active', 'discontinued', 'merged')),
  constraint inventory_items_merged_into_id_fkey
    foreign key (merged_into_id)
      references public.inventory_items (id) deferrable initially immediate,
  constraint inventory_items_sku_key unique (sku),
  constraint inventory_items_packs_shape_check check (private.packs_are_whole(packs))
);

create index inventory_items_feed_idx on public.inventory_items (row_xid, id);
create index inventory_items_name_idx on public.inventory_items (name);
create index inventory_items_merged_into_id_idx on public.inventory_items (merged_into_id);

alter table public.inventory_items enable row level security;
alter table public.inventory_items force row level security;
revoke all on table public.inventory_items from public, anon, authenticated, service_role;
grant select on table public.inventory_items to authenticated;
grant select on table public.inventory_items to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, name, description, category, manufacturer,
  kind, sku, base_unit, packs, lot_policy, expiry_policy, controlled_schedule, hazardous,
  status, merged_into_id, field_by
) on table public.inventory_items to authenticated;
grant update (
  name, description, category, manufacturer, packs, field_hlc, field_by
) on table public.inventory_items to authenticated;

create trigger sign_fields before insert or update on public.inventory_items
  for each row execute function private.sign_fields();
create trigger touch before update on public.inventory_items
  for each row execute function private.touch();

create policy inventory_items_read on public.inventory_items for select to authenticated using (
  (select private.reaches_all('inventory_items', 'read'))
  or (select cardinality(private.sites('inventory_items', 'read')) > 0)
);
create policy inventory_items_create on public.inventory_items
  for insert to authenticated with check (
  (select private.reaches_all('inventory_items', 'create'))
  or (select cardinality(private.sites('inventory_items', 'create')) > 0)
);
create policy inventory_items_create_as_oneself on public.inventory_items
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync' and created_by = (select auth.uid()));
create policy inventory_items_update on public.inventory_items for update to authenticated using (
  (select private.reaches_all('inventory_items', 'update'))
  or (select cardinality(private.sites('inventory_items', 'update')) > 0)
) with check (
  (select private.reaches_all('inventory_items', 'update'))
  or (select cardinality(private.sites('inventory_items', 'update')) > 0)
);
create policy inventory_items_update_through_server on public.inventory_items
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy inventory_items_engine_read on public.inventory_items
  for select to ganger_engine using (true);

-- item_locations ----------------------------------------------------------------------------------

create table public.item_locations (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  item_id uuid not null,
  location_id uuid not null,
  par bigint,
  min bigint,
  max bigint,
  reorder_qty bigint,
  bin text,
  is_stocked boolean not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint item_locations_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint item_locations_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint item_locations_item_id_fkey
    foreign key (item_id)
      references public.inventory_items (id) deferrable initially immediate,
  constraint item_locations_location_id_fkey
    foreign key (location_id)
      references public.locations (id) deferrable initially immediate,
  constraint item_locations_par_check check (par between 0 and 100000000000),
  constraint item_locations_min_check check (min between 0 and 100000000000),
  constraint item_locations_max_check check (max between 0 and 100000000000),
  constraint item_locations_reorder_qty_check check (reorder_qty between 0 and 100000000000),
  constraint item_locations_bin_check check (char_length(bin) <= 40),
  constraint item_locations_item_id_location_id_key unique (item_id, location_id)
);

create index item_locations_feed_idx on public.item_locations (row_xid, id);
create index item_locations_location_id_feed_idx
  on public.item_locations (location_id, row_xid, id);
create index item_locations_location_id_item_id_idx on public.item_locations (location_id, item_id);

alter table public.item_locations enable row level security;
alter table public.item_locations force row level security;
revoke all on table public.item_locations from public, anon, authenticated, service_role;
grant select on table public.item_locations to authenticated;
grant select on table public.item_locations to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, item_id, location_id, par, min, max,
  reorder_qty, bin, is_stocked, field_by
) on table public.item_locations to authenticated;
grant update (
  par, min, max, reorder_qty, bin, is_stocked, field_hlc, field_by
) on table public.item_locations to authenticated;

create trigger sign_fields before insert or update on public.item_locations
  for each row execute function private.sign_fields();
create trigger touch before update on public.item_locations
  for each row execute function private.touch();

create policy item_locations_read on public.item_locations for select to authenticated using (
  (select private.reaches_all('item_locations', 'read'))
  or location_id = any ((select private.sites('item_locations', 'read'))::uuid[])
);
create policy item_locations_create on public.item_locations
  for insert to authenticated with check (
  (select private.reaches_all('item_locations', 'create'))
  or location_id = any ((select private.sites('item_locations', 'create'))::uuid[])
);
create policy item_locations_create_as_oneself on public.item_locations
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync' and created_by = (select auth.uid()));
create policy item_locations_update on public.item_locations for update to authenticated using (
  (select private.reaches_all('item_locations', 'update'))
  or location_id = any ((select private.sites('item_locations', 'update'))::uuid[])
) with check (
  (select private.reaches_all('item_locations', 'update'))
  or location_id = any ((select private.sites('item_locations', 'update'))::uuid[])
);
create policy item_locations_update_through_server on public.item_locations
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy item_locations_engine_read on public.item_locations
  for select to ganger_engine using (true);
