import { checkLinks } from '#shared/kernel/chain.ts';
import type { ChainHead, ChainLink, Sha256 } from '#shared/kernel/chain.ts';
import type { ChainFault, EntriesPayload } from '#shared/protocol/audit.ts';

export type Verdict =
  /** It goes on from the head with these; what else was sent is there already. */
  | { readonly state: 'taken'; readonly added: readonly ChainLink[] }
  | { readonly state: 'behind'; readonly seq: number }
  | { readonly state: 'refused'; readonly fault: ChainFault; readonly seq: number };

/** Numbers of entries whose hashes `judgeEntries` needs: a range, and the device's last one. */
export function numbersToKnow(
  { entries, head }: EntriesPayload,
  { seq }: ChainHead,
): { readonly from: number; readonly to: number; readonly also: number } {
  const from = entries[0]?.[0] ?? head.seq + 1;
  return { from, to: Math.min(entries.at(-1)?.[0] ?? 0, seq), also: head.seq };
}

/**
 * Judges what a device sends of its chain against what the server has of it. Decides only; the same
 * question again, once its entries are there, is taken again with nothing to add.
 * @param stored the last entry that the server has
 * @param hashes of the entries that `numbersToKnow` names
 */
export function judgeEntries(
  sha256: Sha256,
  payload: EntriesPayload,
  stored: ChainHead,
  hashes: ReadonlyMap<number, string>,
): Verdict {
  const { chain, head } = payload;
  const refuse = (fault: ChainFault, seq: number): Verdict => ({ state: 'refused', fault, seq });
  const links = payload.entries.map(([seq, hash, body]): ChainLink => ({ seq, hash, body }));
  const first = links[0]?.seq ?? head.seq + 1;
  if (first > stored.seq + 1) return { state: 'behind', seq: stored.seq };

  const known = links.filter(({ seq }) => seq <= stored.seq);
  const other = known.find(({ seq, hash }) => hashes.get(seq) !== hash);
  if (other) return refuse('forked', other.seq);
  const isHeadOther = head.seq > 0 && head.seq <= stored.seq && hashes.get(head.seq) !== head.hash;
  if (isHeadOther) return refuse('forked', first);
  // All that it has is here, and more: it is a copy of an earlier day.
  if (head.seq < stored.seq) return refuse('replayed', head.seq + 1);

  const added = links.slice(known.length);
  const { fault } = checkLinks(sha256, chain, stored, added);
  if (!fault) return { state: 'taken', added };
  // Whole in itself, but behind another entry than the one that is here.
  const isAtOnce = fault.seq === stored.seq + 1 && fault.kind === 'changed';
  return refuse(isAtOnce ? 'forked' : fault.kind, fault.seq);
}
