import { mkdir, rm } from 'node:fs/promises';
import { ASK, itemId, locationId, movementDocument, movementId, quarters } from './documents.ts';
import type { Movement } from './documents.ts';
import type { Subject } from './subject.ts';

/** Pieces of work that are measured again and again on a filled store. */
export const STEPS = [
  'by 3,000 ids',
  'by index',
  'all sorted',
  '4 in parallel',
  'count',
  'page of 50',
  'reopen',
  'one document',
  '1,000 documents',
  // Writes come last: a store that is too slow for a round would have fewer documents to find.
  'insert one',
  'first insert',
] as const;
export type StepName = (typeof STEPS)[number];

export interface LoadOrder {
  readonly kind: 'load';
  readonly folder: string;
  readonly rows: number;
}
export interface StepOrder {
  readonly kind: 'step';
  readonly step: StepName;
  readonly folder: string;
  readonly rows: number;
  /** Each round looks for other rows. */
  readonly round: number;
}
export type Order = LoadOrder | StepOrder;

export interface LoadResult {
  readonly kind: 'load';
  /** Milliseconds of each batch, in their order, without making the documents. */
  readonly batchMs: readonly number[];
  /** Milliseconds for bringing indexes up to date after the last batch. */
  readonly settleMs: number;
}
export interface StepResult {
  readonly kind: 'step';
  /** Milliseconds of each run. */
  readonly ms: readonly number[];
  /** What was found in all runs: equal for every store. */
  readonly found: number;
  readonly runs: number;
}
export type Result = LoadResult | StepResult;

export const BATCH = 500;
/** A step is run until it has taken this long, at least once and at most this often. */
const STEP_MS = 150;
const MOST_RUNS = 2_000;
/** What takes this long once needs no second run. */
const SLOW_MS = 3_000;
const MANY_IDS = 3_000;
const SINGLE_INSERTS = 50;
const REOPENINGS = 5;

/** Makes a store and fills it; only the store's own time counts. */
export async function load(subject: Subject, { folder, rows }: LoadOrder): Promise<LoadResult> {
  await subject.close().catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  collectGarbage();
  await subject.create(folder);
  const batchMs: number[] = [];
  for (let from = 0; from < rows; from += BATCH) {
    const size = Math.min(BATCH, rows - from);
    const documents = Array.from({ length: size }, (_, at) => movementDocument(from + at, rows));
    batchMs.push(await timed(() => subject.insert(documents)));
  }
  const settleMs = subject.settle ? await timed(() => subject.settle?.() ?? Promise.resolve()) : 0;
  return { kind: 'load', batchMs, settleMs };
}

/** Runs one step of work several times. */
export async function runStep(subject: Subject, order: StepOrder): Promise<StepResult> {
  const { step, folder, rows, round } = order;
  collectGarbage();
  if (step === 'insert one') return insertSingles(subject, rows, round);
  if (step === 'reopen') return reopen(subject, folder, rows);
  if (step === 'first insert') return firstInserts(subject, `${folder}-first`, rows);
  const ms: number[] = [];
  let found = 0;
  const once = async (run: number): Promise<number> => {
    const ask = workOf(step, rows, run);
    const begun = performance.now();
    const answer = await ask(subject);
    const took = performance.now() - begun;
    if (run === round * MOST_RUNS) found = sum(answer);
    return took;
  };
  // The first runs of a piece of work are compiled while they run.
  let spent = 0;
  for (let warm = 1; spent < STEP_MS / 2 && warm <= MOST_RUNS; warm += 1) {
    spent += await once(warm === 1 ? round * MOST_RUNS : -warm);
  }
  if (spent > SLOW_MS) return { kind: 'step', ms: [spent], found, runs: 1 };
  spent = 0;
  for (let run = 0; ms.length === 0 || (spent < STEP_MS && ms.length < MOST_RUNS); run += 1) {
    ms.push(await once(round * MOST_RUNS + run));
    spent += ms.at(-1) ?? 0;
  }
  return { kind: 'step', ms, found, runs: ms.length };
}

