-- Inventory beside the ledger: vendors, orders, transfers, samples, safety data sheets.

-- vendors -----------------------------------------------------------------------------------------

create table public.vendors (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  name text not null,
  account_no text,
  phone text,
  email text,
  website text,
  order_channel text not null,
  free_shipping_cents bigint,
  note text,
  active boolean not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint vendors_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint vendors_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint vendors_name_check check (char_length(btrim(name)) >= 1 and char_length(name) <= 120),
  constraint vendors_account_no_check check (char_length(account_no) <= 60),
  constraint vendors_phone_check check (char_length(phone) <= 30),
  constraint vendors_email_check check (char_length(email) <= 254),
  constraint vendors_website_check check (char_length(website) <= 200),
  constraint vendors_order_channel_check check (order_channel in ('slack', 'email', 'phone',
    'portal', 'print')),
  constraint vendors_free_shipping_cents_check check (free_shipping_cents between 0 and 100000000000),
  constraint vendors_note_check check (char_length(note) <= 500)
);

create index vendors_feed_idx on public.vendors (row_xid, id);

alter table public.vendors enable row level security;
alter table public.vendors force row level security;
revoke all on table public.vendors from public, anon, authenticated, service_role;
grant select on table public.vendors to authenticated;
grant select on table public.vendors to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, name, account_no, phone, email, website,
    order_channel, free_shipping_cents, note, active, field_by
) on table public.vendors to authenticated;
grant update (
  name, account_no, phone, email, website, order_channel, free_shipping_cents, note, active,
    field_hlc, field_by
) on table public.vendors to authenticated;

create trigger sign_fields before insert or update on public.vendors
  for each row execute function private.sign_fields();
create trigger touch before update on public.vendors
  for each row execute function private.touch();

create policy vendors_read on public.vendors for select to authenticated using (
  (select private.reaches_all('vendors', 'read'))
  or (select cardinality(private.sites('vendors', 'read')) > 0)
);
create policy vendors_create on public.vendors
  for insert to authenticated with check (
  (select private.reaches_all('vendors', 'create'))
);
create policy vendors_create_as_oneself on public.vendors
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy vendors_update on public.vendors for update to authenticated using (
  (select private.reaches_all('vendors', 'update'))
) with check (
  (select private.reaches_all('vendors', 'update'))
);
create policy vendors_update_through_server on public.vendors
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy vendors_engine_read on public.vendors
  for select to ganger_engine using (true);

-- sds_documents -----------------------------------------------------------------------------------

create table public.sds_documents (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  item_id uuid,
  product_name text not null,
  cas_no text,
  hazard_class text,
  first_aid text not null,
  spill text,
  file_id uuid,
  language text not null,
  revised_on date,
  status text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint sds_documents_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint sds_documents_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint sds_documents_item_id_fkey foreign key (item_id) references public.inventory_items (id) deferrable initially immediate,
  constraint sds_documents_product_name_check check (char_length(btrim(product_name)) >= 1 and char_length(product_name) <= 200),
  constraint sds_documents_cas_no_check check (char_length(cas_no) <= 40),
  constraint sds_documents_hazard_class_check check (char_length(hazard_class) <= 80),
  constraint sds_documents_first_aid_check check (char_length(btrim(first_aid)) >= 1 and char_length(first_aid) <= 4000),
  constraint sds_documents_spill_check check (char_length(spill) <= 2000),
  constraint sds_documents_file_id_fkey foreign key (file_id) references public.file_uploads (id) deferrable initially immediate,
  constraint sds_documents_language_check check (language in ('en', 'es')),
  constraint sds_documents_status_check check (status in ('draft', 'current', 'superseded'))
);

create index sds_documents_feed_idx on public.sds_documents (row_xid, id);
create index sds_documents_product_name_idx on public.sds_documents (product_name);
create index sds_documents_item_id_idx on public.sds_documents (item_id);
create index sds_documents_file_id_idx on public.sds_documents (file_id);

alter table public.sds_documents enable row level security;
alter table public.sds_documents force row level security;
revoke all on table public.sds_documents from public, anon, authenticated, service_role;
grant select on table public.sds_documents to authenticated;
grant select on table public.sds_documents to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, item_id, product_name, cas_no, hazard_class,
    first_aid, spill, file_id, language, revised_on, status, field_by
) on table public.sds_documents to authenticated;
grant update (
  product_name, cas_no, hazard_class, first_aid, spill, file_id, revised_on, status, field_hlc,
    field_by
) on table public.sds_documents to authenticated;
grant update (
  status, field_hlc, field_by
) on table public.sds_documents to ganger_engine;

create trigger guard_state before insert or update of status on public.sds_documents
  for each row execute function private.guard_state();
create trigger sign_fields before insert or update on public.sds_documents
  for each row execute function private.sign_fields();
create trigger touch before update on public.sds_documents
  for each row execute function private.touch();

create policy sds_documents_read on public.sds_documents for select to authenticated using (
  (select private.reaches_all('sds_documents', 'read'))
  or (select cardinality(private.sites('sds_documents', 'read')) > 0)
);
create policy sds_documents_create on public.sds_documents
  for insert to authenticated with check (
  (select private.reaches_all('sds_documents', 'create'))
  or status in (select l.value from private.limited_values('sds_documents', 'create', 'status') l where l.place = '*')
  or status in (select l.value from private.limited_values('sds_documents', 'create', 'status') l where l.place = 'any')
);
create policy sds_documents_create_as_oneself on public.sds_documents
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy sds_documents_update on public.sds_documents for update to authenticated using (
  (select private.reaches_all('sds_documents', 'update'))
  or status in (select l.value from private.limited_values('sds_documents', 'update', 'status') l where l.place = '*')
  or status in (select l.value from private.limited_values('sds_documents', 'update', 'status') l where l.place = 'any')
  or (select private.reaches_all('sds_documents', 'approve'))
) with check (
  (select private.reaches_all('sds_documents', 'update'))
  or '~' in (select l.value from private.limited_values('sds_documents', 'update', 'status') l where l.place = '*')
  or '~' in (select l.value from private.limited_values('sds_documents', 'update', 'status') l where l.place = 'any')
  or (select private.reaches_all('sds_documents', 'approve'))
);
create policy sds_documents_update_through_server on public.sds_documents
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy sds_documents_engine_read on public.sds_documents
  for select to ganger_engine using (true);
create policy sds_documents_engine_update on public.sds_documents for update to ganger_engine
  using (true) with check (true);

-- vendor_items ------------------------------------------------------------------------------------

