const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `action` (synchronous, must not throw) when this process ends without having been asked to
 * stop its children: a forgotten `stop()`, an uncaught error, a signal that nobody else handles.
 * Where the program has its own handler for the signal, that one decides and the action waits for
 * the exit. Returns a function that takes the guard away.
 */
export function guardExit(action: () => void): () => void {
  const remove = (): void => {
    process.off('exit', onExit);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  const onExit = (): void => {
    remove();
    action();
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (process.listeners(signal).some((listener) => !guards.has(listener))) return;
    remove();
    action();
    // Nobody is left to react: die of the signal, as without this guard.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  guards.add(onSignal);
  process.on('exit', onExit);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return remove;
}

const guards = new WeakSet<object>();
