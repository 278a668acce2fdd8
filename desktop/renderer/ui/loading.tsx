import { Loader, Skeleton } from '@mantine/core';
import { useI18n } from './i18n.tsx';

/** Grey lines in place of rows. They appear after 150 ms, so that a fast answer never flickers. */
export function Loading(props: { lines?: number }) {
  const { t } = useI18n();
  return (
    <div className="g-appear-late" role="status">
      <span className="g-hidden">{t('common.loading')}</span>
      {Array.from({ length: props.lines ?? 6 }, (_, line) => (
        <Skeleton key={line} height={14} mb={22} width={`${92 - ((line * 17) % 38)}%`} />
      ))}
    </div>
  );
}

/**
 * A turning ring with words, for what has no shape that could be shown in grey meanwhile. It, too,
 * appears after 150 ms.
 * @param words what is being waited for; without them "Loading"
 */
export function Spinner(props: { words?: string }) {
  const { t } = useI18n();
  return (
    <div className="g-row g-appear-late g-dim" role="status">
      <Loader size={18} color="gray" aria-hidden />
      <span>{props.words ?? t('common.loading')}</span>
    </div>
  );
}
