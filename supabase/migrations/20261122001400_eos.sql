-- Team meetings: rocks, scorecards, issues, to-dos. No PHI has a place here.

-- l10_meetings ------------------------------------------------------------------------------------

create table public.l10_meetings (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  team_id uuid not null,
  location_id uuid,
  local_date date not null,
  seq integer not null,
  presenter_id uuid,
  scribe_id uuid,
  status text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint l10_meetings_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint l10_meetings_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint l10_meetings_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint l10_meetings_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint l10_meetings_seq_check check (seq between 1 and 9),
  constraint l10_meetings_presenter_id_fkey foreign key (presenter_id) references public.users (id) deferrable initially immediate,
  constraint l10_meetings_scribe_id_fkey foreign key (scribe_id) references public.users (id) deferrable initially immediate,
  constraint l10_meetings_status_check check (status in ('scheduled', 'in_progress', 'suspended',
    'concluded', 'archived', 'cancelled')),
  constraint l10_meetings_team_id_local_date_seq_key unique (team_id, local_date, seq)
);

create index l10_meetings_feed_idx on public.l10_meetings (row_xid, id);
create index l10_meetings_location_id_feed_idx on public.l10_meetings (location_id, row_xid, id);
create index l10_meetings_team_id_feed_idx on public.l10_meetings (team_id, row_xid, id);
create index l10_meetings_presenter_id_idx on public.l10_meetings (presenter_id);
create index l10_meetings_scribe_id_idx on public.l10_meetings (scribe_id);

alter table public.l10_meetings enable row level security;
alter table public.l10_meetings force row level security;
revoke all on table public.l10_meetings from public, anon, authenticated, service_role;
grant select on table public.l10_meetings to authenticated;
grant select on table public.l10_meetings to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, team_id, location_id, local_date, seq,
    presenter_id, scribe_id, status, field_by
) on table public.l10_meetings to authenticated;
grant update (
  presenter_id, scribe_id, status, field_hlc, field_by
) on table public.l10_meetings to authenticated;
grant update (
  status, field_hlc, field_by
) on table public.l10_meetings to ganger_engine;

create trigger guard_state before insert or update of status on public.l10_meetings
  for each row execute function private.guard_state();
create trigger sign_fields before insert or update on public.l10_meetings
  for each row execute function private.sign_fields();
create trigger touch before update on public.l10_meetings
  for each row execute function private.touch();

create policy l10_meetings_read on public.l10_meetings for select to authenticated using (
  (select private.reaches_all('l10_meetings', 'read'))
  or location_id = any ((select private.sites('l10_meetings', 'read'))::uuid[])
  or team_id = any ((select private.teams('l10_meetings', 'read'))::uuid[])
);
create policy l10_meetings_create on public.l10_meetings
  for insert to authenticated with check (
  team_id = any ((select private.teams('l10_meetings', 'create'))::uuid[])
);
create policy l10_meetings_create_as_oneself on public.l10_meetings
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy l10_meetings_update on public.l10_meetings for update to authenticated using (
  team_id = any ((select private.teams('l10_meetings', 'update'))::uuid[])
  or team_id = any ((select private.teams('l10_meetings', 'approve'))::uuid[])
) with check (
  team_id = any ((select private.teams('l10_meetings', 'update'))::uuid[])
  or team_id = any ((select private.teams('l10_meetings', 'approve'))::uuid[])
);
create policy l10_meetings_update_through_server on public.l10_meetings
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy l10_meetings_engine_read on public.l10_meetings
  for select to ganger_engine using (true);
create policy l10_meetings_engine_update on public.l10_meetings for update to ganger_engine
  using (true) with check (true);

-- meeting_events ----------------------------------------------------------------------------------

create table public.meeting_events (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  team_id uuid not null,
  location_id uuid,
  meeting_id uuid not null,
  event text not null,
  segment text,
  about_user_id uuid,
  about_id uuid,
  elapsed_ms integer,
  occurred_at timestamptz not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint meeting_events_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint meeting_events_origin_check check (origin_seq is null or device_id is not null),
  constraint meeting_events_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint meeting_events_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint meeting_events_meeting_id_fkey foreign key (meeting_id) references public.l10_meetings (id) deferrable initially immediate,
  constraint meeting_events_event_check check (event in ('segment_started', 'segment_paused',
    'segment_ended', 'presenter_claimed', 'joined', 'left', 'marked_absent', 'drop_down',
    'ratings_revealed')),
  constraint meeting_events_segment_check check (char_length(segment) <= 40),
  constraint meeting_events_about_user_id_fkey foreign key (about_user_id) references public.users (id) deferrable initially immediate,
  constraint meeting_events_elapsed_ms_check check (elapsed_ms between 0 and 2000000000)
);

create index meeting_events_feed_idx on public.meeting_events (row_xid, id);
create index meeting_events_location_id_feed_idx on public.meeting_events (location_id, row_xid, id);
create index meeting_events_team_id_feed_idx on public.meeting_events (team_id, row_xid, id);
create index meeting_events_meeting_id_idx on public.meeting_events (meeting_id);
create index meeting_events_about_user_id_idx on public.meeting_events (about_user_id);
create unique index meeting_events_origin_key on public.meeting_events (device_id, origin_seq)
  where origin_seq is not null;

alter table public.meeting_events enable row level security;
alter table public.meeting_events force row level security;
revoke all on table public.meeting_events from public, anon, authenticated, service_role;
grant select on table public.meeting_events to authenticated;
grant select on table public.meeting_events to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, team_id, location_id, meeting_id, event,
    segment, about_user_id, about_id, elapsed_ms, occurred_at
) on table public.meeting_events to authenticated;

create trigger append_only before update or delete on public.meeting_events
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.meeting_events
  for each statement execute function private.refuse_change();
alter table public.meeting_events enable always trigger append_only;
alter table public.meeting_events enable always trigger append_only_truncate;

create policy meeting_events_read on public.meeting_events for select to authenticated using (
  (select private.reaches_all('meeting_events', 'read'))
  or location_id = any ((select private.sites('meeting_events', 'read'))::uuid[])
  or team_id = any ((select private.teams('meeting_events', 'read'))::uuid[])
);
create policy meeting_events_create on public.meeting_events
  for insert to authenticated with check (
  team_id = any ((select private.teams('meeting_events', 'create'))::uuid[])
);
create policy meeting_events_create_as_oneself on public.meeting_events
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy meeting_events_engine_read on public.meeting_events
  for select to ganger_engine using (true);

-- rocks -------------------------------------------------------------------------------------------

create table public.rocks (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  team_id uuid not null,
  location_id uuid,
  title text not null,
  owner_id uuid not null,
  shared_with jsonb not null,
  quarter text not null,
  due_on date not null,
  priority integer not null,
  definition_of_done text,
  archived boolean not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint rocks_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint rocks_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint rocks_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint rocks_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint rocks_title_check check (char_length(btrim(title)) >= 1 and char_length(title) <= 200),
  constraint rocks_owner_id_fkey foreign key (owner_id) references public.users (id) deferrable initially immediate,
  constraint rocks_quarter_check check (char_length(btrim(quarter)) >= 7 and char_length(quarter) <= 7),
  constraint rocks_priority_check check (priority between 1 and 10),
  constraint rocks_definition_of_done_check check (char_length(definition_of_done) <= 2000),
  constraint rocks_shared_with_shape_check check (jsonb_typeof(shared_with) = 'object')
);

create index rocks_feed_idx on public.rocks (row_xid, id);
create index rocks_location_id_feed_idx on public.rocks (location_id, row_xid, id);
create index rocks_team_id_feed_idx on public.rocks (team_id, row_xid, id);
create index rocks_owner_id_feed_idx on public.rocks (owner_id, row_xid, id);
create index rocks_team_id_quarter_idx on public.rocks (team_id, quarter);

alter table public.rocks enable row level security;
alter table public.rocks force row level security;
revoke all on table public.rocks from public, anon, authenticated, service_role;
grant select on table public.rocks to authenticated;
grant select on table public.rocks to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, team_id, location_id, title, owner_id,
    shared_with, quarter, due_on, priority, definition_of_done, archived, field_by
) on table public.rocks to authenticated;
grant update (
  title, owner_id, shared_with, quarter, due_on, priority, definition_of_done, archived, field_hlc,
    field_by
) on table public.rocks to authenticated;

create trigger sign_fields before insert or update on public.rocks
  for each row execute function private.sign_fields();
create trigger touch before update on public.rocks
  for each row execute function private.touch();

