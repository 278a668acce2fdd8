/** What a log line may carry: codes, counts, names of tables; never values of records. */
export type LogFields = Readonly<
  Record<string, string | number | boolean | null | undefined | readonly string[]>
>;

/** A logger that takes a short constant text and safe fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds the given fields to every line. */
  child(fields: LogFields): Logger;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';
const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

const SECRET = /(eyJ[\w-]{10,}\.[\w-]+\.[\w-]+|sb_(?:secret|publishable)_\w+|x'[0-9a-f]{64}')/g;
const EMAIL = /[^\s@"]+@[^\s@"]+\.[a-z]{2,}/gi;

/** Takes out what must never stand in a log even when someone passes it by mistake. */
export function redact(text: string): string {
  return text.replaceAll(SECRET, '[secret]').replaceAll(EMAIL, '[e-mail]');
}

/** Writes one JSON line a call to the given sink. */
export function createLogger(options: {
  level: LogLevel;
  write: (line: string) => void;
  fields?: LogFields;
}): Logger {
  const { level, write, fields: own = {} } = options;
  const at =
    (name: Exclude<LogLevel, 'silent'>) =>
    (message: string, fields: LogFields = {}): void => {
      if (ORDER.indexOf(name) < ORDER.indexOf(level)) return;
      const time = new Date().toISOString();
      write(redact(JSON.stringify({ time, level: name, message, ...own, ...fields })));
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (more) => createLogger({ level, write, fields: { ...own, ...more } }),
  };
}

/** Drops everything: for tests that do not look at logs. */
export const silentLogger: Logger = createLogger({ level: 'silent', write: () => undefined });
