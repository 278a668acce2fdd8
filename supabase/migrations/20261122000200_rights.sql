-- The access matrix and the state machines as rows, and the functions that policies and triggers
-- ask. Both are written in the code (shared/access, shared/schema/machines.ts); a test compares.

create table private.access_matrix (
  role text not null,
  table_name text not null,
  operation text not null check (operation in ('read', 'create', 'update', 'approve')),
  reach text not null check (reach in ('own', 'sites', 'all')),
  -- Set together: the right holds only for rows whose field has one of these values.
  only_field text,
  only_values text[],
  primary key (role, table_name, operation),
  check ((only_field is null) = (only_values is null))
);

create table private.machines (
  table_name text primary key,
  field text not null,
  initial_state text not null,
  -- Column that names the author, for the guard "not-author".
  author text
);

create table private.allowed_transitions (
  table_name text not null references private.machines,
  from_state text not null,
  to_state text not null,
  needs text not null check (needs in ('create', 'update', 'approve', 'server')),
  guard text not null check (guard in ('none', 'not-author')),
  primary key (table_name, from_state, to_state)
);

alter table private.access_matrix enable row level security;
alter table private.machines enable row level security;
alter table private.allowed_transitions enable row level security;

-- What the person named by the claims may do. All functions are stable and take constants only:
-- policies call them as "(select f(…))", so that they run once a statement and not once a row.
-- Grants of people who are not active give nothing; expired and future grants neither.
-- plpgsql, since it keeps the plan of its query for the session.

-- True when a right reaches all rows: the matrix says so, or the grant is for all sites.
create function private.reaches_all(p_table text, p_operation text) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
  return exists (
    select from public.user_roles g
      join public.users u on u.id = g.user_id and u.status = 'active'
      join private.access_matrix m on m.role = g.role
     where g.user_id = auth.uid()
       and g.valid_from <= now() and (g.valid_to is null or now() < g.valid_to)
       and m.table_name = p_table and m.operation = p_operation and m.only_field is null
       and (m.reach = 'all' or (m.reach = 'sites' and g.location_id is null)));
end $$;

-- The sites at which a right holds. Rows of no site belong to whoever has any.
create function private.sites(p_table text, p_operation text) returns uuid[]
language plpgsql stable security definer set search_path = '' as $$
begin
  return array(
    select distinct g.location_id
      from public.user_roles g
      join public.users u on u.id = g.user_id and u.status = 'active'
      join private.access_matrix m on m.role = g.role
     where g.user_id = auth.uid()
       and g.valid_from <= now() and (g.valid_to is null or now() < g.valid_to)
       and m.table_name = p_table and m.operation = p_operation and m.only_field is null
       and m.reach = 'sites' and g.location_id is not null);
end $$;

-- True when a right reaches one's own rows wherever they are.
create function private.reaches_own(p_table text, p_operation text) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
  return exists (
    select from public.user_roles g
      join public.users u on u.id = g.user_id and u.status = 'active'
      join private.access_matrix m on m.role = g.role
     where g.user_id = auth.uid()
       and g.valid_from <= now() and (g.valid_to is null or now() < g.valid_to)
       and m.table_name = p_table and m.operation = p_operation and m.only_field is null
       and m.reach in ('own', 'sites'));
end $$;

-- Rights that hold only for some values of a field: '<value>@<site>', or '<value>@*' for all rows.
create function private.limited(p_table text, p_operation text, p_field text) returns text[]
language plpgsql stable security definer set search_path = '' as $$
begin
  return array(
    select distinct v.value || '@' || case
             when m.reach = 'all' or g.location_id is null then '*'
             else g.location_id::text
           end
      from public.user_roles g
      join public.users u on u.id = g.user_id and u.status = 'active'
      join private.access_matrix m on m.role = g.role
     cross join unnest(m.only_values) as v (value)
     where g.user_id = auth.uid()
       and g.valid_from <= now() and (g.valid_to is null or now() < g.valid_to)
       and m.table_name = p_table and m.operation = p_operation and m.only_field = p_field
       and m.reach in ('sites', 'all'));
end $$;

-- One answer for one row of a table that belongs to sites: for triggers, and for splitting a push.
create function private.may(p_table text, p_operation text, p_location uuid) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
  reachable uuid[];
begin
  if private.reaches_all(p_table, p_operation) then return true; end if;
  reachable := private.sites(p_table, p_operation);
  if p_location is null then return cardinality(reachable) > 0; end if;
  return p_location = any (reachable);
end $$;

-- Judges a step of a state machine: null when it is allowed, else the error code to raise.
create function private.judge_step(
  p_table text, p_from text, p_to text, p_location uuid, p_author uuid, p_by_server boolean
) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
  step private.allowed_transitions;
begin
  select t.* into step from private.allowed_transitions t
   where t.table_name = p_table and t.from_state = p_from and t.to_state = p_to;
  if not found then return 'GN002'; end if;
  if step.needs = 'server' then
    return case when p_by_server then null else 'GN002' end;
  end if;
  if not private.may(p_table, step.needs, p_location) then return 'GN002'; end if;
  if step.guard = 'not-author' and p_author is not distinct from auth.uid() then
    return 'GN003';
  end if;
  return null;
