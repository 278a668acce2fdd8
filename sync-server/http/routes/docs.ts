import { EVENTS_ROUTE, LIVE_ROUTE, describeApi } from '../describe/openapi.ts';
import { describePage } from '../describe/page.ts';
import { JsonText, defineRoute } from '../route.ts';
import type { ReadyText, Route } from '../route.ts';
import { BYTE_ROUTES } from './files.ts';
import { HOOK_ROUTES } from './webhooks.ts';

/**
 * The description of the API: a page at /docs, OpenAPI at /docs/json. It says nothing that a client
 * does not have anyway, so it is open.
 * @param routes all other routes
 * @param registered every route that the HTTP server has
 */
export function docsRoutes(routes: readonly Route[], registered: () => readonly string[]): Route[] {
  const open = (url: string, summary: string, answer: () => ReadyText): Route =>
    defineRoute({
      method: 'GET',
      url,
      authorize: 'public',
      body: null,
      reply: null,
      bodyBytes: 1024,
      words: { summary, errors: [] },
      rate: { perSecond: 5, burst: 50 },
      run: async () => answer(),
    });
  // Made at the first question, and once: it follows from the build alone.
  let api: ReturnType<typeof describeApi> | null = null;
  const all: Route[] = [];
  const described = (): NonNullable<typeof api> =>
    (api ??= describeApi(all, [LIVE_ROUTE, EVENTS_ROUTE], registered(), BYTE_ROUTES, HOOK_ROUTES));
  const own = [
    open('/docs', 'This description, for people.', () => describePage(described())),
    open('/docs/json', 'This description, as OpenAPI 3.1.', () => {
      return new JsonText(JSON.stringify(described()));
    }),
  ];
  all.push(...routes, ...own);
  return own;
}
