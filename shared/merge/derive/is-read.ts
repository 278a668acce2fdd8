import { isIn } from '#shared/schema/or-set.ts';
import type { Dots } from '#shared/schema/or-set.ts';

export interface NotificationRead {
  readonly notification_id: string;
  readonly user_id: string;
  readonly read: Dots;
}

/** Read on one device is read; marked as unread by somebody who had seen that, it is unread again. */
export const isRead = (
  notificationId: string,
  userId: string,
  reads: readonly NotificationRead[],
): boolean =>
  reads.some(
    ({ notification_id, user_id, read }) =>
      notification_id === notificationId && user_id === userId && isIn(read),
  );
