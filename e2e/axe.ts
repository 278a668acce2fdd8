import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';

/** A toast comes and goes while axe looks; the page of components shows how it stands. */
const TOAST = '[data-testid="toast"]';

/**
 * What axe finds on a page, in words. What fades in or out is let finish first: its colours on the way
 * are nobody's.
 * @param without rules of axe that are left out
 * @param beside what is not looked at
 */
export async function violationsIn(
  page: Page,
  without: string[] = [],
  beside: string[] = [],
): Promise<string[]> {
  await page.evaluate(async () => {
    const ends = document
      .getAnimations()
      .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime ?? Infinity));
    await Promise.allSettled(ends.map(({ finished }) => finished));
  });
  const axe = new AxeBuilder({ page }).setLegacyMode(true).disableRules(without);
  for (const selector of beside) axe.exclude(selector);
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** @param where is said with what is found */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  expect(await violationsIn(page, [], [TOAST]), where).toEqual([]);
}
