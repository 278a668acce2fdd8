import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson } from '#shared/kernel/json.ts';
import { metaOf } from '#desktop/storage/definitions.ts';
import type { Rng } from '../../demo-data/rng.ts';
import { Findings } from '../fault-kind.ts';
import type { CaseResult, FaultKind } from '../fault-kind.ts';
import { SeqWatch, brokenRules, differences } from './compare.ts';
import type { Difference } from './compare.ts';
import { writeUntilKilled } from './killed-writer.ts';
import type { KillMoment, KilledWriter } from './killed-writer.ts';
import { NOTES, bare, noteOfVersion } from './open-store.ts';
import type { Plain } from './open-store.ts';
import { Model } from './operations.ts';
import type { Operation } from './operations.ts';
import { readPages } from './pages.ts';
import { MIXED, makePlan } from './plan.ts';
import type { Weights } from './plan.ts';
import type { Dump, LoggedRow } from './read-store.ts';
import { Reader } from './reader-client.ts';
import type { DeathSite } from './writer.ts';

/**
 * A process that writes is killed with SIGKILL, again and again on the same file; after each kill
 * another process opens the file and compares every row with what was acknowledged.
 */

/** Kills of one file, one after the other. */
const KILLS_A_LIFE = 6;
const OPERATIONS = 260;

interface Kill {
  readonly moment: KillMoment;
  readonly dieAt?: DeathSite;
  readonly weights?: Weights;
  /** True: a build with the next version of a table opens the file. */
  readonly upgrade?: boolean;
  readonly allTables?: boolean;
}

/** Kills of a file that is being made. */
const FIRST: Readonly<Record<string, (rng: Rng) => Kill>> = {
  creation: (rng) => ({ moment: { after: 'opening', ms: rng.int(0, 45) } }),
  'creation of all tables': (rng) => ({
    moment: { after: 'opening', ms: rng.int(5, 400) },
    allTables: true,
  }),
  'an empty file': () => ({ moment: 'by itself', dieAt: { where: 'file', nth: 1 } }),
  'a prepared file': () => ({ moment: 'by itself', dieAt: { where: 'prepared', nth: 1 } }),
};

/** Kills of a file that holds data. */
const LATER: Readonly<Record<string, (rng: Rng) => Kill>> = {
  'any time': (rng) => ({ moment: { after: 'opened', ms: rng.int(1, 160) } }),
  'any time later': (rng) => ({ moment: { after: 'opened', ms: rng.int(100, 600) } }),
  'right after an answer': (rng) => ({ moment: { after: `ack ${rng.int(0, 90)}`, ms: 0 } }),
  'in a transaction': (rng) => ({
    moment: 'by itself',
    dieAt: { where: 'transaction', nth: rng.int(1, 120) },
  }),
  'between commit and answer': (rng) => ({
    moment: 'by itself',
    dieAt: { where: 'committed', nth: rng.int(1, 150) },
  }),
  'during a checkpoint': (rng) => ({
    moment: { after: `start ${rng.int(2, 40) * 2 - 1} checkpoint`, ms: rng.int(0, 2) },
    weights: { insertMany: 3, edit: 3, act: 2 },
  }),
  'during an upgrade': (rng) => ({
    moment: { after: 'opening', ms: rng.int(10, 60) },
    upgrade: true,
  }),
  'in the transaction of an upgrade': (rng) => ({
    moment: 'by itself',
    dieAt: { where: 'upgrade', nth: rng.int(1, 2) },
    upgrade: true,
  }),
};

export const kills: FaultKind = {
  name: 'kills',
  mustCheck: [
    'kills',
    'acknowledged writes',
    'rows',
    'whole batches',
    'change numbers',
    'waiting counters',
    'pages',
    'rows in the side log',
    'integrity checks',
  ],
  async start({ sizes, folder, rng }) {
    const reader = new Reader();
    const lives = Math.max(1, Math.ceil(sizes.kills / KILLS_A_LIFE));
    const cases = Array.from({ length: lives }, (_, life) => ({
      name: `life ${life}`,
      run: () =>
        runLife({
          rng: rng(`life ${life}`),
          folder: path.join(folder, `life-${life}`),
          life,
          kills: Math.min(KILLS_A_LIFE, sizes.kills - life * KILLS_A_LIFE),
          reader,
        }),
    }));
    return { cases, end: () => reader.end() };
  },
};

interface Life {
  readonly rng: Rng;
  readonly folder: string;
  readonly life: number;
  readonly kills: number;
  readonly reader: Reader;
}

