-- What a write sets off outside, as rows of the write's own transaction; and what was written by
-- somebody whose rights had ended when it arrived. Both are the server's alone.

-- outbox ------------------------------------------------------------------------------------------

-- One row is one thing that is to be done once: its id follows from its cause, so that finding the
-- cause again adds nothing, and whoever carries it out can tell a second try from a second thing.
-- It names rows and says nothing about them: what is sent is read when it is sent.
create table private.outbox (
  id uuid primary key,
  kind text not null check (kind ~ '^[a-z-]+\.[a-z-]+$' and char_length(kind) <= 60),
  -- staff: shown inside the suite · outside: leaves the house.
  audience text not null check (audience in ('staff', 'outside')),
  table_name text not null check (char_length(table_name) <= 63),
  row_id uuid not null,
  location_id uuid,
  created_at timestamptz not null default now(),
  available_at timestamptz not null default now(),
  attempts integer not null default 0,
  -- Somebody is at it until then; a server that died at it leaves it to the next one.
  leased_until timestamptz,
  done_at timestamptz,
  failed_at timestamptz,
  -- Name of an error code, never its text.
  problem text check (char_length(problem) <= 63)
);
create index outbox_waiting_idx on private.outbox (available_at, id)
  where done_at is null and failed_at is null;
create index outbox_over_idx on private.outbox (done_at) where done_at is not null;

alter table private.outbox enable row level security;
grant select, insert, update, delete on table private.outbox to ganger_engine;
create policy outbox_engine on private.outbox to ganger_engine using (true) with check (true);

-- The embedded mode sends nothing: what would be sent is written here, to be looked at.
create table private.outbox_recorded (
  id uuid primary key,
  kind text not null,
  audience text not null,
  table_name text not null,
  row_id uuid not null,
  location_id uuid,
  recorded_at timestamptz not null default now(),
  times integer not null default 1
);
alter table private.outbox_recorded enable row level security;
grant select, insert, update, delete on table private.outbox_recorded to ganger_engine;
create policy outbox_recorded_engine on private.outbox_recorded to ganger_engine
  using (true) with check (true);

-- quarantine --------------------------------------------------------------------------------------

-- Rows that were neither applied nor dropped. A person with the right to decide releases them (they
-- are written then, in their author's name) or rejects them (they stay here, and nowhere else).
create table private.quarantine (
  id uuid primary key,
  user_id uuid not null,
  device_id uuid not null,
  table_name text not null check (char_length(table_name) <= 63),
  row_id uuid not null,
  location_id uuid,
  base jsonb,
  content jsonb not null check (pg_column_size(content) <= 262144),
  reason text not null check (reason in ('grant-ended', 'account-ended', 'device-retired')),
  received_at timestamptz not null default now(),
  status text not null default 'waiting' check (status in ('waiting', 'released', 'rejected')),
  decided_by uuid,
  decided_at timestamptz,
  check ((status = 'waiting') = (decided_at is null))
);
create index quarantine_device_idx on private.quarantine (device_id) where status = 'waiting';

alter table private.quarantine enable row level security;
grant select, insert on table private.quarantine to ganger_engine;
grant update (status, decided_by, decided_at) on table private.quarantine to ganger_engine;
create policy quarantine_engine on private.quarantine to ganger_engine
  using (true) with check (true);

-- Writing in the name of somebody who may not write any more. No policy lets anybody do that; these
-- two functions do, for the server alone and for tables that people write. What the row may be, and
-- who may release it, the server has judged; constraints and append-only hold as ever.

-- A document of the wire as JSON that the table's row type reads: instants are milliseconds there.
create function private.released_row(p_table text, p_row jsonb) returns jsonb
language sql stable set search_path = '' as $$
  select p_row || coalesce(jsonb_object_agg(
           a.attname,
           to_jsonb(timestamptz 'epoch'
             + (p_row ->> a.attname)::bigint * interval '1 millisecond')), '{}')
    from pg_catalog.pg_attribute a
   where a.attrelid = format('public.%I', p_table)::regclass and a.attnum > 0
     and a.atttypid = 'timestamptz'::regtype
     and jsonb_typeof(p_row -> a.attname) = 'number'
$$;

-- The columns of a table among some names, quoted, in the order of the table.
create function private.released_columns(p_table text, p_names text[]) returns text
language plpgsql stable set search_path = '' as $$
begin
  if not exists (
    select from private.access_matrix m
     where m.table_name = p_table and m.operation in ('create', 'update')) then
    raise exception 'released rows: nobody writes %', p_table using errcode = 'GN003';
  end if;
  return (
    select string_agg(format('%I', a.attname), ', ' order by a.attnum)
      from pg_catalog.pg_attribute a
     where a.attrelid = format('public.%I', p_table)::regclass and a.attnum > 0
       and not a.attisdropped and a.attname = any (p_names)
       and a.attname not in ('field_by', 'deleted_at', 'row_xid', 'row_version', 'recorded_at',
         'schema_version'));
end $$;

create function private.insert_released(p_table text, p_rows jsonb, p_author uuid)
returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  doc jsonb;
  columns text;
  written integer := 0;
begin
  for doc in select value from jsonb_array_elements(p_rows) loop
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

create function private.update_released(
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

revoke execute on function
  private.released_row(text, jsonb),
  private.released_columns(text, text[]),
  private.insert_released(text, jsonb, uuid),
  private.update_released(text, text[], jsonb, uuid)
from public;
grant execute on function
  private.insert_released(text, jsonb, uuid),
  private.update_released(text, text[], jsonb, uuid)
to ganger_engine;
