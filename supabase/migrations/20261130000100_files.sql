-- The bytes of files: what of an upload has arrived, which bytes are whole, and who may send or fetch
-- them. The bytes themselves lie in a store beside the database; here stands what is true of them, so
-- that any server can go on where another one stopped.

-- The same bytes may belong to several records, and several people may attach them to one: each such
-- row is its own, and what they share is the stored bytes. One person on one device attaches the same
-- bytes to a record once.
alter table public.file_uploads
  -- allow drop-constraint: the one below takes its place
  drop constraint file_uploads_sha256_encryption_key_id_key;
-- allow create-index: nothing is released that has many rows here
create unique index file_uploads_attached_once_idx on public.file_uploads
  (sha256, owner_table, owner_id, device_id, created_by) nulls not distinct;
alter table public.file_uploads
  add constraint file_uploads_sha256_owner_table_owner_id_device_id_created_by_k
    unique using index file_uploads_attached_once_idx;

-- Where the bytes are and what was found in them says the server alone: a new row says neither.
create function private.guard_new_file() returns trigger
language plpgsql set search_path = '' as $$
begin
  if current_user = 'authenticated' and (new.upload_state <> 'local'
     or new.scan_status <> 'pending' or new.retention_until is not null) then
    raise exception 'file_uploads: what only the server says' using errcode = '42501';
  end if;
  return new;
end $$;

create trigger guard_new before insert on public.file_uploads
  for each row execute function private.guard_new_file();

-- bytes -------------------------------------------------------------------------------------------

-- Bytes that are whole and checked, by their content; once, however many rows name them.
create table private.file_blobs (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes integer not null check (size_bytes > 0),
  mime text not null,
  storage_key text not null,
  stored_at timestamptz not null default now()
);
alter table private.file_blobs enable row level security;

-- An upload under way: the bytes up to `received` have arrived.
create table private.file_sends (
  file_id uuid primary key references public.file_uploads (id),
  received integer not null default 0 check (received >= 0),
  begun_at timestamptz not null default now(),
  touched_at timestamptz not null default now()
);
alter table private.file_sends enable row level security;

-- The parts of it, without gaps.
create table private.file_parts (
  file_id uuid not null references private.file_sends (file_id) on delete cascade,
  starts_at integer not null check (starts_at >= 0),
  length integer not null check (length > 0),
  primary key (file_id, starts_at)
);
alter table private.file_parts enable row level security;

-- Who fetched what when was last written into the audit: one entry a while, not one a part.
create table private.file_fetches (
  file_id uuid not null references public.file_uploads (id),
  device_id uuid not null,
  user_id uuid not null,
  noted_at timestamptz not null default now(),
  primary key (file_id, device_id, user_id)
);
alter table private.file_fetches enable row level security;

create policy file_blobs_engine on private.file_blobs to ganger_engine using (true) with check (true);
create policy file_sends_engine on private.file_sends to ganger_engine using (true) with check (true);
create policy file_parts_engine on private.file_parts to ganger_engine using (true) with check (true);
create policy file_fetches_engine on private.file_fetches
  to ganger_engine using (true) with check (true);
grant select, insert, update, delete
  on private.file_blobs, private.file_sends, private.file_parts, private.file_fetches
  to ganger_engine;

-- rights ------------------------------------------------------------------------------------------

create type private.file_facts as (
  owner_table text, owner_id uuid, is_author boolean, may_create boolean, owner_there boolean,
  owner_mine boolean
);

-- What is true of a file whoever asks; null when there is none.
create function private.file_facts(p_file uuid) returns private.file_facts
language plpgsql stable security definer set search_path = '' as $$
declare
  file public.file_uploads;
  facts private.file_facts;
  author uuid;
begin
  select f.* into file from public.file_uploads f where f.id = p_file;
  if not found then return null; end if;
  facts.owner_table := file.owner_table;
  facts.owner_id := file.owner_id;
  facts.is_author := file.created_by is not distinct from auth.uid();
  facts.may_create := private.may_row('file_uploads', 'create', to_jsonb(file));
  facts.owner_there := false;
  facts.owner_mine := false;
  if file.owner_id is not null then
    -- The names of the tables are those of a check constraint.
    execute format('select true, o.created_by from public.%I o where o.id = $1', file.owner_table)
      into facts.owner_there, author using file.owner_id;
    facts.owner_there := coalesce(facts.owner_there, false);
    facts.owner_mine := facts.owner_there and author is not distinct from auth.uid();
  end if;
  return facts;
end $$;

-- May the caller send ('upload') or read ('fetch') the bytes of a file? Null: yes. 'waits': not until
-- the record that owns the file is there. 'refused' or 'missing': no; what somebody does not see does
-- not exist for them. The owning record is looked at with the rights of the caller, by its own policies.
create function private.file_right(p_file uuid, p_operation text) returns text
language plpgsql stable security invoker set search_path = '' as $$
declare
  facts private.file_facts := private.file_facts(p_file);
  sees_owner boolean := false;
begin
  if facts.owner_table is null then return 'missing'; end if;
  if p_operation = 'upload' then
    -- Who made the row has the bytes; nobody else has anything to send for it.
    if not facts.is_author or not facts.may_create then return 'refused'; end if;
  elsif not exists (select from public.file_uploads f where f.id = p_file) then
    return 'missing';
  end if;
  if not facts.owner_there then return 'waits'; end if;
  execute format('select exists (select from public.%I o where o.id = $1)', facts.owner_table)
    into sees_owner using facts.owner_id;
  if sees_owner then return null; end if;
  if p_operation = 'upload' then
    -- A box into which one may put and not look: a kiosk's captures.
    return case when facts.owner_mine then null else 'refused' end;
  end if;
  return 'missing';
end $$;

revoke execute on function
  private.guard_new_file(), private.file_facts(uuid), private.file_right(uuid, text)
from public;
grant execute on function private.file_facts(uuid), private.file_right(uuid, text) to authenticated;
