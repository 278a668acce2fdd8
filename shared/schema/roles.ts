/**
 * Base roles and add-on grants.
 * FD front desk · KD kiosk device · CS clinical staff · PR provider · MG manager · LM satellite
 * manager · IT · SA superadmin · AS authorization specialist · BUY buyer · SAFETY custodian ·
 * CO compliance officer · REP external representative · TL may lead teams.
 */
export const ROLES = [
  'FD',
  'KD',
  'CS',
  'PR',
  'MG',
  'LM',
  'IT',
  'SA',
  'AS',
  'BUY',
  'SAFETY',
  'CO',
  'REP',
  'TL',
] as const;

export type Role = (typeof ROLES)[number];

/** What somebody is in one team. It follows from being a member; nobody grants it. */
export const TEAM_ROLES = ['leader', 'member', 'viewer'] as const;
export type TeamRole = (typeof TEAM_ROLES)[number];

/** Everything that the access matrix has a column for. */
export type GrantedRole = Role | TeamRole;
export const GRANTED_ROLES: readonly GrantedRole[] = [...ROLES, ...TEAM_ROLES];
