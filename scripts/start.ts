import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startDisplay } from './setup/display.mjs';
import { appArgs, appEnv } from './dev/app-env.ts';
import { buildApp } from './dev/build-app.ts';
import { DEMO_PASSWORD, DEMO_PEOPLE } from './dev/demo-people.ts';
import { startDevStack } from './dev/dev-stack.ts';
import { electronBinary } from './dev/electron-binary.ts';
import { holdRunFile } from './dev/run-file.ts';
import { ROOT } from './dev/paths.ts';
import { smoke } from './dev/smoke.ts';

/** `npm start`: the whole suite on this machine, with demo data. */
const { values } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    'server-only': { type: 'boolean', default: false },
    port: { type: 'string', default: '7420' },
    data: { type: 'string', default: path.join(ROOT, '.data') },
  },
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_000) {
  console.error('--port takes a number from 0 (any free port) to 65000.');
  process.exit(2);
}
const dataDir = path.resolve(values.data);
const withApp = !values['server-only'];

const began = performance.now();
const stages: Record<string, number> = { setup: Number(process.env['GANGER_SETUP_MS'] ?? 0) };
let lap = began;
const stage = (name: string): void => {
  const now = performance.now();
  stages[name] = Math.round(now - lap);
  lap = now;
  if (!values.smoke) console.log(`  ${name.padEnd(18)} ${stages[name]} ms`);
};
const stops: (() => Promise<void>)[] = [];
const stopAll = async (): Promise<void> => {
  for (const step of stops.splice(0).toReversed()) await step().catch(report);
};
const report = (error: unknown): void => {
  console.error(error instanceof Error ? error.message : String(error));
};

let leaving = false;
const leave = (code: number): void => {
  if (leaving) return;
  leaving = true;
  void stopAll().then(() => process.exit(code));
};
process.on('SIGINT', () => leave(0));
process.on('SIGTERM', () => leave(0));

try {
  await run();
} catch (error) {
  report(error);
  leave(1);
}

async function run(): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const runFile = await holdRunFile(path.join(dataDir, 'run.json'));
  stops.push(() => runFile.release());
  if (withApp) {
    await buildApp();
    stage('app build');
  }
  const stack = await startDevStack({
    dataDir,
    port: values.smoke && values.port === '7420' ? 0 : port,
    log: (line) => process.stderr.write(`${line}\n`),
    onStage: stage,
    clinic: true,
  });
  stops.push(() => stack.stop());
  await runFile.note(stack.server().pid);

  if (!values.smoke) {
    console.log(`
Ganger runs.
  sync server   ${stack.serverUrl}
  sign-in       ${stack.authUrl}
  "Google"      ${stack.googleUrl}
  Postgres      127.0.0.1:${stack.postgres.port}
  data          ${dataDir}

Sign in with one of these, password ${DEMO_PASSWORD}:
${DEMO_PEOPLE.map((p) => `  ${p.email.padEnd(28)} ${p.name}, ${p.note}`).join('\n')}

Ctrl+C stops everything.`);
  }
  if (!withApp) return;

  const display = await startDisplay({ width: 1280, height: 800, windowManager: false });
  stops.push(() => display.stop());
  const env = { ...process.env, ...display.env, ...appEnv(stack) };

  if (values.smoke) {
    stage('display');
    const result = await smoke({ env, dataDir, stage });
    console.log(JSON.stringify({ ready: true, ...result, ms: stages, totalMs: total() }));
    leave(0);
    return;
  }
  const app = spawn(electronBinary(), [...appArgs(path.join(dataDir, 'app')), ROOT], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  showOwnLines(app);
  if (app.pid !== undefined) await runFile.note(app.pid);
  stops.push(() => endApp(app));
  app.on('exit', () => leave(0));
}

/** Our own log lines; what Chromium says about a machine without a desktop bus helps nobody. */
function showOwnLines(app: ChildProcess): void {
  app.stderr?.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString('utf8').split('\n')) {
      if (line.startsWith('{') || process.env['GANGER_LOG_LEVEL'] === 'debug') {
        process.stderr.write(`${line}\n`);
      }
    }
  });
}

function total(): number {
  return Math.round(performance.now() - began) + (stages['setup'] ?? 0);
}

async function endApp(app: ChildProcess): Promise<void> {
  if (app.exitCode !== null || app.signalCode !== null) return;
  const gone = once(app, 'exit');
  app.kill('SIGTERM');
  const timer = setTimeout(() => app.kill('SIGKILL'), 8_000);
  await gone;
  clearTimeout(timer);
}
