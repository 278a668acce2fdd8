import { useI18n } from '../ui/i18n.tsx';
import { useStoreWork } from './profile/use-profile.ts';
import { WorkProgress } from './profile/work-progress.tsx';
import { workTitle } from './profile/work-words.ts';

/** Long work of the store, on every screen while it lasts: a dialog about it may be closed. */
export function WorkBanner() {
  const { t } = useI18n();
  const work = useStoreWork();
  if (!work) return null;
  return (
    <section
      className="g-banner"
      data-tone="blue"
      aria-label={workTitle(t, work)}
      data-testid="work-banner"
    >
      <WorkProgress work={work} inline />
    </section>
  );
}
