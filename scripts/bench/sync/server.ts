import { freePort } from '#stack/free-port.ts';
import { startServerProcess } from '../../dev/server-process.ts';
import type { ServerProcess } from '../../dev/server-process.ts';
import type { SyncDatabase } from './database.ts';
import { startIssuer } from './issuer.ts';
import type { Issuer } from './issuer.ts';

/** The sync server in a process of its own, as it runs in production, and tokens for it. */
export interface BenchServer {
  readonly url: string;
  readonly pid: number;
  readonly issuer: Issuer;
  stop(): Promise<void>;
}

/** @param env settings beside the database and the sign-in service */
export async function startBenchServer(
  { syncUrl }: Pick<SyncDatabase, 'syncUrl'>,
  env: Readonly<Record<string, string>> = {},
): Promise<BenchServer> {
  const issuer = await startIssuer();
  let server: ServerProcess;
  try {
    server = await startServerProcess({
      port: await freePort(),
      log: () => undefined,
      env: {
        GANGER_DATABASE_URL: syncUrl,
        GANGER_AUTH_URL: issuer.url,
        GANGER_LOG_LEVEL: 'warn',
        GANGER_NAMED_STATEMENTS: 'on',
        ...env,
      },
    });
  } catch (error) {
    await issuer.stop();
    throw error;
  }
  return {
    url: server.url,
    pid: server.pid,
    issuer,
    async stop() {
      await server.stop();
      await issuer.stop();
    },
  };
}
