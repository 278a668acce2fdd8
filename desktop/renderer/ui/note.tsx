import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Tone } from './status-pill.tsx';

/** A sentence that deserves notice: an icon and words, the colour only helps. */
export function Note(props: {
  tone: Tone;
  icon: Icon;
  children: ReactNode;
  role?: 'status' | 'alert';
  testId?: string;
}) {
  const { tone, icon: Mark, role, testId } = props;
  return (
    <div className={`g-note g-tone-${tone}`} role={role} data-testid={testId}>
      <Mark size={18} stroke={1.5} aria-hidden />
      <div className="g-spread">{props.children}</div>
    </div>
  );
}