create table public.vendor_items (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  vendor_id uuid not null,
  item_id uuid not null,
  vendor_sku text,
  min_qty bigint,
  lead_days integer,
  is_primary boolean not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint vendor_items_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint vendor_items_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint vendor_items_vendor_id_fkey foreign key (vendor_id) references public.vendors (id) deferrable initially immediate,
  constraint vendor_items_item_id_fkey foreign key (item_id) references public.inventory_items (id) deferrable initially immediate,
  constraint vendor_items_vendor_sku_check check (char_length(vendor_sku) <= 60),
  constraint vendor_items_min_qty_check check (min_qty between 0 and 100000000000),
  constraint vendor_items_lead_days_check check (lead_days between 0 and 365),
  constraint vendor_items_vendor_id_item_id_key unique (vendor_id, item_id)
);

create index vendor_items_feed_idx on public.vendor_items (row_xid, id);
create index vendor_items_item_id_idx on public.vendor_items (item_id);

alter table public.vendor_items enable row level security;
alter table public.vendor_items force row level security;
revoke all on table public.vendor_items from public, anon, authenticated, service_role;
grant select on table public.vendor_items to authenticated;
grant select on table public.vendor_items to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, vendor_id, item_id, vendor_sku, min_qty,
    lead_days, is_primary, field_by
) on table public.vendor_items to authenticated;
grant update (
  vendor_sku, min_qty, lead_days, is_primary, field_hlc, field_by
) on table public.vendor_items to authenticated;

create trigger sign_fields before insert or update on public.vendor_items
  for each row execute function private.sign_fields();
create trigger touch before update on public.vendor_items
  for each row execute function private.touch();

create policy vendor_items_read on public.vendor_items for select to authenticated using (
  (select private.reaches_all('vendor_items', 'read'))
  or (select cardinality(private.sites('vendor_items', 'read')) > 0)
);
create policy vendor_items_create on public.vendor_items
  for insert to authenticated with check (
  (select private.reaches_all('vendor_items', 'create'))
);
create policy vendor_items_create_as_oneself on public.vendor_items
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy vendor_items_update on public.vendor_items for update to authenticated using (
  (select private.reaches_all('vendor_items', 'update'))
) with check (
  (select private.reaches_all('vendor_items', 'update'))
);
create policy vendor_items_update_through_server on public.vendor_items
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy vendor_items_engine_read on public.vendor_items
  for select to ganger_engine using (true);

-- vendor_prices -----------------------------------------------------------------------------------

create table public.vendor_prices (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  vendor_id uuid not null,
  item_id uuid not null,
  unit text not null,
  price_cents bigint not null,
  seen_on date not null,
  source text not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint vendor_prices_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint vendor_prices_origin_check check (origin_seq is null or device_id is not null),
  constraint vendor_prices_vendor_id_fkey foreign key (vendor_id) references public.vendors (id) deferrable initially immediate,
  constraint vendor_prices_item_id_fkey foreign key (item_id) references public.inventory_items (id) deferrable initially immediate,
  constraint vendor_prices_unit_check check (char_length(btrim(unit)) >= 1 and char_length(unit) <= 40),
  constraint vendor_prices_price_cents_check check (price_cents between 0 and 100000000000),
  constraint vendor_prices_source_check check (source in ('quote', 'invoice', 'catalogue', 'order'))
);

create index vendor_prices_feed_idx on public.vendor_prices (row_xid, id);
create index vendor_prices_item_id_seen_on_idx on public.vendor_prices (item_id, seen_on);
create index vendor_prices_vendor_id_idx on public.vendor_prices (vendor_id);
create unique index vendor_prices_origin_key on public.vendor_prices (device_id, origin_seq)
  where origin_seq is not null;

alter table public.vendor_prices enable row level security;
alter table public.vendor_prices force row level security;
revoke all on table public.vendor_prices from public, anon, authenticated, service_role;
grant select on table public.vendor_prices to authenticated;
grant select on table public.vendor_prices to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, vendor_id, item_id, unit, price_cents,
    seen_on, source
) on table public.vendor_prices to authenticated;

create trigger append_only before update or delete on public.vendor_prices
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.vendor_prices
  for each statement execute function private.refuse_change();
alter table public.vendor_prices enable always trigger append_only;
alter table public.vendor_prices enable always trigger append_only_truncate;

create policy vendor_prices_read on public.vendor_prices for select to authenticated using (
  (select private.reaches_all('vendor_prices', 'read'))
  or (select cardinality(private.sites('vendor_prices', 'read')) > 0)
);
create policy vendor_prices_create on public.vendor_prices
  for insert to authenticated with check (
  (select private.reaches_all('vendor_prices', 'create'))
  or (select cardinality(private.sites('vendor_prices', 'create')) > 0)
);
create policy vendor_prices_create_as_oneself on public.vendor_prices
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy vendor_prices_engine_read on public.vendor_prices
  for select to ganger_engine using (true);

-- purchase_orders ---------------------------------------------------------------------------------

create table public.purchase_orders (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  vendor_id uuid not null,
  po_no text,
  urgency text not null,
  need_by date,
  note text,
  status text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint purchase_orders_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint purchase_orders_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint purchase_orders_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint purchase_orders_vendor_id_fkey foreign key (vendor_id) references public.vendors (id) deferrable initially immediate,
  constraint purchase_orders_po_no_check check (char_length(po_no) <= 20),
  constraint purchase_orders_urgency_check check (urgency in ('routine', 'urgent', 'emergency')),
  constraint purchase_orders_note_check check (char_length(note) <= 1000),
  constraint purchase_orders_status_check check (status in ('draft', 'submitted', 'returned',
    'approved', 'ordered', 'partially_received', 'received', 'closed', 'cancelled'))
);

create index purchase_orders_feed_idx on public.purchase_orders (row_xid, id);
create index purchase_orders_location_id_feed_idx on public.purchase_orders (location_id, row_xid, id);
create index purchase_orders_location_id_status_idx on public.purchase_orders (location_id, status);
create index purchase_orders_vendor_id_idx on public.purchase_orders (vendor_id);
create unique index purchase_orders_po_no_live_key
  on public.purchase_orders (po_no)
  where po_no is not null;

alter table public.purchase_orders enable row level security;
alter table public.purchase_orders force row level security;
revoke all on table public.purchase_orders from public, anon, authenticated, service_role;
grant select on table public.purchase_orders to authenticated;
grant select on table public.purchase_orders to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, vendor_id, po_no, urgency,
    need_by, note, status, field_by
) on table public.purchase_orders to authenticated;
grant update (
  vendor_id, urgency, need_by, note, status, field_hlc, field_by
) on table public.purchase_orders to authenticated;
grant update (
  po_no, status, field_hlc, field_by
) on table public.purchase_orders to ganger_engine;

create trigger guard_state before insert or update of status on public.purchase_orders
  for each row execute function private.guard_state();
create trigger guard_editable before update on public.purchase_orders
  for each row execute function private.guard_editable(
    'status', '{draft,returned}', '{note}');
create trigger sign_fields before insert or update on public.purchase_orders
  for each row execute function private.sign_fields();
