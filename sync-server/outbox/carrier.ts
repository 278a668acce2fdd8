import type { Code } from '#shared/errors/codes.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Queries } from '../db/with-session.ts';
import type { LookUp } from '../hubs/communication/messages.ts';
import type { Effect } from '../sync/effects/effects.ts';

/** What is to be done about an effect, read when it is done and not when it was set off. */
export type Plan<M> =
  | { readonly do: 'send'; readonly message: M }
  /** Somebody else's wish was the same and came first. */
  | { readonly do: 'skip' }
  /** It will not be done, whoever asks again, until somebody changes something. */
  | { readonly do: 'refuse'; readonly code: Code; readonly destination?: string | null }
  /** Not before this instant. */
  | { readonly do: 'wait'; readonly until: number };

/** How an effect ended. */
export type Ending =
  | { readonly event: 'sent'; readonly destination: string | null }
  | { readonly event: 'skipped' }
  | {
      readonly event: 'failed' | 'unknown';
      readonly code: Code;
      readonly destination: string | null;
    };

/** One try to carry an effect out. */
export interface Deed {
  /** Names it over all tries; another one when a person asks for it again. */
  readonly key: string;
  readonly effect: Effect;
}

/** Who carries out one kind of effect. */
export interface Carrier<M = unknown> {
  readonly kind: string;
  /**
   * Reads what is to be done, in the transaction that says that it is begun: what may be done by one
   * only is locked here.
   */
  plan(db: Queries, effect: Effect): Promise<Plan<M>>;
  destination(message: M): string | null;
  /** @throws HubFailure that says whether it may have been done */
  send(message: M, deed: Deed): Promise<void>;
  /** Whether what was begun at an instant was done, when nobody was there to note it. */
  lookUp(message: M, deed: Deed, begunAt: number): Promise<LookUp>;
  /**
   * Writes down how it ended, in the transaction that marks it.
   * @returns rows that devices should hear of
   */
  end(
    db: Queries,
    effect: Effect,
    ending: Ending,
  ): Promise<readonly { readonly table: TableName; readonly row: EndedRow }[]>;
}

export type EndedRow = Readonly<Record<string, unknown>> & { readonly id: string };
