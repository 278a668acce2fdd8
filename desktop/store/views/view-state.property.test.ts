import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DOWNSTREAM_CONTEXT } from '#desktop/storage/origin.ts';
import type { CommitNotice } from '#desktop/storage/storage-types.ts';
import { ListPatch, patched } from '#shared/ipc/port.ts';
import type { ViewName } from '#shared/ipc/views.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { STORE_VIEWS } from './registry.ts';
import { patientRow, visitRow } from './patients.suite.ts';
import { TestStore, at, rowOf } from './store.suite.ts';
import { ViewState } from './view-state.ts';

const id = (kind: string, n: number): string => derivedId(kind, String(n));
const small = fc.nat({ max: 3 });
const minute = fc.nat({ max: 60 });

const item = fc.record({
  n: small,
  name: fc.constantFrom('Gauze', 'gauze', 'Ärmel', '𝒳', '\uffee'),
});
type Step = (store: TestStore) => Promise<void>;
const step = (label: string, run: Step): Step & { toString(): string } =>
  Object.assign(run, { toString: () => label });

/** Everything that can happen to the tables of the inventory, by this device and by the server. */
const steps: fc.Arbitrary<Step> = fc.oneof(
  item.map(({ n, name }) =>
    step(`item ${n} ${name}`, (store) => store.put('inventory_items', [itemRow(n, name)])),
  ),
  fc.record({ n: small, site: small, par: fc.nat({ max: 5 }), gone: fc.boolean() }).map((place) =>
    step(`place ${JSON.stringify(place)}`, (store) =>
      store.put('item_locations', [
        {
          ...rowOf('item_locations', {
            id: id('place', place.n),
            item_id: id('item', place.n % 3),
            location_id: id('site', place.site % 2),
            par: place.par,
            is_stocked: true,
            field_hlc: {},
          }),
          _deleted: place.gone,
        } as never,
      ]),
    ),
  ),
  fc
    .record({
      n: fc.nat({ max: 30 }),
      item: small,
      site: small,
      lot: fc.option(fc.constantFrom('A', 'B')),
      minute,
      quantity: fc.integer({ min: 1, max: 9 }),
      kind: fc.constantFrom('receive', 'issue', 'transfer_out', 'transfer_in'),
      server: fc.boolean(),
    })
    .map((act) =>
      step(`act ${JSON.stringify(act)}`, (store) =>
        store.act([actRow(act)], act.server ? `${DOWNSTREAM_CONTEXT}x` : 'test'),
      ),
    ),
  fc
    .record({ n: small, item: small, drawn: fc.nat({ max: 2 }), server: fc.boolean() })
    .map((vial) =>
      step(`vial ${JSON.stringify(vial)}`, (store) =>
        store.act(vialRows(vial), vial.server ? `${DOWNSTREAM_CONTEXT}x` : 'test', 'vial_acts'),
      ),
    ),
  fc
    .record({
      n: small,
      minute,
      status: fc.constantFrom('open', 'in_review', 'posted', 'voided'),
      blind: fc.boolean(),
      server: fc.boolean(),
    })
    .map((session) =>
      step(`session ${JSON.stringify(session)}`, (store) =>
        store.put(
          'count_sessions',
          [
            rowOf('count_sessions', {
              id: id('session', session.n),
              location_id: id('site', session.n % 2),
              kind: 'spot',
              blind: session.blind,
              status: session.status,
              counted_by: id('user', 0),
              started_at: at(session.minute).ms,
              field_hlc: {},
            }),
          ],
          session.server ? `${DOWNSTREAM_CONTEXT}x` : 'test',
        ),
      ),
    ),
  fc.record({ n: fc.nat({ max: 9 }), item: small, session: small, minute }).map((line) =>
    step(`line ${JSON.stringify(line)}`, (store) =>
      store.put('count_lines', [
        rowOf('count_lines', {
          // A fact never changes: what else it says, it is another one.
          id: id(`line ${line.item} ${line.session} ${line.minute}`, line.n),
          location_id: id('site', line.session % 2),
          hlc: at(line.minute).hlc,
          session_id: id('session', line.session),
          item_id: id('item', line.item),
          lot_id: null,
          counted_qty: line.n * 10_000,
          counted_at: at(line.minute).ms,
          counter_id: id('user', 0),
          pass: 1,
        }),
      ]),
    ),
  ),
  fc
    .record({ n: small, minute, status: fc.constantFrom('draft', 'shipped', 'cancelled') })
    .map(({ n, minute: made, status }) =>
      step(`transfer ${n} ${made} ${status}`, (store) =>
        store.put('transfers', [
          rowOf('transfers', {
            id: id('transfer', n),
            created_at: at(made).ms,
            site_ids: [id('site', 0), id('site', 1)].toSorted(),
            location_id: id('site', n % 2),
            to_location_id: id('site', (n + 1) % 2),
            wanted: [{ item_id: id('item', n), qty_base: 10_000 }],
            status,
            field_hlc: {},
          }),
        ]),
      ),
    ),
  fc.record({ n: small, decision: fc.option(fc.constantFrom('recount', 'posted')) }).map((review) =>
    step(`review ${JSON.stringify(review)}`, (store) =>
      store.put('review_items', [
        rowOf('review_items', {
          id: id('review', review.n),
          location_id: null,
          kind: 'count_variance',
          table_name: 'count_sessions',
          row_id: id('session', review.n),
          field: null,
          facts: {},
          status: review.decision === null ? 'open' : 'decided',
          decision: review.decision,
          decided_by: review.decision === null ? null : id('user', 0),
          field_hlc: {},
        }),
      ]),
    ),
  ),
  fc.record({ n: small, minute, item: small }).map((conflict) =>
    step(`conflict ${JSON.stringify(conflict)}`, (store) =>
      store.put('conflict_log', [
        rowOf('conflict_log', {
          id: id('conflict', conflict.n),
          location_id: null,
          table_name: 'inventory_items',
          row_id: id('item', conflict.item),
          field: 'name',
          rule: 'LWW',
          kept_value: 'Gauze',
          kept_by: id('user', 0),
          kept_hlc: at(conflict.minute).hlc,
          lost_value: 'gauze',
          lost_by: id('user', 1),
          lost_hlc: at(conflict.minute).hlc,
        }),
      ]),
    ),
  ),
  fc
    .record({
      n: small,
      status: fc.constantFrom('draft', 'submitted', 'cancelled'),
      minute,
      server: fc.boolean(),
    })
    .map((order) =>
      step(`order ${JSON.stringify(order)}`, (store) =>
        store.put(
          'purchase_orders',
          [
            rowOf('purchase_orders', {
              id: id('order', order.n),
              created_at: at(order.minute).ms,
              location_id: id('site', order.n % 2),
              vendor_id: id('vendor', 0),
              urgency: 'routine',
              status: order.status,
              field_hlc: { status: at(order.minute).hlc },
            }),
          ],
          order.server ? `${DOWNSTREAM_CONTEXT}x` : 'test',
        ),
      ),
    ),
  fc
    .record({
      n: fc.nat({ max: 9 }),
      order: small,
      item: small,
      quantity: small,
      out: fc.boolean(),
    })
    .map((line) =>
      step(`order line ${JSON.stringify(line)}`, (store) =>
        store.put('purchase_order_lines', [
          rowOf('purchase_order_lines', {
            id: id(`order line ${line.order}`, line.n),
            location_id: id('site', line.order % 2),
            order_id: id('order', line.order),
            item_id: id('item', line.item),
            unit: 'piece',
            qty_ordered: line.quantity * 10_000,
            unit_price_cents: 250,
            substitutes: [],
            removed: line.out,
            field_hlc: {},
          }),
        ]),
      ),
    ),
  fc.record({ n: small, order: small, minute, sends: fc.boolean() }).map((approval) =>
    step(`approval ${JSON.stringify(approval)}`, (store) =>
      store.put('po_approvals', [
        rowOf('po_approvals', {
          id: id(`approval ${approval.order} ${approval.minute} ${approval.sends}`, approval.n),
          location_id: id('site', approval.order % 2),
          hlc: at(approval.minute).hlc,
          order_id: id('order', approval.order),
          approver_id: id('user', 0),
          decision: approval.sends ? 'returned' : 'approved',
          amount_cents: 0,
          basis_version: 'seen',
        }),
      ]),
    ),
  ),
  fc
    .record({ n: small, name: fc.constantFrom('Rosa', 'Ana') })
    .map(({ n, name }) =>
      step(`user ${n} ${name}`, (store) =>
        store.put('users', [
          rowOf('users', { id: id('user', n), display_name: name, status: 'active' }),
        ]),
      ),
    ),
  fc
    .record({ n: small, name: fc.constantFrom('Rosa', 'Ana'), joined: fc.boolean() })
    .map(({ n, name, joined }) =>
      step(`patient ${n} ${name}`, (store) =>
        store.put('patients', [
          patientRow(`${name} Delgado`, {
            id: id('patient', n),
            merged_into_id: joined ? id('patient', 0) : null,
          }),
        ]),
      ),
    ),
  fc
    .record({ n: small, patient: small, day: fc.integer({ min: 21, max: 23 }), came: fc.boolean() })
    .map(({ n, patient, day, came }) =>
      step(`visit ${n} of ${patient} on ${day}`, async (store) => {
        const visit = {
          location_id: id('site', 0),
          patient_id: id('patient', patient),
          local_date: `2026-11-${day}`,
        };
        await store.put('appointments', [
          visitRow(String(n), { ...visit, id: id('visit', n), starts_at: at(day).ms }),
        ]);
        if (!came) return;
        await store.put('check_in_records', [
          rowOf('check_in_records', {
            ...visit,
            id: id('came', n),
            hlc: at(day).hlc,
            appointment_id: id('visit', n),
            event: 'arrived',
            source: 'desk',
            occurred_at: at(day).ms,
          }),
        ]);
      }),
    ),
  fc
    .tuple(
      fc.constantFrom(
        'inventory_items',
        'item_locations',
        'count_lines',
        'stock_movements',
        'vial_acts',
        'purchase_orders',
        'purchase_order_lines',
        'patients',
        'appointments',
      ),
      small,
    )
    .map(([table, n]) =>
      step(`purge ${table} ${n}`, (store) => {
        const all = store.database.read<{ id: string }>(`select id from live_${table} order by id`);
        const gone = all[n]?.id;
        if (gone) store.storage.purge(table, [gone], { unsent: 'purge' });
        return Promise.resolve();
      }),
    ),
  fc.constantFrom('stock_acts', 'count_lines', 'vial_acts').map((table) =>
    step(`release ${table}`, (store) => {
      const all = store.database.read<{ id: string }>(`select id from live_${table} order by id`);
      store.storage.release(
        table,
        all.map((row) => row.id),
      );
      return Promise.resolve();
    }),
  ),
);

