import { AppError } from '#shared/errors/app-error.ts';
import type { SessionReply, SessionRequest } from '#shared/protocol/messages.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { TABLES } from '#shared/schema/tables.ts';
import type { Identity } from '../auth/token-verifier.ts';
import { collectChanges } from '../realtime/change.ts';
import type { ChangeSet } from '../realtime/change.ts';
import { requireFactor, requireKnown } from './access.ts';
import type { Access, OpenSession } from './ports.ts';

/**
 * Begins the work of a person on a device: who they are, what they may do, under which epoch. A
 * device that the server meets for the first time is enrolled by the person who brings it; a known
 * one may be used by everybody.
 * @throws AppError REQUEST_INVALID for a name that is not readable, AUTH_NO_ACCESS for people without any right, AUTH_MFA_NEEDED, DEVICE_REFUSED for a device that is
 *   suspended, retired, or of a kind that only IT enrols
 */
export async function openSession(
  deps: { open: OpenSession; clock: Clock; announce: (set: ChangeSet) => void },
  who: Identity,
  request: SessionRequest,
): Promise<SessionReply> {
  const { device } = request;
  if (!TABLES.devices.fields.name.zod.safeParse(device.name).success) {
    throw new AppError('REQUEST_INVALID', { fields: ['device.name'] });
  }
  const changes = collectChanges();
  const access = await deps.open(who, async (store) => {
    let before = await store.access(device.id);
    // Before an invitation counts as answered.
    if (before) requireFactor(before);
    if (before?.isInvited) {
      // Signing in is the answer to an invitation; without any role it stays open.
      const user = await store.acceptInvitation(device.id);
      if (user) changes.add('users', user);
      before = await store.access(device.id);
    }
    if (!before || before.grants.length === 0) throw new AppError('AUTH_NO_ACCESS');
    if (before.deviceStatus === 'active') await store.noteSeen(device.id);
    if (before.deviceStatus !== null) return requireKnown(before);
    // A kiosk has rights of its own; it is enrolled by IT with a code, never by turning up.
    if (device.kind === 'kiosk') throw new AppError('DEVICE_REFUSED', { reason: 'not enrolled' });
    await store.enrol(device);
    return requireKnown(await store.access(device.id));
  });
  // Whoever looks at the people sees them come, not a minute later.
  if (changes.list().length > 0) deps.announce({ xid: null, changes: changes.list() });
  return {
    user: { id: who.userId, ...namesOf(access) },
    grants: access.grants.map(({ role, locationId, teamId = null, validFrom, validTo }) => ({
      role,
      locationId,
      teamId,
      validFrom,
      validTo,
    })),
    epoch: access.epoch,
    serverTime: deps.clock.now(),
  };
}

const namesOf = ({ user }: Access): { displayName: string; email: string } => ({
  displayName: user.displayName,
  email: user.email,
});
