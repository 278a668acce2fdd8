// A process of its own that opens and reads files, so that whatever a broken file does to it is seen
// from outside.
import { readStore } from './read-store.ts';
import type { OpenOptions } from './open-store.ts';
import type { Operation } from './operations.ts';

export interface ReadRequest {
  readonly id: number;
  readonly after?: Operation | undefined;
  readonly options: Pick<
    OpenOptions,
    'file' | 'key' | 'notesVersion' | 'allTables' | 'sideLog' | 'look'
  >;
}

process.on('message', (raw) => {
  const { id, options, after } = raw as ReadRequest;
  void readStore(options, after).then((read) => process.send?.({ id, read }));
});
process.on('disconnect', () => process.exit(0));
