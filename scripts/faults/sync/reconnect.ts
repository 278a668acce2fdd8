import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { canonicalJson } from '#shared/kernel/json.ts';
import { startCutProxy } from '#stack/cut-proxy.ts';
import type { FaultKind } from '../fault-kind.ts';
import { ALWAYS_CHECKED, checkAll, checkSettled } from './checks.ts';
import type { FromCrowd, ToCrowd } from './crowd-messages.ts';
import type { Ack } from './device-messages.ts';
import { keepWorking } from './kills.ts';
import { postgresContent } from './content.ts';
import { caseIn } from './with-clinic.ts';
import type { InClinic } from './with-clinic.ts';

/** A hundred devices lose the server together and find it again together. */
export const reconnect: FaultKind = {
  name: 'reconnect',
  mustCheck: [...ALWAYS_CHECKED, 'devices', 'requests before', 'requests after', 'devices in step'],
  async start(context) {
    return { cases: [caseIn(context, 'all at once', run)] };
  },
};

const MAIN = fileURLToPath(new URL('crowd-main.ts', import.meta.url));
const SETTLED_WITHIN_MS = 30_000;
const MOST_TIMES_USUAL = 2;

type Look = Extract<FromCrowd, { kind: 'look' }>;

class Crowd {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  tell(message: ToCrowd): void {
    this.#child.send(message);
  }

  async hear<K extends FromCrowd['kind']>(kind: K): Promise<Extract<FromCrowd, { kind: K }>> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('a crowd has ended'));
      const hear = (raw: unknown): void => {
        const message = raw as FromCrowd;
        if (message.kind !== kind) return;
        this.#child.off('message', hear);
        this.#child.off('exit', ended);
        resolve(message as Extract<FromCrowd, { kind: K }>);
      };
      this.#child.on('message', hear);
      this.#child.once('exit', ended);
    });
  }

  async look(): Promise<Look> {
    const answer = this.hear('look');
    this.tell({ kind: 'look' });
    return answer;
  }

  async rows(): Promise<Extract<FromCrowd, { kind: 'rows' }>> {
    const answer = this.hear('rows');
    this.tell({ kind: 'rows' });
    return answer;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}

async function run(inClinic: InClinic): Promise<void> {
  const { found, clinic, pool, rng, small, folder, device } = inClinic;
  const [processes, each] = small ? [1, 12] : [4, 25];
  const windowMs = small ? 4_000 : 15_000;
  const proxy = await startCutProxy({ target: { host: '127.0.0.1', port: clinic.server.port } });
  const person = await clinic.person(['MG', null]);
  const token = await clinic.token(person);
  const real = await device('real');
  const crowds: Crowd[] = [];
  try {
    for (let at = 0; at < processes; at += 1) {
      const start = {
        folder: `${folder}/crowd-${at}`,
        serverUrl: `http://127.0.0.1:${proxy.port}`,
        token,
        userId: person.id,
        devices: each,
        writeEveryMs: small ? 1_500 : 5_000,
        places: pool.places,
        name: `crowd-${at}`,
      };
      const child = fork(MAIN, [JSON.stringify(start)], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      const crowd = new Crowd(child);
      crowds.push(crowd);
      await crowd.hear('ready');
    }
    found.checked('devices', processes * each + 1);
    await untilSettled(crowds, 60_000);
    keepWorking(real, pool, rng.uint32(), 400);
    for (const crowd of crowds) crowd.tell({ kind: 'write', on: true });
    await sleep(windowMs / 2);
    await lookAll(crowds);
    await sleep(windowMs);
    const usual = requestsOf(await lookAll(crowds));
    found.checked('requests before', usual.length);

    proxy.cut();
    real.network.cut();
    await sleep(small ? 5_000 : 30_000);
    const during = requestsOf(await lookAll(crowds));
    found.checked('requests meanwhile', during.length);
    proxy.restore();
    real.network.restore();
    await sleep(windowMs);
    const after = requestsOf(await lookAll(crowds));
    found.checked('requests after', after.length);
    // Writing goes on all the while: what comes back must not be a storm on top of it.
    if (after.length > MOST_TIMES_USUAL * usual.length) {
      found.problem(`${after.length} requests after the outage, ${usual.length} before it`);
    }
    for (const crowd of crowds) crowd.tell({ kind: 'write', on: false });
    await real.call('rest', null);
    const looks = await untilSettled(crowds, SETTLED_WITHIN_MS);
    const settled = looks.reduce((sum, look) => sum + look.settled, 0);
    found.checked('devices in step', settled);
    const late = looks.find((look) => look.settled < look.of);
    if (late) found.problem(`${late.of - late.settled} devices not in step: ${late.last}`);
    await checkSettled(found, clinic, [real]);
    await checkAll(found, clinic, [real], { others: await checkRows(inClinic, crowds) });
  } finally {
    for (const crowd of crowds) crowd.end();
    await proxy.close();
  }
}

const lookAll = (crowds: readonly Crowd[]): Promise<Look[]> =>
  Promise.all(crowds.map((crowd) => crowd.look()));

const requestsOf = (looks: readonly Look[]): number[] => looks.flatMap(({ requests }) => requests);

async function untilSettled(crowds: readonly Crowd[], withinMs: number): Promise<Look[]> {
  for (const end = Date.now() + withinMs; ; await sleep(300)) {
    const looks = await lookAll(crowds);
    if (looks.every(({ settled, of }) => settled === of) || Date.now() > end) return looks;
  }
}

/**
 * Every device of the crowd holds what Postgres holds: what others sent last is on its way for a while.
 * @returns all that they have written
 */
async function checkRows({ found, clinic }: InClinic, crowds: readonly Crowd[]): Promise<Ack[]> {
  const content = await postgresContent(clinic.admin, ['item_locations']);
  const text = (rows: readonly { readonly id: string }[]): string =>
    canonicalJson(rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
  const wanted = text(content.get('item_locations') ?? []);
  const began = Date.now();
  for (;;) {
    const answers = await Promise.all(crowds.map((crowd) => crowd.rows()));
    const replicas = answers.flatMap(({ rows }) => rows).map(text);
    const behind = replicas.filter((its) => its !== wanted).length;
    const isLate = Date.now() - began > SETTLED_WITHIN_MS;
    if (behind > 0 && !isLate) {
      await sleep(300);
      continue;
    }
    found.checked('replicas of the crowd', replicas.length);
    found.checked('ms until the crowd is equal', Date.now() - began);
    if (behind > 0) found.silent(`${behind} devices of the crowd hold something else`);
    return answers.flatMap(({ acks }) => acks);
  }
}
