import { IconChevronRight, IconSunrise } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import type { AwayLine } from './away.ts';
import { useAway } from './use-away.ts';
import { useNews } from './use-news.ts';
import type { NewsName } from './use-news.ts';

const DAY_MS = 24 * 3_600_000;

/** What waits for this person and what others did, as numbers that lead there. */
export function AwayPage() {
  const { t, fmt } = useI18n();
  const away = useAway();
  // Who was not away asks about the last day.
  const [dayAgo] = useState(() => Date.now() - DAY_MS);
  const since = away.since ?? dayAgo;
  const news = useNews(since);
  return (
    <>
      <PageHeader title={t('away.title')} />
      <div className="g-scroll">
        <div className="g-column g-stack" style={{ gap: 24 }} data-testid="away-page">
          <p className="g-dim">{t('away.from', { when: fmt.exact(since) })}</p>
          {!news && <Loading />}
          {news && news.waiting.length + news.done.length === 0 && (
            <EmptyState icon={IconSunrise} title={t('away.nothing')} help={t('away.nothingHelp')} />
          )}
          {news && <Lines title={t('away.waits')} lines={news.waiting} />}
          {news && <Lines title={t('away.done')} lines={news.done} />}
        </div>
      </div>
    </>
  );
}

function Lines(props: { title: string; lines: readonly AwayLine<NewsName>[] }) {
  const { t } = useI18n();
  const router = useRouter();
  if (props.lines.length === 0) return null;
  return (
    <section className="g-stack" aria-label={props.title}>
      <h2 style={{ fontSize: 16 }}>{props.title}</h2>
      <div className="g-card g-away">
        {props.lines.map(({ name, n, to }) => (
          <a
            key={name}
            href={router.history.createHref(to)}
            className="g-row"
            data-testid={`away-${name}`}
          >
            <span className="g-spread">{t(`away.${name}`, { n })}</span>
            <IconChevronRight size={16} stroke={1.5} aria-hidden />
          </a>
        ))}
      </div>
    </section>
  );
}