end $$;

-- The machine's field moves only by allowed steps. A row that arrives in another state than the
-- initial one (made and submitted offline) is judged as having made that one step.
create function private.guard_state() returns trigger
language plpgsql set search_path = '' as $$
declare
  now_row jsonb := to_jsonb(new);
  machine private.machines := private.machine_of(tg_table_name);
  becomes text := now_row ->> machine.field;
  was text := machine.initial_state;
  code text;
begin
  if tg_op = 'UPDATE' then was := to_jsonb(old) ->> machine.field; end if;
  if becomes = was then return new; end if;
  code := private.judge_step(
    tg_table_name, was, becomes, (now_row ->> 'location_id')::uuid,
    (now_row ->> machine.author)::uuid, current_user = 'ganger_engine');
  if code is not null then
    raise exception '%: the step % to % is refused', tg_table_name, was, becomes
      using errcode = code;
  end if;
  return new;
end $$;

create function private.machine_of(p_table text) returns private.machines
language plpgsql stable security definer set search_path = '' as $$
declare
  machine private.machines;
begin
  select m.* into strict machine from private.machines m where m.table_name = p_table;
  return machine;
end $$;

revoke execute on all functions in schema private from public;
grant execute on function
  private.reaches_all(text, text),
  private.sites(text, text),
  private.reaches_own(text, text),
  private.limited(text, text, text),
  private.may(text, text, uuid),
  private.judge_step(text, text, text, uuid, uuid, boolean),
  private.machine_of(text)
to authenticated, ganger_engine;

insert into private.access_matrix
  (role, table_name, operation, reach, only_field, only_values)
