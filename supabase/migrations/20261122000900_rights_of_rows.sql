-- Rights of a whole row: through its site or sites, its team, or because it is one's own; rights that
-- hold for some values of a field only, for every operation; steps with guards; metadata.

-- A list of ids as the wire carries it: sorted, each once.
create function private.is_sorted(p_ids uuid[]) returns boolean
language sql immutable parallel safe
  return not exists (
    select from unnest(p_ids) with ordinality a (id, at)
      join unnest(p_ids) with ordinality b (id, at) on b.at = a.at + 1
     where a.id >= b.id);

-- Which columns of a table say whose a row is; written in the code (shared/schema), a test compares.
create table private.scopes (
  table_name text primary key,
  location_column text,
  sites_column text,
  team_column text,
  own_column text
);
alter table private.scopes enable row level security;

-- allow drop-constraint: the same checks with more words follow in this statement
-- allow constraint-not-valid: some hundred rows
alter table private.access_matrix
  drop constraint access_matrix_operation_check,
  drop constraint access_matrix_reach_check,
  add constraint access_matrix_operation_check
    check (operation in ('read', 'create', 'update', 'approve', 'metadata')),
  add constraint access_matrix_reach_check check (reach in ('own', 'team', 'sites', 'all'));

alter table private.machines add column open_fields text[] not null default '{}';

-- allow drop-constraint: the same check with more words follows in this statement
-- allow constraint-not-valid: some hundred rows
alter table private.allowed_transitions
  drop constraint allowed_transitions_guard_check,
  add constraint allowed_transitions_guard_check check (guard in (
    'none', 'not-author', 'po-approved', 'no-receipts', 'claim-granted', 'signed', 'answered'));

-- what somebody holds ------------------------------------------------------------------------------

-- Grants and parts in teams of the person named by the claims that hold now, each with its cell of
-- the matrix for one operation on one table. Where a grant is for all sites, place is '*'.
create function private.held(p_table text, p_operation text)
returns table (reach text, place text, only_field text, only_values text[])
language plpgsql stable security definer rows 10 set search_path = '' as $$
begin
  return query
    select m.reach,
           case when m.reach = 'all' or g.location_id is null then '*' else g.location_id::text end,
           m.only_field, m.only_values
      from public.user_roles g
      join public.users u on u.id = g.user_id and u.status = 'active'
      join private.access_matrix m on m.role = g.role
     where g.user_id = auth.uid()
       and g.valid_from <= now() and (g.valid_to is null or now() < g.valid_to)
       and m.table_name = p_table and m.operation = p_operation and m.reach <> 'team'
    union all
    select m.reach, t.team_id::text, m.only_field, m.only_values
      from public.eos_team_members t
      join public.users u on u.id = t.user_id and u.status = 'active'
      join private.access_matrix m on m.role = t.role
     where t.user_id = auth.uid()
       and t.joined_at <= now() and (t.left_at is null or now() < t.left_at)
       and m.table_name = p_table and m.operation = p_operation and m.reach in ('team', 'own');
end $$;

-- The teams in which a right holds.
create function private.teams(p_table text, p_operation text) returns uuid[]
language plpgsql stable security definer set search_path = '' as $$
begin
  return array(
    select distinct h.place::uuid from private.held(p_table, p_operation) h
     where h.reach = 'team' and h.only_field is null);
end $$;

-- True when the operation is somebody's on their own rows: when they have it at all, and, to make or
-- change a row, without a limit to some values.
create or replace function private.reaches_own(p_table text, p_operation text) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
  return exists (
    select from private.held(p_table, p_operation) h
     where h.only_field is null or p_operation in ('read', 'metadata'));
end $$;

-- Rights that hold only for some values of a field: each value with the place where it counts, which
-- is a site, a team, '*' for all rows, or 'any' for rows of no site. '~' in place of the value says
-- that the right reaches that place with some value.
create function private.limited_values(p_table text, p_operation text, p_field text)
returns table (value text, place text)
language plpgsql stable security definer rows 100 set search_path = '' as $$
begin
  return query
    select distinct v.value, p.place
      from private.held(p_table, p_operation) h
     cross join unnest(h.only_values || '~'::text) as v (value)
     cross join unnest(case
             when h.reach = 'sites' then array[h.place, 'any'] else array[h.place]
           end) as p (place)
     where h.only_field = p_field and h.reach <> 'own';
