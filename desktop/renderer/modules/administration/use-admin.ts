import { useCallback, useEffect, useMemo, useState } from 'react';
import { toAppError } from '#shared/errors/app-error.ts';
import type { AppError } from '#shared/errors/app-error.ts';
import type { StoreCallIn } from '#shared/ipc/store-contract.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { AdminIn, AdminOut } from '#shared/ipc/administration.ts';
import { useQuery, useStore } from '#desktop/collections/hooks.tsx';
import { activeGrants } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import { useSession } from '../../shell/session.tsx';
import { useSync } from '../../shell/use-sync.ts';
import { useNow } from '../../ui/use-now.ts';

/** What the server answered last. */
export interface Answer<T> {
  readonly data: T | undefined;
  readonly error: AppError | null;
  readonly busy: boolean;
  reload(): void;
}

interface Told<T> extends Pick<Answer<T>, 'data' | 'error'> {
  /** What was answered last. */
  readonly question: string | null;
}

/**
 * Asks the server when the screen opens, when it is asked again, and when the server comes back into
 * reach. What was answered stays until something newer comes.
 */
export function useAdminAnswer<
  C extends
    | 'admin.devices'
    | 'admin.health'
    | 'admin.monitor'
    | 'admin.outbox'
    | 'admin.payments'
    | 'admin.proposals'
    | 'admin.person',
>(
  name: C,
  asked: AdminIn<C> = {} as AdminIn<C>,
  options: {
    everyMs?: number;
    /** False: nothing is asked, since it is not this person's to know. */
    isWanted?: boolean;
    /** Known here and part of the answer: when it changes, the answer is out of date. */
    of?: string;
  } = {},
): Answer<AdminOut<C>> {
  const { everyMs, isWanted = true, of = '' } = options;
  const { client } = useStore();
  const online = useSync().status?.online ?? false;
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<Told<AdminOut<C>>>(NOTHING);
  const text = JSON.stringify(asked);
  const question = `${turn} ${online} ${of} ${text}`;
  useEffect(() => {
    let isLate = !isWanted;
    if (isLate) return undefined;
    client.call(name, JSON.parse(text) as StoreCallIn<C>).then(
      (data) => {
        if (!isLate) setState({ question, data: data as AdminOut<C>, error: null });
      },
      (error: unknown) => {
        if (!isLate) setState((before) => ({ ...before, question, error: toAppError(error) }));
      },
    );
    return () => {
      isLate = true;
    };
  }, [client, name, text, question, isWanted]);
  const reload = useCallback(() => setTurn((now) => now + 1), []);
  useEffect(() => {
    if (everyMs === undefined || !online) return undefined;
    const timer = setInterval(reload, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, online, reload]);
  const { data, error } = state;
  return { data, error, busy: isWanted && state.question !== question, reload };
}

const NOTHING = { question: null, data: undefined, error: null };

/** Changes that only the server makes. Each promise resolves when it is done there. */
export function useAdminActs() {
  const { client } = useStore();
  return {
    setDevice: (wish: AdminIn<'admin.setDevice'>) => client.call('admin.setDevice', wish),
    setChannel: (wish: AdminIn<'admin.setChannel'>) => client.call('admin.setChannel', wish),
    invitePerson: (wish: AdminIn<'admin.invitePerson'>) =>
      client.call('admin.invitePerson', wish, ACCOUNT_WITHIN_MS),
    editPerson: (wish: AdminIn<'admin.editPerson'>) => client.call('admin.editPerson', wish),
    setPerson: (wish: AdminIn<'admin.setPerson'>) =>
      client.call('admin.setPerson', wish, ACCOUNT_WITHIN_MS),
    resetFactors: (userId: string) =>
      client.call('admin.resetFactors', { userId }, ACCOUNT_WITHIN_MS),
    giveRole: (wish: AdminIn<'admin.giveRole'>) => client.call('admin.giveRole', wish),
    endRole: (wish: AdminIn<'admin.endRole'>) => client.call('admin.endRole', wish),
    decideRole: (wish: AdminIn<'admin.decideRole'>) => client.call('admin.decideRole', wish),
    saveSite: (wish: AdminIn<'admin.saveSite'>) => client.call('admin.saveSite', wish),
    setSetting: (wish: Omit<AdminIn<'admin.setSetting'>, 'id'>) =>
      client.call('admin.setSetting', { ...wish, id: newId() }),
    sendAgain: (wish: AdminIn<'admin.outboxAgain'>) => client.call('admin.outboxAgain', wish),
    silenceAlert: (wish: AdminIn<'admin.silenceAlert'>) => client.call('admin.silenceAlert', wish),
    endSilence: (id: string) => client.call('admin.endSilence', { id }),
    takeUpAlert: (id: string) => client.call('admin.takeUpAlert', { id }),
    noteArrived: (wish: AdminIn<'admin.outboxArrived'>) => client.call('admin.outboxArrived', wish),
    lookAtPayment: (key: string) => client.call('admin.paymentLook', { key }, PARTNER_WITHIN_MS),
    comparePayments: () => client.call('admin.paymentsCompare', {}, PARTNER_WITHIN_MS),
    replayPayments: (wish: AdminIn<'admin.paymentsReplay'>) =>
      client.call('admin.paymentsReplay', wish, PARTNER_WITHIN_MS),
  };
}

/** The server asks the sign-in service, which may take its time. */
const ACCOUNT_WITHIN_MS = 30_000;
/** As a payment service may. */
const PARTNER_WITHIN_MS = 60_000;

/** What the person may do who is signed in, by the roles that they hold now. */
export function useOwnGrants(): { readonly userId: string; readonly grants: readonly Grant[] } {
  const { who } = useSession();
  const now = useNow();
  return useMemo(() => ({ userId: who.userId, grants: activeGrants(who.grants, now) }), [who, now]);
}

/** True while the server is in reach: nothing of the administration is ever queued. */
export const useOnline = (): boolean => useSync().status?.online === true;

/** The audit, a page at a time. */
export function useAuditCalls() {
  const { client } = useStore();
  return useMemo(
    () => ({
      page: (asked: AdminIn<'admin.audit'>) => client.call('admin.audit', asked),
      chain: (deviceId: string) => client.call('admin.auditChain', { deviceId }, CHAIN_WITHIN_MS),
      noteExport: (asked: AdminIn<'admin.auditExport'>) => client.call('admin.auditExport', asked),
    }),
    [client],
  );
}

/** A long chain is reckoned from its first entry. */
const CHAIN_WITHIN_MS = 60_000;

/** Names of people by id, as far as this device knows them. */
export function useNames(): ReadonlyMap<string, string> {
  const { data } = useQuery('users', ALL);
  return useMemo(
    () => new Map(data?.map(({ id, display_name }) => [id, display_name] as const)),
    [data],
  );
}

export const usePeople = () => useQuery('users', ALL);
export const useGrants = () => useQuery('user_roles', ALL);
export const useDevices = () => useQuery('devices', ALL);
export const useLocations = () => useQuery('locations', ALL);
export const useSettings = () => useQuery('location_configs', ALL);

const ALL = { selector: {} };
