import type { FaultKind } from '../fault-kind.ts';
import { notices } from './notices.ts';
import { answers, crashes } from './payments.ts';
import { messages } from './messages.ts';
import { endHubs } from './world.ts';

/** All that can happen around what leaves the house. */
export const HUBS_KINDS: readonly FaultKind[] = [crashes, answers, notices, messages];

export { endHubs };
