import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { findCommand } from './paths.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * @typedef {{ env: Record<string, string>, stop: () => Promise<void> }} Display env: for programs
 *   that are to appear on it
 */

const START_TIMEOUT_MS = 15_000;

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {boolean} whether windows can be opened without doing anything
 */
export function hasDisplay(env = process.env) {
  if (process.platform !== 'linux') return true;
  if (env['WAYLAND_DISPLAY']) return true;
  const display = env['DISPLAY'];
  if (!display) return false;
  // A variable that outlived its X server is worth nothing. Only local ones can be looked at.
  const local = /^(?:unix)?:(\d+)(?:\.\d+)?$/.exec(display);
  return local?.[1] ? socketExists(local[1]) : true;
}

/**
 * @param {string} number
 * @returns {boolean}
 */
function socketExists(number) {
  const socket = `/tmp/.X11-unix/X${number}`;
  if (existsSync(socket)) return true;
  try {
    return readFileSync('/proc/net/unix', 'utf8').includes(`@${socket}\n`);
  } catch {
    return false;
  }
}

/**
 * Starts an X server without a screen, on Linux hosts that have no display; elsewhere it does
 * nothing. The server ends with `stop()`, and also when this process ends.
 *
 * @param {{ width?: number, height?: number, windowManager?: boolean, always?: boolean }} [options]
 *   width and height in pixels; windowManager: also start one, without which there is no true full
 *   screen; always: even when there is a display
 * @returns {Promise<Display>}
 * @throws {SetupError} when Xvfb or openbox are missing or do not start
 */
export async function startDisplay(options = {}) {
  const { width = 1280, height = 800, windowManager = false, always = false } = options;
  if (process.platform !== 'linux' || (hasDisplay() && !always)) {
    return { env: {}, stop: () => Promise.resolve() };
  }
  const server = launch(
    'Xvfb',
    ['-displayfd', '1', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-noreset'],
    process.env,
  );
  try {
    const number = await server.firstLine;
    const env = { DISPLAY: `:${number}` };
    const manager = windowManager ? await startOpenbox({ ...process.env, ...env }) : null;
    const stop = async () => {
      await manager?.stop();
      await server.stop();
    };
    return { env, stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ stop: () => Promise<void> }>}
 */
async function startOpenbox(env) {
  // openbox runs the start-up command when it manages the screen.
  const manager = launch('openbox', ['--sm-disable', '--startup', 'echo ready'], env);
  try {
    await manager.firstLine;
    return manager;
  } catch (error) {
    await manager.stop();
    throw error;
  }
}

/**
 * Starts a program that reports on its standard output, by one line, that it is ready.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ firstLine: Promise<string>, stop: () => Promise<void> }}
 */
function launch(program, args, env) {
  // Ends the program when this process is killed and cannot do so itself.
  const guard = findCommand('setpriv');
  const [command, rest] = guard
    ? [guard, ['--pdeathsig', 'TERM', program, ...args]]
    : [program, args];
  const child = spawn(command, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let messages = '';
  child.stderr.on('data', (chunk) => {
    messages = (messages + String(chunk)).slice(-4000);
  });
  const ended = new Promise((resolve) => {
    child.once('close', resolve);
    child.once('error', resolve);
  });
  const kill = () => void child.kill('SIGTERM');
  process.once('exit', kill);
  /** @type {Promise<string>} */
  const firstLine = new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ what) => {
      clearTimeout(timer);
      const remedy = `Check that \`${program}\` is installed and starts from a shell.`;
      reject(new SetupError(what, remedy, { detail: messages }));
    };
    const timer = setTimeout(() => fail(`${program} did not get ready.`), START_TIMEOUT_MS);
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      const end = text.indexOf('\n');
      if (end < 0) return;
      clearTimeout(timer);
      resolve(text.slice(0, end).trim());
    });
    void ended.then(() => fail(`${program} ended at once.`));
  });
  const stop = async () => {
    process.off('exit', kill);
    const insist = setTimeout(() => void child.kill('SIGKILL'), 3000);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(insist);
  };
  return { firstLine, stop };
}
