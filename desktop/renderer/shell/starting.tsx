import { useEffect, useState } from 'react';
import type { AppError } from '#shared/errors/app-error.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { useI18n } from '../ui/i18n.tsx';
import { BrandMark } from './brand-mark.tsx';
import { useStoreWork } from './profile/use-profile.ts';
import { WorkProgress } from './profile/work-progress.tsx';

const SLOW_MS = 8_000;

/** What is seen until the store process has said who is signed in, long work over a file included. */
export function Starting(props: { error: AppError | null }) {
  const { t } = useI18n();
  const work = useStoreWork();
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <main className="g-sign-in" data-testid="starting">
      <div className="g-stack g-appear-late" style={{ alignItems: 'center', maxWidth: 420 }}>
        <BrandMark />
        <h1 className="g-hidden">Ganger</h1>
        {work ? (
          <WorkProgress work={work} stay />
        ) : (
          <p role="status">{slow ? t('starting.slow') : t('starting.title')}</p>
        )}
        {props.error && <ErrorNote error={props.error} />}
      </div>
    </main>
  );
}
