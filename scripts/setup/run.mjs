import { spawn } from 'node:child_process';

/** @typedef {{ code: number | null, output: string, timedOut: boolean }} RunResult */

// Enough for every message that is worth showing; compilers and npm can print megabytes.
const KEPT_OUTPUT = 64 * 1024;

/**
 * Runs a program to its end and keeps the tail of what it printed (both streams, as they came).
 * Never throws for a failing program: look at `code`. A program that cannot be started has the
 * code null.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{
 *   cwd?: string,
 *   env?: NodeJS.ProcessEnv,
 *   shell?: boolean,
 *   progress?: { probe: () => Promise<unknown>, stallMs: number, everyMs?: number },
 * }} [options] progress: the program is ended when what `probe` returns stays the same for
 *   `stallMs` milliseconds
 * @returns {Promise<RunResult>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    let output = '';
    let timedOut = false;
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      shell: options.shell ?? false,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const release = endWithUs(child);
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const stopWatching = watchProgress(options.progress, () => {
      timedOut = true;
      child.kill('SIGKILL');
    });
    child.once('error', (error) => {
      stopWatching();
      release();
      resolve({ code: null, output: `${output}${error.message}`, timedOut });
    });
    child.once('close', (code) => {
      stopWatching();
      release();
      resolve({ code, output, timedOut });
    });
  });
}

/**
 * Takes the program along when this process is told to end: an npm left to itself would go on
 * filling the folder that the next run wants to replace.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} lets it go
 */
function endWithUs(child) {
  const leave = (/** @type {NodeJS.Signals} */ signal) => {
    child.kill(signal);
    process.exit(1);
  };
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.once(signal, leave);
  return () => {
    for (const signal of signals) process.off(signal, leave);
  };
}

/**
 * @param {{ probe: () => Promise<unknown>, stallMs: number, everyMs?: number } | undefined} progress
 * @param {() => void} onStall
 * @returns {() => void} ends the watch
 */
function watchProgress(progress, onStall) {
  if (!progress) return () => undefined;
  /** @type {unknown} */
  let last;
  let since = Date.now();
  let ended = false;
  const timer = setInterval(() => {
    progress.probe().then(
      (now) => {
        if (ended) return;
        if (now !== last) {
          last = now;
          since = Date.now();
        } else if (Date.now() - since >= progress.stallMs) {
          ended = true;
          clearInterval(timer);
          onStall();
        }
      },
      () => undefined,
    );
  }, progress.everyMs ?? 1000);
  return () => {
    ended = true;
    clearInterval(timer);
  };
}
