import { createPublicKey, verify } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import { NO_HEAD, checkLinks } from '#shared/kernel/chain.ts';
import type { ChainLink } from '#shared/kernel/chain.ts';
import { EntriesPayload, ReadEntry } from '#shared/protocol/audit.ts';
import type { BeginReply, ChainFault, EntriesReply } from '#shared/protocol/audit.ts';
import { judgeEntries } from '#server/audit/judge-entries.ts';
import { sha256 } from './read-chain.ts';
import type { ChainServer } from './read-sender.ts';

/** What happens to one request: lost answers are of requests that were carried out. */
export type Weather = 'fine' | 'down' | 'answer-lost' | 'twice';

interface Kept {
  readonly key: string;
  readonly links: ChainLink[];
  fault: ChainFault | null;
}

/** The server's side of chains in memory: it judges by the server's own function. */
export class MemoryChains {
  readonly chains = new Map<string, Kept>();
  /** What the next requests meet, one each; then all is fine. */
  readonly weather: Weather[] = [];
  isSomebodyIn = true;
  requests = 0;

  readonly server = (): ChainServer => ({
    begin: this.isSomebodyIn
      ? ({ chain, key }) =>
          this.#meet((): BeginReply => {
            const known = this.chains.get(chain);
            if (!known) this.chains.set(chain, { key, links: [], fault: null });
            return { state: known && known.key !== key ? 'refused' : 'known' };
          })
      : null,
    entries: ({ payload, signature }) => this.#meet(() => this.#take(payload, signature)),
  });

  /** Every entry that the server has, in the order in which it came. */
  entries(): ReadEntry[] {
    return [...this.chains.values()].flatMap(({ links }) =>
      links.map(({ body }) => ReadEntry.parse(JSON.parse(body))),
    );
  }

  areWhole(): boolean {
    return [...this.chains].every(
      ([chain, { links }]) => checkLinks(sha256, chain, NO_HEAD, links).fault === null,
    );
  }

  async #meet<T>(work: () => T): Promise<T> {
    this.requests += 1;
    const weather = this.weather.shift() ?? 'fine';
    await Promise.resolve();
    if (weather === 'down') throw new AppError('SERVER_UNREACHABLE');
    const answer = work();
    if (weather === 'twice') return work();
    if (weather === 'answer-lost') throw new AppError('SERVER_UNREACHABLE');
    return answer;
  }

  #take(text: string, signature: string): EntriesReply {
    const payload = EntriesPayload.parse(JSON.parse(text));
    const known = this.chains.get(payload.chain);
    if (!known) return { state: 'unknown' };
    const key = createPublicKey({
      key: Buffer.from(`302a300506032b6570032100${known.key}`, 'hex'),
      format: 'der',
      type: 'spki',
    });
    if (!verify(null, Buffer.from(text), key, Buffer.from(signature, 'hex'))) {
      throw new AppError('AUTH_TOKEN_INVALID');
    }
    const head = known.links.at(-1) ?? NO_HEAD;
    const hashes = new Map(known.links.map(({ seq, hash }) => [seq, hash] as const));
    const verdict = judgeEntries(sha256, payload, head, hashes);
    if (verdict.state === 'refused') known.fault ??= verdict.fault;
    if (verdict.state !== 'taken') return verdict;
    known.links.push(...verdict.added);
    const { seq, hash } = known.links.at(-1) ?? NO_HEAD;
    return { state: 'taken', seq, hash, at: 0, signature: null, key: null };
  }
}
