import { readFile } from 'node:fs/promises';
import { ASK, itemId, locationId, movementDocument, movementId, quarters } from './documents.ts';
import { BATCH } from './steps.ts';
import { openOurs } from './subject-ours.ts';

/**
 * A process that holds a store and nothing else: fills it and answers every query of the bench as it
 * would to windows, as JSON text.
 */

/** Bytes of a store process: after all work, and the most that it ever had. */
export interface MemoryReply {
  readonly rss: number;
  /** Shared pages counted by share; null where the system does not tell. */
  readonly pss: number | null;
  readonly peak: number;
}

const ROUNDS = 5;

async function main(folder: string, rows: number): Promise<void> {
  const { instance } = await openOurs(folder);
  for (let from = 0; from < rows; from += BATCH) {
    const size = Math.min(BATCH, rows - from);
    const batch = Array.from({ length: size }, (_, at) => ({
      document: movementDocument(from + at, rows),
    }));
    await instance.bulkWrite(batch, 'bench');
  }
  const cuts = quarters(rows);
  for (let round = 0; round < ROUNDS; round += 1) {
    const ids = Array.from({ length: 3_000 }, (_, at) => movementId((at * 7_919 + round) % rows));
    const parts = [0, 1, 2, 3].map((at) => ASK.between(cuts[at] ?? 0, cuts[at + 1] ?? 0).query);
    let characters = 0;
    const note = (text: string): void => {
      characters += text.length;
    };
    note(await instance.findDocumentsByIdAsJson(ids, false));
    note(await instance.queryAsJson(ASK.byItem(itemId(round, rows)).query));
    note(await instance.queryAsJson(ASK.page(locationId(round)).query));
    note(await instance.queryAsJson(ASK.allSorted().query));
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (const text of await Promise.all(parts.map((part) => instance.queryAsJson(part)))) {
      note(text);
    }
    // A store is asked from outside: between two questions it waits for the next message.
    await new Promise((resolve) => setTimeout(resolve, 5));
    await instance.count(ASK.ofLocation(locationId(round)).query);
    if (characters < rows * 100) throw new Error('documents are missing');
  }
  // What is left when the process has come to rest.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  process.send?.(await usage());
}

async function usage(): Promise<MemoryReply> {
  const read = async (file: string, field: string): Promise<number | null> => {
    const text = await readFile(file, 'utf8').catch(() => '');
    const kib = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
    return kib === undefined ? null : Number(kib) * 1024;
  };
  return {
    rss: process.memoryUsage.rss(),
    pss: await read('/proc/self/smaps_rollup', 'Pss'),
    peak: process.resourceUsage().maxRSS * 1024,
  };
}

await main(process.argv[2] ?? '', Number(process.argv[3]));
process.disconnect();