values
  ('FD', 'locations', 'read', 'all', null, null),
  ('KD', 'locations', 'read', 'all', null, null),
  ('CS', 'locations', 'read', 'all', null, null),
  ('PR', 'locations', 'read', 'all', null, null),
  ('MG', 'locations', 'read', 'all', null, null),
  ('LM', 'locations', 'read', 'all', null, null),
  ('IT', 'locations', 'read', 'all', null, null),
  ('SA', 'locations', 'read', 'all', null, null),
  ('AS', 'locations', 'read', 'all', null, null),
  ('BUY', 'locations', 'read', 'all', null, null),
  ('FD', 'users', 'read', 'sites', null, null),
  ('CS', 'users', 'read', 'sites', null, null),
  ('PR', 'users', 'read', 'sites', null, null),
  ('LM', 'users', 'read', 'sites', null, null),
  ('AS', 'users', 'read', 'sites', null, null),
  ('BUY', 'users', 'read', 'sites', null, null),
  ('MG', 'users', 'read', 'all', null, null),
  ('IT', 'users', 'read', 'all', null, null),
  ('SA', 'users', 'read', 'all', null, null),
  ('CO', 'users', 'read', 'all', null, null),
  ('FD', 'user_roles', 'read', 'own', null, null),
  ('CS', 'user_roles', 'read', 'own', null, null),
  ('PR', 'user_roles', 'read', 'own', null, null),
  ('AS', 'user_roles', 'read', 'own', null, null),
  ('BUY', 'user_roles', 'read', 'own', null, null),
  ('LM', 'user_roles', 'read', 'sites', null, null),
  ('MG', 'user_roles', 'read', 'all', null, null),
  ('IT', 'user_roles', 'read', 'all', null, null),
  ('SA', 'user_roles', 'read', 'all', null, null),
  ('CO', 'user_roles', 'read', 'all', null, null),
  ('FD', 'devices', 'read', 'own', null, null),
  ('KD', 'devices', 'read', 'own', null, null),
  ('CS', 'devices', 'read', 'own', null, null),
  ('PR', 'devices', 'read', 'own', null, null),
  ('AS', 'devices', 'read', 'own', null, null),
  ('BUY', 'devices', 'read', 'own', null, null),
  ('LM', 'devices', 'read', 'sites', null, null),
  ('MG', 'devices', 'read', 'all', null, null),
  ('IT', 'devices', 'read', 'all', null, null),
  ('SA', 'devices', 'read', 'all', null, null),
  ('FD', 'inventory_items', 'read', 'sites', null, null),
  ('CS', 'inventory_items', 'read', 'sites', null, null),
  ('LM', 'inventory_items', 'read', 'sites', null, null),
  ('BUY', 'inventory_items', 'read', 'sites', null, null),
  ('PR', 'inventory_items', 'read', 'all', null, null),
  ('MG', 'inventory_items', 'read', 'all', null, null),
  ('MG', 'inventory_items', 'create', 'all', null, null),
  ('MG', 'inventory_items', 'update', 'all', null, null),
  ('SA', 'inventory_items', 'read', 'all', null, null),
  ('SA', 'inventory_items', 'update', 'all', null, null),
  ('FD', 'item_locations', 'read', 'sites', null, null),
  ('CS', 'item_locations', 'read', 'sites', null, null),
  ('PR', 'item_locations', 'read', 'sites', null, null),
  ('BUY', 'item_locations', 'read', 'sites', null, null),
  ('MG', 'item_locations', 'read', 'all', null, null),
  ('MG', 'item_locations', 'create', 'all', null, null),
  ('MG', 'item_locations', 'update', 'all', null, null),
  ('LM', 'item_locations', 'read', 'sites', null, null),
  ('LM', 'item_locations', 'create', 'sites', null, null),
  ('LM', 'item_locations', 'update', 'sites', null, null),
  ('SA', 'item_locations', 'read', 'all', null, null),
  ('SA', 'item_locations', 'update', 'all', null, null),
  ('FD', 'stock_acts', 'read', 'sites', null, null),
  ('FD', 'stock_acts', 'create', 'sites', 'kind', '{receive}'),
  ('CS', 'stock_acts', 'read', 'sites', null, null),
  ('CS', 'stock_acts', 'create', 'sites', null, null),
  ('PR', 'stock_acts', 'read', 'sites', null, null),
  ('MG', 'stock_acts', 'read', 'all', null, null),
  ('MG', 'stock_acts', 'create', 'all', null, null),
  ('LM', 'stock_acts', 'read', 'sites', null, null),
  ('LM', 'stock_acts', 'create', 'sites', null, null),
  ('BUY', 'stock_acts', 'read', 'sites', null, null),
  ('SA', 'stock_acts', 'read', 'all', null, null),
  ('FD', 'inventory_lots', 'read', 'sites', null, null),
  ('CS', 'inventory_lots', 'read', 'sites', null, null),
  ('LM', 'inventory_lots', 'read', 'sites', null, null),
  ('BUY', 'inventory_lots', 'read', 'sites', null, null),
  ('PR', 'inventory_lots', 'read', 'all', null, null),
  ('MG', 'inventory_lots', 'read', 'all', null, null),
  ('SA', 'inventory_lots', 'read', 'all', null, null),
  ('FD', 'stock_movements', 'read', 'sites', null, null),
  ('CS', 'stock_movements', 'read', 'sites', null, null),
  ('PR', 'stock_movements', 'read', 'sites', null, null),
  ('LM', 'stock_movements', 'read', 'sites', null, null),
  ('BUY', 'stock_movements', 'read', 'sites', null, null),
  ('MG', 'stock_movements', 'read', 'all', null, null),
  ('SA', 'stock_movements', 'read', 'all', null, null),
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
  ('SA', 'count_lines', 'read', 'all', null, null),
  ('LM', 'transitions', 'read', 'sites', null, null),
  ('MG', 'transitions', 'read', 'all', null, null),
  ('SA', 'transitions', 'read', 'all', null, null),
  ('LM', 'conflict_log', 'read', 'sites', null, null),
  ('MG', 'conflict_log', 'read', 'all', null, null),
  ('SA', 'conflict_log', 'read', 'all', null, null),
  ('LM', 'review_items', 'read', 'sites', null, null),
  ('LM', 'review_items', 'update', 'sites', null, null),
  ('LM', 'review_items', 'approve', 'sites', null, null),
  ('MG', 'review_items', 'read', 'all', null, null),
  ('MG', 'review_items', 'update', 'all', null, null),
  ('MG', 'review_items', 'approve', 'all', null, null),
  ('SA', 'review_items', 'read', 'all', null, null),
  ('FD', 'audit_logs', 'read', 'own', null, null),
  ('CS', 'audit_logs', 'read', 'own', null, null),
  ('PR', 'audit_logs', 'read', 'own', null, null),
  ('AS', 'audit_logs', 'read', 'own', null, null),
  ('BUY', 'audit_logs', 'read', 'own', null, null),
  ('IT', 'audit_logs', 'read', 'own', null, null),
  ('LM', 'audit_logs', 'read', 'sites', null, null),
  ('MG', 'audit_logs', 'read', 'all', null, null),
  ('SA', 'audit_logs', 'read', 'all', null, null),
  ('CO', 'audit_logs', 'read', 'all', null, null);

insert into private.machines (table_name, field, initial_state, author) values
  ('count_sessions', 'status', 'open', 'counted_by'),
  ('review_items', 'status', 'open', null);

insert into private.allowed_transitions (table_name, from_state, to_state, needs, guard) values
  ('count_sessions', 'open', 'submitted', 'create', 'none'),
  ('count_sessions', 'open', 'voided', 'create', 'none'),
  ('count_sessions', 'submitted', 'voided', 'approve', 'none'),
  ('count_sessions', 'submitted', 'posted', 'server', 'none'),
  ('count_sessions', 'submitted', 'in_review', 'server', 'none'),
  ('count_sessions', 'in_review', 'posted', 'approve', 'not-author'),
  ('count_sessions', 'in_review', 'voided', 'approve', 'none'),
  ('review_items', 'open', 'decided', 'approve', 'none'),
  ('review_items', 'open', 'void', 'server', 'none');
