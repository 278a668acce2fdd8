-- Windows: which patients and visits a device holds these days. Rows enter and leave without
-- changing, so each coming and going has its own place in the feed. Rights do not depend on it: row
-- security stays what it is, behind it.

-- Days around today, as shared/access/windows.ts has them; a test compares.
create function private.windows()
returns table (name text, days_before integer, days_after integer)
language sql immutable parallel safe
begin atomic
  select w.name, w.days_before, w.days_after
    from (values ('day', 2, 2), ('care', 30, 30)) w (name, days_before, days_after);
end;

-- scope: '<window>:<site>', and '<window>:*' for all sites. A member that left stays noted, so that
-- devices that were away learn of it.
create table private.scope_members (
  scope text not null,
  subject text not null check (subject in ('patients', 'appointments')),
  row_id uuid not null,
  entered_xid xid8 not null default pg_current_xact_id(),
  left_xid xid8,
  left_at timestamptz,
  primary key (scope, subject, row_id)
);
create index scope_members_entered_idx
  on private.scope_members (scope, subject, entered_xid, row_id);
create index scope_members_left_idx
  on private.scope_members (scope, subject, left_xid, row_id) where left_xid is not null;
create index scope_members_row_idx on private.scope_members (row_id);

alter table private.scope_members enable row level security;
grant select on table private.scope_members to authenticated, ganger_engine;
-- Ids only, in a schema that no API shows: what is behind them each table's own policies decide.
-- allow policy-open: see above
create policy scope_members_read on private.scope_members
  for select to authenticated, ganger_engine using (true);

-- Where a visit belongs: the windows around its day, at its site and at all.
create function private.scopes_of_appointments(p_ids uuid[])
returns table (scope text, row_id uuid)
language sql stable set search_path = '' as $$
  select w.name || ':' || place, a.id
    from public.appointments a
    join public.locations l on l.id = a.location_id
   cross join private.windows() w
   cross join unnest(array[l.id::text, '*']) place
   where (p_ids is null or a.id = any (p_ids))
     and a.deleted_at is null and a.status <> 'entered-in-error'
     and a.local_date
         between (now() at time zone l.time_zone)::date - w.days_before
             and (now() at time zone l.time_zone)::date + w.days_after
$$;

-- Where a patient belongs: where they come these days; where a request of theirs is open; and where
-- somebody made them today, until their visit is known.
create function private.scopes_of_patients(p_ids uuid[])
returns table (scope text, row_id uuid)
language sql stable set search_path = '' as $$
  select distinct w.name || ':' || place, a.patient_id
    from public.appointments a
    join public.locations l on l.id = a.location_id
   cross join private.windows() w
   cross join unnest(array[l.id::text, '*']) place
   where (p_ids is null or a.patient_id = any (p_ids))
     and a.deleted_at is null and a.status <> 'entered-in-error'
     and a.local_date
         between (now() at time zone l.time_zone)::date - w.days_before
             and (now() at time zone l.time_zone)::date + w.days_after
  union
  select 'care:' || place, r.patient_id
    from public.authorization_requests r
   cross join unnest(array[r.location_id::text, '*']) place
   where (p_ids is null or r.patient_id = any (p_ids)) and r.deleted_at is null
     and r.status not in ('approved', 'partially_approved', 'denied', 'deemed_granted',
       'withdrawn', 'expired', 'duplicate_submission')
  union
  select 'day:' || place, p.id
    from public.patients p
   cross join unnest(p.site_ids::text[] || '*'::text) place
   where (p_ids is null or p.id = any (p_ids))
     and p.deleted_at is null and p.created_at > now() - interval '1 day'
$$;

-- Makes the members of some subjects (null: of all) what they should be now; returns how many came
-- or went.
create function private.place_members(p_subject text, p_ids uuid[]) returns integer
language sql volatile security definer set search_path = '' as $$
  with wanted as materialized (
    select w.scope, w.row_id from private.scopes_of_patients(p_ids) w
     where p_subject = 'patients'
    union all
    select w.scope, w.row_id from private.scopes_of_appointments(p_ids) w
     where p_subject = 'appointments'),
  came as (
    insert into private.scope_members as m (scope, subject, row_id)
      select w.scope, p_subject, w.row_id from wanted w
    on conflict (scope, subject, row_id) do update
      set entered_xid = pg_current_xact_id(), left_xid = null, left_at = null
      where m.left_xid is not null
    returning 1),
  went as (
    update private.scope_members m set left_xid = pg_current_xact_id(), left_at = now()
     where m.subject = p_subject and m.left_xid is null
       and (p_ids is null or m.row_id = any (p_ids))
       and not exists (select from wanted w where w.scope = m.scope and w.row_id = m.row_id)
    returning 1)
  select (select count(*) from came)::integer + (select count(*) from went)::integer
$$;

-- The night moves the windows: to be called once a day after midnight at the westernmost site, and
-- after rows were loaded in bulk. Returns how many came or went.
create function private.move_windows() returns integer
language sql volatile security definer set search_path = '' as $$
  -- No device's grants outlast this: one that comes back later starts anew.
  delete from private.scope_members where left_at < now() - interval '90 days';
  select private.place_members('appointments', null) + private.place_members('patients', null)
$$;

-- What happens today counts today. Visits far from today are left to the night.
create function private.place_visit() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if new.local_date not between current_date - 32 and current_date + 32
     and (tg_op = 'INSERT' or old.local_date not between current_date - 32 and current_date + 32)
  then
    return null;
  end if;
  perform private.place_members('appointments', array[new.id]);
  perform private.place_members('patients', array[new.patient_id]);
  return null;
end $$;

create trigger place
  after insert or update of local_date, status, deleted_at on public.appointments
  for each row execute function private.place_visit();

create function private.place_patient() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform private.place_members('patients', array[
    case tg_table_name when 'patients' then new.id else (to_jsonb(new) ->> 'patient_id')::uuid end]);
  return null;
end $$;

create trigger place after insert on public.patients
  for each row execute function private.place_patient();
create trigger place after insert or update of status on public.authorization_requests
  for each row execute function private.place_patient();

revoke execute on all functions in schema private from public;
grant execute on function private.move_windows() to ganger_engine;
