import { CloseButton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconClock, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { DeviceView } from '#shared/ipc/administration.ts';
import { useSession } from '../../../shell/session.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import type { T } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { When } from '../../../ui/when.tsx';
import { ServerButton } from '../server-button.tsx';
import { ChannelDialog } from './channel-dialog.tsx';
import { DeviceDialog } from './device-dialog.tsx';
import { DEVICE_ACTS } from './device-acts.ts';
import type { DeviceAct } from './device-acts.ts';
import { MachineStatus } from './machine.tsx';
import type { Machine } from './machine.tsx';

/** One machine: what is known of it, and what can be done. */
export function DeviceDetail(props: {
  machine: Machine;
  names: ReadonlyMap<string, string>;
  now: number;
  /** Something was changed on the server. */
  changed: () => void;
  close: () => void;
}) {
  const { machine, names, now } = props;
  const { t, fmt } = useI18n();
  const { who, mayRow } = useSession();
  const [asking, setAsking] = useState<DeviceAct | 'channel' | null>(null);
  const close = () => setAsking(null);
  const { told } = machine;
  const nameOf = (id: string | null | undefined) =>
    id === null || id === undefined ? null : (names.get(id) ?? t('admin.unknown'));
  const isOwn = machine.id === who.deviceId;
  const mayChange = mayRow('devices', 'update', { location_id: told?.locationId ?? null });
  const acts = DEVICE_ACTS.filter(({ from }) => from.includes(machine.status));
  const unknown = <span className="g-dim">{t('admin.detailsLater')}</span>;
  const since = (instant: number | null | undefined): ReactNode =>
    instant === undefined ? (
      unknown
    ) : instant === null ? (
      t('admin.never')
    ) : (
      <When instant={instant} now={now} />
    );
  return (
    <aside
      className="g-detail"
      aria-label={machine.name}
      data-testid="device-detail"
      data-status={machine.status}
    >
      <div className="g-detail-head g-row">
        <h2 className="g-spread" style={{ fontSize: 16 }}>
          {machine.name}
        </h2>
        <MachineStatus status={machine.status} />
        <CloseButton
          aria-label={t('common.close')}
          title={t('common.closeEsc')}
          onClick={props.close}
        />
      </div>
      <div className="g-detail-body g-sections">
        {told !== undefined && told.quarantined > 0 && (
          <Note tone="violet" icon={IconAlertTriangle} testId="device-quarantined">
            {t('devices.waitingN', { n: told.quarantined })}
          </Note>
        )}
        {told?.wipedAt ? (
          <Note tone="green" icon={IconCircleCheck} testId="device-wiped">
            {t('devices.wiped', { date: fmt.exact(told.wipedAt) })}
          </Note>
        ) : (
          told?.wipeOrderedAt && (
            <Note tone="amber" icon={IconClock} testId="device-wipe-waits">
              {t('devices.wipeWaits', { date: fmt.exact(told.wipeOrderedAt) })}
            </Note>
          )
        )}
        <section aria-label={machine.name}>
          <dl className="g-facts">
            <dt>{t('devices.kind')}</dt>
            <dd>{t(`devices.kind.${machine.kind}`)}</dd>
            <dt>{t('devices.site')}</dt>
            <dd>{machine.site || t('admin.noSite')}</dd>
            <dt>{t('devices.lastPerson')}</dt>
            <dd data-testid="device-person">
              {told ? (nameOf(told.lastPersonId) ?? t('admin.nobody')) : unknown}
            </dd>
            <dt>{t('devices.lastSeen')}</dt>
            <dd>{since(told?.lastSeenAt)}</dd>
            <dt>{t('devices.lastWrite')}</dt>
            <dd>{since(told?.lastWriteAt)}</dd>
            <dt>{t('devices.enrolled')}</dt>
            <dd>{fmt.exact(machine.enrolledAt)}</dd>
            <dt>{t('devices.enrolledBy')}</dt>
            <dd>{nameOf(machine.enrolledBy)}</dd>
            <dt>{t('devices.version')}</dt>
            <dd data-testid="device-version">
              {told ? (told.appVersion ?? t('devices.notSaid')) : unknown}
            </dd>
            <dt>{t('devices.queue')}</dt>
            <dd data-testid="device-queue">
              {told ? queueWords(t, told, (instant) => fmt.exact(instant)) : unknown}
            </dd>
            <dt>{t('devices.channel')}</dt>
            <dd>
              <span data-testid="device-channel">
                {told ? t(`devices.channel.${told.updateChannel}`) : unknown}
              </span>{' '}
              {mayChange && told && (
                <ServerButton
                  size="xs"
                  label={t('devices.changeThis', { name: machine.name })}
                  testId="device-channel-change"
                  onClick={() => setAsking('channel')}
                >
                  {t('devices.change')}
                </ServerButton>
              )}
            </dd>
            <dt>{t('devices.id')}</dt>
            <dd className="g-code">{machine.id}</dd>
          </dl>
        </section>
        {mayChange && (
          <section aria-labelledby="device-acts">
            <h3 id="device-acts">{t('devices.actions')}</h3>
            {isOwn ? (
              <Note tone="blue" icon={IconInfoCircle} testId="device-own">
                {t('admin.ownDevice')}
              </Note>
            ) : (
              <div className="g-row" style={{ flexWrap: 'wrap' }}>
                {acts.map((one) => (
                  <ServerButton
                    key={one.name}
                    onClick={() => setAsking(one)}
                    testId={`device-${one.name}`}
                  >
                    {t(`devices.${one.name}`)}
                  </ServerButton>
                ))}
                {acts.length === 0 && (
                  <p className="g-dim" data-testid="device-over">
                    {t(told?.wipeOrderedAt ? 'devices.lostOver' : 'devices.retireWhat')}
                  </p>
                )}
              </div>
            )}
          </section>
        )}
      </div>
      {asking === 'channel' && told && (
        <ChannelDialog
          machine={machine}
          channel={told.updateChannel}
          done={props.changed}
          close={close}
        />
      )}
      {asking !== null && asking !== 'channel' && (
        <DeviceDialog machine={machine} act={asking} done={props.changed} close={close} />
      )}
    </aside>
  );
}

/** What waits there, by what it said last. */
function queueWords(t: T, told: DeviceView, when: (instant: number) => string): string {
  if (told.reportedAt === null) return t('devices.notSaid');
  const date = when(told.reportedAt);
  if (told.waiting === null) return t('devices.nobodyIn', { date });
  const waits = t('devices.queueN', { n: told.waiting });
  const needs = told.needsYou ? `, ${t('devices.needsN', { n: told.needsYou })}` : '';
  return `${waits}${needs} (${date})`;
}
