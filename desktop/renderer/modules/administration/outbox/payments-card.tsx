import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClock,
  IconHelpCircle,
  IconScale,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import type { PaymentsView, PaymentView } from '#shared/ipc/administration.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import type { Tone } from '../../../ui/status-pill.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useTask } from '../../../ui/use-task.ts';
import { When } from '../../../ui/when.tsx';
import { AdminError } from '../admin-error.tsx';
import { useAdminActs, useAdminAnswer, useOnline } from '../use-admin.ts';
import { useProblemWords } from './outbox-words.ts';

const STATES = {
  begun: { tone: 'grey', icon: IconClock },
  waiting: { tone: 'grey', icon: IconClock },
  unknown: { tone: 'amber', icon: IconHelpCircle },
  risky: { tone: 'red', icon: IconAlertTriangle },
  done: { tone: 'green', icon: IconCircleCheck },
  declined: { tone: 'amber', icon: IconAlertTriangle },
  refused: { tone: 'amber', icon: IconAlertTriangle },
  cancelled: { tone: 'grey', icon: IconClock },
} as const satisfies Record<PaymentView['state'], { tone: Tone; icon: Icon }>;

/** How many days of stored events are taken in again. */
const REPLAY_DAYS = 30;

type SiteOf = (id: string | null) => string;

/** Card payments that a person should look at, where Stripe's books differ from ours, and disputes. */
export function PaymentsCard(props: { siteOf: SiteOf; everyMs: number }) {
  const { siteOf, everyMs } = props;
  const { t } = useI18n();
  const answer = useAdminAnswer('admin.payments', {}, { everyMs });
  const title = t('payments.title');
  return (
    <section className="g-card g-wide" aria-label={title} data-testid="payments">
      <h2>{title}</h2>
      {answer.data ? (
        <>
          <PaymentActs payments={answer.data} reload={answer.reload} />
          <OpenPayments payments={answer.data} siteOf={siteOf} reload={answer.reload} />
          <Differences payments={answer.data} siteOf={siteOf} />
          <Disputes payments={answer.data} siteOf={siteOf} />
        </>
      ) : answer.error ? (
        <AdminError error={answer.error} retry={answer.reload} />
      ) : (
        <Loading lines={3} />
      )}
    </section>
  );
}

/** What is known of the books, and what may be done about all of them. */
function PaymentActs(props: { payments: PaymentsView; reload: () => void }) {
  const { comparedAt, events, unmatched, lastEventAt } = props.payments;
  const { t } = useI18n();
  const now = useNow();
  const online = useOnline();
  const acts = useAdminActs();
  const { done } = useToasts();
  const task = useTask();
  const run = async (work: () => Promise<string>): Promise<void> => {
    let words = '';
    const went = await task.run(async () => {
      words = await work();
    });
    props.reload();
    if (went) done(words);
  };
  const compare = () =>
    run(async () => {
      const { differences } = await acts.comparePayments();
      return t('payments.compared', { n: differences });
    });
  const replay = () =>
    run(async () => {
      const taken = await acts.replayPayments({ unmatchedOnly: false, days: REPLAY_DAYS });
      return t('payments.replayed', { n: taken.events });
    });
  return (
    <>
      <p className="g-small g-dim" style={{ margin: '0 0 8px' }}>
        {t('payments.events', { n: events })}
        {lastEventAt !== null && (
          <>
            {' · '}
            {t('payments.lastEvent')} <When instant={lastEventAt} now={now} />
          </>
        )}
        {unmatched > 0 && ` · ${t('payments.unmatched', { n: unmatched })}`}
        {' · '}
        {comparedAt === null ? (
          t('payments.neverCompared')
        ) : (
          <>
            {t('payments.comparedAt')} <When instant={comparedAt} now={now} />
          </>
        )}
      </p>
      {task.error && <AdminError error={task.error} />}
      <div className="g-row" style={{ flexWrap: 'wrap', marginBottom: 8 }}>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => void compare()}
          disabled={!online || task.busy}
          data-testid="payments-compare"
        >
          {t('payments.compare')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => void replay()}
          disabled={!online || task.busy || events === 0}
          data-testid="payments-replay"
        >
          {t('payments.replay')}
        </Button>
      </div>
    </>
  );
}

