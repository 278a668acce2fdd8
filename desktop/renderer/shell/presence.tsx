import type { ReactNode } from 'react';
import { OnScreen, usePresence, useTyping } from '#desktop/collections/presence.tsx';
import type { PersonHere } from '#shared/ipc/presence.ts';
import { useI18n } from '../ui/i18n.tsx';
import { PeopleHere } from '../ui/people-here.tsx';
import type { HerePerson } from '../ui/people-here.tsx';
import { SharedFieldFrame } from '../ui/shared-field.tsx';
import { useSession } from './session.tsx';

export { OnScreen };

/** Names of people for the screen: everybody once, oneself on another device by another word. */
function useNamed(people: readonly PersonHere[]): HerePerson[] {
  const { t, language } = useI18n();
  const { who } = useSession();
  const named = new Map<string, HerePerson>();
  for (const { user, name } of people) {
    named.set(user, { key: user, name: user === who.userId ? t('presence.you') : name });
  }
  return [...named.values()].toSorted((a, b) => a.name.localeCompare(b.name, language));
}

function useListed(): (names: readonly string[]) => string {
  const { language } = useI18n();
  return (names) => new Intl.ListFormat(language).format(names);
}

/** Who else is on the screen around; for page headers. */
export function OthersHere() {
  const { t } = useI18n();
  const { people, more } = usePresence();
  const named = useNamed(people);
  const listed = useListed();
  const names = named.map(({ name }) => name);
  const words = listed(more > 0 ? [...names, t('presence.more', { n: more })] : names);
  return <PeopleHere people={named} more={more} words={t('presence.here', { names: words })} />;
}

/**
 * A field of the screen around: says when this person is in it, and shows when others are.
 * @param row the row that the field belongs to, where the screen has several
 */
export function SharedField(props: { field: string; row?: string | null; children: ReactNode }) {
  const { field, row = null } = props;
  const { t } = useI18n();
  const shared = useTyping(field, row);
  const typing = useNamed(shared.typing);
  const others = useNamed(shared.others);
  const listed = useListed();
  const first = typing[0] ?? others[0] ?? null;
  const words = (): string | null => {
    const some = typing.length > 0 ? typing : others;
    if (some.length === 0) return null;
    const names = listed(some.map(({ name }) => name));
    return typing.length > 0
      ? t('presence.typing', { n: some.length, names })
      : t('presence.inField', { names });
  };
  return (
    <SharedFieldFrame
      who={first?.key ?? null}
      words={words()}
      on={shared.props}
      testId={row === null ? `shared-${field}` : `shared-${field}-${row}`}
    >
      {props.children}
    </SharedFieldFrame>
  );
}
