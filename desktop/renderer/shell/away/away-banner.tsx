import { Button, CloseButton } from '@mantine/core';
import { IconSunrise } from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import { useI18n } from '../../ui/i18n.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useAway } from './use-away.ts';
import { useNews } from './use-news.ts';

const MOST_WORDS = 3;

/** Who comes back after hours learns in one line what waits and what happened; it never stands in the way. */
export function AwayBanner() {
  const { t, fmt, language } = useI18n();
  const { since, isDismissed, dismiss } = useAway();
  const { pathname } = useLocation();
  const now = useNow();
  const isAsked = since !== null && !isDismissed && pathname !== '/away';
  const news = useNews(isAsked ? since : null);
  if (!isAsked || !news) return null;
  const lines = [...news.waiting, ...news.done].slice(0, MOST_WORDS);
  if (lines.length === 0) return null;
  const words = lines.map(({ name, n }) => t(`away.${name}`, { n }));
  return (
    <div className="g-banner" data-tone="blue" role="status" data-testid="away-banner">
      <IconSunrise size={18} stroke={1.5} aria-hidden />
      <span className="g-spread">
        {t('away.since', { when: fmt.relative(since, now) })}{' '}
        {new Intl.ListFormat(language).format(words)}.
      </span>
      <Button
        component={Link}
        to="/away"
        variant="default"
        size="compact-sm"
        data-testid="away-open"
      >
        {t('away.look')}
      </Button>
      <CloseButton
        size="sm"
        aria-label={t('common.close')}
        onClick={dismiss}
        data-testid="away-close"
      />
    </div>
  );
}
