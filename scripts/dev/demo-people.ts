import type { Role } from '#shared/schema/roles.ts';
import { DEMO_PASSWORD, PEOPLE, SITES } from '../../supabase/demo/people.ts';

const ROLE_WORDS: Partial<Record<Role, string>> = {
  FD: 'Front desk',
  CS: 'Clinical staff',
  PR: 'Provider',
  MG: 'Manager',
  LM: 'Satellite manager',
  IT: 'IT',
  SA: 'Superadmin',
  BUY: 'Buyer',
};

export { DEMO_PASSWORD };

/** The demo accounts, with a line that says who somebody is. */
export const DEMO_PEOPLE = Object.values(PEOPLE).map(({ email, name, role, sites }) => {
  const where = sites === null ? 'all sites' : sites.map((code) => SITES[code].name).join(', ');
  return { email, name, note: `${ROLE_WORDS[role] ?? role}, ${where}` };
});

/** Somebody whom Google knows and the suite does not: to be invited in the administration. */
export const NEWCOMER = {
  email: 'newcomer@ganger.example',
  name: 'Nina Novak',
  note: 'Not invited yet: Administration → People → Invite a person',
};

/** The person of the demo's front desk. */
export const FRONT_DESK = PEOPLE.frontDesk.email;