end $$;

create function private.scope_of(p_table text) returns private.scopes
language plpgsql stable security definer set search_path = '' as $$
declare
  scope private.scopes;
begin
  select s.* into strict scope from private.scopes s where s.table_name = p_table;
  return scope;
end $$;

-- One answer for one row, as mayDo of shared/access gives it: for triggers.
create function private.may_row(p_table text, p_operation text, p_row jsonb) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
  scope private.scopes := private.scope_of(p_table);
  site text := p_row ->> scope.location_column;
  team text := p_row ->> scope.team_column;
  unscoped boolean := scope.location_column is null and scope.sites_column is null
    and scope.team_column is null;
begin
  return exists (
    select from private.held(p_table, p_operation) h
     where ((p_row ->> scope.own_column)::uuid = auth.uid()
              and (h.only_field is null or p_operation in ('read', 'metadata')))
        or ((h.only_field is null or p_row ->> h.only_field = any (h.only_values))
            and case
              when h.reach = 'own' then false
              when h.reach = 'team' then h.place = team
              when h.place = '*' then true
              when unscoped then true
              when scope.sites_column is not null then p_row -> scope.sites_column ? h.place
              when site is not null then h.place = site
              else scope.location_column is not null and scope.team_column is null
            end));
end $$;

-- state machines -----------------------------------------------------------------------------------

-- The latest stamp among the fields of a record that are its content.
create function private.content_stamp(p_row jsonb, p_machine private.machines) returns text
language sql stable parallel safe set search_path = '' as $$
  select coalesce(max(s.value collate "C"), '')
    from jsonb_each_text(p_row -> 'field_hlc') s
   where s.key <> p_machine.field and s.key <> all (p_machine.open_fields)
$$;

-- True when what a step asks beside the right holds for the row.
create function private.guard_holds(p_guard text, p_row jsonb, p_machine private.machines)
returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
  subject uuid := (p_row ->> 'id')::uuid;
  written text := private.content_stamp(p_row, p_machine);
begin
  case p_guard
    when 'none', 'not-author' then return true;
    when 'po-approved' then
      return exists (
        select from public.po_approvals a
         where a.order_id = subject and a.decision = 'approved' and a.hlc >= written
           and not exists (
             select from public.purchase_order_lines l
              cross join lateral jsonb_each_text(l.field_hlc) s
              where l.order_id = subject and s.value collate "C" > a.hlc));
    when 'no-receipts' then
      return not exists (
        select from public.purchase_order_lines l
          join public.stock_movements m on m.ref_type = 'po_line' and m.ref_id = l.id
         where l.order_id = subject);
    when 'claim-granted' then
      return exists (
        select from public.slot_claims c
         where c.appointment_id = subject and c.state in ('hold', 'confirmed'));
    when 'signed' then
      return exists (
        select from public.pa_signatures s
         where s.request_id = subject and s.hlc >= written
           and s.signer_id = (p_row ->> 'prescriber_id')::uuid);
    when 'answered' then
      return exists (select from public.insurance_responses r where r.request_id = subject);
  end case;
end $$;

-- Judges a step of a state machine: null when it is allowed, else the error code to raise.
create function private.judge_step(
  p_machine private.machines, p_from text, p_to text, p_row jsonb, p_by_server boolean
) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
  step private.allowed_transitions;
begin
  select t.* into step from private.allowed_transitions t
   where t.table_name = p_machine.table_name and t.from_state = p_from and t.to_state = p_to;
  if not found then return 'GN002'; end if;
  if step.needs = 'server' then
    if not p_by_server then return 'GN002'; end if;
  elsif not private.may_row(
    p_machine.table_name, step.needs, p_row || jsonb_build_object(p_machine.field, p_from)
  ) then
    -- A right that holds for some values of a field holds for the row as it was.
    return 'GN002';
  end if;
  if step.guard = 'not-author'
     and (p_row ->> p_machine.author)::uuid is not distinct from auth.uid() then
    return 'GN003';
  end if;
  if not private.guard_holds(step.guard, p_row, p_machine) then return 'GN002'; end if;
  return null;
