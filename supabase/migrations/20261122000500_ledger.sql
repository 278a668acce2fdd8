-- The ledger. An act is the document that a person makes; lots and movements are its expansion and
-- are written by the engine, never by people.

-- An act has 1 to 200 lines; each names an item and a positive whole quantity.
create function private.lines_are_whole(p_lines jsonb) returns boolean
language sql immutable parallel safe
  return case when jsonb_typeof(p_lines) is distinct from 'array' then false else
    jsonb_array_length(p_lines) between 1 and 200
    and not jsonb_path_exists(p_lines, '$[*] ? (!(
      @.type() == "object"
      && @.item_id.type() == "string"
      && @.item_id like_regex "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
      && @.qty_base.type() == "number" && @.qty_base > 0
      && @.qty_base <= 100000000000 && @.qty_base.floor() == @.qty_base))')
  end;

revoke execute on function private.lines_are_whole(jsonb) from public;
grant execute on function private.lines_are_whole(jsonb) to authenticated, ganger_engine;

-- stock_acts --------------------------------------------------------------------------------------

create table public.stock_acts (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  kind text not null,
  location_id uuid not null,
  occurred_at timestamptz not null,
  local_date date not null,
  reason_code text,
  note text,
  lines jsonb not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint stock_acts_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint stock_acts_origin_check check (origin_seq is null or device_id is not null),
  constraint stock_acts_kind_check
    check (kind in ('opening', 'receive', 'return_stock', 'issue', 'waste', 'return_vendor')),
  constraint stock_acts_location_id_fkey
    foreign key (location_id)
      references public.locations (id) deferrable initially immediate,
  constraint stock_acts_reason_code_check check (char_length(reason_code) <= 40),
  constraint stock_acts_note_check check (char_length(note) <= 500),
  constraint stock_acts_lines_shape_check check (private.lines_are_whole(lines))
);

create index stock_acts_feed_idx on public.stock_acts (row_xid, id);
create index stock_acts_location_id_feed_idx on public.stock_acts (location_id, row_xid, id);
create index stock_acts_location_id_occurred_at_idx on public.stock_acts (location_id, occurred_at);
create unique index stock_acts_origin_key on public.stock_acts (device_id, origin_seq)
  where origin_seq is not null;

alter table public.stock_acts enable row level security;
alter table public.stock_acts force row level security;
revoke all on table public.stock_acts from public, anon, authenticated, service_role;
grant select on table public.stock_acts to authenticated;
grant select on table public.stock_acts to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, kind, location_id, occurred_at,
  local_date, reason_code, note, lines
) on table public.stock_acts to authenticated;

create trigger append_only before update or delete on public.stock_acts
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.stock_acts
  for each statement execute function private.refuse_change();
alter table public.stock_acts enable always trigger append_only;
alter table public.stock_acts enable always trigger append_only_truncate;

create policy stock_acts_read on public.stock_acts for select to authenticated using (
  (select private.reaches_all('stock_acts', 'read'))
  or location_id = any ((select private.sites('stock_acts', 'read'))::uuid[])
);
create policy stock_acts_create on public.stock_acts for insert to authenticated with check (
  (select private.reaches_all('stock_acts', 'create'))
  or location_id = any ((select private.sites('stock_acts', 'create'))::uuid[])
  or array[kind || '@' || location_id, kind || '@*']
     && (select private.limited('stock_acts', 'create', 'kind'))
);
create policy stock_acts_create_as_oneself on public.stock_acts
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync' and created_by = (select auth.uid()));
create policy stock_acts_engine_read on public.stock_acts for select to ganger_engine using (true);

-- inventory_lots ----------------------------------------------------------------------------------

create table public.inventory_lots (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  item_id uuid not null,
  lot_no text not null,
  expiry_date date,
  serial text not null,
  recall_status text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint inventory_lots_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint inventory_lots_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint inventory_lots_item_id_fkey
    foreign key (item_id)
      references public.inventory_items (id) deferrable initially immediate,
  constraint inventory_lots_lot_no_check
    check (char_length(btrim(lot_no)) >= 1 and char_length(lot_no) <= 40),
  constraint inventory_lots_serial_check check (char_length(serial) <= 40),
  constraint inventory_lots_recall_status_check
    check (recall_status in ('none', 'suspect', 'recalled', 'cleared'))
);

create index inventory_lots_feed_idx on public.inventory_lots (row_xid, id);
create index inventory_lots_item_id_idx on public.inventory_lots (item_id);

alter table public.inventory_lots enable row level security;
alter table public.inventory_lots force row level security;
revoke all on table public.inventory_lots from public, anon, authenticated, service_role;
grant select on table public.inventory_lots to authenticated;
grant select on table public.inventory_lots to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, item_id, lot_no, expiry_date, serial,
  recall_status, field_by
) on table public.inventory_lots to ganger_engine;

