import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';

/**
 * What axe finds on a page, in words. What fades in or out is let finish first: its colours on the way
 * are nobody's.
 * @param without rules of axe that are left out
 */
export async function violationsIn(page: Page, without: string[] = []): Promise<string[]> {
  await page.evaluate(async () => {
    const ends = document
      .getAnimations()
      .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime ?? Infinity));
    await Promise.allSettled(ends.map(({ finished }) => finished));
  });
  const axe = new AxeBuilder({ page }).setLegacyMode(true).disableRules(without);
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** @param where is said with what is found */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  expect(await violationsIn(page), where).toEqual([]);
}
