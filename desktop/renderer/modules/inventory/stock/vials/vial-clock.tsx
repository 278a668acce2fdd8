import { IconAlertTriangle, IconClock, IconClockExclamation } from '@tabler/icons-react';
import { useI18n } from '../../../../ui/i18n.tsx';
import { StatusPill } from '../../../../ui/status-pill.tsx';
import { clockState, spanWords } from './clock-words.ts';

/** How long an opened container may still be used. */
export function VialClock(props: { useBy: number | null; now: number }) {
  const { useBy, now } = props;
  const { t, fmt } = useI18n();
  const state = clockState(useBy, now);
  if (useBy === null) return <span className="g-dim">{t('vials.noLimit')}</span>;
  const span = spanWords(t, useBy - now);
  if (state === 'over') {
    return (
      <StatusPill tone="red" icon={IconAlertTriangle} title={fmt.exact(useBy)}>
        {t('vials.over', { span })}
      </StatusPill>
    );
  }
  return (
    <StatusPill
      tone={state === 'soon' ? 'amber' : 'green'}
      icon={state === 'soon' ? IconClockExclamation : IconClock}
      title={fmt.exact(useBy)}
    >
      {t('vials.left', { span })}
    </StatusPill>
  );
}
