// The store process of three windows: the storage of a profile behind the ports of the product. It
// is killed while they write.
import { Subject } from 'rxjs';
import { createHlc } from '#shared/kernel/hlc.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { serveWindowStorage } from '#desktop/store/ports/window-storage.ts';
import type { WindowPort } from '#desktop/store/host.ts';
import type { Writer } from '#desktop/store/local-write.ts';
import { openStore } from './open-store.ts';
import { dumpOf } from './read-store.ts';
import { SITE } from './window-messages.ts';
import type { FromStore, ToStore } from './window-messages.ts';

const [, , file = '', key = '', generation = ''] = process.argv;
const store = await openStore({ file, key, notesVersion: 1, sideLog: true });
const tell = (message: FromStore): void => void process.send?.(message);

let facts = Number(generation) * 1_000_000;
const writer: Writer = {
  userId: '00000000-0000-7000-8000-0000000a0002',
  deviceId: '00000000-0000-7000-8000-0000000a0003',
  grants: () => [{ role: 'LM', locationId: SITE, validFrom: 0, validTo: null }],
  hlc: createHlc({ clock: { now: () => Date.now() }, node: '0123456789ab' }),
  now: () => Date.now(),
  nextOriginSeq: () => (facts += 1),
};

const ended$ = new Subject<void>();
const listeners = new Map<number, (frame: unknown) => void>();

function serve(window: number): void {
  const port: WindowPort = {
    postMessage: (frame) => tell({ kind: 'frame', window, frame }),
    onMessage: (listener) => void listeners.set(window, listener),
    onClose: () => undefined,
    start: () => undefined,
  };
  serveWindowStorage({
    port,
    portId: `${window}-${generation}`,
    instanceOf: (table) => store.instance(table) as never,
    writer,
    ended$,
    log: silentLogger,
  });
}

process.on('message', (raw) => {
  const message = raw as ToStore;
  if (message.kind === 'port') serve(message.window);
  else if (message.kind === 'frame') listeners.get(message.window)?.(message.frame);
  else {
    const logged = store.sideLog?.count() ?? 0;
    void dumpOf(store).then((dump) => tell({ kind: 'dump', dump, logged }));
  }
});
tell({ kind: 'ready' });
