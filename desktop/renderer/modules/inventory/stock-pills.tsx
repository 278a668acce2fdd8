import {
  IconAlertTriangle,
  IconCalendarExclamation,
  IconCalendarX,
  IconCircleArrowDown,
} from '@tabler/icons-react';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { StatusPill } from '../../ui/status-pill.tsx';
import { expiryLevel, stockLevel } from './stock-status.ts';

/** Below par or below zero; nothing while the stock is as it should be. */
export function LevelPill(props: { stock: { on_hand: number; par: number | null } | undefined }) {
  const { t } = useI18n();
  const level = stockLevel(props.stock);
  if (level === 'negative') {
    return (
      <StatusPill tone="red" icon={IconAlertTriangle}>
        {t('stock.negative')}
      </StatusPill>
    );
  }
  if (level === 'below') {
    return (
      <StatusPill tone="amber" icon={IconCircleArrowDown}>
        {t('stock.belowPar')}
      </StatusPill>
    );
  }
  return null;
}

/** An expiry date; a pill once it has passed or is near. */
export function Expiry(props: { date: IsoDate | null; today: IsoDate; words?: boolean }) {
  const { t, fmt } = useI18n();
  const { date, today } = props;
  if (date === null) return <span className="g-dim">{props.words ? t('lots.noExpiry') : ''}</span>;
  const level = expiryLevel(date, today);
  const shown = fmt.date(date);
  if (level === 'fine') return <span>{shown}</span>;
  const words = level === 'expired' ? t('lots.expired') : t('lots.expiring');
  return (
    <StatusPill
      tone={level === 'expired' ? 'red' : 'amber'}
      icon={level === 'expired' ? IconCalendarX : IconCalendarExclamation}
      title={`${words}: ${shown}`}
    >
      {props.words ? `${words}, ${shown}` : shown}
      {!props.words && <span className="g-hidden"> {words}</span>}
    </StatusPill>
  );
}
