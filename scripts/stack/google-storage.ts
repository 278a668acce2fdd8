type Payload = Record<string, unknown> & { uid?: string; grantId?: string };
type Entry = { payload: Payload; expiresAtMs: number };

/**
 * Storage of the stand-in for Google, in memory: the contract of oidc-provider's adapters. Nothing
 * of it needs to outlive the process, since every sign-in starts anew.
 */
export function createGoogleStorage(now: () => number = Date.now): (model: string) => object {
  const entries = new Map<string, Entry>();
  const find = (key: string): Payload | undefined => {
    const entry = entries.get(key);
    if (entry === undefined || entry.expiresAtMs > now()) return entry?.payload;
    entries.delete(key);
    return undefined;
  };
  const removeExpired = (): void => {
    for (const key of entries.keys()) find(key);
  };
  return (model) => ({
    upsert: async (id: string, payload: Payload, expiresInS: number | undefined) => {
      removeExpired();
      const expiresAtMs = expiresInS === undefined ? Infinity : now() + expiresInS * 1000;
      entries.set(`${model}:${id}`, { payload, expiresAtMs });
    },
    find: async (id: string) => find(`${model}:${id}`),
    findByUid: async (uid: string) => {
      const isOfUid = ([key, entry]: [string, Entry]): boolean =>
        key.startsWith(`${model}:`) && entry.payload.uid === uid;
      const key = [...entries].find(isOfUid)?.[0];
      return key === undefined ? undefined : find(key);
    },
    findByUserCode: async () => undefined,
    destroy: async (id: string) => {
      entries.delete(`${model}:${id}`);
    },
    consume: async (id: string) => {
      const payload = find(`${model}:${id}`);
      if (payload !== undefined) payload['consumed'] = Math.floor(now() / 1000);
    },
    revokeByGrantId: async (grantId: string) => {
      for (const [key, entry] of entries)
        if (entry.payload.grantId === grantId) entries.delete(key);
    },
  });
}
