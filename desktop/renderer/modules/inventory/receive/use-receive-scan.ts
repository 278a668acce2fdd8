import { useRef } from 'react';
import { joinHibc } from '#shared/barcode/hibc.ts';
import type { Reading } from '#shared/barcode/reading.ts';
import type { InventoryListRow } from '#shared/ipc/views.ts';
import { newId } from '#shared/kernel/ids.ts';
import { isExpired } from '#shared/kernel/dates.ts';
import { normalizeLotNo } from '#shared/schema/lots.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import type { FieldFocus } from '../../../ui/field-focus.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import type { ScannedItem } from '../scan/meaning.ts';
import { useScanFlow } from '../scan/use-scan-flow.ts';
import type { Said } from '../scan/use-scan-flow.ts';
import { expiryText, readExpiry } from './expiry-text.ts';
import { unitsOf } from './packs.ts';
import type { EntryField, ReceivableItem } from './receive-check.ts';
import { useReceiveDraft } from './receive-draft.ts';
import { factsOf, labelOf, partIntoReceipt, scanIntoReceipt } from './receive-scan.ts';
import type { Label, ReceivedScan } from './receive-scan.ts';

/** What scans do on the receipt. */
export function useReceiveScan(of: {
  readonly siteId: string | null;
  readonly today: string;
  readonly items: readonly InventoryListRow[] | undefined;
  readonly receivable: ReadonlyMap<string, ReceivableItem>;
  readonly fields: FieldFocus<EntryField>;
}) {
  const { t, fmt } = useI18n();
  const { tables } = useStore();
  const draft = useReceiveDraft;
  /** What the scan before this one was, for the second code of a label. */
  const before = useRef<{ reading: Reading | null; line: string | null }>({
    reading: null,
    line: null,
  });

  const nameOf = (itemId: string | null): string =>
    of.items?.find(({ item_id }) => item_id === itemId)?.name ?? '';

  /** Items with their units, read now: a scan does not wait for the page. */
  const itemsOf = async (ids: readonly (string | null)[]) => {
    const known = new Map(of.receivable);
    for (const id of ids) {
      const row = id === null ? null : await tables.read('inventory_items', id);
      if (row) known.set(row.id, { ...row, units: unitsOf(row) });
    }
    return (id: string): ReceivableItem | null => known.get(id) ?? null;
  };

  const show = (received: ReceivedScan, reading: Reading | null): Said => {
    if (received.did === 'twice') return { tone: 'amber', text: t('receive.scanTwice') };
    if (received.did === 'busy') {
      of.fields.focus(received.missing);
      return { tone: 'amber', text: t('receive.scanBusy') };
    }
    draft.getState().set(received.draft);
    if (received.did === 'filled') {
      before.current = { reading, line: null };
      focusSoon(of.fields, received.missing);
      const item = nameOf(received.draft.entry.itemId);
      return { tone: 'amber', text: t(`receive.scanFill.${received.missing}`, { item }) };
    }
    const { line } = received;
    before.current = { reading, line: line.key };
    const item = nameOf(line.itemId);
    const unit =
      line.unit ?? of.items?.find(({ item_id }) => item_id === line.itemId)?.base_unit ?? '';
    const words = t(received.did === 'added' ? 'receive.scanAdded' : 'receive.scanRaised', {
      item,
      unit,
      quantity: line.quantity,
    });
    const expiry = readExpiry(line.expiry);
    if (!expiry.ok) return { tone: 'green', text: words };
    if (isExpired(expiry.date, of.today)) {
      return { tone: 'red', text: `${words}. ${t('receive.scanExpired')}` };
    }
    const month =
      expiry.precision === 'month'
        ? `. ${t('receive.scanMonth', { date: fmt.date(expiry.date) })}`
        : '';
    return { tone: 'green', text: `${words}${month}` };
  };

  const item = async (found: ScannedItem, row: InventoryListRow): Promise<Said> => {
    if (row.status !== 'active') {
      return { tone: 'amber', text: t('scan.discontinued', { item: row.name }) };
    }
    const label = await withTrueDate(labelOf(found.match, found.reading));
    if (!label) return { tone: 'amber', text: t('scan.again') };
    const itemOf = await itemsOf([label.itemId, draft.getState().entry.itemId]);
    const { lines, entry } = draft.getState();
    return show(scanIntoReceipt({ lines, entry }, label, itemOf, newId()), found.reading);
  };

  /** The label with the date that the lot has; null when somebody would rather scan again. */
  const withTrueDate = async <L extends Pick<Label, 'itemId' | 'lot' | 'expiry'>>(
    label: L,
  ): Promise<L | null> => {
    const said = readExpiry(label.expiry);
    if (label.lot === '' || !said.ok) return label;
    const lotNo = normalizeLotNo(label.lot);
    const lots = await tables.find('inventory_lots', { item_id: label.itemId });
    const known = new Set(
      lots.flatMap(({ lot_no, expiry_date }) =>
        normalizeLotNo(lot_no) === lotNo && expiry_date !== null ? [expiry_date] : [],
      ),
    );
    if (known.size === 0 || known.has(said.date)) return label;
    const dates = [...known].toSorted();
    const answer = await flow.ask({
      title: t('receive.lotAsk', { lot: label.lot }),
      help: t('receive.lotAskHelp'),
      answers: [
        { label: fmt.date(said.date), detail: t('receive.lotOnLabel') },
        ...dates.map((date) => ({ label: fmt.date(date), detail: t('receive.lotKnown') })),
      ],
      none: null,
    });
    if (typeof answer !== 'number') return null;
    const date = dates[answer - 1];
    return date === undefined
      ? label
      : { ...label, expiry: expiryText({ date, precision: 'day' }) };
  };

  const part = async (reading: Reading): Promise<Said> => {
    const { reading: first, line } = before.current;
    const alone: Said = { tone: 'amber', text: t('scan.partAlone') };
    const isHibc = reading.symbology === 'hibc';
    if (isHibc && (!first || !joinHibc(first, reading))) {
      return first ? { tone: 'amber', text: t('scan.partOther') } : alone;
    }
    const { entry, lines } = draft.getState();
    const itemId = entry.itemId ?? lines.find(({ key }) => key === line)?.itemId ?? null;
    if (itemId === null) return alone;
    const facts = await withTrueDate({ itemId, ...factsOf(reading) });
    if (!facts) return { tone: 'amber', text: t('scan.again') };
    const received = partIntoReceipt(
      { entry, lines },
      facts,
      line,
      await itemsOf([itemId]),
      newId(),
    );
    return received ? show(received, null) : alone;
  };

  const flow = useScanFlow('page', of.siteId, { item, part });
  return flow;
}

/** After the fields have what the scan brought: until then the one to focus may be disabled. */
const focusSoon = (fields: FieldFocus<EntryField>, field: EntryField): void => {
  requestAnimationFrame(() => fields.focus(field));
};
