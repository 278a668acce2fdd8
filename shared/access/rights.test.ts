import { describe, expect, test } from 'vitest';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import { matrixRows } from './matrix.ts';
import { activeGrants, inScope, mayDo, replicaScopes } from './rights.ts';
import type { Grant } from './rights.ts';

const AA = '018f0000-0000-7000-8000-00000000000a';
const PY = '018f0000-0000-7000-8000-00000000000b';
const ME = '018f0000-0000-7000-8000-000000000001';
const grant = (role: Grant['role'], locationId: string | null): Grant => ({
  role,
  locationId,
  validFrom: 0,
  validTo: null,
});

test('nobody may do anything without a grant', () => {
  for (const table of TABLE_NAMES) {
    expect(replicaScopes([], ME, table)).toEqual([]);
    expect(mayDo([], ME, table, 'read', { location_id: AA })).toBe(false);
  }
});

test('a grant counts from its first instant until just before its end', () => {
  const dated: Grant = { ...grant('FD', AA), validFrom: 100, validTo: 200 };
  expect(activeGrants([dated], 99)).toEqual([]);
  expect(activeGrants([dated], 100)).toEqual([dated]);
  expect(activeGrants([dated], 200)).toEqual([]);
});

describe('front desk', () => {
  const grants = [grant('FD', AA)];
  test('receives at the own site, and does nothing else with stock', () => {
    const may = (kind: string, location_id: string): boolean =>
      mayDo(grants, ME, 'stock_acts', 'create', { kind, location_id });
    expect(may('receive', AA)).toBe(true);
    expect(may('receive', PY)).toBe(false);
    expect(may('waste', AA)).toBe(false);
  });
  test('does not change what a site wants to hold', () => {
    expect(mayDo(grants, ME, 'item_locations', 'update', { location_id: AA })).toBe(false);
  });
  test('sees the own trail of the audit and no other', () => {
    expect(replicaScopes(grants, ME, 'audit_logs')).toEqual([`own:${ME}`]);
    expect(mayDo(grants, ME, 'audit_logs', 'read', { actor_id: ME, location_id: PY })).toBe(true);
    expect(mayDo(grants, ME, 'audit_logs', 'read', { actor_id: PY, location_id: AA })).toBe(false);
  });
});

test('a satellite manager has the manager’s powers at the own site only', () => {
  const grants = [grant('LM', PY)];
  expect(mayDo(grants, ME, 'item_locations', 'update', { location_id: PY })).toBe(true);
  expect(mayDo(grants, ME, 'item_locations', 'update', { location_id: AA })).toBe(false);
  expect(mayDo(grants, ME, 'inventory_items', 'update', {})).toBe(false);
  expect(replicaScopes(grants, ME, 'stock_movements')).toEqual(['org', `loc:${PY}`]);
});

test('a grant without a site reaches all', () => {
  expect(replicaScopes([grant('MG', null)], ME, 'stock_movements')).toEqual(['all']);
  expect(replicaScopes([grant('CS', null)], ME, 'stock_movements')).toEqual(['all']);
});

test('a row is in exactly the parts that it belongs to', () => {
  expect(inScope('stock_movements', `loc:${AA}`, { location_id: AA })).toBe(true);
  expect(inScope('stock_movements', `loc:${PY}`, { location_id: AA })).toBe(false);
  expect(inScope('conflict_log', 'org', { location_id: null })).toBe(true);
  expect(inScope('audit_logs', `own:${ME}`, { actor_id: ME, location_id: PY })).toBe(true);
});

test('nobody is granted deletion, and facts are never updated', () => {
  for (const { table, operation } of matrixRows()) {
    expect(['read', 'create', 'update', 'approve']).toContain(operation);
    if (table === 'stock_movements') expect(operation).toBe('read');
  }
});
