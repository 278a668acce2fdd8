-- What leaves the house: wishes of people to send an order's summary and what became of them, the queue
-- of jobs that carries effects out, and the sandbox that shows what would have been sent.

-- order_sends -------------------------------------------------------------------------------------

create table public.order_sends (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  location_id uuid not null,
  order_id uuid not null,
  channel text not null,
  language text not null,
  repeats_id uuid,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint order_sends_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint order_sends_origin_check check (origin_seq is null or device_id is not null),
  constraint order_sends_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint order_sends_order_id_fkey foreign key (order_id) references public.purchase_orders (id) deferrable initially immediate,
  constraint order_sends_channel_check check (channel in ('email', 'slack')),
  constraint order_sends_language_check check (language in ('en', 'es')),
  constraint order_sends_repeats_id_fkey foreign key (repeats_id) references public.order_sends (id) deferrable initially immediate
);

create index order_sends_feed_idx on public.order_sends (row_xid, id);
create index order_sends_location_id_feed_idx on public.order_sends (location_id, row_xid, id);
create index order_sends_order_id_idx on public.order_sends (order_id);
create index order_sends_repeats_id_idx on public.order_sends (repeats_id);
create unique index order_sends_origin_key on public.order_sends (device_id, origin_seq)
  where origin_seq is not null;

alter table public.order_sends enable row level security;
alter table public.order_sends force row level security;
revoke all on table public.order_sends from public, anon, authenticated, service_role;
grant select on table public.order_sends to authenticated;
grant select on table public.order_sends to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, location_id, order_id, channel, language,
    repeats_id
) on table public.order_sends to authenticated;

create trigger append_only before update or delete on public.order_sends
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.order_sends
  for each statement execute function private.refuse_change();
alter table public.order_sends enable always trigger append_only;
alter table public.order_sends enable always trigger append_only_truncate;

create policy order_sends_read on public.order_sends for select to authenticated using (
  (select private.reaches_all('order_sends', 'read'))
  or location_id = any ((select private.sites('order_sends', 'read'))::uuid[])
);
create policy order_sends_create on public.order_sends
  for insert to authenticated with check (
  (select private.reaches_all('order_sends', 'create'))
  or location_id = any ((select private.sites('order_sends', 'create'))::uuid[])
);
create policy order_sends_create_as_oneself on public.order_sends
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy order_sends_engine_read on public.order_sends
  for select to ganger_engine using (true);

-- order_send_events -------------------------------------------------------------------------------

create table public.order_send_events (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  location_id uuid not null,
  order_id uuid not null,
  send_id uuid not null,
  event text not null,
  destination text,
  problem text,
  occurred_at timestamptz not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint order_send_events_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint order_send_events_order_id_fkey foreign key (order_id) references public.purchase_orders (id) deferrable initially immediate,
  constraint order_send_events_send_id_fkey foreign key (send_id) references public.order_sends (id) deferrable initially immediate,
  constraint order_send_events_event_check check (event in ('sent', 'failed', 'unknown',
    'skipped')),
  constraint order_send_events_destination_check check (char_length(destination) <= 254),
  constraint order_send_events_problem_check check (char_length(problem) <= 63)
);

create index order_send_events_feed_idx on public.order_send_events (row_xid, id);
create index order_send_events_location_id_feed_idx on public.order_send_events (location_id, row_xid, id);
create index order_send_events_order_id_idx on public.order_send_events (order_id);
create index order_send_events_send_id_idx on public.order_send_events (send_id);

alter table public.order_send_events enable row level security;
alter table public.order_send_events force row level security;
revoke all on table public.order_send_events from public, anon, authenticated, service_role;
grant select on table public.order_send_events to authenticated;
grant select on table public.order_send_events to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, location_id, order_id, send_id, event, destination,
    problem, occurred_at
) on table public.order_send_events to ganger_engine;

create trigger append_only before update or delete on public.order_send_events
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.order_send_events
  for each statement execute function private.refuse_change();
alter table public.order_send_events enable always trigger append_only;
alter table public.order_send_events enable always trigger append_only_truncate;

create policy order_send_events_read on public.order_send_events for select to authenticated using (
  (select private.reaches_all('order_send_events', 'read'))
  or location_id = any ((select private.sites('order_send_events', 'read'))::uuid[])
);
create policy order_send_events_engine_read on public.order_send_events
  for select to ganger_engine using (true);
create policy order_send_events_engine_create on public.order_send_events
  for insert to ganger_engine with check (true);

insert into private.scopes
  (table_name, location_column, sites_column, team_column, own_column)
values
  ('order_sends', 'location_id', null, null, null),
  ('order_send_events', 'location_id', null, null, null);

insert into private.access_matrix
  (role, table_name, operation, reach, only_field, only_values)
