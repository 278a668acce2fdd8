import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { READY_FILE, buildOnce, isReady } from './atomic-cache.mjs';
import { completeLock } from './complete-lock.mjs';
import { startDisplay } from './display.mjs';
import { fallbackFits, fallbackFolder } from './electron-fallback.mjs';
import { ensureElectron } from './electron.mjs';
import { needsRebuild } from './native-module.mjs';
import { lockStamp, packageState, stampFile } from './packages.mjs';
import { cacheRoot } from './paths.mjs';
import { withRunLock } from './run-lock.mjs';
import { run } from './run.mjs';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ganger-setup-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const read = (file: string) => readFile(file, 'utf8');

async function write(file: string, content: unknown): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
}

/** A clone whose node_modules was installed from its lock file. */
async function installedClone(): Promise<string> {
  const root = path.join(folder, 'clone');
  const packages = {
    'node_modules/zod': { version: '4.0.0' },
    'node_modules/binding-of-another-system': { version: '1.0.0', optional: true },
  };
  await write(path.join(root, 'package-lock.json'), { packages: { '': {}, ...packages } });
  const installed = { 'node_modules/zod': packages['node_modules/zod'] };
  await write(path.join(root, 'node_modules/.package-lock.json'), { packages: installed });
  await write(path.join(root, 'node_modules/zod/package.json'), {});
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const node = path.join(root, 'node_modules/node/bin', name);
  await mkdir(path.dirname(node), { recursive: true });
  await symlink(process.execPath, node);
  await writeFile(stampFile(root), await lockStamp(root));
  return root;
}

describe('packages', () => {
  it('are fresh right after their installation', async () => {
    expect(await packageState(await installedClone())).toBe('fresh');
  });

  it('are stale when the lock file asks for another version', async () => {
    const root = await installedClone();
    const packages = { 'node_modules/zod': { version: '4.0.1' } };
    await write(path.join(root, 'package-lock.json'), { packages });
    expect(await packageState(root)).toBe('stale');
  });

  it('are stale when the lock file no longer holds an installed package', async () => {
    const root = await installedClone();
    await write(path.join(root, 'package-lock.json'), { packages: {} });
    expect(await packageState(root)).toBe('stale');
  });

  it('are stale when there are none, and when npm was killed while it installed', async () => {
    const root = await installedClone();
    await rm(stampFile(root));
    await rm(path.join(root, 'node_modules/.package-lock.json'));
    expect(await packageState(root)).toBe('stale');
    await rm(path.join(root, 'node_modules'), { recursive: true });
    expect(await packageState(root)).toBe('stale');
  });

  it('are kept when npm was run by hand and its result fits the lock file', async () => {
    const root = await installedClone();
    await rm(stampFile(root));
    expect(await packageState(root)).toBe('unstamped');
  });

  it('are not taken for fresh when the binary of Node is missing', async () => {
    const root = await installedClone();
    await rm(path.join(root, 'node_modules/node'), { recursive: true });
    expect(await packageState(root)).toBe('unstamped');
  });
});

describe('the lock file', () => {
  const lock = () => ({
    packages: {
      'node_modules/tool': {
        version: '1.2.3',
        dev: true,
        optionalDependencies: {
          '@tool/linux-x64-musl': '1.2.3',
          '@tool/darwin-arm64': '1.2.3',
          fsevents: '~2.3.2',
        },
      },
      'node_modules/@tool/linux-x64-musl': { version: '1.2.3', integrity: 'sha512-kept' },
    } as Record<string, object>,
  });

  it('gets the binaries of all systems, and what it has stays', () => {
    const completed = lock();
    expect(completeLock(completed)).toEqual(['@tool/darwin-arm64']);
    expect(completed.packages).toEqual({
      ...lock().packages,
      'node_modules/@tool/darwin-arm64': {
        version: '1.2.3',
        os: ['darwin'],
        cpu: ['arm64'],
        dev: true,
        optional: true,
      },
    });
  });

  it('is complete after being completed', () => {
    const completed = lock();
    completeLock(completed);
    expect(completeLock(completed)).toEqual([]);
  });
});

