import { IconMailOff } from '@tabler/icons-react';
import type { OutboxView } from '#shared/ipc/administration.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { When } from '../../../ui/when.tsx';
import { channelWord, effectWord } from './outbox-words.ts';

/** What would have been sent, had this server any partner. */
export function SandboxCard(props: { outbox: OutboxView; siteOf: (id: string | null) => string }) {
  const { outbox, siteOf } = props;
  const { t } = useI18n();
  const now = useNow();
  const title = t('outbox.sandbox');
  return (
    <section className="g-card g-wide" aria-label={title} data-testid="outbox-sandbox">
      <h2>{title}</h2>
      {outbox.sandbox.length === 0 ? (
        <EmptyState
          icon={IconMailOff}
          title={t('outbox.sandboxNone')}
          help={t('outbox.sandboxNoneHelp')}
        />
      ) : (
        <>
          {outbox.recorded > outbox.sandbox.length && (
            <p className="g-small g-dim">
              {t('outbox.latest', { n: outbox.sandbox.length, all: outbox.recorded })}
            </p>
          )}
          {outbox.sandbox.map((one) => (
            <details
              key={one.key}
              data-testid="sandbox-message"
              data-channel={one.channel}
              data-times={one.times}
            >
              <summary>
                {channelWord(t, one.channel)} · {effectWord(t, one.kind)} · {siteOf(one.locationId)}{' '}
                · {one.content?.destination ?? t('outbox.hidden')} ·{' '}
                <When instant={one.recordedAt} now={now} />
              </summary>
              {one.content === null ? (
                <p className="g-small g-dim">{t('outbox.hiddenHelp')}</p>
              ) : (
                <>
                  {one.content.subject !== null && (
                    <p className="g-strong">{one.content.subject}</p>
                  )}
                  <pre className="g-code g-small" style={{ whiteSpace: 'pre-wrap' }}>
                    {one.content.body}
                  </pre>
                </>
              )}
            </details>
          ))}
        </>
      )}
    </section>
  );
}