/** A question put together beforehand: what is timed is the answer alone. */
type Work = (subject: Subject) => Promise<readonly Movement[] | readonly Movement[][] | number>;

function workOf(step: StepName, rows: number, run: number): Work {
  switch (step) {
    case 'by 3,000 ids':
      return byIds(rows, run, MANY_IDS);
    case 'one document':
      return byIds(rows, run, 1);
    case '1,000 documents':
      return byIds(rows, run, 1_000);
    case 'by index': {
      const ask = ASK.byItem(itemId(run, rows));
      return (subject) => subject.byItem(ask);
    }
    case 'all sorted': {
      const ask = ASK.allSorted();
      return (subject) => subject.allSorted(ask);
    }
    case '4 in parallel': {
      const cuts = quarters(rows);
      const asks = [0, 1, 2, 3].map((at) => ASK.between(cuts[at] ?? 0, cuts[at + 1] ?? 0));
      return (subject) =>
        Promise.all(asks.map((ask) => subject.between(ask))) as Promise<Movement[][]>;
    }
    case 'count': {
      const ask = ASK.ofLocation(locationId(run));
      return (subject) => subject.countOf(ask);
    }
    case 'page of 50': {
      const ask = ASK.page(locationId(run));
      return (subject) => subject.page(ask);
    }
    default:
      throw new Error(`no such step: ${step}`);
  }
}

function byIds(rows: number, run: number, count: number): Work {
  const wanted = ids(rows, run, count);
  return (subject) => subject.byIds(wanted);
}

/** Single documents, each durable before the next. Those of a round are new ones. */
async function insertSingles(subject: Subject, rows: number, round: number): Promise<StepResult> {
  const ms: number[] = [];
  for (let at = 0; at < SINGLE_INSERTS; at += 1) {
    const document = movementDocument(rows + round * SINGLE_INSERTS + at, rows);
    ms.push(await timed(() => subject.insert([document])));
  }
  // A document that no index knows yet is not all the way in: the share of each is part of its time.
  if (subject.settle) {
    const share = (await timed(() => subject.settle?.() ?? Promise.resolve())) / ms.length;
    return { kind: 'step', ms: ms.map((one) => one + share), found: 0, runs: ms.length };
  }
  return { kind: 'step', ms, found: 0, runs: ms.length };
}

/** From nothing to the first durable document. */
async function firstInserts(subject: Subject, folder: string, rows: number): Promise<StepResult> {
  const ms: number[] = [];
  const first = [movementDocument(0, rows)];
  for (let run = 0; run < REOPENINGS; run += 1) {
    await subject.close();
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    ms.push(
      await timed(async () => {
        await subject.create(folder);
        await subject.insert(first);
      }),
    );
  }
  return { kind: 'step', ms, found: 0, runs: ms.length };
}

/** From a closed store to the first document of it. */
async function reopen(subject: Subject, folder: string, rows: number): Promise<StepResult> {
  const ms: number[] = [];
  let found = 0;
  for (let run = 0; run < REOPENINGS; run += 1) {
    await subject.close();
    const took = await timed(async () => {
      await subject.open(folder);
      found = sum(await subject.byIds(ids(rows, run, 1)));
    });
    ms.push(took);
  }
  return { kind: 'step', ms, found, runs: ms.length };
}

/** Ids of movements spread over the store, in no order. */
function ids(rows: number, run: number, count: number): string[] {
  const many = Math.min(count, rows);
  return Array.from({ length: many }, (_, at) =>
    movementId((Math.abs(run) * 31 + at * 7_919) % rows),
  );
}

/** What an answer amounts to: its documents with two of their values, or a count. */
function sum(answer: readonly Movement[] | readonly Movement[][] | number): number {
  if (typeof answer === 'number') return answer;
  let total = 0;
  for (const { line_no: line, qty_base: quantity } of answer.flat()) {
    total += 1 + line + quantity / 10_000;
  }
  return total;
}

async function timed(fn: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await fn();
  return performance.now() - begun;
}

const collectGarbage = (): void => (globalThis as { gc?: () => void }).gc?.();
