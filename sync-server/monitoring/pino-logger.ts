import { pino } from 'pino';
import type { DestinationStream } from 'pino';
import { createLogger } from '#shared/logging/logger.ts';
import type { Logger, LogLevel } from '#shared/logging/logger.ts';

/**
 * The log of a server: pino writes, and what it is given has been through the wall of
 * `shared/logging`, so that no line of it can hold anything of a record.
 */
export function createPinoLogger(level: LogLevel, destination: DestinationStream): Logger {
  const out = pino(
    {
      // The wall drops what is below the level; pino has no level "silent" to write at.
      level: 'debug',
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return createLogger({
    level,
    fields: { service: 'sync-server' },
    sink: (name, message, fields) => out[name](fields, message),
  });
}
