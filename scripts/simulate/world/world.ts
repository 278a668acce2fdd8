import type { Row } from '#shared/schema/define.ts';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { createHlc } from '#shared/kernel/hlc.ts';
import type { Grant } from '#shared/access/rights.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ServerApi } from '#desktop/replication/server-api.ts';
import type { Caller } from '#server/http/route.ts';
import type { Memory } from '#server/sync/ports.ts';
import type { Bus } from '#server/realtime/bus.ts';
import type { ChangeSet } from '#server/realtime/change.ts';
import { Rng } from '../../demo-data/rng.ts';
import { ModelDatabase } from '../model/database.ts';
import type { Backup, BrokenDatabase, CommitFate, Written } from '../model/database.ts';
import { memoryId, modelPush } from '../model/push-store.ts';
import { grantsOf } from '../model/rights.ts';
import type { Transaction } from '../model/transaction.ts';
import { PEOPLE, TABLES, furnish, simId } from './clinic.ts';
import type { Person } from './clinic.ts';
import { Ledger } from './ledger.ts';
import type { Promised } from './ledger.ts';
import { Network } from './network.ts';
import { SimDevice } from './sim-device.ts';
import type { BrokenDevice } from './sim-device.ts';
import { SimServer } from './sim-server.ts';
import type { Answered, EnginePorts } from './sim-server.ts';
import { SimLive } from './sim-live.ts';
import { Tally } from './tally.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What breaks on purpose; see `mutations.ts`. */
export interface Broken {
  readonly database?: BrokenDatabase;
  readonly device?: BrokenDevice;
  readonly ports?: (ports: EnginePorts) => EnginePorts;
  /** The longest time that a statement takes, milliseconds. */
  readonly statementMs?: number;
  /** Milliseconds by which the server believes it is later than it is. */
  readonly serverSkewMs?: number;
}

export interface WorldOptions {
  readonly seed: number;
  /** Numbers of people, one for each device. */
  readonly devices: readonly number[];
  readonly time: VirtualTime;
  /** A folder for disks, in memory where there is one. */
  readonly folder: string;
  /** A disk with all tables, to start from. */
  readonly template: string;
  readonly broken?: Broken | undefined;
}

/** The longest time that a statement takes, milliseconds. */
const STATEMENT_MS = 3;
/** One push in so many is played again on a copy of the database. */
const REPLAY_ONE_IN = 2;

/** Devices, two replicas of the server, one database, and the network between them. */
export class World {
  readonly time: VirtualTime;
  readonly tally: Tally;
  readonly network: Network;
  readonly db: ModelDatabase;
  readonly servers: readonly SimServer[];
  readonly devices: SimDevice[] = [];
  readonly ledger = new Ledger();
  readonly people: readonly Person[] = PEOPLE;
  /** Copies of disks, by device, and how many promises stood when they were made. */
  readonly disks = new Map<SimDevice, { readonly file: string; readonly promises: number }>();
  /** Values that were ever written down as lost, also before a restore. */
  readonly everLost = new Set<string>();
  backup: Backup | null = null;
  /** When the database last came back from a backup; 0: never. */
  restoredAt = 0;
  /** How often it did. */
  restores = 0;
  /** Values that were written, and how often the database had been set back by then. */
  readonly writtenAfter = new Map<string, number>();
  /** What a restore took from the database while the disk that it was written on still had it. */
  readonly onDisksAlone = new Map<Promised, Row>();
  /** When somebody's rights last changed, by person. */
  readonly rightsChangedAt = new Map<string, number>();
  /** Devices whose disk was set back since the checks last looked. */
  readonly replaced = new Set<SimDevice>();
  onCommit: (tx: Transaction, written: readonly Written[]) => void = () => undefined;
  readonly #options: WorldOptions;
  readonly #rng: Rng;
  readonly #trace = createHash('sha256');
  readonly #grants = new Map<string, readonly Grant[]>();
  #fates: CommitFate[] = [];
  #values = 0;

  constructor(options: WorldOptions) {
    const { seed, time, broken } = options;
    this.#options = options;
    this.time = time;
    this.tally = new Tally(() => time.passed);
    this.#rng = new Rng(seed, 'world');
    this.network = new Network(time, new Rng(seed, 'network'), this.tally);
    const statements = new Rng(seed, 'statements');
    this.db = new ModelDatabase({
      clock: time,
      timers: time,
      random: () => statements.float(),
      statementMs: broken?.statementMs ?? STATEMENT_MS,
      ...(broken?.database ? { broken: broken.database } : {}),
    });
    this.db.fateOfCommit = () => this.#nextFate();
    this.db.onCommit = (tx, written) => {
      this.trace('commit', tx.xid, written.length);
      this.onCommit(tx, written);
    };
    this.servers = this.#openServers();
  }