create policy rocks_read on public.rocks for select to authenticated using (
  (select private.reaches_all('rocks', 'read'))
  or location_id = any ((select private.sites('rocks', 'read'))::uuid[])
  or team_id = any ((select private.teams('rocks', 'read'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('rocks', 'read')))
);
create policy rocks_create on public.rocks
  for insert to authenticated with check (
  team_id = any ((select private.teams('rocks', 'create'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('rocks', 'create')))
);
create policy rocks_create_as_oneself on public.rocks
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy rocks_update on public.rocks for update to authenticated using (
  team_id = any ((select private.teams('rocks', 'update'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('rocks', 'update')))
  or team_id = any ((select private.teams('rocks', 'approve'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('rocks', 'approve')))
) with check (
  team_id = any ((select private.teams('rocks', 'update'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('rocks', 'update')))
  or team_id = any ((select private.teams('rocks', 'approve'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('rocks', 'approve')))
);
create policy rocks_update_through_server on public.rocks
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy rocks_engine_read on public.rocks
  for select to ganger_engine using (true);

-- rock_checkins -----------------------------------------------------------------------------------

create table public.rock_checkins (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  team_id uuid not null,
  location_id uuid,
  rock_id uuid not null,
  week_start date not null,
  status text not null,
  by_owner boolean not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint rock_checkins_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint rock_checkins_origin_check check (origin_seq is null or device_id is not null),
  constraint rock_checkins_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint rock_checkins_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint rock_checkins_rock_id_fkey foreign key (rock_id) references public.rocks (id) deferrable initially immediate,
  constraint rock_checkins_status_check check (status in ('on_track', 'off_track', 'done',
    'not_done', 'dropped'))
);

create index rock_checkins_feed_idx on public.rock_checkins (row_xid, id);
create index rock_checkins_location_id_feed_idx on public.rock_checkins (location_id, row_xid, id);
create index rock_checkins_team_id_feed_idx on public.rock_checkins (team_id, row_xid, id);
create index rock_checkins_rock_id_idx on public.rock_checkins (rock_id);
create unique index rock_checkins_origin_key on public.rock_checkins (device_id, origin_seq)
  where origin_seq is not null;

alter table public.rock_checkins enable row level security;
alter table public.rock_checkins force row level security;
revoke all on table public.rock_checkins from public, anon, authenticated, service_role;
grant select on table public.rock_checkins to authenticated;
grant select on table public.rock_checkins to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, team_id, location_id, rock_id,
    week_start, status, by_owner
) on table public.rock_checkins to authenticated;

create trigger append_only before update or delete on public.rock_checkins
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.rock_checkins
  for each statement execute function private.refuse_change();
alter table public.rock_checkins enable always trigger append_only;
alter table public.rock_checkins enable always trigger append_only_truncate;

create policy rock_checkins_read on public.rock_checkins for select to authenticated using (
  (select private.reaches_all('rock_checkins', 'read'))
  or location_id = any ((select private.sites('rock_checkins', 'read'))::uuid[])
  or team_id = any ((select private.teams('rock_checkins', 'read'))::uuid[])
);
create policy rock_checkins_create on public.rock_checkins
  for insert to authenticated with check (
  team_id = any ((select private.teams('rock_checkins', 'create'))::uuid[])
);
create policy rock_checkins_create_as_oneself on public.rock_checkins
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy rock_checkins_engine_read on public.rock_checkins
  for select to ganger_engine using (true);

-- milestones --------------------------------------------------------------------------------------

create table public.milestones (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  team_id uuid not null,
  location_id uuid,
  rock_id uuid not null,
  title text not null,
  due_on date,
  done boolean not null,
  rank text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint milestones_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint milestones_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint milestones_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint milestones_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint milestones_rock_id_fkey foreign key (rock_id) references public.rocks (id) deferrable initially immediate,
  constraint milestones_title_check check (char_length(btrim(title)) >= 1 and char_length(title) <= 200),
  constraint milestones_rank_check check (char_length(btrim(rank)) >= 1 and char_length(rank) <= 60)
);

create index milestones_feed_idx on public.milestones (row_xid, id);
create index milestones_location_id_feed_idx on public.milestones (location_id, row_xid, id);
create index milestones_team_id_feed_idx on public.milestones (team_id, row_xid, id);
create index milestones_rock_id_idx on public.milestones (rock_id);

alter table public.milestones enable row level security;
alter table public.milestones force row level security;
revoke all on table public.milestones from public, anon, authenticated, service_role;
grant select on table public.milestones to authenticated;
grant select on table public.milestones to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, team_id, location_id, rock_id, title, due_on,
    done, rank, field_by
) on table public.milestones to authenticated;
grant update (
  title, due_on, done, rank, field_hlc, field_by
) on table public.milestones to authenticated;

create trigger sign_fields before insert or update on public.milestones
  for each row execute function private.sign_fields();
create trigger touch before update on public.milestones
  for each row execute function private.touch();

create policy milestones_read on public.milestones for select to authenticated using (
  (select private.reaches_all('milestones', 'read'))
  or location_id = any ((select private.sites('milestones', 'read'))::uuid[])
  or team_id = any ((select private.teams('milestones', 'read'))::uuid[])
);
create policy milestones_create on public.milestones
  for insert to authenticated with check (
  team_id = any ((select private.teams('milestones', 'create'))::uuid[])
);
create policy milestones_create_as_oneself on public.milestones
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy milestones_update on public.milestones for update to authenticated using (
  team_id = any ((select private.teams('milestones', 'update'))::uuid[])
  or team_id = any ((select private.teams('milestones', 'approve'))::uuid[])
) with check (
  team_id = any ((select private.teams('milestones', 'update'))::uuid[])
  or team_id = any ((select private.teams('milestones', 'approve'))::uuid[])
);
create policy milestones_update_through_server on public.milestones
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy milestones_engine_read on public.milestones
  for select to ganger_engine using (true);

-- scorecard_metrics -------------------------------------------------------------------------------

create table public.scorecard_metrics (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  team_id uuid not null,
  location_id uuid,
  name text not null,
  owner_id uuid,
  unit text not null,
  period text not null,
  roll_up text not null,
  source text not null,
  rank text not null,
  archived boolean not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint scorecard_metrics_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint scorecard_metrics_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint scorecard_metrics_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint scorecard_metrics_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint scorecard_metrics_name_check check (char_length(btrim(name)) >= 1 and char_length(name) <= 120),
  constraint scorecard_metrics_owner_id_fkey foreign key (owner_id) references public.users (id) deferrable initially immediate,
  constraint scorecard_metrics_unit_check check (unit in ('number', 'percent', 'currency',
    'yes_no')),
  constraint scorecard_metrics_period_check check (period in ('daily', 'weekly', 'monthly')),
  constraint scorecard_metrics_roll_up_check check (roll_up in ('sum', 'avg', 'last')),
  constraint scorecard_metrics_source_check check (char_length(btrim(source)) >= 1 and char_length(source) <= 60),
  constraint scorecard_metrics_rank_check check (char_length(btrim(rank)) >= 1 and char_length(rank) <= 60)
);

create index scorecard_metrics_feed_idx on public.scorecard_metrics (row_xid, id);
create index scorecard_metrics_location_id_feed_idx on public.scorecard_metrics (location_id, row_xid, id);
create index scorecard_metrics_team_id_feed_idx on public.scorecard_metrics (team_id, row_xid, id);
create index scorecard_metrics_owner_id_idx on public.scorecard_metrics (owner_id);

alter table public.scorecard_metrics enable row level security;
alter table public.scorecard_metrics force row level security;
revoke all on table public.scorecard_metrics from public, anon, authenticated, service_role;
grant select on table public.scorecard_metrics to authenticated;
grant select on table public.scorecard_metrics to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, team_id, location_id, name, owner_id, unit,
    period, roll_up, source, rank, archived, field_by
) on table public.scorecard_metrics to authenticated;
grant update (
  name, owner_id, unit, period, roll_up, source, rank, archived, field_hlc, field_by
) on table public.scorecard_metrics to authenticated;

create trigger sign_fields before insert or update on public.scorecard_metrics
  for each row execute function private.sign_fields();
create trigger touch before update on public.scorecard_metrics
  for each row execute function private.touch();

create policy scorecard_metrics_read on public.scorecard_metrics for select to authenticated using (
  (select private.reaches_all('scorecard_metrics', 'read'))
  or location_id = any ((select private.sites('scorecard_metrics', 'read'))::uuid[])
  or team_id = any ((select private.teams('scorecard_metrics', 'read'))::uuid[])
);
create policy scorecard_metrics_create on public.scorecard_metrics
  for insert to authenticated with check (
  team_id = any ((select private.teams('scorecard_metrics', 'create'))::uuid[])
);
create policy scorecard_metrics_create_as_oneself on public.scorecard_metrics
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy scorecard_metrics_update on public.scorecard_metrics for update to authenticated using (
  team_id = any ((select private.teams('scorecard_metrics', 'update'))::uuid[])
  or team_id = any ((select private.teams('scorecard_metrics', 'approve'))::uuid[])
) with check (
  team_id = any ((select private.teams('scorecard_metrics', 'update'))::uuid[])
  or team_id = any ((select private.teams('scorecard_metrics', 'approve'))::uuid[])
);
create policy scorecard_metrics_update_through_server on public.scorecard_metrics
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy scorecard_metrics_engine_read on public.scorecard_metrics
  for select to ganger_engine using (true);

-- scorecard_goals ---------------------------------------------------------------------------------

create table public.scorecard_goals (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  team_id uuid not null,
  location_id uuid,
  metric_id uuid not null,
  effective_from date not null,
  goal_op text not null,
  goal_min bigint,
  goal_max bigint,
  yellow_band_pct integer not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint scorecard_goals_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint scorecard_goals_origin_check check (origin_seq is null or device_id is not null),
  constraint scorecard_goals_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint scorecard_goals_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint scorecard_goals_metric_id_fkey foreign key (metric_id) references public.scorecard_metrics (id) deferrable initially immediate,
  constraint scorecard_goals_goal_op_check check (goal_op in ('gte', 'lte', 'eq', 'between',
    'yes_no')),
  constraint scorecard_goals_goal_min_check check (goal_min between -100000000000 and 100000000000),
  constraint scorecard_goals_goal_max_check check (goal_max between -100000000000 and 100000000000),
  constraint scorecard_goals_yellow_band_pct_check check (yellow_band_pct between 0 and 100)
);

create index scorecard_goals_feed_idx on public.scorecard_goals (row_xid, id);
create index scorecard_goals_location_id_feed_idx on public.scorecard_goals (location_id, row_xid, id);
create index scorecard_goals_team_id_feed_idx on public.scorecard_goals (team_id, row_xid, id);
create index scorecard_goals_metric_id_idx on public.scorecard_goals (metric_id);
create unique index scorecard_goals_origin_key on public.scorecard_goals (device_id, origin_seq)
  where origin_seq is not null;

alter table public.scorecard_goals enable row level security;
alter table public.scorecard_goals force row level security;
revoke all on table public.scorecard_goals from public, anon, authenticated, service_role;
grant select on table public.scorecard_goals to authenticated;
grant select on table public.scorecard_goals to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, team_id, location_id, metric_id,
    effective_from, goal_op, goal_min, goal_max, yellow_band_pct
) on table public.scorecard_goals to authenticated;

create trigger append_only before update or delete on public.scorecard_goals
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.scorecard_goals
  for each statement execute function private.refuse_change();
alter table public.scorecard_goals enable always trigger append_only;
alter table public.scorecard_goals enable always trigger append_only_truncate;

create policy scorecard_goals_read on public.scorecard_goals for select to authenticated using (
  (select private.reaches_all('scorecard_goals', 'read'))
  or location_id = any ((select private.sites('scorecard_goals', 'read'))::uuid[])
  or team_id = any ((select private.teams('scorecard_goals', 'read'))::uuid[])
);
create policy scorecard_goals_create on public.scorecard_goals
  for insert to authenticated with check (
  team_id = any ((select private.teams('scorecard_goals', 'create'))::uuid[])
);
create policy scorecard_goals_create_as_oneself on public.scorecard_goals
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy scorecard_goals_engine_read on public.scorecard_goals
  for select to ganger_engine using (true);

-- scorecard_entries -------------------------------------------------------------------------------

create table public.scorecard_entries (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  team_id uuid not null,
  location_id uuid,
  metric_id uuid not null,
  period_start date not null,
  value bigint,
  note text,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint scorecard_entries_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint scorecard_entries_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint scorecard_entries_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint scorecard_entries_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint scorecard_entries_metric_id_fkey foreign key (metric_id) references public.scorecard_metrics (id) deferrable initially immediate,
  constraint scorecard_entries_value_check check (value between -100000000000 and 100000000000),
  constraint scorecard_entries_note_check check (char_length(note) <= 300),
  constraint scorecard_entries_metric_id_period_start_key unique (metric_id, period_start)
);

create index scorecard_entries_feed_idx on public.scorecard_entries (row_xid, id);
create index scorecard_entries_location_id_feed_idx on public.scorecard_entries (location_id, row_xid, id);
create index scorecard_entries_team_id_feed_idx on public.scorecard_entries (team_id, row_xid, id);

alter table public.scorecard_entries enable row level security;
alter table public.scorecard_entries force row level security;
revoke all on table public.scorecard_entries from public, anon, authenticated, service_role;
grant select on table public.scorecard_entries to authenticated;
grant select on table public.scorecard_entries to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, team_id, location_id, metric_id, period_start,
    value, note, field_by
) on table public.scorecard_entries to authenticated;
grant update (
  value, note, field_hlc, field_by
) on table public.scorecard_entries to authenticated;

create trigger sign_fields before insert or update on public.scorecard_entries
  for each row execute function private.sign_fields();
create trigger touch before update on public.scorecard_entries
  for each row execute function private.touch();

create policy scorecard_entries_read on public.scorecard_entries for select to authenticated using (
  (select private.reaches_all('scorecard_entries', 'read'))
  or location_id = any ((select private.sites('scorecard_entries', 'read'))::uuid[])
  or team_id = any ((select private.teams('scorecard_entries', 'read'))::uuid[])
);
create policy scorecard_entries_create on public.scorecard_entries
  for insert to authenticated with check (
  team_id = any ((select private.teams('scorecard_entries', 'create'))::uuid[])
);
create policy scorecard_entries_create_as_oneself on public.scorecard_entries
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy scorecard_entries_update on public.scorecard_entries for update to authenticated using (
  team_id = any ((select private.teams('scorecard_entries', 'update'))::uuid[])
  or team_id = any ((select private.teams('scorecard_entries', 'approve'))::uuid[])
) with check (
  team_id = any ((select private.teams('scorecard_entries', 'update'))::uuid[])
  or team_id = any ((select private.teams('scorecard_entries', 'approve'))::uuid[])
);
create policy scorecard_entries_update_through_server on public.scorecard_entries
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy scorecard_entries_engine_read on public.scorecard_entries
  for select to ganger_engine using (true);

-- issues ------------------------------------------------------------------------------------------

create table public.issues (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  team_id uuid not null,
  location_id uuid,
  title text not null,
  body text,
  kind text not null,
  horizon text not null,
  owner_id uuid,
  source_table text,
  source_id uuid,
  private boolean not null,
  rank text not null,
  state text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint issues_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint issues_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint issues_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint issues_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint issues_title_check check (char_length(btrim(title)) >= 1 and char_length(title) <= 200),
  constraint issues_body_check check (char_length(body) <= 4000),
  constraint issues_kind_check check (kind in ('obstacle', 'opportunity', 'process', 'people',
    'other')),
  constraint issues_horizon_check check (horizon in ('short', 'long', 'parking')),
  constraint issues_owner_id_fkey foreign key (owner_id) references public.users (id) deferrable initially immediate,
  constraint issues_source_table_check check (char_length(source_table) <= 63),
  constraint issues_rank_check check (char_length(btrim(rank)) >= 1 and char_length(rank) <= 60),
  constraint issues_state_check check (state in ('open', 'discussing', 'solved', 'dropped',
    'moved'))
);

create index issues_feed_idx on public.issues (row_xid, id);
create index issues_location_id_feed_idx on public.issues (location_id, row_xid, id);
create index issues_team_id_feed_idx on public.issues (team_id, row_xid, id);
create index issues_owner_id_feed_idx on public.issues (owner_id, row_xid, id);
create index issues_team_id_state_idx on public.issues (team_id, state);

alter table public.issues enable row level security;
alter table public.issues force row level security;
revoke all on table public.issues from public, anon, authenticated, service_role;
grant select on table public.issues to authenticated;
grant select on table public.issues to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, team_id, location_id, title, body, kind,
    horizon, owner_id, source_table, source_id, private, rank, state, field_by
) on table public.issues to authenticated;
grant update (
  title, body, kind, horizon, rank, state, field_hlc, field_by
) on table public.issues to authenticated;
grant update (
  state, field_hlc, field_by
) on table public.issues to ganger_engine;

