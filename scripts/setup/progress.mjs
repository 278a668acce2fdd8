/** @typedef {(line: string) => void} Log */

/**
 * Runs one slow step and tells about it calmly: on a terminal one line whose seconds count up,
 * elsewhere (a log file, CI, a `log` function of the caller) a line when it starts and one when it
 * is done.
 *
 * @template T
 * @param {Log | undefined} log
 * @param {string} title e.g. "Installing packages"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(log, title, work) {
  const started = performance.now();
  const seconds = () => `${Math.max(1, Math.round((performance.now() - started) / 1000))} s`;
  const live = !log && process.stdout.isTTY;
  const print = log ?? ((/** @type {string} */ line) => void process.stdout.write(`${line}\n`));
  const draw = () => void process.stdout.write(`\r\x1b[2K${title}… ${seconds()}`);
  const timer = live ? setInterval(draw, 1000) : undefined;
  if (live) process.stdout.write(`${title}…`);
  else print(`${title}…`);
  let outcome = 'failed after';
  try {
    const result = await work();
    outcome = 'done in';
    return result;
  } finally {
    clearInterval(timer);
    if (live) process.stdout.write(`\r\x1b[2K${title}: ${outcome} ${seconds()}\n`);
    else print(`${title}: ${outcome} ${seconds()}`);
  }
}

/**
 * Prints one line.
 *
 * @param {Log | undefined} log
 * @param {string} line
 */
export function say(log, line) {
  if (log) log(line);
  else process.stdout.write(`${line}\n`);
}
