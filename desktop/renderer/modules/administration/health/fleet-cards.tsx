import { IconCircleCheck, IconCircleOff, IconPlugConnectedX } from '@tabler/icons-react';
import type { MonitorView } from '#shared/ipc/administration.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { When } from '../../../ui/when.tsx';
import { FactCard } from '../facts.tsx';
import { bytesWords } from '../sizes.ts';

const STATES = {
  ok: { tone: 'green', icon: IconCircleCheck },
  down: { tone: 'red', icon: IconPlugConnectedX },
  stopped: { tone: 'grey', icon: IconCircleOff },
} as const;

/** All servers, and what devices say of themselves. */
export function FleetCards(props: { monitor: MonitorView }) {
  const { replicas, devices } = props.monitor;
  const { t, fmt } = useI18n();
  const now = useNow();
  const versions = Object.entries(devices.versions);
  return (
    <>
      <FactCard
        title={t('monitor.devices')}
        facts={[
          [t('monitor.devices.active'), fmt.number(devices.active), 'monitor-devices'],
          [t('monitor.devices.silent'), fmt.number(devices.silent)],
          [t('monitor.devices.waiting'), fmt.number(devices.waiting)],
          [
            t('monitor.devices.versions'),
            versions.length === 0
              ? '–'
              : versions.map(([version, n]) => `${version} (${fmt.number(n)})`).join(', '),
          ],
        ]}
      />
      <section className="g-card g-wide" aria-label={t('monitor.replicas')}>
        <h2>{t('monitor.replicas')}</h2>
        <table className="g-plain-table" aria-label={t('monitor.replicas')}>
          <thead>
            <tr>
              <th scope="col">{t('monitor.replica')}</th>
              <th scope="col">{t('health.state')}</th>
              <th scope="col">{t('health.uptime')}</th>
              <th scope="col">{t('monitor.replica.seen')}</th>
              <th scope="col">{t('health.memory')}</th>
              <th scope="col">{t('health.live')}</th>
            </tr>
          </thead>
          <tbody>
            {replicas.map((one) => (
              <tr key={one.id} data-testid="replica-row" data-state={one.state}>
                <td className="g-code">{one.id}</td>
                <td>
                  <StatusPill {...STATES[one.state]}>
                    {t(`monitor.replica.${one.state}`)}
                  </StatusPill>
                </td>
                <td>{fmt.exact(one.startedAt)}</td>
                <td>
                  <When instant={one.seenAt} now={Math.max(now, one.seenAt)} />
                </td>
                <td>{bytesWords(t, one.memoryBytes)}</td>
                <td>{fmt.number(one.liveConnections)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