create trigger guard_state before insert or update of state on public.issues
  for each row execute function private.guard_state();
create trigger sign_fields before insert or update on public.issues
  for each row execute function private.sign_fields();
create trigger touch before update on public.issues
  for each row execute function private.touch();

create policy issues_read on public.issues for select to authenticated using (
  team_id = any ((select private.teams('issues', 'read'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('issues', 'read')))
  or private::text in (select l.value from private.limited_values('issues', 'read', 'private') l where l.place = '*')
  or (private::text, location_id::text) in (select l.value, l.place from private.limited_values('issues', 'read', 'private') l)
  or (private::text, team_id::text) in (select l.value, l.place from private.limited_values('issues', 'read', 'private') l)
);
create policy issues_create on public.issues
  for insert to authenticated with check (
  team_id = any ((select private.teams('issues', 'create'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('issues', 'create')))
);
create policy issues_create_as_oneself on public.issues
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy issues_update on public.issues for update to authenticated using (
  team_id = any ((select private.teams('issues', 'update'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('issues', 'update')))
  or private::text in (select l.value from private.limited_values('issues', 'update', 'private') l where l.place = '*')
  or (private::text, location_id::text) in (select l.value, l.place from private.limited_values('issues', 'update', 'private') l)
  or (private::text, team_id::text) in (select l.value, l.place from private.limited_values('issues', 'update', 'private') l)
  or team_id = any ((select private.teams('issues', 'approve'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('issues', 'approve')))
) with check (
  team_id = any ((select private.teams('issues', 'update'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('issues', 'update')))
  or '~' in (select l.value from private.limited_values('issues', 'update', 'private') l where l.place = '*')
  or ('~', location_id::text) in (select l.value, l.place from private.limited_values('issues', 'update', 'private') l)
  or ('~', team_id::text) in (select l.value, l.place from private.limited_values('issues', 'update', 'private') l)
  or team_id = any ((select private.teams('issues', 'approve'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('issues', 'approve')))
);
create policy issues_update_through_server on public.issues
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy issues_engine_read on public.issues
  for select to ganger_engine using (true);
create policy issues_engine_update on public.issues for update to ganger_engine
  using (true) with check (true);

-- issue_votes -------------------------------------------------------------------------------------

create table public.issue_votes (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  team_id uuid not null,
  location_id uuid,
  issue_id uuid not null,
  user_id uuid not null,
  round integer not null,
  vote jsonb not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint issue_votes_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint issue_votes_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint issue_votes_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint issue_votes_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint issue_votes_issue_id_fkey foreign key (issue_id) references public.issues (id) deferrable initially immediate,
  constraint issue_votes_user_id_fkey foreign key (user_id) references public.users (id) deferrable initially immediate,
  constraint issue_votes_round_check check (round between 1 and 99),
  constraint issue_votes_vote_shape_check check (jsonb_typeof(vote) = 'object'),
  constraint issue_votes_issue_id_user_id_round_key unique (issue_id, user_id, round)
);

create index issue_votes_feed_idx on public.issue_votes (row_xid, id);
create index issue_votes_location_id_feed_idx on public.issue_votes (location_id, row_xid, id);
create index issue_votes_team_id_feed_idx on public.issue_votes (team_id, row_xid, id);
create index issue_votes_user_id_feed_idx on public.issue_votes (user_id, row_xid, id);

alter table public.issue_votes enable row level security;
alter table public.issue_votes force row level security;
revoke all on table public.issue_votes from public, anon, authenticated, service_role;
grant select on table public.issue_votes to authenticated;
grant select on table public.issue_votes to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, team_id, location_id, issue_id, user_id, round,
    vote, field_by
) on table public.issue_votes to authenticated;
grant update (
  vote, field_hlc, field_by
) on table public.issue_votes to authenticated;

create trigger sign_fields before insert or update on public.issue_votes
  for each row execute function private.sign_fields();
create trigger touch before update on public.issue_votes
  for each row execute function private.touch();

create policy issue_votes_read on public.issue_votes for select to authenticated using (
  (select private.reaches_all('issue_votes', 'read'))
  or location_id = any ((select private.sites('issue_votes', 'read'))::uuid[])
  or team_id = any ((select private.teams('issue_votes', 'read'))::uuid[])
  or (user_id = (select auth.uid()) and (select private.reaches_own('issue_votes', 'read')))
);
create policy issue_votes_create on public.issue_votes
  for insert to authenticated with check (
  team_id = any ((select private.teams('issue_votes', 'create'))::uuid[])
  or (user_id = (select auth.uid()) and (select private.reaches_own('issue_votes', 'create')))
);
create policy issue_votes_create_as_oneself on public.issue_votes
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and user_id = (select auth.uid()));
create policy issue_votes_update on public.issue_votes for update to authenticated using (
  (user_id = (select auth.uid()) and (select private.reaches_own('issue_votes', 'update')))
) with check (
  (user_id = (select auth.uid()) and (select private.reaches_own('issue_votes', 'update')))
);
create policy issue_votes_update_through_server on public.issue_votes
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy issue_votes_engine_read on public.issue_votes
  for select to ganger_engine using (true);

-- issue_resolutions -------------------------------------------------------------------------------

create table public.issue_resolutions (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  team_id uuid not null,
  location_id uuid,
  issue_id uuid not null,
  meeting_id uuid,
  outcome text not null,
  moved_to_team_id uuid,
  note text,
  private boolean not null,
  local_date date not null,
  lines jsonb not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint issue_resolutions_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint issue_resolutions_origin_check check (origin_seq is null or device_id is not null),
  constraint issue_resolutions_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint issue_resolutions_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint issue_resolutions_issue_id_fkey foreign key (issue_id) references public.issues (id) deferrable initially immediate,
  constraint issue_resolutions_meeting_id_fkey foreign key (meeting_id) references public.l10_meetings (id) deferrable initially immediate,
  constraint issue_resolutions_outcome_check check (outcome in ('solved', 'dropped', 'moved')),
  constraint issue_resolutions_moved_to_team_id_fkey foreign key (moved_to_team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint issue_resolutions_note_check check (char_length(note) <= 1000),
  constraint issue_resolutions_lines_shape_check check (case jsonb_typeof(lines) when 'array' then jsonb_array_length(lines) between 0 and 20 else lines is null end)
);

create index issue_resolutions_feed_idx on public.issue_resolutions (row_xid, id);
create index issue_resolutions_location_id_feed_idx on public.issue_resolutions (location_id, row_xid, id);
create index issue_resolutions_team_id_feed_idx on public.issue_resolutions (team_id, row_xid, id);
create index issue_resolutions_created_by_feed_idx on public.issue_resolutions (created_by, row_xid, id);
create index issue_resolutions_issue_id_idx on public.issue_resolutions (issue_id);
create index issue_resolutions_meeting_id_idx on public.issue_resolutions (meeting_id);
create index issue_resolutions_moved_to_team_id_idx on public.issue_resolutions (moved_to_team_id);
create unique index issue_resolutions_origin_key on public.issue_resolutions (device_id, origin_seq)
  where origin_seq is not null;

alter table public.issue_resolutions enable row level security;
alter table public.issue_resolutions force row level security;
revoke all on table public.issue_resolutions from public, anon, authenticated, service_role;
grant select on table public.issue_resolutions to authenticated;
grant select on table public.issue_resolutions to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, team_id, location_id, issue_id,
    meeting_id, outcome, moved_to_team_id, note, private, local_date, lines
) on table public.issue_resolutions to authenticated;

create trigger append_only before update or delete on public.issue_resolutions
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.issue_resolutions
  for each statement execute function private.refuse_change();
alter table public.issue_resolutions enable always trigger append_only;
alter table public.issue_resolutions enable always trigger append_only_truncate;

create policy issue_resolutions_read on public.issue_resolutions for select to authenticated using (
  team_id = any ((select private.teams('issue_resolutions', 'read'))::uuid[])
  or (created_by = (select auth.uid()) and (select private.reaches_own('issue_resolutions', 'read')))
  or private::text in (select l.value from private.limited_values('issue_resolutions', 'read', 'private') l where l.place = '*')
  or (private::text, location_id::text) in (select l.value, l.place from private.limited_values('issue_resolutions', 'read', 'private') l)
  or (private::text, team_id::text) in (select l.value, l.place from private.limited_values('issue_resolutions', 'read', 'private') l)
);
create policy issue_resolutions_create on public.issue_resolutions
  for insert to authenticated with check (
  team_id = any ((select private.teams('issue_resolutions', 'create'))::uuid[])
  or (created_by = (select auth.uid()) and (select private.reaches_own('issue_resolutions', 'create')))
);
create policy issue_resolutions_create_as_oneself on public.issue_resolutions
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy issue_resolutions_engine_read on public.issue_resolutions
  for select to ganger_engine using (true);

-- todos -------------------------------------------------------------------------------------------

create table public.todos (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  team_id uuid not null,
  location_id uuid,
  title text not null,
  owner_id uuid not null,
  due_on date not null,
  state text not null,
  origin_table text,
  origin_id uuid,
  group_id uuid,
  week_created date not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint todos_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint todos_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint todos_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint todos_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint todos_title_check check (char_length(btrim(title)) >= 1 and char_length(title) <= 200),
  constraint todos_owner_id_fkey foreign key (owner_id) references public.users (id) deferrable initially immediate,
  constraint todos_state_check check (state in ('open', 'done', 'dropped')),
  constraint todos_origin_table_check check (char_length(origin_table) <= 63)
);

create index todos_feed_idx on public.todos (row_xid, id);
create index todos_location_id_feed_idx on public.todos (location_id, row_xid, id);
create index todos_team_id_feed_idx on public.todos (team_id, row_xid, id);
create index todos_owner_id_feed_idx on public.todos (owner_id, row_xid, id);

alter table public.todos enable row level security;
alter table public.todos force row level security;
revoke all on table public.todos from public, anon, authenticated, service_role;
grant select on table public.todos to authenticated;
grant select on table public.todos to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, team_id, location_id, title, owner_id, due_on,
    state, origin_table, origin_id, group_id, week_created, field_by
) on table public.todos to authenticated;
grant update (
  title, owner_id, due_on, state, field_hlc, field_by
) on table public.todos to authenticated;
grant insert (
  id, created_at, created_by, device_id, field_hlc, team_id, location_id, title, owner_id, due_on,
    state, origin_table, origin_id, group_id, week_created, field_by
) on table public.todos to ganger_engine;
grant update (
  state, field_hlc, field_by
) on table public.todos to ganger_engine;

create trigger guard_state before insert or update of state on public.todos
  for each row execute function private.guard_state();
create trigger sign_fields before insert or update on public.todos
  for each row execute function private.sign_fields();
create trigger touch before update on public.todos
  for each row execute function private.touch();

create policy todos_read on public.todos for select to authenticated using (
  (select private.reaches_all('todos', 'read'))
  or location_id = any ((select private.sites('todos', 'read'))::uuid[])
  or team_id = any ((select private.teams('todos', 'read'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('todos', 'read')))
);
create policy todos_create on public.todos
  for insert to authenticated with check (
  team_id = any ((select private.teams('todos', 'create'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('todos', 'create')))
);
create policy todos_create_as_oneself on public.todos
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy todos_update on public.todos for update to authenticated using (
  team_id = any ((select private.teams('todos', 'update'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('todos', 'update')))
  or team_id = any ((select private.teams('todos', 'approve'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('todos', 'approve')))
) with check (
  team_id = any ((select private.teams('todos', 'update'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('todos', 'update')))
  or team_id = any ((select private.teams('todos', 'approve'))::uuid[])
  or (owner_id = (select auth.uid()) and (select private.reaches_own('todos', 'approve')))
);
create policy todos_update_through_server on public.todos
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy todos_engine_read on public.todos
  for select to ganger_engine using (true);
create policy todos_engine_create on public.todos
  for insert to ganger_engine with check (true);
create policy todos_engine_update on public.todos for update to ganger_engine
  using (true) with check (true);

-- headlines ---------------------------------------------------------------------------------------

create table public.headlines (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  team_id uuid not null,
  location_id uuid,
  author_id uuid not null,
  about text not null,
  good boolean not null,
  body text not null,
  local_date date not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint headlines_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint headlines_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint headlines_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint headlines_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint headlines_author_id_fkey foreign key (author_id) references public.users (id) deferrable initially immediate,
  constraint headlines_about_check check (about in ('customer', 'employee')),
  constraint headlines_body_check check (char_length(btrim(body)) >= 1 and char_length(body) <= 300)
);

create index headlines_feed_idx on public.headlines (row_xid, id);
create index headlines_location_id_feed_idx on public.headlines (location_id, row_xid, id);
create index headlines_team_id_feed_idx on public.headlines (team_id, row_xid, id);
create index headlines_author_id_idx on public.headlines (author_id);

alter table public.headlines enable row level security;
alter table public.headlines force row level security;
revoke all on table public.headlines from public, anon, authenticated, service_role;
grant select on table public.headlines to authenticated;
grant select on table public.headlines to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, team_id, location_id, author_id, about, good,
    body, local_date, field_by
) on table public.headlines to authenticated;
grant update (
  about, good, body, field_hlc, field_by
) on table public.headlines to authenticated;

create trigger sign_fields before insert or update on public.headlines
  for each row execute function private.sign_fields();
create trigger touch before update on public.headlines
  for each row execute function private.touch();

create policy headlines_read on public.headlines for select to authenticated using (
  (select private.reaches_all('headlines', 'read'))
  or location_id = any ((select private.sites('headlines', 'read'))::uuid[])
  or team_id = any ((select private.teams('headlines', 'read'))::uuid[])
);
create policy headlines_create on public.headlines
  for insert to authenticated with check (
  team_id = any ((select private.teams('headlines', 'create'))::uuid[])
);
create policy headlines_create_as_oneself on public.headlines
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and author_id = (select auth.uid()));
create policy headlines_update on public.headlines for update to authenticated using (
  team_id = any ((select private.teams('headlines', 'update'))::uuid[])
  or team_id = any ((select private.teams('headlines', 'approve'))::uuid[])
) with check (
  team_id = any ((select private.teams('headlines', 'update'))::uuid[])
  or team_id = any ((select private.teams('headlines', 'approve'))::uuid[])
);
create policy headlines_update_through_server on public.headlines
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy headlines_engine_read on public.headlines
  for select to ganger_engine using (true);

-- cascading_messages ------------------------------------------------------------------------------

create table public.cascading_messages (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  team_id uuid not null,
  from_team_id uuid not null,
  location_id uuid,
  meeting_id uuid,
  body text not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint cascading_messages_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint cascading_messages_origin_check check (origin_seq is null or device_id is not null),
  constraint cascading_messages_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint cascading_messages_from_team_id_fkey foreign key (from_team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint cascading_messages_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint cascading_messages_meeting_id_fkey foreign key (meeting_id) references public.l10_meetings (id) deferrable initially immediate,
  constraint cascading_messages_body_check check (char_length(btrim(body)) >= 1 and char_length(body) <= 500)
);

create index cascading_messages_feed_idx on public.cascading_messages (row_xid, id);
create index cascading_messages_location_id_feed_idx on public.cascading_messages (location_id, row_xid, id);
create index cascading_messages_team_id_feed_idx on public.cascading_messages (team_id, row_xid, id);
create index cascading_messages_created_by_feed_idx on public.cascading_messages (created_by, row_xid, id);
create index cascading_messages_from_team_id_idx on public.cascading_messages (from_team_id);
create index cascading_messages_meeting_id_idx on public.cascading_messages (meeting_id);
create unique index cascading_messages_origin_key on public.cascading_messages (device_id, origin_seq)
  where origin_seq is not null;

alter table public.cascading_messages enable row level security;
alter table public.cascading_messages force row level security;
revoke all on table public.cascading_messages from public, anon, authenticated, service_role;
grant select on table public.cascading_messages to authenticated;
grant select on table public.cascading_messages to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, team_id, from_team_id, location_id,
    meeting_id, body
) on table public.cascading_messages to authenticated;

create trigger append_only before update or delete on public.cascading_messages
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.cascading_messages
  for each statement execute function private.refuse_change();
alter table public.cascading_messages enable always trigger append_only;
alter table public.cascading_messages enable always trigger append_only_truncate;

create policy cascading_messages_read on public.cascading_messages for select to authenticated using (
  (select private.reaches_all('cascading_messages', 'read'))
  or location_id = any ((select private.sites('cascading_messages', 'read'))::uuid[])
  or team_id = any ((select private.teams('cascading_messages', 'read'))::uuid[])
  or (created_by = (select auth.uid()) and (select private.reaches_own('cascading_messages', 'read')))
);
create policy cascading_messages_create on public.cascading_messages
  for insert to authenticated with check (
  team_id = any ((select private.teams('cascading_messages', 'create'))::uuid[])
  or (created_by = (select auth.uid()) and (select private.reaches_own('cascading_messages', 'create')))
);
create policy cascading_messages_create_as_oneself on public.cascading_messages
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy cascading_messages_engine_read on public.cascading_messages
  for select to ganger_engine using (true);

-- cascading_acks ----------------------------------------------------------------------------------

create table public.cascading_acks (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  team_id uuid not null,
  location_id uuid,
  message_id uuid not null,
  user_id uuid not null,
  ack jsonb not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint cascading_acks_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint cascading_acks_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint cascading_acks_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint cascading_acks_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint cascading_acks_message_id_fkey foreign key (message_id) references public.cascading_messages (id) deferrable initially immediate,
  constraint cascading_acks_user_id_fkey foreign key (user_id) references public.users (id) deferrable initially immediate,
  constraint cascading_acks_ack_shape_check check (jsonb_typeof(ack) = 'object'),
  constraint cascading_acks_message_id_user_id_key unique (message_id, user_id)
);

create index cascading_acks_feed_idx on public.cascading_acks (row_xid, id);
create index cascading_acks_location_id_feed_idx on public.cascading_acks (location_id, row_xid, id);
create index cascading_acks_team_id_feed_idx on public.cascading_acks (team_id, row_xid, id);
create index cascading_acks_user_id_feed_idx on public.cascading_acks (user_id, row_xid, id);

alter table public.cascading_acks enable row level security;
alter table public.cascading_acks force row level security;
revoke all on table public.cascading_acks from public, anon, authenticated, service_role;
grant select on table public.cascading_acks to authenticated;
grant select on table public.cascading_acks to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, team_id, location_id, message_id, user_id, ack,
    field_by
) on table public.cascading_acks to authenticated;
grant update (
  ack, field_hlc, field_by
) on table public.cascading_acks to authenticated;

create trigger sign_fields before insert or update on public.cascading_acks
  for each row execute function private.sign_fields();
create trigger touch before update on public.cascading_acks
  for each row execute function private.touch();

create policy cascading_acks_read on public.cascading_acks for select to authenticated using (
  (select private.reaches_all('cascading_acks', 'read'))
  or location_id = any ((select private.sites('cascading_acks', 'read'))::uuid[])
  or team_id = any ((select private.teams('cascading_acks', 'read'))::uuid[])
  or (user_id = (select auth.uid()) and (select private.reaches_own('cascading_acks', 'read')))
);
create policy cascading_acks_create on public.cascading_acks
  for insert to authenticated with check (
  team_id = any ((select private.teams('cascading_acks', 'create'))::uuid[])
  or (user_id = (select auth.uid()) and (select private.reaches_own('cascading_acks', 'create')))
);
create policy cascading_acks_create_as_oneself on public.cascading_acks
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and user_id = (select auth.uid()));
create policy cascading_acks_update on public.cascading_acks for update to authenticated using (
  (user_id = (select auth.uid()) and (select private.reaches_own('cascading_acks', 'update')))
) with check (
  (user_id = (select auth.uid()) and (select private.reaches_own('cascading_acks', 'update')))
);
create policy cascading_acks_update_through_server on public.cascading_acks
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy cascading_acks_engine_read on public.cascading_acks
  for select to ganger_engine using (true);

-- meeting_ratings ---------------------------------------------------------------------------------

create table public.meeting_ratings (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  team_id uuid not null,
  location_id uuid,
  meeting_id uuid not null,
  user_id uuid not null,
  rating integer not null,
  reason text,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint meeting_ratings_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint meeting_ratings_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint meeting_ratings_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint meeting_ratings_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint meeting_ratings_meeting_id_fkey foreign key (meeting_id) references public.l10_meetings (id) deferrable initially immediate,
  constraint meeting_ratings_user_id_fkey foreign key (user_id) references public.users (id) deferrable initially immediate,
  constraint meeting_ratings_rating_check check (rating between 1 and 10),
  constraint meeting_ratings_reason_check check (char_length(reason) <= 300),
  constraint meeting_ratings_meeting_id_user_id_key unique (meeting_id, user_id)
);

create index meeting_ratings_feed_idx on public.meeting_ratings (row_xid, id);
create index meeting_ratings_location_id_feed_idx on public.meeting_ratings (location_id, row_xid, id);
create index meeting_ratings_team_id_feed_idx on public.meeting_ratings (team_id, row_xid, id);
create index meeting_ratings_user_id_feed_idx on public.meeting_ratings (user_id, row_xid, id);

alter table public.meeting_ratings enable row level security;
alter table public.meeting_ratings force row level security;
revoke all on table public.meeting_ratings from public, anon, authenticated, service_role;
grant select on table public.meeting_ratings to authenticated;
grant select on table public.meeting_ratings to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, team_id, location_id, meeting_id, user_id,
    rating, reason, field_by
) on table public.meeting_ratings to authenticated;
grant update (
  rating, reason, field_hlc, field_by
) on table public.meeting_ratings to authenticated;

create trigger sign_fields before insert or update on public.meeting_ratings
  for each row execute function private.sign_fields();
create trigger touch before update on public.meeting_ratings
  for each row execute function private.touch();

create policy meeting_ratings_read on public.meeting_ratings for select to authenticated using (
  (select private.reaches_all('meeting_ratings', 'read'))
  or location_id = any ((select private.sites('meeting_ratings', 'read'))::uuid[])
  or team_id = any ((select private.teams('meeting_ratings', 'read'))::uuid[])
  or (user_id = (select auth.uid()) and (select private.reaches_own('meeting_ratings', 'read')))
);
create policy meeting_ratings_create on public.meeting_ratings
  for insert to authenticated with check (
  team_id = any ((select private.teams('meeting_ratings', 'create'))::uuid[])
  or (user_id = (select auth.uid()) and (select private.reaches_own('meeting_ratings', 'create')))
);
create policy meeting_ratings_create_as_oneself on public.meeting_ratings
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid())
    and user_id = (select auth.uid()));
create policy meeting_ratings_update on public.meeting_ratings for update to authenticated using (
  (user_id = (select auth.uid()) and (select private.reaches_own('meeting_ratings', 'update')))
) with check (
  (user_id = (select auth.uid()) and (select private.reaches_own('meeting_ratings', 'update')))
);
create policy meeting_ratings_update_through_server on public.meeting_ratings
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy meeting_ratings_engine_read on public.meeting_ratings
  for select to ganger_engine using (true);

-- meeting_notes -----------------------------------------------------------------------------------

create table public.meeting_notes (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  team_id uuid not null,
  location_id uuid,
  meeting_id uuid not null,
  segment text not null,
  notes text not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint meeting_notes_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint meeting_notes_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint meeting_notes_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint meeting_notes_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint meeting_notes_meeting_id_fkey foreign key (meeting_id) references public.l10_meetings (id) deferrable initially immediate,
  constraint meeting_notes_segment_check check (char_length(btrim(segment)) >= 1 and char_length(segment) <= 40),
  constraint meeting_notes_notes_check check (char_length(notes) <= 700000),
  constraint meeting_notes_meeting_id_segment_key unique (meeting_id, segment)
);

create index meeting_notes_feed_idx on public.meeting_notes (row_xid, id);
create index meeting_notes_location_id_feed_idx on public.meeting_notes (location_id, row_xid, id);
create index meeting_notes_team_id_feed_idx on public.meeting_notes (team_id, row_xid, id);

alter table public.meeting_notes enable row level security;
alter table public.meeting_notes force row level security;
revoke all on table public.meeting_notes from public, anon, authenticated, service_role;
grant select on table public.meeting_notes to authenticated;
grant select on table public.meeting_notes to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, team_id, location_id, meeting_id, segment,
    notes, field_by
) on table public.meeting_notes to authenticated;
grant update (
  notes, field_hlc, field_by
) on table public.meeting_notes to authenticated;

