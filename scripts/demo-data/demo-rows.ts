import { writeDrugs } from './drugs.ts';
import type { Batch } from './book.ts';
import { writePrescriptions } from './authorizations.ts';
import { Counting } from './counting.ts';
import { Handouts } from './handouts.ts';
import { Lunches } from './lunches.ts';
import { writeMeetings } from './meetings.ts';
import { Notices } from './notices.ts';
import { writeOrganization } from './organization.ts';
import { patientAt, writePatient } from './patients.ts';
import { Purchasing } from './purchasing.ts';
import { writeReps } from './reps.ts';
import { writeGoals } from './rocks.ts';
import { Supply } from './supply.ts';
import { demoTeams, writeTeams } from './teams.ts';
import { writeTemplates } from './templates.ts';
import { writeVendors } from './vendors.ts';
import { Schedule } from './visits.ts';
import { makeWorld } from './world.ts';
import type { DemoOptions } from './world.ts';

/**
 * The rows of three clinics over so many months, beside those of `supabase/seed.sql`. Pure: the same
 * options give the same rows in the same order. They come in batches, parents before children within
 * a batch and from batch to batch, so that a large set is never in memory as a whole.
 * @throws RangeError for options out of range
 */
export function* demoRows(options: DemoOptions): Generator<Batch> {
  const world = makeWorld(options);
  const { book, days } = world;
  writeOrganization(world);
  writeDrugs(world);
  writeVendors(world);
  writeTemplates(world);
  const reps = writeReps(world);
  const teams = demoTeams(world);
  writeTeams(world, teams);
  yield* book.flush();

  for (let index = 0; index < options.patients; index += 1) {
    writePatient(world, patientAt(world, index));
    if (book.isFull) yield* book.flush();
  }
  writeGoals(world, teams);
  writeMeetings(world, teams);
  yield* book.flush();

  const schedule = new Schedule(world);
  const supply = new Supply(world);
  const purchasing = new Purchasing(world, supply);
  const counting = new Counting(world, supply);
  const handouts = new Handouts(world);
  const lunches = new Lunches(world, supply, reps);
  const notices = new Notices(world, supply);
  for (const day of days) {
    purchasing.morning(day);
    notices.morning(day);
    lunches.day(day);
    for (const visit of schedule.day(day)) {
      supply.visit(visit);
      handouts.visit(visit);
      writePrescriptions(world, visit);
    }
    supply.endOfDay(day);
    counting.evening(day);
    handouts.endOfDay(day.midnight);
    if (book.isFull) yield* book.flush();
  }
  yield* book.flush();
}
