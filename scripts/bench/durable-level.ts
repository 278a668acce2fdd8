interface Level {
  _batch(operations: unknown, options: object, done: unknown): unknown;
}
export type LevelFactory = (name: string) => Level;

/** LevelDB that has written a batch to the disk when it says so, as everything beside it does. */
export function durable(factory: LevelFactory): LevelFactory {
  const synced = (name: string): Level => {
    const level = factory(name);
    const batch = level._batch.bind(level);
    level._batch = (operations, options, done) =>
      batch(operations, { ...options, sync: true }, done);
    return level;
  };
  return Object.assign(synced, factory);
}
