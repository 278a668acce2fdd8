import { createLogger } from '#shared/logging/logger.ts';
import { connectHost } from './host.ts';
import { deskStatusOf } from './store-calls.ts';
import { Store } from './store.ts';

/** The store process: the only one that opens the database. This file wires it. */

// Whatever goes wrong unheard in one window's request must not take the store from all of them.
process.on('unhandledRejection', (reason) => {
  const name = reason instanceof Error ? reason.name : typeof reason;
  process.stderr.write(`${JSON.stringify({ level: 'error', message: 'unhandled', name })}\n`);
});

let store: Store | null = null;
const early: (() => void)[] = [];

const host = connectHost({
  start(config) {
    const log = createLogger({
      level: config.logLevel,
      write: (line) => process.stderr.write(`${line}\n`),
      fields: { process: 'store' },
    });
    const started = new Store(host, config, log);
    store = started;
    deskStatusOf(started).subscribe((status) => host.tellStatus(status));
    for (const later of early.splice(0)) later();
    void started.start();
  },
  ports(windowId, storage, calls) {
    if (store) store.servePorts(windowId, storage, calls);
    else early.push(() => store?.servePorts(windowId, storage, calls));
  },
  woke() {
    store?.woke();
  },
  stop() {
    void (store?.stop() ?? Promise.resolve()).finally(() => {
      host.stopped();
      process.exit(0);
    });
  },
});
