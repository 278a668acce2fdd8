-- Rows that leave a part without being deleted: a colleague changes sites, a to-do its owner. Devices of
-- the old part read no such row any more, so each leaving is noted in the transaction that made it.

-- part as shared/access names it (loc:…, org, team:…, own:…). A row that came back stays noted: whether
-- it is gone says where it lies now.
create table private.part_departures (
  table_name text not null,
  part text not null,
  row_id uuid not null,
  left_xid xid8 not null default pg_current_xact_id(),
  left_at timestamptz not null default now(),
  primary key (table_name, part, row_id)
);
create index part_departures_left_idx
  on private.part_departures (table_name, part, left_xid, row_id);
create index part_departures_at_idx on private.part_departures (left_at);

alter table private.part_departures enable row level security;
grant select on table private.part_departures to authenticated, ganger_engine;
grant update, delete on table private.part_departures to ganger_engine;
-- Ids only, in a schema that no API shows, and asked for the parts alone that somebody may hold.
-- allow policy-open: see above
create policy part_departures_read on private.part_departures
  for select to authenticated, ganger_engine using (true);
create policy part_departures_forget on private.part_departures
  for delete to ganger_engine using (true);
create policy part_departures_lock on private.part_departures
  for update to ganger_engine using (true) with check (false);

-- The parts, beside 'all', in which a row lies, as partsOf of the server has them.
create function private.parts_of(p_scope private.scopes, p_row jsonb) returns setof text
language sql immutable set search_path = '' as $$
  select coalesce('loc:' || (p_row ->> (p_scope).location_column), 'org')
  union all
  select 'loc:' || site
    from jsonb_array_elements_text(p_row -> (p_scope).sites_column) site
  union all
  select 'team:' || (p_row ->> (p_scope).team_column)
   where p_row ->> (p_scope).team_column is not null
  union all
  select 'own:' || (p_row ->> (p_scope).own_column)
   where p_row ->> (p_scope).own_column is not null
$$;

create function private.note_departure() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  scope private.scopes := private.scope_of(tg_table_name);
begin
  insert into private.part_departures as d (table_name, part, row_id)
    select tg_table_name, p.part, old.id
      from (select private.parts_of(scope, to_jsonb(old)) except
            select private.parts_of(scope, to_jsonb(new))) p (part)
  on conflict (table_name, part, row_id) do update
    set left_xid = pg_current_xact_id(), left_at = now();
  return null;
end $$;

-- The tables whose rows can move: those with a column of their scope that is not set once for all, and
-- no window. A test compares with the definitions (shared/schema/moving.ts).
create trigger depart after update of home_location_id on public.users
  for each row execute function private.note_departure();
create trigger depart after update of location_id, user_id on public.user_roles
  for each row execute function private.note_departure();
create trigger depart after update of location_id, user_id on public.user_permissions
  for each row execute function private.note_departure();
create trigger depart after update of location_id on public.location_configs
  for each row execute function private.note_departure();
create trigger depart after update of location_id, enrolled_by on public.devices
  for each row execute function private.note_departure();
create trigger depart after update of team_id, location_id, user_id on public.eos_team_members
  for each row execute function private.note_departure();
create trigger depart after update of location_id on public.kiosk_devices
  for each row execute function private.note_departure();
create trigger depart after update of location_id on public.kiosk_schedule
  for each row execute function private.note_departure();
create trigger depart after update of owner_id on public.rocks
  for each row execute function private.note_departure();
create trigger depart after update of owner_id on public.todos
  for each row execute function private.note_departure();
create trigger depart after update of user_id on public.pharma_representatives
  for each row execute function private.note_departure();
create trigger depart after update of location_id on public.scheduling_activities
  for each row execute function private.note_departure();
create trigger depart after update of location_id on public.slot_claims
  for each row execute function private.note_departure();
create trigger depart after update of location_id on public.slot_leases
  for each row execute function private.note_departure();

revoke execute on all functions in schema private from public;
