import { useCallback, useEffect, useRef } from 'react';
import type { ItemPlace } from '#shared/ipc/catalogue-views.ts';
import { fieldWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { usePlaces } from './use-catalog.ts';
import type { PlaceChanges } from './use-catalog.ts';

type Many = ReadonlyMap<string, PlaceChanges>;

/** What stood in the fields that are being changed. */
function former(place: ItemPlace, changes: PlaceChanges): PlaceChanges {
  return Object.fromEntries(
    Object.keys(changes).map((field) => [field, place[field as keyof PlaceChanges]]),
  );
}

/** Edits of what sites want to hold: each is saved at once, said, and can be taken back. */
export function useLevelEdits() {
  const { t } = useI18n();
  const { done, failed } = useToasts();
  const places = usePlaces();
  /** As of the last drawing: a step back goes by the rows as they are then. */
  const latest = useRef({ save: places.save, done, t });
  useEffect(() => {
    latest.current = { save: places.save, done, t };
  });
  /** What takes the latest edits back, the last one last. */
  const undos = useRef<(() => Promise<void>)[]>([]);

  /** Says it, and remembers how it is taken back. */
  const note = useCallback((words: string, locationId: string, back: Many) => {
    const undo = async (): Promise<void> => {
      undos.current = undos.current.filter((one) => one !== undo);
      await latest.current.save(locationId, back);
    };
    undos.current.push(undo);
    latest.current.done(words, undo);
  }, []);
  const save = useCallback(
    async (place: ItemPlace, changes: PlaceChanges): Promise<void> => {
      const { save: write, t: words } = latest.current;
      await write(place.location_id, new Map([[place.item_id, changes]]));
      const [field = ''] = Object.keys(changes);
      note(
        words('catalog.saved', { field: fieldWord(words, field) }),
        place.location_id,
        new Map([[place.item_id, former(place, changes)]]),
      );
    },
    [note],
  );
  /** The same change for many items of one site. */
  const saveAll = async (
    locationId: string,
    all: readonly ItemPlace[],
    changes: PlaceChanges,
  ): Promise<void> => {
    await latest.current.save(locationId, new Map(all.map(({ item_id }) => [item_id, changes])));
    note(
      t('levels.changedMany', { n: all.length }),
      locationId,
      new Map(all.map((place) => [place.item_id, former(place, changes)])),
    );
  };
  return {
    byKey: places.byKey,
    error: places.error,
    save,
    saveAll,
    /** Takes the latest edit back; nothing where there is none. */
    undoLast: (): void => {
      undos.current.at(-1)?.().catch(failed);
    },
  };
}
