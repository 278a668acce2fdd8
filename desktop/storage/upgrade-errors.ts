import { AppError } from '#shared/errors/app-error.ts';
import type { SafeDetails } from '#shared/errors/app-error.ts';

/** The file was written by a newer build. Nothing of it has been touched. */
export const newerFile = (details: SafeDetails): AppError =>
  new AppError('STORE_NEWER', { reason: 'file of a newer build', ...details });

/** A row of an older version could not be made into one of this version; its table is as it was. */
export const upgradeFailed = (details: SafeDetails, cause?: unknown): AppError =>
  new AppError('STORE_UPGRADE_FAILED', { reason: 'upgrade failed', ...details }, cause);
