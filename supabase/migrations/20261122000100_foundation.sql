-- Roles, the schema that no API exposes, the identity of the feed, and what all tables share.
--
-- Who writes what:
--   ganger_sync    the sync server's login. Owns nothing and inherits nothing: code that forgets to
--                  change its role gets "permission denied". Its password is set by the deployment.
--   authenticated  a person, named by request.jwt.claims. The policies are the access matrix.
--   ganger_engine  what the server writes on its own behalf, in the same transaction.
--   anon, service_role  nothing.
-- Every table of the API says its grants itself; tables made later start with none.

do $$
begin
  if not exists (select from pg_roles where rolname = 'ganger_engine') then
    create role ganger_engine nologin noinherit;
  end if;
  if not exists (select from pg_roles where rolname = 'ganger_sync') then
    create role ganger_sync login noinherit;
  end if;
end $$;

grant authenticated to ganger_sync with inherit false, set true;
grant ganger_engine to ganger_sync with inherit false, set true;

-- SET ROLE keeps the limits of the login. A transaction that stays open holds the fence of the feed
-- for everybody, so none may.
alter role ganger_sync set statement_timeout = '15s';
alter role ganger_sync set lock_timeout = '5s';
alter role ganger_sync set idle_in_transaction_session_timeout = '10s';
alter role ganger_sync set transaction_timeout = '30s';

alter default privileges in schema public
  revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public
  revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public
  revoke all on functions from anon, authenticated, service_role;

create schema private;
revoke all on schema private from public;
grant usage on schema private to authenticated, ganger_engine;
grant usage on schema public to ganger_engine;

-- identity of the feed ----------------------------------------------------------------------------

-- A cursor of a device is a transaction id of this database. After a restore or a failover such ids
-- are used again, so a cursor is worth something only under the epoch in which it was given.
create table private.feed_epoch (
  only_row boolean primary key default true check (only_row),
  generation integer not null default 1
);
alter table private.feed_epoch enable row level security;
insert into private.feed_epoch default values;

-- <system identifier>-<timeline>-<generation>. A new cluster changes the first part, a failover or
-- a restore to a point in time the second; whoever loads old rows into a running database raises
-- the third (private.begin_generation). The timeline comes from the running write-ahead log, since
-- the control file learns of a failover only with the first checkpoint after it.
create function private.epoch() returns text
language sql stable security definer set search_path = '' as $$
  select format(
    '%s-%s-%s',
    (select system_identifier from pg_catalog.pg_control_system()),
    case
      when pg_catalog.pg_is_in_recovery()
        then (select timeline_id from pg_catalog.pg_control_checkpoint())
      else ('x' || left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 8))
        ::bit(32)::integer
    end,
    (select generation from private.feed_epoch)
  )
$$;

-- Makes every device start anew: to be called after rows were loaded from a copy. Owner only.
create function private.begin_generation() returns integer
language sql volatile set search_path = '' as $$
  update private.feed_epoch set generation = generation + 1 returning generation
$$;

-- triggers that all tables share ------------------------------------------------------------------

-- Own error codes: GN001 append-only · GN002 step of a state machine refused · GN003 acting in
-- another's name · GN004 the count is closed. Messages name tables and states, never other values.

-- Facts and logs are inserted, and that is all. A statement trigger, so that an attempt that meets
-- no row is refused too; enabled always, so that it holds for replicas' sessions as well.
create function private.refuse_change() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, lower(tg_op)
    using errcode = 'GN001';
end $$;

-- Gives a changed row its new place in the feed. A write that changes nothing keeps the old one, so
-- that a replay sends no row to anybody. The server's own columns cannot be set by hand.
create function private.touch() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.row_xid := old.row_xid;
  new.row_version := old.row_version;
  new.recorded_at := old.recorded_at;
  if new is distinct from old then
    new.row_xid := pg_current_xact_id();
    new.row_version := old.row_version + 1;
    new.recorded_at := now();
  end if;
  return new;
end $$;

-- field_by says who wrote a field last. For people it follows from the stamps that this write
-- moved; what they send counts for nothing. The engine says it itself.
create function private.sign_fields() returns trigger
language plpgsql set search_path = '' as $$
declare
  known jsonb := '{}';
  stamped jsonb := '{}';
begin
  if current_user <> 'authenticated' then return new; end if;
  if tg_op = 'UPDATE' then
    known := old.field_by;
    stamped := old.field_hlc;
  end if;
  if new.field_hlc = stamped then
    new.field_by := known;
  else
    new.field_by := known || coalesce(
      (select jsonb_object_agg(s.key, auth.uid())
         from jsonb_each_text(new.field_hlc) s
        where s.value is distinct from stamped ->> s.key),
      '{}');
  end if;
  return new;
end $$;

-- A column that names who did it may be set to nobody but oneself; trigger argument: the column.
create function private.guard_actor() returns trigger
language plpgsql set search_path = '' as $$
declare
  named text := to_jsonb(new) ->> tg_argv[0];
begin
  if current_user = 'authenticated'
     and named is distinct from to_jsonb(old) ->> tg_argv[0]
     and named is not null and named <> auth.uid()::text then
    raise exception '%.% names somebody else', tg_table_name, tg_argv[0] using errcode = 'GN003';
  end if;
  return new;
end $$;

revoke execute on all functions in schema private from public;
grant execute on function private.epoch() to authenticated, ganger_engine;
