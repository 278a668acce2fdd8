import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { openWorld } from './worlds.suite.ts';
import type { World } from './worlds.suite.ts';

const folders: string[] = [];
const worlds: World[] = [];
afterAll(() => {
  for (const world of worlds) world.device.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes with the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ganger-vault-'));
  folders.push(folder);
  return folder;
}

/** A device without a profile yet. */
export function newWorld(root = temporaryFolder()): World {
  const world = openWorld(root);
  worlds.push(world);
  return world;
}