end $$;

-- The machine's field moves only by allowed steps. A row that arrives in another state than the
-- initial one (made and submitted offline) is judged as having made that one step. The owner of the
-- tables loads states as they are.
create or replace function private.guard_state() returns trigger
language plpgsql set search_path = '' as $$
declare
  now_row jsonb := to_jsonb(new);
  machine private.machines := private.machine_of(tg_table_name);
  becomes text := now_row ->> machine.field;
  was text := machine.initial_state;
  code text;
begin
  if current_user not in ('authenticated', 'ganger_engine') then return new; end if;
  if tg_op = 'UPDATE' then was := to_jsonb(old) ->> machine.field; end if;
  if becomes = was then return new; end if;
  code := private.judge_step(machine, was, becomes, now_row, current_user = 'ganger_engine');
  if code is not null then
    raise exception '%: the step % to % is refused', tg_table_name, was, becomes
      using errcode = code;
  end if;
  return new;
end $$;

-- Nothing asks these any more: judge_step and may of a whole row stand in their place.
-- allow drop-function: replaced above, and called by nothing but guard_state
drop function private.judge_step(text, text, text, uuid, uuid, boolean);
-- allow drop-function: replaced by may_row
drop function private.may(text, text, uuid);

-- What has been handed in is closed: its content changes only in the states named in the second
-- argument; the state itself (first) and the fields of the third one always. GN005 otherwise.
create function private.guard_editable() returns trigger
language plpgsql set search_path = '' as $$
declare
  before jsonb := to_jsonb(old);
  free text[] := tg_argv[2]::text[] || array[
    tg_argv[0], 'field_hlc', 'field_by', 'row_xid', 'row_version', 'recorded_at', 'schema_version'];
begin
  if current_user <> 'authenticated' or before ->> tg_argv[0] = any (tg_argv[1]::text[]) then
    return new;
  end if;
  if before - free is distinct from to_jsonb(new) - free then
    raise exception '%: what is % is not edited', tg_table_name, before ->> tg_argv[0]
      using errcode = 'GN005';
  end if;
  return new;
end $$;

-- metadata -----------------------------------------------------------------------------------------

-- That rows exist, where, since when, in which state and how often they changed, without what they
-- say: what IT and managers may know of tables whose rows they may not read. Newest first.
create function private.metadata(p_table text, p_limit integer default 200)
returns table (
  id uuid, created_at timestamptz, location_id uuid, state text, device_id uuid,
  row_version bigint, recorded_at timestamptz
)
language plpgsql stable security definer set search_path = '' as $$
declare
  scope private.scopes := private.scope_of(p_table);
  state_column text := (select m.field from private.machines m where m.table_name = p_table);
  places text[] := array(select h.place from private.held(p_table, 'metadata') h);