const itemRow = (n: number, name: string) =>
  rowOf('inventory_items', {
    id: id('item', n),
    name,
    kind: 'supply',
    sku: `S-${n}`,
    base_unit: 'piece',
    packs: [],
    lot_policy: 'optional',
    expiry_policy: 'optional',
    controlled_schedule: 'none',
    hazardous: false,
    status: 'active',
    field_hlc: {},
  });

/** A container that is opened, and what is drawn from it; each once. */
function vialRows({ n, item: itemOf, drawn }: { n: number; item: number; drawn: number }) {
  const { ms, hlc } = at(n);
  const vial = id(`vial of ${itemOf}`, n);
  const of = {
    created_at: ms,
    created_by: id('user', 0),
    hlc,
    location_id: id('site', n % 2),
    item_id: id('item', itemOf),
    unit: 'U',
    occurred_at: ms,
    local_date: '2026-11-22',
    for_patient: false,
  };
  const line = {
    item_id: of.item_id,
    qty_base: 10_000,
    lot_no: null,
    expiry_date: null,
    serial: '',
    entered_unit: 'piece',
    entered_qty: '1',
    unit_cost_cents: null,
  };
  return [
    rowOf('vial_acts', { ...of, id: vial, step: 'open', line, units: 20_000 }),
    ...Array.from({ length: drawn }, (_, nth) =>
      rowOf('vial_acts', {
        ...of,
        id: id(`drawn from ${vial}`, nth),
        step: 'draw',
        vial_id: vial,
        units: 10_000,
      }),
    ),
  ];
}

