import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mayDo } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import { orderBasis } from '#shared/merge/derive/purchase-order.ts';
import { findTransition } from '#shared/schema/machines.ts';
import type { GrantedRole } from '#shared/schema/roles.ts';
import { offersFor, orderNo, temporaryNo } from './order-rules.ts';
import type { JudgedOrder, Person } from './order-rules.ts';
import { orderStates } from './order-status.tsx';

const SITE = 'site';
const AUTHOR = 'author';
const stamp = (at: number): string => `${String(at).padStart(12, '0')}-0000-0123456789ab`;

function person(role: GrantedRole, userId = 'other', site: string | null = SITE): Person {
  const grants: Grant[] = [{ role, locationId: site, validFrom: 0, validTo: null }];
  return {
    userId,
    grants,
    may: (table, operation, row) => mayDo(grants, userId, table, operation, row),
  };
}

function order(status: string, changes: Partial<JudgedOrder> = {}): JudgedOrder {
  return {
    id: '0190a000-0000-7000-8000-00000000beef',
    location_id: SITE,
    vendor_id: 'vendor',
    urgency: 'routine',
    need_by: null,
    status,
    created_by: AUTHOR,
    field_hlc: { status: stamp(10) },
    lines: [
      {
        id: 'line',
        item_id: 'item',
        unit: 'box',
        base_unit: 'each',
        packs: [{ unit: 'box', qty_per_base: 200_000 }],
        qty_ordered: 20_000,
        unit_price_cents: 10_000,
        removed: false,
        field_hlc: {},
        received_base: 0,
      },
    ],
    decisions: [],
    limits: {},
    ...changes,
  };
}
const approvedBy = (of: JudgedOrder, hlc = stamp(20)) => ({
  ...of,
  decisions: [
    {
      id: 'approval',
      approver_id: 'boss',
      decision: 'approved',
      basis_version: orderBasis(of, of.lines),
      hlc,
    },
  ],
});
const offered = (of: JudgedOrder, who: Person) => [...offersFor(of, who).offers].toSorted();

describe('what is offered', () => {
  test('in a draft: clinical staff, site managers, managers and buyers edit and submit', () => {
    for (const role of ['CS', 'LM', 'MG', 'BUY'] as const) {
      expect(offered(order('draft'), person(role))).toEqual(['cancel', 'edit', 'submit']);
    }
    for (const role of ['FD', 'PR', 'SA'] as const) {
      expect(offered(order('draft'), person(role))).toEqual([]);
    }
  });

  test('a returned order is taken up again by those who may edit more than drafts', () => {
    expect(offered(order('returned'), person('BUY'))).toEqual(['cancel', 'edit', 'submit']);
    expect(offered(order('returned'), person('CS'))).toEqual([]);
  });

  test('an order without lines is not submitted', () => {
    const empty = order('draft', { lines: [] });
    expect(offersFor(empty, person('MG')).hold).toBe('no-lines');
    expect(offered(empty, person('MG'))).toEqual(['cancel', 'edit']);
  });

  test('a submitted order is decided by somebody else, up to their limit', () => {
    // $200.
    expect(offered(order('submitted'), person('LM'))).toEqual(['approve', 'cancel', 'return']);
    expect(offersFor(order('submitted'), person('LM', AUTHOR)).hold).toBe('own-order');
    expect(offered(order('submitted'), person('LM', AUTHOR))).toEqual(['cancel']);
    expect(offersFor(order('submitted'), person('CS')).hold).toBe('no-approval');
    const [line] = order('submitted').lines;
    const dear = order('submitted', {
      lines: line ? [{ ...line, unit_price_cents: 30_000 }] : [],
    });
    // $600: above what a site manager decides alone, but they may send it back.
    expect(offersFor(dear, person('LM')).hold).toBe('above-limit');
    expect(offered(dear, person('LM'))).toEqual(['cancel', 'return']);
    expect(offered(dear, person('MG', 'other', null))).toContain('approve');
    expect(offered({ ...dear, limits: { LM: 100_000 } }, person('LM'))).toContain('approve');
  });

  test('a manager of another site decides nothing here', () => {
    expect(offered(order('submitted'), person('LM', 'other', 'elsewhere'))).toEqual([]);
  });

  test('a decision that was made here waits for the server', () => {
    const decided = approvedBy(order('submitted'));
    expect(offersFor(decided, person('MG')).hold).toBe('waits');
    expect(offered(decided, person('MG'))).toEqual(['cancel']);
  });

  test('an approved order is placed, unless it was changed since', () => {
    const approved = approvedBy(order('approved'));
    expect(offered(approved, person('BUY'))).toEqual(['order']);
    expect(offered(approved, person('MG'))).toEqual(['cancel', 'order']);
    const [line] = approved.lines;
    const changed = { ...approved, lines: line ? [{ ...line, qty_ordered: 90_000 }] : [] };
    expect(offersFor(changed, person('BUY')).hold).toBe('changed');
    expect(offered(changed, person('BUY'))).toEqual([]);
    expect(offered(changed, person('MG'))).toEqual(['approve', 'cancel']);
  });

  test('what is on its way is received; cancelled only while nothing has come', () => {
    expect(offered(order('ordered'), person('MG'))).toEqual(['cancel', 'receive']);
    expect(offered(order('ordered'), person('FD'))).toEqual(['receive']);
    expect(offered(order('ordered'), person('BUY'))).toEqual([]);
    const [line] = order('ordered').lines;
    const come = { lines: line ? [{ ...line, received_base: 10_000 }] : [] };
    expect(offered(order('ordered', come), person('MG'))).toEqual(['receive']);
    expect(offered(order('partially_received', come), person('MG'))).toEqual(['close', 'receive']);
    expect(offered(order('partially_received', come), person('BUY'))).toEqual([]);
    expect(offered(order('received', come), person('BUY'))).toEqual(['close']);
  });

  test('never a step that the machine or the matrix does not have', () => {
    const to = { submit: 'submitted', order: 'ordered', close: 'closed', cancel: 'cancelled' };
    fc.assert(
      fc.property(
        fc.constantFrom(...orderStates),
        fc.constantFrom<GrantedRole>('FD', 'CS', 'PR', 'MG', 'LM', 'BUY', 'SA', 'IT', 'CO'),
        fc.boolean(),
        fc.integer({ min: 0, max: 500_000 }),
        (status, role, own, received) => {
          const who = person(role, own ? AUTHOR : 'other');
          const [line] = order(status).lines;
          const of = order(status, {
            lines: line ? [{ ...line, received_base: received }] : [],
          });
          const { offers } = offersFor(of, who);
          for (const [offer, state] of Object.entries(to)) {
            if (!offers.has(offer as 'submit')) continue;
            const step = findTransition('purchase_order', status, state);
            expect(step).not.toBeNull();
            const needs = step?.needs ?? 'server';
            expect(needs).not.toBe('server');
            if (needs !== 'server') {
              expect(who.may('purchase_orders', needs, { location_id: SITE, status })).toBe(true);
            }
            if (step?.guard === 'no-receipts') expect(received).toBe(0);
          }
          if (own) expect(offers.has('approve')).toBe(false);
        },
      ),
    );
  });
});

test('until it has a number, an order is called by the end of its id', () => {
  const { id } = order('draft');
  expect(temporaryNo(id)).toBe('DRAFT-0BEEF');
  expect(orderNo({ id, po_no: 'PO-2026-00001' })).toBe('PO-2026-00001');
});
