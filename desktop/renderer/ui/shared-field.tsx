import type { HTMLAttributes, ReactNode } from 'react';
import { toneOf } from './person-marks.ts';

/**
 * The place around a field that others may be in: outlined in the colour of who is in it, with the
 * words under it. Moves nothing when somebody comes or goes.
 */
export function SharedFieldFrame(props: {
  /** Key of the first who is in it, or null. */
  who: string | null;
  /** "Ana is typing…", or null. */
  words: string | null;
  on: Pick<HTMLAttributes<HTMLElement>, 'onFocus' | 'onBlur' | 'onInput' | 'onSelect'>;
  testId: string;
  children: ReactNode;
}) {
  const { who, words } = props;
  return (
    <div
      className={who === null ? 'g-shared' : `g-shared g-shared-taken g-person-${toneOf(who)}`}
      data-testid={props.testId}
      data-taken={who !== null}
      {...props.on}
    >
      {props.children}
      {words !== null && (
        <span className="g-shared-words" title={words}>
          {words}
        </span>
      )}
    </div>
  );
}
