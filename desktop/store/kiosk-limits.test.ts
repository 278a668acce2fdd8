import { expect, test } from 'vitest';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import { kioskMayCall, kioskMayUse } from './kiosk-limits.ts';

test('a kiosk reads its masked schedule and drops check-ins, and opens no patient', () => {
  expect(kioskMayUse('kiosk_schedule', 'query')).toBe(true);
  expect(kioskMayUse('kiosk_schedule', 'bulkWrite')).toBe(false);
  expect(kioskMayUse('check_in_records', 'bulkWrite')).toBe(true);
  for (const table of ['patients', 'appointments', 'inventory_items', 'audit_logs'] as const) {
    expect(kioskMayUse(table, 'create'), table).toBe(false);
  }
  const open = TABLE_NAMES.filter((table) => kioskMayUse(table, 'create'));
  expect(open.length).toBeLessThan(30);
});

test('a kiosk takes no backup, wipes nobody and sees no stock', () => {
  for (const name of ['profile.backup', 'profile.wipe', 'keys.setPin', 'inventory.list'] as const) {
    expect(kioskMayCall(name), name).toBe(false);
  }
  expect(kioskMayCall('auth.state')).toBe(true);
});
