import { useEffect, useRef, useState } from 'react';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Reading } from '#shared/barcode/reading.ts';
import { readScan } from '#shared/barcode/scan.ts';
import { newId } from '#shared/kernel/ids.ts';
import { useStore, useView } from '#desktop/collections/hooks.tsx';
import { readOnce } from '#desktop/collections/read-once.ts';
import type { InventoryListRow } from '#shared/ipc/views.ts';
import { useScanner } from '../../../shell/scanner/scanner.tsx';
import type { Scanned, ScanLevel } from '../../../shell/scanner/scanner.tsx';
import type { LaterStart as Beginning } from '../../../shell/scanner/scanner-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import type { Tone } from '../../../ui/status-pill.tsx';
import { meaningOf } from './meaning.ts';
import type { CodeIndex, Meaning, ScannedItem, ScannedThing } from './meaning.ts';
import { rawOf } from './raw.ts';
import { useCodes, WAITING } from './use-codes.ts';

/** What is said after a scan. */
export interface Said {
  readonly tone: Extract<Tone, 'green' | 'amber' | 'red'>;
  readonly text: string;
  /** Scans that named nothing wait in their list. */
  readonly goToUnmatched?: boolean;
}

/** Something that a scan left open, and the answers that there are. */
export interface ScanQuestion {
  readonly title: string;
  readonly help: string;
  readonly answers: readonly { readonly label: string; readonly detail: string }[];
  /** Words of the answer that none of them is right; null where there is no such answer. */
  readonly none: string | null;
}
/** The number of the answer; `none`; null when somebody would rather scan again. */
export type Answer = number | 'none' | null;

export interface OpenQuestion extends ScanQuestion {
  readonly answer: (answer: Answer) => void;
}

/** Words about a scan; null where what can be seen says it. */
type Words = Said | null;

/** What a screen does with a scan. */
export interface ScanUse {
  item(found: ScannedItem, item: InventoryListRow): Words | Promise<Words>;
  /** A label that says no product: the second of two. */
  part(reading: Reading): Words | Promise<Words>;
  /** The sheet or the code of a count: opens it. Without it the code is of no use here. */
  count?(id: string): void;
  /** Asked as the scan comes, before anything else: words when it cannot be taken now. */
  ready?(): Words;
}

const thisYear = (): number => new Date().getFullYear();

/**
 * From what the scanner sent to what the screen does with it: one scan after the other, none is lost.
 * @param siteId where somebody works; a code that names nothing is kept for this site
 */
