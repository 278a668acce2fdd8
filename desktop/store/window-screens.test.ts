import { expect, test } from 'vitest';
import { PRESENCE } from '#shared/protocol/presence.ts';
import type { Focus, ShownScreen } from '#shared/protocol/presence.ts';
import { createWindowScreens } from './window-screens.ts';

const screen = (n: number, focus: Focus | null = null): ShownScreen => ({
  module: 'inventory',
  table: 'inventory_items',
  id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  focus,
});
const inField = (field: string): Focus => ({ field, row: null, typing: false, position: null });

test('each screen of the windows counts once, with the field that somebody was in last', () => {
  const windows = createWindowScreens();
  let shown: readonly ShownScreen[] = [];
  windows.screens$.subscribe((screens) => {
    shown = screens;
  });
  const [one, two] = [windows.seat(), windows.seat()];
  one.show([screen(1, inField('par'))]);
  two.show([screen(1), screen(2)]);
  expect(shown).toEqual([screen(1, inField('par')), screen(2)]);
  two.show([screen(1, inField('bin'))]);
  expect(shown).toEqual([screen(1, inField('bin'))]);
  two.leave();
  expect(shown).toEqual([screen(1, inField('par'))]);
  one.leave();
  expect(shown).toEqual([]);
});

test('of more screens than the server takes, those of the window used last count', () => {
  const windows = createWindowScreens();
  let shown: readonly ShownScreen[] = [];
  windows.screens$.subscribe((screens) => {
    shown = screens;
  });
  for (let n = 0; n < PRESENCE.screens + 3; n += 1) windows.seat().show([screen(n)]);
  expect(shown).toHaveLength(PRESENCE.screens);
  expect(shown[0]).toEqual(screen(PRESENCE.screens + 2));
});
