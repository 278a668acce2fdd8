import { Button, Kbd, TextInput } from '@mantine/core';
import { IconBulb, IconCheck, IconLock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { isCode } from '#shared/errors/codes.ts';
import type { ReviewEntry, ReviewSide } from '#shared/ipc/views.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import { isHandledKind, isReviewKind } from '#shared/schema/review-kinds.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { Note } from '../../ui/note.tsx';
import { StatusPill } from '../../ui/status-pill.tsx';
import { When } from '../../ui/when.tsx';
import {
  isLongText,
  parseOther,
  phiOf,
  recommend,
  takesOther,
  useReviewWords,
  wordDiff,
} from '../conflicts/index.ts';
import type { Choice, Step } from '../conflicts/index.ts';
import { NegativeStock } from '../inventory/index.ts';

/** More fields of one row say nothing to whoever decides. */
const MOST_FIELDS = 12;

/** One question: what happened, the values side by side, who and when, and the way to decide. */
export function StepCard(props: {
  step: Step;
  now: number;
  mayDecide: boolean;
  busy: boolean;
  chosen: number | null;
  choose: (index: number) => void;
  confirm: () => void;
  decideOther: (value: unknown) => void;
  /** Takes the focus when the person moves to this question. */
  onHeading: (element: HTMLElement | null) => void;
}) {
  const { step, now, mayDecide, busy, chosen, confirm, onHeading } = props;
  const { t } = useI18n();
  const words = useReviewWords();
  const { group } = step;
  const advice = recommend(step.choices, { phi: phiOf(step), siteId: group.location_id });
  const title = words.field(step.field) || kindWord(t, step.kind);
  const happened = whatHappened(step, t);
  const isChoice = step.way !== 'handled' && step.choices.length > 0;
  const late = step.entries[0]?.late ?? null;
  return (
    <article
      className="g-card g-stack"
      aria-labelledby="review-step"
      data-testid="review-step"
      data-field={step.field ?? ''}
      data-table={group.table_name}
    >
      <div className="g-row">
        <h2
          id="review-step"
          ref={onHeading}
          tabIndex={-1}
          className="g-spread"
          style={{ fontSize: 16, outlineOffset: 4 }}
        >
          {title}
          <span className="g-dim" style={{ fontWeight: 400 }}>
            {' '}
            {words.record(group)}
          </span>
        </h2>
        <span className="g-dim" data-testid="review-place">
          {t('review.stepOf', { place: step.place, total: step.total })}
        </span>
        {group.table_name === 'transfers' && (
          <Link to="/inventory/transfers" search={{ transfer: group.row_id }} className="g-small">
            {t('review.openRecord')}
          </Link>
        )}
        {group.item_id && (
          <Link to="/inventory" search={{ item: group.item_id }} className="g-small">
            {t('review.openRecord')}
          </Link>
        )}
      </div>
      {happened !== title && <p className="g-dim">{happened}</p>}
      {late && <LateRow table={group.table_name} late={late} />}
      {isChoice ? (
        <div className="g-versus" role="radiogroup" aria-label={title}>
          {step.choices.map((choice, index) => (
            <Version
              key={index}
              step={step}
              choice={choice}
              index={index}
              isChosen={chosen === index}
              advice={advice?.index === index ? advice.reason : null}
              disabled={!mayDecide || busy}
              choose={() => props.choose(index)}
              now={now}
            />
          ))}
        </div>
      ) : (
        <>
          {step.kind === 'negative_stock' && group.item_id && group.location_id && (
            <NegativeStock itemId={group.item_id} siteId={group.location_id} />
          )}
          <p data-testid="review-where">{where(step, t)}</p>
        </>
      )}
      {mayDecide ? (
        <div className="g-row" style={{ flexWrap: 'wrap', alignItems: 'flex-start' }}>
          <Button
            leftSection={<IconCheck size={18} stroke={1.5} />}
            disabled={busy || (isChoice && chosen === null)}
            onClick={confirm}
            data-testid="review-confirm"
            rightSection={<Kbd size="xs">Enter</Kbd>}
          >
            {isChoice ? t('review.confirm') : t('review.handled')}
          </Button>
          {isChoice && chosen === null && (
            <span className="g-small g-dim" style={{ lineHeight: '32px' }}>
              {t('review.confirmHelp')}
            </span>
          )}
          <span className="g-spread" />
          {isChoice && takesOther(step) && (
            <OtherValue key={step.key} step={step} busy={busy} decide={props.decideOther} />
          )}
        </div>
      ) : (
        <Note tone="blue" icon={IconLock}>
          {t('review.notYours')}
        </Note>
      )}
    </article>
  );
}

function Version(props: {
  step: Step;
  choice: Choice;
  index: number;
  isChosen: boolean;
  advice: 'same-site' | 'later' | null;
  disabled: boolean;
  choose: () => void;
  now: number;
}) {
  const { step, choice, index, isChosen, advice, now } = props;
  const { t } = useI18n();
  const words = useReviewWords();
  const { group } = step;
  const site = words.site(group.location_id) ?? '';
  const text = choice.item
    ? t('review.clashKeeps', { name: choice.item.name })
    : step.way === 'release'
      ? t(choice.value === 'release' ? 'review.release' : 'review.reject')
      : words.value(group.table_name, step.field, choice.value, choice.label);
  const head = choice.isCurrent ? t('review.now') : t('review.instead');
  return (
    <button
      type="button"
      role="radio"
      aria-checked={isChosen}
      className="g-version g-choice"
      disabled={props.disabled}
      onClick={props.choose}
      data-testid="review-choice"
      data-current={choice.isCurrent}
    >
      <span className="g-row g-small g-dim">
        <Kbd size="xs">{index + 1}</Kbd>
        {!choice.item && step.way !== 'release' && <span>{head}</span>}
        <span className="g-spread" />
        {isChosen && (
          <StatusPill tone="green" icon={IconCheck}>
            {t('review.chosen')}
          </StatusPill>
        )}
      </span>
      <span className="g-version-value" data-testid="review-value">
        <Value text={text} other={otherText(step, choice)} />
      </span>
      {choice.sides.map((side) => (
        <Who key={`${side.by} ${side.at}`} side={side} now={now} />
      ))}
      {choice.sides.length === 0 && !choice.item && step.way !== 'release' && (
        <span className="g-small g-dim">{t('review.cameLater')}</span>
      )}
      {advice && (
        <span className="g-row g-small" data-testid="review-advice">
          <StatusPill tone="blue" icon={IconBulb}>
            {t('review.recommended')}
          </StatusPill>
          {advice === 'same-site' ? t('review.why.same-site', { site }) : t('review.why.later')}
        </span>
      )}
    </button>
  );
}

/** What somebody wrote after their rights had ended. */
function LateRow(props: { table: string; late: NonNullable<ReviewEntry['late']> }) {
  const { table, late } = props;
  const { t, say } = useI18n();
  const words = useReviewWords();
  const fields = isTableName(table) ? Object.keys(tableOf(table).fields) : [];
  const own = fields.filter((field) => late.row[field] !== null && field in late.row);
  return (
    <>
      {isCode(late.problem) && <p>{t('review.lateProblem', { why: say(late.problem) })}</p>}
      {late.private && <p>{t('review.latePrivate')}</p>}
      <dl className="g-facts" data-testid="review-late">
        {own.slice(0, MOST_FIELDS).map((field) => (
          <div key={field} style={{ display: 'contents' }}>
            <dt>{words.field(field)}</dt>
            <dd className="g-cut">{words.value(table, field, late.row[field])}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** A long text beside the other one: its own words are marked. */
function Value(props: { text: string; other: string | null }) {
  const { text, other } = props;
  if (other === null) return text;
  return wordDiff(text, other).map(({ text: piece, isOwn }, index) =>
    isOwn ? <mark key={index}>{piece}</mark> : <span key={index}>{piece}</span>,
  );
}

function otherText({ choices }: Step, choice: Choice): string | null {
  const other = choices.find((it) => it !== choice);
  return isLongText(choice.value) && isLongText(other?.value) ? other.value : null;
}

function Who(props: { side: ReviewSide; now: number }) {
  const { side, now } = props;
  const { t, fmt } = useI18n();
  const { site } = useReviewWords();
  const places = [side.device, site(side.site_id)].filter((place) => place !== null);
  return (
    <span className="g-small g-dim">
      {side.by ?? t('review.someone')}, <When instant={side.at} now={now} /> ({fmt.exact(side.at)})
      {places.length > 0 && `, ${places.join(', ')}`}
    </span>
  );
}

function OtherValue(props: { step: Step; busy: boolean; decide: (value: unknown) => void }) {
  const { step, busy } = props;
  const { t } = useI18n();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  return (
    <form
      className="g-row"
      style={{ alignItems: 'flex-start' }}
      onSubmit={(event) => {
        event.preventDefault();
        const parsed = parseOther(step, text);
        setWrong(!parsed);
        if (parsed) props.decide(parsed.value);
      }}
    >
      <TextInput
        aria-label={t('review.other')}
        placeholder={t('review.other')}
        value={text}
        error={wrong ? t('review.otherWrong') : null}
        onChange={(event) => setText(event.currentTarget.value)}
        data-testid="review-other"
      />
      <Button type="submit" variant="default" disabled={busy || text.trim() === ''}>
        {t('review.use')}
      </Button>
    </form>
  );
}

type T = ReturnType<typeof useI18n>['t'];

const kindWord = (t: T, kind: string): string =>
  isReviewKind(kind) ? t(`review.kind.${kind}`) : kind.replaceAll('_', ' ');

function whatHappened(step: Step, t: T): string {
  const [entry] = step.entries.toReversed();
  if (entry?.late) return t('review.lateBy', { who: entry.late.by ?? t('review.someone') });
  if (entry?.clash) return t('review.clash', { gtin: entry.clash.gtin });
  if (!entry?.kept && !entry?.lost) return kindWord(t, step.kind);
  const first = entry.lost?.by ?? t('review.someone');
  const second = entry.kept?.by ?? t('review.someone');
  const both = { first, second };
  return step.isOpenQuestion ? t('review.changedOpen', both) : t('review.changedBoth', both);
}

const where = ({ kind }: Step, t: T): string =>
  isHandledKind(kind) ? t(`review.where.${kind}`) : kindWord(t, kind);
