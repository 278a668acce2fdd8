import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { crc32 as crc, deflateSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { openItem } from '../screens.ts';

const ITEM = 'GAU-44';
const MANAGER = 'manager@ganger.example';
const SATELLITE = 'satellite@ganger.example';
const SHEET_BYTES = 6 * 1024 * 1024;

let world: World;
let manager: Device;
let satellite: Device;
let folder: string;
let photo: Buffer;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'ganger-e2e-files-'));
  photo = picture(640, 420);
  writeFileSync(path.join(folder, 'Shelf in room 3.png'), photo);
  const sheet = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(SHEET_BYTES)]);
  writeFileSync(path.join(folder, 'Safety sheet.pdf'), sheet);
  writeFileSync(
    path.join(folder, 'Setup.pdf'),
    Buffer.concat([Buffer.from('MZ'), randomBytes(5000)]),
  );
  world = await startWorld();
  manager = await world.device('manager');
  satellite = await world.device('satellite');
  await manager.signIn(MANAGER);
  await satellite.signIn(SATELLITE);
  await manager.expectSync('synced');
  await satellite.expectSync('synced');
});

test.afterAll(async () => {
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

const attach = (device: Device, ...names: readonly string[]) =>
  device.page
    .getByTestId('files-drop-input')
    .setInputFiles(names.map((name) => path.join(folder, name)));
const openFiles = async (device: Device): Promise<void> => {
  await openItem(device.page, ITEM);
  await device.page.getByTestId('tab-files').click();
};
const row = (device: Device, caption: string) =>
  device.page
    .getByTestId('file-row')
    .filter({ has: device.page.locator(`input[value="${caption}"]`) });
const status = (device: Device, caption: string) =>
  row(device, caption).getAttribute('data-status');

test('offline, a photo is attached at once and can be looked at; a program is refused', async () => {
  await openFiles(manager);
  await expect(manager.page.getByTestId('empty-state')).toBeVisible();
  manager.pullNetwork();
  await manager.expectSync('offline');
  await attach(manager, 'Shelf in room 3.png', 'Setup.pdf');
  await expect(row(manager, 'Shelf in room 3')).toBeVisible();
  await expect(manager.page.getByTestId('file-problem')).toContainText('FILE_TYPE_REFUSED');
  await manager.page.getByTestId('file-dismiss').click();
  await row(manager, 'Shelf in room 3').getByTestId('file-open').click();
  const shown = manager.page.getByTestId('file-picture');
  await expect(shown).toBeVisible();
  expect(await shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(640);
  await manager.page.screenshot({ path: path.join(SCREENSHOTS, 'file-preview.png') });
  await manager.page.keyboard.press('Escape');
  await expect(shown).toBeHidden();
});

test('the line is cut in the middle of a large one, the app is killed, and it still arrives', async () => {
  await attach(manager, 'Safety sheet.pdf');
  await expect(row(manager, 'Safety sheet')).toBeVisible();
  // Slow enough for a person to see it.
  manager.slowNetwork(1_500_000);
  manager.restoreNetwork();
  const large = row(manager, 'Safety sheet');
  await expect(large).toHaveAttribute('data-status', 'uploading', { timeout: 60_000 });
  await expect
    .poll(async () => Number(await large.getAttribute('data-percent')), { timeout: 60_000 })
    .toBeGreaterThan(10);
  await manager.page.screenshot({ path: path.join(SCREENSHOTS, 'files.png') });
  manager.pullNetwork();
  await expect(large).toHaveAttribute('data-status', 'offline', { timeout: 30_000 });
  await manager.powerCut();

  manager.slowNetwork(null);
  manager.restoreNetwork();
  await manager.start();
  await openFiles(manager);
  for (const caption of ['Safety sheet', 'Shelf in room 3']) {
    await expect.poll(() => status(manager, caption), { timeout: 60_000 }).toBe('on-server');
  }
  const { rows } = await world.db.query<{ n: number; state: string }>(
    `select count(*)::int as n, min(upload_state) as state from file_uploads`,
  );
  expect(rows).toEqual([{ n: 2, state: 'complete' }]);
  // One stored copy each, and no part left over.
  await expect.poll(() => storedFiles(world.filesDir)).toHaveLength(2);
});

test('somebody at another site opens both, also when the network is gone again', async () => {
  await openFiles(satellite);
  await expect
    .poll(() => status(satellite, 'Shelf in room 3'), { timeout: 30_000 })
    .toBe('on-server');
  await row(satellite, 'Shelf in room 3').getByTestId('file-open').click();
  await expect(satellite.page.getByTestId('file-picture')).toBeVisible();
  await satellite.page.keyboard.press('Escape');
  satellite.pullNetwork();
  await satellite.expectSync('offline');
  await row(satellite, 'Shelf in room 3').getByTestId('file-open').click();
  const shown = satellite.page.getByTestId('file-picture');
  await expect(shown).toBeVisible();
  const hash = await shown.evaluate(async (img: HTMLImageElement) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [img.naturalWidth, img.naturalHeight];
    const context = canvas.getContext('2d');
    context?.drawImage(img, 0, 0);
    return [...(context?.getImageData(320, 210, 1, 1).data ?? [])].join(',');
  });
  expect(hash).toBe('15,118,110,255');
  await satellite.page.keyboard.press('Escape');
  satellite.restoreNetwork();
});

test('no file lies on a device in clear', async () => {
  for (const device of [manager, satellite]) {
    const names = readdirSync(device.userData, { recursive: true, encoding: 'utf8' });
    const sealed = names.filter((name) => name.endsWith('.gf'));
    expect(sealed.length).toBeGreaterThan(0);
    for (const name of sealed) {
      const bytes = readFileSync(path.join(device.userData, name));
      expect(bytes.includes(photo.subarray(0, 16))).toBe(false);
      expect(bytes.includes('%PDF')).toBe(false);
      expect(name).not.toContain(createHash('sha256').update(photo).digest('hex').slice(0, 12));
    }
  }
});

function storedFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

/** A PNG of one colour. */
function picture(width: number, height: number): Buffer {
  const line = Buffer.concat([
    Buffer.from([0]),
    ...Array.from({ length: width }, () => Buffer.from([0x0f, 0x76, 0x6e])),
  ]);
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(Array.from({ length: height }, () => line)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