create trigger touch before update on public.purchase_orders
  for each row execute function private.touch();

create policy purchase_orders_read on public.purchase_orders for select to authenticated using (
  (select private.reaches_all('purchase_orders', 'read'))
  or location_id = any ((select private.sites('purchase_orders', 'read'))::uuid[])
);
create policy purchase_orders_create on public.purchase_orders
  for insert to authenticated with check (
  (select private.reaches_all('purchase_orders', 'create'))
  or location_id = any ((select private.sites('purchase_orders', 'create'))::uuid[])
  or status in (select l.value from private.limited_values('purchase_orders', 'create', 'status') l where l.place = '*')
  or (status, location_id::text) in (select l.value, l.place from private.limited_values('purchase_orders', 'create', 'status') l)
);
create policy purchase_orders_create_as_oneself on public.purchase_orders
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy purchase_orders_update on public.purchase_orders for update to authenticated using (
  (select private.reaches_all('purchase_orders', 'update'))
  or location_id = any ((select private.sites('purchase_orders', 'update'))::uuid[])
  or status in (select l.value from private.limited_values('purchase_orders', 'update', 'status') l where l.place = '*')
  or (status, location_id::text) in (select l.value, l.place from private.limited_values('purchase_orders', 'update', 'status') l)
  or (select private.reaches_all('purchase_orders', 'approve'))
  or location_id = any ((select private.sites('purchase_orders', 'approve'))::uuid[])
) with check (
  (select private.reaches_all('purchase_orders', 'update'))
  or location_id = any ((select private.sites('purchase_orders', 'update'))::uuid[])
  or '~' in (select l.value from private.limited_values('purchase_orders', 'update', 'status') l where l.place = '*')
  or ('~', location_id::text) in (select l.value, l.place from private.limited_values('purchase_orders', 'update', 'status') l)
  or (select private.reaches_all('purchase_orders', 'approve'))
  or location_id = any ((select private.sites('purchase_orders', 'approve'))::uuid[])
);
create policy purchase_orders_update_through_server on public.purchase_orders
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy purchase_orders_engine_read on public.purchase_orders
  for select to ganger_engine using (true);
create policy purchase_orders_engine_update on public.purchase_orders for update to ganger_engine
  using (true) with check (true);

-- purchase_order_acts -----------------------------------------------------------------------------

create table public.purchase_order_acts (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  order_id uuid not null,
  lines jsonb not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint purchase_order_acts_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint purchase_order_acts_origin_check check (origin_seq is null or device_id is not null),
  constraint purchase_order_acts_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint purchase_order_acts_order_id_fkey foreign key (order_id) references public.purchase_orders (id) deferrable initially immediate,
  constraint purchase_order_acts_lines_shape_check check (case jsonb_typeof(lines) when 'array' then jsonb_array_length(lines) between 1 and 200 else lines is null end)
);

create index purchase_order_acts_feed_idx on public.purchase_order_acts (row_xid, id);
create index purchase_order_acts_location_id_feed_idx on public.purchase_order_acts (location_id, row_xid, id);
create index purchase_order_acts_order_id_idx on public.purchase_order_acts (order_id);
create unique index purchase_order_acts_origin_key on public.purchase_order_acts (device_id, origin_seq)
  where origin_seq is not null;

alter table public.purchase_order_acts enable row level security;
alter table public.purchase_order_acts force row level security;
revoke all on table public.purchase_order_acts from public, anon, authenticated, service_role;
grant select on table public.purchase_order_acts to authenticated;
grant select on table public.purchase_order_acts to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, order_id, lines
) on table public.purchase_order_acts to authenticated;

create trigger append_only before update or delete on public.purchase_order_acts
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.purchase_order_acts
  for each statement execute function private.refuse_change();
alter table public.purchase_order_acts enable always trigger append_only;
alter table public.purchase_order_acts enable always trigger append_only_truncate;

create policy purchase_order_acts_read on public.purchase_order_acts for select to authenticated using (
  (select private.reaches_all('purchase_order_acts', 'read'))
  or location_id = any ((select private.sites('purchase_order_acts', 'read'))::uuid[])
);
create policy purchase_order_acts_create on public.purchase_order_acts
  for insert to authenticated with check (
  (select private.reaches_all('purchase_order_acts', 'create'))
  or location_id = any ((select private.sites('purchase_order_acts', 'create'))::uuid[])
);
create policy purchase_order_acts_create_as_oneself on public.purchase_order_acts
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy purchase_order_acts_engine_read on public.purchase_order_acts
  for select to ganger_engine using (true);

-- purchase_order_lines ----------------------------------------------------------------------------

create table public.purchase_order_lines (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  order_id uuid not null,
  item_id uuid not null,
  unit text not null,
  qty_ordered bigint not null,
  unit_price_cents bigint,
  substitutes uuid[] not null,
  removed boolean not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint purchase_order_lines_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint purchase_order_lines_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint purchase_order_lines_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint purchase_order_lines_order_id_fkey foreign key (order_id) references public.purchase_orders (id) deferrable initially immediate,
  constraint purchase_order_lines_item_id_fkey foreign key (item_id) references public.inventory_items (id) deferrable initially immediate,
  constraint purchase_order_lines_unit_check check (char_length(btrim(unit)) >= 1 and char_length(unit) <= 40),
  constraint purchase_order_lines_qty_ordered_check check (qty_ordered between 0 and 100000000000),
  constraint purchase_order_lines_unit_price_cents_check check (unit_price_cents between 0 and 100000000000),
  constraint purchase_order_lines_substitutes_check check (private.is_sorted(substitutes) and cardinality(substitutes) <= 10)
);

create index purchase_order_lines_feed_idx on public.purchase_order_lines (row_xid, id);
create index purchase_order_lines_location_id_feed_idx on public.purchase_order_lines (location_id, row_xid, id);
create index purchase_order_lines_order_id_idx on public.purchase_order_lines (order_id);
create index purchase_order_lines_item_id_idx on public.purchase_order_lines (item_id);

alter table public.purchase_order_lines enable row level security;
alter table public.purchase_order_lines force row level security;
revoke all on table public.purchase_order_lines from public, anon, authenticated, service_role;
grant select on table public.purchase_order_lines to authenticated;
grant select on table public.purchase_order_lines to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, order_id, item_id, unit,
    qty_ordered, unit_price_cents, substitutes, removed, field_by
) on table public.purchase_order_lines to authenticated;
grant update (
  unit, qty_ordered, unit_price_cents, substitutes, removed, field_hlc, field_by
) on table public.purchase_order_lines to authenticated;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, order_id, item_id, unit,
    qty_ordered, unit_price_cents, substitutes, removed, field_by
) on table public.purchase_order_lines to ganger_engine;

create trigger sign_fields before insert or update on public.purchase_order_lines
  for each row execute function private.sign_fields();
