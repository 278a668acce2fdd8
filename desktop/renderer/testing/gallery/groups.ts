import type { ComponentType } from 'react';
import { Actions } from './actions.tsx';
import { Figures } from './figures.tsx';
import { Fields } from './fields.tsx';
import { Tables } from './tables.tsx';
import { Words } from './words.tsx';

/** Groups of components: one page each, so that a picture of it can be looked at. */
export const GROUPS = {
  words: Words,
  actions: Actions,
  fields: Fields,
  tables: Tables,
  figures: Figures,
} as const satisfies Readonly<Record<string, ComponentType>>;

export type Group = keyof typeof GROUPS;

export const isGroup = (name: string): name is Group => Object.hasOwn(GROUPS, name);
