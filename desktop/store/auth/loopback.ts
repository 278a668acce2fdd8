import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '#shared/errors/app-error.ts';
import { refusalError } from './errors.ts';

/** How long somebody may take in the browser, in milliseconds. */
const PATIENCE_MS = 5 * 60_000;

const PAGE = (words: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Ganger</title>` +
  `<body style="font:16px system-ui;margin:15vh auto;max-width:30em;text-align:center">` +
  `<p>${words}</p></body></html>`;

export interface Loopback {
  /** Address to which the sign-in page sends the person back. */
  readonly redirectTo: string;
  /** The code that came back. @throws AppError AUTH_CANCELLED when there was none, or why it was refused */
  readonly code: Promise<string>;
  cancel(): void;
}

/**
 * Waits on a free port of this machine for the person to come back from the system browser. The
 * address is an IP literal, which the sign-in service allows on any port (RFC 8252, section 7.3).
 */
export async function waitOnLoopback(): Promise<Loopback> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  let cancel: () => void = () => undefined;
  const code = new Promise<string>((resolve, reject) => {
    const close = (): void => {
      clearTimeout(timer);
      server.close();
      server.closeIdleConnections();
    };
    const timer = setTimeout(() => cancel(), PATIENCE_MS);
    cancel = () => {
      close();
      reject(new AppError('AUTH_CANCELLED'));
    };
    server.on('request', (request, response) => {
      const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`);
      if (url.pathname !== '/auth/callback') {
        response.writeHead(404).end();
        return;
      }
      const value = url.searchParams.get('code');
      const refusal = refusalError(url.searchParams.get('error_code'));
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.setHeader('connection', 'close');
      response.end(
        PAGE(
          value
            ? 'You are signed in. You may close this page and go back to Ganger.'
            : refusal.code === 'AUTH_CANCELLED'
              ? 'Sign-in was cancelled. You may close this page and go back to Ganger.'
              : 'You are not signed in. Ganger says why: you may close this page and go back to it.',
        ),
      );
      close();
      if (value) resolve(value);
      else reject(refusal);
    });
  });
  // Whoever cancels before awaiting must not bring the process down.
  code.catch(() => undefined);
  return { redirectTo: `http://127.0.0.1:${port}/auth/callback`, code, cancel: () => cancel() };
}
