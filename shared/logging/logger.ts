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
export type LineLevel = Exclude<LogLevel, 'silent'>;
const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

const SECRET = /(eyJ[\w-]{10,}\.[\w-]+\.[\w-]+|sb_(?:secret|publishable)_\w+|x'[0-9a-f]{64}')/g;
const EMAIL = /[^\s@"]+@[^\s@"]+\.[a-z]{2,}/gi;
const PHONE = /\+\d[\d ().-]{6,}\d|(?<![\w-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w-])/g;
/** A day without a time: nearly always somebody's. */
const DAY = /(?<![\w-])(?:19|20)\d\d-\d\d-\d\d(?![\w-])|(?<![\w/])\d{1,2}\/\d{1,2}\/(?:19|20)\d\d/g;

/** Takes out what must never stand in a log even when someone passes it by mistake. */
export function redact(text: string): string {
  return text
    .replaceAll(SECRET, '[secret]')
    .replaceAll(EMAIL, '[e-mail]')
    .replaceAll(PHONE, '[phone]')
    .replaceAll(DAY, '[day]');
}

/** A statement without what stands in quotes: should a value ever be written into its text, it goes. */
export const withoutLiterals = (statement: string): string =>
  statement.replaceAll(/'(?:[^']|'')*'/g, "'…'");

/** Names of fields of records: nothing stands under these, whatever it is. */
const NEVER =
  /^(?:.*_)?(?:name|given|family|birth|birth_?date|dob|e?mail|phone|address|street|zip|mrn|ssn|insurance|diagnosis|allergies|note|notes|text|body|content|doc|row|value|values|params|password|pin|token|secret)$/i;
/**
 * Names under which whole texts of ours stand: statements, places in the code, addresses of machines, and
 * of a query the names of its fields and operators, in which is no value.
 */
const TEXTS: ReadonlySet<string> = new Set([
  'statement',
  'at',
  'cause_at',
  'path',
  'host',
  'url',
  'reasons',
  'selector',
  'sort',
]);
/** What codes, ids, versions and names of ours look like: one word, no spaces. */
const WORD = /^[\w.:/@#$*+=,-]{0,160}$/;

function safeText(key: string, text: string): string {
  if (key === 'statement') return redact(withoutLiterals(text));
  if (TEXTS.has(key) || WORD.test(text)) return redact(text);
  // Words of an error, of a person, of another system: they may hold anything.
  return '[text]';
}

/**
 * Fields as they may stand in a line, whoever passes them: what is named like a field of a record and what
 * reads like running text is left out, so that a line cannot tell who somebody is.
 */
export function safeFields(fields: LogFields): Record<string, LogFields[string]> {
  const safe: Record<string, LogFields[string]> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (NEVER.test(key)) safe[key] = '[left out]';
    else if (typeof value === 'string') safe[key] = safeText(key, value);
    else if (Array.isArray(value)) safe[key] = value.map((one) => safeText(key, String(one)));
    else if (value === null || ['number', 'boolean', 'undefined'].includes(typeof value)) {
      safe[key] = value;
    } else safe[key] = '[left out]';
  }
  return safe;
}

/** Where lines go: as text of JSON, or as what they say to a library that writes them. */
type Sink =
  | { readonly write: (line: string) => void }
  | {
      readonly sink: (
        level: LineLevel,
        message: string,
        fields: Readonly<Record<string, unknown>>,
      ) => void;
    };

/** Makes one line a call, with nothing in it but what `safeFields` lets through. */
export function createLogger(
  options: { readonly level: LogLevel; readonly fields?: LogFields } & Sink,
): Logger {
  const { level, fields: own = {} } = options;
  const at =
    (name: LineLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (ORDER.indexOf(name) < ORDER.indexOf(level)) return;
      const said = redact(message);
      const safe = safeFields({ ...own, ...fields });
      if ('sink' in options) options.sink(name, said, safe);
      else {
        const time = new Date().toISOString();
        options.write(JSON.stringify({ time, level: name, message: said, ...safe }));
      }
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (more) => createLogger({ ...options, fields: { ...own, ...more } }),
  };
}

/** Drops everything: for tests that do not look at logs. */
export const silentLogger: Logger = createLogger({ level: 'silent', write: () => undefined });
