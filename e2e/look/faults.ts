import type { Page } from '@playwright/test';

/**
 * What is wrong with how a screen lies, in words; empty when nothing is: words that are cut without an
 * ellipsis, values that do not fit their fields, controls and words that lie on each other, a page that
 * scrolls sideways, targets under 24 pixels, headings. With a dialog open, only that is looked at.
 */
export const faultsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    interface Box {
      readonly left: number;
      readonly top: number;
      readonly right: number;
      readonly bottom: number;
    }
    const faults = new Set<string>();
    const isSeen = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      element.closest('.g-hidden, .g-print, .g-skip') === null;
    const dialogs = [...document.querySelectorAll('[role=dialog], [role=menu]')].filter(isSeen);
    const root = dialogs.at(-1) ?? document.body;
    const say = (element: Element): string => {
      const id = element.closest('[data-testid]')?.getAttribute('data-testid') ?? '';
      const words = element.textContent?.trim().slice(0, 40) || element.getAttribute('aria-label');
      return `<${element.tagName.toLowerCase()} ${id}> "${words ?? ''}"`;
    };
    const meet = (a: Box, b: Box): Box => ({
      left: Math.max(a.left, b.left),
      top: Math.max(a.top, b.top),
      right: Math.min(a.right, b.right),
      bottom: Math.min(a.bottom, b.bottom),
    });
    const WINDOW: Box = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    const isSomething = ({ left, top, right, bottom }: Box, least = 2): boolean =>
      right - left > least && bottom - top > least;

    /** What of a box is seen inside everything that clips it. */
    function seenPart(box: Box, from: Element): Box {
      let seen = meet(box, WINDOW);
      for (let at: Element | null = from; at; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (style.overflowX !== 'visible' || style.overflowY !== 'visible') {
          seen = meet(seen, at.getBoundingClientRect());
        }
        if (style.position === 'fixed') break;
      }
      return seen;
    }
    /** What floats over what scrolls, and what lies in a layer of its own. */
    const FLOATS = '.mantine-Popover-dropdown, .mantine-Combobox-dropdown';
    function layerOf(element: Element): Element | null {
      for (let at: Element | null = element; at && at !== root; at = at.parentElement) {
        const { position } = getComputedStyle(at);
        if (at.matches(FLOATS) || position === 'sticky' || position === 'fixed') return at;
      }
      return null;
    }

    // The page and its parts do not scroll sideways.
    for (const element of [document.documentElement, ...document.querySelectorAll('*')]) {
      if (!isSeen(element) || element.scrollWidth <= element.clientWidth + 1) continue;
      const { overflowX } = getComputedStyle(element);
      const isPage = element === document.documentElement;
      const scrolls = overflowX === 'auto' || overflowX === 'scroll';
      if ((!isPage && !scrolls) || element.matches('input, textarea')) continue;
      // What is wide by its nature says so.
      if (element.matches('[data-wide], [data-wide] *')) continue;
      const name = `${element.tagName.toLowerCase()}.${element.className}`;
      const edge = element.getBoundingClientRect().left + element.clientWidth + 1;
      const wide = [...element.querySelectorAll('*')].filter(
        (inner) => isSeen(inner) && inner.getBoundingClientRect().right > edge,
      );
      const by = wide.at(-1);
      faults.add(
        `${name} scrolls sideways by ${element.scrollWidth - element.clientWidth} px` +
          (by ? `, for ${by.className} ${say(by)}` : ''),
      );
    }

    // Words.
    const texts: { element: Element; box: Box }[] = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!element || node.textContent?.trim() === '' || !isSeen(element)) continue;
      if (element.closest('option, script, style, svg, textarea')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) {
        if (rect.width <= 1 || rect.height <= 1) continue;
        const cut = cutBy(rect, element);
        if (cut !== null) faults.add(`cut ${cut}: ${say(element)}`);
        const seen = seenPart(rect, element);
        if (isSomething(seen)) texts.push({ element, box: seen });
      }
    }
    function cutBy(rect: DOMRect, element: Element): string | null {
      for (let at: Element | null = element; at && at !== root; at = at.parentElement) {
        const style = getComputedStyle(at);
        const { overflowX, overflowY } = style;
        const box = at.getBoundingClientRect();
        const isShort = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
        const clips = (value: string): boolean => value === 'hidden' || value === 'clip';
        if (isShort && clips(overflowX)) return null;
        if (clips(overflowX) && (rect.right > box.right + 1 || rect.left < box.left - 1)) {
          return 'at the side';
        }
        if (clips(overflowY) && rect.bottom > box.bottom + 3) return 'at the bottom';
        if ([overflowX, overflowY].some((value) => value === 'auto' || value === 'scroll')) {
          return null;
        }
        if (style.position === 'fixed') return null;
      }
      return null;
    }
    for (const [at, one] of texts.entries()) {
      for (const other of texts.slice(at + 1)) {
        if (one.element === other.element) continue;
        if (!isSomething(meet(one.box, other.box), 3)) continue;
        if (layerOf(one.element) !== layerOf(other.element)) continue;
        faults.add(`words lie on each other: ${say(one.element)} and ${say(other.element)}`);
      }
    }

    // Fields and controls.
    for (const field of root.querySelectorAll<HTMLInputElement>('input, textarea')) {
      if (!isSeen(field) || field.value === '') continue;
      if (field.matches('[type=checkbox], [type=radio], [type=file]')) continue;
      // A long one ends with an ellipsis; of a number nothing may be missing.
      const isShort = field.clientWidth < 140 || field.inputMode === 'decimal';
      if (!isShort && getComputedStyle(field).textOverflow === 'ellipsis') continue;
      if (field.scrollWidth > field.clientWidth + 1) {
        faults.add(`value does not fit: ${say(field)} "${field.value}"`);
      }
    }
    const CONTROLS =
      'button, input:not([type=file]), textarea, a[href], [role=option], [role=tab], [role=radio]';
    const controls = [...root.querySelectorAll(CONTROLS)]
      .filter(isSeen)
      .map((element) => ({
        element,
        box: seenPart(element.getBoundingClientRect(), element.parentElement ?? root),
      }))
      .filter(({ box }) => isSomething(box));
    for (const [at, { element: one, box }] of controls.entries()) {
      const target = one.closest('.mantine-MultiSelect-input') ?? one;
      const { width, height } = target.getBoundingClientRect();
      const isInText = getComputedStyle(one).display === 'inline';
      if (!isInText && Math.min(width, height) < 24 && !hasRoom(one)) {
        faults.add(`target of ${Math.round(width)} × ${Math.round(height)} px: ${say(one)}`);
      }
      for (const { element: other, box: otherBox } of controls.slice(at + 1)) {
        if (one.contains(other) || other.contains(one)) continue;
        if (!isSomething(meet(box, otherBox))) continue;
        // An icon that stands in a field on purpose has the field's own room beside it.
        const wrap = one.closest('.mantine-Input-wrapper');
        if (wrap !== null && wrap === other.closest('.mantine-Input-wrapper')) continue;
        if (one.closest('label') !== null && one.closest('label') === other.closest('label'))
          continue;
        if (layerOf(one) !== layerOf(other)) continue;
        faults.add(`controls lie on each other: ${say(one)} and ${say(other)}`);
      }
    }

    /** As WCAG 2.2 has it: a circle of 24 pixels around its middle meets no other target. */
    function hasRoom(one: Element): boolean {
      const { left, top, width, height } = one.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      return controls.every(({ element: other }) => {
        if (one.contains(other) || other.contains(one)) return true;
        const box = other.getBoundingClientRect();
        const aside = Math.max(box.left - x, 0, x - box.right);
        const above = Math.max(box.top - y, 0, y - box.bottom);
        return Math.hypot(aside, above) >= 12;
      });
    }

    const headings = [...document.querySelectorAll('h1')].filter(isSeen);
    if (dialogs.length === 0 && headings.length !== 1)
      faults.add(`${headings.length} first headings`);
    for (const { element } of texts) {
      const words = element.textContent ?? '';
      if (/\bundefined\b|\bNaN\b|\bInvalid Date\b|\[object |\{\w+\}/.test(words)) {
        faults.add(`not words: ${say(element)}`);
      }
    }
    return [...faults];
  });

