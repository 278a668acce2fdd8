import { describe, expect, test } from 'vitest';
import type { Grant } from '#shared/access/rights.ts';
import { replicaScopes } from '#shared/access/rights.ts';
import { inScope } from '#shared/access/rights.ts';
import { ROLES } from '#shared/schema/roles.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { collectChanges, concerns, withoutIds } from './change.ts';

const A = '00000000-0000-4000-8000-00000000000a';
const B = '00000000-0000-4000-8000-00000000000b';
const ME = '00000000-0000-4000-8000-0000000000ff';

/** Rows of a table as they may lie: at a site, at none, in a team, somebody's own, about a patient. */
function rowsOf(table: TableName): Record<string, unknown>[] {
  const { scope, window } = tableOf(table);
  let rows: Record<string, unknown>[] = [{}];
  const vary = (column: string | undefined, values: readonly unknown[]): void => {
    if (column === undefined || column === 'id') return;
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [column]: value })));
  };
  vary(scope.location, [A, B, null]);
  vary(scope.sites, [[A], [B], [A, B]]);
  vary(scope.team, [A, B]);
  vary(scope.own, [ME, A]);
  vary(window?.column, [A, null]);
  return rows.map((row) => ({ id: A, ...row }));
}

describe('who is told of a change', () => {
  test('exactly those who would pull the row, for every role, table and place', () => {
    let told = 0;
    for (const role of ROLES) {
      for (const locationId of [A, null]) {
        const grants: Grant[] = [{ role, locationId, validFrom: 0, validTo: null }];
        for (const table of TABLE_NAMES) {
          const scopes = replicaScopes(grants, ME, table);
          for (const row of rowsOf(table)) {
            const changes = collectChanges();
            changes.add(table, row);
            const [change] = changes.list();
            const pulls = scopes.some((scope) => inScope(table, scope, row));
            expect([role, table, row, change && concerns(change, grants, ME)]).toEqual([
              role,
              table,
              row,
              pulls,
            ]);
            if (pulls) told += 1;
          }
        }
      }
    }
    expect(told).toBeGreaterThan(100);
  });

  test('nobody, when one has no grants', () => {
    const changes = collectChanges();
    for (const table of TABLE_NAMES) for (const row of rowsOf(table)) changes.add(table, row);
    expect(changes.list().filter((change) => concerns(change, [], ME))).toEqual([]);
  });

  test('also of what hangs on a patient who comes into a window by a visit', () => {
    const changes = collectChanges();
    changes.add('appointments', { id: A, location_id: A });
    const told = changes.list();
    const grants: Grant[] = [{ role: 'FD', locationId: A, validFrom: 0, validTo: null }];
    const tables = told.filter((change) => concerns(change, grants, ME)).map(({ table }) => table);
    expect(tables).toContain('patients');
    expect(tables).toContain('coverages');
    expect(tables).not.toContain('authorization_evidence');
  });

  test('also of the copies that follow a row: a kiosk hears of today’s list', () => {
    const changes = collectChanges();
    changes.add('appointments', { id: A, location_id: A });
    const grants: Grant[] = [{ role: 'KD', locationId: A, validFrom: 0, validTo: null }];
    const told = changes.list().filter((change) => concerns(change, grants, ME));
    expect(told.map(({ table }) => table)).toEqual(['kiosk_schedule']);
  });
});

describe('which rows a change names', () => {
  test('those that changed, a part of them in projections too, until there are too many', () => {
    const changes = collectChanges();
    for (let n = 0; n < 20; n += 1) changes.add('inventory_items', { id: `i${n}` });
    changes.add('inventory_items', { id: 'i3' });
    const idsOf = (name: TableName) => changes.list().find(({ table }) => table === name)?.ids;
    expect(idsOf('inventory_items')?.length).toBe(20);
    changes.add('inventory_items', { id: 'one more' });
    expect(idsOf('inventory_items')).toBeUndefined();
    changes.add('inventory_items', { id: 'and another' });
    expect(idsOf('inventory_items')).toBeUndefined();
  });

  test('no other replica is told', () => {
    const changes = collectChanges();
    changes.add('patients', { id: A });
    const set = { xid: '7', changes: changes.list() };
    expect(JSON.stringify(set)).toContain(A);
    expect(JSON.stringify(withoutIds(set))).not.toContain(A);
    expect(withoutIds(set).changes.length).toBe(set.changes.length);
  });
});