create trigger sign_fields before insert or update on public.meeting_notes
  for each row execute function private.sign_fields();
create trigger touch before update on public.meeting_notes
  for each row execute function private.touch();

create policy meeting_notes_read on public.meeting_notes for select to authenticated using (
  (select private.reaches_all('meeting_notes', 'read'))
  or location_id = any ((select private.sites('meeting_notes', 'read'))::uuid[])
  or team_id = any ((select private.teams('meeting_notes', 'read'))::uuid[])
);
create policy meeting_notes_create on public.meeting_notes
  for insert to authenticated with check (
  team_id = any ((select private.teams('meeting_notes', 'create'))::uuid[])
);
create policy meeting_notes_create_as_oneself on public.meeting_notes
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy meeting_notes_update on public.meeting_notes for update to authenticated using (
  team_id = any ((select private.teams('meeting_notes', 'update'))::uuid[])
  or team_id = any ((select private.teams('meeting_notes', 'approve'))::uuid[])
) with check (
  team_id = any ((select private.teams('meeting_notes', 'update'))::uuid[])
  or team_id = any ((select private.teams('meeting_notes', 'approve'))::uuid[])
);
create policy meeting_notes_update_through_server on public.meeting_notes
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy meeting_notes_engine_read on public.meeting_notes
  for select to ganger_engine using (true);

