import { Skeleton } from '@mantine/core';
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
