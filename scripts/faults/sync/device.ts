import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCutProxy } from '#stack/cut-proxy.ts';
import type { CutProxy } from '#stack/cut-proxy.ts';
import type { DemoPerson } from '../../../supabase/demo/people.ts';
import { DEMO_PASSWORD } from '../../../supabase/demo/people.ts';
import type {
  Ack,
  CallName,
  Change,
  DeviceCalls,
  DeviceStatus,
  FromDevice,
} from './device-messages.ts';

const MAIN = fileURLToPath(new URL('device-main.ts', import.meta.url));
const READY_WITHIN_MS = 60_000;
const ANSWER_WITHIN_MS = 120_000;

export type Person = Pick<DemoPerson, 'id' | 'email'>;

/** The network of one machine: the way to the sync server and the way to the sign-in service. */
export interface Network {
  readonly server: CutProxy;
  readonly auth: CutProxy;
  cut(): void;
  restore(): void;
}

/** Addresses behind a network. */
export interface Addresses {
  readonly serverPort: number;
  readonly authPort: number;
}

export async function openNetwork(addresses: Addresses): Promise<Network> {
  const to = (port: number): Promise<CutProxy> =>
    startCutProxy({ target: { host: '127.0.0.1', port } });
  const [server, auth] = [await to(addresses.serverPort), await to(addresses.authPort)];
  const both = (work: (proxy: CutProxy) => void): void => [server, auth].forEach(work);
  return {
    server,
    auth,
    cut: () => both((proxy) => proxy.cut()),
    restore: () => both((proxy) => proxy.restore()),
  };
}

export interface DeviceOptions {
  readonly name: string;
  readonly index: number;
  readonly person: Person;
  readonly dataDir: string;
  readonly network: Network;
  readonly skewMs?: number;
  readonly recordTo?: string;
  /** Put before the command of the process, such as a namespace with a disk of its own. */
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Waiting {
  give(value: unknown): void;
  fail(error: Error): void;
}

/** A machine of a clinic: a folder, a network, and a process that may be killed and started again. */
export class Device {
  readonly name: string;
  readonly person: Person;
  readonly network: Network;
  readonly dataDir: string;
  /** Every write that the store has acknowledged, over all lives. */
  readonly acks: Ack[] = [];
  /** Patients whose page was on the screen. */
  readonly reads: string[] = [];
  /**
   * Changes that were begun, over all lives. Killed between the write and its acknowledgement, one of them
   * may be on the disk; then who made it had seen what it took the place of.
   */
  readonly tries: Change[] = [];
  /** What must never be and was seen. */
  readonly wrongs: string[] = [];
  readonly looked = new Map<string, number>();
  skewMs: number;
  life = 0;
  readonly #options: DeviceOptions;
  #child: ChildProcess | null = null;
  #said = '';
  #calls = 0;
  readonly #waiting = new Map<number, Waiting>();

  constructor(options: DeviceOptions) {
    this.#options = options;
    this.name = options.name;
    this.person = options.person;
    this.network = options.network;
    this.dataDir = options.dataDir;
    this.skewMs = options.skewMs ?? 0;
  }

  get isRunning(): boolean {
    return this.#child !== null;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts the process and waits until its store has opened what it can. */
  async start(): Promise<void> {
    const { name, index, network, recordTo = null, env = {}, command = [] } = this.#options;
    if (command.length === 0) mkdirSync(this.dataDir, { recursive: true });
    this.life += 1;
    const config = {
      name,
      index,
      life: this.life,
      dataDir: this.dataDir,
      serverUrl: `http://127.0.0.1:${network.server.port}`,
      authUrl: `http://127.0.0.1:${network.auth.port}`,
      skewMs: this.skewMs,
      recordTo,
    };
    const [program, ...args] = [...command, process.execPath, MAIN, JSON.stringify(config)];
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...env },
    });
    this.#child = child;
    this.#said = '';
    const hear = (chunk: Buffer): void => {
      this.#said = (this.#said + chunk.toString('utf8')).slice(-4_000);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${name} did not start: ${this.#said}`)),
        READY_WITHIN_MS,
      );
      child.on('message', (raw) => {
        const message = raw as FromDevice;
        if (message.kind === 'ready') {
          clearTimeout(timer);
          resolve();
        } else this.#hear(message);
      });
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        if (this.#child === child) this.#child = null;
        const error = new Error(`${name} ended (${signal ?? code}): ${this.#said}`);
        for (const waiting of this.#waiting.values()) waiting.fail(error);
        this.#waiting.clear();
        if (signal !== 'SIGKILL' && code !== 0) this.wrongs.push(error.message);
        reject(error);
      });
    });
  }

  #hear(message: FromDevice): void {
    switch (message.kind) {
      case 'ack':
        this.acks.push(message.ack);
        break;
      case 'read':
        this.reads.push(message.patient);
        break;
      case 'trying':
        this.tries.push(message.change);
        break;
      case 'wrong':
        this.wrongs.push(message.words);
        break;
      case 'looked':
        for (const [what, times] of Object.entries(message.what)) {
          this.looked.set(what, (this.looked.get(what) ?? 0) + times);
        }
        break;
      case 'answer':
        this.#waiting.get(message.id)?.give(message.value);
        this.#waiting.delete(message.id);
        break;
      case 'failed':
        this.#waiting
          .get(message.id)
          ?.fail(
            Object.assign(new Error(`${message.code} ${message.why}`), { code: message.code }),
          );
        this.#waiting.delete(message.id);
        break;
      case 'ready':
        break;
    }
  }

  /** @throws Error whose message begins with the code of the refusal; when the process ends */
  call<C extends CallName>(call: C, arg: DeviceCalls[C][0]): Promise<DeviceCalls[C][1]> {
    const child = this.#child;
    if (!child) return Promise.reject(new Error(`${this.name} does not run`));
    this.#calls += 1;
    const id = this.#calls;
    const answer = new Promise<unknown>((give, fail) => {
      this.#waiting.set(id, { give, fail });
      const timer = setTimeout(
        () => fail(new Error(`${this.name} does not answer ${call}`)),
        ANSWER_WITHIN_MS,
      );
      timer.unref();
    });
    // Whoever does not wait for an answer any more does not hear of the end of the process either.
    answer.catch(() => undefined);
    child.send({ id, call, arg });
    return answer as Promise<DeviceCalls[C][1]>;
  }

  signIn(): Promise<null> {
    return this.call('signIn', { email: this.person.email, password: DEMO_PASSWORD });
  }

  status(): Promise<DeviceStatus> {
    return this.call('status', null);
  }

  async setClock(skewMs: number): Promise<void> {
    this.skewMs = skewMs;
    await this.call('clock', { skewMs });
  }

  /** As the end of its power. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** As a person closes the app. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await gone;
    clearTimeout(timer);
  }

  /** Waits until its status fits. @throws Error with the last status */
  async until(
    fits: (status: DeviceStatus) => boolean,
    what: string,
    withinMs = 30_000,
  ): Promise<DeviceStatus> {
    const end = Date.now() + withinMs;
    for (;;) {
      const status = await this.status();
      if (fits(status)) return status;
      if (Date.now() > end) throw new Error(`${this.name}: ${what}: ${JSON.stringify(status)}`);
      await sleep(100);
    }
  }

  /** Copies what lies on its disk; it must not be running. */
  copyTo(dataDir: string): void {
    if (this.isRunning) throw new Error(`${this.name} runs`);
    cpSync(this.dataDir, dataDir, { recursive: true });
  }
}
