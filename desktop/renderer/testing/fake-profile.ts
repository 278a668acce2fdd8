import { AppError } from '#shared/errors/app-error.ts';
import { isCode } from '#shared/errors/codes.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { AuthState, StoreWork, WayBack } from '#shared/ipc/store-contract.ts';
import { params } from './fake-params.ts';
import { ME } from './fake-rows.ts';

/** The PIN of the stand-in, and what its IT answers. */
const PIN = '407182';
const ANSWER = 'answer';
const PASSPHRASE = 'lantern copper meadow seven';
const person = { userId: ME, displayName: params.get('name') ?? 'Ana Ruiz' };

interface World {
  auth(): AuthState;
  setAuth(auth: AuthState): void;
  signedIn(): AuthState;
  setSync(next: { state: 'queued'; waiting: number }): void;
  changed(): void;
}

let work: StoreWork | null = null;
let hasPin = params.get('pin') === 'yes';
let since = Date.now() - 40 * 86_400_000;

/** The states that an address can ask for beside signed in and out; null for any other. */
export function profileState(wish: string | null): AuthState | null {
  if (wish === 'starting') return { state: 'starting' };
  if (wish === 'locked') {
    return {
      state: 'locked',
      person,
      waitUntil: params.has('wait') ? Date.now() + Number(params.get('wait')) * 1000 : null,
      triesLeft: Number(params.get('tries') ?? 5),
      hasRecovery: params.get('recovery') !== 'no',
    };
  }
  if (wish !== 'stuck') return null;
  const problem = params.get('problem');
  const saved = params.get('saved') ?? '3';
  return {
    state: 'stuck',
    person,
    problem: isCode(problem) ? problem : 'STORE_DAMAGED',
    savedChanges: saved === 'unknown' ? null : Number(saved),
    ways: (params.get('ways') ?? 'retry,reload,recover,restore')
      .split(',')
      .filter((way) => way !== '') as WayBack[],
  };
}

export const storeWork = (): StoreWork | null => work;

/** Begins the work that the address asks for: `work=rotate` runs, `work=rotate:40` stands at 40 %. */
export function beginWork(world: World): void {
  const [kind, share] = (params.get('work') ?? '').split(':');
  if (!kind) return;
  const wish = kind as StoreWork['kind'];
  if (share === undefined) void run(world, wish, 12_000);
  else work = { kind: wish, done: Number(share), total: 100 };
}

/** A profile's calls as the store answers them. @returns undefined for any other call */
export async function profileCall(world: World, name: string, arg: unknown): Promise<unknown> {
  const given = arg as Readonly<Record<string, string | null>>;
  const refusal = params.get('refuse');
  if (isCode(refusal) && /^(keys|profile)\./.test(name) && !READS.has(name)) {
    await pause(300);
    throw new AppError(refusal);
  }
  switch (name) {
    case 'keys.status':
      if (isCode(params.get('keys'))) throw new AppError(params.get('keys') as Code);
      return {
        hasPin,
        hasRecovery: params.get('recovery') !== 'no',
        keychain: params.get('keychain') ?? 'gnome_libsecret',
        since,
      };
    case 'keys.setPin':
      await pause(500);
      if (hasPin && given['current'] !== PIN) throw new AppError('PIN_WRONG');
      hasPin = true;
      return null;
    case 'keys.removePin':
      await pause(500);
      if (given['current'] !== PIN) throw new AppError('PIN_WRONG');
      hasPin = false;
      return null;
    case 'keys.lock':
      world.setAuth(profileState('locked') as AuthState);
      return null;
    case 'keys.unlock':
      return unlock(world, given['pin'] ?? '');
    case 'keys.rotate':
      await run(world, 'rotate', 8000);
      since = Date.now();
      return null;
    case 'keys.recoveryRequest':
      if (params.get('recovery') === 'no') throw new AppError('RECOVERY_NONE');
      return { text: request() };
    case 'keys.recover':
      await pause(500);
      if (given['answer'] !== ANSWER) throw new AppError('RECOVERY_INVALID');
      hasPin = false;
      world.setAuth(world.signedIn());
      return null;
    case 'profile.retry':
      await run(world, 'check', 3000);
      if (params.get('retry') !== 'helps') throw new AppError(problemOf(world.auth()));
      world.setAuth(world.signedIn());
      return null;
    case 'profile.reload':
      return reload(world);
    case 'profile.backup':
      await run(world, 'backup', 6000);
      return { saved: params.get('dialog') !== 'cancelled' };
    case 'profile.restore':
      if (given['passphrase'] !== PASSPHRASE) throw new AppError('BACKUP_PASSPHRASE_WRONG');
      await run(world, 'restore', 6000);
      world.setAuth(world.signedIn());
      return { restored: true };
    case 'profile.wipe':
      await pause(800);
      world.setAuth({ state: 'signed-out', because: null });
      return null;
    default:
      return undefined;
  }
}

const READS = new Set(['keys.status', 'keys.recoveryRequest', 'keys.lock']);

async function unlock(world: World, pin: string): Promise<null> {
  const auth = world.auth();
  if (auth.state !== 'locked') throw new AppError('STORE_NOT_OPEN');
  await pause(400);
  if (pin === PIN) {
    await run(world, 'upgrade', 1500);
    world.setAuth(world.signedIn());
    return null;
  }
  const triesLeft = auth.triesLeft - 1;
  const waitUntil = triesLeft <= 3 && triesLeft > 0 ? Date.now() + (5 - triesLeft) * 10_000 : null;
  world.setAuth({ ...auth, triesLeft, waitUntil });
  throw new AppError('PIN_WRONG');
}

async function reload(world: World): Promise<null> {
  const auth = world.auth();
  await pause(1200);
  world.setAuth(world.signedIn());
  const saved = auth.state === 'stuck' ? (auth.savedChanges ?? 0) : 0;
  if (saved > 0) {
    setTimeout(() => {
      void run(world, 'reapply', 2000, saved).then(() =>
        world.setSync({ state: 'queued', waiting: saved }),
      );
    }, 3000);
  }
  return null;
}

const problemOf = (auth: AuthState): Code =>
  auth.state === 'stuck' ? auth.problem : 'STORE_NOT_OPEN';

async function run(world: World, kind: StoreWork['kind'], ms: number, total = 1200): Promise<void> {
  const steps = Math.min(20, total);
  for (let step = 0; step < steps; step += 1) {
    work = { kind, done: Math.round((total * step) / steps), total };
    world.changed();
    await pause(ms / steps);
  }
  work = null;
  world.changed();
}

/** Text of the length that a request has, or of one that no QR code holds. */
const request = (): string =>
  `ganger-recovery-1.${'q7Xw2LkP9tRz4VbN'.repeat(params.get('request') === 'long' ? 300 : 20)}`;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
