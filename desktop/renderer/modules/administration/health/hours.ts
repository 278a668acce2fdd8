import type { AdminIn } from '#shared/ipc/administration.ts';

/** For how long back the charts go. */
export type Hours = AdminIn<'admin.monitor'>['hours'];
export const HOURS: readonly Hours[] = [6, 24, 168];