create trigger touch before update on public.purchase_order_lines
  for each row execute function private.touch();

create policy purchase_order_lines_read on public.purchase_order_lines for select to authenticated using (
  (select private.reaches_all('purchase_order_lines', 'read'))
  or location_id = any ((select private.sites('purchase_order_lines', 'read'))::uuid[])
);
create policy purchase_order_lines_create on public.purchase_order_lines
  for insert to authenticated with check (
  (select private.reaches_all('purchase_order_lines', 'create'))
  or location_id = any ((select private.sites('purchase_order_lines', 'create'))::uuid[])
);
create policy purchase_order_lines_create_as_oneself on public.purchase_order_lines
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy purchase_order_lines_update on public.purchase_order_lines for update to authenticated using (
  (select private.reaches_all('purchase_order_lines', 'update'))
  or location_id = any ((select private.sites('purchase_order_lines', 'update'))::uuid[])
) with check (
  (select private.reaches_all('purchase_order_lines', 'update'))
  or location_id = any ((select private.sites('purchase_order_lines', 'update'))::uuid[])
);
create policy purchase_order_lines_update_through_server on public.purchase_order_lines
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy purchase_order_lines_engine_read on public.purchase_order_lines
  for select to ganger_engine using (true);
create policy purchase_order_lines_engine_create on public.purchase_order_lines
  for insert to ganger_engine with check (true);

-- po_approvals ------------------------------------------------------------------------------------

create table public.po_approvals (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  order_id uuid not null,
  approver_id uuid not null,
  decision text not null,
  amount_cents bigint not null,
  basis_version text not null,
  reason text,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint po_approvals_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint po_approvals_origin_check check (origin_seq is null or device_id is not null),
  constraint po_approvals_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint po_approvals_order_id_fkey foreign key (order_id) references public.purchase_orders (id) deferrable initially immediate,
  constraint po_approvals_approver_id_fkey foreign key (approver_id) references public.users (id) deferrable initially immediate,
  constraint po_approvals_decision_check check (decision in ('approved', 'returned')),
  constraint po_approvals_amount_cents_check check (amount_cents between 0 and 100000000000),
  constraint po_approvals_basis_version_check check (char_length(btrim(basis_version)) >= 1 and char_length(basis_version) <= 64),
  constraint po_approvals_reason_check check (char_length(reason) <= 500)
);

create index po_approvals_feed_idx on public.po_approvals (row_xid, id);
create index po_approvals_location_id_feed_idx on public.po_approvals (location_id, row_xid, id);
create index po_approvals_order_id_idx on public.po_approvals (order_id);
create index po_approvals_approver_id_idx on public.po_approvals (approver_id);
create unique index po_approvals_origin_key on public.po_approvals (device_id, origin_seq)
  where origin_seq is not null;

alter table public.po_approvals enable row level security;
alter table public.po_approvals force row level security;
revoke all on table public.po_approvals from public, anon, authenticated, service_role;
grant select on table public.po_approvals to authenticated;
grant select on table public.po_approvals to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, order_id, approver_id,
    decision, amount_cents, basis_version, reason
) on table public.po_approvals to authenticated;

create trigger append_only before update or delete on public.po_approvals
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.po_approvals
  for each statement execute function private.refuse_change();
alter table public.po_approvals enable always trigger append_only;
alter table public.po_approvals enable always trigger append_only_truncate;

create policy po_approvals_read on public.po_approvals for select to authenticated using (
  (select private.reaches_all('po_approvals', 'read'))
  or location_id = any ((select private.sites('po_approvals', 'read'))::uuid[])
);
create policy po_approvals_create on public.po_approvals
  for insert to authenticated with check (
  (select private.reaches_all('po_approvals', 'create'))
  or location_id = any ((select private.sites('po_approvals', 'create'))::uuid[])
);
create policy po_approvals_create_as_oneself on public.po_approvals
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and approver_id = (select auth.uid()));
create policy po_approvals_engine_read on public.po_approvals
  for select to ganger_engine using (true);

-- transfers ---------------------------------------------------------------------------------------

create table public.transfers (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  site_ids uuid[] not null,
  location_id uuid not null,
  to_location_id uuid not null,
  wanted jsonb not null,
  note text,
  status text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint transfers_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint transfers_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint transfers_site_ids_check check (private.is_sorted(site_ids) and cardinality(site_ids) <= 2),
  constraint transfers_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint transfers_to_location_id_fkey foreign key (to_location_id) references public.locations (id) deferrable initially immediate,
  constraint transfers_note_check check (char_length(note) <= 500),
  constraint transfers_status_check check (status in ('draft', 'shipped', 'received', 'short',
    'cancelled')),
  constraint transfers_wanted_shape_check check (case jsonb_typeof(wanted) when 'array' then jsonb_array_length(wanted) between 0 and 200 else wanted is null end)
);

create index transfers_feed_idx on public.transfers (row_xid, id);
create index transfers_location_id_idx on public.transfers (location_id);
create index transfers_to_location_id_idx on public.transfers (to_location_id);
create index transfers_site_ids_idx on public.transfers using gin (site_ids);

alter table public.transfers enable row level security;
alter table public.transfers force row level security;
revoke all on table public.transfers from public, anon, authenticated, service_role;
grant select on table public.transfers to authenticated;
grant select on table public.transfers to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, site_ids, location_id, to_location_id, wanted,
    note, status, field_by
) on table public.transfers to authenticated;
grant update (
  wanted, note, status, field_hlc, field_by
) on table public.transfers to authenticated;
grant update (
  status, field_hlc, field_by
) on table public.transfers to ganger_engine;

create trigger guard_state before insert or update of status on public.transfers
  for each row execute function private.guard_state();
create trigger guard_editable before update on public.transfers
  for each row execute function private.guard_editable(
    'status', '{draft}', '{note}');
create trigger sign_fields before insert or update on public.transfers
  for each row execute function private.sign_fields();
create trigger touch before update on public.transfers
  for each row execute function private.touch();

create policy transfers_read on public.transfers for select to authenticated using (
  (select private.reaches_all('transfers', 'read'))
  or site_ids && (select private.sites('transfers', 'read'))
);
create policy transfers_create on public.transfers
  for insert to authenticated with check (
  (select private.reaches_all('transfers', 'create'))
  or site_ids <@ (select private.sites('transfers', 'create'))
);
create policy transfers_create_as_oneself on public.transfers
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy transfers_update on public.transfers for update to authenticated using (
  (select private.reaches_all('transfers', 'update'))
  or site_ids && (select private.sites('transfers', 'update'))
  or (select private.reaches_all('transfers', 'approve'))
  or site_ids && (select private.sites('transfers', 'approve'))
) with check (
  (select private.reaches_all('transfers', 'update'))
  or site_ids && (select private.sites('transfers', 'update'))
  or (select private.reaches_all('transfers', 'approve'))
  or site_ids && (select private.sites('transfers', 'approve'))
);
create policy transfers_update_through_server on public.transfers
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy transfers_engine_read on public.transfers
  for select to ganger_engine using (true);