-- vto_versions ------------------------------------------------------------------------------------

create table public.vto_versions (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  team_id uuid not null,
  location_id uuid,
  body jsonb not null,
  agreed_on date not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint vto_versions_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint vto_versions_origin_check check (origin_seq is null or device_id is not null),
  constraint vto_versions_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint vto_versions_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint vto_versions_body_shape_check check (jsonb_typeof(body) = 'object')
);

create index vto_versions_feed_idx on public.vto_versions (row_xid, id);
create index vto_versions_location_id_feed_idx on public.vto_versions (location_id, row_xid, id);
create index vto_versions_team_id_feed_idx on public.vto_versions (team_id, row_xid, id);
create unique index vto_versions_origin_key on public.vto_versions (device_id, origin_seq)
  where origin_seq is not null;

alter table public.vto_versions enable row level security;
alter table public.vto_versions force row level security;
revoke all on table public.vto_versions from public, anon, authenticated, service_role;
grant select on table public.vto_versions to authenticated;
grant select on table public.vto_versions to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, team_id, location_id, body, agreed_on
) on table public.vto_versions to authenticated;

create trigger append_only before update or delete on public.vto_versions
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.vto_versions
  for each statement execute function private.refuse_change();
alter table public.vto_versions enable always trigger append_only;
alter table public.vto_versions enable always trigger append_only_truncate;

