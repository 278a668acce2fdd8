import { newId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import { SITE } from './rig.suite.ts';
import type { Rig } from './rig.suite.ts';
import { record } from './rows.suite.ts';
import type { Author } from './rows.suite.ts';

export interface ActivityOptions {
  readonly site?: string;
  readonly seats?: number;
  readonly room?: string | null;
  readonly approval?: boolean;
  readonly startMinute?: number;
}

/** Something that representatives can book every day, and one of them. */
export async function bookable(
  rig: Rig,
  {
    site = SITE.AA,
    seats = 1,
    room = null,
    approval = true,
    startMinute = 720,
  }: ActivityOptions = {},
): Promise<{ activityId: string; repId: string; site: string }> {
  const [activityId, companyId, repId] = [newId(), newId(), newId()];
  const { admin } = rig.db;
  await admin.query(
    `insert into public.scheduling_activities (id, location_id, kind, name, weekdays, start_minute,
       duration_min, buffer_min, max_people, seats, room, requires_approval, window_weeks,
       min_notice_h, cancel_notice_h, caps, status)
     values ($1, $2, 'lunch', 'Lunch', '[1,2,3,4,5,6,7]', $3, 45, 15, 15, $4, $5, $6, 12, 0, 24, '{}',
       'active')`,
    [activityId, site, startMinute, seats, room, approval],
  );
  await admin.query(
    `insert into public.pharma_companies (id, name, domains, status) values ($1, $2, '{}', 'active')`,
    [companyId, `Company ${companyId}`],
  );
  await admin.query(
    `insert into public.pharma_representatives (id, company_id, name, email, products, status)
     values ($1, $2, 'Rae Rep', $3, '{}', 'active')`,
    [repId, companyId, `${repId}@example.com`],
  );
  return { activityId, repId, site };
}

/** A visit as a desk books it. */
export const visit = (
  author: Author,
  at: { activityId: string; repId: string; site: string },
  startsAt: number,
  fields: Record<string, unknown> = {},
): Row =>
  record('pharma_appointments', author, {
    location_id: at.site,
    activity_id: at.activityId,
    rep_id: at.repId,
    starts_at: startsAt,
    ends_at: startsAt + 45 * 60_000,
    seat_no: 1,
    products: [],
    expected_heads: 8,
    booking_source: 'phone',
    status: 'requested',
    ...fields,
  });

/** A visit of a patient at a site today, as the EHR brings it. */
export async function patientVisit(rig: Rig, site: string = SITE.AA): Promise<string> {
  const [patientId, appointmentId] = [newId(), newId()];
  await rig.db.admin.query(
    `insert into public.patients (id, site_ids, family_name, given_name, birth_date, sex, phones,
       source_version, language)
     values ($1, array[$2::uuid], 'Sample', 'Pat', '1980-02-03', 'unknown', '[]', 1, 'en')`,
    [patientId, site],
  );
  await rig.db.admin.query(
    `insert into public.appointments (id, location_id, patient_id, starts_at, ends_at, local_date,
       type, status, source_version)
     values ($1, $2, $3, now(), now() + interval '20 minutes', current_date, 'Visit', 'booked', 1)`,
    [appointmentId, site, patientId],
  );
  return appointmentId;
}

/** A check-in that begins. */
export const checkIn = (
  author: Author,
  appointmentId: string | null,
  site: string,
  fields: Record<string, unknown> = {},
): Row =>
  record('kiosk_sessions', author, {
    location_id: site,
    appointment_id: appointmentId,
    state: 'started',
    locale: 'en',
    accessibility_mode: false,
    path: 'staffed',
    started_at: Date.now(),
    last_activity_at: Date.now(),
    lease_until: Date.now() + 15 * 60_000,
    attempts: {},
    needs_help: false,
    ...fields,
  });