create policy transfers_engine_update on public.transfers for update to ganger_engine
  using (true) with check (true);

-- reorder_requests --------------------------------------------------------------------------------

create table public.reorder_requests (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  item_id uuid not null,
  qty_base bigint not null,
  reason text,
  order_id uuid,
  status text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint reorder_requests_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint reorder_requests_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint reorder_requests_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint reorder_requests_item_id_fkey foreign key (item_id) references public.inventory_items (id) deferrable initially immediate,
  constraint reorder_requests_qty_base_check check (qty_base between 1 and 100000000000),
  constraint reorder_requests_reason_check check (char_length(reason) <= 300),
  constraint reorder_requests_order_id_fkey foreign key (order_id) references public.purchase_orders (id) deferrable initially immediate,
  constraint reorder_requests_status_check check (status in ('pending', 'approved', 'rejected',
    'ordered'))
);

create index reorder_requests_feed_idx on public.reorder_requests (row_xid, id);
create index reorder_requests_location_id_feed_idx on public.reorder_requests (location_id, row_xid, id);
create index reorder_requests_item_id_idx on public.reorder_requests (item_id);
create index reorder_requests_order_id_idx on public.reorder_requests (order_id);

alter table public.reorder_requests enable row level security;
alter table public.reorder_requests force row level security;
revoke all on table public.reorder_requests from public, anon, authenticated, service_role;
grant select on table public.reorder_requests to authenticated;
grant select on table public.reorder_requests to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, item_id, qty_base, reason,
    order_id, status, field_by
) on table public.reorder_requests to authenticated;
grant update (
  qty_base, reason, status, field_hlc, field_by
) on table public.reorder_requests to authenticated;
grant update (
  order_id, status, field_hlc, field_by
) on table public.reorder_requests to ganger_engine;

create trigger guard_state before insert or update of status on public.reorder_requests
  for each row execute function private.guard_state();
create trigger guard_editable before update on public.reorder_requests
  for each row execute function private.guard_editable(
    'status', '{pending}', '{}');
create trigger sign_fields before insert or update on public.reorder_requests
  for each row execute function private.sign_fields();
create trigger touch before update on public.reorder_requests
  for each row execute function private.touch();

create policy reorder_requests_read on public.reorder_requests for select to authenticated using (
  (select private.reaches_all('reorder_requests', 'read'))
  or location_id = any ((select private.sites('reorder_requests', 'read'))::uuid[])
);
create policy reorder_requests_create on public.reorder_requests
  for insert to authenticated with check (
  (select private.reaches_all('reorder_requests', 'create'))
  or location_id = any ((select private.sites('reorder_requests', 'create'))::uuid[])
);
create policy reorder_requests_create_as_oneself on public.reorder_requests
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy reorder_requests_update on public.reorder_requests for update to authenticated using (
  (select private.reaches_all('reorder_requests', 'update'))
  or location_id = any ((select private.sites('reorder_requests', 'update'))::uuid[])
  or (select private.reaches_all('reorder_requests', 'approve'))
  or location_id = any ((select private.sites('reorder_requests', 'approve'))::uuid[])
) with check (
  (select private.reaches_all('reorder_requests', 'update'))
  or location_id = any ((select private.sites('reorder_requests', 'update'))::uuid[])
  or (select private.reaches_all('reorder_requests', 'approve'))
  or location_id = any ((select private.sites('reorder_requests', 'approve'))::uuid[])
);
create policy reorder_requests_update_through_server on public.reorder_requests
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy reorder_requests_engine_read on public.reorder_requests
  for select to ganger_engine using (true);
create policy reorder_requests_engine_update on public.reorder_requests for update to ganger_engine
  using (true) with check (true);

-- unmatched_scans ---------------------------------------------------------------------------------

create table public.unmatched_scans (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  location_id uuid not null,
  raw text not null,
  symbology text,
  scanned_at timestamptz not null,
  photo_file_id uuid,
  resolved_item_id uuid,
  dismissed boolean not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint unmatched_scans_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint unmatched_scans_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint unmatched_scans_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint unmatched_scans_raw_check check (char_length(btrim(raw)) >= 1 and char_length(raw) <= 1000),
  constraint unmatched_scans_symbology_check check (char_length(symbology) <= 40),
  constraint unmatched_scans_photo_file_id_fkey foreign key (photo_file_id) references public.file_uploads (id) deferrable initially immediate,
  constraint unmatched_scans_resolved_item_id_fkey foreign key (resolved_item_id) references public.inventory_items (id) deferrable initially immediate
);

create index unmatched_scans_feed_idx on public.unmatched_scans (row_xid, id);
create index unmatched_scans_location_id_feed_idx on public.unmatched_scans (location_id, row_xid, id);
create index unmatched_scans_photo_file_id_idx on public.unmatched_scans (photo_file_id);
create index unmatched_scans_resolved_item_id_idx on public.unmatched_scans (resolved_item_id);

alter table public.unmatched_scans enable row level security;
alter table public.unmatched_scans force row level security;
revoke all on table public.unmatched_scans from public, anon, authenticated, service_role;
grant select on table public.unmatched_scans to authenticated;
grant select on table public.unmatched_scans to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, location_id, raw, symbology, scanned_at,
    photo_file_id, resolved_item_id, dismissed, field_by
) on table public.unmatched_scans to authenticated;
grant update (
  photo_file_id, resolved_item_id, dismissed, field_hlc, field_by
) on table public.unmatched_scans to authenticated;

create trigger sign_fields before insert or update on public.unmatched_scans
  for each row execute function private.sign_fields();
create trigger touch before update on public.unmatched_scans
  for each row execute function private.touch();

create policy unmatched_scans_read on public.unmatched_scans for select to authenticated using (
  (select private.reaches_all('unmatched_scans', 'read'))
  or location_id = any ((select private.sites('unmatched_scans', 'read'))::uuid[])
);
create policy unmatched_scans_create on public.unmatched_scans
  for insert to authenticated with check (
  (select private.reaches_all('unmatched_scans', 'create'))
  or location_id = any ((select private.sites('unmatched_scans', 'create'))::uuid[])
);
create policy unmatched_scans_create_as_oneself on public.unmatched_scans
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy unmatched_scans_update on public.unmatched_scans for update to authenticated using (
  (select private.reaches_all('unmatched_scans', 'update'))
  or location_id = any ((select private.sites('unmatched_scans', 'update'))::uuid[])
) with check (
  (select private.reaches_all('unmatched_scans', 'update'))
  or location_id = any ((select private.sites('unmatched_scans', 'update'))::uuid[])
);
create policy unmatched_scans_update_through_server on public.unmatched_scans
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy unmatched_scans_engine_read on public.unmatched_scans
  for select to ganger_engine using (true);