function actRow(act: {
  n: number;
  item: number;
  site: number;
  lot: string | null;
  minute: number;
  quantity: number;
  kind: string;
}) {
  const { ms, hlc } = at(act.minute);
  return rowOf('stock_acts', {
    id: id(`act ${JSON.stringify(act)}`, act.n),
    created_at: ms,
    created_by: id('user', 0),
    hlc,
    kind: act.kind,
    location_id: id('site', act.site % 2),
    occurred_at: ms,
    local_date: '2026-11-22',
    lines: [
      {
        item_id: id('item', act.item),
        qty_base: act.quantity * 10_000,
        lot_no: act.lot,
        expiry_date: act.lot ? '2027-05-31' : null,
        serial: '',
        entered_unit: 'piece',
        entered_qty: String(act.quantity),
        unit_cost_cents: act.quantity * 10,
        ...(act.kind.startsWith('transfer')
          ? { ref_type: 'transfer', ref_id: id('transfer', act.item) }
          : {}),
      },
    ],
  });
}

const WATCHED: readonly (readonly [ViewName, unknown])[] = [
  ['inventory.list', {}],
  ['inventory.lots', { itemId: id('item', 1) }],
  ['inventory.history', { itemId: null, limit: 4 }],
  ['inventory.history', { itemId: id('item', 1), limit: 50 }],
  ['inventory.counts', { limit: 2 }],
  ['inventory.counts', { limit: 50 }],
  ['inventory.countPlan', { locationId: id('site', 0) }],
  ['inventory.countFar', { sessionId: id('session', 1) }],
  ['review.inbox', { limit: 2, itemId: null }],
  ['inventory.codes', {}],
  ['search.items', {}],
  ['orders.list', { limit: 2 }],
  ['orders.list', { limit: 50 }],
  ['orders.reorder', { siteId: id('site', 0), since: '2026-11-01' }],
  ['patients.search', { terms: [], today: '2026-11-22', limit: 2 }],
  [
    'patients.search',
    { terms: [{ text: 'r', digits: '', births: [] }], today: '2026-11-22', limit: 50 },
  ],
  ['patients.day', { locationId: id('site', 0), date: '2026-11-22' }],
  ['patients.timeline', { patientId: id('patient', 1), limit: 50 }],
  ['inventory.places', {}],
  ['inventory.pictures', {}],
  ['inventory.safety', {}],
  ['stock.levels', { usedSince: '2026-01-01' }],
  ['stock.lots', { itemIds: [id('item', 1), id('item', 2)], siteId: id('site', 0) }],
  ['stock.transfers', { limit: 2 }],
  ['vials.list', { closedSince: 0 }],
  ['vials.events', { vialId: id('vial of 1', 1) }],
  ['samples.log', { since: 0, limit: 3 }],
  ['stock.negative', { itemId: id('item', 1), siteId: id('site', 0) }],
];

