import { IconCircleCheck, IconVolumeOff } from '@tabler/icons-react';
import { useState } from 'react';
import type { AlertView, MonitorView } from '#shared/ipc/administration.ts';
import { mayDo } from '#shared/access/rights.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useTask } from '../../../ui/use-task.ts';
import { When } from '../../../ui/when.tsx';
import { AdminError } from '../admin-error.tsx';
import { ServerButton } from '../server-button.tsx';
import { useAdminActs, useNames, useOwnGrants } from '../use-admin.ts';
import { Level, ToldList, sentenceOf } from './alert-words.tsx';
import { SilenceDialog } from './silence-dialog.tsx';

/** What fires now, who was told, who looks after it; and what is silenced. */
export function FiringCard(props: { monitor: MonitorView; reload: () => void }) {
  const { monitor, reload } = props;
  const { firing, silences, judgedAt, ways } = monitor;
  const { t, fmt } = useI18n();
  const now = useNow();
  const [chosen, setChosen] = useState<AlertView | null>(null);
  const { userId, grants } = useOwnGrants();
  const mayAct = mayDo(grants, userId, 'devices', 'update', { location_id: null });
  const list = ways.map((way) => t(`monitor.channel.${way}`)).join(', ');
  const title = t('monitor.firing');
  return (
    <section className="g-card g-wide" aria-label={title} data-testid="monitor-firing">
      <h2>{title}</h2>
      {chosen && <SilenceDialog alert={chosen} done={reload} close={() => setChosen(null)} />}
      {firing.length === 0 ? (
        <EmptyState
          icon={IconCircleCheck}
          title={t('monitor.quiet')}
          help={ways.length === 0 ? t('monitor.waysNone') : t('monitor.ways', { ways: list })}
        />
      ) : (
        <table className="g-plain-table" aria-label={title}>
          <thead>
            <tr>
              <th scope="col">{t('monitor.severity')}</th>
              <th scope="col">{t('monitor.rule')}</th>
              <th scope="col">{t('monitor.since')}</th>
              <th scope="col">{t('monitor.told')}</th>
              <th scope="col">{t('outbox.acts')}</th>
            </tr>
          </thead>
          <tbody>
            {firing.map((alert) => (
              <tr key={alert.id} data-testid="alert-row" data-rule={alert.rule}>
                <td>
                  <Level severity={alert.severity} />
                </td>
                <td>
                  <span className="g-strong">{t(`alert.${alert.rule}`)}</span>
                  {alert.subject !== '' && <span className="g-code"> {alert.subject}</span>}
                  <div>{sentenceOf(t, alert)}</div>
                  {alert.detail !== '' && <div className="g-small g-code">{alert.detail}</div>}
                </td>
                <td>
                  <When instant={alert.firedAt} now={now} />
                  {alert.times > 1 && (
                    <div className="g-small g-dim">{t('monitor.times', { n: alert.times })}</div>
                  )}
                </td>
                <td>
                  <ToldList notices={alert.notices} />
                </td>
                <td>
                  <Acts
                    alert={alert}
                    mayAct={mayAct}
                    reload={reload}
                    silence={() => setChosen(alert)}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {silences.length > 0 && <Silences monitor={monitor} mayAct={mayAct} reload={reload} />}
      <p className="g-small g-dim" data-testid="monitor-judged">
        {judgedAt === null
          ? t('monitor.neverJudged')
          : t('monitor.judged', { when: fmt.relative(judgedAt, Math.max(now, judgedAt)) })}
      </p>
    </section>
  );
}

function Acts(props: {
  alert: AlertView;
  mayAct: boolean;
  reload: () => void;
  silence: () => void;
}) {
  const { alert, mayAct, reload, silence } = props;
  const { t } = useI18n();
  const names = useNames();
  const { takeUpAlert } = useAdminActs();
  const task = useTask();
  const title = t(`alert.${alert.rule}`);
  const name = alert.acknowledgedBy === null ? null : names.get(alert.acknowledgedBy);
  return (
    <div className="g-stack" style={{ gap: 4, alignItems: 'flex-start' }}>
      {alert.acknowledgedBy !== null && (
        <span data-testid="alert-taken">
          {name === undefined || name === null
            ? t('monitor.takenUpBySomebody')
            : t('monitor.takenUp', { name })}
        </span>
      )}
      {mayAct && alert.acknowledgedBy === null && (
        <ServerButton
          size="xs"
          label={`${t('monitor.takeUp')}: ${title}`}
          onClick={() =>
            void task
              .run(async () => {
                await takeUpAlert(alert.id);
              })
              .then(reload)
          }
          testId="alert-take-up"
        >
          {t('monitor.takeUp')}
        </ServerButton>
      )}
      {mayAct && (
        <ServerButton
          size="xs"
          label={`${t('monitor.silence')} ${title}`}
          onClick={silence}
          testId="alert-silence"
        >
          {t('monitor.silence')}
        </ServerButton>
      )}
      {task.error && <AdminError error={task.error} />}
    </div>
  );
}

function Silences(props: { monitor: MonitorView; mayAct: boolean; reload: () => void }) {
  const { monitor, mayAct, reload } = props;
  const { t, fmt } = useI18n();
  const { endSilence } = useAdminActs();
  const task = useTask();
  return (
    <div className="g-stack" style={{ gap: 4, marginTop: 8 }} data-testid="silences">
      {monitor.silences.map(({ id, rule, subject, until, reason }) => (
        <div key={id} className="g-row" data-testid="silence-row" data-rule={rule}>
          <StatusPill tone="grey" icon={IconVolumeOff}>
            {t('monitor.silenced')}
          </StatusPill>
          <span>
            {t(`alert.${rule}`)}
            {subject === null || subject === '' ? '' : ` (${subject})`},{' '}
            {t('monitor.silencedUntil', { when: fmt.exact(until), reason })}
          </span>
          {mayAct && (
            <ServerButton
              size="xs"
              label={`${t('monitor.silence.end')}: ${t(`alert.${rule}`)}`}
              onClick={() =>
                void task
                  .run(async () => {
                    await endSilence(id);
                  })
                  .then(reload)
              }
              testId="silence-end"
            >
              {t('monitor.silence.end')}
            </ServerButton>
          )}
        </div>
      ))}
      {task.error && <AdminError error={task.error} />}
    </div>
  );
}
