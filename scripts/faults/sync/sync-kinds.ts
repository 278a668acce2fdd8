import type { FaultKind } from '../fault-kind.ts';
import { clocks } from './clocks.ts';
import { clone } from './clone.ts';
import { damage } from './damage.ts';
import { disk } from './disk.ts';
import { halfOpen } from './half-open.ts';
import { instances } from './instances.ts';
import { kills } from './kills.ts';
import { poison } from './poison.ts';
import { portal } from './portal.ts';
import { postgres } from './postgres.ts';
import { reconnect } from './reconnect.ts';
import { redis } from './redis.ts';
import { tokens } from './tokens.ts';
import { versions } from './versions.ts';
import { week } from './week.ts';
import { endShared } from './with-clinic.ts';

/** All that can happen between devices and the server. */
export const SYNC_KINDS: readonly FaultKind[] = [
  kills,
  week,
  clone,
  tokens,
  poison,
  portal,
  halfOpen,
  clocks,
  instances,
  versions,
  disk,
  damage,
  reconnect,
  redis,
  postgres,
];

/** To be called when all kinds have run. */
export const endSync = (): Promise<void> => endShared();
