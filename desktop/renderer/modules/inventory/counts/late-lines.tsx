import { IconClockExclamation } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { useLateLines } from './use-counts.ts';

/** Lines of this device that came after the count had been judged: they are not in it. */
export function LateLines(props: { count: CountSessionRow }) {
  const { count } = props;
  const { t } = useI18n();
  const { waiting, read } = useLateLines();
  const [late, setLate] = useState<ReadonlySet<string>>(NONE);
  useEffect(() => {
    let current = true;
    if (waiting === 0) return undefined;
    void read().then((ids) => {
      if (current) setLate(ids);
    });
    return () => {
      current = false;
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- asked again when the number changes
  }, [waiting]);
  const own = waiting === 0 ? [] : count.lines.filter(({ id }) => late.has(id));
  if (own.length === 0) return null;
  const names = [...new Set(own.map(({ item_name }) => item_name))].join(', ');
  return (
    <Note tone="violet" icon={IconClockExclamation} testId="count-late">
      {t('counts.late', { n: own.length, names })} <Link to="/review">{t('nav.review')}</Link>
    </Note>
  );
}

const NONE: ReadonlySet<string> = new Set();
