import { IconArrowBackUp, IconEyeOff, IconInfoCircle, IconScale } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { COUNT_VALUE_LIMIT_CENTS } from '#shared/schema/count-guard.ts';
import { useSession } from '../../../shell/session.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { CountActions } from './count-actions.tsx';
import { CountPace } from './count-pace.tsx';
import { CountStatus } from './count-status.tsx';
import { CountVariances } from './count-variances.tsx';
import { countersOf, recountsOf, seesBooks, shelvesOf, verdictOf } from './count-rules.ts';
import { LateLines } from './late-lines.tsx';
import { WhyPanel } from './why-panel.tsx';

/** A count that is finished: what differs and why, what approving does, and the ways on. */
export function CountJudge(props: {
  count: CountSessionRow;
  counts: readonly CountSessionRow[];
  now: number;
}) {
  const { count, counts, now } = props;
  const { t, fmt } = useI18n();
  const [chosen, setChosen] = useState<string | null>(null);
  const recounts = recountsOf(counts, count);
  const sees = useSeesBooks(count, counts);
  const verdict = sees ? verdictOf(count.lines) : null;
  const shelf = shelvesOf(count.lines).find(({ key }) => key === chosen);
  const isOpen = count.status === 'submitted' || count.status === 'in_review';
  const later = sees
    ? count.lines.filter(({ since_qty }) => since_qty !== null && since_qty !== 0)
    : [];
  return (
    <>
      {!sees && (
        <Note tone="blue" icon={IconEyeOff} testId="count-blind">
          {t('counts.blindHelp')}
        </Note>
      )}
      <LateLines count={count} />
      {verdict && (
        <Note tone={verdict.fits ? 'green' : 'amber'} icon={IconScale} testId="count-verdict">
          {verdict.fits
            ? t('counts.verdictFits', {
                value: fmt.money(verdict.valueCents),
                limit: fmt.money(COUNT_VALUE_LIMIT_CENTS),
              })
            : [
                ...(verdict.far > 0 ? [t('counts.verdictFar', { n: verdict.far })] : []),
                ...(verdict.isAboveValue
                  ? [
                      t('counts.verdictValue', {
                        value: fmt.money(verdict.valueCents),
                        limit: fmt.money(COUNT_VALUE_LIMIT_CENTS),
                      }),
                    ]
                  : []),
              ].join(' ')}{' '}
          {verdict.unpriced > 0 && t('counts.verdictUnpriced', { n: verdict.unpriced })}
        </Note>
      )}
      {count.sent_back && (
        <Note tone="violet" icon={IconArrowBackUp} testId="count-sent-back">
          <p>{t('counts.sentBackBy', { who: count.sent_back.who ?? t('counts.somebody') })}</p>
          {recounts.map((recount) => (
            <p key={recount.id} className="g-row">
              <Link to="/counts" search={{ count: recount.id }}>
                {t('counts.recountOf', { who: recount.who ?? t('counts.somebody') })}
              </Link>
              <CountStatus status={recount.status} />
            </p>
          ))}
        </Note>
      )}
      <CountVariances
        count={count}
        recounts={recounts}
        sees={sees}
        chosen={chosen}
        open={(key) => setChosen(key === chosen ? null : key)}
      />
      {sees && shelf && <WhyPanel key={shelf.key} count={count} shelf={shelf} now={now} />}
      {sees && isOpen && (
        <Note tone="blue" icon={IconInfoCircle} testId="count-effect">
          {t('counts.effect')} {later.length > 0 && t('counts.effectSince', { n: later.length })}
        </Note>
      )}
      <CountActions count={count} counts={counts} hasKeys />
      <section className="g-stack" aria-labelledby={`pace-${count.id}`}>
        <h3 id={`pace-${count.id}`} className="g-strong">
          {t('counts.howItWent')}
        </h3>
        <CountPace count={count} sees={sees} />
      </section>
    </>
  );
}

/** True when this person may see the books beside a count. */
export function useSeesBooks(count: CountSessionRow, counts: readonly CountSessionRow[]): boolean {
  return useBooks()(count, counts);
}

/** Tells of each count whether this person may see the books beside it. */
export function useBooks(): (
  count: CountSessionRow,
  counts: readonly CountSessionRow[],
) => boolean {
  const { who, mayRow } = useSession();
  return useCallback(
    (count, counts) =>
      seesBooks(count, {
        userId: who.userId,
        mayApprove: mayRow('count_sessions', 'approve', { location_id: count.location_id }),
        // Who is counting its differences again must not know what to find.
        recounts: recountsOf(counts, count).some(
          (recount) => recount.status === 'open' && countersOf(recount).has(who.userId),
        ),
      }),
    [who.userId, mayRow],
  );
}
