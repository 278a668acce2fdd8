import { createContext, useContext, useEffect, useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import { z } from 'zod';
import { recall, remember } from '../../ui/preferences.ts';
import { ScannerKeys } from './scanner-keys.ts';
import type { LaterStart } from './scanner-keys.ts';
import { MOST_PACES, UNKNOWN_SCANNER } from './wedge.ts';
import type { KnownScanner } from './wedge.ts';

/** What came from the scanner, as it came, and what is known of the scanner. */
export interface Scanned {
  readonly text: string;
  readonly sendsSeparators: boolean;
  /** Shorter scans out of the same keys, where nothing tells which were typed before; mostly none. */
  readonly orLater: readonly LaterStart[];
}
type Listener = (scan: Scanned) => void;

/** Who gets a scan: the page that wants it, else the window. */
export type ScanLevel = 'window' | 'page';
const LEVELS: readonly ScanLevel[] = ['page', 'window'];

class Listeners {
  readonly #all = new Map<ScanLevel, Set<Listener>>();

  add(level: ScanLevel, listener: Listener): () => void {
    const set = this.#all.get(level) ?? new Set();
    this.#all.set(level, set.add(listener));
    return () => set.delete(listener);
  }

  tell(scan: Scanned): void {
    const nearest = LEVELS.flatMap((level) => [...(this.#all.get(level) ?? [])].slice(-1))[0];
    nearest?.(scan);
  }
}

const Context = createContext<Listeners | null>(null);

const Known = z.object({
  paces: z.array(z.number().min(0).max(1000)).max(MOST_PACES),
  sendsSeparators: z.boolean(),
  sendsEnd: z.boolean(),
});

/** What this device has learned about its scanner. */
function knownScanner(): KnownScanner {
  try {
    const { data } = Known.safeParse(JSON.parse(recall('scanner') ?? 'null'));
    return data ?? UNKNOWN_SCANNER;
  } catch {
    return UNKNOWN_SCANNER;
  }
}

/** Hears the scanner in the whole window, wherever the focus is. */
export function ScannerProvider(props: { children: ReactNode }) {
  const listeners = useMemo(() => new Listeners(), []);
  useEffect(() => {
    const keys = new ScannerKeys(knownScanner(), (text, known, orLater) => {
      remember('scanner', JSON.stringify(known));
      listeners.tell({ text, sendsSeparators: known.sendsSeparators, orLater });
    });
    return keys.listen(window);
  }, [listeners]);
  return <Context value={listeners}>{props.children}</Context>;
}

/**
 * Gets every scan while this is shown and nothing nearer wants it.
 * @throws Error outside of a `ScannerProvider`
 */
export function useScanner(level: ScanLevel, listener: Listener): void {
  const listeners = useContext(Context);
  if (!listeners) throw new Error('useScanner needs a ScannerProvider around it');
  const current = useRef(listener);
  useEffect(() => {
    current.current = listener;
  });
  useEffect(() => listeners.add(level, (scan) => current.current(scan)), [level, listeners]);
}
