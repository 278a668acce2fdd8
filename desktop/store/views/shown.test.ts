import { expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { STORE_VIEWS } from './registry.ts';
import { shownBy, shownRows, showsPeople } from './shown.ts';

test('these views show something that counts, and no others: a new one belongs here or shows nothing', () => {
  const counting = Object.entries(STORE_VIEWS)
    .filter(([, view]) => showsPeople(view))
    .map(([name]) => name);
  expect(counting).toEqual([
    'patients.search',
    'patients.matches',
    'patients.day',
    'patients.timeline',
    'review.inbox',
    'stock.trace',
    'vials.events',
    'samples.log',
  ]);
});

test('whom stock was used for is shown by those rows of a lot that name somebody', () => {
  const [use, patient] = [newId(), newId()];
  const events = [
    { id: use, patient: { patient_id: patient } },
    { id: newId(), patient: null },
  ];
  const shown = [{ kind: 'list', table: 'patient_uses', records: [{ id: use, patient }] }];
  expect(shownBy(STORE_VIEWS['stock.trace'] as never, { lotId: newId() }, { events })).toEqual(
    shown,
  );
  expect(shownBy(STORE_VIEWS['vials.events'] as never, { vialId: newId() }, events)).toEqual(shown);
  expect(shownBy(STORE_VIEWS['stock.trace'] as never, { lotId: newId() }, null)).toEqual([]);
});

test('a view that nobody has told anything is taken at its word', () => {
  const patient = newId();
  const [a, b] = [newId(), newId()];
  const view = { reads: ['locations', 'coverages', 'patients'] };
  expect(shownBy(view, { patientId: patient, limit: 3 }, { rows: [] })).toEqual([
    { kind: 'record', table: 'patients', records: [{ id: patient, patient }] },
  ]);
  const rows = [
    { id: a, patient_id: patient, reason: 'x' },
    { id: b, patient_id: null },
    { name: 'no id' },
  ];
  expect(shownBy(view, { siteId: a }, rows)).toEqual([
    {
      kind: 'list',
      table: 'coverages',
      records: [
        { id: a, patient },
        { id: b, patient: null },
      ],
    },
  ]);
  expect(shownBy(view, {}, [])).toEqual([]);
  expect(shownBy({ reads: ['inventory_items'] }, { patientId: patient }, rows)).toEqual([]);
});

test('rows that a window asked a table for: of one that counts, about whom they are', () => {
  const [id, patient] = [newId(), newId()];
  expect(shownRows('appointments', [{ id, patient_id: patient }], false)).toEqual({
    kind: 'list',
    table: 'appointments',
    records: [{ id, patient }],
  });
  expect(shownRows('patients', [{ id: patient }], true)).toEqual({
    kind: 'record',
    table: 'patients',
    records: [{ id: patient, patient }],
  });
  expect(shownRows('patients', [], true)).toBeNull();
  expect(shownRows('inventory_items', [{ id }], true)).toBeNull();
});

test('the day shows its visits, a search only who was found', () => {
  const [visit, patient] = [newId(), newId()];
  expect(
    shownBy(STORE_VIEWS['patients.day'], { locationId: newId(), date: '2026-11-30' }, [
      { id: visit, patient_id: patient },
    ]),
  ).toEqual([{ kind: 'list', table: 'appointments', records: [{ id: visit, patient }] }]);
  const found = { held: 1, total: 1, rows: [{ id: patient }] };
  const term = { text: 'ro', digits: '', births: [] };
  const names = { kind: 'names', table: 'patients', records: [{ id: patient, patient }] };
  expect(shownBy(STORE_VIEWS['patients.search'], { terms: [term] }, found)).toEqual([
    { ...names, isFound: true },
  ]);
  expect(shownBy(STORE_VIEWS['patients.search'], { terms: [] }, found)).toEqual([
    { ...names, isFound: false },
  ]);
});

test('of contested records those that are about people', () => {
  const [row, patient] = [newId(), newId()];
  const groups = [
    { table_name: 'inventory_items', row_id: newId(), scope: {} },
    { table_name: 'patients', row_id: patient, scope: {} },
    { table_name: 'authorization_requests', row_id: row, scope: { patient_id: patient } },
  ];
  expect(shownBy(STORE_VIEWS['review.inbox'], { limit: 9, itemId: null }, groups)).toEqual([
    { kind: 'list', table: 'patients', records: [{ id: patient, patient }] },
    { kind: 'list', table: 'authorization_requests', records: [{ id: row, patient }] },
  ]);
});
