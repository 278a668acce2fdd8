import { useMemo } from 'react';
import type { KeyStatus, StoreWork } from '#shared/ipc/store-contract.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import { useStore, useTopic } from '#desktop/collections/hooks.tsx';

/** Argon2id and the opening of a file on a slow machine. */
const OPEN_MS = 5 * 60_000;
/** Work over a whole file, and a person who looks for a place for it. */
const FILE_MS = 4 * 3_600_000;

/** What a person can do with the profile on this device. Each may throw an AppError. */
export interface ProfileCalls {
  keyStatus(): Promise<KeyStatus>;
  /** @param current null where no PIN is set yet */
  setPin(current: string | null, pin: string): Promise<void>;
  removePin(current: string): Promise<void>;
  lock(): Promise<void>;
  unlock(pin: string): Promise<void>;
  rotate(): Promise<void>;
  recoveryRequest(): Promise<string>;
  recover(answer: string): Promise<void>;
  retry(): Promise<void>;
  reload(): Promise<void>;
  rollBack(): Promise<void>;
  /** @returns false when the person changed their mind */
  backup(passphrase: string): Promise<boolean>;
  /** @returns false when the person changed their mind */
  restore(passphrase: string): Promise<boolean>;
  wipe(): Promise<void>;
  signOut(): Promise<void>;
  syncNow(): Promise<void>;
}

export function useProfileCalls(): ProfileCalls {
  const { client } = useStore();
  return useMemo<ProfileCalls>(
    () => ({
      keyStatus: () => client.call('keys.status', {}),
      setPin: async (current, pin) => {
        await client.call('keys.setPin', { current, pin }, OPEN_MS);
      },
      removePin: async (current) => {
        await client.call('keys.removePin', { current }, OPEN_MS);
      },
      lock: async () => {
        await client.call('keys.lock', {}, OPEN_MS);
      },
      unlock: async (pin) => {
        await client.call('keys.unlock', { pin }, FILE_MS);
      },
      rotate: async () => {
        await client.call('keys.rotate', {}, FILE_MS);
      },
      recoveryRequest: async () => (await client.call('keys.recoveryRequest', {})).text,
      recover: async (answer) => {
        await client.call('keys.recover', { answer }, FILE_MS);
      },
      retry: async () => {
        await client.call('profile.retry', {}, FILE_MS);
      },
      rollBack: async () => {
        await client.call('profile.rollBack', {}, FILE_MS);
      },
      reload: async () => {
        await client.call('profile.reload', {}, FILE_MS);
      },
      backup: async (passphrase) =>
        (await client.call('profile.backup', { passphrase }, FILE_MS)).saved,
      restore: async (passphrase) =>
        (await client.call('profile.restore', { passphrase }, FILE_MS)).restored,
      wipe: async () => {
        await client.call('profile.wipe', {}, FILE_MS);
      },
      signOut: async () => {
        await client.call('auth.signOut', {});
      },
      syncNow: async () => {
        await client.call('sync.now', {});
      },
    }),
    [client],
  );
}

/** Long work over a whole file, or null. */
export function useStoreWork(): StoreWork | null {
  return useTopic('store.work').data ?? null;
}

/** Changes that only this device has, refused ones included; null while that is not known. */
export function useUnsent(): number | null {
  const { data, stale } = useTopic('sync.status');
  return data && !stale ? unsent(data) : null;
}

const unsent = ({ waiting, needsYou }: SyncStatus): number => waiting + needsYou;
