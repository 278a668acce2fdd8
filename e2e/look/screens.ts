import type { Page } from '@playwright/test';
import type pg from 'pg';
import { HELP_EN } from '#shared/i18n/help.en.ts';
import type { Look } from './looks.ts';

/** Who looks: people see different screens. */
export const WHO = {
  manager: 'manager@ganger.example',
  desk: 'frontdesk@ganger.example',
  boss: 'superadmin@ganger.example',
} as const;
export type Who = keyof typeof WHO;

/** One screen in one state, and the way to it. */
export interface Screen {
  readonly name: string;
  readonly who: Who;
  /** Address of the window, after the `#`. */
  readonly at: string;
  /** What is opened on it. */
  readonly open?: (page: Page) => Promise<void>;
}

const click =
  (...testIds: string[]) =>
  async (page: Page): Promise<void> => {
    for (const testId of testIds) await page.getByTestId(testId).first().click();
  };
const press =
  (keys: string) =>
  (page: Page): Promise<void> =>
    page.keyboard.press(keys);

const screen =
  (who: Who) =>
  (name: string, at: string, open?: Screen['open']): Screen => ({
    name,
    who,
    at,
    ...(open ? { open } : {}),
  });
const manager = screen('manager');
const desk = screen('desk');
const boss = screen('boss');

/** What is there whatever the data: pages, forms, menus, dialogs. */
const ALWAYS: readonly Screen[] = [
  manager('items', '/inventory'),
  manager('items-below', '/inventory?only=below'),
  manager('items-none', '/inventory?q=zzzz'),
  manager('catalogue-menu', '/inventory', click('catalog-menu')),
  manager('stock-menu', '/inventory', click('stock-menu')),
  manager('table-columns', '/inventory', click('grid-columns')),
  manager('table-filter', '/inventory', click('grid-filter')),
  manager('table-views', '/inventory', click('grid-views')),
  manager('receive', '/inventory/receive'),
  manager('receive-faults', '/inventory/receive', click('receive-finish')),
  manager('vials', '/inventory/vials'),
  manager('vial-open', '/inventory/vials', click('vials-open')),
  manager('samples', '/inventory/samples'),
  manager('samples-months', '/inventory/samples?view=months'),
  manager('sample-receive', '/inventory/samples', click('samples-receive')),
  manager('samples-month', '/inventory/samples', click('samples-reconcile')),
  manager('duplicates', '/inventory/duplicates'),
  manager('duplicates-apart', '/inventory/duplicates?apart=true'),
  manager('lots', '/inventory/lots'),
  manager('lots-missing', '/inventory/lots?missing=true'),
  manager('vendors', '/vendors'),
  manager('vendor-new', '/vendors', click('vendor-new')),
  manager('unmatched', '/inventory/unmatched'),
  manager('item-new', '/inventory/new'),
  manager('item-new-faults', '/inventory/new', click('item-create')),
  manager('levels', '/inventory/levels'),
  manager('import-items', '/inventory/import'),
  manager('safety', '/inventory/safety'),
  manager('safety-sheet', '/inventory/safety', async (page) => {
    await page.getByTestId('safety-search').fill('a');
  }),
  manager('safety-new', '/inventory/safety?edit=new'),
  manager('safety-incomplete', '/inventory/safety?incomplete=true'),
  manager('issue', '/inventory/issue'),
  manager('issue-faults', '/inventory/issue', click('take-finish')),
  manager('waste', '/inventory/waste'),
  manager('transfers', '/inventory/transfers'),
  manager('transfer-new', '/inventory/transfers?new=true'),
  manager('arrive', '/inventory/arrive'),
  manager('alerts', '/inventory/alerts'),
  manager('alert', '/inventory/alerts', click('alert-row')),
  manager('expiry', '/inventory/expiry'),
  manager('counts', '/counts'),
  manager('count-start', '/counts?start=true'),
  manager('orders', '/orders'),
  manager('order-make', '/orders?make=true'),
  manager('reorder', '/orders/reorder'),
  manager('review', '/review'),
  manager('sync', '/sync'),
  manager('away', '/away'),
  manager('nowhere', '/no/such/page'),
  manager('search', '/inventory', press('Control+k')),
  manager('search-found', '/inventory', async (page) => {
    await page.keyboard.press('Control+k');
    await page.getByTestId('palette-input').fill('lid');
    await page.getByRole('option').first().waitFor();
  }),
  manager('search-nothing', '/inventory', async (page) => {
    await page.keyboard.press('Control+k');
    await page.getByTestId('palette-input').fill('zzzz');
  }),
  manager('keys', '/inventory', press('Control+/')),
  manager('user-menu', '/inventory', click('user-menu')),
  manager('sync-chip', '/inventory', click('sync-chip')),
  manager('keys-of-data', '/inventory', press('Alt+Shift+K')),
  manager('backup', '/inventory', press('Alt+Shift+B')),
  manager('restore', '/inventory', press('Alt+Shift+O')),
  manager('remove', '/inventory', press('Alt+Shift+W')),
  ...Object.keys(HELP_EN).map((name) => manager(`help-${name}`, `/help/${name}`)),

  desk('desk-items', '/inventory'),
  desk('patients', '/patients'),
  desk('patients-none', '/patients', async (page) => {
    await page.getByTestId('patient-search').fill('zzzz');
  }),
  desk('import-patients', '/patients/import'),
  desk('visits', '/visits'),
  desk('visits-none', '/visits?date=2027-12-25'),
  desk('walk-in', '/visits/walk-in'),
  desk('walk-in-faults', '/visits/walk-in', click('walk-in-finish')),
  desk('desk-review', '/review'),

  boss('people', '/administration/people'),
  boss('person', '/administration/people', click('person-row')),
  boss('devices', '/administration/devices'),
  boss('device', '/administration/devices', click('device-row')),
  boss('sites', '/administration/sites'),
  boss('audit', '/administration/audit'),
  boss('audit-entry', '/administration/audit', click('audit-row')),
  boss('audit-chains', '/administration/audit', click('read-chains-open')),
  boss('messages', '/administration/outbox'),
  boss('person-invite', '/administration/people', click('person-invite')),
  boss('health', '/administration/health'),
  boss('about', '/administration/about'),
];

