import {
  IconAlertCircle,
  IconAlertTriangle,
  IconClock,
  IconCloudCheck,
  IconCloudOff,
  IconDeviceDesktop,
  IconPlayerPause,
  IconRefresh,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import type { SyncState } from '#shared/ipc/sync-status.ts';

/** The mark of each state of the data, beside its words. */
export const SYNC_ICONS: Readonly<Record<SyncState, Icon>> = {
  synced: IconCloudCheck,
  'saved-here': IconDeviceDesktop,
  queued: IconClock,
  syncing: IconRefresh,
  offline: IconCloudOff,
  'needs-you': IconAlertCircle,
  paused: IconPlayerPause,
  failed: IconAlertTriangle,
};
