/** Shares of what people ask for. */
export const MIX = { pull: 0.7, push: 0.1, presence: 0.1, session: 0.1 } as const;
