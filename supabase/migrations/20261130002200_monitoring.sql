-- What the servers know of how they are: of each other, of what was measured, of which alerts are open, who
-- was told and who wants to hear nothing for a while. All of it survives a restart and is the same for all
-- replicas; none of it says anything about anybody but members of staff who acted on an alert.

-- One row a replica, under the name that it was given: how it is, as it said last.
create table private.replicas (
  id text primary key check (char_length(id) between 1 and 80),
  started_at timestamptz not null,
  seen_at timestamptz not null,
  -- It was stopped in order; one that falls silent without this is down.
  stopped_at timestamptz,
  figures jsonb not null check (pg_column_size(figures) <= 32768)
);

-- Who judges: the replica that moves this one row on does, once a round.
create table private.monitor (
  is_one boolean primary key default true check (is_one),
  judged_at timestamptz not null default 'epoch',
  sampled_at timestamptz not null default 'epoch',
  -- Day of the last daily summary.
  summary_on date not null default 'epoch'
);
insert into private.monitor default values;

-- One row a minute, for the charts; a month of them.
create table private.health_samples (
  at timestamptz primary key,
  figures jsonb not null check (pg_column_size(figures) <= 8192)
);

-- One row for each time that a rule held for something: waits (its condition has to last), fires, is over.
create table private.alerts (
  id uuid primary key,
  rule text not null check (rule ~ '^[a-z-]{3,40}$'),
  -- Of what it speaks: a replica, a partner, a job; empty where there is one only.
  subject text not null default '' check (char_length(subject) <= 120),
  severity text not null check (severity in ('critical', 'warning')),
  since timestamptz not null,
  fired_at timestamptz,
  -- Since when its condition does not hold any more; back to null when it does again.
  ok_since timestamptz,
  cleared_at timestamptz,
  value double precision not null,
  detail text not null default '' check (char_length(detail) <= 500),
  -- How often it has fired again within minutes of its end: that is one alert, not many.
  times integer not null default 1,
  -- Steps of escalation that were taken.
  level integer not null default 0,
  told_at timestamptz,
  acknowledged_by uuid,
  acknowledged_at timestamptz,
  check ((acknowledged_by is null) = (acknowledged_at is null)),
  check (cleared_at is null or fired_at is not null)
);
-- Two replicas cannot open the same alert.
create unique index alerts_open_key on private.alerts (rule, subject) where cleared_at is null;
create index alerts_fired_idx on private.alerts (fired_at);

-- What people were told, by which way, and what became of it. The row is what the outbox carries out.
create table private.alert_notices (
  id uuid primary key,
  -- Null: the daily summary.
  alert_id uuid references private.alerts (id) on delete cascade,
  event text not null check (event in ('fired', 'cleared', 'escalated', 'summary')),
  channel text not null check (channel in ('app', 'email', 'sms', 'webhook')),
  destination text not null check (char_length(destination) <= 254),
  subject text not null check (char_length(subject) <= 200),
  body text not null check (char_length(body) <= 8000),
  made_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed', 'unknown')),
  problem text check (char_length(problem) <= 63),
  ended_at timestamptz
);
create index alert_notices_alert_idx on private.alert_notices (alert_id);
create index alert_notices_made_idx on private.alert_notices (made_at);

-- Nobody is told of a rule (or of one subject of it) until then. The alert itself fires and is shown.
create table private.alert_silences (
  id uuid primary key,
  rule text not null check (rule ~ '^[a-z-]{3,40}$'),
  subject text check (char_length(subject) <= 120),
  until timestamptz not null,
  reason text not null check (char_length(btrim(reason)) between 3 and 200),
  made_by uuid not null,
  made_at timestamptz not null,
  ended_at timestamptz,
  ended_by uuid
);
create index alert_silences_until_idx on private.alert_silences (until) where ended_at is null;

-- Refused acts of the last minutes are asked for every ten seconds; there are few among all entries.
-- allow create-index: entries come in transactions of milliseconds that wait for it; some seconds at a million
create index audit_logs_refused_idx on public.audit_logs (recorded_at) where action = 'refuse';

-- What an effect was part of (W3C traceparent), so that a trace goes on in the job that carries it out.
alter table private.outbox add column trace text;
alter table private.outbox add constraint outbox_trace_check
  check (trace ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$') not valid;

alter table private.replicas enable row level security;
alter table private.monitor enable row level security;
alter table private.health_samples enable row level security;
alter table private.alerts enable row level security;
alter table private.alert_notices enable row level security;
alter table private.alert_silences enable row level security;
grant select, insert, update, delete on table
  private.replicas, private.monitor, private.health_samples,
  private.alerts, private.alert_notices, private.alert_silences
to ganger_engine;
create policy replicas_engine on private.replicas to ganger_engine
  using (true) with check (true);
create policy monitor_engine on private.monitor to ganger_engine
  using (true) with check (true);
create policy health_samples_engine on private.health_samples to ganger_engine
  using (true) with check (true);
create policy alerts_engine on private.alerts to ganger_engine
  using (true) with check (true);
create policy alert_notices_engine on private.alert_notices to ganger_engine
  using (true) with check (true);
create policy alert_silences_engine on private.alert_silences to ganger_engine
  using (true) with check (true);
