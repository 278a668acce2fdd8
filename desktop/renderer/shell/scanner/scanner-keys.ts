import { SEPARATOR } from '#shared/barcode/gs1.ts';
import { hear, isBurst, learn, rest, silenceOf } from './wedge.ts';
import type { Heard, KnownScanner, Run, Scan, Stroke } from './wedge.ts';

/** Where a key went: what stood there before it, so that a scan can be taken out again. */
interface Place {
  readonly focused: Element | null;
  readonly field: Field | null;
  readonly value: string;
}
type Field = HTMLInputElement | HTMLTextAreaElement;

/** The same keys with a scan that begins later: what comes before it was typed. */
export interface LaterStart {
  readonly text: string;
  readonly typed: string;
  /** Puts what was typed back where it was. @returns false where that is gone */
  readonly giveBack: () => boolean;
}

/** What is told of each scan. */
export type TellScan = (
  text: string,
  known: KnownScanner,
  /** Where nothing tells with which key it began; else empty. */
  orLater: readonly LaterStart[],
) => void;

const QUIET_KEYS = new Set(['Shift', 'CapsLock', 'NumLock', 'Alt', 'AltGraph', 'Control']);
/** Scanners that may send no control character send a key for the separator instead of it. */
const SEPARATOR_KEY = 'F8';
const ALT_CODE = /^0*29$/;
/** What a scanner sends behind its Enter: a second one. */
const SECOND_END_MS = 100;
/** The clock of events and that of timers differ by parts of a millisecond. */
const TIMER_SPARE_MS = 5;
/** A timer that is later than this rang in a busy window: keys that were pressed before it may wait. */
const BUSY_MS = 30;
/** How long keys that wait are given to come. */
const CATCH_UP_MS = 60;

/**
 * One listener for the whole window. Keys go where they would go without it. When they turn out to be
 * a scan they are taken out of the fields again, the focus returns to where it was, and `scanned` is
 * told. A field inside of `data-takes-scans` keeps what is scanned into it.
 */
export class ScannerKeys {
  #run: Run = [];
  readonly #places = new WeakMap<Stroke, Place>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #altCode = '';
  #endedAt = -Infinity;
  #known: KnownScanner;
  readonly #tell: TellScan;

  /** @param tell gets each scan, and what is known of the scanner with it */
  constructor(known: KnownScanner, tell: TellScan) {
    this.#known = known;
    this.#tell = tell;
  }

  /** @returns how to stop */
  listen(on: Window): () => void {
    const down = (event: KeyboardEvent): void => this.#down(event);
    const up = (event: KeyboardEvent): void => this.#up(event);
    on.addEventListener('keydown', down, { capture: true });
    on.addEventListener('keyup', up, { capture: true });
    return () => {
      on.removeEventListener('keydown', down, { capture: true });
      on.removeEventListener('keyup', up, { capture: true });
      this.#forget();
    };
  }

  #down(event: KeyboardEvent): void {
    if (event.altKey && /^Numpad\d$/.test(event.code)) {
      // A character by its number; as a shortcut it would open a page.
      this.#altCode += event.code.slice(-1);
      keep(event);
      return;
    }
    if (QUIET_KEYS.has(event.key)) return;
    const key = keyOf(event);
    const isPart = this.#run.length > 0 && (key === SEPARATOR || isCharacter(key));
    if (event.repeat || event.isComposing || key === null || takesScans(event.target)) {
      this.#forget();
      return;
    }
    if (key === SEPARATOR && !isPart) return;
    const isEnd = !isCharacter(key);
    if (isEnd && this.#run.length === 0 && event.timeStamp - this.#endedAt < SECOND_END_MS) {
      keep(event);
      return;
    }
    const heard = this.#hear(key, event.timeStamp);
    if (heard.taken) this.#endedAt = event.timeStamp;
    const isShortcut = !isWritable(document.activeElement) && isBurst(this.#run, this.#known);
    if (heard.taken || key === SEPARATOR || isShortcut) keep(event);
  }

