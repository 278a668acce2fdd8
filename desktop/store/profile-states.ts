import type { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { AuthState, WayBack } from '#shared/ipc/store-contract.ts';
import type { SessionReply } from '#shared/protocol/messages.ts';
import type { ProfileDoor } from './profile-door.ts';
import type { Profile } from './profile.ts';

/** A person as the screen knows them while their profile is closed. */
export interface Person {
  readonly userId: string;
  readonly displayName: string;
}

/** Somebody whose files this process has taken hold of, open or not. */
export interface Comer {
  readonly person: Person;
  /** Null when not even their folder could be taken hold of. */
  readonly door: ProfileDoor | null;
  /** What the server said of them since they came; null: nothing yet. */
  readonly fresh: SessionReply | null;
  /** Why their profile does not open; null: it does, or waits for its PIN, or nobody has tried. */
  readonly problem: AppError | null;
}

/** Codes after which a PIN is asked for. */
const LOCKED: ReadonlySet<Code> = new Set(['PIN_NEEDED', 'PIN_WRONG', 'PIN_WAIT']);

/**
 * What can be done about a profile that does not open, by the reason. `reload` stands only where the
 * file is of no use any more; nothing is deleted by any of them.
 */
const WAYS: Partial<Readonly<Record<Code, readonly WayBack[]>>> = {
  STORE_KEY_MISSING: ['retry', 'recover', 'reload', 'restore'],
  STORE_KEY_WRONG: ['retry', 'recover', 'reload', 'restore'],
  PIN_BLOCKED: ['recover', 'reload'],
  STORE_DAMAGED: ['retry', 'reload', 'restore'],
  STORE_UPGRADE_FAILED: ['retry', 'restore'],
  STORE_NEWER: ['retry'],
  STORE_DISK_FULL: ['retry'],
  STORE_READ_ONLY: ['retry'],
  STORE_IN_USE: ['retry'],
  STORE_IO: ['retry'],
  KEYCHAIN_UNAVAILABLE: ['retry'],
  INTERNAL: ['retry'],
};

/** Codes of a profile to which nobody here has the key. */
const NO_KEY: ReadonlySet<Code> = new Set(['STORE_KEY_MISSING', 'STORE_KEY_WRONG', 'PIN_BLOCKED']);

/** True when a profile that failed to open with this code only waits for its PIN. */
export const isLocked = (code: Code): boolean => LOCKED.has(code);

/** True when the person can do something about a profile that failed to open with this code. */
export const isStuck = (code: Code): boolean => Object.hasOwn(WAYS, code);

/** The state of an open profile. */
export function signedInState(profile: Profile, deviceId: string): AuthState {
  const { id: userId, displayName, email } = profile.known().session.user;
  const grants = [...profile.writer.grants()];
  const { broughtBack } = profile;
  return {
    state: 'signed-in',
    who: { userId, displayName, email, deviceId, grants, broughtBack },
  };
}

/** The state of a profile whose PIN is asked for. */
export function lockedState(person: Person, door: ProfileDoor): AuthState {
  const { triesLeft, waitUntil } = door.keys.attempts();
  return { state: 'locked', person, waitUntil, triesLeft, hasRecovery: door.keys.canRecover() };
}

/**
 * What can be done about a profile that failed to open with this code.
 * @param door null: not even the folder could be taken hold of
 */
export function waysBack(problem: Code, door: ProfileDoor | null): WayBack[] {
  const canRecover = door?.keys.canRecover() ?? false;
  const ways = (WAYS[problem] ?? ['retry']).filter((way) => way !== 'recover' || canRecover);
  if (problem === 'STORE_NEWER' && door?.hasUpgradeCopy()) ways.push('rollBack');
  return [...ways];
}

/** @param door null: not even the folder could be taken hold of */
export function stuckState(person: Person, problem: Code, door: ProfileDoor | null): AuthState {
  const savedChanges = door?.savedChanges() ?? null;
  return { state: 'stuck', person, problem, savedChanges, ways: waysBack(problem, door) };
}

/**
 * Whether a profile has a PIN. Unknown counts as yes: nobody gets around a PIN because its file
 * cannot be read.
 */
export function hasPin(door: ProfileDoor): boolean {
  try {
    return door.keys.hasPin();
  } catch {
    return true;
  }
}

/** Why the files of a profile that failed like this are set aside. */
export function setAsideReason(error: AppError): 'key-lost' | 'pages' {
  return NO_KEY.has(error.code) ? 'key-lost' : 'pages';
}
