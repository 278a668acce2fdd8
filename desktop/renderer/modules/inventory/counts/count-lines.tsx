import { IconAlertTriangle } from '@tabler/icons-react';
import { memo } from 'react';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { difference } from './count-rules.ts';

/**
 * What was seen last, by whom; beside it what the books say, where these may be shown. Keys that are
 * typed beside it do not draw a long count anew.
 */
export const CountLines = memo(function CountLines(props: {
  count: CountSessionRow;
  sees: boolean;
  /** Of whom the rows need not say that they counted them. */
  userId: string;
}) {
  const { count, sees, userId } = props;
  const { t, fmt } = useI18n();
  const lines = count.lines.toSorted((a, b) => b.counted_at - a.counted_at);
  // What somebody counted last is what they look at.
  const shown = lines.slice(0, SHOWN);
  if (count.lines.length === 0) return <p className="g-dim">{t('counts.noLines')}</p>;
  return (
    <table className="g-table" data-testid="count-lines">
      <thead>
        <tr>
          <th scope="col">{t('inventory.item')}</th>
          <th scope="col">{t('lots.lot')}</th>
          <th scope="col" className="g-num">
            {t('counts.counted')}
          </th>
          {sees && (
            <>
              <th scope="col" className="g-num">
                {t('counts.expected')}
              </th>
              <th scope="col" className="g-num">
                {t('counts.difference')}
              </th>
            </>
          )}
        </tr>
      </thead>
      <tbody>
        {shown.map((line) => {
          const off = difference(line);
          return (
            <tr key={line.id} data-testid="count-line" data-item={line.item_id}>
              <td>
                {line.item_name}
                {line.pass > 1 && <span className="g-small g-dim"> {t('counts.lookedAgain')}</span>}
                {line.counter_id !== userId && (
                  <span className="g-small g-dim"> {line.who ?? t('counts.somebody')}</span>
                )}
              </td>
              <td className="g-code">{line.lot_no}</td>
              <td className="g-num">
                {fmt.quantity(line.counted_qty)} <span className="g-dim">{line.base_unit}</span>
              </td>
              {sees && (
                <>
                  <td className="g-num">
                    {line.expected_qty !== null && fmt.quantity(line.expected_qty)}
                  </td>
                  <td
                    className="g-num"
                    data-testid="count-difference"
                    data-quantity={off?.quantity}
                  >
                    {off?.large ? (
                      <StatusPill
                        tone="amber"
                        icon={IconAlertTriangle}
                        title={t('counts.largeHelp')}
                      >
                        {fmt.signed(off.quantity)}
                      </StatusPill>
                    ) : (
                      off && fmt.signed(off.quantity)
                    )}
                  </td>
                </>
              )}
            </tr>
          );
        })}
      </tbody>
      {shown.length < lines.length && (
        <tfoot>
          <tr>
            <td colSpan={sees ? 5 : 3} className="g-dim" data-testid="count-more">
              {t('counts.more', { n: lines.length - shown.length })}
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  );
});

const SHOWN = 50;
