import { expect, test } from '@playwright/test';
import { expectNoViolations, MODES, openGallery, whatDoesNotFit } from '../gallery.ts';
import type { Gallery, Mode } from '../gallery.ts';

/** The components of `desktop/renderer/ui`, in all their states, as people of all kinds see them. */
let gallery: Gallery;

test.describe.configure({ mode: 'default' });
test.beforeAll(async () => {
  gallery = await openGallery();
});
test.afterAll(async () => {
  await gallery?.close();
});

const GROUPS = ['words', 'actions', 'fields', 'tables', 'figures'];

for (const mode of Object.keys(MODES) as Mode[]) {
  test(`${mode}: every state fits, nothing lies on another, axe finds nothing`, async () => {
    await gallery.look(mode);
    for (const group of GROUPS) {
      await gallery.open(group);
      await gallery.picture(`${group}-${mode}`);
      expect(await whatDoesNotFit(gallery.page)).toEqual([]);
      await expectNoViolations(gallery.page, `${group} ${mode}`);
    }
  });
}

test('in Spanish every state fits as well', async () => {
  await gallery.look('light');
  for (const group of GROUPS) {
    await gallery.open(group, 'es');
    expect(await whatDoesNotFit(gallery.page)).toEqual([]);
  }
});

test('a dialog holds the focus, closes by Esc and gives the focus back, in every mode', async () => {
  const { page } = gallery;
  for (const mode of Object.keys(MODES) as Mode[]) {
    await gallery.look(mode);
    await gallery.open('actions');
    await page.getByTestId('dialog-open').click();
    await expect(page.getByTestId('dialog')).toBeVisible();
    await expectNoViolations(page, `dialog ${mode}`);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('dialog')).toBeHidden();
    await expect(page.getByTestId('dialog-open')).toBeFocused();
  }
});

test('what works in a dialog stays until it is done', async () => {
  const { page } = gallery;
  await gallery.look('light');
  await gallery.open('actions');
  await page.getByTestId('dialog-busy').click();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('dialog')).toBeVisible();
});