describe('a cache folder', () => {
  it('is not taken for ready when it is half-made, and is made anew', async () => {
    const target = path.join(folder, 'thing');
    await write(path.join(target, 'part'), 'old');
    expect(await isReady(target)).toBe(false);
    await buildOnce(target, (work) => writeFile(path.join(work, 'whole'), 'new'));
    expect((await readdir(target)).toSorted()).toEqual([READY_FILE, 'whole']);
  });

  it('is made once', async () => {
    const target = path.join(folder, 'thing');
    let builds = 0;
    const build = async () => void (builds += 1);
    await buildOnce(target, build);
    await buildOnce(target, build);
    expect(builds).toBe(1);
  });

  it('does not come into being when its making fails', async () => {
    const target = path.join(folder, 'thing');
    const fail = () => Promise.reject(new Error('no space'));
    await expect(buildOnce(target, fail)).rejects.toThrow('no space');
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves nothing behind of a run that was killed in the middle', async () => {
    const target = path.join(folder, 'thing');
    const script = `
      import { buildOnce } from ${JSON.stringify(new URL('./atomic-cache.mjs', import.meta.url))};
      await buildOnce(${JSON.stringify(target)}, () => {
        process.stdout.write('working');
        return new Promise(() => setInterval(() => undefined, 1000));
      });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(await readdir(folder)).toEqual([`thing.tmp-${child.pid}`]);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    expect(await isReady(target)).toBe(false);
    await buildOnce(target, (work) => writeFile(path.join(work, 'whole'), ''));
    expect(await readdir(folder)).toEqual(['thing']);
  });

  it('lies where the system keeps caches', () => {
    const inHome = (platform: NodeJS.Platform) => cacheRoot({ HOME: '/h' }, platform);
    expect(inHome('linux')).toBe(path.join('/h', '.cache', 'ganger-desktop'));
    expect(inHome('darwin')).toBe(path.join('/h', 'Library', 'Caches', 'ganger-desktop'));
    const moved = cacheRoot({ HOME: '/h', XDG_CACHE_HOME: '/elsewhere' }, 'linux');
    expect(moved).toBe(path.join('/elsewhere', 'ganger-desktop'));
    const windows = cacheRoot({ LOCALAPPDATA: '/local' }, 'win32');
    expect(windows).toBe(path.join('/local', 'ganger-desktop', 'Cache'));
  });
});

describe('runs at the same time', () => {
  it('work one after the other', async () => {
    const lock = path.join(folder, 'run.lock');
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} begins`);
      await sleep(100);
      events.push(`${name} ends`);
    };
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    await Promise.all(['a', 'b'].map((name) => withRunLock(lock, log, work(name))));
    const [first, second] = events[0]?.startsWith('a') ? ['a', 'b'] : ['b', 'a'];
    const order = [first, second].flatMap((name) => [`${name} begins`, `${name} ends`]);
    expect(events).toEqual(order);
    expect(lines).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('take over the lock of a host that gives no sign of life', async () => {
    const lock = path.join(folder, 'run.lock');
    await writeFile(lock, 'another-host 1');
    await sleep(60);
    expect(await withRunLock(lock, undefined, async () => 'done', { staleMs: 50 })).toBe('done');
  });
});

describe('a program', () => {
  it('is ended when its progress stands still', async () => {
    const idle = ['-e', 'setInterval(() => undefined, 1000)'];
    const progress = { probe: async () => 7, stallMs: 200, everyMs: 20 };
    expect(await run(process.execPath, idle, { progress })).toMatchObject({ timedOut: true });
  });

  it('may take longer than that as long as it gets on', async () => {
    let size = 0;
    const progress = { probe: async () => (size += 1), stallMs: 200, everyMs: 20 };
    const slow = ['-e', 'setTimeout(() => process.exit(3), 600)'];
    const result = await run(process.execPath, slow, { progress });
    expect(result).toMatchObject({ timedOut: false, code: 3 });
  });
});

