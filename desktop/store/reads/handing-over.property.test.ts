import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { MemoryChains } from './memory-chains.suite.ts';
import type { Weather } from './memory-chains.suite.ts';
import { openReadChain } from './read-chain.ts';
import type { ReadChain } from './read-chain.ts';
import { startReadSender } from './read-sender.ts';
import { createReadTrail } from './read-trail.ts';
import type { ReadTrail } from './read-trail.ts';

const KEY = 'cd'.repeat(32);
const DEVICE = newId();
const LONG_MS = 60_000;

/** A machine: a folder, and what runs over it until it is killed. */
class Machine {
  readonly folder: string;
  database: EncryptedDatabase;
  chain: ReadChain;
  trail: ReadTrail;
  readonly #server: MemoryChains;
  #clock = 0;

  constructor(folder: string, server: MemoryChains) {
    this.folder = folder;
    this.#server = server;
    [this.database, this.chain, this.trail] = this.#start();
  }

  /** As after a power cut: what was not on the disk is gone, what runs is gone. */
  kill(): void {
    this.database.close();
    [this.database, this.chain, this.trail] = this.#start();
  }

  /** One go of the sender, whatever comes of it. */
  async handOver(): Promise<void> {
    const { chain } = this;
    const { server } = this.#server;
    const sender = startReadSender({
      chain,
      server,
      random: () => 0.5,
      log: silentLogger,
      gatherMs: LONG_MS,
    });
    await sender.flush(LONG_MS);
    await sender.stop();
  }

  /** Asks also when there is nothing to send, as the sender does by the clock. */
  async lookAfter(): Promise<void> {
    const sender = startReadSender({
      chain: this.chain,
      server: this.#server.server,
      random: () => 0.5,
      log: silentLogger,
      gatherMs: 0,
    });
    const before = this.#server.requests;
    await expect.poll(() => this.#server.requests).toBeGreaterThan(before);
    await sender.stop();
  }

  #start(): [EncryptedDatabase, ReadChain, ReadTrail] {
    const database = openDatabase({
      file: path.join(this.folder, 'device.db'),
      key: KEY,
      log: silentLogger,
    });
    const now = (): number => (this.#clock += 1);
    const chain = openReadChain({ database, deviceId: DEVICE, isAnew: false, now, keptAfter: 3 });
    const trail = createReadTrail({ chain: () => chain, now, log: silentLogger });
    return [database, chain, trail];
  }
}

function inFolder<T>(work: (folder: (name: string) => string) => Promise<T>): Promise<T> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'ganger-handing-'));
  return work((name) => mkdtempSync(path.join(root, `${name}-`))).finally(() =>
    rmSync(root, { recursive: true, force: true }),
  );
}

const weather = fc.constantFrom<Weather>('fine', 'fine', 'down', 'answer-lost', 'twice');
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('read' as const), who: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      weather: fc.array(weather, { maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), in: fc.boolean() }) },
);
const PEOPLE = [newId(), newId(), newId()] as const;

test('over kills, lost answers, repeats and people who leave: each read once, in order, one chain', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 30 }), (steps) =>
      inFolder(async (folder) => {
        const server = new MemoryChains();
        const machine = new Machine(folder('desk'), server);
        const noted: string[] = [];
        for (const it of steps) {
          if (it.do === 'kill') machine.kill();
          else if (it.do === 'leave') server.isSomebodyIn = it.in;
          else if (it.do === 'send') {
            server.weather.push(...it.weather);
            await machine.handOver();
          } else {
            const patient = newId();
            const actor = PEOPLE[it.who] ?? PEOPLE[0];
            const shown = {
              kind: 'record' as const,
              table: 'patients',
              records: [{ id: patient, patient }],
            };
            const seat = machine.trail.seat(1);
            seat.asked(actor, 'table:patients', shown);
            // Drawn again, also by a store that was killed meanwhile.
            seat.watched({}, actor, 'patients.timeline', [shown]);
            noted.push(`${actor} ${patient}`);
          }
        }
        server.weather.length = 0;
        server.isSomebodyIn = true;
        machine.kill();
        await machine.handOver();
        const read = server
          .entries()
          .filter(({ action }) => action === 'read')
          .map(({ actor, rows }) => `${actor} ${rows?.[0]}`);
        expect(read).toEqual(noted);
        expect(server.chains.size).toBe(1);
        expect([...server.chains.values()].map(({ fault }) => fault)).toEqual([null]);
        expect(server.areWhole()).toBe(true);
        expect(machine.chain.countUnsent()).toBe(0);
        expect(machine.chain.check().fault).toBeNull();
        machine.database.close();
      }),
    ),
    { numRuns: 60 },
  );
});

