import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

export type Tone = 'green' | 'amber' | 'violet' | 'red' | 'blue' | 'grey';

/** A status: always an icon and a word beside the colour. */
export function StatusPill(props: { tone: Tone; icon: Icon; children: ReactNode; title?: string }) {
  const { tone, icon: Mark, children, title } = props;
  return (
    <span className={`g-pill g-tone-${tone}`} title={title}>
      <Mark size={14} stroke={1.75} aria-hidden />
      <span className="g-cut">{children}</span>
    </span>
  );
}
