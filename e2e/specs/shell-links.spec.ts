import { expect, test } from '@playwright/test';
import type { Notification } from 'electron';
import { DEMO_PASSWORD } from '../../scripts/dev/demo-people.ts';
import { startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { openItem } from '../screens.ts';

/** Links into the app, the mark beside the clock and notifications, on the real main process. */

const MANAGER = 'manager@ganger.example';
/** What no notification says. */
const SECRET = 'Gauze for somebody';

interface Heard {
  readonly tips: string[];
  readonly notes: Notification[];
}

let world: World;
let device: Device;
let link = '';

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  world = await startWorld();
  device = await world.device('links');
});

test.afterAll(async () => {
  await world?.close();
});

/** As the system does when somebody clicks a link while the app runs. */
const clickLink = (url: string): Promise<void> =>
  device.app.evaluate(({ app }, text) => {
    app.emit('second-instance', {}, ['ganger', text], '/');
  }, url);
const clipboard = (): Promise<string> =>
  device.app.evaluate(({ clipboard: board }) => board.readText());

/** What the desktop is told by the main process from now on; it is told all the same. */
const listen = (): Promise<void> =>
  device.app.evaluate(({ Notification, Tray }) => {
    const heard: Heard = { tips: [], notes: [] };
    Object.assign(globalThis, { heard });
    const { setToolTip } = Tray.prototype;
    Tray.prototype.setToolTip = function tell(words) {
      heard.tips.push(words);
      setToolTip.call(this, words);
    };
    const { show } = Notification.prototype;
    Notification.prototype.show = function tell() {
      heard.notes.push(this);
      show.call(this);
    };
  });
const tip = () =>
  device.app.evaluate(() => (globalThis as unknown as { heard: Heard }).heard.tips.at(-1));
const notes = () =>
  device.app.evaluate(() =>
    (globalThis as unknown as { heard: Heard }).heard.notes.map(({ title, body }) => [title, body]),
  );
/** Nobody looks at the app. */
const lookAway = (): Promise<void> =>
  device.app.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.blur();
  });

test('the mark beside the clock says the state; the end of a first sync is told who looks elsewhere', async () => {
  await listen();
  await device.page.getByTestId('sign-in-email').fill(MANAGER);
  await device.page.getByTestId('sign-in-password').fill(DEMO_PASSWORD);
  await lookAway();
  await device.page.getByTestId('sign-in-submit').click();
  await device.expectSync('synced');
  await expect.poll(tip).toBe('Ganger: All saved');
  expect(await notes()).toEqual([['Ganger', 'Your data is on this device now.']]);
  device.pullNetwork();
  await expect.poll(tip).toBe('Ganger: Offline');
});

test('a change that needs somebody is told without a name; a click leads to it', async () => {
  const { page } = device;
  await page.keyboard.press('Alt+n');
  await page.getByTestId('item-name').fill(SECRET);
  await page.getByTestId('item-sku').fill('LINK-1');
  await page.getByTestId('item-base_unit').fill('box');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('item-detail')).toHaveAttribute('data-sku', 'LINK-1');
  await world.db.query(
    `insert into inventory_items
     select (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid(), 'sku', 'LINK-1',
               'packs', '[]'::jsonb, 'row_xid', pg_current_xact_id()::text))).*
       from inventory_items i where sku = 'GAU-44'`,
  );
  await lookAway();
  device.restoreNetwork();
  await device.expectSync('needs-you');
  await expect.poll(tip).toBe('Ganger: 1 change needs you');
  expect(await notes()).toEqual([expect.anything(), ['Ganger', '1 change needs you']]);
  await device.app.evaluate(() => {
    (globalThis as unknown as { heard: Heard }).heard.notes.at(-1)?.emit('click');
  });
  await expect(page.getByTestId('sync-page')).toBeVisible();
  await page.getByTestId('parked-discard').click();
  await page.getByTestId('parked-discard-confirm').click();
  await device.expectSync('synced');
});

test('a screen has a link that names the page and the record, and not what was typed', async () => {
  const { page } = device;
  await openItem(page, 'GAU-44');
  await page.keyboard.press('Control+Shift+C');
  await expect.poll(clipboard).toMatch(/^ganger:\/\/inventory\/items\/[0-9a-f-]{36}$/);
  link = await clipboard();
});

test('clicked outside, it opens the item, in front of whatever was there', async () => {
  const { page } = device;
  await page.keyboard.press('Alt+2');
  await expect(page.getByTestId('item-detail')).toHaveCount(0);
  await clickLink(link);
  await expect(page.getByTestId('item-detail')).toHaveAttribute('data-sku', 'GAU-44');
});

test('a link that is none of ours, or leads to no page, says so and changes nothing', async () => {
  const { page } = device;
  await page.keyboard.press('Control+Shift+S');
  for (const bad of ['ganger://..%2f..', 'ganger://no-such-page']) {
    await clickLink(bad);
    await expect(page.getByText('leads nowhere in this app').last()).toBeVisible();
    await expect(page.getByTestId('sync-page')).toBeVisible();
  }
});

test('with nobody signed in it waits for the sign-in and is followed then', async () => {
  const { page } = device;
  await page.keyboard.press('Alt+Shift+q');
  await expect(page.getByTestId('sign-in-email')).toBeVisible();
  await clickLink(link);
  await expect(page.getByTestId('sign-in-email')).toBeVisible();
  await device.signIn(MANAGER);
  await expect(page.getByTestId('item-detail')).toHaveAttribute('data-sku', 'GAU-44');
});

test('the words for the desktop hold no name: a link is an id, a notification a number', async () => {
  expect(link).not.toContain('auze');
  const { page } = device;
  await page.keyboard.press('Alt+Shift+n');
  await expect(page.getByText('Notifications are off.')).toBeVisible();
  await page.keyboard.press('Alt+Shift+n');
  await expect(page.getByText('Notifications are on.')).toBeVisible();
});
