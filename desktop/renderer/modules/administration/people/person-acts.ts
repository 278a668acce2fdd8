import type { AdminIn } from '#shared/ipc/administration.ts';
import type { MessageKey } from '#shared/i18n/messages.en.ts';

type Status = AdminIn<'admin.setPerson'>['status'];

/** Something that can be done with an account. */
export type PersonAct = 'suspend' | 'resume' | 'leave' | 'return';

interface Act {
  readonly from: readonly Status[];
  readonly status: Status;
  /** True where roles end with it: the name is typed to confirm. */
  readonly isFinal: boolean;
  /** What will happen. */
  readonly what: readonly Extract<MessageKey, `people.${string}`>[];
}

export const PERSON_ACTS = {
  suspend: {
    from: ['active'],
    status: 'suspended',
    isFinal: false,
    what: ['people.suspendWhat', 'people.suspendKept'],
  },
  resume: {
    from: ['suspended'],
    status: 'active',
    isFinal: false,
    what: ['people.resumeWhat'],
  },
  leave: {
    from: ['active', 'suspended', 'invited'],
    status: 'left',
    isFinal: true,
    what: ['people.leaveRoles', 'people.leaveProfile', 'people.effectQueue'],
  },
  return: { from: ['left'], status: 'invited', isFinal: false, what: ['people.returnWhat'] },
} as const satisfies Record<PersonAct, Act>;

export const PERSON_ACT_NAMES = Object.keys(PERSON_ACTS) as PersonAct[];

/** What can be done with an account in a state. */
export const actsFrom = (status: Status): PersonAct[] =>
  PERSON_ACT_NAMES.filter((name) => (PERSON_ACTS[name].from as readonly Status[]).includes(status));