export function useScanFlow(level: ScanLevel, siteId: string | null, use: ScanUse) {
  const { t, fmt } = useI18n();
  const { mayRow } = useSession();
  const { tables, client } = useStore();
  // A page that scans has them at hand; elsewhere they are read when a scan comes.
  const codes = useCodes(level === 'page');
  const { data: items } = useView('inventory.list', level === 'page' ? {} : null);
  const allItems = async () => items ?? (await readOnce(client, 'inventory.list', {}));
  const mayKeep = siteId !== null && mayRow('unmatched_scans', 'create', { location_id: siteId });
  const [said, say] = useState<(Said & { readonly n: number }) | null>(null);
  const [question, setQuestion] = useState<OpenQuestion | null>(null);
  const count = useRef(0);
  const tell = (words: Said): void => {
    count.current += 1;
    say({ ...words, n: count.current });
  };

  const ask = (words: ScanQuestion): Promise<Answer> =>
    new Promise((resolve) => {
      setQuestion({
        ...words,
        answer: (answer) => {
          setQuestion(null);
          resolve(answer);
        },
      });
    });

  const describe = (all: readonly InventoryListRow[], { match, reading }: ScannedThing) => {
    const item = all.find(({ item_id }) => item_id === match?.itemId);
    const { lot, serial, expiry } = reading ?? {};
    const parts = [
      match?.unit ?? null,
      lot ? t('scan.lot', { lot }) : null,
      serial ? t('scan.serial', { serial }) : null,
      expiry
        ? t(expiry.precision === 'month' ? 'scan.expiresMonth' : 'scan.expires', {
            date: fmt.date(expiry.date),
          })
        : null,
    ];
    return {
      label: item ? `${item.name} · ${item.sku}` : t('scan.noProduct'),
      detail: parts.filter((part) => part !== null).join(' · '),
    };
  };

  const keep = async (text: string): Promise<Said> => {
    if (!mayKeep || siteId === null) return { tone: 'amber', text: t('scan.unknown') };
    const raw = rawOf(text);
    const waiting = await tables.find('unmatched_scans', { ...WAITING, location_id: siteId });
    if (!waiting.some((other) => other.raw === raw)) {
      await tables.insert('unmatched_scans', {
        id: newId(),
        location_id: siteId,
        raw,
        symbology: /^\][A-Za-z]\d/.exec(text)?.[0] ?? null,
        scanned_at: Date.now(),
        photo_file_id: null,
        resolved_item_id: null,
        dismissed: false,
      });
    }
    return { tone: 'amber', text: t('scan.unknownKept'), goToUnmatched: true };
  };

  const give = async ({ match, reading }: ScannedThing): Promise<Words> => {
    if (match === null && reading) return use.part(reading);
    const item = (await allItems()).find(({ item_id }) => item_id === match?.itemId);
    if (!match || !item) return { tone: 'amber', text: t('scan.unknown') };
    return use.item({ match, reading }, item);
  };

  const act = async (meaning: Meaning, text: string): Promise<Words> => {
    switch (meaning.kind) {
      case 'empty':
        return null;
      case 'count':
        if (!use.count) return { tone: 'amber', text: t('scan.other') };
        use.count(meaning.id);
        return null;
      case 'other':
        return { tone: 'amber', text: t('scan.other') };
      case 'damaged':
        return { tone: 'red', text: t(`scan.damaged.${meaning.why}`) };
      case 'unknown':
        return keep(text);
      case 'part':
        return use.part(meaning.reading);
      case 'item':
        return give(meaning.found);
      case 'ask': {
        const all = await allItems();
        const answer = await ask({
          title: t(`scan.ask.${meaning.why}`),
          help: t(`scan.askHelp.${meaning.why}`),
          answers: meaning.options.map((option) => describe(all, option)),
          none: meaning.why === 'separator-lost' ? null : t('scan.noneOfThese'),
        });
        if (answer === 'none') return keep(text);
        const chosen = answer === null ? undefined : meaning.options[answer];
        return chosen ? give(chosen) : { tone: 'amber', text: t('scan.again') };
      }
    }
  };

  /** Where nothing tells which keys were typed before a scan: the one code that is known, or it is asked. */
  const begin = async (scan: Scanned, index: CodeIndex): Promise<Beginning | Said> => {
    const all: Beginning[] = [
      { text: scan.text, typed: '', giveBack: () => true },
      ...scan.orLater,
    ];
    const known = all.filter(({ text }) => {
      const { kind } = meaningOf(readScan(text, { ...scan, year: thisYear() }), index);
      return kind !== 'unknown' && kind !== 'damaged';
    });
    const open = known.length > 0 ? known : all;
    const answer =
      open.length === 1
        ? 0
        : await ask({
            title: t('scan.ask.start'),
            help: t('scan.askHelp.start'),
            answers: open.map(({ text, typed }) => ({
              label: typed === '' ? t('scan.startAll') : t('scan.startTyped', { typed }),
              detail: text,
            })),
            none: null,
          });
    const chosen = typeof answer === 'number' ? open[answer] : undefined;
    if (!chosen?.giveBack()) return { tone: 'amber', text: t('scan.again') };
    const refusal = chosen.typed === '' ? null : use.ready?.();
    return refusal ?? chosen;
  };

  const handle = async (scan: Scanned): Promise<void> => {
    try {
      const index = await codes();
      const from = scan.orLater.length === 0 ? scan : await begin(scan, index);
      if ('tone' in from) {
        tell(from);
        return;
      }
      const { sendsSeparators } = scan;
      const read = readScan(from.text, { year: thisYear(), sendsSeparators });
      const words = await act(meaningOf(read, index), from.text);
      if (words) tell(words);
    } catch (error) {
      const { code } = toAppError(error);
      tell({ tone: 'red', text: `${t('scan.failed')} ${code}` });
    }
  };

  // The next scan is handled by what the screen knows after the one before it.
  const waiting = useRef<Scanned[]>([]);
  const busy = useRef(false);
  const latest = useRef({ handle, ready: use.ready });
  useEffect(() => {
    latest.current = { handle, ready: use.ready };
  });
  const next = (): void => {
    const scan = waiting.current.shift();
    if (!scan) return;
    busy.current = true;
    void latest.current.handle(scan).finally(() => {
      busy.current = false;
      next();
    });
  };
  const take = (scan: Scanned): void => {
    const refusal = latest.current.ready?.() ?? null;
    if (refusal) {
      tell(refusal);
      return;
    }
    waiting.current.push(scan);
    if (!busy.current) next();
  };
  useScanner(level, take);
  return { said, say: tell, question, ask };
}
