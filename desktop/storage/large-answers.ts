import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * A text of many megabytes is garbage as soon as it has been posted to its window, and V8 may leave
 * it lying until the process does something else for a long time. A store process that has answered
 * "all 100,000 documents" once would stay hundreds of megabytes larger than it has to be.
 */
const LARGE = 8_000_000;
/** So much garbage is collected as soon as the answer is on its way. */
const AT_ONCE = 48_000_000;
const REST_MS = 250;

let garbage = 0;
let timer: NodeJS.Timeout | undefined;
let collect: (() => void) | undefined;

/**
 * Takes note of a text that is about to leave the process; collects what large ones have left once
 * they are gone, when nothing large has been asked for a while or when much has come together.
 * @param characters length of the text
 */
export function noteAnswer(characters: number): void {
  if (characters < LARGE) return;
  garbage += characters;
  clearTimeout(timer);
  timer = setTimeout(collectNow, garbage > AT_ONCE ? 0 : REST_MS);
  // Memory of a process that wants to end is nobody's concern.
  timer.unref();
}

function collectNow(): void {
  garbage = 0;
  collect ??= garbageCollector();
  collect();
}

/** V8 hands its collector to contexts that are made while the flag is set. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return gc;
}
