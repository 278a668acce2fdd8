import type { GrantedRole } from '#shared/schema/roles.ts';
import type { WindowName } from '#shared/schema/window-parts.ts';

/**
 * Windows over the calendar: of patients and what is about them, a device holds those who come in
 * these days, and no others (the minimum necessary of 45 CFR 164.502(b), 164.514(d)(2)).
 * day: front desk and managers, today and the days around it · care: who treats or argues for
 * treatment, a month around today, and patients with an open request.
 */
export const WINDOWS = {
  day: { daysBefore: 2, daysAfter: 2 },
  care: { daysBefore: 30, daysAfter: 30 },
} as const satisfies Record<WindowName, { daysBefore: number; daysAfter: number }>;

/** Which window a role replicates; a role that is not named holds no such rows and asks online. */
export const REPLICA_WINDOWS: Readonly<Partial<Record<GrantedRole, WindowName>>> = {
  FD: 'day',
  MG: 'day',
  LM: 'day',
  CS: 'care',
  PR: 'care',
  AS: 'care',
};
