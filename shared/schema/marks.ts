import type { MergeRule, PhiClass } from './define.ts';

/**
 * The two things that every field must say of itself, PHI class and merge rule, in short:
 * `text({ ...P2.ao, max: 80 })` is clinical text that is set once.
 */
const marks = <P extends PhiClass>(phi: P) =>
  ({
    ao: { phi, merge: 'AO' },
    lww: { phi, merge: 'LWW' },
    hr: { phi, merge: 'HR' },
    sm: { phi, merge: 'SM' },
    cen: { phi, merge: 'CEN' },
    clm: { phi, merge: 'CLM' },
  }) as const satisfies Record<string, { phi: P; merge: MergeRule }>;

export const P0 = marks('P0');
export const P1 = marks('P1');
export const P2 = marks('P2');
export const P3 = marks('P3');
export const PII = marks('PII');
