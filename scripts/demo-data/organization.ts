import { derivedId } from '#shared/kernel/ids.ts';
import { SITES } from '../../supabase/demo/people.ts';
import { DAY_MS } from './calendar.ts';
import {
  SITE_CODES,
  clinicOf,
  deskOf,
  kioskOf,
  person,
  siteId,
  staffAt,
  tabletOf,
} from './world.ts';
import type { World } from './world.ts';

/** The people who were hired beside those of the seed, their grants, machines and settings. */
export function writeOrganization(world: World): void {
  writeStaff(world);
  writePermissions(world);
  writeConfigs(world);
  writeMachines(world);
}

function writeStaff({ book, staff, began }: World): void {
  for (const one of staff) {
    if (one.isSeeded) continue;
    const hired = { at: began - (400 - one.number) * DAY_MS, by: null };
    const [home] = one.sites ?? [];
    book.add(
      'users',
      hired,
      {
        display_name: one.name,
        home_location_id: home === undefined ? null : siteId(home),
        status: 'active',
        email: `staff${one.number}@ganger.example`,
        provider_npi: one.npi,
        employee_id: `G-${1000 + one.number}`,
        mfa_required: false,
      },
      one.id,
    );
    for (const site of one.sites ?? [null]) {
      book.add(
        'user_roles',
        hired,
        {
          user_id: one.id,
          role: one.role,
          location_id: site === null ? null : siteId(site),
          valid_from: hired.at,
          granted_by: person('superadmin'),
        },
        derivedId('demo', 'grant', one.id, site ?? ''),
      );
    }
  }
}

/** What roles may do within limits of money (domain decision 5), and two grants that have ended. */
function writePermissions(world: World): void {
  const { book, began } = world;
  const limits = [
    ['LM', 'purchase_orders.approve', 50_000],
    ['MG', 'purchase_orders.approve', 250_000],
    ['LM', 'payments.refund', 10_000],
    ['MG', 'payments.refund', 50_000],
  ] as const;
  for (const [role, permission, cents] of limits) {
    book.add(
      'role_permissions',
      { at: began, by: null },
      {
        role,
        permission,
        conditions: { max_amount_cents: cents, not_author: true },
        version_no: 1,
        effective_from: began,
      },
    );
  }
  const [specialist] = staffAt(world, 'AS', 'AA');
  const [desk] = staffAt(world, 'FD', 'WX');
  if (!specialist || !desk) return;
  for (const [user, permission, site] of [
    [specialist, 'reports.export', null],
    [desk, 'payments.reconcile', 'WX'],
  ] as const) {
    book.add(
      'user_permissions',
      { at: began, by: null },
      {
        user_id: user.id,
        permission,
        effect: 'allow',
        location_id: site === null ? null : siteId(site),
        valid_from: began,
        valid_to: began + 14 * DAY_MS,
        reason: 'Stands in for a colleague on leave',
        granted_by: person('superadmin'),
      },
    );
  }
}

/** The decisions of the clinics, as dated rows. */
function writeConfigs({ book, began }: World): void {
  const set = (key: string, value: string | number | boolean, site: string | null = null) =>
    book.add(
      'location_configs',
      { at: began, by: null },
      {
        location_id: site,
        key,
        value,
        value_version: 1,
        effective_from: began,
        set_by: person('manager'),
      },
    );
  set('dispensing.enabled', false);
  set('kiosk.idle_warning_s', 120);
  set('kiosk.lease_minutes', 15);
  set('pharma.lunch_minutes', 45);
  set('pharma.window_weeks', 12);
  set('pharma.max_people', 15);
  set('po.limit.LM', 50_000);
  set('po.limit.MG', 250_000);
  set('refund.limit', 10_000);
  set('retention.years', 7);
  set('eos.labels', 'eos');
  for (const code of SITE_CODES) set('ai.external_enabled', code === 'AA', siteId(code));
  set('kiosk.collect_copay', true, siteId('AA'));
}

function writeMachines(world: World): void {
  const { book, began, rng } = world;
  const random = rng('machines');
  for (const code of SITE_CODES) {
    const machines = [
      [deskOf(code), 'desktop', 'Front desk'],
      [clinicOf(code), 'desktop', 'Nurses’ station'],
      [tabletOf(code), 'kiosk', 'Entrance kiosk'],
    ] as const;
    for (const [id, kind, place] of machines) {
      book.add(
        'devices',
        { at: began, by: null },
        {
          kind,
          name: `${SITES[code].name}: ${place}`,
          location_id: siteId(code),
          status: 'active',
          enrolled_by: person('it'),
          last_seen_at: world.now,
          grant_expires_at: world.now + 3 * DAY_MS,
        },
        id,
      );
    }
    book.add(
      'kiosk_devices',
      { at: began, by: null },
      {
        location_id: siteId(code),
        name: `${SITES[code].name} entrance`,
        machine_id: tabletOf(code),
        mode: 'check_in',
        config: { timeout_s: 120, insurance: true, copay: true, photo_id: code === 'AA' },
        reader_id: `demo-reader-${random.hex(8)}`,
        status: 'enrolled',
      },
      kioskOf(code),
    );
  }
}
