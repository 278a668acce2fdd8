import { z } from 'zod';

/**
 * What devices say of what was read on them. Each device keeps a chain of hashes of its own
 * (`shared/kernel/chain.ts`) and hands it over, in order and signed with a key of the chain, so that it
 * can be taken also when nobody is signed in any more.
 */

export const AUDIT_PATHS = {
  /** Makes a chain of a device and its key known; somebody is signed in. */
  begin: '/v1/audit/begin',
  /** Hands entries over, signed by the chain's key; nobody needs to be signed in. */
  entries: '/v1/audit/entries',
} as const;

export const AUDIT_LIMITS = {
  /** Ids that one entry names; of more there are several entries. */
  ids: 200,
  /** Entries of one request, and characters of all of them. */
  entries: 500,
  characters: 256 * 1024,
  /** Size of a request in bytes: each character of an entry may be escaped twice. */
  bodyBytes: 1536 * 1024,
} as const;

const Id = z.guid().toLowerCase();
const Instant = z.int().min(0);
const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Signature = z.string().regex(/^[0-9a-f]{128}$/);
const Ids = z.array(Id).min(1).max(AUDIT_LIMITS.ids);

/**
 * begin: the chain starts · read: a record was opened · list: shown among others · export, print: left
 * the app · reveal: something hidden was shown · sign_in, sign_out · break_glass: access in an
 * emergency · lost: `n` entries could not be written.
 */
export const READ_ACTIONS = [
  'begin',
  'read',
  'list',
  'export',
  'print',
  'reveal',
  'sign_in',
  'sign_out',
  'break_glass',
  'lost',
] as const;

/**
 * first: nothing was on this machine · anew: its own file was lost, and a new one was made · copy: the
 * server has more of the chain before than this machine · forked: another machine went on with it ·
 * broken: it was changed on this machine · server: the server does not have what it had.
 */
export const BEGIN_REASONS = ['first', 'anew', 'copy', 'forked', 'broken', 'server'] as const;
export type BeginReason = (typeof BEGIN_REASONS)[number];

/** One entry, before it is part of a chain. What does not apply is left out. */
export const ReadEntry = z.strictObject({
  id: Id,
  /** By the device's clock. */
  at: Instant,
  /** Who; left out: nobody was signed in. */
  actor: Id.optional(),
  action: z.enum(READ_ACTIONS),
  /** May be a table that the server does not know yet. */
  table: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/)
    .optional(),
  /** Which records. */
  rows: Ids.optional(),
  /** Whom they are about: ids, which say nothing to who has no right to the record. */
  patients: Ids.optional(),
  /** How somebody came to it. */
  how: z.enum(['search']).optional(),
  /** The view or table through which it came, and which window of the device. */
  screen: z.string().max(80).optional(),
  window: z.int().min(0).optional(),
  outcome: z.string().max(63).optional(),
  /** Of lost: how many. Of begin: number of the last entry of the chain before. */
  n: z.int().min(0).optional(),
  because: z.enum(BEGIN_REASONS).optional(),
  /** The chain before, whose unsent entries this one goes on with. */
  former: Id.optional(),
});
export type ReadEntry = z.infer<typeof ReadEntry>;

export const BeginChain = z.strictObject({
  chain: Id,
  /** Public key of the chain, Ed25519, 32 bytes in hex. */
  key: Hash,
});
export type BeginChain = z.infer<typeof BeginChain>;

export const BeginReply = z.object({
  /** refused: the chain is known with another key or of another device. */
  state: z.enum(['known', 'refused']),
});
export type BeginReply = z.infer<typeof BeginReply>;

const Head = z.strictObject({ seq: z.int().min(0), hash: Hash });

/** A head, signed by the server: that it had all entries up to this one. */
export const SignedHead = z.strictObject({
  ...Head.shape,
  /** When, by the server's clock. */
  at: Instant,
  signature: Signature,
});
export type SignedHead = z.infer<typeof SignedHead>;

/** The text under a server's signature. */
export const headText = (chain: string, { seq, hash, at }: Omit<SignedHead, 'signature'>): string =>
  `ganger-head:${chain}:${seq}:${hash}:${at}`;

/** What is signed and sent, as JSON text. */
export const EntriesPayload = z.strictObject({
  chain: Id,
  /** The last entry that the device has. */
  head: Head,
  /** The last head that the server signed for it. */
  signed: SignedHead.nullable(),
  /** Number, hash and canonical JSON of each, without a gap. */
  entries: z
    .array(z.tuple([z.int().min(1), Hash, z.string().max(32 * 1024)]))
    .max(AUDIT_LIMITS.entries),
});
export type EntriesPayload = z.infer<typeof EntriesPayload>;

export const SendEntries = z.strictObject({
  payload: z.string().max(2 * AUDIT_LIMITS.characters),
  /** Of the payload's UTF-8 text, by the key of the chain. */
  signature: Signature,
});
export type SendEntries = z.infer<typeof SendEntries>;

/**
 * What is wrong with a chain: changed or missing (see `LinkFault`), forked (another entry stands at a
 * number), replayed (the device has less than it sent before: a copy of an earlier day), cut (the server
 * has less than it signed for).
 */
export const CHAIN_FAULTS = ['changed', 'missing', 'forked', 'replayed', 'cut'] as const;
export type ChainFault = (typeof CHAIN_FAULTS)[number];

export const EntriesReply = z.discriminatedUnion('state', [
  /** All up to here are kept. `signature` is null where the server has no key to sign with. */
  z.object({
    state: z.literal('taken'),
    seq: z.int().min(0),
    hash: Hash,
    at: Instant,
    signature: Signature.nullable(),
    /** Public key of the server's signature. */
    key: Hash.nullable(),
  }),
  /** The server has less than the device believes: to be sent from the number after `seq` on. */
  z.object({ state: z.literal('behind'), seq: z.int().min(0) }),
  /** The server does not know the chain: it has to be begun (again). */
  z.object({ state: z.literal('unknown') }),
  /**
   * Nothing was taken, and nothing will be: the device begins a new chain, and goes on in it with its
   * entries from `seq` on.
   */
  z.object({ state: z.literal('refused'), fault: z.enum(CHAIN_FAULTS), seq: z.int().min(0) }),
]);
export type EntriesReply = z.infer<typeof EntriesReply>;
