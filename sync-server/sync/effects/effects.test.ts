import { describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import { findTransition } from '#shared/schema/machines.ts';
import type { MachineName } from '#shared/schema/machines.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import { EFFECT_RULES, effectsOf } from './effects.ts';

const row = (fields: Record<string, unknown>): Row => ({
  id: newId(),
  created_at: 0,
  created_by: null,
  device_id: null,
  ...fields,
});
const step = (table: string, from: string, to: string): Row =>
  row({ table_name: table, row_id: newId(), from_state: from, to_state: to, location_id: null });

describe('what a write sets off', () => {
  test('has an id that follows from kind and cause, and names rows only', () => {
    const claim = row({ state: 'hold', appointment_id: newId(), location_id: newId() });
    const [effect] = effectsOf('slot_claims', claim);
    expect(effectsOf('slot_claims', claim)).toEqual([effect]);
    expect(effect).toEqual({
      id: effect?.id,
      kind: 'slot.granted',
      audience: 'staff',
      table: 'pharma_appointments',
      rowId: claim['appointment_id'],
      locationId: claim['location_id'],
    });
    expect(effectsOf('slot_claims', { ...claim, id: newId() })[0]?.id).not.toBe(effect?.id);
  });

  test('leaves the house for nobody who lost a slot, whatever becomes of the visit', () => {
    const outside = [
      ...effectsOf('slot_claims', row({ state: 'lost', appointment_id: newId() })),
      ...['requested', 'conflict'].flatMap((from) =>
        ['conflict', 'declined', 'cancelled_by_rep', 'cancelled_by_clinic', 'requested'].flatMap(
          (to) => effectsOf('transitions', step('pharma_appointments', from, to)),
        ),
      ),
    ].filter(({ audience }) => audience === 'outside');
    expect(outside).toEqual([]);
    expect(effectsOf('transitions', step('pharma_appointments', 'held', 'confirmed'))).toHaveLength(
      1,
    );
  });

  test('is nothing for a row that is no cause', () => {
    expect(effectsOf('inventory_items', row({ name: 'x' }))).toEqual([]);
    expect(effectsOf('transitions', step('count_sessions', 'submitted', 'posted'))).toEqual([]);
    expect(effectsOf('delivery_tracking', row({ event: 'queued', channel: 'print' }))).toEqual([]);
  });

  test('is written for tables that there are, and steps that can be made', () => {
    for (const { cause, about, when } of EFFECT_RULES) {
      expect(TABLE_NAMES).toContain(cause);
      if (about && cause !== 'transitions')
        expect(tableOf(cause).fields).toHaveProperty(about.field);
      if (cause !== 'transitions' || !about) continue;
      const name = tableOf(about.table).machine?.name as MachineName;
      const states = tableOf(about.table).fields[tableOf(about.table).machine?.field ?? ''];
      const all = states?.kind === 'enum' ? (states.values ?? []) : [];
      const steps = all.flatMap((from) => all.map((to) => [from, to] as const));
      const caught = steps.filter(([from, to]) => when(step(about.table, from, to)));
      expect(caught.some(([from, to]) => findTransition(name, from, to))).toBe(true);
    }
  });
});
