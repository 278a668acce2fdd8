import { existsSync } from 'node:fs';
import path from 'node:path';
import { findCommand, hostNode, isExecutable } from './paths.mjs';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * How to start npm: the one that started us, else the one beside the host's Node, else the one on
 * the PATH.
 *
 * @param {string} root folder of the repository
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ command: string, args: string[], shell: boolean }}
 * @throws {SetupError} when there is no npm
 */
export function findNpm(root, env = process.env) {
  const node = hostNode(root, env);
  if (node) {
    const fromNpm = env['npm_execpath'];
    const besideNode = [
      path.join(path.dirname(node), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
      path.join(path.dirname(node), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    ];
    // Other package managers set npm_execpath too; their command line differs.
    const candidates = fromNpm && /npm-cli\.[cm]?js$/.test(fromNpm) ? [fromNpm] : [];
    const script = [...candidates, ...besideNode].find((file) => existsSync(file));
    if (script) return { command: node, args: [script], shell: false };
  }
  const npm = findCommand('npm', env);
  // Windows starts a .cmd file only through its shell.
  if (npm && isExecutable(npm)) {
    return {
      command: process.platform === 'win32' ? 'npm' : npm,
      args: [],
      shell: process.platform === 'win32',
    };
  }
  throw new SetupError(
    'npm was not found.',
    'Install Node.js 20 or newer together with npm (https://nodejs.org) and start again.',
  );
}

/**
 * Runs npm to its end.
 *
 * @param {string} root folder of the repository
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<import('./run.mjs').RunResult>}
 */
export function runNpm(root, args, options = {}) {
  const env = options.env ?? process.env;
  const npm = findNpm(root, env);
  return run(npm.command, [...npm.args, ...args], {
    cwd: options.cwd ?? root,
    shell: npm.shell,
    // npm's own notices would be the last lines of a failure's output.
    env: { ...env, npm_config_update_notifier: 'false', npm_config_loglevel: 'error' },
  });
}
