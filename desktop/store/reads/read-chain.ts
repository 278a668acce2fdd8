import { createHash, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { NO_HEAD, checkLinks, linked } from '#shared/kernel/chain.ts';
import type { ChainHead, ChainLink, LinksChecked, Sha256 } from '#shared/kernel/chain.ts';
import { newId } from '#shared/kernel/ids.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import type { BeginReason, ReadEntry, SignedHead } from '#shared/protocol/audit.ts';
import { AUDIT_LIMITS } from '#shared/protocol/audit.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';

/** What somebody notes down; id and time are given here. */
export type NewEntry = Omit<ReadEntry, 'id' | 'at' | 'because' | 'former'>;

/** Entries that wait at most: years of a desk. Of more only the number is kept. */
const MOST_UNSENT = 200_000;
/** Of what was sent, so many stay: a server that was set back to a backup gets them again. */
const KEPT_AFTER = 5_000;

export interface ReadChainOptions {
  /** The device's own file: it outlives every person's profile. */
  readonly database: EncryptedDatabase;
  readonly deviceId: string;
  /** True: the machine had a file of its own before, which is lost. */
  readonly isAnew: boolean;
  readonly now: () => number;
  /** Bounds of tests. */
  readonly mostUnsent?: number;
  readonly keptAfter?: number;
}

/** Entries that the server does not have, behind the last one that it has. */
export interface Unsent {
  readonly after: ChainHead;
  readonly links: readonly ChainLink[];
}

/** The chain of what was read on this device. Every call that writes is on the disk when it returns. */
export interface ReadChain {
  /** It changes when a chain ends and another begins. */
  readonly id: string;
  /** Public key that signs for it, 32 bytes in hex. */
  readonly key: string;
  /** True once the server knows it. */
  readonly isKnown: boolean;
  readonly head: ChainHead;
  /** The last head that the server signed. */
  readonly signed: SignedHead | null;
  /** @throws AppError when the disk takes nothing; what is lost so is counted, and said later */
  append(...entries: readonly NewEntry[]): void;
  /** What was noted since an instant, the oldest first. */
  since(at: number): ReadEntry[];
  /** The next ones to be sent, within the limits of one request. */
  unsent(): Unsent;
  countUnsent(): number;
  sign(text: string): string;
  /** The server knows the chain, or does not any more. */
  setKnown(isKnown: boolean): void;
  /** The server has all up to a head. */
  taken(head: ChainHead, signed: SignedHead | null): void;
  /** The server has less. @returns false when what it lacks is not here any more */
  setBack(seq: number): boolean;
  /** Begins a new chain, which goes on with what is here from a number on, as it was said. */
  beginAnew(because: BeginReason, from: number): void;
  /** Reckons all that is here again. */
  check(): LinksChecked;
}

export const sha256: Sha256 = (text) => createHash('sha256').update(text).digest('hex');

interface ChainRow {
  readonly id: string;
  readonly secret: string;
  readonly key: string;
  readonly is_known: number;
  readonly sent_seq: number;
  readonly sent_hash: string;
  readonly signed: string | null;
}

const TABLES = `
  create table if not exists read_chain (
    only integer primary key check (only = 1), id text not null, secret text not null,
    key text not null, is_known integer not null, sent_seq integer not null,
    sent_hash text not null, signed text);
  create table if not exists read_entries (
    seq integer primary key, hash text not null, body text not null, at integer not null)`;
const LOST = 'reads.lost';

/** Opens the chain of a device; at the first time begins it. */
export function openReadChain(options: ReadChainOptions): ReadChain {
  const { database, deviceId, now, mostUnsent = MOST_UNSENT, keptAfter = KEPT_AFTER } = options;
  database.exec(TABLES);
  let row = database.read<ChainRow>('select * from read_chain')[0];
  let lost = 0;

  const chain = (): ChainRow => {
    if (!row) throw new TypeError('the chain has begun');
    return row;
  };
  const set = (changes: Partial<ChainRow>): void => {
    const next = { ...chain(), ...changes };
    database.run(`update read_chain set is_known = ?, sent_seq = ?, sent_hash = ?, signed = ?`, [
      next.is_known,
      next.sent_seq,
      next.sent_hash,
      next.signed,
    ]);
    row = next;
  };
  const last = (): ChainHead =>
    database.read<ChainHead>('select seq, hash from read_entries order by seq desc limit 1')[0] ??
    NO_HEAD;
  const write = (links: readonly ChainLink[], at: number): void => {
    for (const { seq, hash, body } of links) {
      database.run('insert into read_entries (seq, hash, body, at) values (?, ?, ?, ?)', [
        seq,
        hash,
        body,
        at,
      ]);
    }
  };
  const lostBefore = (): number => lost + Number(database.kv.get(LOST) ?? 0);
  const textOf = (entry: Omit<ReadEntry, 'id' | 'at'>, at: number): string =>
    canonicalJson({ ...entry, id: newId(), at });

  const beginAnew = (because: BeginReason, from: number): void => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const der = publicKey.export({ format: 'der', type: 'spki' });
    const at = now();
    const id = newId();
    const former = row;
    const next: ChainRow = {
      id,
      secret: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('hex'),
      key: der.subarray(-32).toString('hex'),
      is_known: 0,
      sent_seq: 0,
      sent_hash: NO_HEAD.hash,
      signed: null,
    };
    database.transaction(() => {
      const begin = textOf(
        {
          action: 'begin',
          table: 'devices',
          rows: [deviceId],
          because,
          ...(former ? { former: former.id, n: last().seq } : {}),
        },
        at,
      );
      // Read before they go: the same place is taken anew.
      const carried = database.read<{ body: string; at: number }>(
        'select body, at from read_entries where seq >= ? order by seq',
        [from],
      );
      database.exec('delete from read_entries; delete from read_chain');
      database.run(
        `insert into read_chain (only, id, secret, key, is_known, sent_seq, sent_hash, signed)
         values (1, ?, ?, ?, ?, ?, ?, ?)`,
        [id, next.secret, next.key, 0, 0, next.sent_hash, null],
      );
      const bodies = carried.filter(({ body }) => !body.includes('"action":"begin"'));
      linked(sha256, id, NO_HEAD, [begin, ...bodies.map(({ body }) => body)]).forEach(
        (link, index) => write([link], bodies[index - 1]?.at ?? at),
      );
    });
    row = next;
  };

  if (!row) beginAnew(options.isAnew ? 'anew' : 'first', 1);

  return {
    get id() {
      return chain().id;
    },
    get key() {
      return chain().key;
    },
    get isKnown() {
      return chain().is_known === 1;
    },
    get head() {
      return last();
    },
    get signed() {
      const { signed } = chain();
      return signed === null ? null : (JSON.parse(signed) as SignedHead);
    },
    append(...entries) {
      if (entries.length === 0) return;
      const at = now();
      try {
        database.transaction(() => {
          const head = last();
          if (head.seq - chain().sent_seq + entries.length > mostUnsent) {
            database.kv.set(LOST, String(lostBefore() + entries.length));
          } else {
            const before = lostBefore();
            const said = before > 0 ? [textOf({ action: 'lost', n: before }, at)] : [];
            const bodies = [...said, ...entries.map((entry) => textOf(entry, at))];
            write(linked(sha256, chain().id, head, bodies), at);
            if (before > 0) database.kv.delete(LOST);
          }
        });
        lost = 0;
      } catch (error) {
        lost += entries.length;
        throw error;
      }
    },
    since: (at) =>
      database
        .read<{ body: string }>('select body from read_entries where at >= ? order by seq', [at])
        .map(({ body }) => JSON.parse(body) as ReadEntry),
    unsent() {
      const { sent_seq: seq, sent_hash: hash } = chain();
      const links: ChainLink[] = [];
      let characters = 0;
      const rows = database.read<ChainLink>(
        'select seq, hash, body from read_entries where seq > ? order by seq limit ?',
        [seq, AUDIT_LIMITS.entries],
      );
      for (const link of rows) {
        characters += link.body.length;
        if (characters > AUDIT_LIMITS.characters && links.length > 0) break;
        links.push(link);
      }
      return { after: { seq, hash }, links };
    },
    countUnsent: () => last().seq - chain().sent_seq,
    sign(text) {
      const key = Buffer.from(chain().secret, 'hex');
      const secret = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
      return sign(null, Buffer.from(text), secret).toString('hex');
    },
    setKnown: (isKnown) => set({ is_known: isKnown ? 1 : 0 }),
    taken(head, signed) {
      database.transaction(() => {
        set({
          sent_seq: head.seq,
          sent_hash: head.hash,
          ...(signed ? { signed: JSON.stringify(signed) } : {}),
        });
        // The last one stays in any case: the next follows it.
        database.run('delete from read_entries where seq <= ?', [
          Math.min(head.seq - keptAfter, last().seq - 1),
        ]);
      });
    },
    setBack(seq) {
      if (seq === 0) {
        const [first] = database.read('select seq from read_entries where seq = 1');
        if (!first) return false;
        set({ sent_seq: 0, sent_hash: NO_HEAD.hash });
        return true;
      }
      const [at] = database.read<ChainHead>('select seq, hash from read_entries where seq = ?', [
        seq,
      ]);
      if (!at) return false;
      set({ sent_seq: at.seq, sent_hash: at.hash });
      return true;
    },
    beginAnew,
    check() {
      const links = database.read<ChainLink>(
        'select seq, hash, body from read_entries order by seq',
      );
      const [first, ...rest] = links;
      if (!first || first.seq === 1) return checkLinks(sha256, chain().id, NO_HEAD, links);
      // What lies before was sent and has gone: the oldest one here is what the rest follows.
      return checkLinks(sha256, chain().id, first, rest);
    },
  };
}
