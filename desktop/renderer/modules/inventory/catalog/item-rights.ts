import type { Session } from '../../../shell/session.tsx';

/**
 * In which state this person can make an item: managers put it into use at once, a satellite manager
 * makes a draft. Null: not at all.
 */
export function makesItems({ may }: Pick<Session, 'may'>): 'active' | 'draft' | null {
  const active = { status: 'active' };
  if (may('inventory_items', 'create', active) && may('inventory_items', 'approve', active)) {
    return 'active';
  }
  return may('inventory_items', 'create', { status: 'draft' }) ? 'draft' : null;
}
