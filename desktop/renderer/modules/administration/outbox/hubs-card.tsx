import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleOff,
  IconClock,
  IconPlayerPause,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import type { HubView, OutboxView } from '#shared/ipc/administration.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import type { Tone } from '../../../ui/status-pill.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { When } from '../../../ui/when.tsx';

const STATES = {
  unused: { tone: 'grey', icon: IconClock },
  ok: { tone: 'green', icon: IconCircleCheck },
  failing: { tone: 'red', icon: IconAlertTriangle },
  paused: { tone: 'amber', icon: IconPlayerPause },
  off: { tone: 'grey', icon: IconCircleOff },
} as const satisfies Record<HubView['state'] | 'off', { tone: Tone; icon: Icon }>;

const PARTNERS = {
  smtp: 'outbox.partner.smtp',
  slack: 'outbox.partner.slack',
  twilio: 'outbox.partner.twilio',
  stripe: 'outbox.partner.stripe',
  postgres: 'outbox.partner.postgres',
  webhook: 'outbox.partner.webhook',
} as const;

/** Whom this server sends through, and how each of them is. */
export function HubsCard(props: { outbox: OutboxView }) {
  const { mode, hubs, waiting } = props.outbox;
  const { t, fmt } = useI18n();
  const now = useNow();
  const title = t('outbox.hubs');
  const partner = (name: string): string =>
    Object.hasOwn(PARTNERS, name) ? t(PARTNERS[name as keyof typeof PARTNERS]) : name;
  return (
    <section
      className="g-card g-wide"
      aria-label={title}
      data-testid="outbox-hubs"
      data-mode={mode}
    >
      <h2>{title}</h2>
      <p style={{ margin: '0 0 8px' }}>{t(`outbox.mode.${mode}`)}</p>
      <p className="g-small g-dim" style={{ margin: '0 0 8px' }}>
        {t('outbox.waiting', { n: waiting })}
      </p>
      {hubs.length > 0 && (
        <table className="g-plain-table" aria-label={title}>
          <thead>
            <tr>
              <th scope="col">{t('outbox.partner')}</th>
              <th scope="col">{t('outbox.state')}</th>
              <th scope="col">{t('outbox.calls')}</th>
              <th scope="col">{t('outbox.failures')}</th>
              <th scope="col">{t('outbox.lastOk')}</th>
              <th scope="col">{t('outbox.p95')}</th>
            </tr>
          </thead>
          <tbody>
            {hubs.map((hub) => {
              const state = hub.mode === 'off' ? 'off' : hub.state;
              return (
                <tr key={hub.partner} data-testid="outbox-hub" data-state={state}>
                  <td>{partner(hub.partner)}</td>
                  <td>
                    <StatusPill {...STATES[state]}>{t(`outbox.hub.${state}`)}</StatusPill>
                    {hub.lastCode !== null && state !== 'ok' && (
                      <span className="g-small g-code"> {hub.lastCode}</span>
                    )}
                  </td>
                  <td>{fmt.number(hub.calls)}</td>
                  <td>{fmt.number(hub.failures)}</td>
                  <td>{hub.lastOkAt === null ? '–' : <When instant={hub.lastOkAt} now={now} />}</td>
                  <td>{hub.p95Ms === null ? '–' : t('health.ms', { n: hub.p95Ms })}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
