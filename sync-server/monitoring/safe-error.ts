/** What of any error may stand in a log: its kind and where it came from, never its words. */
export function safeErrorFields(error: unknown): Record<string, string | readonly string[]> {
  if (!(error instanceof Error)) return { error: typeof error };
  const fields: Record<string, string | readonly string[]> = { error: error.name };
  const { code, constraint, table, routine } = error as Error & Record<string, unknown>;
  if (typeof code === 'string') fields['code'] = code;
  if (typeof constraint === 'string') fields['constraint'] = constraint;
  if (typeof table === 'string') fields['table'] = table;
  if (typeof routine === 'string') fields['routine'] = routine;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  if (frames.length > 0) fields['at'] = frames.slice(0, 6).map((line) => line.trim().slice(3));
  if (error.cause instanceof Error) {
    const cause = safeErrorFields(error.cause);
    for (const key of ['error', 'code', 'at']) {
      if (cause[key] !== undefined) fields[`cause_${key}`] = cause[key];
    }
  }
  return fields;
}
