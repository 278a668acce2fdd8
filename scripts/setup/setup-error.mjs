/**
 * Something that the bootstrap cannot do by itself. Its message is for the person at the keyboard:
 * what failed, then one sentence on what to do.
 */
export class SetupError extends Error {
  /**
   * @param {string} what what could not be done
   * @param {string} remedy one sentence: what to do about it
   * @param {{ cause?: unknown, detail?: string }} [more] detail: last lines of a tool's output
   */
  constructor(what, remedy, more = {}) {
    const detail = more.detail?.trim();
    super(`${what}${detail ? `\n${indent(detail)}` : ''}\n→ ${remedy}`, { cause: more.cause });
    this.name = 'SetupError';
    this.remedy = remedy;
  }
}

/**
 * @param {string} text
 * @returns {string} indented; of a long text its beginning, where npm tells the reason, and its end
 */
function indent(text) {
  const lines = text.split('\n');
  const shown = lines.length > 12 ? [...lines.slice(0, 6), '…', ...lines.slice(-5)] : lines;
  return shown.map((line) => `  ${line}`).join('\n');
}