values
  ('FD', 'order_sends', 'read', 'sites', null, null),
  ('CS', 'order_sends', 'read', 'sites', null, null),
  ('PR', 'order_sends', 'read', 'sites', null, null),
  ('MG', 'order_sends', 'read', 'all', null, null),
  ('MG', 'order_sends', 'create', 'all', null, null),
  ('LM', 'order_sends', 'read', 'sites', null, null),
  ('LM', 'order_sends', 'create', 'sites', null, null),
  ('SA', 'order_sends', 'read', 'all', null, null),
  ('BUY', 'order_sends', 'read', 'all', null, null),
  ('BUY', 'order_sends', 'create', 'all', null, null),
  ('FD', 'order_send_events', 'read', 'sites', null, null),
  ('CS', 'order_send_events', 'read', 'sites', null, null),
  ('PR', 'order_send_events', 'read', 'sites', null, null),
  ('MG', 'order_send_events', 'read', 'all', null, null),
  ('LM', 'order_send_events', 'read', 'sites', null, null),
  ('IT', 'order_send_events', 'metadata', 'all', null, null),
  ('SA', 'order_send_events', 'read', 'all', null, null),
  ('BUY', 'order_send_events', 'read', 'all', null, null);

insert into private.retention_rules
  select r.* from jsonb_populate_recordset(null::private.retention_rules, $rules$[
  {"table_name":"order_sends","years":7},
  {"table_name":"order_send_events","years":7}
]$rules$) r;

-- A wish that arrives after its author's right had ended is let in by those who let in other facts of
-- orders. The place in the list is that of shared/access/matrix.ts; a test compares.
update private.access_matrix m
   set only_values = m.only_values[:array_position(m.only_values, 'purchase_order_acts')]
     || 'order_sends'::text
     || m.only_values[array_position(m.only_values, 'purchase_order_acts') + 1:]
 where m.table_name = 'review_items' and m.only_values @> '{purchase_order_acts}';

-- outbox ------------------------------------------------------------------------------------------

-- queued_at: a job has it. begun_at: a call is on its way, or was when the server died: whoever finds it
-- set looks up what became of it before anything is sent. runs: how often a person asked for it again.
alter table private.outbox
  add column queued_at timestamptz,
  add column begun_at timestamptz,
  add column runs integer not null default 0;
-- allow create-index: effects are kept for 30 days after they are done, some thousand rows
create index outbox_unqueued_idx on private.outbox (available_at, id)
  where queued_at is null and done_at is null and failed_at is null;
-- allow create-index: as above
create index outbox_failed_idx on private.outbox (failed_at) where failed_at is not null;
drop index private.outbox_waiting_idx;

-- Processes that work on jobs. One that has not been heard of for a while is dead, and its jobs are free:
-- the queue itself would wait four hours.
create table private.job_workers (
  id text primary key check (char_length(id) <= 100),
  seen_at timestamptz not null default now()
);
alter table private.job_workers enable row level security;
grant select, insert, update, delete on table private.job_workers to ganger_engine;
create policy job_workers_engine on private.job_workers to ganger_engine
  using (true) with check (true);

-- What the embedded mode would have sent, as it would have been. The key is that of the call, so that a
-- second call is seen as the same one.
create table private.sandbox (
  key text primary key check (char_length(key) <= 100),
  hub text not null check (char_length(hub) <= 40),
  channel text not null check (char_length(channel) <= 40),
  kind text not null check (char_length(kind) <= 60),
  destination text not null check (char_length(destination) <= 254),
  subject text check (char_length(subject) <= 200),
  body text not null check (char_length(body) <= 100000),
  -- False: it may say something about a patient, and is shown to nobody.
  shown boolean not null,
  location_id uuid,
  recorded_at timestamptz not null default now(),
  times integer not null default 1
);
create index sandbox_recorded_idx on private.sandbox (recorded_at);
alter table private.sandbox enable row level security;
grant select, insert, update, delete on table private.sandbox to ganger_engine;
create policy sandbox_engine on private.sandbox to ganger_engine using (true) with check (true);

-- The queue of jobs (graphile-worker) keeps its tables in a schema of its own and brings them up to date
-- by itself when a server starts. The schema is the engine's, so nobody needs a right to make schemas;
-- the list of its migrations is made here, since it would begin by making the schema otherwise.
create schema graphile_worker;
create table graphile_worker.migrations (
  id integer primary key,
  ts timestamptz not null default now(),
  breaking boolean not null default false
);
alter table graphile_worker.migrations enable row level security;
do $$
begin
  -- Giving something away asks for the right to act as whom it is given to.
  execute format('grant ganger_engine to %I with inherit false, set true', current_user);
  grant usage, create on schema graphile_worker to ganger_engine;
  alter table graphile_worker.migrations owner to ganger_engine;
  alter schema graphile_worker owner to ganger_engine;
  execute format('revoke ganger_engine from %I', current_user);
end $$;

revoke execute on all functions in schema private from public;
