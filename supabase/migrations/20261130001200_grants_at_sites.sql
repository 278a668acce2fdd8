-- A right that reaches some sites reaches no row that counts at all of them; and what releases
-- quarantined rows writes nothing else.

-- Of most tables a row without a site belongs to whoever has any site. Of these, it counts at every
-- site: a role everywhere, a setting for all. Whoever has some sites reads it and makes none.
-- The list is that of shared/schema (`scope.everywhere`); a test compares.
-- allow constraint-not-valid: a row a table, some hundred
alter table private.scopes add column everywhere boolean check (everywhere);
update private.scopes set everywhere = true
 where table_name in ('user_roles', 'user_permissions', 'location_configs');

create or replace function private.may_row(p_table text, p_operation text, p_row jsonb)
returns boolean
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
              when scope.everywhere and p_operation not in ('read', 'metadata') then false
              else scope.location_column is not null and scope.team_column is null
            end));
end $$;

-- Who may give a role at a site may end it there.
insert into private.access_matrix (role, table_name, operation, reach, only_field, only_values)
values ('LM', 'user_roles', 'update', 'sites', 'role', '{FD,CS}');

-- released rows -----------------------------------------------------------------------------------

-- Whether a row is one that is being released: kept in quarantine under this author, not decided yet,
-- of a table about which somebody may decide (shared/access: canBeReleased), and decided by somebody
-- who may. Anything else that is written so would be written past every policy.
create function private.require_release(p_table text, p_row uuid, p_author uuid) returns void
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_table in ('po_approvals', 'payment_transactions', 'ai_reviews')
     or not exists (
       select from private.access_matrix m
        where m.table_name = 'review_items' and m.operation = 'approve'
          and m.role in ('PR', 'MG', 'LM', 'SA') and p_table = any (m.only_values))
     or not exists (
       select from private.quarantine q
        where q.table_name = p_table and q.row_id = p_row and q.user_id = p_author
          and q.status = 'waiting'
          and private.may_row('review_items', 'approve', jsonb_build_object(
            'table_name', q.table_name, 'location_id', q.location_id))) then
    raise exception '%: this row is not being released', p_table using errcode = 'GN003';
  end if;
end $$;

-- allow create-index: what waits for a decision, some hundred rows
create index quarantine_row_idx on private.quarantine (row_id) where status = 'waiting';

create or replace function private.insert_released(p_table text, p_rows jsonb, p_author uuid)
returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  doc jsonb;
  columns text;
  written integer := 0;
begin
  for doc in select value from jsonb_array_elements(p_rows) loop
    perform private.require_release(p_table, (doc ->> 'id')::uuid, p_author);
    columns := private.released_columns(p_table, array(select jsonb_object_keys(doc)));
    execute format(
      'insert into public.%1$I (%2$s) select %2$s from jsonb_populate_record(null::public.%1$I, $1)',
      p_table, columns) using private.released_row(p_table, doc);
    if doc ? 'field_hlc' then
      execute format('update public.%I t set field_by = $1 where t.id = $2', p_table)
        using (select coalesce(jsonb_object_agg(k, p_author), '{}')
                 from jsonb_object_keys(doc -> 'field_hlc') k),
              (doc ->> 'id')::uuid;
    end if;
    written := written + 1;
  end loop;
  return written;
end $$;

create or replace function private.update_released(
  p_table text, p_fields text[], p_rows jsonb, p_author uuid
) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  doc jsonb;
  columns text := private.released_columns(p_table, p_fields || array['field_hlc']);
  found_rows integer;
  written integer := 0;
begin
  for doc in select value from jsonb_array_elements(p_rows) loop
    perform private.require_release(p_table, (doc ->> 'id')::uuid, p_author);
    execute format(
      'update public.%1$I t set (%2$s) = (
           select %2$s from jsonb_populate_record(null::public.%1$I, $1)),
         field_by = t.field_by || coalesce((
           select jsonb_object_agg(s.key, $3) from jsonb_each_text($1 -> ''field_hlc'') s
            where s.value is distinct from t.field_hlc ->> s.key), ''{}'')
       where t.id = $2', p_table, columns)
      using private.released_row(p_table, doc), (doc ->> 'id')::uuid, p_author;
    get diagnostics found_rows = row_count;
    written := written + found_rows;
  end loop;
  return written;
end $$;

revoke execute on function private.require_release(text, uuid, uuid) from public;
