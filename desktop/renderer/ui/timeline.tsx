import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Tone } from './status-pill.tsx';
import { When } from './when.tsx';

/** Something that happened. */
export interface TimelineEvent {
  readonly key: string;
  readonly icon: Icon;
  readonly tone: Tone;
  readonly title: string;
  /** Milliseconds since the Unix epoch. */
  readonly instant: number;
  readonly who?: string | null;
  readonly body?: ReactNode;
}

/** What happened, one below the other, the latest first or as they are given. */
export function Timeline(props: { label: string; events: readonly TimelineEvent[]; now: number }) {
  return (
    <ol className="g-timeline" aria-label={props.label}>
      {props.events.map(({ key, icon: Mark, tone, title, instant, who, body }) => (
        <li key={key} className="g-timeline-event">
          <span className={`g-timeline-mark g-tone-${tone}`} aria-hidden>
            <Mark size={14} stroke={1.75} />
          </span>
          <div>
            <span className="g-strong">{title}</span>
            <span className="g-small g-dim g-timeline-when">
              <When instant={instant} now={props.now} />
              {who && ` · ${who}`}
            </span>
            {body && <div>{body}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