  #up(event: KeyboardEvent): void {
    if (event.key !== 'Alt') return;
    const code = this.#altCode;
    this.#altCode = '';
    if (ALT_CODE.test(code) && this.#run.length > 0) {
      this.#hear(SEPARATOR, event.timeStamp);
    }
  }

  #hear(key: string, at: number): Heard {
    const stroke = { key, at };
    const heard = hear(this.#run, stroke, this.#known);
    if (heard.scan) this.#found(heard.scan);
    this.#places.set(stroke, placeOf());
    this.#run = heard.run;
    this.#wait(silenceOf(this.#known) + TIMER_SPARE_MS);
    return heard;
  }

  #wait(ms: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#run.length === 0) return;
    const due = performance.now() + ms;
    this.#timer = setTimeout(() => {
      const now = performance.now();
      if (now - due > BUSY_MS) {
        this.#wait(CATCH_UP_MS);
        return;
      }
      const heard = rest(this.#run, now, this.#known);
      if (heard.scan) this.#found(heard.scan);
      this.#run = heard.run;
    }, ms);
  }

  #forget(): void {
    this.#run = [];
    if (this.#timer) clearTimeout(this.#timer);
  }

  #found(scan: Scan): void {
    const keys = this.#run.slice(scan.from);
    const places = keys.flatMap((stroke) => this.#places.get(stroke) ?? []);
    this.#known = learn(this.#known, scan);
    takeBack(places);
    const orLater = scan.orFrom.map((from): LaterStart => {
      const typed = keys.slice(0, from - scan.from).map(({ key }) => key);
      return {
        text: scan.text.slice(typed.join('').length),
        typed: typed.join(''),
        giveBack: () => giveBack(places[0], places[typed.length]),
      };
    });
    this.#tell(scan.text, this.#known, orLater);
  }
}

/** What a key counts as: a character, `Enter`, `Tab`, the separator; null for what ends a run. */
function keyOf(event: KeyboardEvent): string | null {
  const isBracket = event.code === 'BracketRight' || event.key === ']';
  if (event.key === SEPARATOR || event.key === SEPARATOR_KEY) return SEPARATOR;
  if (event.ctrlKey && isBracket && !event.altKey) return SEPARATOR;
  const isWritten = event.getModifierState('AltGraph') || !(event.ctrlKey || event.altKey);
  if (event.metaKey || !isWritten) return null;
  if (event.key === 'Enter' || event.key === 'Tab') return event.shiftKey ? null : event.key;
  return isCharacter(event.key) ? event.key : null;
}

const isCharacter = (key: string | null): key is string => key !== null && /^.$/su.test(key);

function keep(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

const takesScans = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  (target.closest('[data-takes-scans]') !== null ||
    (target instanceof HTMLInputElement && target.type === 'password'));

function placeOf(): Place {
  const focused = document.activeElement;
  const field = isField(focused) ? focused : null;
  return { focused, field, value: field?.value ?? '' };
}

const NO_TEXT = new Set(['checkbox', 'radio', 'button', 'submit', 'file', 'range', 'color']);
const isField = (element: Element | null): element is Field =>
  (element instanceof HTMLTextAreaElement ||
    (element instanceof HTMLInputElement && !NO_TEXT.has(element.type))) &&
  !element.readOnly &&
  !element.disabled;

const isWritable = (element: Element | null): boolean =>
  isField(element) || (element instanceof HTMLElement && element.isContentEditable);

/** Gives every field back what it had before the scan, and the focus to what had it. */
function takeBack(places: readonly Place[]): void {
  const done = new Set<Field>();
  for (const { field, value } of places) {
    if (!field || done.has(field)) continue;
    done.add(field);
    if (field.value === value) continue;
    write(field, value);
    if (field !== document.activeElement) continue;
    // A list that the typing has opened closes again.
    field.blur();
    field.focus();
  }
  const [first] = places;
  if (first && document.activeElement !== first.focused && first.focused instanceof HTMLElement) {
    first.focused.focus();
  }
}

/** Writes into the field what stood there later, unless it has been changed or left since. */
function giveBack(before: Place | undefined, later: Place | undefined): boolean {
  const field = before?.field;
  if (!field?.isConnected || field !== later?.field || field.value !== before?.value) return false;
  write(field, later.value);
  return true;
}

/** As if somebody had typed it: React hears of it. */
function write(field: Field, value: string): void {
  const type = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(type.prototype, 'value')?.set?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
