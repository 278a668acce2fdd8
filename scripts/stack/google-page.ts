import { createHash } from 'node:crypto';

/** A demo account as the page shows it. */
export type AccountChoice = { id: string; name: string; email: string; note: string | undefined };

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0 auto; max-width: 30rem; padding: 2rem 1rem; }
  h1 { font-size: 1.5rem; }
  ul { list-style: none; margin: 0; padding: 0; }
  button { font: inherit; width: 100%; min-height: 3rem; margin: 0.25rem 0; padding: 0.5rem 1rem;
    text-align: start; border: 1px solid #777; border-radius: 0.5rem; cursor: pointer; }
  button span { display: block; font-size: 0.875rem; }
`;

/** Headers of the page: nothing from outside, no script, in no frame. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'x-frame-options': 'DENY',
  'content-security-policy':
    `default-src 'none'; frame-ancestors 'none'; base-uri 'none'; ` +
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
} as const;

/** The page on which a person chooses a demo account; `action` is where the choice is posted. */
export function accountPage(accounts: readonly AccountChoice[], action: string): string {
  const choices = accounts.map(
    ({ id, name, email, note }) =>
      `<li><button name="account" value="${escapeHtml(id)}">${escapeHtml(name)}` +
      `<span>${escapeHtml(email)}</span>` +
      `${note === undefined ? '' : `<span>${escapeHtml(note)}</span>`}</button></li>`,
  );
  return page(
    'Choose a demo account',
    `<p>This page stands in for Google on this machine. No password is needed.</p>
     <form method="post" action="${escapeHtml(action)}">
       <ul>${choices.join('')}</ul>
       <button name="cancel" value="yes">Cancel</button>
     </form>`,
  );
}

/** A page that says what went wrong. */
export function problemPage(sentence: string): string {
  return page('Sign-in did not work', `<p>${escapeHtml(sentence)}</p>`);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${STYLE}</style></head>
<body><main><h1>${title}</h1>${body}</main></body>
</html>`;
}

function escapeHtml(text: string): string {
  const names: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => names[character] ?? character);
}
