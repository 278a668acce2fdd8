import { IconAlertOctagon, IconAlertTriangle } from '@tabler/icons-react';
import type { AlertView, NoticeView } from '#shared/ipc/administration.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import type { T } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { useProblemWords } from '../outbox/outbox-words.ts';

const LEVELS = {
  critical: { tone: 'red', icon: IconAlertOctagon },
  warning: { tone: 'amber', icon: IconAlertTriangle },
} as const;

/** How grave it is, in a word, a mark and a colour. */
export function Level(props: { severity: AlertView['severity'] }) {
  const { t } = useI18n();
  return <StatusPill {...LEVELS[props.severity]}>{t(`monitor.${props.severity}`)}</StatusPill>;
}

/** The sentence of a rule; some have a number in them. */
export const sentenceOf = (t: T, { rule, value }: AlertView): string =>
  (t as (key: string, params: object) => string)(`alert.${rule}.text`, { n: value });

const SHOWN = 4;

/** Who was told, by which way, and what became of it; the newest. */
export function ToldList(props: { notices: readonly NoticeView[] }) {
  const { notices } = props;
  const { t, fmt } = useI18n();
  const problem = useProblemWords();
  if (notices.length === 0) return <span className="g-dim">{t('monitor.toldNobody')}</span>;
  const rest = notices.length - SHOWN;
  return (
    <ul className="g-plain-list g-small">
      {notices.slice(0, SHOWN).map((notice) => (
        <li key={`${notice.madeAt} ${notice.event} ${notice.channel} ${notice.destination}`}>
          {notice.destination} {t(`monitor.channel.${notice.channel}`)},{' '}
          {t(`monitor.event.${notice.event}`)} {fmt.time(notice.madeAt)}:{' '}
          {t(`monitor.state.${notice.state}`)}
          {notice.problem !== null && ` (${problem(notice.problem)})`}
        </li>
      ))}
      {rest > 0 && <li className="g-dim">{t('monitor.toldMore', { n: rest })}</li>}
    </ul>
  );
}