const look = (machine: Machine): string => {
  const patient = newId();
  machine.trail.seat(1).asked(PEOPLE[0], 'table:patients', {
    kind: 'record',
    table: 'patients',
    records: [{ id: patient, patient }],
  });
  return patient;
};
const readOn = (server: MemoryChains): (string | undefined)[] =>
  server
    .entries()
    .filter(({ action }) => action === 'read')
    .map(({ rows }) => rows?.[0]);
const copyOf = (machine: Machine, folder: string, server: MemoryChains): Machine => {
  machine.kill();
  machine.database.close();
  cpSync(machine.folder, folder, { recursive: true });
  machine.kill();
  return new Machine(folder, server);
};

test('a machine that was set back to a copy begins a chain that says so, and loses and repeats nothing', () =>
  inFolder(async (folder) => {
    const server = new MemoryChains();
    const machine = new Machine(folder('desk'), server);
    const reads = [look(machine), look(machine)];
    await machine.handOver();
    reads.push(look(machine));
    const copy = copyOf(machine, folder('copy'), server);
    await machine.handOver();
    reads.push(look(machine));
    await machine.handOver();
    machine.database.close();
    // The copy of the day before takes the machine's place; it has read nothing since.
    await copy.lookAfter();
    expect(readOn(server)).toEqual(reads);
    reads.push(look(copy));
    await copy.handOver();
    expect(readOn(server)).toEqual(reads);
    expect([...server.chains.values()].map(({ fault }) => fault)).toEqual(['replayed', null]);
    expect(server.entries().filter(({ action }) => action === 'begin')).toMatchObject([
      { because: 'first' },
      { because: 'copy' },
    ]);
    expect(server.areWhole()).toBe(true);
    copy.database.close();
  }));

test('of two machines with one chain the second begins another, which goes on with what it read', () =>
  inFolder(async (folder) => {
    const server = new MemoryChains();
    const machine = new Machine(folder('desk'), server);
    const reads = [look(machine)];
    await machine.handOver();
    const copy = copyOf(machine, folder('copy'), server);
    reads.push(look(machine), look(copy));
    await machine.handOver();
    await copy.handOver();
    reads.push(look(copy));
    await copy.handOver();
    expect(readOn(server)).toEqual(reads);
    expect([...server.chains.values()].map(({ fault }) => fault)).toEqual(['forked', null]);
    // The first goes on as if nothing had been.
    reads.push(look(machine));
    await machine.handOver();
    const read = readOn(server);
    expect(read).toHaveLength(reads.length);
    expect(new Set(read)).toEqual(new Set(reads));
    expect(server.areWhole()).toBe(true);
    copy.database.close();
    machine.database.close();
  }));

test('what was changed in the machine’s own file ends the chain, and is told with it', () =>
  inFolder(async (folder) => {
    const server = new MemoryChains();
    const machine = new Machine(folder('desk'), server);
    look(machine);
    await machine.handOver();
    const reads = [look(machine), look(machine)];
    machine.database.exec(
      `update read_entries set body = replace(body, '"window":1', '"window":2') where seq = 3`,
    );
    await machine.handOver();
    expect(
      server
        .entries()
        .filter(({ action }) => action === 'begin')
        .at(-1),
    ).toMatchObject({
      because: 'broken',
      former: [...server.chains.keys()][0],
    });
    expect(readOn(server).slice(1)).toEqual(reads);
    expect(server.areWhole()).toBe(true);
    machine.database.close();
  }));

test('a server that was set back to a backup gets again what it lost, as long as it is kept here', () =>
  inFolder(async (folder) => {
    const server = new MemoryChains();
    const machine = new Machine(folder('desk'), server);
    const reads = Array.from({ length: 6 }, () => look(machine));
    await machine.handOver();
    const [kept] = server.chains.values();
    kept?.links.splice(5);
    await machine.lookAfter();
    expect(readOn(server)).toEqual(reads);
    expect(server.chains.size).toBe(1);
    // Three are kept after they were sent: of an older backup the chain cannot go on.
    kept?.links.splice(1);
    await machine.lookAfter();
    expect(server.chains.size).toBe(2);
    expect(server.entries().at(-1)).toMatchObject({ action: 'begin', because: 'server' });
    expect(server.areWhole()).toBe(true);
    machine.database.close();
  }));

test('a server that has forgotten the chain is told of it again', () =>
  inFolder(async (folder) => {
    const server = new MemoryChains();
    const machine = new Machine(folder('desk'), server);
    const reads = [look(machine)];
    await machine.handOver();
    server.chains.clear();
    reads.push(look(machine));
    server.isSomebodyIn = false;
    await machine.handOver();
    // Nobody vouches for the machine: it waits.
    expect(server.chains.size).toBe(0);
    server.isSomebodyIn = true;
    await machine.handOver();
    expect(readOn(server)).toEqual(reads);
    machine.database.close();
  }));