describe('Electron', () => {
  /** A clone whose electron package runs this script as its installer and counts the runs. */
  async function cloneWithInstaller(script: string) {
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', undefined);
    const root = await installedClone();
    const home = path.join(root, 'node_modules/electron');
    const count = path.join(folder, 'installer-runs');
    await write(path.join(home, 'package.json'), { version: '45.0.0', type: 'module' });
    await write(
      path.join(home, 'install.js'),
      `import fs from 'node:fs'; fs.appendFileSync(${JSON.stringify(count)}, '+');
       const home = import.meta.dirname; ${script}`,
    );
    const cache = path.join(folder, 'cache');
    const ready = path.join(fallbackFolder(cache), READY_FILE);
    if (fallbackFits()) await write(ready, {});
    const ensure = () => ensureElectron({ root, cache, stallMs: 300, log: () => undefined });
    return { ensure, runs: () => read(count) };
  }

  it('is the official one when its installer succeeds', async () => {
    const { ensure, runs } = await cloneWithInstaller(`
      fs.mkdirSync(home + '/dist');
      fs.writeFileSync(home + '/dist/version', '45.0.0');
      fs.writeFileSync(home + '/dist/binary', '');
      fs.writeFileSync(home + '/path.txt', 'binary');`);
    expect(await ensure()).toMatchObject({ origin: 'official', version: '45.0.0' });
    expect(await ensure()).toMatchObject({ origin: 'official', version: '45.0.0' });
    expect(await runs()).toBe('+');
  });

  it.each([
    ['fails', 'process.exit(1);'],
    ['hangs', 'setInterval(() => undefined, 1000);'],
  ])('comes from npm, without a second try, when its installer %s', async (_, script) => {
    const { ensure, runs } = await cloneWithInstaller(script);
    const origin = () =>
      ensure().then(
        (electron) => electron.origin,
        (error: Error) => error.name,
      );
    // Where npm has none, there is nothing to lose by trying again.
    const [expected, tries] = fallbackFits() ? ['fallback', '+'] : ['SetupError', '++'];
    expect(await origin()).toBe(expected);
    expect(await origin()).toBe(expected);
    expect(await runs()).toBe(tries);
  });

  it('gets another try when the download is led elsewhere', async () => {
    const { ensure, runs } = await cloneWithInstaller('process.exit(1);');
    await ensure().catch(() => undefined);
    vi.stubEnv('ELECTRON_MIRROR', 'https://mirror.example/');
    await ensure().catch(() => undefined);
    expect(await runs()).toBe('++');
  });

  it('is the one that the environment names', async () => {
    const { ensure } = await cloneWithInstaller('process.exit(1);');
    const dist = path.join(folder, 'own');
    const binary = path.join(
      dist,
      { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[
        process.platform as string
      ] ?? 'electron',
    );
    await write(binary, '');
    await chmod(binary, 0o755);
    await write(path.join(dist, 'version'), 'v46.1.0');
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', dist);
    expect(await ensure()).toMatchObject({ version: '46.1.0', path: binary });
    await rm(binary);
    await expect(ensure()).rejects.toThrow('ELECTRON_OVERRIDE_DIST_PATH');
  });

  it('needs a rebuilt SQLite only before it had Node-API 10', () => {
    expect(['33.2.1', '34.5.8', '35.0.0', '45.4.1'].map(needsRebuild)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('a display', () => {
  const reachable = (number: string) =>
    new Promise<boolean>((resolve) => {
      const socket = createConnection(`/tmp/.X11-unix/X${number}`);
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.unref();
      void sleep(2000).then(() => socket.destroy());
    });

  it('can be started on Linux, two at a time, and is gone when stopped', async () => {
    const displays = await Promise.all([
      startDisplay({ always: true, windowManager: true }),
      startDisplay({ always: true }),
    ]);
    const numbers = displays.map(({ env }) => env['DISPLAY']?.slice(1) ?? '');
    // Elsewhere there always is one.
    const linux = process.platform === 'linux';
    expect(new Set(numbers).size).toBe(linux ? 2 : 1);
    expect(await Promise.all(numbers.map(reachable))).toEqual([linux, linux]);
    await Promise.all(displays.map(({ stop }) => stop()));
    expect(await Promise.all(numbers.map(reachable))).toEqual([false, false]);
  });

  it('is not started where there is one', async () => {
    vi.stubEnv('WAYLAND_DISPLAY', 'wayland-0');
    expect((await startDisplay()).env).toEqual({});
  });
});
