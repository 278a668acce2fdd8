import type { AdminIn, DeviceView } from '#shared/ipc/administration.ts';

type Status = DeviceView['status'];

/** Something that can be done with a machine, and what it says of it. */
export interface DeviceAct {
  readonly name: 'suspend' | 'resume' | 'retire' | 'lost';
  readonly from: readonly Status[];
  readonly to: Status;
  readonly purpose: AdminIn<'admin.setDevice'>['purpose'];
  /** True where it cannot be taken back: its name is typed to confirm. */
  readonly isFinal: boolean;
}

export const DEVICE_ACTS: readonly DeviceAct[] = [
  {
    name: 'suspend',
    from: ['active'],
    to: 'suspended',
    purpose: 'suspended',
    isFinal: false,
  },
  {
    name: 'resume',
    from: ['suspended'],
    to: 'active',
    purpose: 'active-again',
    isFinal: false,
  },
  {
    name: 'lost',
    from: ['active', 'suspended'],
    to: 'retired',
    purpose: 'lost',
    isFinal: true,
  },
  {
    name: 'retire',
    from: ['active', 'suspended'],
    to: 'retired',
    purpose: 'retired',
    isFinal: true,
  },
];