-- patient_refs ------------------------------------------------------------------------------------

create table public.patient_refs (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  patient_id uuid not null,
  appointment_id uuid,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint patient_refs_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint patient_refs_origin_check check (origin_seq is null or device_id is not null),
  constraint patient_refs_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint patient_refs_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint patient_refs_appointment_id_fkey foreign key (appointment_id) references public.appointments (id) deferrable initially immediate
);

create index patient_refs_feed_idx on public.patient_refs (row_xid, id);
create index patient_refs_location_id_feed_idx on public.patient_refs (location_id, row_xid, id);
create index patient_refs_patient_id_feed_idx on public.patient_refs (patient_id, row_xid, id);
create index patient_refs_appointment_id_idx on public.patient_refs (appointment_id);
create unique index patient_refs_origin_key on public.patient_refs (device_id, origin_seq)
  where origin_seq is not null;

alter table public.patient_refs enable row level security;
alter table public.patient_refs force row level security;
revoke all on table public.patient_refs from public, anon, authenticated, service_role;
grant select on table public.patient_refs to authenticated;
grant select on table public.patient_refs to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, patient_id, appointment_id
) on table public.patient_refs to authenticated;

create trigger append_only before update or delete on public.patient_refs
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.patient_refs
  for each statement execute function private.refuse_change();
alter table public.patient_refs enable always trigger append_only;
alter table public.patient_refs enable always trigger append_only_truncate;

create policy patient_refs_read on public.patient_refs for select to authenticated using (
  (select private.reaches_all('patient_refs', 'read'))
  or location_id = any ((select private.sites('patient_refs', 'read'))::uuid[])
);
create policy patient_refs_create on public.patient_refs
  for insert to authenticated with check (
  (select private.reaches_all('patient_refs', 'create'))
  or location_id = any ((select private.sites('patient_refs', 'create'))::uuid[])
);
create policy patient_refs_create_as_oneself on public.patient_refs
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy patient_refs_engine_read on public.patient_refs
  for select to ganger_engine using (true);

-- sample_log --------------------------------------------------------------------------------------

create table public.sample_log (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  act_id uuid not null,
  lot_id uuid not null,
  qty_base bigint not null,
  patient_id uuid,
  prescriber_id uuid not null,
  dispensed_by uuid not null,
  witnessed_by uuid,
  signature_id uuid,
  occurred_at timestamptz not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint sample_log_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint sample_log_origin_check check (origin_seq is null or device_id is not null),
  constraint sample_log_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint sample_log_act_id_fkey foreign key (act_id) references public.stock_acts (id) deferrable initially immediate,
  constraint sample_log_lot_id_fkey foreign key (lot_id) references public.inventory_lots (id) deferrable initially immediate,
  constraint sample_log_qty_base_check check (qty_base between 1 and 100000000000),
  constraint sample_log_patient_id_fkey foreign key (patient_id) references public.patients (id) deferrable initially immediate,
  constraint sample_log_prescriber_id_fkey foreign key (prescriber_id) references public.users (id) deferrable initially immediate,
  constraint sample_log_dispensed_by_fkey foreign key (dispensed_by) references public.users (id) deferrable initially immediate,
  constraint sample_log_witnessed_by_fkey foreign key (witnessed_by) references public.users (id) deferrable initially immediate
);

create index sample_log_feed_idx on public.sample_log (row_xid, id);
create index sample_log_location_id_feed_idx on public.sample_log (location_id, row_xid, id);
create index sample_log_patient_id_feed_idx on public.sample_log (patient_id, row_xid, id);
create index sample_log_act_id_idx on public.sample_log (act_id);
create index sample_log_lot_id_idx on public.sample_log (lot_id);
create index sample_log_prescriber_id_idx on public.sample_log (prescriber_id);
create index sample_log_dispensed_by_idx on public.sample_log (dispensed_by);
create index sample_log_witnessed_by_idx on public.sample_log (witnessed_by);
create unique index sample_log_origin_key on public.sample_log (device_id, origin_seq)
  where origin_seq is not null;

alter table public.sample_log enable row level security;
alter table public.sample_log force row level security;
revoke all on table public.sample_log from public, anon, authenticated, service_role;
grant select on table public.sample_log to authenticated;
grant select on table public.sample_log to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, act_id, lot_id, qty_base,
    patient_id, prescriber_id, dispensed_by, witnessed_by, signature_id, occurred_at
) on table public.sample_log to authenticated;

create trigger append_only before update or delete on public.sample_log
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.sample_log
  for each statement execute function private.refuse_change();
alter table public.sample_log enable always trigger append_only;
alter table public.sample_log enable always trigger append_only_truncate;

create policy sample_log_read on public.sample_log for select to authenticated using (
  (select private.reaches_all('sample_log', 'read'))
  or location_id = any ((select private.sites('sample_log', 'read'))::uuid[])
);
create policy sample_log_create on public.sample_log
  for insert to authenticated with check (
  (select private.reaches_all('sample_log', 'create'))
  or location_id = any ((select private.sites('sample_log', 'create'))::uuid[])
);
create policy sample_log_create_as_oneself on public.sample_log
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and dispensed_by = (select auth.uid()));
create policy sample_log_engine_read on public.sample_log
  for select to ganger_engine using (true);

-- rights ------------------------------------------------------------------------------------------

insert into private.scopes
  (table_name, location_column, sites_column, team_column, own_column)
values
  ('vendors', null, null, null, null),
  ('sds_documents', null, null, null, null),
  ('vendor_items', null, null, null, null),
  ('vendor_prices', null, null, null, null),
  ('purchase_orders', 'location_id', null, null, null),
  ('purchase_order_acts', 'location_id', null, null, null),
  ('purchase_order_lines', 'location_id', null, null, null),
  ('po_approvals', 'location_id', null, null, null),
  ('transfers', null, 'site_ids', null, null),
  ('reorder_requests', 'location_id', null, null, null),
  ('unmatched_scans', 'location_id', null, null, null),
  ('patient_refs', 'location_id', null, null, null),
  ('sample_log', 'location_id', null, null, null);

insert into private.access_matrix
  (role, table_name, operation, reach, only_field, only_values)
