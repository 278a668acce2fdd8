import { AppError } from '#shared/errors/app-error.ts';
import type { StoreWork, WayBack } from '#shared/ipc/store-contract.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { SessionReply } from '#shared/protocol/messages.ts';
import type { ProfileDoor } from './profile-door.ts';
import { hasPin, setAsideReason, waysBack } from './profile-states.ts';
import type { Comer } from './profile-states.ts';

export interface WaysBackOptions {
  readonly log: Logger;
  /** Runs work when all that came before is over. */
  inTurn(work: () => Promise<void>): Promise<null>;
  /** @throws AppError AUTH_TOKEN_INVALID when the server takes us for somebody else */
  askSession(userId: string): Promise<SessionReply>;
  /** Told of long work over the whole file; null when it is over. */
  onWork(work: StoreWork | null): void;
  /** Whose profile is here and not open. @throws AppError STORE_NOT_OPEN, CALL_NOT_ALLOWED */
  closed(): Comer;
  put(comer: Comer): void;
  doorOf(userId: string): ProfileDoor;
  /** Opens the files of who is here. @throws AppError why they do not open */
  open(): Promise<void>;
  /** Lets go of who is here and takes hold of their files anew. */
  enter(userId: string, fresh: SessionReply | null): Promise<void>;
}

/**
 * What a person can do about a profile that does not open: what is offered, and nothing else, since
 * each sets something aside that is of no use any more only then.
 */
export class WaysBack {
  readonly #given: WaysBackOptions;

  constructor(options: WaysBackOptions) {
    this.#given = options;
  }

  /** Opens a closed profile with what IT answered. @throws AppError RECOVERY_INVALID */
  recover(answer: string): Promise<null> {
    return this.#given.inTurn(async () => {
      const { door } = this.#given.closed();
      if (!door) throw new AppError('STORE_NOT_OPEN');
      await door.recover(answer);
      await this.#given.open();
    });
  }

  /** Tries again to open a profile that did not open. */
  retry(): Promise<null> {
    return this.#given.inTurn(async () => {
      const { door, person, fresh } = this.#stuck('retry').comer;
      if (door) await this.#given.open();
      else await this.#given.enter(person.userId, fresh);
    });
  }

  /** Puts the file from before an update back. @throws AppError NOT_FOUND when there is none */
  rollBack(): Promise<null> {
    return this.#given.inTurn(async () => {
      this.#stuck('rollBack').comer.door?.rollBack();
      await this.#given.open();
    });
  }

  /** Sets what does not open aside and begins anew with what the server has. */
  reload(): Promise<null> {
    return this.#given.inTurn(async () => {
      const { comer, door, problem } = this.#stuckWithDoor('reload');
      const { userId } = comer.person;
      await requireSeat(comer, door);
      const fresh = comer.fresh ?? (await this.#given.askSession(userId));
      const because = setAsideReason(problem);
      door.setAside(because);
      this.#given.log.warn('profile set aside', { because, code: problem.code });
      if (because === 'key-lost') await this.#given.enter(userId, fresh);
      else {
        this.#given.put({ ...comer, fresh });
        await this.#given.open();
      }
    });
  }

  /**
   * Takes a closed profile out of a backup that has been verified.
   * @param here the door for which it was verified
   */
  restore(here: ProfileDoor, backup: string, passphrase: string): Promise<null> {
    return this.#given.inTurn(async () => {
      const { comer, door, problem } = this.#stuckWithDoor('restore');
      // Somebody else, or the same person anew, has come while the file was chosen.
      if (door !== here) throw new AppError('CALL_NOT_ALLOWED');
      try {
        if (setAsideReason(problem) === 'key-lost')
          await this.#restoreAnew(comer, backup, passphrase);
        else await door.restore(backup, passphrase);
      } finally {
        this.#given.onWork(null);
      }
      await this.#given.open();
    });
  }

  /** @throws AppError CALL_NOT_ALLOWED when nothing is to be restored here */
  requireRestorable(): void {
    this.#stuckWithDoor('restore');
  }

  /** Under a new key, since nobody has the present one. What fails leaves all as it was. */
  async #restoreAnew(comer: Comer, backup: string, passphrase: string): Promise<void> {
    const { door, person } = comer;
    if (!door) throw new AppError('CALL_NOT_ALLOWED');
    // Whoever made the backup chose its passphrase: that they know it says nothing of a PIN.
    await requireSeat(comer, door);
    const putBack = door.setAside('key-lost');
    this.#given.log.warn('profile set aside', { because: 'restore' });
    let next: ProfileDoor | null = null;
    try {
      next = this.#given.doorOf(person.userId);
      await next.restore(backup, passphrase);
    } catch (error) {
      next?.release();
      putBack?.();
      this.#given.put({ ...comer, door: this.#given.doorOf(person.userId) });
      throw error;
    }
    this.#given.put({ ...comer, door: next });
  }

  /** @throws AppError CALL_NOT_ALLOWED when this is not what is offered */
  #stuck(way: WayBack): { comer: Comer; problem: AppError } {
    const comer = this.#given.closed();
    const { problem, door } = comer;
    if (!problem || !waysBack(problem.code, door).includes(way)) {
      throw new AppError('CALL_NOT_ALLOWED');
    }
    return { comer, problem };
  }

  #stuckWithDoor(way: WayBack): { comer: Comer; problem: AppError; door: ProfileDoor } {
    const { comer, problem } = this.#stuck(way);
    if (!comer.door) throw new AppError('CALL_NOT_ALLOWED');
    return { comer, problem, door: comer.door };
  }
}

/**
 * A session that was kept proves that the device is theirs, not that they sit before it.
 * @throws AppError AUTH_SESSION_ENDED (`sign-in-first`) where a PIN would have said so
 */
async function requireSeat(comer: Comer, door: ProfileDoor): Promise<void> {
  if (comer.fresh !== null || !hasPin(door)) return;
  throw new AppError('AUTH_SESSION_ENDED', { reason: 'sign-in-first' });
}
