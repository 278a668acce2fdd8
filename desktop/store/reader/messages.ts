import type { ViewName } from '#shared/ipc/views.ts';
import type { Shown } from '../views/definition.ts';
import type { CommitNotice } from '#desktop/storage/storage-types.ts';

/** Which file the reader opens; the key never leaves the process. */
export interface ReaderFile {
  readonly file: string;
  readonly key: string;
  readonly nativeBinding?: string | undefined;
}

/** From the store's own thread to the reader. */
export type ToReader =
  | { readonly kind: 'open'; readonly file: ReaderFile }
  | { readonly kind: 'watch'; readonly id: number; readonly view: ViewName; readonly arg: unknown }
  /** Asks for the whole answer of something that is watched already. */
  | { readonly kind: 'whole'; readonly id: number }
  | { readonly kind: 'unwatch'; readonly id: number }
  | { readonly kind: 'changed'; readonly notice: CommitNotice }
  | { readonly kind: 'close' };

/** From the reader; `json` goes on to windows as it is. */
export type FromReader =
  | {
      readonly kind: 'whole';
      readonly id: number;
      readonly json: string;
      /** True when only those want it who have had nothing yet. */
      readonly isForNew: boolean;
      /** What the whole answer shows of people; left out: nothing. */
      readonly shown?: readonly Shown[];
    }
  | {
      readonly kind: 'patch';
      readonly id: number;
      readonly json: string;
      readonly shown?: readonly Shown[];
    }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: string;
      /** Kind of the error, never its words. */
      readonly reason: string;
    }
  | { readonly kind: 'closed' };