function OpenPayments(props: { payments: PaymentsView; siteOf: SiteOf; reload: () => void }) {
  const { payments } = props.payments;
  const { t, fmt } = useI18n();
  const now = useNow();
  const problem = useProblemWords();
  const online = useOnline();
  const acts = useAdminActs();
  const task = useTask();
  const look = async (key: string): Promise<void> => {
    await task.run(async () => void (await acts.lookAtPayment(key)));
    props.reload();
  };
  if (payments.length === 0) {
    return (
      <EmptyState icon={IconCircleCheck} title={t('payments.none')} help={t('payments.noneHelp')} />
    );
  }
  return (
    <>
      {task.error && <AdminError error={task.error} />}
      <table className="g-plain-table" aria-label={t('payments.open')}>
        <thead>
          <tr>
            <th scope="col">{t('outbox.what')}</th>
            <th scope="col">{t('outbox.site')}</th>
            <th scope="col">{t('payments.amount')}</th>
            <th scope="col">{t('outbox.state')}</th>
            <th scope="col">{t('outbox.since')}</th>
            <th scope="col">{t('outbox.acts')}</th>
          </tr>
        </thead>
        <tbody>
          {payments.map((one) => (
            <tr key={one.key} data-testid="payment" data-state={one.state}>
              <td>
                {t(`payments.does.${one.does}`)}
                {one.paymentRef !== null && <div className="g-small g-code">{one.paymentRef}</div>}
              </td>
              <td>{props.siteOf(one.locationId)}</td>
              <td>{one.amountCents === null ? '–' : fmt.money(one.amountCents)}</td>
              <td>
                <StatusPill {...STATES[one.state]}>{t(`payments.state.${one.state}`)}</StatusPill>
                {one.problem !== null && (
                  <div className="g-small">
                    {problem(one.problem)} <span className="g-code">{one.problem}</span>
                  </div>
                )}
                {one.score !== null && one.state === 'risky' && (
                  <div className="g-small">
                    {t('payments.score', { score: `${fmt.number(Math.round(one.score * 100))} %` })}
                  </div>
                )}
              </td>
              <td>
                <When instant={one.createdAt} now={now} />
              </td>
              <td>
                {one.state !== 'risky' && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => void look(one.key)}
                    disabled={!online || task.busy}
                    data-testid="payment-look"
                  >
                    {t('payments.look')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Differences(props: { payments: PaymentsView; siteOf: SiteOf }) {
  const { differences, comparedAt } = props.payments;
  const { t, fmt } = useI18n();
  const now = useNow();
  const title = t('payments.differences');
  const side = (isThere: boolean, cents: number | null): string =>
    isThere ? (cents === null ? '–' : fmt.money(cents)) : t('payments.unknownThere');
  if (comparedAt === null) return null;
  return (
    <>
      <h3>{title}</h3>
      {differences.length === 0 ? (
        <EmptyState
          icon={IconScale}
          title={t('payments.differencesNone')}
          help={t('payments.differencesNoneHelp')}
        />
      ) : (
        <table className="g-plain-table" aria-label={title}>
          <thead>
            <tr>
              <th scope="col">{t('payments.ref')}</th>
              <th scope="col">{t('outbox.site')}</th>
              <th scope="col">{t('payments.ours')}</th>
              <th scope="col">{t('payments.theirs')}</th>
              <th scope="col">{t('outbox.since')}</th>
            </tr>
          </thead>
          <tbody>
            {differences.map((one) => (
              <tr key={one.paymentRef} data-testid="payment-difference">
                <td className="g-code">{one.paymentRef}</td>
                <td>{props.siteOf(one.locationId)}</td>
                <td>{side(one.isOurs, one.ourCents)}</td>
                <td>{side(one.isTheirs, one.theirCents)}</td>
                <td>
                  <When instant={one.foundAt} now={now} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** Stripe's words for how a dispute stands that have words of ours. */
const DISPUTE_STATES: ReadonlySet<string> = new Set(['won', 'lost']);

function Disputes(props: { payments: PaymentsView; siteOf: SiteOf }) {
  const { disputes } = props.payments;
  const { t, fmt } = useI18n();
  const now = useNow();
  const title = t('payments.disputes');
  if (disputes.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <table className="g-plain-table" aria-label={title}>
        <thead>
          <tr>
            <th scope="col">{t('payments.ref')}</th>
            <th scope="col">{t('outbox.site')}</th>
            <th scope="col">{t('payments.amount')}</th>
            <th scope="col">{t('outbox.state')}</th>
            <th scope="col">{t('outbox.since')}</th>
          </tr>
        </thead>
        <tbody>
          {disputes.map((one) => (
            <tr key={one.disputeRef} data-testid="payment-dispute" data-status={one.status}>
              <td className="g-code">{one.disputeRef}</td>
              <td>{props.siteOf(one.locationId)}</td>
              <td>{one.amountCents === null ? '–' : fmt.money(one.amountCents)}</td>
              <td>
                {DISPUTE_STATES.has(one.status)
                  ? t(`payments.dispute.${one.status as 'won' | 'lost'}`)
                  : t('payments.dispute.open')}
              </td>
              <td>
                <When instant={one.since} now={now} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