values
  ('FD', 'vendors', 'read', 'sites', null, null),
  ('CS', 'vendors', 'read', 'sites', null, null),
  ('PR', 'vendors', 'read', 'all', null, null),
  ('MG', 'vendors', 'read', 'all', null, null),
  ('MG', 'vendors', 'create', 'all', null, null),
  ('MG', 'vendors', 'update', 'all', null, null),
  ('LM', 'vendors', 'read', 'sites', null, null),
  ('IT', 'vendors', 'metadata', 'all', null, null),
  ('SA', 'vendors', 'read', 'all', null, null),
  ('SA', 'vendors', 'update', 'all', null, null),
  ('BUY', 'vendors', 'read', 'sites', null, null),
  ('FD', 'sds_documents', 'read', 'sites', null, null),
  ('KD', 'sds_documents', 'read', 'sites', null, null),
  ('CS', 'sds_documents', 'read', 'all', null, null),
  ('PR', 'sds_documents', 'read', 'all', null, null),
  ('MG', 'sds_documents', 'read', 'all', null, null),
  ('MG', 'sds_documents', 'create', 'all', null, null),
  ('MG', 'sds_documents', 'update', 'all', null, null),
  ('MG', 'sds_documents', 'approve', 'all', null, null),
  ('LM', 'sds_documents', 'read', 'all', null, null),
  ('LM', 'sds_documents', 'create', 'sites', 'status', '{draft}'),
  ('LM', 'sds_documents', 'update', 'sites', 'status', '{draft}'),
  ('IT', 'sds_documents', 'read', 'all', null, null),
  ('SA', 'sds_documents', 'read', 'all', null, null),
  ('BUY', 'sds_documents', 'read', 'all', null, null),
  ('SAFETY', 'sds_documents', 'read', 'all', null, null),
  ('SAFETY', 'sds_documents', 'create', 'all', null, null),
  ('SAFETY', 'sds_documents', 'update', 'all', null, null),
  ('SAFETY', 'sds_documents', 'approve', 'all', null, null),
  ('FD', 'vendor_items', 'read', 'sites', null, null),
  ('CS', 'vendor_items', 'read', 'sites', null, null),
  ('PR', 'vendor_items', 'read', 'all', null, null),
  ('MG', 'vendor_items', 'read', 'all', null, null),
  ('MG', 'vendor_items', 'create', 'all', null, null),
  ('MG', 'vendor_items', 'update', 'all', null, null),
  ('LM', 'vendor_items', 'read', 'sites', null, null),
  ('IT', 'vendor_items', 'metadata', 'all', null, null),
  ('SA', 'vendor_items', 'read', 'all', null, null),
  ('SA', 'vendor_items', 'update', 'all', null, null),
  ('BUY', 'vendor_items', 'read', 'sites', null, null),
  ('CS', 'vendor_prices', 'read', 'sites', null, null),
  ('PR', 'vendor_prices', 'read', 'all', null, null),
  ('MG', 'vendor_prices', 'read', 'all', null, null),
  ('MG', 'vendor_prices', 'create', 'all', null, null),
  ('LM', 'vendor_prices', 'read', 'sites', null, null),
  ('LM', 'vendor_prices', 'create', 'sites', null, null),
  ('SA', 'vendor_prices', 'read', 'all', null, null),
  ('BUY', 'vendor_prices', 'read', 'all', null, null),
  ('BUY', 'vendor_prices', 'create', 'all', null, null),
  ('FD', 'purchase_orders', 'read', 'sites', null, null),
  ('CS', 'purchase_orders', 'read', 'sites', null, null),
  ('CS', 'purchase_orders', 'create', 'sites', 'status', '{draft}'),
  ('CS', 'purchase_orders', 'update', 'sites', 'status', '{draft}'),
  ('PR', 'purchase_orders', 'read', 'sites', null, null),
  ('MG', 'purchase_orders', 'read', 'all', null, null),
  ('MG', 'purchase_orders', 'create', 'all', null, null),
  ('MG', 'purchase_orders', 'update', 'all', null, null),
  ('MG', 'purchase_orders', 'approve', 'all', null, null),
  ('LM', 'purchase_orders', 'read', 'sites', null, null),
  ('LM', 'purchase_orders', 'create', 'sites', null, null),
  ('LM', 'purchase_orders', 'update', 'sites', null, null),
  ('LM', 'purchase_orders', 'approve', 'sites', null, null),
  ('IT', 'purchase_orders', 'metadata', 'all', null, null),
  ('SA', 'purchase_orders', 'read', 'all', null, null),
  ('SA', 'purchase_orders', 'approve', 'all', null, null),
  ('BUY', 'purchase_orders', 'read', 'all', null, null),
  ('BUY', 'purchase_orders', 'create', 'all', null, null),
  ('BUY', 'purchase_orders', 'update', 'all', null, null),
  ('FD', 'purchase_order_acts', 'read', 'sites', null, null),
  ('CS', 'purchase_order_acts', 'read', 'sites', null, null),
  ('CS', 'purchase_order_acts', 'create', 'sites', null, null),
  ('PR', 'purchase_order_acts', 'read', 'sites', null, null),
  ('MG', 'purchase_order_acts', 'read', 'all', null, null),
  ('MG', 'purchase_order_acts', 'create', 'all', null, null),
  ('LM', 'purchase_order_acts', 'read', 'sites', null, null),
  ('LM', 'purchase_order_acts', 'create', 'sites', null, null),
  ('SA', 'purchase_order_acts', 'read', 'all', null, null),
  ('BUY', 'purchase_order_acts', 'read', 'all', null, null),
  ('BUY', 'purchase_order_acts', 'create', 'all', null, null),
  ('FD', 'purchase_order_lines', 'read', 'sites', null, null),
  ('CS', 'purchase_order_lines', 'read', 'sites', null, null),
  ('CS', 'purchase_order_lines', 'create', 'sites', null, null),
  ('CS', 'purchase_order_lines', 'update', 'sites', null, null),
  ('PR', 'purchase_order_lines', 'read', 'sites', null, null),
  ('MG', 'purchase_order_lines', 'read', 'all', null, null),
  ('MG', 'purchase_order_lines', 'create', 'all', null, null),
  ('MG', 'purchase_order_lines', 'update', 'all', null, null),
  ('LM', 'purchase_order_lines', 'read', 'sites', null, null),
  ('LM', 'purchase_order_lines', 'create', 'sites', null, null),
  ('LM', 'purchase_order_lines', 'update', 'sites', null, null),
  ('SA', 'purchase_order_lines', 'read', 'all', null, null),
  ('BUY', 'purchase_order_lines', 'read', 'all', null, null),
  ('BUY', 'purchase_order_lines', 'create', 'all', null, null),
  ('BUY', 'purchase_order_lines', 'update', 'all', null, null),
  ('FD', 'po_approvals', 'read', 'sites', null, null),
  ('CS', 'po_approvals', 'read', 'sites', null, null),
  ('PR', 'po_approvals', 'read', 'sites', null, null),
  ('MG', 'po_approvals', 'read', 'all', null, null),
  ('MG', 'po_approvals', 'create', 'all', null, null),
  ('LM', 'po_approvals', 'read', 'sites', null, null),
  ('LM', 'po_approvals', 'create', 'sites', null, null),
  ('SA', 'po_approvals', 'read', 'all', null, null),
  ('SA', 'po_approvals', 'create', 'all', null, null),
  ('BUY', 'po_approvals', 'read', 'all', null, null),
  ('FD', 'transfers', 'read', 'sites', null, null),
  ('CS', 'transfers', 'read', 'sites', null, null),
  ('CS', 'transfers', 'create', 'sites', null, null),
  ('CS', 'transfers', 'update', 'sites', null, null),
  ('PR', 'transfers', 'read', 'sites', null, null),
  ('MG', 'transfers', 'read', 'all', null, null),
  ('MG', 'transfers', 'create', 'all', null, null),
  ('MG', 'transfers', 'update', 'all', null, null),
  ('MG', 'transfers', 'approve', 'all', null, null),
  ('LM', 'transfers', 'read', 'sites', null, null),
  ('LM', 'transfers', 'create', 'sites', null, null),
  ('LM', 'transfers', 'update', 'sites', null, null),
  ('LM', 'transfers', 'approve', 'sites', null, null),
  ('IT', 'transfers', 'metadata', 'all', null, null),
  ('SA', 'transfers', 'read', 'all', null, null),
  ('BUY', 'transfers', 'read', 'all', null, null),
  ('FD', 'reorder_requests', 'read', 'sites', null, null),
  ('FD', 'reorder_requests', 'create', 'sites', null, null),
  ('CS', 'reorder_requests', 'read', 'sites', null, null),
  ('CS', 'reorder_requests', 'create', 'sites', null, null),
  ('CS', 'reorder_requests', 'update', 'sites', null, null),
  ('PR', 'reorder_requests', 'read', 'sites', null, null),
  ('PR', 'reorder_requests', 'create', 'sites', null, null),
  ('MG', 'reorder_requests', 'read', 'all', null, null),
  ('MG', 'reorder_requests', 'create', 'all', null, null),
  ('MG', 'reorder_requests', 'update', 'all', null, null),
  ('MG', 'reorder_requests', 'approve', 'all', null, null),
  ('LM', 'reorder_requests', 'read', 'sites', null, null),
  ('LM', 'reorder_requests', 'create', 'sites', null, null),
  ('LM', 'reorder_requests', 'update', 'sites', null, null),
  ('LM', 'reorder_requests', 'approve', 'sites', null, null),
  ('SA', 'reorder_requests', 'read', 'all', null, null),
  ('BUY', 'reorder_requests', 'read', 'all', null, null),
  ('BUY', 'reorder_requests', 'update', 'all', null, null),
  ('BUY', 'reorder_requests', 'approve', 'all', null, null),
  ('FD', 'unmatched_scans', 'read', 'sites', null, null),
  ('FD', 'unmatched_scans', 'create', 'sites', null, null),
  ('CS', 'unmatched_scans', 'read', 'sites', null, null),
  ('CS', 'unmatched_scans', 'create', 'sites', null, null),
  ('CS', 'unmatched_scans', 'update', 'sites', null, null),
  ('MG', 'unmatched_scans', 'read', 'all', null, null),
  ('MG', 'unmatched_scans', 'create', 'all', null, null),
  ('MG', 'unmatched_scans', 'update', 'all', null, null),
  ('LM', 'unmatched_scans', 'read', 'sites', null, null),
  ('LM', 'unmatched_scans', 'create', 'sites', null, null),
  ('LM', 'unmatched_scans', 'update', 'sites', null, null),
  ('SA', 'unmatched_scans', 'read', 'all', null, null),
  ('BUY', 'unmatched_scans', 'read', 'sites', null, null),
  ('CS', 'patient_refs', 'read', 'sites', null, null),
  ('CS', 'patient_refs', 'create', 'sites', null, null),
  ('PR', 'patient_refs', 'read', 'all', null, null),
  ('PR', 'patient_refs', 'create', 'all', null, null),
  ('CS', 'sample_log', 'create', 'sites', null, null),
  ('PR', 'sample_log', 'read', 'sites', null, null),
  ('PR', 'sample_log', 'create', 'sites', null, null),
  ('PR', 'sample_log', 'approve', 'sites', null, null),
  ('MG', 'sample_log', 'read', 'all', null, null),
  ('LM', 'sample_log', 'read', 'sites', null, null),
  ('SAFETY', 'sample_log', 'read', 'sites', null, null),
  ('SAFETY', 'sample_log', 'create', 'sites', null, null),
  ('CO', 'sample_log', 'read', 'all', null, null);