  /** Puts everything in its place and starts all devices. */
  async open(): Promise<void> {
    const { folder, devices } = this.#options;
    mkdirSync(folder, { recursive: true });
    await this.run(furnish(this.db, this.time.now()));
    for (const [line, at] of devices.entries()) {
      const person = this.person(at);
      const device = this.#device(line, simId('device', String(line)), person.id, 'disk');
      copyFileSync(this.#options.template, device.options.file);
      this.devices.push(device);
      await this.run(device.start());
    }
  }

  async close(): Promise<void> {
    for (const device of this.devices) await this.run(device.stop());
    for (const server of this.servers) server.stop();
  }

  person(at: number): Person {
    const person = this.people[at % this.people.length];
    if (!person) throw new Error('nobody works here');
    return person;
  }

  device(at: number): SimDevice {
    const device = this.devices[at % this.devices.length];
    if (!device) throw new Error('there is no device');
    return device;
  }

  server(at: number): SimServer {
    const server = this.servers[at % this.servers.length];
    if (!server) throw new Error('there is no server');
    return server;
  }

  /** The grants of somebody at this moment. */
  grantsOf(userId: string): readonly Grant[] {
    const key = `${userId}/${this.db.commits}/${this.db.epoch}`;
    const known = this.#grants.get(key);
    if (known) return known;
    const reading = { read: this.db.committed.bind(this.db), all: this.db.all.bind(this.db) };
    const grants = grantsOf(reading, userId, this.time.now());
    this.#grants.set(key, grants);
    return grants;
  }

  /** A text that nobody has written before. */
  newValue(): string {
    this.#values += 1;
    return `v${this.#values}`;
  }

  /** Waits for work of the simulation's own, letting time pass as far as it needs to. */
  async run<T>(work: Promise<T>, withinMs = 60_000): Promise<T> {
    if (!(await this.time.until(work, withinMs))) throw new Error('work that does not end');
    return work;
  }

  trace(...what: readonly unknown[]): void {
    this.#trace.update(`${this.time.passed} ${what.join(' ')}\n`);
  }

  /** A digest of all that happened, in its order. */
  traceDigest(): string {
    return this.#trace.copy().digest('hex');
  }

  /** The next commits go wrong in this way. */
  breakCommits(fate: CommitFate, times: number): void {
    this.#fates = Array.from({ length: times }, () => fate);
  }

  /** A second process on a copy of a device's disk. */
  async twin(of: SimDevice): Promise<void> {
    const disk = this.disks.get(of);
    if (!disk || this.devices.length >= this.#options.devices.length + 2) return;
    const { deviceId, userId } = of.options;
    const line = this.devices.length;
    const device = this.#device(line, deviceId, userId, `twin-${line}`);
    device.bringBackDisk(disk.file);
    this.devices.push(device);
    await this.run(device.start());
    this.tally.fault('device cloned');
  }

  copyDisk(device: SimDevice): void {
    const file = path.join(this.#options.folder, `copy-${this.devices.indexOf(device)}.db`);
    device.copyDisk(file);
    this.disks.set(device, { file, promises: this.ledger.promises.length });
  }

  #device(line: number, deviceId: string, userId: string, name: string): SimDevice {
    const { seed, time, folder, broken } = this.#options;
    const rng = new Rng(seed, 'device', line);
    const device: SimDevice = new SimDevice({
      line,
      deviceId,
      userId,
      file: path.join(folder, `${name}-${line}.db`),
      tables: TABLES,
      time,
      random: () => rng.float(),
      api: this.#api(line, userId, deviceId),
      broken: broken?.device,
    });
    return device;
  }

  /** The server as a device reaches it: any replica, over the device's own line. */
  #api(line: number, userId: string, deviceId: string): ServerApi {
    const caller: Caller = {
      userId,
      deviceId,
      claims: { sub: userId },
      expiresAt: Number.MAX_SAFE_INTEGER,
    };
    const at = (): SimServer => {
      const up = this.servers.filter(({ isUp }) => isUp);
      if (up.length === 0) throw new AppError('SERVER_UNREACHABLE');
      return this.#rng.pick(up);
    };
    const request = <T>(
      kind: string,
      body: unknown,
      serve: (server: SimServer, body: unknown) => Promise<T>,
      signal?: AbortSignal,
    ): Promise<T> => {
      const text = JSON.stringify(body);
      return this.network.request(
        line,
        async () => {
          this.trace(kind, line, text.length);
          return serve(at(), JSON.parse(text));
        },
        signal,
      );
    };
    return {
      session: (device, signal) =>
        request('session', { device }, (server, body) => server.session(caller, body), signal),
      pull: (body, signal) =>
        request('pull', body, (server, sent) => server.pull(caller, sent), signal),
      push: (body, signal) =>
        request('push', body, (server, sent) => server.push(caller, sent), signal),
      live: async (handlers) => {
        const { network, time: timers } = this;
        const connection = new SimLive({ network, timers, line, handlers });
        await request('live', null, (server) => server.live(caller, connection));
        return connection.deviceEnd;
      },
    };
  }

  #openServers(): SimServer[] {
    const { broken } = this.#options;
    const listeners: ((set: ChangeSet) => void)[] = [];
    const clock = { now: () => this.time.now() + (broken?.serverSkewMs ?? 0) };
    return ['a', 'b'].map((node) => {
      const own: ((set: ChangeSet) => void)[] = [];
      const bus: Bus = {
        isShared: true,
        state: () => 'ok',
        changes: {
          publish: (set) => {
            // Redis tells whoever listens; what it does not tell is found by the next pull.
            this.time.after(this.#rng.int(1, 20), () => {
              for (const listen of listeners) if (!own.includes(listen)) listen(set);
            });
          },
          listen: (listener) => {
            own.push(listener);
            listeners.push(listener);
          },
        },
        presence: { publish: () => undefined, listen: () => undefined },
        onGap: () => undefined,
        stop: async () => undefined,
      };
      return new SimServer({
        db: this.db,
        clock,
        wrap: broken?.ports,
        onPush: (answered) => this.#replay(answered),
        bus,
        node: `${'0'.repeat(10)}0${node}`,
      });
    });
  }

  #nextFate(): CommitFate {
    const fate = this.#fates.shift() ?? 'kept';
    if (fate !== 'kept') this.tally.fault(`connection lost ${fate.slice(5)} a commit`);
    return fate;
  }

  /** Invariant 2: what was answered is asked once more, on a copy of the database of this moment. */
  async #replay({ caller, request, reply }: Answered): Promise<void> {
    for (const result of reply.results) {
      this.tally.answered(result.table, result.outcome, 'code' in result ? result.code : null);
    }
    // What has to come again later is to be done then: that is no repetition.
    const isFinal = reply.results.every(({ outcome }) => outcome !== 'retry');
    if (!isFinal || !this.#rng.chance(1 / REPLAY_ONE_IN)) return;
    if (reply.results.some((result) => this.#hasComeSince(caller, result))) return;
    const copy = this.db.fork();
    const before = copy.fork();
    const server = this.server(0);
    const hlc = createHlc({ clock: this.time, node: 'f'.repeat(12), last: server.lastStamp });
    const wrap = this.#options.broken?.ports;
    const ports = { ...server.ports, openPush: modelPush(copy) };
    const { openPush } = wrap?.(ports) ?? ports;
    await server.pushOver(openPush, caller, request, hlc, () => undefined);
    const tables = [...new Set(request.rows.map(({ table }) => table as TableName))];
    const changed = new Set(copy.differences(before).map(({ table }) => table));
    const what = `a repeated push of ${tables.join(', ')} changed ${[...changed].join(', ')}`;
    this.tally.check(2, changed.size === 0 ? null : what);
  }

  /**
   * True for a row that was refused as a new one and that its author has pushed before the request is
   * repeated: the same content is then judged as a change, which may pass.
   */
  #hasComeSince(
    { deviceId }: Caller,
    { table, id, outcome }: Answered['reply']['results'][number],
  ): boolean {
    const key = { table: table as TableName, id };
    if (outcome !== 'refused' || !this.db.committed(key.table, id)) return false;
    const stored = this.db.committed('push_memory', memoryId(deviceId, key));
    const pushed = stored?.row['pushed'] as Memory['pushed'] | undefined;
    return [pushed, ...(pushed?.others ?? [])].some((one) => one?.refused?.asNew === true);
  }
}
