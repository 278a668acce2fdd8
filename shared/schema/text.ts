import { readable } from './define.ts';

/** Readable text with something in it, inside a JSON field: held to the rule of a text field. */
export const filled = (max: number) => readable(max).refine((s) => s.trim() !== '', 'is empty');
