import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, test } from 'vitest';
import { CLAIMS } from './protocol-list.suite.ts';
import { openWorld } from './world.suite.ts';
import type { World } from './world.suite.ts';

const CLIENTS = ['client.mjs']
  .map((name) => path.join(import.meta.dirname, name))
  .filter((file) => existsSync(file));

describe.each(CLIENTS)('the protocol’s own list, with %s', (file) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(file);
  });
  afterEach(() => world.sendHome());
  afterAll(() => world.close());

  test.each(Object.entries(CLAIMS))('%s', (_words, claim) => claim(world, file));
});