/**
 * Goes through a screen by Tab and tells where the focus is not to be seen: without an outline, outside of
 * the window, or behind something.
 */
export async function faultsOfFocus(page: Page): Promise<string[]> {
  const faults = new Set<string>();
  await page.evaluate(() => {
    // From the first on; a dialog holds the focus, and is gone through from where it stands.
    const isHeld = document.querySelector('[role=dialog]') !== null;
    if (!isHeld && document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  let first: string | null = null;
  for (let nth = 0; nth < MOST_TABS; nth += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return null;
      const box = at.getBoundingClientRect();
      const id = at.closest('[data-testid]')?.getAttribute('data-testid') ?? '';
      const name = `<${at.tagName.toLowerCase()} ${id}> "${
        at.getAttribute('aria-label') ?? at.textContent?.trim().slice(0, 40) ?? ''
      }"`;
      const problems: string[] = [];
      const isDrawn = (element: Element | null): boolean => {
        if (!element) return false;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
      };
      // A box for a tick is drawn by what stands beside the field, one of several choices around it.
      const beside = at.matches('input') ? at.nextElementSibling : null;
      const around = at.closest('.mantine-MultiSelect-input');
      if (![at, beside, around].some(isDrawn)) problems.push('no outline');
      const x = box.left + box.width / 2;
      const y = box.top + box.height / 2;
      const isSmall = box.width <= 2 || box.height <= 2;
      if (!isSmall && (x < 0 || y < 0 || x > innerWidth || y > innerHeight)) {
        problems.push('outside of the window');
      } else if (!isSmall) {
        const top = document.elementFromPoint(x, y);
        const label =
          at.closest('label') ?? (at.id ? document.querySelector(`[for="${at.id}"]`) : null);
        const isFree =
          top !== null && (at.contains(top) || top.contains(at) || label?.contains(top) === true);
        const isBeside = top?.parentElement === at.parentElement;
        if (!isFree && !isBeside) problems.push(`behind ${top?.className ?? 'nothing'}`);
      }
      return { key: `${name} ${Math.round(x)} ${Math.round(y)}`, name, problems };
    });
    if (found === null) continue;
    if (first === null) first = found.key;
    else if (found.key === first) break;
    for (const problem of found.problems) faults.add(`focus ${problem}: ${found.name}`);
  }
  // What was selected on the way is not a part of the next picture.
  await page.evaluate(() => {
    for (const field of document.querySelectorAll<HTMLInputElement>(
      'input:not([type]), input[type=text], input[type=search]',
    )) {
      field.setSelectionRange(0, 0);
    }
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  return [...faults];
}

const MOST_TABS = 80;
