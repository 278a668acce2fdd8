-- Tables that hold a part of another one, for those who may not see the whole: the desk, the kiosk.
-- Written by triggers in the transaction of the row that they repeat.

create function private.project_handout_pack() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.handout_summaries (
    id, created_at, created_by, device_id, location_id, patient_id, made_at, handouts)
  values (
    new.id, new.created_at, new.created_by, new.device_id, new.location_id, new.patient_id,
    new.created_at, jsonb_array_length(new.lines));
  return null;
end $$;

create trigger project after insert on public.handout_packs
  for each row execute function private.project_handout_pack();

-- Today's list for kiosks: one letter, a time, and whether to ask for this visit at all.
create function private.project_appointment() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  letter text := (select upper(left(p.given_name, 1)) from public.patients p
                   where p.id = new.patient_id);
  listed boolean := new.deleted_at is null
    and new.status in ('pending', 'booked', 'arrived', 'waitlist');
begin
  insert into public.kiosk_schedule (
    id, created_at, created_by, device_id, location_id, local_date, starts_at, initial, listed)
  values (
    new.id, new.created_at, new.created_by, new.device_id, new.location_id, new.local_date,
    new.starts_at, coalesce(letter, '?'), listed)
  on conflict (id) do update set
    location_id = excluded.location_id, local_date = excluded.local_date,
    starts_at = excluded.starts_at, initial = excluded.initial, listed = excluded.listed;
  return null;
end $$;

create trigger project after insert or update on public.appointments
  for each row execute function private.project_appointment();

create function private.project_form_submission() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.form_submission_summaries (
    id, created_at, created_by, device_id, location_id, patient_id, appointment_id, kind, progress)
  values (
    new.id, new.created_at, new.created_by, new.device_id, new.location_id, new.patient_id,
    new.appointment_id, new.kind, new.progress)
  on conflict (id) do update set progress = excluded.progress;
  return null;
end $$;

create trigger project after insert or update on public.form_submissions
  for each row execute function private.project_form_submission();

create function private.project_authorization_request() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.authorization_summaries (
    id, created_at, created_by, device_id, location_id, patient_id, request_no, urgency, status)
  values (
    new.id, new.created_at, new.created_by, new.device_id, new.location_id, new.patient_id,
    new.request_no, new.urgency, new.status)
  on conflict (id) do update set
    request_no = excluded.request_no, urgency = excluded.urgency, status = excluded.status;
  return null;
end $$;

create trigger project after insert or update on public.authorization_requests
  for each row execute function private.project_authorization_request();

create function private.project_insurance_response() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.insurance_response_summaries (
    id, created_at, created_by, device_id, location_id, patient_id, request_id, received_date,
    decision, pa_number, valid_from, valid_to)
  values (
    new.id, new.created_at, new.created_by, new.device_id, new.location_id, new.patient_id,
    new.request_id, new.received_date, new.decision, new.pa_number, new.valid_from, new.valid_to);
  return null;
end $$;

create trigger project after insert on public.insurance_responses
  for each row execute function private.project_insurance_response();

-- sites of a patient -------------------------------------------------------------------------------

-- A visit makes a patient known at its site: a right of that site, not only a part of a window.
create function private.know_patient() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.patients p
     set site_ids = array(select distinct s from unnest(p.site_ids || new.location_id) s order by s)
   where p.id = new.patient_id and not p.site_ids @> array[new.location_id];
  return null;
end $$;

create trigger know_patient after insert on public.appointments
  for each row execute function private.know_patient();

revoke execute on all functions in schema private from public;
