import { describe, expect, test } from 'vitest';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
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

test('the papers of a lot come from whoever may change it, at a site of theirs', () => {
  const paper = { location_id: null, owner_table: 'inventory_lots' };
  const adds = (role: Grant['role']): boolean =>
    mayDo([grant(role, AA)], ME, 'file_uploads', 'create', paper);
  for (const role of ['CS', 'LM', 'SAFETY'] as const)
    expect([role, adds(role)]).toEqual([role, true]);
  for (const role of ['FD', 'PR', 'BUY', 'SA'] as const) {
    expect([role, adds(role)]).toEqual([role, false]);
  }
  expect(mayDo([grant('MG', null)], ME, 'file_uploads', 'create', paper)).toBe(true);
  // Data sheets are for all sites, and stay so.
  const sheet = { location_id: null, owner_table: 'sds_documents' };
  expect(mayDo([grant('SAFETY', AA)], ME, 'file_uploads', 'create', sheet)).toBe(true);
});

test('a satellite manager has the manager’s powers at the own site only', () => {
  const grants = [grant('LM', PY)];
  expect(mayDo(grants, ME, 'item_locations', 'update', { location_id: PY })).toBe(true);
  expect(mayDo(grants, ME, 'item_locations', 'update', { location_id: AA })).toBe(false);
  expect(mayDo(grants, ME, 'inventory_items', 'update', {})).toBe(false);
  expect(replicaScopes(grants, ME, 'stock_movements')).toEqual([`loc:${PY}`]);
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

test('a row of two sites is replicated by whoever has one of them', () => {
  const grants = [grant('LM', PY)];
  const transfer = { site_ids: [AA, PY] };
  expect(replicaScopes(grants, ME, 'transfers')).toEqual([`loc:${PY}`]);
  expect(inScope('transfers', `loc:${PY}`, transfer)).toBe(true);
  expect(inScope('transfers', `loc:${ME}`, transfer)).toBe(false);
  expect(replicaScopes([grant('MG', null)], ME, 'transfers')).toEqual(['all']);
});

test('nobody is granted deletion, and facts are never updated', () => {
  const operations = new Set(matrixRows().map(({ operation }) => operation));
  expect([...operations].toSorted((a, b) => a.localeCompare(b))).toEqual([
    'approve',
    'create',
    'metadata',
    'read',
    'update',
  ]);
  for (const { table, operation, role } of matrixRows()) {
    const made = tableOf(table).inserted && tableOf(table).kind === 'fact';
    if (tableOf(table).kind === 'fact') expect([table, role, operation]).not.toContain('update');
    if (tableOf(table).kind === 'fact' && !made) {
      expect(['read', 'metadata'], `${role} on ${table}`).toContain(operation);
    }
  }
});

test('a right that holds for some values only does not hold for others because a row is one’s own', () => {
  const grants = [grant('LM', PY)];
  const give = (role: string): boolean =>
    mayDo(grants, ME, 'user_roles', 'create', { user_id: ME, role, location_id: PY });
  expect(give('FD')).toBe(true);
  expect(give('SA')).toBe(false);
});

test('what counts at all sites is made by those of all sites alone, and read by whoever has one', () => {
  const everywhere = { user_id: AA, role: 'FD', location_id: null };
  const here = { ...everywhere, location_id: PY };
  for (const operation of ['create', 'update'] as const) {
    expect(mayDo([grant('LM', PY)], ME, 'user_roles', operation, everywhere)).toBe(false);
    expect(mayDo([grant('LM', PY)], ME, 'user_roles', operation, here)).toBe(true);
    expect(mayDo([grant('LM', null)], ME, 'user_roles', operation, everywhere)).toBe(true);
    expect(mayDo([grant('SA', null)], ME, 'user_roles', operation, everywhere)).toBe(true);
  }
  const setting = { location_id: null, key: 'po.limit.LM' };
  expect(mayDo([grant('LM', PY)], ME, 'location_configs', 'create', setting)).toBe(false);
  expect(mayDo([grant('LM', PY)], ME, 'location_configs', 'read', setting)).toBe(true);
});

test('a private issue is seen by leaders, and by its owner', () => {
  const team = AA;
  const part = (role: Grant['role']): Grant[] => [{ ...grant(role, null), teamId: team }];
  const issue = (owner_id: string | null) => ({ team_id: team, private: true, owner_id });
  expect(mayDo(part('leader'), ME, 'issues', 'read', issue(null))).toBe(true);
  expect(mayDo(part('member'), ME, 'issues', 'read', issue(null))).toBe(false);
  expect(mayDo(part('member'), ME, 'issues', 'read', issue(ME))).toBe(true);
  expect(mayDo([grant('MG', null)], ME, 'issues', 'read', issue(null))).toBe(false);
});

test('a part in one team is none in another, and a role in user_roles gives no part in a team', () => {
  const rock = { team_id: PY, owner_id: null };
  expect(mayDo([{ ...grant('leader', null), teamId: AA }], ME, 'rocks', 'update', rock)).toBe(
    false,
  );
  expect(mayDo([{ ...grant('leader', null), teamId: PY }], ME, 'rocks', 'update', rock)).toBe(true);
  expect(mayDo([grant('leader', null)], ME, 'rocks', 'update', rock)).toBe(false);
});
