import { createHash } from 'node:crypto';
import { ReadyText } from '../route.ts';

type Json = Readonly<Record<string, unknown>>;

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;
color:#1c2530;background:#fff}h1{font-size:1.6rem}h2{margin-top:2.5rem}summary{cursor:pointer;
padding:.4rem 0}code,pre{font:14px/1.5 ui-monospace,monospace}pre{background:#f3f5f7;padding:1rem;
overflow-x:auto;border-radius:6px}b.m{display:inline-block;min-width:4rem}
@media(prefers-color-scheme:dark){body{color:#e6ebf0;background:#14191f}pre{background:#1e252d}
a{color:#8ec5ff}}`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * The description of the API as a page for people: no script, nothing from elsewhere, so that it reads
 * the same on a machine without the internet.
 */
export function describePage(api: Json): ReadyText {
  const paths = Object.entries(api['paths'] as Record<string, Record<string, Json>>);
  const schemas = Object.entries(
    (api['components'] as { schemas: Record<string, Json> }).schemas,
  ).toSorted(([a], [b]) => Number(a.startsWith('row_')) - Number(b.startsWith('row_')));
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Ganger sync server</title>
<style>${STYLE}</style></head><body><h1>Ganger sync server</h1>
<p>Protocol ${escape(String((api['info'] as Json)['version']))}. The document for machines is
<a href="/docs/json">/docs/json</a> (OpenAPI 3.1); the specification is docs/protocol.md.</p>
<h2>Routes</h2>${paths.flatMap(([url, each]) => routeHtml(url, each)).join('\n')}
<h2>Messages and rows</h2>${schemas.map(([name, schema]) => detail(name, schema)).join('\n')}
<h2>Tables</h2><p>Parents before children.</p>
${(api['x-tables'] as readonly Json[]).map((table) => detail(String(table['table']), table)).join('\n')}
<h2>Limits</h2>${block(api['x-limits'])}</body></html>`;
  return new ReadyText(html, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  });
}

const routeHtml = (url: string, operations: Record<string, Json>): string[] =>
  Object.entries(operations).map(([method, operation]) => {
    const head = `<b class="m">${method.toUpperCase()}</b> <code>${escape(url)}</code>`;
    const words = escape(String(operation['summary']));
    return `<details><summary>${head} ${words}</summary>${block(operation)}</details>`;
  });

const detail = (name: string, value: Json): string =>
  `<details id="${escape(name)}"><summary><code>${escape(name)}</code></summary>${block(value)}</details>`;

const block = (value: unknown): string => `<pre>${escape(JSON.stringify(value, null, 2))}</pre>`;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
