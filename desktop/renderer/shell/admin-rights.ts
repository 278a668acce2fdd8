import type { Keys } from './actions/keys.ts';
import type { Session } from './session.tsx';

/** The parts of the administration, in the order in which they stand side by side. */
export const ADMIN_PARTS = [
  'people',
  'devices',
  'sites',
  'audit',
  'outbox',
  'health',
  'about',
] as const;
export type AdminPart = (typeof ADMIN_PARTS)[number];

/** From anywhere, each by a key of its own. */
export const ADMIN_KEYS: Readonly<Record<AdminPart, Keys>> = {
  people: 'mod+alt+P',
  devices: 'mod+alt+D',
  sites: 'mod+alt+S',
  audit: 'mod+alt+A',
  outbox: 'mod+alt+O',
  health: 'mod+alt+H',
  about: 'mod+alt+V',
};

type Who = Pick<Session, 'may' | 'mayRow' | 'holds'>;

const COMPLIANCE: ReadonlySet<string> = new Set(['CO']);
const OF_NO_SITE = { location_id: null };

/** True for who has anything to administer: settings to change, or the audit to look after. */
export const mayAdminister = ({ may, holds }: Who): boolean =>
  may('location_configs', 'update') || holds(COMPLIANCE, null);

/** The parts that somebody may see; each asks the table that it shows. */
export function adminParts(who: Who): readonly AdminPart[] {
  if (!mayAdminister(who)) return [];
  const hidden = new Set<AdminPart>();
  if (!who.mayRow('devices', 'read', OF_NO_SITE)) {
    hidden.add('devices');
    hidden.add('outbox');
  }
  if (!who.mayRow('audit_logs', 'read', OF_NO_SITE)) hidden.add('audit');
  return ADMIN_PARTS.filter((part) => !hidden.has(part));
}