async function seed(store: TestStore): Promise<void> {
  for (const n of [0, 1]) {
    await store.put('locations', [
      rowOf('locations', {
        id: id('site', n),
        code: `S${n}`,
        name: `Site ${n}`,
        time_zone: 'America/New_York',
        active: true,
      }),
    ]);
  }
  await store.put('users', [
    rowOf('users', { id: id('user', 0), display_name: 'Rosa Delgado', status: 'active' }),
  ]);
  await store.put('vendors', [
    rowOf('vendors', {
      id: id('vendor', 0),
      name: 'Vendor',
      order_channel: 'email',
      active: true,
      field_hlc: {},
    }),
  ]);
  await store.put('inventory_items', [itemRow(0, 'Gauze'), itemRow(1, 'Tape')]);
}

test('whatever is written, an answer that was kept up to date is the one computed from scratch', async () => {
  let refreshed = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(steps, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 }),
      async (batches) => {
        const store = await TestStore.open();
        try {
          await seed(store);
          const read = store.database.read.bind(store.database);
          const views = WATCHED.map(([name, arg]) => {
            const state = new ViewState(STORE_VIEWS[name], arg);
            const first = state.run(read, null);
            return { name, arg, state, shown: JSON.parse(first?.json ?? '[]') as unknown[] };
          });
          let changes: Map<string, Set<string>> | null = new Map();
          const note = ({ collections, ids }: CommitNotice): void => {
            for (const name of collections) {
              const told = ids?.[name];
              if (!told) changes = null;
              else if (changes) {
                changes.set(name, new Set([...(changes.get(name) ?? []), ...told]));
              }
            }
          };
          store.storage.changes$.subscribe(note);
          store.storage.waiting$.subscribe(note);
          for (const batch of batches) {
            for (const one of batch) await one(store);
            for (const view of views) {
              const told = view.state.run(read, changes);
              const fresh = new ViewState(STORE_VIEWS[view.name], view.arg);
              // By a function of its own: what views remember of a database they remember by it.
              fresh.run(store.database.read.bind(store.database), null);
              expect(view.state.whole()).toBe(fresh.whole());
              if (told?.isPatch) {
                refreshed += 1;
                const patch = ListPatch.parse(JSON.parse(told.json));
                view.shown = patched(view.shown, patch) ?? ['patch does not fit'];
              } else if (told) {
                view.shown = JSON.parse(told.json) as unknown[];
              }
              expect(view.shown).toEqual(JSON.parse(fresh.whole() ?? '[]'));
            }
            changes = new Map();
          }
        } finally {
          store.close();
        }
      },
    ),
    { numRuns: 40 },
  );
  expect(refreshed).toBeGreaterThan(10);
}, 120_000);
