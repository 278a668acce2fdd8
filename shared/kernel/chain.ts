/**
 * Chains of hashes: each entry's hash is made of the one before it, of its chain and place, and of its
 * text, so that nothing in the middle can be changed, left out or moved without all that follows.
 * Pure: what hashes is an argument, since a window has no synchronous SHA-256.
 */

/** What stands in the place of a hash before the first entry. */
export const CHAIN_START = '0'.repeat(64);

/** SHA-256 of a UTF-8 text, lower-case hex. */
export type Sha256 = (text: string) => string;

/** The last entry of a chain, or of a part of it. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

export interface ChainLink extends ChainHead {
  /** Canonical JSON. */
  readonly body: string;
}

export const NO_HEAD: ChainHead = { seq: 0, hash: CHAIN_START };

/** Hash of an entry. The database reckons the same in `private.link_hash`. */
export const linkHash = (
  sha256: Sha256,
  chain: string,
  { seq, hash: before }: ChainHead,
  body: string,
): string => sha256(`${before}${chain}:${seq + 1}:${body}`);

/** Puts texts behind a head, in their order. */
export function linked(
  sha256: Sha256,
  chain: string,
  head: ChainHead,
  bodies: readonly string[],
): ChainLink[] {
  let last = head;
  return bodies.map((body) => {
    const link = { seq: last.seq + 1, hash: linkHash(sha256, chain, last, body), body };
    last = link;
    return link;
  });
}

/** missing: a number is absent or not in its place · changed: an entry does not give its hash. */
export type LinkFault = 'missing' | 'changed';

export interface LinksChecked {
  readonly checked: number;
  /** The last entry that is as it was written. */
  readonly head: ChainHead;
  readonly fault: { readonly kind: LinkFault; readonly seq: number } | null;
}

/** Reckons entries again that follow a head which is known to be right. Stops at the first wrong one. */
export function checkLinks(
  sha256: Sha256,
  chain: string,
  after: ChainHead,
  links: Iterable<ChainLink>,
): LinksChecked {
  let head = after;
  let checked = 0;
  for (const link of links) {
    if (link.seq !== head.seq + 1) {
      return { checked, head, fault: { kind: 'missing', seq: head.seq + 1 } };
    }
    if (link.hash !== linkHash(sha256, chain, head, link.body)) {
      return { checked, head, fault: { kind: 'changed', seq: link.seq } };
    }
    head = { seq: link.seq, hash: link.hash };
    checked += 1;
  }
  return { checked, head, fault: null };
}
