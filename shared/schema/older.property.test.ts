import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatHlc } from '#shared/kernel/hlc.ts';
import { joinRecords } from '#shared/merge/join.ts';
import type { Row } from './define.ts';
import { oneOf } from './define.ts';
import type { History } from './history.ts';
import {
  completeRow,
  definitionAt,
  fieldsSince,
  hasTable,
  isSameSince,
  lowerRow,
  raiseRow,
} from './older.ts';

/** As if par and is_stocked had come, bin had another name, and items could be inactive only since. */
const HISTORY: History = {
  2: {
    tables: ['vendors'],
    changed: {
      item_locations: { added: { is_stocked: true }, renamed: { bin: 'shelf' } },
    },
  },
  3: {
    changed: {
      item_locations: { added: { par: null } },
      inventory_items: {
        was: {
          status: {
            field: oneOf(['draft', 'active'], { phi: 'P0', merge: 'SM' }),
            shown: { inactive: 'active' },
          },
        },
      },
    },
  },
};

const Stamp = fc.nat(50).map((ms) => formatHlc({ ms, counter: 0, node: '00000000000a' }));
const Place = fc
  .record({
    par: fc.option(fc.nat(3)),
    bin: fc.option(fc.constantFrom('A', 'B')),
    is_stocked: fc.boolean(),
    stamps: fc.dictionary(fc.constantFrom('par', 'bin', 'is_stocked'), Stamp),
  })
  .map(({ stamps, ...rest }): Row => {
    const common = { id: 'x', created_at: 1, created_by: null, device_id: null };
    return { ...common, min: null, max: null, reorder_qty: null, ...rest, field_hlc: stamps };
  });

describe('a table as older versions had it', () => {
  test('is told from its history', () => {
    const names = (version: number) =>
      Object.keys(definitionAt('item_locations', version, HISTORY)?.fields ?? {});
    expect(names(3)).toContain('par');
    expect(names(2)).toEqual(names(3).filter((name) => name !== 'par'));
    expect(names(1)).toEqual(
      names(2).flatMap((name) =>
        name === 'is_stocked' ? [] : name === 'bin' ? ['shelf'] : [name],
      ),
    );
    expect([1, 2].map((version) => hasTable('vendors', version, HISTORY))).toEqual([false, true]);
    expect(definitionAt('vendors', 1, HISTORY)).toBeNull();
    expect(isSameSince('locations', 1, HISTORY)).toBe(true);
    expect(isSameSince('item_locations', 2, HISTORY)).toBe(false);
    expect([...fieldsSince('item_locations', 1, HISTORY)]).toEqual([
      ['is_stocked', true],
      ['par', null],
    ]);
  });

  test('shows nothing that the version does not know', () => {
    fc.assert(
      fc.property(Place, fc.constantFrom(1, 2), (row, version) => {
        const low = lowerRow('item_locations', row, version, HISTORY);
        const known = Object.keys(definitionAt('item_locations', version, HISTORY)?.fields ?? {});
        const system = ['id', 'created_at', 'created_by', 'device_id', 'field_hlc'];
        for (const name of Object.keys(low ?? {})) expect([...known, ...system]).toContain(name);
        for (const name of Object.keys(low?.field_hlc ?? {})) expect(known).toContain(name);
      }),
    );
  });
});

describe('a row that an older client sends back', () => {
  test('as it got it is the row, whatever it does not know', () => {
    fc.assert(
      fc.property(Place, fc.constantFrom(1, 2), (held, sender) => {
        const low = lowerRow('item_locations', held, sender, HISTORY) as Row;
        const sent = raiseRow('item_locations', low, sender, HISTORY);
        const versions = { sender, oldest: 1 };
        const whole = completeRow('item_locations', sent, held, versions, HISTORY);
        expect(whole).toEqual(held);
        expect(joinRecords('item_locations', whole, held)).toEqual(held);
      }),
    );
  });

  test('with an edit changes that field and no other', () => {
    const later = formatHlc({ ms: 99, counter: 0, node: '00000000000b' });
    fc.assert(
      fc.property(Place, (held) => {
        const low = lowerRow('item_locations', held, 1, HISTORY) as Row;
        const edit = { ...low, shelf: 'Z', field_hlc: { ...low.field_hlc, shelf: later } };
        const sent = raiseRow('item_locations', edit, 1, HISTORY);
        const whole = completeRow('item_locations', sent, held, { sender: 1, oldest: 1 }, HISTORY);
        expect(joinRecords('item_locations', whole, held)).toEqual({
          ...held,
          bin: 'Z',
          field_hlc: { ...held.field_hlc, bin: later },
        });
      }),
    );
  });

  test('may have been carried through an upgrade since', () => {
    const held = { id: 'x', created_at: 1, is_stocked: false, par: 3, bin: 'A' } as unknown as Row;
    const stamp = formatHlc({ ms: 9, counter: 0, node: '00000000000a' });
    const upgraded = { ...held, is_stocked: true, par: null, bin: 'B', field_hlc: { bin: stamp } };
    const versions = { sender: 3, oldest: 1 };
    expect(
      completeRow('item_locations', upgraded, { ...held, field_hlc: {} }, versions, HISTORY),
    ).toMatchObject({ is_stocked: false, par: 3, bin: 'B' });
  });

  test('with a value that was only shown to it keeps the real one, until it is edited there', () => {
    const stamp = formatHlc({ ms: 9, counter: 0, node: '00000000000a' });
    const later = formatHlc({ ms: 10, counter: 0, node: '00000000000a' });
    const held = { id: 'x', status: 'inactive', field_hlc: { status: stamp } } as unknown as Row;
    const low = lowerRow('inventory_items', held, 2, HISTORY);
    expect(low).toMatchObject({ status: 'active' });
    const versions = { sender: 2, oldest: 1 };
    const back = completeRow('inventory_items', low as Row, held, versions, HISTORY);
    expect(back).toMatchObject({ status: 'inactive' });
    const edit = { ...(low as Row), status: 'active', field_hlc: { status: later } };
    expect(completeRow('inventory_items', edit, held, versions, HISTORY)).toMatchObject({
      status: 'active',
    });
    const odd = { ...held, status: 'archived' } as unknown as Row;
    expect(lowerRow('inventory_items', odd, 2, HISTORY)).toBeNull();
    expect(lowerRow('inventory_items', odd, 3, HISTORY)).toEqual(odd);
  });
});
