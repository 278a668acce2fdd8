import type { FaultKind } from '../fault-kind.ts';
import { disk } from './disk.ts';
import { flips } from './flips.ts';
import { kills } from './kills.ts';
import { rotation } from './rotation.ts';
import { threeWindows } from './three-windows.ts';
import { truncation } from './truncation.ts';

/** All that can happen to the local store. */
export const STORE_KINDS: readonly FaultKind[] = [
  kills,
  flips,
  truncation,
  disk,
  rotation,
  threeWindows,
];
