import { IconArrowDown, IconArrowUp, IconBulb, IconClipboardCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { CountSessionRow, HistoryRow } from '#shared/ipc/views.ts';
import { movementWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import type { T } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Note } from '../../../ui/note.tsx';
import { Timeline } from '../../../ui/timeline.tsx';
import { unitsOf } from '../receive/packs.ts';
import { useItemHistory, useItemRecord } from '../use-inventory.ts';
import { difference, shelvesOf } from './count-rules.ts';
import type { Shelf } from './count-rules.ts';
import { likelyCauses } from './likely-causes.ts';
import type { Cause } from './likely-causes.ts';

/** Movements that are shown on each side of the count. */
const SHOWN = 6;

/** Why the books and the shelf may differ: what was booked before the count and since, and hints. */
export function WhyPanel(props: { count: CountSessionRow; shelf: Shelf; now: number }) {
  const { count, shelf, now } = props;
  const { holds } = shelf;
  const { t, fmt } = useI18n();
  const { data: history } = useItemHistory(holds.item_id);
  const { data: item } = useItemRecord(holds.item_id);
  if (!history) return <Loading lines={3} />;
  const here = history.filter(
    (row) => row.location_id === count.location_id && row.lot_no === holds.lot_no,
  );
  const before = here.filter(({ occurred_at }) => occurred_at <= holds.counted_at).slice(0, SHOWN);
  const since = here.filter(({ occurred_at }) => occurred_at > holds.counted_at).slice(-SHOWN);
  const lines = shelvesOf(count.lines).map((one) => one.holds);
  const causes = likelyCauses(holds, lines, here, item ? unitsOf(item) : []);
  const off = difference(holds);
  const events = [...since, ...before].map((row) => ({
    key: row.id,
    icon:
      row.type === 'count' ? IconClipboardCheck : row.qty_base < 0 ? IconArrowDown : IconArrowUp,
    tone: row.occurred_at > holds.counted_at ? ('blue' as const) : ('grey' as const),
    title: `${movementWord(t, row.type)} ${
      row.type === 'count' ? fmt.quantity(row.qty_base) : fmt.signed(row.qty_base)
    } ${row.base_unit}`,
    instant: row.occurred_at,
    who: row.who,
  }));
  return (
    <section className="g-card g-stack" aria-label={t('counts.why')} data-testid="count-why">
      <h3 style={{ fontSize: 14 }}>
        <Link to="/inventory" search={{ item: holds.item_id, tab: 'history' }}>
          {holds.item_name}
        </Link>
        {holds.lot_no && `, ${t('scan.lot', { lot: holds.lot_no })}`}
      </h3>
      {off && holds.expected_qty !== null && (
        <p>
          {t('counts.whyNumbers', {
            counted: fmt.quantity(holds.counted_qty),
            expected: fmt.quantity(holds.expected_qty),
            unit: holds.base_unit,
            time: fmt.exact(holds.counted_at),
          })}
        </p>
      )}
      {holds.since_qty !== null && (
        <p data-testid="count-becomes" data-quantity={holds.counted_qty + holds.since_qty}>
          {t('counts.becomes', {
            counted: fmt.quantity(holds.counted_qty),
            since: fmt.signed(holds.since_qty),
            sum: fmt.quantity(holds.counted_qty + holds.since_qty),
            unit: holds.base_unit,
          })}
        </p>
      )}
      {causes.map((cause) => (
        <Note key={causeKey(cause)} tone="blue" icon={IconBulb} testId={`cause-${cause.kind}`}>
          {causeWords(cause, t, fmt)}
        </Note>
      ))}
      {events.length === 0 ? (
        <p className="g-dim">{t('counts.noMovements')}</p>
      ) : (
        <Timeline label={t('counts.movements')} events={events} now={now} />
      )}
      <p className="g-small g-dim">{t('counts.whyHelp')}</p>
    </section>
  );
}

const causeKey = (cause: Cause): string =>
  cause.kind === 'unit'
    ? `unit ${cause.unit}`
    : cause.kind === 'other-lot'
      ? `lot ${cause.lotNo}`
      : cause.kind;

type Fmt = ReturnType<typeof useI18n>['fmt'];

function causeWords(cause: Cause, t: T, fmt: Fmt): string {
  switch (cause.kind) {
    case 'books-negative':
      return t('counts.cause.negative');
    case 'unit':
      return t('counts.cause.unit', { unit: cause.unit, pieces: fmt.quantity(cause.pieces) });
    case 'other-lot':
      return t('counts.cause.lot', { lot: cause.lotNo ?? t('counts.noLot') });
    case 'movement': {
      const { movement } = cause;
      const words: { movement: string; quantity: string; time: string } = {
        movement: movementWord(t, movement.type),
        quantity: wordsOf(movement, fmt),
        time: fmt.exact(movement.occurred_at),
      };
      return t('counts.cause.movement', words);
    }
  }
}

const wordsOf = (row: HistoryRow, fmt: Fmt): string =>
  `${fmt.signed(row.qty_base)} ${row.base_unit}`;
