import type { Role } from '#shared/schema/roles.ts';

/** Everything here is invented: names, addresses, phones (555-01xx), mailboxes (.example). */

export const DEMO_PASSWORD = 'Ganger-demo-2026';

export interface DemoSite {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly address: string;
  readonly phone: string;
}

export const SITES = {
  AA: {
    id: '5a000000-0000-4000-8000-000000000001',
    code: 'AA',
    name: 'Ann Arbor',
    address: '1400 Larkmoor Court, Ann Arbor, MI 48100',
    phone: '734-555-0110',
  },
  WX: {
    id: '5a000000-0000-4000-8000-000000000002',
    code: 'WX',
    name: 'Wixom',
    address: '27 Alder Mill Road, Wixom, MI 48300',
    phone: '248-555-0120',
  },
  PY: {
    id: '5a000000-0000-4000-8000-000000000003',
    code: 'PY',
    name: 'Plymouth',
    address: '905 Old Foundry Street, Plymouth, MI 48101',
    phone: '734-555-0130',
  },
} as const satisfies Record<string, DemoSite>;

export type SiteCode = keyof typeof SITES;

export interface DemoPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Sites of the grants; null is one grant for all sites. */
  readonly sites: readonly SiteCode[] | null;
  readonly home: SiteCode | null;
  readonly employeeId: string;
}

const person = (
  number: number,
  name: string,
  mailbox: string,
  role: Role,
  sites: readonly SiteCode[] | null,
): DemoPerson => ({
  id: `5b000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  name,
  email: `${mailbox}@ganger.example`,
  role,
  sites,
  home: sites?.[0] ?? null,
  employeeId: `G-${1000 + number}`,
});

export const PEOPLE = {
  frontDesk: person(1, 'Rosa Delgado', 'frontdesk', 'FD', ['AA']),
  clinical: person(2, 'Priya Nair', 'clinical', 'CS', ['AA']),
  provider: person(3, 'Dr. Henrik Solberg', 'provider', 'PR', ['AA', 'WX']),
  manager: person(4, 'Maya Okafor', 'manager', 'MG', null),
  satellite: person(5, 'Luis Ferrer', 'satellite', 'LM', ['PY']),
  it: person(6, 'Tomasz Wilk', 'it', 'IT', null),
  superadmin: person(7, 'Grace Lindqvist', 'superadmin', 'SA', null),
  buyer: person(8, 'Amara Boateng', 'buyer', 'BUY', ['AA', 'WX', 'PY']),
} as const satisfies Record<string, DemoPerson>;
