import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { TableRow } from '#shared/schema/tables.ts';
import { useQuery } from '#desktop/collections/hooks.tsx';
import { useI18n } from '../ui/i18n.tsx';
import { recall, remember } from '../ui/preferences.ts';
import { useSession } from './session.tsx';

export type Site = TableRow<'locations'>;

interface Sites {
  /** The sites whose stock this person may see, by code. Undefined while they load. */
  readonly sites: readonly Site[] | undefined;
  /** The site that the screens are about. */
  readonly site: Site | null;
  readonly choose: (id: string) => void;
  readonly byId: ReadonlyMap<string, Site>;
}

const Context = createContext<Sites | null>(null);

export function SitesProvider(props: { children: ReactNode }) {
  const { mayRow } = useSession();
  const { data: rows } = useQuery('locations', { selector: {} });
  const { setTimeZone } = useI18n();
  const [chosen, setChosen] = useState(() => recall('site'));
  const value = useMemo<Sites>(() => {
    const sites = rows
      ?.filter((row) => row.active && mayRow('item_locations', 'read', { location_id: row.id }))
      .toSorted((a, b) => a.code.localeCompare(b.code));
    return {
      sites,
      site: sites?.find(({ id }) => id === chosen) ?? sites?.[0] ?? null,
      choose: (id) => {
        remember('site', id);
        setChosen(id);
      },
      byId: new Map(rows?.map((row) => [row.id, row])),
    };
  }, [rows, chosen, mayRow]);
  const zone = value.site?.time_zone;
  useEffect(() => {
    if (zone) setTimeZone(zone);
  }, [zone, setTimeZone]);
  return <Context value={value}>{props.children}</Context>;
}

/** @throws Error outside of a `SitesProvider` */
export function useSites(): Sites {
  const value = useContext(Context);
  if (!value) throw new Error('useSites needs a SitesProvider around it');
  return value;
}
