import { fold } from '#shared/kernel/fold.ts';

export { fold };

/** A search, made ready once for many texts: true when every word stands in the (folded) text. */
export function matcher(search: string): (folded: string) => boolean {
  const words = fold(search)
    .split(/\s+/)
    .filter((word) => word !== '');
  return (folded) => words.every((word) => folded.includes(word));
}
