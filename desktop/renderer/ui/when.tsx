import { useI18n } from './i18n.tsx';

/** How long ago, with the exact time on hover. */
export function When(props: { instant: number; now: number }) {
  const { fmt } = useI18n();
  return (
    <time dateTime={new Date(props.instant).toISOString()} title={fmt.exact(props.instant)}>
      {fmt.relative(props.instant, props.now)}
    </time>
  );
}
