import type { OthersThere, ShownScreen } from '#shared/ipc/presence.ts';
import { params } from './fake-params.ts';

const NAMES = [
  'Ana Rivera',
  'Benjamín Ortiz-Castellanos y Montenegro',
  'Mei Chen',
  'Øyvind Åsmundsen',
  'Grace O’Neill',
  'Tariq al-Farsi',
];

let shown: readonly ShownScreen[] = [];
export const showScreens = (screens: readonly ShownScreen[]): void => {
  shown = screens;
};

/** `here=3` puts three people on every screen, `typing=par` lets the first of them type there. */
export function fakeOthers(siteId: string | undefined): OthersThere[] {
  const count = Number(params.get('here') ?? 0);
  if (count === 0) return [];
  const field = params.get('typing');
  const row = field === 'par' || field === 'bin' ? (siteId ?? null) : null;
  const people = NAMES.slice(0, count).map((name, n) => ({
    user: `00000000-0000-4000-8000-0000000001${String(n).padStart(2, '0')}`,
    name,
    device: `00000000-0000-4000-8000-0000000002${String(n).padStart(2, '0')}`,
    focus: n === 0 && field ? { field, row, typing: true, position: 1 } : null,
  }));
  const more = Math.max(0, count - NAMES.length);
  return shown.map(({ module, table, id }) => ({ module, table, id, people, more }));
}
