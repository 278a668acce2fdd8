import { Button } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { useSession } from '../../../shell/session.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import type { CountLine, Shelf } from './count-rules.ts';
import { useCountActs } from './use-counts.ts';

/**
 * Shelves that two people counted with different results: who saw what, which one holds, and the ways
 * to settle it. Each is one more observation, in the name of who chooses; nothing is added up unasked.
 */
export function Contested(props: {
  count: CountSessionRow;
  shelves: readonly Shelf[];
  again: (line: CountLine) => void;
}) {
  const { count, shelves, again } = props;
  const { t, fmt } = useI18n();
  const { who } = useSession();
  const { observe } = useCountActs(who.userId);
  const { done, failed } = useToasts();
  if (shelves.length === 0) return null;
  const settle = ({ holds }: Shelf, quantity: number) => {
    const words = {
      item: holds.item_name,
      quantity: fmt.quantity(quantity),
      unit: holds.base_unit,
    };
    observe(count, {
      itemId: holds.item_id,
      lotId: holds.lot_id,
      quantity,
      pass: Math.min(9, holds.pass + 1),
    }).then(() => done(t('counts.settled', words)), failed);
  };
  return (
    <section className="g-stack" style={{ gap: 8 }} aria-label={t('counts.contested')}>
      {shelves.map((shelf) => {
        const { holds, views } = shelf;
        const sum = views.reduce((all, { counted_qty }) => all + counted_qty, 0);
        const unit = holds.base_unit;
        const name = (line: CountLine): string => line.who ?? t('counts.somebody');
        return (
          <div key={shelf.key} data-testid="count-contested" data-item={holds.item_id}>
            <Note tone="violet" icon={IconUsers}>
              <p className="g-strong">
                {holds.lot_no
                  ? t('counts.contestedLot', { item: holds.item_name, lot: holds.lot_no })
                  : t('counts.contestedItem', { item: holds.item_name })}
              </p>
              <ul>
                {views.map((line) => (
                  <li key={line.id}>
                    {t('counts.saw', {
                      who: name(line),
                      quantity: fmt.quantity(line.counted_qty),
                      unit,
                      time: fmt.time(line.counted_at),
                    })}
                  </li>
                ))}
              </ul>
              <p>
                {t('counts.laterHolds', {
                  who: name(holds),
                  quantity: fmt.quantity(holds.counted_qty),
                  unit,
                })}
              </p>
              <div className="g-row" style={{ flexWrap: 'wrap' }}>
                {views.map((line) => (
                  <Button
                    key={line.id}
                    size="compact-sm"
                    variant="default"
                    onClick={() => settle(shelf, line.counted_qty)}
                    data-testid="contested-one"
                    data-quantity={line.counted_qty}
                  >
                    {t('counts.takeOne', {
                      quantity: fmt.quantity(line.counted_qty),
                      who: name(line),
                    })}
                  </Button>
                ))}
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => settle(shelf, sum)}
                  data-testid="contested-both"
                >
                  {t('counts.takeBoth', { quantity: fmt.quantity(sum) })}
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => again(holds)}
                  data-testid="contested-again"
                >
                  {t('counts.again')}
                </Button>
              </div>
            </Note>
          </div>
        );
      })}
    </section>
  );
}
