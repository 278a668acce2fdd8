import { createContext } from 'react';

/**
 * Says that rows are about to leave the app. It resolves when that is noted down; what it refuses must
 * stay. Which rows count is judged elsewhere: a table says this of all of its rows.
 */
export type Leaving = (action: 'export' | 'print', ids: readonly string[]) => Promise<void>;

/** Without anybody around it who notes it down, what a table shows is nobody's. */
export const LeavingContext = createContext<Leaving | null>(null);
