import { useEffect, useMemo, useState } from 'react';
import { useQuery, useStore } from '#desktop/collections/hooks.tsx';

/** Somebody who may have seen something. */
export interface Witness {
  readonly id: string;
  readonly name: string;
  /** False for who has no PIN on this machine. */
  readonly isAble: boolean;
}

/** People beside the one who is signed in, by name, and whether they can confirm here with their PIN. */
export function useWitnesses(userId: string): readonly Witness[] {
  const { client } = useStore();
  const { data } = useQuery('users', { selector: { status: 'active' } });
  const others = useMemo(() => (data ?? []).filter(({ id }) => id !== userId), [data, userId]);
  const [able, setAble] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    let isHere = true;
    const userIds = others.map(({ id }) => id).slice(0, 500);
    // Nobody has to be asked; and who cannot be asked about cannot confirm.
    if (userIds.length === 0) return;
    client.call('witness.able', { userIds }).then(
      (found) => isHere && setAble(new Set(found.userIds)),
      () => isHere && setAble(new Set()),
    );
    return () => {
      isHere = false;
    };
  }, [client, others]);
  return useMemo(
    () =>
      others
        .map(({ id, display_name: name }) => ({ id, name, isAble: able.has(id) }))
        .toSorted((a, b) => Number(b.isAble) - Number(a.isAble) || a.name.localeCompare(b.name)),
    [others, able],
  );
}

/** Lets somebody confirm with their own PIN. @throws AppError PIN_WRONG, PIN_WAIT, PIN_BLOCKED */
export function useConfirm() {
  const { client } = useStore();
  return async (userId: string, pin: string): Promise<void> => {
    await client.call('witness.confirm', { userId, pin });
  };
}
