import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { joinHibc } from '#shared/barcode/hibc.ts';
import type { Reading } from '#shared/barcode/reading.ts';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { CountSessionRow, InventoryListRow, LotStock } from '#shared/ipc/views.ts';
import { normalizeLotNo } from '#shared/schema/lots.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import { readOnce } from '#desktop/collections/read-once.ts';
import { useSession } from '../../../shell/session.tsx';
import { FieldFocus } from '../../../ui/field-focus.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { unitsOf } from '../receive/packs.ts';
import { useActiveItems, useReceivable } from '../receive/use-receive.ts';
import type { ScannedItem } from '../scan/meaning.ts';
import { useScanFlow } from '../scan/use-scan-flow.ts';
import type { Said } from '../scan/use-scan-flow.ts';
import { useItemLots } from '../use-inventory.ts';
import { EMPTY_COUNT, NO_LOT, useCountDraft } from './count-draft.ts';
import type { CountEntryText } from './count-draft.ts';
import {
  chooseLot,
  isSameCount,
  quantityOf,
  quantityText,
  scanIntoCount,
  settled,
  unitOf,
} from './count-scan.ts';
import { keyOfLine, shelfKey } from './count-rules.ts';
import type { CountLine } from './count-rules.ts';
import type { PlanEntry } from './plan.ts';
import { useCountActs } from './use-counts.ts';

export type CountField = 'item' | 'lot' | 'quantity';

/**
 * The line that is being counted, by hand or by scanner, and how it is saved.
 * @param options.pass of a first look in this count: 2 where differences are counted again
 * @param options.next where a list is walked: what comes after a shelf that has been counted
 */
