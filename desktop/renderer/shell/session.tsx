import { createContext, useContext, useMemo } from 'react';
import type { ReactNode } from 'react';
import { activeGrants, mayDo, rightsOf } from '#shared/access/rights.ts';
import type { Operation } from '#shared/access/cell.ts';
import type { SignedIn } from '#shared/ipc/store-contract.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { useNow } from '../ui/use-now.ts';

/** Who is signed in, and what this person may do. The server decides; the screen only offers. */
export interface Session {
  readonly who: SignedIn;
  /** True when the person may do this with some row of the table. */
  may(table: TableName, operation: Operation, row?: Readonly<Record<string, unknown>>): boolean;
  /** True when the person may do this with this row. */
  mayRow(table: TableName, operation: Operation, row: Readonly<Record<string, unknown>>): boolean;
  /** True when the person holds one of the roles at a site, or at all of them. */
  holds(roles: ReadonlySet<string>, siteId: string | null): boolean;
}

const Context = createContext<Session | null>(null);
const GRANTS_CHECK_MS = 60_000;

export function SessionProvider(props: { who: SignedIn; children: ReactNode }) {
  const { who } = props;
  const now = useNow(GRANTS_CHECK_MS);
  const session = useMemo<Session>(() => {
    const grants = activeGrants(who.grants, now);
    return {
      who,
      may: (table, operation, row) => {
        const { all, locations, own } = rightsOf(grants, table, operation, row);
        return all || own || locations.size > 0;
      },
      mayRow: (table, operation, row) => mayDo(grants, who.userId, table, operation, row),
      holds: (roles, siteId) =>
        grants.some(
          ({ role, locationId }) =>
            roles.has(role) && (locationId === null || locationId === siteId),
        ),
    };
  }, [who, now]);
  return <Context value={session}>{props.children}</Context>;
}

/** @throws Error while nobody is signed in */
export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error('useSession needs somebody signed in');
  return session;
}
