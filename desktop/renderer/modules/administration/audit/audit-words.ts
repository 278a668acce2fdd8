import { isUuid } from '#shared/kernel/ids.ts';
import { instantOf, isIsoDate } from '#shared/kernel/dates.ts';
import type { AuditEntryView, AuditFilter } from '#shared/ipc/administration.ts';
import { isTableName } from '#shared/schema/tables.ts';
import type { AuditSearch } from '../search.ts';

const DAY_MS = 86_400_000;

/** Under which the server itself writes: no machine is. As `sync-server/jobs/server-caller.ts`. */
export const SERVER_DEVICE = '5e7f0000-0000-4000-8000-000000000001';

/**
 * What the server is asked for: the parts of the address that say something, days from their midnight
 * in the clinic's zone to the next one.
 * @param patient id of a patient, or anything else for none; it is never part of the address
 */
export function filterOf(search: AuditSearch, patient: string, timeZone: string): AuditFilter {
  const { kind, person, device, table, action, from, to } = search;
  return {
    ...(isUuid(patient) ? { patientRef: patient } : {}),
    ...(kind === undefined ? {} : { kind }),
    ...(isUuid(person) ? { userId: person } : {}),
    ...(isUuid(device) ? { deviceId: device } : {}),
    ...(table !== undefined && isTableName(table) ? { table } : {}),
    ...(action === undefined ? {} : { action }),
    ...(isIsoDate(from) ? { from: instantOf(from, 0, timeZone) } : {}),
    ...(isIsoDate(to) ? { until: endOf(to, timeZone) } : {}),
  };
}

/** The midnight after a day; days are 23 to 25 hours long. */
function endOf(day: string, timeZone: string): number {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
  return instantOf(next, 0, timeZone);
}

/** Names by id, as far as this device knows them. */
export interface AuditNames {
  readonly person: (id: string | null) => string;
  readonly device: (id: string | null) => string;
  readonly site: (id: string | null) => string;
}

/** Head and lines of the file: every field as it is, with the names beside the ids. */
export function csvOf(
  entries: readonly AuditEntryView[],
  names: AuditNames,
): (string | number | null)[][] {
  const iso = (instant: number | null): string =>
    instant === null ? '' : new Date(instant).toISOString();
  return [
    [
      'recorded_at',
      'occurred_at',
      'actor',
      'actor_id',
      'device',
      'device_id',
      'seq',
      'action',
      'table_name',
      'row_id',
      'field_names',
      'outcome',
      'purpose',
      'patient_ref',
      'location',
      'id',
      'chain',
      'screen',
      'row_ids',
      'patient_refs',
    ],
    ...entries.map((entry) => [
      iso(entry.recordedAt),
      iso(entry.occurredAt),
      names.person(entry.actorId),
      entry.actorId,
      names.device(entry.deviceId),
      entry.deviceId,
      entry.seq,
      entry.action,
      entry.tableName,
      entry.rowId,
      entry.fieldNames.join(' '),
      entry.outcome,
      entry.purpose,
      entry.patientRef,
      names.site(entry.locationId),
      entry.id,
      entry.chainId,
      entry.screen,
      entry.rowIds.join(' '),
      entry.patientRefs.join(' '),
    ]),
  ];
}
