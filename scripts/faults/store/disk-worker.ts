// Runs one site of `disk-sites.ts` on a small file system that only this process sees (see disk.ts).
import { writeSync } from 'node:fs';
import { Rng } from '../../demo-data/rng.ts';
import { Findings } from '../fault-kind.ts';
import { DISK_SITES } from './disk-sites.ts';
import { SmallDisk } from './small-disk.ts';

const [, , root = '', name = '', seed = '', small = ''] = process.argv;
const site = DISK_SITES[name];
if (!site) throw new Error(`no such site: ${name}`);
const found = new Findings();
const disk = new SmallDisk(root);
try {
  await site({ disk, found, rng: new Rng(Number(seed), `disk/${name}`), small: small === 'small' });
} catch (error) {
  found.problem(
    `threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
}
writeSync(1, `\nresult ${JSON.stringify(found.result())}\n`);
process.exit(0);
