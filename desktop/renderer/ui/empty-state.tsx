import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** What belongs here, one button to make it, one line of help. */
export function EmptyState(props: {
  icon: Icon;
  title: string;
  help?: string | undefined;
  action?: ReactNode;
  /** It is all that the page has: its title is that of the page. */
  isPage?: boolean;
}) {
  const { icon: Mark } = props;
  return (
    <div className="g-empty" data-testid="empty-state">
      <Mark size={28} stroke={1.25} aria-hidden />
      {props.isPage ? <h1>{props.title}</h1> : <p className="g-strong">{props.title}</p>}
      {props.help && <p className="g-dim">{props.help}</p>}
      {props.action}
    </div>
  );
}