create policy vto_versions_read on public.vto_versions for select to authenticated using (
  (select private.reaches_all('vto_versions', 'read'))
  or location_id = any ((select private.sites('vto_versions', 'read'))::uuid[])
  or team_id = any ((select private.teams('vto_versions', 'read'))::uuid[])
);
create policy vto_versions_create on public.vto_versions
  for insert to authenticated with check (
  team_id = any ((select private.teams('vto_versions', 'create'))::uuid[])
);
create policy vto_versions_create_as_oneself on public.vto_versions
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy vto_versions_engine_read on public.vto_versions
  for select to ganger_engine using (true);

-- vto_drafts --------------------------------------------------------------------------------------

create table public.vto_drafts (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  field_hlc jsonb not null default '{}',
  team_id uuid not null,
  location_id uuid,
  section text not null,
  body jsonb not null,
  field_by jsonb not null default '{}',
  deleted_at timestamptz,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint vto_drafts_field_hlc_check check (jsonb_typeof(field_hlc) = 'object'),
  constraint vto_drafts_field_by_check check (jsonb_typeof(field_by) = 'object'),
  constraint vto_drafts_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint vto_drafts_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint vto_drafts_section_check check (char_length(btrim(section)) >= 1 and char_length(section) <= 60),
  constraint vto_drafts_team_id_section_key unique (team_id, section)
);

create index vto_drafts_feed_idx on public.vto_drafts (row_xid, id);
create index vto_drafts_location_id_feed_idx on public.vto_drafts (location_id, row_xid, id);
create index vto_drafts_team_id_feed_idx on public.vto_drafts (team_id, row_xid, id);

alter table public.vto_drafts enable row level security;
alter table public.vto_drafts force row level security;
revoke all on table public.vto_drafts from public, anon, authenticated, service_role;
grant select on table public.vto_drafts to authenticated;
grant select on table public.vto_drafts to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, field_hlc, team_id, location_id, section, body, field_by
) on table public.vto_drafts to authenticated;
grant update (
  body, field_hlc, field_by
) on table public.vto_drafts to authenticated;

create trigger sign_fields before insert or update on public.vto_drafts
  for each row execute function private.sign_fields();
create trigger touch before update on public.vto_drafts
  for each row execute function private.touch();

create policy vto_drafts_read on public.vto_drafts for select to authenticated using (
  (select private.reaches_all('vto_drafts', 'read'))
  or location_id = any ((select private.sites('vto_drafts', 'read'))::uuid[])
  or team_id = any ((select private.teams('vto_drafts', 'read'))::uuid[])
);
create policy vto_drafts_create on public.vto_drafts
  for insert to authenticated with check (
  team_id = any ((select private.teams('vto_drafts', 'create'))::uuid[])
);
create policy vto_drafts_create_as_oneself on public.vto_drafts
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy vto_drafts_update on public.vto_drafts for update to authenticated using (
  team_id = any ((select private.teams('vto_drafts', 'update'))::uuid[])
  or team_id = any ((select private.teams('vto_drafts', 'approve'))::uuid[])
) with check (
  team_id = any ((select private.teams('vto_drafts', 'update'))::uuid[])
  or team_id = any ((select private.teams('vto_drafts', 'approve'))::uuid[])
);
create policy vto_drafts_update_through_server on public.vto_drafts
  as restrictive for update to authenticated
  using (session_user = 'ganger_sync');
create policy vto_drafts_engine_read on public.vto_drafts
  for select to ganger_engine using (true);

-- comments ----------------------------------------------------------------------------------------

create table public.comments (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  team_id uuid not null,
  location_id uuid,
  about_table text not null,
  about_id uuid not null,
  private boolean not null,
  body text not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint comments_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint comments_origin_check check (origin_seq is null or device_id is not null),
  constraint comments_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint comments_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint comments_about_table_check check (about_table in ('rocks', 'issues', 'todos',
    'headlines', 'scorecard_metrics')),
  constraint comments_body_check check (char_length(btrim(body)) >= 1 and char_length(body) <= 2000)
);

create index comments_feed_idx on public.comments (row_xid, id);
create index comments_location_id_feed_idx on public.comments (location_id, row_xid, id);
create index comments_team_id_feed_idx on public.comments (team_id, row_xid, id);
create index comments_created_by_feed_idx on public.comments (created_by, row_xid, id);
create index comments_about_id_idx on public.comments (about_id);
create unique index comments_origin_key on public.comments (device_id, origin_seq)
  where origin_seq is not null;

alter table public.comments enable row level security;
alter table public.comments force row level security;
revoke all on table public.comments from public, anon, authenticated, service_role;
grant select on table public.comments to authenticated;
grant select on table public.comments to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, team_id, location_id, about_table,
    about_id, private, body
) on table public.comments to authenticated;

create trigger append_only before update or delete on public.comments
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.comments
  for each statement execute function private.refuse_change();
alter table public.comments enable always trigger append_only;
alter table public.comments enable always trigger append_only_truncate;

create policy comments_read on public.comments for select to authenticated using (
  team_id = any ((select private.teams('comments', 'read'))::uuid[])
  or (created_by = (select auth.uid()) and (select private.reaches_own('comments', 'read')))
  or private::text in (select l.value from private.limited_values('comments', 'read', 'private') l where l.place = '*')
  or (private::text, location_id::text) in (select l.value, l.place from private.limited_values('comments', 'read', 'private') l)
  or (private::text, team_id::text) in (select l.value, l.place from private.limited_values('comments', 'read', 'private') l)
);
create policy comments_create on public.comments
  for insert to authenticated with check (
  team_id = any ((select private.teams('comments', 'create'))::uuid[])
  or (created_by = (select auth.uid()) and (select private.reaches_own('comments', 'create')))
);
create policy comments_create_as_oneself on public.comments
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy comments_engine_read on public.comments
  for select to ganger_engine using (true);

-- text_redactions ---------------------------------------------------------------------------------

