-- Card payments: what this server was asked to do at Stripe, what Stripe has told it, and where the books
-- of both differ. What happened with money stands in payment_transactions; these tables say how the server
-- works on it.

-- begun: a call may be on its way · waiting: Stripe has it, somebody or something is waited for ·
-- unknown: nobody knows what became of a call, it is looked up again · the others are ends.
create table private.payment_commands (
  key text primary key check (char_length(key) between 8 and 80),
  does text not null check (does in ('take', 'refund', 'void')),
  state text not null default 'begun' check (state in ('begun', 'waiting', 'unknown', 'done',
    'declined', 'refused', 'cancelled', 'risky')),
  location_id uuid not null,
  patient_id uuid not null,
  appointment_id uuid,
  intent_id uuid not null,
  purpose text not null,
  amount_cents bigint not null check (amount_cents > 0),
  reader_ref text check (char_length(reader_ref) <= 80),
  -- Stripe's id: of the payment; and of what was given back.
  payment_ref text check (char_length(payment_ref) <= 80),
  refund_ref text check (char_length(refund_ref) <= 80),
  reason_code text check (char_length(reason_code) <= 40),
  -- Of whoever judged first: later judges keep to it.
  score numeric check (score between 0 and 1),
  problem text check (char_length(problem) <= 63),
  asked_by uuid,
  created_at timestamptz not null default now(),
  looked_at timestamptz not null default now(),
  looks integer not null default 0,
  ended_at timestamptz
);
create index payment_commands_open_idx on private.payment_commands (looked_at) where ended_at is null;
create index payment_commands_payment_ref_idx on private.payment_commands (payment_ref);
create index payment_commands_patient_id_idx on private.payment_commands (patient_id, created_at);
create index payment_commands_reader_idx on private.payment_commands (reader_ref, created_at);
alter table private.payment_commands enable row level security;
grant select, insert, update on table private.payment_commands to ganger_engine;
create policy payment_commands_engine on private.payment_commands to ganger_engine
  using (true) with check (true);

-- Events of Stripe, once each, reduced to what is used of them: no names, no cards. They are never
-- changed but for how often they came and what became of them, so that they can be taken in again.
create table private.payment_notices (
  id text primary key check (char_length(id) <= 80),
  kind text not null check (char_length(kind) <= 80),
  -- Stripe's ids of the payment, and of what the event is about.
  payment_ref text check (char_length(payment_ref) <= 80),
  object_ref text not null check (char_length(object_ref) <= 80),
  said jsonb not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null default now(),
  times integer not null default 1,
  applied_at timestamptz,
  problem text check (char_length(problem) <= 63)
);
create index payment_notices_payment_ref_idx on private.payment_notices (payment_ref);
create index payment_notices_received_at_idx on private.payment_notices (received_at);
alter table private.payment_notices enable row level security;
grant select, insert on table private.payment_notices to ganger_engine;
grant update (times, applied_at, problem) on table private.payment_notices to ganger_engine;
create policy payment_notices_engine on private.payment_notices to ganger_engine
  using (true) with check (true);

-- Where what Stripe has and what we have is not the same; gone when it is again.
create table private.payment_differences (
  payment_ref text primary key check (char_length(payment_ref) <= 80),
  location_id uuid,
  our_cents bigint,
  their_cents bigint,
  found_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
alter table private.payment_differences enable row level security;
grant select, insert, update, delete on table private.payment_differences to ganger_engine;
create policy payment_differences_engine on private.payment_differences to ganger_engine
  using (true) with check (true);

-- When the books were compared last.
create table private.payment_comparisons (
  at timestamptz primary key default now(),
  since timestamptz not null,
  payments integer not null,
  differences integer not null
);
alter table private.payment_comparisons enable row level security;
grant select, insert, delete on table private.payment_comparisons to ganger_engine;
create policy payment_comparisons_engine on private.payment_comparisons to ganger_engine
  using (true) with check (true);

-- What Twilio told of a message before the row of its sending was there: taken in once it is.
create table private.early_reports (
  provider_id text not null check (char_length(provider_id) <= 80),
  event text not null check (char_length(event) <= 40),
  error_code text check (char_length(error_code) <= 40),
  received_at timestamptz not null default now(),
  primary key (provider_id, event)
);
alter table private.early_reports enable row level security;
grant select, insert, delete on table private.early_reports to ganger_engine;
create policy early_reports_engine on private.early_reports to ganger_engine
  using (true) with check (true);

-- The server writes what a manager gives back, so it judges itself what the guard of the table judges of people.
grant execute on function private.setting(uuid, text, numeric) to ganger_engine;