insert into private.machines (table_name, field, initial_state, author, open_fields) values
  ('sds_documents', 'status', 'draft', null, '{}'),
  ('purchase_orders', 'status', 'draft', 'created_by', '{note}'),
  ('transfers', 'status', 'draft', null, '{note}'),
  ('reorder_requests', 'status', 'pending', 'created_by', '{}');

insert into private.allowed_transitions (table_name, from_state, to_state, needs, guard) values
  ('sds_documents', 'draft', 'current', 'approve', 'none'),
  ('sds_documents', 'current', 'superseded', 'approve', 'none'),
  ('purchase_orders', 'draft', 'submitted', 'update', 'none'),
  ('purchase_orders', 'returned', 'submitted', 'update', 'none'),
  ('purchase_orders', 'submitted', 'returned', 'server', 'none'),
  ('purchase_orders', 'submitted', 'approved', 'server', 'po-approved'),
  ('purchase_orders', 'approved', 'ordered', 'update', 'none'),
  ('purchase_orders', 'ordered', 'partially_received', 'server', 'none'),
  ('purchase_orders', 'received', 'partially_received', 'server', 'none'),
  ('purchase_orders', 'ordered', 'received', 'server', 'none'),
  ('purchase_orders', 'partially_received', 'received', 'server', 'none'),
  ('purchase_orders', 'received', 'closed', 'update', 'none'),
  ('purchase_orders', 'partially_received', 'closed', 'approve', 'none'),
  ('purchase_orders', 'draft', 'cancelled', 'update', 'none'),
  ('purchase_orders', 'submitted', 'cancelled', 'update', 'none'),
  ('purchase_orders', 'returned', 'cancelled', 'update', 'none'),
  ('purchase_orders', 'approved', 'cancelled', 'approve', 'no-receipts'),
  ('purchase_orders', 'ordered', 'cancelled', 'approve', 'no-receipts'),
  ('transfers', 'draft', 'shipped', 'server', 'none'),
  ('transfers', 'shipped', 'received', 'server', 'none'),
  ('transfers', 'shipped', 'short', 'server', 'none'),
  ('transfers', 'short', 'received', 'approve', 'none'),
  ('transfers', 'draft', 'cancelled', 'update', 'none'),
  ('reorder_requests', 'pending', 'approved', 'approve', 'not-author'),
  ('reorder_requests', 'pending', 'rejected', 'approve', 'none'),
  ('reorder_requests', 'approved', 'ordered', 'server', 'none');
