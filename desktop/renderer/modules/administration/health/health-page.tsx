import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClock,
  IconCloudOff,
  IconRefresh,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { HealthView, JobView } from '#shared/ipc/administration.ts';
import { syncWords } from '../../../shell/sync-words.ts';
import { useSync } from '../../../shell/use-sync.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { When } from '../../../ui/when.tsx';
import { AdminError } from '../admin-error.tsx';
import { AdminFrame } from '../admin-frame.tsx';
import { FactCard, Figures } from '../facts.tsx';
import type { Fact } from '../facts.tsx';
import { bytesWords, everyWords } from '../sizes.ts';
import { useAdminAnswer } from '../use-admin.ts';
import { useDeviceFacts } from '../use-device.ts';
import { ChartsCard } from './charts-card.tsx';
import { FiringCard } from './firing-card.tsx';
import { FleetCards } from './fleet-cards.tsx';
import type { Hours } from './hours.ts';
import { PastCard } from './past-card.tsx';

const EVERY_MS = 15_000;

/** How server, database, jobs and this device are; figures only, nothing of any record. */
export function HealthPage() {
  const { t } = useI18n();
  const { status } = useSync();
  const [hours, setHours] = useState<Hours>(24);
  const answer = useAdminAnswer('admin.health', {}, { everyMs: EVERY_MS });
  const monitor = useAdminAnswer('admin.monitor', { hours }, { everyMs: EVERY_MS });
  const online = status?.online ?? false;
  return (
    <AdminFrame
      part="health"
      actions={
        <Button
          variant="default"
          leftSection={<IconRefresh size={18} stroke={1.5} />}
          onClick={() => {
            answer.reload();
            monitor.reload();
          }}
          loading={answer.busy || monitor.busy}
          disabled={!online}
          data-testid="health-reload"
        >
          {t('admin.reload')}
        </Button>
      }
    >
      <Figures label={t('admin.health')} testId="health">
        {monitor.data ? (
          <>
            <FiringCard monitor={monitor.data} reload={monitor.reload} />
            <ChartsCard monitor={monitor.data} hours={hours} choose={setHours} />
          </>
        ) : (
          <section className="g-card g-wide" aria-label={t('monitor.firing')}>
            <h2>{t('monitor.firing')}</h2>
            {monitor.error ? (
              <AdminError error={monitor.error} retry={monitor.reload} />
            ) : (
              <Loading lines={4} />
            )}
          </section>
        )}
        {answer.data ? (
          <ServerCards health={answer.data} online={online} />
        ) : (
          <section className="g-card" aria-label={t('health.server')}>
            <h2>{t('health.server')}</h2>
            {answer.error ? (
              <AdminError error={answer.error} retry={answer.reload} />
            ) : (
              <Loading lines={4} />
            )}
          </section>
        )}
        <DeviceCard />
        {monitor.data && <FleetCards monitor={monitor.data} />}
        {answer.data && <JobsCard jobs={answer.data.jobs} />}
        {monitor.data && <PastCard monitor={monitor.data} />}
      </Figures>
    </AdminFrame>
  );
}