create table public.text_redactions (
  id uuid primary key,
  created_at timestamptz not null default now(),
  created_by uuid,
  device_id uuid,
  hlc text collate "C" not null,
  origin_seq bigint,
  team_id uuid not null,
  location_id uuid,
  about_table text not null,
  about_id uuid not null,
  field text not null,
  reason text not null,
  row_xid xid8 not null default pg_current_xact_id(),
  row_version bigint not null default 1,
  recorded_at timestamptz not null default now(),
  schema_version integer not null default 1,
  constraint text_redactions_hlc_check check (hlc ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  constraint text_redactions_origin_check check (origin_seq is null or device_id is not null),
  constraint text_redactions_team_id_fkey foreign key (team_id) references public.eos_teams (id) deferrable initially immediate,
  constraint text_redactions_location_id_fkey foreign key (location_id) references public.locations (id) deferrable initially immediate,
  constraint text_redactions_about_table_check check (char_length(btrim(about_table)) >= 1 and char_length(about_table) <= 63),
  constraint text_redactions_field_check check (char_length(btrim(field)) >= 1 and char_length(field) <= 63),
  constraint text_redactions_reason_check check (char_length(btrim(reason)) >= 1 and char_length(reason) <= 300)
);

create index text_redactions_feed_idx on public.text_redactions (row_xid, id);
create index text_redactions_location_id_feed_idx on public.text_redactions (location_id, row_xid, id);
create index text_redactions_team_id_feed_idx on public.text_redactions (team_id, row_xid, id);
create unique index text_redactions_origin_key on public.text_redactions (device_id, origin_seq)
  where origin_seq is not null;

alter table public.text_redactions enable row level security;
alter table public.text_redactions force row level security;
revoke all on table public.text_redactions from public, anon, authenticated, service_role;
grant select on table public.text_redactions to authenticated;
grant select on table public.text_redactions to ganger_engine;
grant insert (
  id, created_at, created_by, device_id, hlc, origin_seq, team_id, location_id, about_table,
    about_id, field, reason
) on table public.text_redactions to authenticated;

create trigger append_only before update or delete on public.text_redactions
  for each statement execute function private.refuse_change();
create trigger append_only_truncate before truncate on public.text_redactions
  for each statement execute function private.refuse_change();
alter table public.text_redactions enable always trigger append_only;
alter table public.text_redactions enable always trigger append_only_truncate;

create policy text_redactions_read on public.text_redactions for select to authenticated using (
  (select private.reaches_all('text_redactions', 'read'))
  or location_id = any ((select private.sites('text_redactions', 'read'))::uuid[])
  or team_id = any ((select private.teams('text_redactions', 'read'))::uuid[])
);
create policy text_redactions_create on public.text_redactions
  for insert to authenticated with check (
  (select private.reaches_all('text_redactions', 'create'))
  or location_id = any ((select private.sites('text_redactions', 'create'))::uuid[])
  or team_id = any ((select private.teams('text_redactions', 'create'))::uuid[])
);
create policy text_redactions_create_as_oneself on public.text_redactions
  as restrictive for insert to authenticated
  with check (session_user = 'ganger_sync'
    and created_by = (select auth.uid()));
create policy text_redactions_engine_read on public.text_redactions
  for select to ganger_engine using (true);

-- rights ------------------------------------------------------------------------------------------

insert into private.scopes
  (table_name, location_column, sites_column, team_column, own_column)
values
  ('l10_meetings', 'location_id', null, 'team_id', null),
  ('meeting_events', 'location_id', null, 'team_id', null),
  ('rocks', 'location_id', null, 'team_id', 'owner_id'),
  ('rock_checkins', 'location_id', null, 'team_id', null),
  ('milestones', 'location_id', null, 'team_id', null),
  ('scorecard_metrics', 'location_id', null, 'team_id', null),
  ('scorecard_goals', 'location_id', null, 'team_id', null),
  ('scorecard_entries', 'location_id', null, 'team_id', null),
  ('issues', 'location_id', null, 'team_id', 'owner_id'),
  ('issue_votes', 'location_id', null, 'team_id', 'user_id'),
  ('issue_resolutions', 'location_id', null, 'team_id', 'created_by'),
  ('todos', 'location_id', null, 'team_id', 'owner_id'),
  ('headlines', 'location_id', null, 'team_id', null),
  ('cascading_messages', 'location_id', null, 'team_id', 'created_by'),
  ('cascading_acks', 'location_id', null, 'team_id', 'user_id'),
  ('meeting_ratings', 'location_id', null, 'team_id', 'user_id'),
  ('meeting_notes', 'location_id', null, 'team_id', null),
  ('vto_versions', 'location_id', null, 'team_id', null),
  ('vto_drafts', 'location_id', null, 'team_id', null),
  ('comments', 'location_id', null, 'team_id', 'created_by'),
  ('text_redactions', 'location_id', null, 'team_id', null);

insert into private.access_matrix
  (role, table_name, operation, reach, only_field, only_values)
values
  ('MG', 'l10_meetings', 'read', 'all', null, null),
  ('LM', 'l10_meetings', 'read', 'sites', null, null),
  ('SA', 'l10_meetings', 'metadata', 'all', null, null),
  ('leader', 'l10_meetings', 'read', 'team', null, null),
  ('leader', 'l10_meetings', 'create', 'team', null, null),
  ('leader', 'l10_meetings', 'update', 'team', null, null),
  ('leader', 'l10_meetings', 'approve', 'team', null, null),
  ('member', 'l10_meetings', 'read', 'team', null, null),
  ('member', 'l10_meetings', 'create', 'team', null, null),
  ('member', 'l10_meetings', 'update', 'team', null, null),
  ('viewer', 'l10_meetings', 'read', 'team', null, null),
  ('MG', 'meeting_events', 'read', 'all', null, null),
  ('LM', 'meeting_events', 'read', 'sites', null, null),
  ('SA', 'meeting_events', 'metadata', 'all', null, null),
  ('leader', 'meeting_events', 'read', 'team', null, null),
  ('leader', 'meeting_events', 'create', 'team', null, null),
  ('member', 'meeting_events', 'read', 'team', null, null),
  ('member', 'meeting_events', 'create', 'team', null, null),
  ('viewer', 'meeting_events', 'read', 'team', null, null),
  ('MG', 'rocks', 'read', 'all', null, null),
  ('LM', 'rocks', 'read', 'sites', null, null),
  ('SA', 'rocks', 'metadata', 'all', null, null),
  ('leader', 'rocks', 'read', 'team', null, null),
  ('leader', 'rocks', 'create', 'team', null, null),
  ('leader', 'rocks', 'update', 'team', null, null),
  ('leader', 'rocks', 'approve', 'team', null, null),
  ('member', 'rocks', 'read', 'team', null, null),
  ('member', 'rocks', 'create', 'team', null, null),
  ('member', 'rocks', 'update', 'team', null, null),
  ('viewer', 'rocks', 'read', 'team', null, null),
  ('MG', 'rock_checkins', 'read', 'all', null, null),
  ('LM', 'rock_checkins', 'read', 'sites', null, null),
  ('SA', 'rock_checkins', 'metadata', 'all', null, null),
  ('leader', 'rock_checkins', 'read', 'team', null, null),
  ('leader', 'rock_checkins', 'create', 'team', null, null),
  ('member', 'rock_checkins', 'read', 'team', null, null),
  ('member', 'rock_checkins', 'create', 'team', null, null),
  ('viewer', 'rock_checkins', 'read', 'team', null, null),
  ('MG', 'milestones', 'read', 'all', null, null),
  ('LM', 'milestones', 'read', 'sites', null, null),
  ('SA', 'milestones', 'metadata', 'all', null, null),
  ('leader', 'milestones', 'read', 'team', null, null),
  ('leader', 'milestones', 'create', 'team', null, null),
  ('leader', 'milestones', 'update', 'team', null, null),
  ('leader', 'milestones', 'approve', 'team', null, null),
  ('member', 'milestones', 'read', 'team', null, null),
  ('member', 'milestones', 'create', 'team', null, null),
  ('member', 'milestones', 'update', 'team', null, null),
  ('viewer', 'milestones', 'read', 'team', null, null),
  ('MG', 'scorecard_metrics', 'read', 'all', null, null),
  ('LM', 'scorecard_metrics', 'read', 'sites', null, null),
  ('SA', 'scorecard_metrics', 'metadata', 'all', null, null),
  ('leader', 'scorecard_metrics', 'read', 'team', null, null),
  ('leader', 'scorecard_metrics', 'create', 'team', null, null),
  ('leader', 'scorecard_metrics', 'update', 'team', null, null),
  ('leader', 'scorecard_metrics', 'approve', 'team', null, null),
  ('member', 'scorecard_metrics', 'read', 'team', null, null),
  ('member', 'scorecard_metrics', 'create', 'team', null, null),
  ('member', 'scorecard_metrics', 'update', 'team', null, null),
  ('viewer', 'scorecard_metrics', 'read', 'team', null, null),
  ('MG', 'scorecard_goals', 'read', 'all', null, null),
  ('LM', 'scorecard_goals', 'read', 'sites', null, null),
  ('SA', 'scorecard_goals', 'metadata', 'all', null, null),
  ('leader', 'scorecard_goals', 'read', 'team', null, null),
  ('leader', 'scorecard_goals', 'create', 'team', null, null),
  ('member', 'scorecard_goals', 'read', 'team', null, null),
  ('member', 'scorecard_goals', 'create', 'team', null, null),
  ('viewer', 'scorecard_goals', 'read', 'team', null, null),
  ('MG', 'scorecard_entries', 'read', 'all', null, null),
  ('LM', 'scorecard_entries', 'read', 'sites', null, null),
  ('SA', 'scorecard_entries', 'metadata', 'all', null, null),
  ('leader', 'scorecard_entries', 'read', 'team', null, null),
  ('leader', 'scorecard_entries', 'create', 'team', null, null),
  ('leader', 'scorecard_entries', 'update', 'team', null, null),
  ('leader', 'scorecard_entries', 'approve', 'team', null, null),
  ('member', 'scorecard_entries', 'read', 'team', null, null),
  ('member', 'scorecard_entries', 'create', 'team', null, null),
  ('member', 'scorecard_entries', 'update', 'team', null, null),
  ('viewer', 'scorecard_entries', 'read', 'team', null, null),
  ('MG', 'issues', 'read', 'all', 'private', '{false}'),
  ('LM', 'issues', 'read', 'sites', 'private', '{false}'),
  ('SA', 'issues', 'metadata', 'all', null, null),
  ('leader', 'issues', 'read', 'team', null, null),
  ('leader', 'issues', 'create', 'team', null, null),
  ('leader', 'issues', 'update', 'team', null, null),
  ('leader', 'issues', 'approve', 'team', null, null),
  ('member', 'issues', 'read', 'team', 'private', '{false}'),
  ('member', 'issues', 'create', 'team', null, null),
  ('member', 'issues', 'update', 'team', 'private', '{false}'),
  ('viewer', 'issues', 'read', 'team', 'private', '{false}'),
  ('MG', 'issue_votes', 'read', 'all', null, null),
  ('LM', 'issue_votes', 'read', 'sites', null, null),
  ('SA', 'issue_votes', 'metadata', 'all', null, null),
  ('leader', 'issue_votes', 'read', 'team', null, null),
  ('leader', 'issue_votes', 'create', 'team', null, null),
  ('leader', 'issue_votes', 'update', 'own', null, null),
  ('member', 'issue_votes', 'read', 'team', null, null),
  ('member', 'issue_votes', 'create', 'team', null, null),
  ('member', 'issue_votes', 'update', 'own', null, null),
  ('viewer', 'issue_votes', 'read', 'team', null, null),
  ('MG', 'issue_resolutions', 'read', 'all', 'private', '{false}'),
  ('LM', 'issue_resolutions', 'read', 'sites', 'private', '{false}'),
  ('SA', 'issue_resolutions', 'metadata', 'all', null, null),
  ('leader', 'issue_resolutions', 'read', 'team', null, null),
  ('leader', 'issue_resolutions', 'create', 'team', null, null),
  ('member', 'issue_resolutions', 'read', 'team', 'private', '{false}'),
  ('member', 'issue_resolutions', 'create', 'team', null, null),
  ('viewer', 'issue_resolutions', 'read', 'team', 'private', '{false}'),
  ('MG', 'todos', 'read', 'all', null, null),
  ('LM', 'todos', 'read', 'sites', null, null),
  ('SA', 'todos', 'metadata', 'all', null, null),
  ('leader', 'todos', 'read', 'team', null, null),
  ('leader', 'todos', 'create', 'team', null, null),
  ('leader', 'todos', 'update', 'team', null, null),
  ('leader', 'todos', 'approve', 'team', null, null),
  ('member', 'todos', 'read', 'team', null, null),
  ('member', 'todos', 'create', 'team', null, null),
  ('member', 'todos', 'update', 'team', null, null),
  ('viewer', 'todos', 'read', 'team', null, null),
  ('MG', 'headlines', 'read', 'all', null, null),
  ('LM', 'headlines', 'read', 'sites', null, null),
  ('SA', 'headlines', 'metadata', 'all', null, null),
  ('leader', 'headlines', 'read', 'team', null, null),
  ('leader', 'headlines', 'create', 'team', null, null),
  ('leader', 'headlines', 'update', 'team', null, null),
  ('leader', 'headlines', 'approve', 'team', null, null),
  ('member', 'headlines', 'read', 'team', null, null),
  ('member', 'headlines', 'create', 'team', null, null),
  ('member', 'headlines', 'update', 'team', null, null),
  ('viewer', 'headlines', 'read', 'team', null, null),
  ('MG', 'cascading_messages', 'read', 'all', null, null),
  ('LM', 'cascading_messages', 'read', 'sites', null, null),
  ('SA', 'cascading_messages', 'metadata', 'all', null, null),
  ('leader', 'cascading_messages', 'read', 'team', null, null),
  ('leader', 'cascading_messages', 'create', 'team', null, null),
  ('member', 'cascading_messages', 'read', 'team', null, null),
  ('member', 'cascading_messages', 'create', 'team', null, null),
  ('viewer', 'cascading_messages', 'read', 'team', null, null),
  ('MG', 'cascading_acks', 'read', 'all', null, null),
  ('LM', 'cascading_acks', 'read', 'sites', null, null),
  ('SA', 'cascading_acks', 'metadata', 'all', null, null),
  ('leader', 'cascading_acks', 'read', 'team', null, null),
  ('leader', 'cascading_acks', 'create', 'team', null, null),
  ('leader', 'cascading_acks', 'update', 'own', null, null),
  ('member', 'cascading_acks', 'read', 'team', null, null),
  ('member', 'cascading_acks', 'create', 'team', null, null),
  ('member', 'cascading_acks', 'update', 'own', null, null),
  ('viewer', 'cascading_acks', 'read', 'team', null, null),
  ('MG', 'meeting_ratings', 'read', 'all', null, null),
  ('LM', 'meeting_ratings', 'read', 'sites', null, null),
  ('SA', 'meeting_ratings', 'metadata', 'all', null, null),
  ('leader', 'meeting_ratings', 'read', 'team', null, null),
  ('leader', 'meeting_ratings', 'create', 'team', null, null),
  ('leader', 'meeting_ratings', 'update', 'own', null, null),
  ('member', 'meeting_ratings', 'read', 'team', null, null),
  ('member', 'meeting_ratings', 'create', 'team', null, null),
  ('member', 'meeting_ratings', 'update', 'own', null, null),
  ('viewer', 'meeting_ratings', 'read', 'team', null, null),
  ('MG', 'meeting_notes', 'read', 'all', null, null),
  ('LM', 'meeting_notes', 'read', 'sites', null, null),
  ('SA', 'meeting_notes', 'metadata', 'all', null, null),
  ('leader', 'meeting_notes', 'read', 'team', null, null),
  ('leader', 'meeting_notes', 'create', 'team', null, null),
  ('leader', 'meeting_notes', 'update', 'team', null, null),
  ('leader', 'meeting_notes', 'approve', 'team', null, null),
  ('member', 'meeting_notes', 'read', 'team', null, null),
  ('member', 'meeting_notes', 'create', 'team', null, null),
  ('member', 'meeting_notes', 'update', 'team', null, null),
  ('viewer', 'meeting_notes', 'read', 'team', null, null),
  ('MG', 'vto_versions', 'read', 'all', null, null),
  ('LM', 'vto_versions', 'read', 'sites', null, null),
  ('SA', 'vto_versions', 'metadata', 'all', null, null),
  ('leader', 'vto_versions', 'read', 'team', null, null),
  ('leader', 'vto_versions', 'create', 'team', null, null),
  ('member', 'vto_versions', 'read', 'team', null, null),
  ('member', 'vto_versions', 'create', 'team', null, null),
  ('viewer', 'vto_versions', 'read', 'team', null, null),
  ('MG', 'vto_drafts', 'read', 'all', null, null),
  ('LM', 'vto_drafts', 'read', 'sites', null, null),
  ('SA', 'vto_drafts', 'metadata', 'all', null, null),
  ('leader', 'vto_drafts', 'read', 'team', null, null),
  ('leader', 'vto_drafts', 'create', 'team', null, null),
  ('leader', 'vto_drafts', 'update', 'team', null, null),
  ('leader', 'vto_drafts', 'approve', 'team', null, null),
  ('member', 'vto_drafts', 'read', 'team', null, null),
  ('member', 'vto_drafts', 'create', 'team', null, null),
  ('member', 'vto_drafts', 'update', 'team', null, null),
  ('viewer', 'vto_drafts', 'read', 'team', null, null),
  ('MG', 'comments', 'read', 'all', 'private', '{false}'),
  ('LM', 'comments', 'read', 'sites', 'private', '{false}'),
  ('SA', 'comments', 'metadata', 'all', null, null),
  ('leader', 'comments', 'read', 'team', null, null),
  ('leader', 'comments', 'create', 'team', null, null),
  ('member', 'comments', 'read', 'team', 'private', '{false}'),
  ('member', 'comments', 'create', 'team', null, null),
  ('viewer', 'comments', 'read', 'team', 'private', '{false}'),
  ('MG', 'text_redactions', 'read', 'all', null, null),
  ('MG', 'text_redactions', 'create', 'all', null, null),
  ('LM', 'text_redactions', 'read', 'sites', null, null),
  ('LM', 'text_redactions', 'create', 'sites', null, null),
  ('SA', 'text_redactions', 'metadata', 'all', null, null),
  ('leader', 'text_redactions', 'read', 'team', null, null),
  ('leader', 'text_redactions', 'create', 'team', null, null),
  ('member', 'text_redactions', 'read', 'team', null, null),
  ('viewer', 'text_redactions', 'read', 'team', null, null);

insert into private.machines (table_name, field, initial_state, author, open_fields) values
  ('l10_meetings', 'status', 'scheduled', null, '{}'),
  ('issues', 'state', 'open', null, '{}'),
  ('todos', 'state', 'open', null, '{}');

insert into private.allowed_transitions (table_name, from_state, to_state, needs, guard) values
  ('l10_meetings', 'scheduled', 'in_progress', 'update', 'none'),
  ('l10_meetings', 'suspended', 'in_progress', 'update', 'none'),
  ('l10_meetings', 'in_progress', 'suspended', 'update', 'none'),
  ('l10_meetings', 'in_progress', 'concluded', 'update', 'none'),
  ('l10_meetings', 'suspended', 'concluded', 'update', 'none'),
  ('l10_meetings', 'concluded', 'archived', 'update', 'none'),
  ('l10_meetings', 'scheduled', 'cancelled', 'update', 'none'),
  ('issues', 'open', 'discussing', 'update', 'none'),
  ('issues', 'discussing', 'open', 'update', 'none'),
  ('issues', 'open', 'solved', 'server', 'none'),
  ('issues', 'open', 'dropped', 'server', 'none'),
  ('issues', 'open', 'moved', 'server', 'none'),
  ('issues', 'discussing', 'solved', 'server', 'none'),
  ('issues', 'discussing', 'dropped', 'server', 'none'),
  ('issues', 'discussing', 'moved', 'server', 'none'),
  ('issues', 'solved', 'open', 'update', 'none'),
  ('issues', 'dropped', 'open', 'update', 'none'),
  ('todos', 'open', 'done', 'update', 'none'),
  ('todos', 'open', 'dropped', 'update', 'none'),
  ('todos', 'done', 'open', 'update', 'none'),
  ('todos', 'dropped', 'open', 'update', 'none');
