import { roughly } from './reorder-rules.ts';
import type { Suggested } from './reorder-rules.ts';
import { useI18n } from '../../../ui/i18n.tsx';

/** How a suggestion comes about, in words and numbers: one can follow it with a pencil. */
export function ReorderExplained(props: { of: Suggested }) {
  const { row, suggestion: s, days, offer, asked, isWanted, unit, count } = props.of;
  const { t, fmt } = useI18n();
  const q = (quantity: number): string => `${fmt.quantity(roughly(quantity))} ${row.base_unit}`;
  const why = s.why === null ? 'none' : s.why;
  return (
    <section aria-label={t('reorder.why')} data-testid="reorder-explained">
      <dl className="g-facts">
        <dt>{t('reorder.use')}</dt>
        <dd>
          {t('reorder.useWords', { used: q(row.used), n: days, daily: fmt.quantity(s.dailyUse) })}
        </dd>
        <dt>{t('reorder.lead')}</dt>
        <dd>
          {offer === null || s.leadIsUsual
            ? t('reorder.leadUsual', { n: s.leadDays })
            : t('reorder.leadWords', { n: s.leadDays, vendor: offer.vendor_name })}
        </dd>
        <dt>{t('reorder.safety')}</dt>
        <dd>
          {s.safetyFrom === 'min'
            ? t('reorder.safetyMin', { quantity: q(s.safety) })
            : t('reorder.safetyDays', { quantity: q(s.safety) })}
        </dd>
        <dt>{t('reorder.point')}</dt>
        <dd data-testid="reorder-formula">
          {t('reorder.formula', {
            daily: fmt.quantity(s.dailyUse),
            n: s.leadDays,
            safety: fmt.quantity(roughly(s.safety)),
            point: q(s.reorderPoint),
          })}
        </dd>
        <dt>{t('reorder.position')}</dt>
        <dd>
          {t('reorder.positionWords', {
            hand: fmt.quantity(row.on_hand),
            order: fmt.quantity(row.on_order),
            sum: q(s.position),
          })}
        </dd>
        <dt>{t('reorder.decides')}</dt>
        <dd className="g-strong">{t(WHY[why], { par: q(row.par ?? 0) })}</dd>
        {s.why !== null && (
          <>
            <dt>{t('reorder.fill')}</dt>
            <dd>
              {t(FILL[s.targetFrom], { target: q(s.target), missing: q(s.target - s.position) })}
            </dd>
          </>
        )}
        {asked > 0 && (
          <>
            <dt>{t('reorder.askedFor')}</dt>
            <dd>{q(asked)}</dd>
          </>
        )}
        {offer?.min_qty ? (
          <>
            <dt>{t('reorder.least')}</dt>
            <dd>
              {t('reorder.leastWords', { vendor: offer.vendor_name, least: q(offer.min_qty) })}
            </dd>
          </>
        ) : null}
        <dt>{t(isWanted ? 'reorder.wouldBe' : 'reorder.ifChosen')}</dt>
        <dd className="g-strong">
          {offer === null
            ? t('reorder.noVendor')
            : t('reorder.wouldBeWords', {
                count: fmt.number(count),
                unit,
                vendor: offer.vendor_name,
              })}
        </dd>
      </dl>
    </section>
  );
}

const WHY = {
  point: 'reorder.because.point',
  par: 'reorder.because.par',
  none: 'reorder.because.none',
} as const;
const FILL = {
  reorder_qty: 'reorder.fillFixed',
  max: 'reorder.fillMax',
  par: 'reorder.fillPar',
  cover: 'reorder.fillCover',
} as const;
