import { Button, CloseButton, Select } from '@mantine/core';
import {
  IconArrowsExchange,
  IconBellOff,
  IconClipboardCheck,
  IconShoppingCartPlus,
  IconTrash,
  IconVaccineBottle,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { addDays, instantOf } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { useSession } from '../../../../shell/session.tsx';
import { useSites } from '../../../../shell/sites.tsx';
import { DateField } from '../../../../ui/date-field.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { useToasts } from '../../../../ui/toasts.tsx';
import { NegativeStock } from '../negative-stock.tsx';
import { USE_DAYS } from '../use-levels.ts';
import { AlertPill } from './alert-pill.tsx';
import { AskForMore } from './ask-for-more.tsx';
import type { TriagedAlert } from './triage.ts';
import { useAlertActs } from './use-alerts.ts';

/** One alert: what is known, the form that settles it, who looks after it, and putting it off. */
export function AlertDetail(props: {
  alert: TriagedAlert;
  names: ReadonlyMap<string, string>;
  today: IsoDate;
  close: () => void;
}) {
  const { alert, names, today } = props;
  const { t, fmt } = useI18n();
  const { byId } = useSites();
  const site = byId.get(alert.location_id);
  const level = alert.item.sites.find(({ location_id: id }) => id === alert.location_id);
  const perDay = (level?.used ?? 0) / USE_DAYS;
  const lasts = perDay > 0 && level ? Math.floor(Math.max(0, level.on_hand) / perDay) : null;
  const unit = <span className="g-dim">{alert.item.base_unit}</span>;
  return (
    <aside
      className="g-detail"
      aria-label={t(`alerts.kind.${alert.kind}`)}
      data-testid="alert-detail"
      data-kind={alert.kind}
    >
      <div className="g-detail-head">
        <div className="g-row">
          <h2 className="g-spread" style={{ fontSize: 16 }}>
            <Link to="/inventory" search={{ item: alert.item_id }}>
              {alert.item.name}
            </Link>
          </h2>
          <CloseButton
            aria-label={t('common.close')}
            title={t('common.closeEsc')}
            onClick={props.close}
          />
        </div>
        <div className="g-row g-dim">
          <AlertPill kind={alert.kind} />
          <span>{site?.name}</span>
        </div>
      </div>
      <div className="g-detail-body g-stack" style={{ gap: 16 }}>
        <Actions alert={alert} />
        {alert.kind === 'negative' && (
          <NegativeStock itemId={alert.item_id} siteId={alert.location_id} />
        )}
        <dl className="g-facts">
          <dt>{t('stock.onHand')}</dt>
          <dd>
            {fmt.quantity(level?.on_hand ?? 0)} {unit}
          </dd>
          {alert.limit !== null && (
            <>
              <dt>{t(alert.kind === 'overstock' ? 'field.max' : 'alerts.least')}</dt>
              <dd>
                {fmt.quantity(alert.limit)} {unit}
              </dd>
            </>
          )}
          {alert.lotNo !== null && alert.lot_id !== null && (
            <>
              <dt>{t('lots.lot')}</dt>
              <dd>
                <Link to="/inventory/lot" search={{ lot: alert.lot_id }} className="g-code">
                  {alert.lotNo}
                </Link>
                {', '}
                {fmt.quantity(alert.quantity)}{' '}
                <span className="g-dim">{alert.unit ?? alert.item.base_unit}</span>
              </dd>
            </>
          )}
          {alert.date !== null && (
            <>
              <dt>{t(alert.kind === 'beyond_use' ? 'alerts.useBy' : 'lots.expiry')}</dt>
              <dd>
                {fmt.date(alert.date)}
                {alert.days !== null && alert.days >= 0 && (
                  <span className="g-dim"> {t('alerts.daysLeft', { n: alert.days })}</span>
                )}
              </dd>
            </>
          )}
          <dt>{t('alerts.use')}</dt>
          <dd>
            {t('alerts.perDay', {
              quantity: fmt.number(Math.round(perDay / 100) / 100),
              unit: alert.item.base_unit,
            })}
            {lasts !== null && <span className="g-dim">, {t('alerts.lasts', { n: lasts })}</span>}
          </dd>
        </dl>
        <Care alert={alert} names={names} today={today} />
      </div>
    </aside>
  );
}

/** The way to the form that settles it. */
function Actions({ alert }: { alert: TriagedAlert }) {
  const { t } = useI18n();
  const { mayRow } = useSession();
  const { byId } = useSites();
  const [asks, setAsks] = useState(false);
  const here = alert.location_id;
  const level = alert.item.sites.find(({ location_id: id }) => id === here);
  // Another site that could give some and still hold what it wants.
  const giver = alert.item.sites
    .filter(({ location_id: id }) => id !== here)
    .map((site) => ({ site, spare: site.on_hand - (site.par ?? 0) }))
    .filter(({ spare }) => spare > 0)
    .toSorted((a, b) => b.spare - a.spare)[0];
  const lacking = Math.max(0, (level?.par ?? alert.limit ?? 0) - (level?.on_hand ?? 0));
  const spare = Math.max(0, alert.quantity - (alert.limit ?? 0));
  const wastes =
    alert.kind === 'expired' || (alert.kind === 'beyond_use' && alert.vial_id === null);
  return (
    <div className="g-row" style={{ flexWrap: 'wrap' }} data-testid="alert-actions">
      {alert.kind === 'low' && mayRow('reorder_requests', 'create', { location_id: here }) && (
        <Button
          leftSection={<IconShoppingCartPlus size={18} stroke={1.5} />}
          onClick={() => setAsks(true)}
          data-testid="alert-order"
        >
          {t('alerts.order')}
        </Button>
      )}
      {alert.kind === 'low' && giver && (
        <Button
          renderRoot={(props) => (
            <Link
              to="/inventory/transfers"
              search={{
                new: true,
                item: alert.item_id,
                qty: Math.min(giver.spare, Math.max(lacking, 10_000)),
                from: giver.site.location_id,
                to: here,
              }}
              {...props}
            />
          )}
          variant="default"
          leftSection={<IconArrowsExchange size={18} stroke={1.5} />}
        >
          {t('alerts.transferFrom', { site: byId.get(giver.site.location_id)?.name ?? '' })}
        </Button>
      )}
      {alert.kind === 'expiring' && (
        <Button
          renderRoot={(props) => <Link to="/inventory/expiry" {...props} />}
          leftSection={<IconArrowsExchange size={18} stroke={1.5} />}
          data-testid="alert-where-used"
        >
          {t('alerts.whereUsed')}
        </Button>
      )}
      {alert.kind === 'overstock' && (
        <Button
          renderRoot={(props) => (
            <Link
              to="/inventory/transfers"
              search={{ new: true, item: alert.item_id, qty: spare, from: here }}
              {...props}
            />
          )}
          leftSection={<IconArrowsExchange size={18} stroke={1.5} />}
          data-testid="alert-move"
        >
          {t('alerts.move')}
        </Button>
      )}
      {alert.vial_id !== null && (
        <Button
          renderRoot={(props) => (
            <Link to="/inventory/vials" search={{ vial: alert.vial_id ?? undefined }} {...props} />
          )}
          leftSection={<IconVaccineBottle size={18} stroke={1.5} />}
          data-testid="alert-vial"
        >
          {t('vials.look')}
        </Button>
      )}
      {wastes && mayRow('stock_acts', 'create', { kind: 'waste', location_id: here }) && (
        <Button
          renderRoot={(props) => (
            <Link
              to="/inventory/waste"
              search={{ item: alert.item_id, lot: alert.lot_id ?? undefined, qty: alert.quantity }}
              {...props}
            />
          )}
          leftSection={<IconTrash size={18} stroke={1.5} />}
          data-testid="alert-waste"
        >
          {t('alerts.waste')}
        </Button>
      )}
      {alert.kind === 'negative' && mayRow('count_sessions', 'create', { location_id: here }) && (
        <Button
          renderRoot={(props) => <Link to="/counts" search={{ start: true }} {...props} />}
          leftSection={<IconClipboardCheck size={18} stroke={1.5} />}
        >
          {t('counts.start')}
        </Button>
      )}
      {asks && (
        <AskForMore
          item={alert.item}
          siteId={here}
          suggested={lacking}
          close={() => setAsks(false)}
        />
      )}
    </div>
  );
}

const LATER_DAYS = 7;

/** Who looks after it, and until when it is put off. */
function Care(props: { alert: TriagedAlert; names: ReadonlyMap<string, string>; today: IsoDate }) {
  const { alert, names, today } = props;
  const { t, fmt, timeZone } = useI18n();
  const { mayRow } = useSession();
  const { byId } = useSites();
  const acts = useAlertActs();
  const { done, failed } = useToasts();
  const [until, setUntil] = useState<IsoDate | null>(addDays(today, LATER_DAYS));
  const mayHand = mayRow('notifications', 'create', { location_id: alert.location_id });
  const maySnooze = mayHand || alert.noteId !== null;
  const body = t('alerts.message', {
    what: t(`alerts.kind.${alert.kind}`),
    item: alert.item.name,
    site: byId.get(alert.location_id)?.name ?? '',
  });
  return (
    <section className="g-stack" aria-label={t('alerts.care')} style={{ gap: 12 }}>
      {mayHand ? (
        <Select
          label={t('alerts.owner')}
          placeholder={t('alerts.nobody')}
          w={280}
          searchable
          data={[...names].map(([value, label]) => ({ value, label }))}
          value={alert.ownerId}
          onChange={(id) => {
            if (id === null) return;
            acts
              .handTo(alert, id, body)
              .then(() => done(t('alerts.handed', { who: names.get(id) ?? '' })), failed);
          }}
          allowDeselect={false}
          data-testid="alert-owner"
        />
      ) : (
        <p>
          {t('alerts.owner')}: {names.get(alert.ownerId ?? '') ?? t('alerts.nobody')}
        </p>
      )}
      {alert.snoozedUntil !== null ? (
        <div className="g-row">
          <span className="g-spread">
            {t('alerts.snoozedUntil', { time: fmt.exact(alert.snoozedUntil) })}
          </span>
          <Button
            variant="default"
            onClick={() => {
              acts.snooze(alert, null, body).then(() => done(t('alerts.woken')), failed);
            }}
            data-testid="alert-wake"
          >
            {t('alerts.wake')}
          </Button>
        </div>
      ) : maySnooze ? (
        <div className="g-row" style={{ alignItems: 'flex-end' }}>
          <DateField
            label={t('alerts.snoozeUntil')}
            value={until}
            onChange={setUntil}
            today={today}
            min={addDays(today, 1)}
            prefer="coming"
            testId="alert-snooze-date"
          />
          <Button
            variant="default"
            leftSection={<IconBellOff size={18} stroke={1.5} />}
            disabled={until === null}
            onClick={() => {
              if (until === null) return;
              acts
                .snooze(alert, instantOf(until, 0, timeZone), body)
                .then(() => done(t('alerts.snoozed', { date: fmt.date(until) })), failed);
            }}
            data-testid="alert-snooze"
          >
            {t('alerts.snooze')}
          </Button>
        </div>
      ) : (
        <p className="g-small g-dim">{t('alerts.notYours')}</p>
      )}
    </section>
  );
}
