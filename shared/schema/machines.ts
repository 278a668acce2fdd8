import { AUTHORIZATION_MACHINES } from './machines/authorizations.ts';
import { EOS_MACHINES } from './machines/eos.ts';
import { INVENTORY_MACHINES } from './machines/inventory.ts';
import { PATIENT_SIDE_MACHINES } from './machines/patient-side.ts';
import { PHARMA_MACHINES } from './machines/pharma.ts';
import { machine } from './machines/steps.ts';
import type { Machine, Transition } from './machines/steps.ts';

/**
 * State machines as data. Used by the screen (what to offer), by the server (what to accept) and by
 * the database (trigger over the same rows).
 */
export const MACHINES = {
  ...INVENTORY_MACHINES,
  ...PATIENT_SIDE_MACHINES,
  ...EOS_MACHINES,
  ...PHARMA_MACHINES,
  ...AUTHORIZATION_MACHINES,
  review_item: machine(
    { table: 'review_items', field: 'status', initial: 'open' },
    `open > decided : approve
     open > void : server
     decided > open : server`,
  ),
} as const satisfies Record<string, Machine>;

export type MachineName = keyof typeof MACHINES;

/** Machines whose steps are changes of a field. */
export const RECORD_MACHINES: readonly Machine[] = Object.values<Machine>(MACHINES).filter(
  ({ of }) => of === 'record',
);

/** The allowed step between two states, or null. */
export function findTransition(name: MachineName, from: string, to: string): Transition | null {
  const { transitions }: Machine = MACHINES[name];
  return transitions.find((t) => t.from === from && t.to === to) ?? null;
}

/** States in which a machine can end or stay: every one that it knows. */
export const statesOf = ({ initial, transitions }: Machine): string[] => [
  ...new Set([initial, ...transitions.flatMap(({ from, to }) => [from, to])]),
];