begin
  return query execute format(
    'select t.id, t.created_at, %1$s, %2$s, t.device_id, t.row_version, t.recorded_at
       from public.%3$I t where %4$s order by t.row_xid desc, t.id desc limit $2',
    coalesce('t.' || quote_ident(scope.location_column), 'null::uuid'),
    coalesce('t.' || quote_ident(state_column), 'null::text'),
    p_table,
    concat_ws(' or ',
      case
        when scope.location_column is not null
          then format('''*'' = any ($1) or t.%I::text = any ($1)', scope.location_column)
        when scope.team_column is null then 'cardinality($1) > 0'
        else '''*'' = any ($1)'
      end,
      case when scope.location_column is not null and scope.team_column is null
        then format('t.%I is null and cardinality($1) > 0', scope.location_column) end,
      case when scope.own_column is not null
        then format('t.%I = auth.uid() and cardinality($1) > 0', scope.own_column) end))
  using places, least(p_limit, 1000);
end $$;

revoke execute on all functions in schema private from public;
grant execute on function
  private.is_sorted(uuid[]),
  private.teams(text, text),
  private.limited_values(text, text, text),
  private.may_row(text, text, jsonb),
  private.metadata(text, integer)
to authenticated, ganger_engine;
-- Triggers run with the rights of whoever writes.
grant execute on function
  private.judge_step(private.machines, text, text, jsonb, boolean)
to authenticated, ganger_engine;

-- rights of the tables that are there --------------------------------------------------------------

-- The cells are written anew as a whole; nothing refers to them.
-- allow delete-without-where: replaced by the rows below, in this transaction
delete from private.access_matrix;
-- allow delete-without-where: replaced by the rows below, in this transaction
delete from private.allowed_transitions;
-- allow delete-without-where: replaced by the rows below, in this transaction
delete from private.machines;

insert into private.scopes
  (table_name, location_column, sites_column, team_column, own_column)
values
  ('locations', null, null, null, null),
  ('users', 'home_location_id', null, null, 'id'),
  ('user_roles', 'location_id', null, null, 'user_id'),
  ('devices', 'location_id', null, null, 'enrolled_by'),
  ('inventory_items', null, null, null, null),
  ('item_locations', 'location_id', null, null, null),
  ('stock_acts', 'location_id', null, null, null),
  ('inventory_lots', null, null, null, null),
  ('stock_movements', 'location_id', null, null, null),
  ('count_sessions', 'location_id', null, null, null),
  ('count_lines', 'location_id', null, null, null),
  ('transitions', 'location_id', null, null, null),
  ('conflict_log', 'location_id', null, null, null),
  ('review_items', 'location_id', null, null, null),
  ('audit_logs', 'location_id', null, null, 'actor_id');

insert into private.access_matrix
  (role, table_name, operation, reach, only_field, only_values)
values
  ('FD', 'locations', 'read', 'all', null, null),
  ('KD', 'locations', 'read', 'all', null, null),
  ('CS', 'locations', 'read', 'all', null, null),
  ('PR', 'locations', 'read', 'all', null, null),
  ('MG', 'locations', 'read', 'all', null, null),
  ('MG', 'locations', 'update', 'all', null, null),
  ('LM', 'locations', 'read', 'all', null, null),
  ('LM', 'locations', 'update', 'sites', null, null),
  ('IT', 'locations', 'read', 'all', null, null),
  ('IT', 'locations', 'update', 'all', null, null),
  ('SA', 'locations', 'read', 'all', null, null),
  ('SA', 'locations', 'create', 'all', null, null),
  ('SA', 'locations', 'update', 'all', null, null),
  ('AS', 'locations', 'read', 'all', null, null),
  ('BUY', 'locations', 'read', 'all', null, null),
  ('SAFETY', 'locations', 'read', 'all', null, null),
  ('CO', 'locations', 'read', 'all', null, null),
  ('FD', 'users', 'read', 'sites', null, null),
  ('CS', 'users', 'read', 'sites', null, null),
  ('PR', 'users', 'read', 'sites', null, null),
  ('MG', 'users', 'read', 'all', null, null),
  ('LM', 'users', 'read', 'sites', null, null),
  ('IT', 'users', 'read', 'all', null, null),
  ('SA', 'users', 'read', 'all', null, null),
  ('SA', 'users', 'create', 'all', null, null),
  ('SA', 'users', 'update', 'all', null, null),
  ('AS', 'users', 'read', 'sites', null, null),
  ('BUY', 'users', 'read', 'sites', null, null),
  ('SAFETY', 'users', 'read', 'sites', null, null),
  ('CO', 'users', 'read', 'all', null, null),
  ('FD', 'user_roles', 'read', 'own', null, null),
  ('CS', 'user_roles', 'read', 'own', null, null),
  ('PR', 'user_roles', 'read', 'own', null, null),
  ('MG', 'user_roles', 'read', 'all', null, null),
  ('LM', 'user_roles', 'read', 'sites', null, null),
  ('LM', 'user_roles', 'create', 'sites', 'role', '{FD,CS}'),
  ('IT', 'user_roles', 'read', 'all', null, null),
  ('SA', 'user_roles', 'read', 'all', null, null),
  ('SA', 'user_roles', 'create', 'all', null, null),
  ('SA', 'user_roles', 'update', 'all', null, null),
  ('AS', 'user_roles', 'read', 'own', null, null),
  ('BUY', 'user_roles', 'read', 'own', null, null),
  ('SAFETY', 'user_roles', 'read', 'own', null, null),
  ('CO', 'user_roles', 'read', 'all', null, null),
  ('FD', 'devices', 'read', 'own', null, null),
  ('KD', 'devices', 'read', 'own', null, null),
  ('CS', 'devices', 'read', 'own', null, null),
  ('PR', 'devices', 'read', 'own', null, null),
  ('MG', 'devices', 'read', 'all', null, null),
  ('LM', 'devices', 'read', 'sites', null, null),
  ('IT', 'devices', 'read', 'all', null, null),
  ('IT', 'devices', 'create', 'all', null, null),
  ('IT', 'devices', 'update', 'all', null, null),
  ('SA', 'devices', 'read', 'all', null, null),
  ('SA', 'devices', 'create', 'all', null, null),
  ('SA', 'devices', 'update', 'all', null, null),
  ('AS', 'devices', 'read', 'own', null, null),
  ('BUY', 'devices', 'read', 'own', null, null),
  ('SAFETY', 'devices', 'read', 'own', null, null),
  ('FD', 'inventory_items', 'read', 'sites', null, null),
  ('CS', 'inventory_items', 'read', 'sites', null, null),
  ('PR', 'inventory_items', 'read', 'all', null, null),
  ('MG', 'inventory_items', 'read', 'all', null, null),
  ('MG', 'inventory_items', 'create', 'all', null, null),
  ('MG', 'inventory_items', 'update', 'all', null, null),
  ('MG', 'inventory_items', 'approve', 'all', null, null),
  ('LM', 'inventory_items', 'read', 'sites', null, null),
  ('LM', 'inventory_items', 'create', 'sites', 'status', '{draft}'),
  ('LM', 'inventory_items', 'update', 'sites', 'status', '{draft}'),
  ('IT', 'inventory_items', 'metadata', 'all', null, null),
  ('SA', 'inventory_items', 'read', 'all', null, null),
  ('SA', 'inventory_items', 'update', 'all', null, null),
  ('BUY', 'inventory_items', 'read', 'sites', null, null),
  ('SAFETY', 'inventory_items', 'read', 'sites', null, null),
  ('FD', 'item_locations', 'read', 'sites', null, null),
  ('CS', 'item_locations', 'read', 'sites', null, null),
  ('PR', 'item_locations', 'read', 'sites', null, null),
  ('MG', 'item_locations', 'read', 'all', null, null),
  ('MG', 'item_locations', 'create', 'all', null, null),
  ('MG', 'item_locations', 'update', 'all', null, null),
  ('LM', 'item_locations', 'read', 'sites', null, null),
  ('LM', 'item_locations', 'create', 'sites', null, null),
  ('LM', 'item_locations', 'update', 'sites', null, null),
  ('IT', 'item_locations', 'metadata', 'all', null, null),
  ('SA', 'item_locations', 'read', 'all', null, null),
  ('SA', 'item_locations', 'update', 'all', null, null),
  ('BUY', 'item_locations', 'read', 'sites', null, null),
  ('SAFETY', 'item_locations', 'read', 'sites', null, null),
  ('FD', 'stock_acts', 'read', 'sites', null, null),
  ('FD', 'stock_acts', 'create', 'sites', 'kind', '{receive}'),
  ('CS', 'stock_acts', 'read', 'sites', null, null),
  ('CS', 'stock_acts', 'create', 'sites', null, null),
  ('PR', 'stock_acts', 'read', 'sites', null, null),
  ('PR', 'stock_acts', 'create', 'sites', 'kind', '{sample_in,sample_out}'),
  ('MG', 'stock_acts', 'read', 'all', null, null),
  ('MG', 'stock_acts', 'create', 'all', null, null),
  ('LM', 'stock_acts', 'read', 'sites', null, null),
  ('LM', 'stock_acts', 'create', 'sites', null, null),
  ('IT', 'stock_acts', 'metadata', 'all', null, null),
  ('SA', 'stock_acts', 'read', 'all', null, null),
  ('BUY', 'stock_acts', 'read', 'sites', null, null),
  ('SAFETY', 'stock_acts', 'read', 'sites', null, null),
  ('SAFETY', 'stock_acts', 'create', 'sites', null, null),
  ('FD', 'inventory_lots', 'read', 'sites', null, null),
  ('CS', 'inventory_lots', 'read', 'sites', null, null),
  ('CS', 'inventory_lots', 'update', 'sites', null, null),
  ('PR', 'inventory_lots', 'read', 'all', null, null),
  ('MG', 'inventory_lots', 'read', 'all', null, null),
  ('MG', 'inventory_lots', 'update', 'all', null, null),
  ('MG', 'inventory_lots', 'approve', 'all', null, null),
  ('LM', 'inventory_lots', 'read', 'sites', null, null),
  ('LM', 'inventory_lots', 'update', 'sites', null, null),
  ('LM', 'inventory_lots', 'approve', 'sites', null, null),
  ('IT', 'inventory_lots', 'metadata', 'all', null, null),
  ('SA', 'inventory_lots', 'read', 'all', null, null),
  ('BUY', 'inventory_lots', 'read', 'sites', null, null),
  ('SAFETY', 'inventory_lots', 'read', 'sites', null, null),
  ('SAFETY', 'inventory_lots', 'update', 'sites', null, null),
  ('FD', 'stock_movements', 'read', 'sites', null, null),
  ('CS', 'stock_movements', 'read', 'sites', null, null),
  ('PR', 'stock_movements', 'read', 'sites', null, null),
  ('MG', 'stock_movements', 'read', 'all', null, null),
  ('LM', 'stock_movements', 'read', 'sites', null, null),
  ('IT', 'stock_movements', 'metadata', 'all', null, null),
  ('SA', 'stock_movements', 'read', 'all', null, null),
  ('BUY', 'stock_movements', 'read', 'sites', null, null),
  ('SAFETY', 'stock_movements', 'read', 'sites', null, null),
  ('FD', 'count_sessions', 'read', 'sites', null, null),
  ('FD', 'count_sessions', 'create', 'sites', null, null),
  ('FD', 'count_sessions', 'update', 'sites', null, null),
  ('CS', 'count_sessions', 'read', 'sites', null, null),
  ('CS', 'count_sessions', 'create', 'sites', null, null),
  ('CS', 'count_sessions', 'update', 'sites', null, null),
  ('PR', 'count_sessions', 'read', 'sites', null, null),
  ('MG', 'count_sessions', 'read', 'all', null, null),
  ('MG', 'count_sessions', 'create', 'all', null, null),
  ('MG', 'count_sessions', 'update', 'all', null, null),
  ('MG', 'count_sessions', 'approve', 'all', null, null),
  ('LM', 'count_sessions', 'read', 'sites', null, null),
  ('LM', 'count_sessions', 'create', 'sites', null, null),
  ('LM', 'count_sessions', 'update', 'sites', null, null),
  ('LM', 'count_sessions', 'approve', 'sites', null, null),
  ('IT', 'count_sessions', 'metadata', 'all', null, null),
  ('SA', 'count_sessions', 'read', 'all', null, null),
  ('FD', 'count_lines', 'read', 'sites', null, null),
  ('FD', 'count_lines', 'create', 'sites', null, null),
  ('CS', 'count_lines', 'read', 'sites', null, null),
  ('CS', 'count_lines', 'create', 'sites', null, null),
  ('PR', 'count_lines', 'read', 'sites', null, null),
  ('MG', 'count_lines', 'read', 'all', null, null),
  ('MG', 'count_lines', 'create', 'all', null, null),
  ('LM', 'count_lines', 'read', 'sites', null, null),
  ('LM', 'count_lines', 'create', 'sites', null, null),
  ('IT', 'count_lines', 'metadata', 'all', null, null),
  ('SA', 'count_lines', 'read', 'all', null, null),
  ('MG', 'transitions', 'read', 'all', null, null),
  ('LM', 'transitions', 'read', 'sites', null, null),
  ('SA', 'transitions', 'read', 'all', null, null),
  ('FD', 'conflict_log', 'read', 'sites', 'table_name', '{patients,coverages,count_sessions,patient_comm_preferences,kiosk_sessions,insurance_captures,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('CS', 'conflict_log', 'read', 'sites', 'table_name', '{patients,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,handout_template_versions,handout_links,patient_comm_preferences,handout_recall_targets,form_submissions,appointment_participants,authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('PR', 'conflict_log', 'read', 'all', 'table_name', '{patients,handout_templates,handout_template_versions,handout_links,patient_comm_preferences,handout_recall_targets,form_submissions,pharma_appointments,appointment_participants,authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('MG', 'conflict_log', 'read', 'all', 'table_name', '{inventory_items,vendors,vendor_items,item_locations,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,sds_documents,handout_templates,handout_template_versions,handout_recall_targets,form_templates,form_template_versions,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('LM', 'conflict_log', 'read', 'sites', 'table_name', '{inventory_items,item_locations,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,sds_documents,handout_template_versions,handout_recall_targets,form_template_versions,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('SA', 'conflict_log', 'read', 'all', 'table_name', '{inventory_items,vendors,vendor_items,item_locations,purchase_orders,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments}'),
  ('AS', 'conflict_log', 'read', 'all', 'table_name', '{authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('BUY', 'conflict_log', 'read', 'all', 'table_name', '{purchase_orders,purchase_order_lines,reorder_requests}'),
  ('SAFETY', 'conflict_log', 'read', 'sites', 'table_name', '{inventory_lots,sds_documents}'),
  ('FD', 'review_items', 'read', 'sites', 'table_name', '{patients,coverages,count_sessions,patient_comm_preferences,kiosk_sessions,insurance_captures,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('FD', 'review_items', 'update', 'sites', 'table_name', '{patients,coverages,count_sessions,patient_comm_preferences,kiosk_sessions,insurance_captures,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('FD', 'review_items', 'approve', 'sites', 'table_name', '{patients,coverages,count_sessions,patient_comm_preferences,kiosk_sessions,insurance_captures,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('CS', 'review_items', 'read', 'sites', 'table_name', '{patients,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,handout_template_versions,handout_links,patient_comm_preferences,handout_recall_targets,form_submissions,appointment_participants,authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('CS', 'review_items', 'update', 'sites', 'table_name', '{patients,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,handout_template_versions,handout_links,patient_comm_preferences,handout_recall_targets,form_submissions,authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('CS', 'review_items', 'approve', 'sites', 'table_name', '{patients,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,handout_template_versions,handout_links,patient_comm_preferences,handout_recall_targets,form_submissions,authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('PR', 'review_items', 'read', 'all', 'table_name', '{patients,handout_templates,handout_template_versions,handout_links,patient_comm_preferences,handout_recall_targets,form_submissions,pharma_appointments,appointment_participants,authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('PR', 'review_items', 'update', 'all', 'table_name', '{patients,handout_templates,handout_template_versions,handout_links,patient_comm_preferences,handout_recall_targets,form_submissions,pharma_appointments,authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('PR', 'review_items', 'approve', 'all', 'table_name', '{patients,handout_templates,handout_template_versions,handout_links,patient_comm_preferences,handout_recall_targets,form_submissions,pharma_appointments,authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('MG', 'review_items', 'read', 'all', 'table_name', '{inventory_items,vendors,vendor_items,item_locations,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,sds_documents,handout_templates,handout_template_versions,handout_recall_targets,form_templates,form_template_versions,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('MG', 'review_items', 'update', 'all', 'table_name', '{inventory_items,vendors,vendor_items,item_locations,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,sds_documents,handout_templates,handout_template_versions,handout_recall_targets,form_templates,form_template_versions,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('MG', 'review_items', 'approve', 'all', 'table_name', '{inventory_items,vendors,vendor_items,item_locations,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,sds_documents,handout_templates,handout_template_versions,handout_recall_targets,form_templates,form_template_versions,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('LM', 'review_items', 'read', 'sites', 'table_name', '{inventory_items,item_locations,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,sds_documents,handout_template_versions,handout_recall_targets,form_template_versions,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('LM', 'review_items', 'update', 'sites', 'table_name', '{inventory_items,item_locations,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,sds_documents,handout_template_versions,handout_recall_targets,form_template_versions,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('LM', 'review_items', 'approve', 'sites', 'table_name', '{inventory_items,item_locations,inventory_lots,count_sessions,purchase_orders,purchase_order_lines,transfers,reorder_requests,unmatched_scans,sds_documents,handout_template_versions,handout_recall_targets,form_template_versions,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments,appointment_participants,waitlist_entries}'),
  ('SA', 'review_items', 'read', 'all', 'table_name', '{inventory_items,vendors,vendor_items,item_locations,purchase_orders,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments}'),
  ('SA', 'review_items', 'update', 'all', 'table_name', '{inventory_items,vendors,vendor_items,item_locations,purchase_orders,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments}'),
  ('SA', 'review_items', 'approve', 'all', 'table_name', '{inventory_items,vendors,vendor_items,item_locations,purchase_orders,eos_teams,pharma_companies,pharma_representatives,availability_overrides,pharma_appointments}'),
  ('AS', 'review_items', 'read', 'all', 'table_name', '{authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('AS', 'review_items', 'update', 'all', 'table_name', '{authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('AS', 'review_items', 'approve', 'all', 'table_name', '{authorization_requests,therapy_trials,appeals,pa_tasks}'),
  ('BUY', 'review_items', 'read', 'all', 'table_name', '{purchase_orders,purchase_order_lines,reorder_requests}'),
  ('BUY', 'review_items', 'update', 'all', 'table_name', '{purchase_orders,purchase_order_lines,reorder_requests}'),
  ('BUY', 'review_items', 'approve', 'all', 'table_name', '{purchase_orders,purchase_order_lines,reorder_requests}'),
  ('SAFETY', 'review_items', 'read', 'sites', 'table_name', '{inventory_lots,sds_documents}'),
  ('SAFETY', 'review_items', 'update', 'sites', 'table_name', '{inventory_lots,sds_documents}'),
  ('SAFETY', 'review_items', 'approve', 'sites', 'table_name', '{inventory_lots,sds_documents}'),
  ('FD', 'audit_logs', 'read', 'own', null, null),
  ('CS', 'audit_logs', 'read', 'own', null, null),
  ('PR', 'audit_logs', 'read', 'own', null, null),
  ('MG', 'audit_logs', 'read', 'all', null, null),
  ('LM', 'audit_logs', 'read', 'sites', null, null),
  ('IT', 'audit_logs', 'read', 'own', null, null),
  ('SA', 'audit_logs', 'read', 'all', null, null),
  ('AS', 'audit_logs', 'read', 'own', null, null),
  ('BUY', 'audit_logs', 'read', 'own', null, null),
  ('SAFETY', 'audit_logs', 'read', 'own', null, null),
  ('CO', 'audit_logs', 'read', 'all', null, null);

insert into private.machines (table_name, field, initial_state, author, open_fields) values
  ('inventory_items', 'status', 'draft', null, '{}'),
  ('inventory_lots', 'recall_status', 'none', null, '{}'),
  ('count_sessions', 'status', 'open', 'counted_by', '{}'),
  ('review_items', 'status', 'open', null, '{}');

insert into private.allowed_transitions (table_name, from_state, to_state, needs, guard) values
  ('inventory_items', 'draft', 'active', 'approve', 'none'),
  ('inventory_items', 'active', 'discontinued', 'update', 'none'),
  ('inventory_items', 'discontinued', 'active', 'update', 'none'),
  ('inventory_items', 'active', 'merged', 'server', 'none'),
  ('inventory_items', 'discontinued', 'merged', 'server', 'none'),
  ('inventory_lots', 'none', 'suspect', 'update', 'none'),
  ('inventory_lots', 'cleared', 'suspect', 'update', 'none'),
  ('inventory_lots', 'none', 'recalled', 'approve', 'none'),
  ('inventory_lots', 'suspect', 'recalled', 'approve', 'none'),
  ('inventory_lots', 'suspect', 'cleared', 'approve', 'none'),
  ('inventory_lots', 'recalled', 'cleared', 'approve', 'none'),
  ('count_sessions', 'open', 'submitted', 'create', 'none'),
  ('count_sessions', 'open', 'voided', 'create', 'none'),
  ('count_sessions', 'submitted', 'voided', 'approve', 'none'),
  ('count_sessions', 'submitted', 'posted', 'server', 'none'),
  ('count_sessions', 'submitted', 'in_review', 'server', 'none'),
  ('count_sessions', 'in_review', 'posted', 'approve', 'not-author'),
  ('count_sessions', 'in_review', 'voided', 'approve', 'none'),
  ('review_items', 'open', 'decided', 'approve', 'none'),
  ('review_items', 'open', 'void', 'server', 'none');