create trigger sign_fields before insert or update on public.inventory_lots
  for each row execute function private.sign_fields();
create trigger touch before update on public.inventory_lots
  for each row execute function private.touch();

create policy inventory_lots_read on public.inventory_lots for select to authenticated using (
  (select private.reaches_all('inventory_lots', 'read'))
  or (select cardinality(private.sites('inventory_lots', 'read')) > 0)
);
create policy inventory_lots_engine_read on public.inventory_lots
  for select to ganger_engine using (true);
create policy inventory_lots_engine_create on public.inventory_lots
  for insert to ganger_engine with check (true);

-- stock_movements ---------------------------------------------------------------------------------

create table public.stock_movements (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  act_id uuid not null,
  line_no integer not null,
  item_id uuid not null,
  lot_id uuid,
  location_id uuid not null,
  qty_base bigint not null,
  type text not null,
  reason_code text,
  occurred_at timestamptz not null,
  local_date date not null,
  entered_unit text not null,
  entered_qty text not null,
  unit_cost_cents bigint,
  performed_by uuid,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint stock_movements_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint stock_movements_origin_check check (origin_seq is null or device_id is not null),
  constraint stock_movements_act_id_fkey
    foreign key (act_id)
      references public.stock_acts (id) deferrable initially immediate,
  constraint stock_movements_line_no_check check (line_no between 0 and 2000000000),
  constraint stock_movements_item_id_fkey
    foreign key (item_id)
      references public.inventory_items (id) deferrable initially immediate,
  constraint stock_movements_lot_id_fkey
    foreign key (lot_id)
      references public.inventory_lots (id) deferrable initially immediate,
  constraint stock_movements_location_id_fkey
    foreign key (location_id)
      references public.locations (id) deferrable initially immediate,
  constraint stock_movements_qty_base_check check (qty_base between -100000000000 and 100000000000),
  constraint stock_movements_type_check
    check (type in ('opening', 'receive', 'return_stock', 'issue', 'waste', 'return_vendor')),
  constraint stock_movements_reason_code_check check (char_length(reason_code) <= 40),
  constraint stock_movements_entered_unit_check
    check (char_length(btrim(entered_unit)) >= 1 and char_length(entered_unit) <= 40),
  constraint stock_movements_entered_qty_check
    check (char_length(btrim(entered_qty)) >= 1 and char_length(entered_qty) <= 20),
  constraint stock_movements_unit_cost_cents_check
    check (unit_cost_cents between 0 and 100000000000),
  constraint stock_movements_performed_by_fkey
    foreign key (performed_by)
      references public.users (id) deferrable initially immediate,
  constraint stock_movements_act_id_line_no_key unique (act_id, line_no),
  constraint stock_movements_sign_check
    check (case when type in ('opening', 'receive', 'return_stock') then qty_base > 0
           else qty_base < 0 end)
);

create index stock_movements_feed_idx on public.stock_movements (row_xid, id);
create index stock_movements_location_id_feed_idx
  on public.stock_movements (location_id, row_xid, id);
create index stock_movements_item_id_location_id_idx
  on public.stock_movements (item_id, location_id);
create index stock_movements_location_id_occurred_at_idx
  on public.stock_movements (location_id, occurred_at);
create index stock_movements_lot_id_idx on public.stock_movements (lot_id);
create index stock_movements_performed_by_idx on public.stock_movements (performed_by);
create unique index stock_movements_origin_key on public.stock_movements (device_id, origin_seq)
  where origin_seq is not null;

alter table public.stock_movements enable row level security;
alter table public.stock_movements force row level security;
revoke all on table public.stock_movements from public, anon, authenticated, service_role;
grant select on table public.stock_movements to authenticated;
grant select on table public.stock_movements to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, act_id, line_no, item_id, lot_id,
  location_id, qty_base, type, reason_code, occurred_at, local_date, entered_unit, entered_qty,
  unit_cost_cents, performed_by
) on table public.stock_movements to ganger_engine;

create trigger append_only before update or delete on public.stock_movements
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.stock_movements
  for each statement execute function private.refuse_change();
alter table public.stock_movements enable always trigger append_only;
alter table public.stock_movements enable always trigger append_only_truncate;

create policy stock_movements_read on public.stock_movements for select to authenticated using (
  (select private.reaches_all('stock_movements', 'read'))
  or location_id = any ((select private.sites('stock_movements', 'read'))::uuid[])
);
create policy stock_movements_engine_read on public.stock_movements
  for select to ganger_engine using (true);
create policy stock_movements_engine_create on public.stock_movements
  for insert to ganger_engine with check (true);