async function runLife({ rng, folder, life, kills: count, reader }: Life): Promise<CaseResult> {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'ganger.db');
  const jobFile = path.join(folder, 'job.json');
  const key = rng.hex(64);
  const found = new Findings();
  const seqs = new SeqWatch();
  let model = new Model();
  for (let nth = 0; nth < count && found.isClean; nth += 1) {
    // Every way of dying comes up, whatever the seed.
    const ways = Object.entries(nth === 0 ? FIRST : LATER);
    const [way, kill] = ways[(nth === 0 ? life : life * (count - 1) + nth - 1) % ways.length] ?? [];
    if (way === undefined || kill === undefined) break;
    const { moment, dieAt, weights = MIXED, upgrade = false, allTables } = kill(rng);
    if (upgrade) model.upgradeNotes({ notes: NOTES, meta: metaOf(NOTES) });
    const plan = withCheckpoints(makePlan(rng, model, OPERATIONS, weights), way);
    const open = { file, key, notesVersion: model.notesVersion, allTables, sideLog: true };
    const killed = await writeUntilKilled(jobFile, { open, plan, dieAt }, moment);
    const where = `kill ${nth} (${way}, after ${killed.acknowledged} answers)`;
    if (killed.problem !== undefined) {
      found.problem(`${where}: ${killed.problem}`);
      break;
    }
    found.checked('kills');
    const read = await reader.read(open);
    if (!('dump' in read)) {
      found.lost(`${where}: the file does not open: ${JSON.stringify(read)}`);
      break;
    }
    const next = judge({ found, where, model, plan, killed, dump: read.dump });
    if (!next) break;
    judgeSideLog({ found, where, model, plan, killed, logged: read.logged });
    const { inserted = 0, joined = 0 } = read.settled ?? {};
    if (inserted + joined > 0) found.problem(`${where}: rows came back that were not lost`);
    model = next;
    for (const broken of [...brokenRules(read.dump), ...seqs.look(read.dump)]) {
      found.problem(`${where}: ${broken}`);
    }
    for (const page of readPages(file, key)) {
      found.checked('pages');
      if (!page.authentic) found.problem(`${where}: page ${page.number} is not authentic`);
    }
  }
  return found.result();
}

/** Every second operation a checkpoint, where it is checkpoints that are to be hit. */
function withCheckpoints(plan: readonly Operation[], way: string): readonly Operation[] {
  if (way !== 'during a checkpoint') return plan;
  return plan.flatMap((operation): Operation[] => [operation, { kind: 'checkpoint' }]);
}

/** @returns what the store holds now, or undefined when it is neither of what it may hold */
function judge(options: {
  found: Findings;
  where: string;
  model: Model;
  plan: readonly Operation[];
  killed: KilledWriter;
  dump: Dump;
}): Model | undefined {
  const { found, where, model, plan, killed, dump } = options;
  const { acknowledged, hasBegun } = killed;
  const sure = new Model(model);
  for (const operation of plan.slice(0, acknowledged)) sure.apply(operation);
  count(found, plan.slice(0, acknowledged), dump);
  const without = differences(sure, dump);
  if (without.length === 0) return sure;
  const begun = plan[acknowledged];
  const all = hasBegun && begun ? new Model(sure).apply(begun) : undefined;
  const withIt = all ? differences(all, dump) : without;
  if (withIt.length === 0) return all;
  const words = (list: readonly Difference[]): string =>
    list
      .slice(0, 5)
      .map((one) => `${one.kind} ${one.words}`)
      .join(', ');
  // What differs from both is of the last operation alone: a part of it is there.
  const isOnlyLast =
    begun !== undefined && hasBegun && without.length + withIt.length <= size(begun);
  if (isOnlyLast) found.torn(`${where}: ${words(without)}`);
  else found.lost(`${where}: ${words(withIt)}`, withIt.length);
  return undefined;
}

/** Every acknowledged write that the server does not have stands in the side log, too. */
function judgeSideLog(options: {
  found: Findings;
  where: string;
  model: Model;
  plan: readonly Operation[];
  killed: KilledWriter;
  logged: readonly LoggedRow[];
}): void {
  const { found, where, model, plan, killed, logged } = options;
  const { acknowledged, hasBegun } = killed;
  const sure = new Model(model);
  for (const operation of plan.slice(0, acknowledged)) sure.apply(operation);
  const begun = hasBegun ? plan[acknowledged] : undefined;
  const touched = new Set(begun ? idsOf(begun) : []);
  const rows = new Map(logged.map((row) => [`${row.table} ${row.id}`, row]));
  for (const [table, wanted] of sure.tables) {
    for (const [id, { document, origin }] of wanted) {
      if (origin !== 'local' || touched.has(id)) continue;
      found.checked('rows in the side log');
      const row = rows.get(`${table} ${id}`);
      const content = row && upgraded(row, sure.notesVersion);
      if (
        !content ||
        canonicalJson(content as never) !== canonicalJson(bareOf(document) as never)
      ) {
        found.lost(`${where}: ${table} ${id} is not in the side log`);
      }
    }
  }
}

function idsOf(operation: Operation): string[] {
  if (operation.kind === 'write') {
    return operation.rows.flatMap(({ document }) => [
      String(document['id']),
      typeof document['itemId'] === 'string' ? document['itemId'] : '',
    ]);
  }
  return 'ids' in operation ? [...operation.ids] : [];
}

/** A row of the log as the present version has it. */
function upgraded({ table, version, row }: LoggedRow, wanted: number): Plain {
  let next: Plain = row;
  if (table !== NOTES || row['_deleted'] === true) return next;
  for (let to = version + 1; to <= wanted; to += 1) next = noteOfVersion(next, to);
  return next;
}

function bareOf(document: Plain): Plain {
  const row = bare(document);
  return document['_deleted'] === true ? { ...row, _deleted: true } : row;
}

const size = (operation: Operation): number =>
  2 * (operation.kind === 'write' ? operation.rows.length * 30 : 20);

function count(found: Findings, acknowledged: readonly Operation[], dump: Dump): void {
  found.checked('acknowledged writes', acknowledged.length);
  const batches = acknowledged.filter(
    (operation) =>
      (operation.kind === 'write' && operation.rows.length > 1) ||
      (operation.kind === 'write' && operation.collection === 'stock_acts'),
  );
  found.checked('whole batches', batches.length);
  for (const { rows } of Object.values(dump.tables)) {
    found.checked('rows', rows.length);
    found.checked('change numbers', rows.length);
    found.checked('waiting counters');
  }
  found.checked('integrity checks');
}