export function useCountEntry(
  count: CountSessionRow,
  options: {
    readonly pass: number;
    readonly next: ((key: string | null) => PlanEntry | null) | null;
  },
) {
  const { t, fmt } = useI18n();
  const { who } = useSession();
  const { tables, client } = useStore();
  const navigate = useNavigate();
  const { observe } = useCountActs(who.userId);
  const items = useActiveItems();
  const draft = useCountDraft();
  const { start, entry } = draft;
  useEffect(() => start(who.userId, count.id), [start, who.userId, count.id]);
  const [fields] = useState(() => new FieldFocus<CountField>());
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<Code | null>(null);
  const receivable = useReceivable(entry.itemId === null ? [] : [entry.itemId], items);
  const { data: allLots } = useItemLots(entry.itemId);
  /** What this window has counted, until the view has it too. */
  const seen = useRef(new Map<string, { key: string; quantity: number }>());
  /** The shelf that was saved last. */
  const saved = useRef<string | null>(null);
  /** What the label before said, for the second code of one. */
  const lastReading = useRef<Reading | null>(null);

  const item = entry.itemId === null ? null : (receivable.get(entry.itemId) ?? null);
  const lots = lotsToChoose(allLots ?? [], count.location_id, entry.lot);
  const before = (itemId: string, lotId: string | null): number => {
    const key = shelfKey(itemId, lotId);
    const own = [...seen.current.values()].findLast((line) => line.key === key);
    // What somebody else counted is theirs: scans never add to it.
    const shown = count.lines.findLast(
      (line) => line.counter_id === who.userId && keyOfLine(line) === key,
    );
    return own?.quantity ?? shown?.counted_qty ?? 0;
  };
  /** What somebody else saw there last. */
  const theirs = (itemId: string, lotId: string | null): CountLine | undefined =>
    count.lines.findLast(
      (line) => line.counter_id !== who.userId && keyOfLine(line) === shelfKey(itemId, lotId),
    );
  const passOf = (key: string, again: boolean): number => {
    if (!again) return options.pass;
    const passes = count.lines.filter((line) => keyOfLine(line) === key).map(({ pass }) => pass);
    return Math.min(MOST_PASSES, Math.max(options.pass - 1, ...passes) + 1);
  };

  const isLotHere = async (itemId: string): Promise<boolean> => {
    const all = await readOnce(client, 'inventory.lots', { itemId });
    return all.some(({ location_id }) => location_id === count.location_id);
  };

  /** Saves a line. @returns which field is missing, or null when it is saved */
  const save = async (line: CountEntryText): Promise<CountField | null> => {
    const row = line.itemId === null ? null : await tables.read('inventory_items', line.itemId);
    if (!row) return 'item';
    if (row.lot_policy === 'required' && line.lot === null && (await isLotHere(row.id))) {
      return 'lot';
    }
    const quantity = quantityOf(line, unitsOf(row));
    if (quantity === null) return 'quantity';
    const lotId = line.lot === NO_LOT ? null : line.lot;
    const key = shelfKey(row.id, lotId);
    const pass = passOf(key, line.again);
    const id = await observe(count, { itemId: row.id, lotId, quantity, pass });
    seen.current.set(id, { key, quantity });
    saved.current = key;
    useCountDraft.getState().set({ ...EMPTY_COUNT, scans: line.scans + 1 });
    return null;
  };

  /** Puts a shelf into the fields: what is typed next is what lies there. */
  const pick = (
    shelf: { readonly itemId: string; readonly lotId: string | null },
    again = false,
  ): void => {
    const { scans } = useCountDraft.getState().entry;
    const lot = shelf.lotId ?? NO_LOT;
    draft.set({ ...EMPTY_COUNT, itemId: shelf.itemId, lot, again, scans: scans + 1 });
    setTried(false);
    focusSoon('quantity');
  };

  const add = async (): Promise<boolean> => {
    try {
      const missing = await save(useCountDraft.getState().entry);
      setTried(missing !== null);
      setError(null);
      const next = missing === null ? (options.next?.(saved.current) ?? null) : null;
      if (next) pick(next);
      else fields.focus(missing ?? 'item');
      return missing === null;
    } catch (failure) {
      setError(toAppError(failure).code);
      return false;
    }
  };

  const scanned = async (found: ScannedItem, row: InventoryListRow): Promise<Said> => {
    const record = await tables.read('inventory_items', row.item_id);
    if (!record) return { tone: 'amber', text: t('scan.unknown') };
    const units = unitsOf(record);
    const lotNo = record.lot_policy === 'none' ? null : (found.reading?.lot ?? null);
    const lotId = lotNo === null ? null : await lotOf(record.id, lotNo, found.reading);
    if (lotId === undefined) {
      const words = { item: row.name, lot: lotNo ?? '' };
      return { tone: 'amber', text: t('counts.scanLotUnknown', words) };
    }
    const scan = { itemId: record.id, unit: found.match.unit, lotId };
    // What is being typed into the fields now are keys of the next scan.
    const former = { ...useCountDraft.getState().entry, typed: null };
    if (lotId !== null && former.itemId === record.id && former.lot === null && former.scanned) {
      const answer = await flow.ask({
        title: t('counts.pieceAsk', { item: row.name }),
        help: t('counts.pieceAskHelp'),
        answers: [
          { label: t('counts.pieceSame'), detail: t('scan.lot', { lot: lotNo ?? '' }) },
          { label: t('counts.pieceOther'), detail: t('counts.pieceOtherHelp') },
        ],
        none: null,
      });
      if (answer === null) return { tone: 'amber', text: t('scan.again') };
      if (answer === 0) {
        pickLot(lotId);
        focusSoon('quantity');
        return { tone: 'green', text: `${row.name}: ${t('scan.lot', { lot: lotNo ?? '' })}` };
      }
    }
    // What was only chosen, and not counted, gives way.
    if (former.scanned !== null && !isSameCount(former, scan)) {
      const missing = await save(former);
      if (missing !== null) {
        setTried(true);
        focusSoon(missing);
        return { tone: 'red', text: t('counts.scanBusy') };
      }
    }
    const now = useCountDraft.getState().entry;
    const isOpenLot = lotId === null && record.lot_policy === 'required';
    const counted = isOpenLot || now.again ? 0 : before(record.id, lotId);
    const next = scanIntoCount(now, scan, units, counted);
    draft.set(next);
    draft.scanned();
    lastReading.current = found.reading;
    setTried(false);
    const needsLot = isOpenLot && next.lot === null && (await isLotHere(record.id));
    focusSoon(needsLot ? 'lot' : 'quantity');
    if (needsLot) return { tone: 'amber', text: t('counts.scanLot', { item: row.name }) };
    const other = now.again ? undefined : theirs(record.id, lotId);
    if (other) {
      return {
        tone: 'amber',
        text: t('counts.alsoCounted', {
          item: row.name,
          quantity: quantityText(next, units),
          unit: unitOf(next, units)?.name ?? '',
          who: other.who ?? t('counts.somebody'),
          theirs: fmt.quantity(other.counted_qty),
          time: fmt.time(other.counted_at),
        }),
      };
    }
    const words = counted > 0 && now.itemId === null ? 'counts.scannedAgain' : 'counts.scanned';
    return {
      tone: 'green',
      text: t(words, {
        item: row.name,
        quantity: quantityText(next, units),
        unit: unitOf(next, units)?.name ?? '',
      }),
    };
  };

  /** The lot of a label: its id; undefined when nothing here has that number and date. */
  const lotOf = async (
    itemId: string,
    lotNo: string,
    reading: Reading | null,
  ): Promise<string | undefined> => {
    const all = await tables.find('inventory_lots', { item_id: itemId });
    const sameNumber = all.filter((lot) => normalizeLotNo(lot.lot_no) === normalizeLotNo(lotNo));
    const serial = reading?.serial ?? '';
    const date = reading?.expiry?.date ?? null;
    const fits = sameNumber.filter(
      (lot) => lot.serial === serial && (date === null || lot.expiry_date === date),
    );
    if (fits.length === 1) return fits[0]?.id;
    const options = fits.length > 1 ? fits : sameNumber;
    if (options.length === 0) return undefined;
    const answer = await flow.ask({
      title: t('counts.lotAsk', { lot: lotNo }),
      help: t('counts.lotAskHelp'),
      answers: options.map((lot) => ({
        label: lot.expiry_date === null ? t('lots.noExpiry') : fmt.date(lot.expiry_date),
        detail: lot.serial === '' ? '' : t('scan.serial', { serial: lot.serial }),
      })),
      none: t('scan.noneOfThese'),
    });
    return typeof answer === 'number' ? options[answer]?.id : undefined;
  };

  /** The second code of a label says the lot of what the first one chose. */
  const secondCode = async (reading: Reading): Promise<Said> => {
    const now = useCountDraft.getState().entry;
    const first = lastReading.current;
    const isOther = reading.symbology === 'hibc' && (!first || !joinHibc(first, reading));
    if (now.itemId === null || reading.lot === null || isOther || now.lot !== null) {
      const words = first && isOther ? 'scan.partOther' : 'scan.partAlone';
      return { tone: 'amber', text: t(words) };
    }
    const name = items?.find(({ item_id }) => item_id === now.itemId)?.name ?? '';
    const lotId = await lotOf(now.itemId, reading.lot, reading);
    if (lotId === undefined) {
      const words = { item: name, lot: reading.lot };
      return { tone: 'amber', text: t('counts.scanLotUnknown', words) };
    }
    pickLot(lotId);
    focusSoon('quantity');
    return { tone: 'green', text: `${name}: ${t('scan.lot', { lot: reading.lot })}` };
  };

  const pickLot = (lot: string | null): void => {
    const { itemId } = useCountDraft.getState().entry;
    const counted = (of: string | null): number => {
      if (itemId === null || (of === null && item?.lot_policy === 'required')) return 0;
      return before(itemId, of === NO_LOT ? null : of);
    };
    draft.set(chooseLot(useCountDraft.getState().entry, lot, counted));
  };

  const flow = useScanFlow('page', count.location_id, {
    item: scanned,
    part: secondCode,
    count: (id) => void navigate({ to: '/counts', search: { count: id, walk: true } }),
    ready: () => {
      const whole = settled(useCountDraft.getState().entry, item?.units ?? []);
      if (whole) draft.set(whole);
      else fields.focus('quantity');
      return whole ? null : { tone: 'red', text: t('counts.scanBusy') };
    },
  });

  /** After the new field is there. */
  const focusSoon = (field: CountField): void => {
    requestAnimationFrame(() => fields.focus(field));
  };

  return {
    entry,
    items,
    item,
    lots,
    fields,
    tried,
    error,
    flow,
    change: draft.set,
    chooseLot: pickLot,
    pick,
    add,
    /** Saves what is left in the fields. @returns how many lines there are; null: it cannot be saved */
    finish: async (): Promise<number | null> => {
      const { itemId, typed, scanned: sum } = useCountDraft.getState().entry;
      const isChosenOnly = options.next !== null && typed === null && sum === null;
      if (itemId !== null && !isChosenOnly && !(await add())) return null;
      return new Set([...count.lines.map(({ id }) => id), ...seen.current.keys()]).size;
    },
  };
}

/** Most looks at one shelf that a count can tell apart. */
const MOST_PASSES = 9;

/** Lots at the site, and the one that a label has named, wherever it is. */
function lotsToChoose(
  lots: readonly LotStock[],
  siteId: string,
  chosen: string | null,
): readonly LotStock[] {
  const byId = new Map(
    lots
      .filter((lot) => lot.location_id === siteId || lot.lot_id === chosen)
      .map((lot) => [lot.lot_id, lot]),
  );
  return [...byId.values()];
}
