import { ConfigError, loadConfig } from './config/config.ts';
import type { ServerConfig } from './config/config.ts';
import { runUntilSignal } from './lifecycle.ts';
import { createPinoLogger } from './monitoring/pino-logger.ts';
import { startServer } from './server.ts';

/** Exit code for settings that cannot be used (EX_CONFIG), so that a supervisor does not retry. */
const EX_CONFIG = 78;

function readConfig(): ServerConfig {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EX_CONFIG);
  }
}

const config = readConfig();
const log = createPinoLogger(config.logLevel, process.stdout);
await runUntilSignal(() => startServer(config, log), log);
