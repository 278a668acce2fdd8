import { Button } from '@mantine/core';
import { IconCircleCheck, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import type { DeadLetterView, OutboxView } from '#shared/ipc/administration.ts';
import { useSync } from '../../../shell/use-sync.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { When } from '../../../ui/when.tsx';
import { AdminError } from '../admin-error.tsx';
import { AdminFrame } from '../admin-frame.tsx';
import { Figures } from '../facts.tsx';
import { useAdminAnswer, useLocations } from '../use-admin.ts';
import { HubsCard } from './hubs-card.tsx';
import { LetterDialog } from './letter-dialog.tsx';
import type { LetterAct } from './letter-dialog.tsx';
import { effectWord, useProblemWords } from './outbox-words.ts';
import { PaymentsCard } from './payments-card.tsx';
import { SandboxCard } from './sandbox-card.tsx';

const EVERY_MS = 10_000;

/** What leaves the house: partners, what was given up, and what the sandbox holds. */
export function OutboxPage() {
  const { t } = useI18n();
  const online = useSync().status?.online ?? false;
  const answer = useAdminAnswer('admin.outbox', {}, { everyMs: EVERY_MS });
  const { data } = useLocations();
  const siteOf = (id: string | null): string =>
    data?.find((site) => site.id === id)?.code ?? t('admin.noSite');
  return (
    <AdminFrame
      part="outbox"
      actions={
        <Button
          variant="default"
          leftSection={<IconRefresh size={18} stroke={1.5} />}
          onClick={answer.reload}
          loading={answer.busy}
          disabled={!online}
          data-testid="outbox-reload"
        >
          {t('admin.reload')}
        </Button>
      }
    >
      <Figures label={t('admin.outbox')} testId="outbox">
        {answer.data ? (
          <>
            <HubsCard outbox={answer.data} />
            <LettersCard outbox={answer.data} siteOf={siteOf} reload={answer.reload} />
            {hasTill(answer.data) && <PaymentsCard siteOf={siteOf} everyMs={EVERY_MS} />}
            {answer.data.mode === 'record' && <SandboxCard outbox={answer.data} siteOf={siteOf} />}
          </>
        ) : (
          <section className="g-card g-wide" aria-label={t('admin.outbox')}>
            {answer.error ? (
              <AdminError error={answer.error} retry={answer.reload} />
            ) : (
              <Loading lines={4} />
            )}
          </section>
        )}
      </Figures>
    </AdminFrame>
  );
}

/** True where card payments are set up. */
const hasTill = ({ hubs }: OutboxView): boolean =>
  hubs.some(({ hub, mode }) => hub === 'payment' && mode !== 'off');

/** What nobody could carry out, each with what a person can do about it. */
function LettersCard(props: {
  outbox: OutboxView;
  siteOf: (id: string | null) => string;
  reload: () => void;
}) {
  const { outbox, siteOf } = props;
  const { t } = useI18n();
  const now = useNow();
  const problem = useProblemWords();
  const [chosen, setChosen] = useState<{ letter: DeadLetterView; act: LetterAct } | null>(null);
  const { deadLetters } = outbox;
  const title = t('outbox.letters');
  return (
    <section className="g-card g-wide" aria-label={title} data-testid="outbox-letters">
      <h2>{title}</h2>
      {chosen && <LetterDialog {...chosen} done={props.reload} close={() => setChosen(null)} />}
      {deadLetters.length === 0 ? (
        <EmptyState
          icon={IconCircleCheck}
          title={t('outbox.lettersNone')}
          help={t('outbox.lettersNoneHelp')}
        />
      ) : (
        <>
          {outbox.failed > deadLetters.length && (
            <p className="g-small g-dim">
              {t('outbox.latest', { n: deadLetters.length, all: outbox.failed })}
            </p>
          )}
          <table className="g-plain-table" aria-label={title}>
            <thead>
              <tr>
                <th scope="col">{t('outbox.what')}</th>
                <th scope="col">{t('outbox.site')}</th>
                <th scope="col">{t('outbox.why')}</th>
                <th scope="col">{t('outbox.since')}</th>
                <th scope="col">{t('outbox.acts')}</th>
              </tr>
            </thead>
            <tbody>
              {deadLetters.map((letter) => (
                <tr key={letter.id} data-testid="dead-letter" data-problem={letter.problem ?? ''}>
                  <td>{effectWord(t, letter.kind)}</td>
                  <td>{siteOf(letter.locationId)}</td>
                  <td>
                    {problem(letter.problem)}
                    <div className="g-small g-code">{letter.problem}</div>
                  </td>
                  <td>
                    <When instant={letter.failedAt} now={now} />
                  </td>
                  <td>
                    <div className="g-row" style={{ flexWrap: 'wrap' }}>
                      <Button
                        size="compact-sm"
                        variant="default"
                        onClick={() => setChosen({ letter, act: 'again' })}
                        data-testid="dead-letter-again"
                      >
                        {t('outbox.again')}
                      </Button>
                      {letter.isUnknown && (
                        <Button
                          size="compact-sm"
                          variant="default"
                          onClick={() => setChosen({ letter, act: 'arrived' })}
                          data-testid="dead-letter-arrived"
                        >
                          {t('outbox.arrived')}
                        </Button>
                      )}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
