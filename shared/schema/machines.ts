/**
 * State machines as data. Used by the screen (what to offer), by the server (what to accept) and by
 * the database (trigger over the same rows).
 */
export interface Transition {
  readonly from: string;
  readonly to: string;
  /** The operation of the access matrix that the actor needs on the table. */
  readonly needs: 'create' | 'update' | 'approve' | 'server';
  /** `not-author`: the actor may not be the one who made the row's content. */
  readonly guard: 'none' | 'not-author';
}

export interface Machine {
  readonly table: string;
  readonly field: string;
  readonly initial: string;
  /** Column that names the author for the guard. */
  readonly author: string | null;
  readonly transitions: readonly Transition[];
}

export const MACHINES = {
  /** A count becomes a checkpoint of on-hand when it is posted, by the server or a second person. */
  count_session: {
    table: 'count_sessions',
    field: 'status',
    initial: 'open',
    author: 'counted_by',
    transitions: [
      { from: 'open', to: 'submitted', needs: 'create', guard: 'none' },
      { from: 'open', to: 'voided', needs: 'create', guard: 'none' },
      // A count whose observations never arrive must not stay for ever.
      { from: 'submitted', to: 'voided', needs: 'approve', guard: 'none' },
      { from: 'submitted', to: 'posted', needs: 'server', guard: 'none' },
      { from: 'submitted', to: 'in_review', needs: 'server', guard: 'none' },
      { from: 'in_review', to: 'posted', needs: 'approve', guard: 'not-author' },
      { from: 'in_review', to: 'voided', needs: 'approve', guard: 'none' },
    ],
  },
  review_item: {
    table: 'review_items',
    field: 'status',
    initial: 'open',
    author: null,
    transitions: [
      { from: 'open', to: 'decided', needs: 'approve', guard: 'none' },
      { from: 'open', to: 'void', needs: 'server', guard: 'none' },
    ],
  },
} as const satisfies Record<string, Machine>;

export type MachineName = keyof typeof MACHINES;

/** The allowed step between two states, or null. */
export function findTransition(machine: MachineName, from: string, to: string): Transition | null {
  const { transitions } = MACHINES[machine] as Machine;
  return transitions.find((t) => t.from === from && t.to === to) ?? null;
}
