import type { Step } from './book.ts';
import { writeForms } from './forms.ts';
import { writePayment } from './payments.ts';
import { coverageId } from './patients.ts';
import type { Visit } from './visit.ts';
import { deskOf, kioskOf, onDuty, siteId, tabletOf } from './world.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;

/** What check-in of one visit leaves behind: session, facts, forms, signatures, changes, payment. */
export interface CheckIn {
  readonly sessionId: string | null;
  readonly isKiosk: boolean;
  /** Who helped, or watched over it. */
  readonly clerk: string;
  readonly device: string;
  readonly at: number;
}

export function writeCheckIn(world: World, visit: Visit): void {
  const { rng, site, arrivedAt } = visit;
  const path = rng.weighted([
    ['kiosk', 46],
    ['desk', 40],
    ['staffed', 8],
    ['home', 6],
  ] as const);
  const clerk = onDuty(world, 'FD', site, visit.day.index + (visit.patient.index % 2)).id;
  const isKiosk = path === 'kiosk';
  const device = isKiosk ? tabletOf(site) : deskOf(site);
  const base = { isKiosk, clerk, device, at: arrivedAt + MINUTE_MS };
  const session = path === 'desk' ? null : writeSession(world, visit, path, base);
  const checkIn: CheckIn = { ...base, sessionId: session?.id ?? null };
  const doneAt = session?.doneAt ?? arrivedAt + rng.int(3, 8) * MINUTE_MS;
  const source = path === 'staffed' ? 'desk' : path;
  writeEvents(world, visit, checkIn, source, doneAt);
  if (doneAt > world.now) return;
  writeForms(world, visit, checkIn, doneAt);
  writeChange(world, visit, checkIn);
  writeCapture(world, visit, checkIn);
  writePayment(world, visit, checkIn, doneAt);
}

function writeEvents(
  world: World,
  visit: Visit,
  checkIn: CheckIn,
  source: 'kiosk' | 'desk' | 'home',
  doneAt: number,
): void {
  const { rng, site, day } = visit;
  const roomedAt = Math.max(doneAt, visit.startsAt) + rng.int(1, 14) * MINUTE_MS;
  const events = [
    ['arrived', source, checkIn.at - MINUTE_MS],
    ['checked_in', source, doneAt],
    ['roomed', 'desk', roomedAt],
  ] as const;
  for (const [event, from, occurred_at] of events) {
    if (occurred_at > world.now) break;
    const isRoom = event === 'roomed';
    world.book.add(
      'check_in_records',
      {
        at: occurred_at,
        by: isRoom ? onDuty(world, 'CS', site, day.index).id : checkIn.clerk,
        device: isRoom ? deskOf(site) : checkIn.device,
      },
      {
        location_id: siteId(site),
        appointment_id: visit.id,
        patient_id: visit.patient.id,
        session_id: isRoom ? null : checkIn.sessionId,
        event,
        source: from,
        occurred_at,
        local_date: day.date,
      },
    );
  }
}

