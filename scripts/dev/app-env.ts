import { DEMO_AUTH_KEY } from './dev-stack.ts';
import type { DevStack } from './dev-stack.ts';

/** Environment of an app that works against an embedded stack, with keys that lie unprotected. */
export function appEnv(stack: Pick<DevStack, 'serverUrl' | 'authUrl'>): Record<string, string> {
  return {
    GANGER_SERVER_URL: stack.serverUrl,
    GANGER_AUTH_URL: stack.authUrl,
    GANGER_AUTH_KEY: DEMO_AUTH_KEY,
    GANGER_KEY_STORE: 'file',
  };
}

/** Arguments of Electron for an app with a data folder of its own. */
export function appArgs(userData: string): string[] {
  return [
    ...(process.env['GANGER_NO_SANDBOX'] === '1' ? ['--no-sandbox'] : []),
    `--user-data-dir=${userData}`,
  ];
}
