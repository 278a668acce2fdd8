import { Tooltip } from '@mantine/core';
import { initialsOf, toneOf } from './person-marks.ts';

/** Somebody else on this screen, in words. */
export interface HerePerson {
  readonly key: string;
  readonly name: string;
}

/** Marks that are drawn; of more only the number is. */
const MARKS = 4;

/**
 * Who else is on this screen: a mark for each, and all names in words, which are read out when they
 * change. Takes no room while nobody is.
 * @param words the sentence with all names
 */
export function PeopleHere(props: { people: readonly HerePerson[]; more: number; words: string }) {
  const { people, words } = props;
  const hidden = Math.max(0, people.length - MARKS) + props.more;
  return (
    <div className="g-here" aria-live="polite" data-testid="people-here" data-count={people.length}>
      {people.length > 0 && (
        <>
          <span className="g-here-marks" aria-hidden>
            {people.slice(0, MARKS).map(({ key, name }) => (
              <Tooltip key={key} label={name}>
                <span className={`g-here-mark g-person-${toneOf(key)}`}>{initialsOf(name)}</span>
              </Tooltip>
            ))}
            {hidden > 0 && <span className="g-here-mark g-here-more">+{hidden}</span>}
          </span>
          <span className="g-small g-dim g-cut" title={words}>
            {words}
          </span>
        </>
      )}
    </div>
  );
}