function writeSession(
  world: World,
  visit: Visit,
  path: 'kiosk' | 'staffed' | 'home',
  { at, clerk, device }: Omit<CheckIn, 'sessionId'>,
): { id: string; doneAt: number } {
  const { rng, site, patient } = visit;
  const states = rng.chance(0.9)
    ? ['identified', 'verifying', 'forms', 'signing', 'payment', 'complete']
    : rng.pick([
        ['identified', 'verifying', 'handed_to_staff', 'complete'],
        ['identified', 'verifying', 'forms', 'abandoned'],
        ['identified', 'expired'],
      ]);
  // Who signs nothing and owes nothing is done after the forms.
  const short = states.length === 6 && !visit.isNew && rng.chance(0.5);
  const wanted = short ? ['identified', 'verifying', 'forms', 'complete'] : states;
  const steps: Step[] = [];
  let time = at;
  for (const state of wanted) {
    time += rng.int(20, visit.isNew ? 120 : 60) * 1000;
    if (time > world.now) break;
    steps.push([state, time, state === 'expired' ? null : clerk]);
  }
  const last = steps.at(-1)?.[1] ?? at;
  const id = world.book.newId(at);
  world.book.addMoved(
    'kiosk_sessions',
    { at, by: clerk, device },
    {
      location_id: siteId(site),
      kiosk_device_id: path === 'kiosk' ? kioskOf(site) : null,
      appointment_id: visit.id,
      patient_id: patient.id,
      locale: patient.language,
      accessibility_mode: rng.chance(0.03),
      path,
      started_at: at,
      last_activity_at: last,
      lease_until: last + 15 * MINUTE_MS,
      identity_method: path === 'staffed' ? 'staff' : rng.pick(['qr', 'name_birth_date']),
      attempts: { [device]: rng.weighted([[1, 9] as const, [2, 1] as const]) },
      needs_help: steps.at(-1)?.[0] === 'handed_to_staff',
    },
    'started',
    steps,
    id,
  );
  return { id, doneAt: Math.max(last, at + 2 * MINUTE_MS) };
}

/** Somebody says that they have moved, or have another number; the desk decides. */
function writeChange(world: World, visit: Visit, { sessionId, device, clerk, at }: CheckIn): void {
  const { rng, patient, site } = visit;
  if (!rng.chance(0.04)) return;
  const base = { location_id: siteId(site), patient_id: patient.id };
  const new_value = [`734-555-01${String(rng.int(0, 99)).padStart(2, '0')}`];
  const change_id = world.book.add(
    'patient_field_changes',
    { at: at + 3 * MINUTE_MS, by: clerk, device },
    {
      ...base,
      session_id: sessionId,
      field: 'phones',
      base_value: [patient.phone],
      new_value,
      source: sessionId === null ? 'desk' : 'kiosk',
    },
  );
  const decidedAt = at + rng.int(10, 200) * MINUTE_MS;
  if (decidedAt > world.now || rng.chance(0.06)) return;
  const decision = rng.weighted([
    ['accepted', 9],
    ['rejected', 1],
  ] as const);
  world.book.add(
    'patient_field_decisions',
    { at: decidedAt, by: clerk, device: deskOf(site) },
    {
      ...base,
      change_id,
      decision,
      value: decision === 'accepted' ? new_value : null,
      decided_by: clerk,
    },
  );
}

/** A picture of the card, of everybody who is new and of some others. */
function writeCapture(world: World, visit: Visit, { sessionId, device, clerk, at }: CheckIn): void {
  const { rng, patient, site, isNew } = visit;
  if (!patient.coverage || !rng.chance(isNew ? 0.7 : 0.03)) return;
  const maker = { at: at + 2 * MINUTE_MS, by: clerk, device };
  const id = world.book.newId(maker.at);
  const file = (side: string): string =>
    world.book.add('file_uploads', maker, {
      location_id: siteId(site),
      sha256: rng.hex(64),
      size_bytes: rng.int(180_000, 1_400_000),
      mime: 'image/jpeg',
      owner_table: 'insurance_captures',
      owner_id: id,
      phi_class: 'P2',
      uploaded_by: clerk,
      encryption_key_id: 'demo-key-1',
      scan_status: 'pending',
      // The data has no pictures: as if each still lay on the machine that took it.
      upload_state: 'local',
      caption: side,
    });
  world.book.add(
    'insurance_captures',
    maker,
    {
      location_id: siteId(site),
      patient_id: patient.id,
      session_id: sessionId,
      kind: 'insurance_card',
      front_file_id: file('Front of the card'),
      back_file_id: file('Back of the card'),
      ocr: { payer: patient.coverage.payer, member_id: patient.coverage.memberId },
      coverage_id: coverageId(world, patient),
      reviewed: rng.chance(0.9),
    },
    id,
  );
}