/** With 3,000 items: where all of them stand. */
const OF_MANY = [
  'items',
  'items-below',
  'levels',
  'receive',
  'count-start',
  'reorder',
  'alerts',
  'search-found',
  'desk-items',
];

/** The screens of the app: every address, and what opens on it. */
export async function screensOf(db: pg.Pool, data: Look['data']): Promise<Screen[]> {
  if (data === 'bare') return [...ALWAYS];
  if (data === 'many') return ALWAYS.filter(({ name }) => OF_MANY.includes(name));
  const one = async (sql: string): Promise<string> => {
    const { rows } = await db.query<{ id: string }>(sql);
    if (!rows[0]) throw new Error(`nothing in the demo data for: ${sql}`);
    return rows[0].id;
  };
  const byStatus = async (table: string): Promise<{ status: string; id: string }[]> =>
    (
      await db.query<{ status: string; id: string }>(
        `select distinct on (status) status, id from ${table} order by status, created_at desc`,
      )
    ).rows;
  const item = await one(`select id from inventory_items where sku = 'LID-1-EPI'`);
  const lot = await one(
    `select l.id from inventory_lots l join stock_movements m on m.lot_id = l.id
      where m.type = 'issue' group by l.id order by count(*) desc limit 1`,
  );
  const order = await one(
    `select id from purchase_orders where status in ('ordered', 'partially_received')
      order by created_at desc limit 1`,
  );
  const patient = await one(
    `select a.patient_id as id from appointments a join locations l on l.id = a.location_id
      where l.code = 'AA' and a.local_date = (now() at time zone l.time_zone)::date
      order by a.starts_at limit 1`,
  );
  const site = await one(`select id from locations where code = 'AA'`);

  return [
    ...ALWAYS,
    manager('item-stock', `/inventory?item=${item}`),
    manager('item-lots', `/inventory?item=${item}&tab=lots`),
    manager('item-about', `/inventory?item=${item}&tab=item`),
    manager('item-files', `/inventory?item=${item}&tab=files`),
    manager('item-history', `/inventory?item=${item}&tab=history`),
    manager('item-label', `/inventory?item=${item}`, click('label-open')),
    manager('duplicate', '/inventory/duplicates', click('duplicate-row')),
    manager('vendor', '/vendors', click('vendor-row')),
    manager('vial', '/inventory/vials', click('vial-row')),
    manager('vial-draw', '/inventory/vials', click('vial-row', 'vial-draw')),
    manager('vial-discard', '/inventory/vials', click('vial-row', 'vial-discard')),
    manager('receive-order', `/inventory/receive?order=${order}`),
    manager('unmatched-one', '/inventory/unmatched', click('unmatched-row')),
    ...(await byStatus('transfers')).map(({ status, id }) =>
      manager(`transfer-${status}`, `/inventory/transfers?transfer=${id}`),
    ),
    manager('lot', `/inventory/lot?lot=${lot}`),
    ...(await byStatus('count_sessions')).map(({ status, id }) =>
      manager(`count-${status}`, `/counts?count=${id}`),
    ),
    ...(await byStatus('purchase_orders')).map(({ status, id }) =>
      manager(`order-${status}`, `/orders?order=${id}`),
    ),
    manager('order-summary', `/orders?order=${order}`, click('order-summary')),
    manager('order-prices', `/orders?order=${order}`, async (page) => {
      await page.locator('[data-testid^="order-prices-"]').first().click();
    }),
    manager('reorder-one', '/orders/reorder', click('reorder-row')),
    manager('reorder-ask', '/orders/reorder', click('reorder-row', 'reorder-ask')),
    desk('patient', `/patients?patient=${patient}`, async (page) => {
      await page.getByTestId('patient-search').fill('');
    }),
    desk('propose', `/patients?patient=${patient}`, click('propose-open')),
    desk('visit', '/visits', click('visit-row')),
    boss('site', `/administration/sites?id=${site}`),
    boss('setting', `/administration/sites?id=${site}`, async (page) => {
      await page.locator('[data-testid^="change-"]').first().click();
    }),
  ];
}
