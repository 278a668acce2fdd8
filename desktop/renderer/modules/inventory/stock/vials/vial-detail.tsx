import { ActionIcon, Button, CloseButton } from '@mantine/core';
import { IconArrowBackUp, IconClock, IconTrash, IconVaccine } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { VialEvent, VialRow } from '#shared/ipc/views.vials.ts';
import { drawOrder } from '#shared/merge/derive/open-vials.ts';
import { useSession } from '../../../../shell/session.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { Loading } from '../../../../ui/loading.tsx';
import { StatusPill } from '../../../../ui/status-pill.tsx';
import { useToasts } from '../../../../ui/toasts.tsx';
import { reasonWord } from '../reason-words.ts';
import { DiscardDialog } from './discard-dialog.tsx';
import { DrawDialog } from './draw-dialog.tsx';
import { useVialActs, useVialEvents } from './use-vials.ts';
import { choosable } from './vial-acts.ts';
import type { Place } from './vial-acts.ts';
import { VialClock } from './vial-clock.tsx';

/** One opened container: what is left, what happened to it, and what can be done with it. */
export function VialDetail(props: {
  vial: VialRow;
  vials: readonly VialRow[];
  site: Place & { readonly name: string };
  now: number;
  close: () => void;
}) {
  const { vial, site, now } = props;
  const { t, fmt } = useI18n();
  const { mayRow } = useSession();
  const { data: events } = useVialEvents(vial.vial_id);
  const [doing, setDoing] = useState<'draw' | 'discard' | null>(null);
  const may = mayRow('vial_acts', 'create', { location_id: vial.location_id });
  const isOpen = !vial.is_closed;
  const isUsable = drawOrder(choosable([vial]), now).length > 0;
  const done = () => setDoing(null);
  return (
    <aside className="g-detail" aria-label={vial.item_name} data-testid="vial-detail">
      <div className="g-detail-head">
        <div className="g-row">
          <h2 className="g-spread" style={{ fontSize: 16 }}>
            <Link to="/inventory" search={{ item: vial.item_id }}>
              {vial.item_name}
            </Link>
          </h2>
          <CloseButton
            aria-label={t('common.close')}
            title={t('common.closeEsc')}
            onClick={props.close}
          />
        </div>
        <div className="g-row g-dim">
          {isOpen ? <VialClock useBy={vial.use_by} now={now} /> : <span>{t('vials.closed')}</span>}
          <span>{site.name}</span>
        </div>
      </div>
      <div className="g-detail-body g-stack" style={{ gap: 16 }}>
        {isOpen && may && (
          <div className="g-row" style={{ flexWrap: 'wrap' }}>
            <Button
              leftSection={<IconVaccine size={18} stroke={1.5} />}
              onClick={() => setDoing('draw')}
              disabled={!isUsable}
              data-testid="vial-draw"
            >
              {t('vials.draw')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconTrash size={18} stroke={1.5} />}
              onClick={() => setDoing('discard')}
              data-testid="vial-discard"
            >
              {t('vials.discard')}
            </Button>
          </div>
        )}
        {vial.over > 0 && (
          <p role="status">
            {t('vials.overdrawn', { quantity: fmt.quantity(vial.over), unit: vial.unit })}
          </p>
        )}
        <dl className="g-facts">
          <dt>{t('vials.rest')}</dt>
          <dd data-testid="vial-rest">
            {t('vials.restOf', {
              rest: fmt.quantity(vial.rest),
              content: fmt.quantity(vial.content),
              unit: vial.unit,
            })}
          </dd>
          {vial.lot_id !== null && (
            <>
              <dt>{t('lots.lot')}</dt>
              <dd>
                <Link to="/inventory/lot" search={{ lot: vial.lot_id }} className="g-code">
                  {vial.lot_no}
                </Link>
              </dd>
            </>
          )}
          <dt>{t('vials.useBy')}</dt>
          <dd>{vial.use_by === null ? t('vials.noLimit') : fmt.exact(vial.use_by)}</dd>
          <dt>{t('vials.openedBy')}</dt>
          <dd>
            {vial.opened_by ?? '–'}, {fmt.exact(vial.opened_at)}
          </dd>
        </dl>
        <section aria-label={t('detail.history')}>
          <h3 style={{ fontSize: 14, marginBottom: 8 }}>{t('detail.history')}</h3>
          {events ? (
            <ol className="g-plain-list" style={{ gap: 8 }} data-testid="vial-events">
              {events.map((event) => (
                <EventLine key={event.id} event={event} vial={vial} site={site} may={may} />
              ))}
            </ol>
          ) : (
            <Loading lines={3} />
          )}
        </section>
      </div>
      {doing === 'draw' && <DrawDialog vial={vial} vials={props.vials} site={site} close={done} />}
      {doing === 'discard' && <DiscardDialog vial={vial} site={site} close={done} />}
    </aside>
  );
}

function EventLine(props: { event: VialEvent; vial: VialRow; site: Place; may: boolean }) {
  const { event, vial, site, may } = props;
  const { t, fmt } = useI18n();
  const acts = useVialActs();
  const { done, failed } = useToasts();
  const what = event.undoes
    ? t('reversal.of', { what: t(`vials.step.${event.step}`) })
    : t(`vials.step.${event.step}`);
  const said = [
    event.who,
    event.witness === null ? null : t('witness.confirmed', { who: event.witness }),
    reasonWord(t, event.reason_code),
    event.note,
  ].filter((part) => part !== null && part !== '');
  const mayUndo = may && event.step !== 'open' && !event.undoes && !event.undone;
  return (
    <li className="g-row" style={{ alignItems: 'flex-start' }} data-testid="vial-event">
      <div className="g-spread">
        <div>
          <strong>{what}</strong> {fmt.quantity(event.units)} {vial.unit}
          {event.undone && <span className="g-dim"> ({t('reversal.undone')})</span>}
          {event.for_patient && (
            <span data-testid="vial-for">
              {' '}
              {event.patient
                ? t('usedFor.of', {
                    who: `${event.patient.family_name}, ${event.patient.given_name}`,
                  })
                : t('trace.patient')}
            </span>
          )}
        </div>
        <div className="g-small g-dim">
          {fmt.exact(event.occurred_at)} · {said.join(' · ')}
        </div>
      </div>
      {event.waiting && (
        <StatusPill tone="amber" icon={IconClock} title={t('history.waitingHelp')}>
          {t('history.waiting')}
        </StatusPill>
      )}
      {mayUndo && (
        <ActionIcon
          size={28}
          aria-label={t('vials.undo', { what })}
          title={t('vials.undo', { what })}
          onClick={() => {
            acts
              .undo(vial, event, 'wrong_quantity', site)
              .then(() => done(t('vials.undone')), failed);
          }}
          data-testid="vial-undo"
        >
          <IconArrowBackUp size={16} stroke={1.5} />
        </ActionIcon>
      )}
    </li>
  );
}