function ServerCards(props: { health: HealthView; online: boolean }) {
  const { health, online } = props;
  const { t, fmt } = useI18n();
  const now = useNow();
  const { database, queues } = health;
  const set = (is: boolean): string => t(is ? 'health.set' : 'health.notSet');
  const when = (instant: number | null): ReactNode =>
    instant === null ? t('admin.never') : <When instant={instant} now={now} />;
  const server: readonly Fact[] = [
    [
      t('health.reach'),
      <StatusPill
        key="reach"
        tone={online ? 'green' : 'amber'}
        icon={online ? IconCircleCheck : IconCloudOff}
      >
        {t(online ? 'health.reachYes' : 'health.reachNo')}
      </StatusPill>,
      'health-reach',
    ],
    [t('health.uptime'), fmt.exact(health.startedAt)],
    [t('health.memory'), bytesWords(t, health.memoryBytes)],
    [t('health.live'), fmt.number(health.liveConnections), 'health-live'],
    [t('health.redis'), set(health.hasRedis)],
    [t('health.files'), set(health.hasFiles)],
    [t('about.protocol'), fmt.number(health.protocol)],
  ];
  const base: readonly Fact[] = [
    [t('about.version'), `Postgres ${database.version}`, 'health-database'],
    [t('health.answer'), t('health.ms', { n: database.ms })],
    [t('health.size'), bytesWords(t, database.bytes)],
    [t('health.held'), fmt.number(database.held)],
  ];
  const waiting: readonly Fact[] = [
    [t('health.outbox'), fmt.number(queues.outboxWaiting)],
    ...(queues.oldestOutboxAt === null
      ? []
      : [[t('health.oldest'), when(queues.oldestOutboxAt)] as const]),
    [
      t('health.outboxFailed'),
      queues.outboxFailed === 0 ? (
        fmt.number(0)
      ) : (
        <StatusPill key="failed" tone="red" icon={IconAlertTriangle}>
          {fmt.number(queues.outboxFailed)}
        </StatusPill>
      ),
    ],
    [t('health.quarantined'), fmt.number(queues.quarantined), 'health-quarantined'],
    [t('health.reviews'), fmt.number(queues.openReviews)],
    [t('health.retention'), when(health.retentionAt)],
  ];
  return (
    <>
      <FactCard title={t('health.server')} facts={server} />
      <FactCard title={t('health.database')} facts={base} />
      <FactCard title={t('health.queues')} facts={waiting} />
    </>
  );
}

const JOB_TONES = {
  ok: { tone: 'green', icon: IconCircleCheck },
  failed: { tone: 'red', icon: IconAlertTriangle },
  'not-run': { tone: 'grey', icon: IconClock },
} as const;

function JobsCard(props: { jobs: readonly JobView[] }) {
  const { t } = useI18n();
  const now = useNow();
  return (
    <section className="g-card g-wide" aria-label={t('health.jobs')}>
      <h2>{t('health.jobs')}</h2>
      <table className="g-plain-table" aria-label={t('health.jobs')}>
        <thead>
          <tr>
            <th scope="col">{t('health.job')}</th>
            <th scope="col">{t('health.state')}</th>
            <th scope="col">{t('health.every')}</th>
            <th scope="col">{t('health.lastRun')}</th>
            <th scope="col">{t('health.took')}</th>
          </tr>
        </thead>
        <tbody>
          {props.jobs.map(({ name, state, everyMs, lastRunAt, lastMs }) => (
            <tr key={name} data-testid="health-job" data-state={state}>
              <td className="g-code">{name}</td>
              <td>
                <StatusPill {...JOB_TONES[state]}>{t(`health.job.${state}`)}</StatusPill>
              </td>
              <td>{everyWords(t, everyMs)}</td>
              <td>{lastRunAt === null ? '–' : <When instant={lastRunAt} now={now} />}</td>
              <td>{lastMs === null ? '–' : t('health.ms', { n: lastMs })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function DeviceCard() {
  const { t, fmt } = useI18n();
  const { status, help } = useSync();
  const now = useNow();
  const { facts, error } = useDeviceFacts();
  if (!facts || !status) {
    return (
      <section className="g-card" aria-label={t('health.device')}>
        <h2>{t('health.device')}</h2>
        {error ? <AdminError error={error} /> : <Loading lines={4} />}
      </section>
    );
  }
  const { bytes, lastBackupAt } = facts;
  return (
    <FactCard
      title={t('health.device')}
      facts={[
        [t('health.sync'), syncWords(status, help)],
        [
          t('health.lastSync'),
          status.lastSyncedAt === null ? (
            t('admin.never')
          ) : (
            <When key="synced" instant={status.lastSyncedAt} now={now} />
          ),
        ],
        [t('health.waiting'), fmt.number(status.waiting)],
        [t('health.needsYou'), fmt.number(status.needsYou)],
        [t('health.rows'), bytesWords(t, bytes.rows), 'health-rows'],
        [t('health.unsent'), bytesWords(t, bytes.unsent)],
        [t('health.attached'), bytesWords(t, bytes.files)],
        [t('health.rest'), bytesWords(t, bytes.rest)],
        [
          t('health.backup'),
          lastBackupAt === null ? (
            t('health.noBackup')
          ) : (
            <When key="backup" instant={lastBackupAt} now={now} />
          ),
          'health-backup',
        ],
      ]}
    />
  );
}
