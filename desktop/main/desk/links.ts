import { z } from 'zod';

/**
 * Links that lead into the app from outside: `ganger://inventory/items/<id>`. A link names a page and
 * ids, never what is written in a record: it ends up in mails and in histories of browsers.
 */
export const LINK_SCHEME = 'ganger';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const SEGMENT = `(?:[a-z][a-z0-9-]{0,40}|${UUID})`;
const ID = new RegExp(`^(?:[a-z_]{1,60}/)?${UUID}$`);
const WORD = /^[a-z][a-z_-]{0,30}$/;
/** What of an address says which view of a page is meant. All else of an address may be typed text. */
const VIEW_PARAMS = new Set(['tab', 'only', 'show']);

/** The address of a window that a link may name. */
const LinkPath = z.string().regex(new RegExp(`^/${SEGMENT}(?:/${SEGMENT}){0,5}$`));
/** As text from outside: short, and of the letters that a link of ours has. */
const LinkText = z
  .string()
  .max(400)
  .regex(/^ganger:\/\/[a-zA-Z0-9/?=&%_.-]+$/);

/** Pages that are named in links as people would name them. */
const NAMED = [
  { link: /^\/inventory\/items\/(?<id>[^/]+)$/, path: '/inventory', param: 'item', name: 'items' },
  { link: /^\/counts\/(?<id>[^/]+)$/, path: '/counts', param: 'count', name: '' },
] as const;

/** The part of the query that a link keeps. */
function kept(search: URLSearchParams): [string, string][] {
  return [...search].filter(([name, value]) =>
    /^[a-z][a-zA-Z]{0,20}$/.test(name)
      ? ID.test(value) || (VIEW_PARAMS.has(name) && WORD.test(value))
      : false,
  );
}

const withSearch = (path: string, search: readonly [string, string][]): string => {
  // A slash needs no code in a query, and ids with one stay readable.
  const query = new URLSearchParams([...search]).toString().replaceAll('%2F', '/');
  return query === '' ? path : `${path}?${query}`;
};

/**
 * Reads a link from outside.
 * @returns the address in a window, or null for whatever is no link of ours; whether this build has
 *   such a page is for the window to say
 */
export function readLink(text: string): string | null {
  const parsed = LinkText.safeParse(text.trim().replace(/^GANGER:/i, `${LINK_SCHEME}:`));
  if (!parsed.success) return null;
  const [before = '', query = ''] = parsed.data.slice(`${LINK_SCHEME}:/`.length).split('?', 2);
  const whole = before.replace(/\/$/, '');
  if (!LinkPath.safeParse(whole).success) return null;
  const search = kept(new URLSearchParams(query));
  for (const { link, path, param } of NAMED) {
    const id = link.exec(whole)?.groups?.['id'];
    if (id === undefined) continue;
    return ID.test(id) ? withSearch(path, [[param, id], ...search]) : null;
  }
  return withSearch(whole, search);
}

/**
 * The link that leads to an address of a window. What somebody typed into a search stays out of it.
 * @returns null for an address that no link can name
 */
export function linkTo(address: string): string | null {
  const [path = '', query = ''] = address.split('?', 2);
  if (!LinkPath.safeParse(path).success) return null;
  const search = kept(new URLSearchParams(query));
  const named = NAMED.find(
    (page) => page.path === path && search.some(([name]) => name === page.param),
  );
  const found = named && search.find(([name]) => name === named.param);
  if (!named || !found) return `${LINK_SCHEME}:/${withSearch(path, search)}`;
  const rest = search.filter((entry) => entry !== found);
  const place = [path, named.name, found[1]].filter((part) => part !== '').join('/');
  return `${LINK_SCHEME}:/${withSearch(place, rest)}`;
}
