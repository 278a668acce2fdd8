import type { Row } from '#shared/schema/define.ts';
import type { Ack } from './device-messages.ts';

export type ToCrowd =
  | { readonly kind: 'write'; readonly on: boolean }
  | { readonly kind: 'look' }
  | { readonly kind: 'rows' };

export type FromCrowd =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'look';
      /** Devices that say that they are in step. */
      readonly settled: number;
      readonly of: number;
      /** When each request left since the last look, milliseconds. */
      readonly requests: readonly number[];
      readonly written: number;
      /** Status of one that is not in step. */
      readonly last: string | undefined;
    }
  /** What its devices hold, and all that they have written. */
  | {
      readonly kind: 'rows';
      readonly rows: readonly (readonly Row[])[];
      readonly acks: readonly Ack[];
    };
