import type { MonitorView } from '#shared/ipc/administration.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { When } from '../../../ui/when.tsx';
import { lastedWords } from '../sizes.ts';
import { Level, ToldList } from './alert-words.tsx';

/** What fired before and is over, with who was told. */
export function PastCard(props: { monitor: MonitorView }) {
  const { past } = props.monitor;
  const { t } = useI18n();
  const now = useNow();
  const title = t('monitor.past');
  return (
    <section className="g-card g-wide" aria-label={title} data-testid="monitor-past">
      <h2>{title}</h2>
      {past.length === 0 ? (
        <p className="g-dim">{t('monitor.pastNone')}</p>
      ) : (
        <table className="g-plain-table" aria-label={title}>
          <thead>
            <tr>
              <th scope="col">{t('monitor.severity')}</th>
              <th scope="col">{t('monitor.rule')}</th>
              <th scope="col">{t('monitor.since')}</th>
              <th scope="col">{t('monitor.lasted')}</th>
              <th scope="col">{t('monitor.told')}</th>
            </tr>
          </thead>
          <tbody>
            {past.map((alert) => (
              <tr key={alert.id} data-testid="past-row" data-rule={alert.rule}>
                <td>
                  <Level severity={alert.severity} />
                </td>
                <td>
                  {t(`alert.${alert.rule}`)}
                  {alert.subject !== '' && <span className="g-code"> {alert.subject}</span>}
                </td>
                <td>
                  <When instant={alert.firedAt} now={now} />
                </td>
                <td>{lastedWords(t, (alert.clearedAt ?? alert.firedAt) - alert.firedAt)}</td>
                <td>
                  <ToldList notices={alert.notices} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
