import { useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { useSites } from '../../../shell/sites.tsx';
import { countKindWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { QrCode } from '../../../ui/qr-code.tsx';
import type { PlanEntry } from './plan.ts';

/** What the code of a sheet says: the address of the count, which every scanner of the suite opens. */
export const sheetText = ({ id }: Pick<CountSessionRow, 'id'>): string =>
  `ganger://inventory/counts/${id}`;

/** Empty lines for what is found and not listed. */
const EMPTY_LINES = Array.from({ length: 8 }, (_, line) => `empty ${line}`);
const COLUMNS = ['no', 'bin', 'item', 'lot', 'expiry', 'unit', 'counted'];
const CLASSES: Readonly<Record<string, string>> = { no: 'g-num', counted: 'g-sheet-blank' };

/**
 * The list of a count on paper, for the time in which no computer runs: in the order in which one
 * walks, without quantities, and with the code that opens the count again to type it in. It asks for
 * the system's dialog at once; `done` is called when that has closed.
 */
export function CountSheet(props: {
  count: CountSessionRow;
  plan: readonly PlanEntry[];
  done: () => void;
}) {
  const { count, plan } = props;
  const { t, fmt } = useI18n();
  const { byId } = useSites();
  const done = useRef(props.done);
  useEffect(() => {
    const after = (): void => done.current();
    window.addEventListener('afterprint', after);
    // By a timer, so that a page that mounts twice prints once.
    const timer = setTimeout(() => window.print());
    return () => {
      clearTimeout(timer);
      window.removeEventListener('afterprint', after);
    };
  }, []);
  const site = byId.get(count.location_id)?.name ?? count.location_code;
  /** What stands in the columns of a line; the last one is for the pen. */
  const cellsOf = (entry: PlanEntry | string): readonly string[] => {
    if (typeof entry === 'string') return ['+', '', '', '', '', '', ''];
    const { no, bin, itemName, sku, lotNo, expiry, unit } = entry;
    const item = sku === '' ? itemName : `${itemName} · ${sku}`;
    return [String(no), bin ?? '', item, lotNo ?? '', expiry ? fmt.date(expiry) : '', unit, ''];
  };
  return createPortal(
    <div className="g-print g-sheet" aria-hidden data-testid="count-sheet">
      <div className="g-sheet-head">
        <div>
          <h1>
            {countKindWord(t, count.kind)}, {site}
          </h1>
          <p>{count.zone ? t('counts.zoneIs', { zone: count.zone }) : t('counts.wholeSite')}</p>
          <p>{t('counts.sheetFrom', { time: fmt.exact(count.started_at), n: plan.length })}</p>
          <p>{t('counts.sheetBy')}</p>
        </div>
        <div className="g-sheet-code">
          <QrCode text={sheetText(count)} label={t('counts.sheetQr')} testId="sheet-qr" />
          <p>{t('counts.sheetQr')}</p>
        </div>
      </div>
      <p>{t('counts.sheetHelp')}</p>
      <table>
        <thead>
          <tr>
            <th className="g-num">{t('counts.no')}</th>
            <th>{t('stock.bin')}</th>
            <th>{t('inventory.item')}</th>
            <th>{t('lots.lot')}</th>
            <th>{t('lots.expiry')}</th>
            <th>{t('receive.unit')}</th>
            <th>{t('counts.counted')}</th>
          </tr>
        </thead>
        <tbody>
          {[...plan, ...EMPTY_LINES].map((entry) => (
            <tr key={typeof entry === 'string' ? entry : entry.key}>
              {cellsOf(entry).map((words, column) => (
                <td key={COLUMNS[column]} className={CLASSES[COLUMNS[column] ?? '']}>
                  {words}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>,
    document.body,
  );
}
