/**
 * Base roles and add-on grants.
 * FD front desk · KD kiosk device · CS clinical staff · PR provider · MG manager · LM satellite
 * manager · IT · SA superadmin · AS authorization specialist · BUY buyer · SAFETY custodian ·
 * CO compliance officer · REP external representative · TL team leader.
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
