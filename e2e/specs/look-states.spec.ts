import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { ROOT } from '../../scripts/dev/paths.ts';
import { violationsIn } from '../axe.ts';
import { openBuiltPage } from '../gallery.ts';
import type { BuiltPage } from '../gallery.ts';
import { faultsOf } from '../look/faults.ts';
import { englishIn } from '../look/words.ts';

/**
 * Pages whose data does not come, and whose data cannot be read, over the stand-in store: none is silent,
 * none falls apart. Pictures of them lie in `out/look`.
 */
const PAGES = [
  ['MG', '/inventory'],
  ['MG', '/inventory/levels'],
  ['MG', '/inventory/safety'],
  ['MG', '/inventory/transfers'],
  ['MG', '/inventory/alerts'],
  ['MG', '/inventory/expiry'],
  ['MG', '/counts'],
  ['MG', '/orders'],
  ['MG', '/orders/reorder'],
  ['MG', '/review'],
  ['FD', '/patients'],
  ['FD', '/visits'],
] as const;
const PICTURES = path.join(ROOT, 'out/look');

/** Long enough for a dozen pages, each looked at in four ways. */
const A_WALK_MS = 10 * 60_000;

let built: BuiltPage;
test.beforeAll(async () => {
  built = await openBuiltPage('testing/index.html');
});
test.afterAll(async () => {
  await built?.close();
});

for (const [views, language] of [
  ['wait', 'en'],
  ['fail', 'en'],
  ['fail', 'es'],
] as const) {
  test(`${views}, ${language}: every page says so`, async () => {
    test.setTimeout(A_WALK_MS);
    const { page, address } = built;
    const faults: string[] = [];
    for (const [role, at] of PAGES) {
      const found = await test.step(at, async () => {
        // The page takes these out of its address, so it is loaded anew each time.
        await page.goto(`${address}?views=${views}&lang=${language}&role=${role}#${at}`);
        await page.getByTestId('frame').waitFor();
        const says =
          views === 'wait'
            ? page.locator('main .mantine-Skeleton-root, main .mantine-Loader-root')
            : page.locator('main [role="alert"] [data-code="STORE_DAMAGED"]');
        const silent = await says
          .first()
          .waitFor({ timeout: 5_000 })
          .then(
            () => [],
            () => ['says nothing'],
          );
        const folder = path.join(PICTURES, `${views}-${language}`);
        await mkdir(folder, { recursive: true });
        const name = at.slice(1).replaceAll('/', '-');
        await page.screenshot({ path: path.join(folder, `${name}.png`) });
        return [
          ...silent,
          ...(await faultsOf(page)),
          ...(language === 'es' ? await englishIn(page) : []),
          ...(await violationsIn(page)),
        ];
      });
      faults.push(...found.map((fault) => `${at}: ${fault}`));
    }
    expect(faults).toEqual([]);
  });
}
