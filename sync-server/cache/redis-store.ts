import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Cluster, Redis } from 'ioredis';
import type { CacheStore, Entry, Place } from './cache-store.ts';
import { fits } from './pattern.ts';

/** Raised when values of an earlier build would be misread. */
const SHAPE = 'ganger:c1';
/** A generation outlives every value that carries it; one that is gone takes its values with it. */
const GENERATION_MS = 30 * 3_600_000;
const SCANNED_AT_ONCE = 500;

const Envelope = z.object({ m: z.string(), v: z.unknown(), f: z.number(), u: z.number() });

/**
 * One sweep: the type gets a new generation that remembers the one before and the pattern, so that values of
 * before which do not fit go on. What is two sweeps old counts no more: that is dear, never wrong.
 */
const SWEEP = `
  local was = redis.call('GET', KEYS[1])
  local before = was and string.match(was, '^%S+') or '-'
  redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. before .. ' ' .. ARGV[2], 'PX', ARGV[3])`;

/** All tags get the same new generation, in one trip; no value carries it yet. */
const DROP = `
  for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1], 'PX', ARGV[2]) end`;

/** Makes values unreadable for whoever reads Redis; as they are, where there is nothing to hide. */
export interface Wrapping {
  readonly wrap: (text: string, place: string) => string;
  /** Null for what was not wrapped by this one for this place. */
  readonly unwrap: (text: string, place: string) => string | null;
}
const bare: Wrapping = { wrap: (text) => text, unwrap: (text) => text };

/**
 * Keeps values in Redis, for all replicas. Every tag has a generation, a random text; a value carries
 * those that held when it began to be read, and counts while they are the same. So nothing that Redis
 * loses (flush, eviction, restart, a write) makes an old value count again: a tag that is gone gets a
 * generation that no value has. All keys of one type lie in one slot of a cluster and are read in one trip.
 */
export function createRedisStore(redis: Redis | Cluster, wrapping: Wrapping = bare): CacheStore {
  const prefixOf = (type: string): string => `{${SHAPE}:${type}}`;
  const typeKey = (type: string): string => `${prefixOf(type)}:g`;
  const tagKey = (type: string, tag: string): string => `${prefixOf(type)}:t:${tag}`;
  const valueKey = (type: string, key: string): string => `${prefixOf(type)}:v:${key}`;
  const fresh = (): string => randomBytes(9).toString('base64url');

  /** The entry in a text, if it counts under these generations. */
  const entryOf = (
    text: string,
    at: string,
    key: string,
    marks: readonly string[],
  ): Entry | null => {
    const clear = wrapping.unwrap(text, at);
    const envelope = clear === null ? undefined : Envelope.safeParse(parsed(clear)).data;
    if (!envelope) return null;
    const { m, v, f, u } = envelope;
    const [ofType = '', ...ofTags] = m.split(' ');
    const [now = '', before, ...pattern] = (marks[0] ?? '').split(' ');
    const isOfNow = ofType === now;
    if (!isOfNow && (ofType !== before || fits(pattern.join(' '), key))) return null;
    if (ofTags.join(' ') !== marks.slice(1).join(' ')) return null;
    return { value: v, freshUntil: f, until: u };
  };
  const markOf = ([ofType = '', ...ofTags]: readonly string[]): string =>
    [ofType.split(' ')[0], ...ofTags].join(' ');

  return {
    async read({ type, key, tags }: Place) {
      const at = valueKey(type, key);
      const generations = [typeKey(type), ...tags.map((tag) => tagKey(type, tag))];
      const [text, ...known] = await redis.mget(at, ...generations);
      const missing = generations.filter((_, place) => typeof known[place] !== 'string');
      if (missing.length === 0) {
        const marks = known as string[];
        return {
          entry: typeof text === 'string' ? entryOf(text, at, key, marks) : null,
          mark: markOf(marks),
        };
      }
      // Others may have been quicker, and theirs hold then; they are asked for behind it, in the same trip.
      const made = missing.map((name) => redis.set(name, fresh(), 'PX', GENERATION_MS, 'NX'));
      const [marks] = await Promise.all([redis.mget(...generations), ...made]);
      // Nothing that was put down before carries a generation that was just made.
      return { entry: null, mark: markOf(marks.map((mark) => mark ?? fresh())) };
    },
    async write({ type, key }, { value, freshUntil, until }, mark, keepMs) {
      const at = valueKey(type, key);
      const text = JSON.stringify({ m: mark, v: value, f: freshUntil, u: until });
      await redis.set(at, wrapping.wrap(text, at), 'PX', Math.max(1, Math.ceil(keepMs)));
    },
    async drop(type, tags) {
      const keys = tags.map((tag) => tagKey(type, tag));
      await redis.eval(DROP, keys.length, ...keys, fresh(), String(GENERATION_MS));
    },
    async sweep(type, pattern) {
      await redis.eval(SWEEP, 1, typeKey(type), fresh(), pattern, String(GENERATION_MS));
      // They do not count any more; this only gives the memory back.
      const nodes = 'nodes' in redis ? redis.nodes('master') : [redis];
      const match = valueKey(escaped(type), pattern.split('*').map(escaped).join('*'));
      for (const node of nodes) await unlinkAll(node, match);
    },
    async clear(type) {
      await redis.set(typeKey(type), fresh(), 'PX', GENERATION_MS);
    },
  };
}

/** Never KEYS, which stops everybody else until it is done. */
async function unlinkAll(node: Redis, match: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await node.scan(cursor, 'MATCH', match, 'COUNT', SCANNED_AT_ONCE);
    if (keys.length > 0) await node.unlink(...keys);
    cursor = next;
  } while (cursor !== '0');
}

/** What Redis takes for a pattern stands for itself. */
const escaped = (text: string): string => text.replaceAll(/[\\*?[\]^]/g, String.raw`\$&`);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
