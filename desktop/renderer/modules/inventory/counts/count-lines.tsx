import { IconAlertTriangle } from '@tabler/icons-react';
import { memo } from 'react';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { difference } from './count-rules.ts';

/**
 * What was seen; beside it what the books say, but not while somebody is still counting. Keys that are
 * typed beside it do not draw a long count anew.
 */
export const CountLines = memo(function CountLines(props: { count: CountSessionRow }) {
  const { count } = props;
  const { t, fmt } = useI18n();
  const blind = count.status === 'open';
  const lines = count.lines.toSorted((a, b) => b.counted_at - a.counted_at);
  // While somebody counts, what they counted last is what they look at.
  const shown = blind ? lines.slice(0, SHOWN_WHILE_COUNTING) : lines;
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
          {!blind && (
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
          const { quantity, large } = difference(line);
          return (
            <tr key={line.id} data-testid="count-line" data-item={line.item_id}>
              <td>{line.item_name}</td>
              <td className="g-code">{line.lot_no}</td>
              <td className="g-num">
                {fmt.quantity(line.counted_qty)} <span className="g-dim">{line.base_unit}</span>
              </td>
              {!blind && (
                <>
                  <td className="g-num">{fmt.quantity(line.expected_qty)}</td>
                  <td className="g-num" data-testid="count-difference" data-quantity={quantity}>
                    {large ? (
                      <StatusPill
                        tone="amber"
                        icon={IconAlertTriangle}
                        title={t('counts.largeHelp')}
                      >
                        {fmt.signed(quantity)}
                      </StatusPill>
                    ) : (
                      fmt.signed(quantity)
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
            <td colSpan={3} className="g-dim" data-testid="count-more">
              {t('counts.more', { n: lines.length - shown.length })}
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  );
});

const SHOWN_WHILE_COUNTING = 50;
