import { describe, expect, test } from 'vitest';
import { csvOf, filterOf } from './audit-words.ts';

const ID = '5b000000-0000-4000-8000-000000000001';
const ZONE = 'America/New_York';

describe('what the server is asked for', () => {
  test('is what the address says, and what it cannot mean is left out', () => {
    const search = {
      person: ID,
      device: 'anything',
      table: 'pg_authid',
      action: 'update' as const,
      from: '2026-02-30',
    };
    expect(filterOf(search, 'Jane', ZONE)).toEqual({ userId: ID, action: 'update' });
    expect(filterOf({ table: 'users' }, ID, ZONE)).toEqual({ patientRef: ID, table: 'users' });
  });

  test('days are those of the clinic, also where they are 25 hours long', () => {
    const { from = 0, until = 0 } = filterOf({ from: '2026-11-01', to: '2026-11-01' }, '', ZONE);
    expect(new Date(from).toISOString()).toBe('2026-11-01T04:00:00.000Z');
    expect((until - from) / 3_600_000).toBe(25);
  });
});

test('the file has every field, with names beside ids', () => {
  const [head = [], line = []] = csvOf(
    [
      {
        id: ID,
        xid: '7',
        seq: 3,
        deviceId: ID,
        actorId: ID,
        locationId: null,
        action: 'update',
        tableName: 'item_locations',
        rowId: ID,
        outcome: 'ok',
        fieldNames: ['par', 'bin'],
        purpose: null,
        patientRef: null,
        occurredAt: null,
        recordedAt: 0,
        chainId: null,
        screen: null,
        n: null,
        rowIds: [],
        patientRefs: [],
      },
    ],
    { person: () => 'Ana Ruiz', device: () => 'Desk 1', site: () => '' },
  );
  const of = Object.fromEntries(head.map((name, index) => [name, line[index]]));
  expect(of).toMatchObject({
    recorded_at: '1970-01-01T00:00:00.000Z',
    occurred_at: '',
    actor: 'Ana Ruiz',
    device: 'Desk 1',
    field_names: 'par bin',
    purpose: null,
  });
  expect(line).toHaveLength(head.length);
});
