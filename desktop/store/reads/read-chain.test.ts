import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { NO_HEAD, checkLinks } from '#shared/kernel/chain.ts';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { ReadEntry } from '#shared/protocol/audit.ts';
import { openReadChain, sha256 } from './read-chain.ts';
import type { NewEntry, ReadChain, ReadChainOptions } from './read-chain.ts';

const DEVICE = newId();
const ACTOR = newId();

const entry = (id = newId()): NewEntry => ({
  actor: ACTOR,
  action: 'read',
  table: 'patients',
  rows: [id],
  patients: [id],
  screen: 'patients.timeline',
  window: 1,
});

function fileIn(): () => EncryptedDatabase {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'ganger-reads-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = path.join(dir, 'device.db');
  return () => openDatabase({ file, key: 'ab'.repeat(32), log: silentLogger });
}

const chainIn = (database: EncryptedDatabase, over: Partial<ReadChainOptions> = {}): ReadChain =>
  openReadChain({ database, deviceId: DEVICE, isAnew: false, now: () => 1_000, ...over });

const entriesOf = (chain: ReadChain): ReadEntry[] => chain.since(0);

test('begins with an entry that says so, and every entry is one of the wire', () => {
  const chain = chainIn(fileIn()());
  chain.append(entry(), entry());
  const entries = entriesOf(chain);
  expect(entries.map(({ action, because }) => [action, because])).toEqual([
    ['begin', 'first'],
    ['read', undefined],
    ['read', undefined],
  ]);
  for (const one of entries) expect(ReadEntry.parse(one)).toEqual(one);
  const { after, links } = chain.unsent();
  expect(after).toEqual(NO_HEAD);
  expect(checkLinks(sha256, chain.id, after, links)).toMatchObject({ checked: 3, fault: null });
  expect(chain.check()).toMatchObject({ checked: 3, fault: null });
});

test('what was noted is there after the file was opened again, under the same key', () => {
  const open = fileIn();
  const first = open();
  const chain = chainIn(first);
  chain.append(entry());
  const { id, key, head } = chain;
  first.close();
  const again = chainIn(open());
  expect([again.id, again.key, again.head]).toEqual([id, key, head]);
  again.append(entry());
  expect(again.check()).toMatchObject({ checked: 3, fault: null });
});

test('signs with the key that it names', () => {
  const chain = chainIn(fileIn()());
  const key = createPublicKey({
    key: Buffer.from(`302a300506032b6570032100${chain.key}`, 'hex'),
    format: 'der',
    type: 'spki',
  });
  const signature = Buffer.from(chain.sign('something'), 'hex');
  expect(verify(null, Buffer.from('something'), key, signature)).toBe(true);
  expect(verify(null, Buffer.from('another thing'), key, signature)).toBe(false);
});

test('sends what the server does not have, and goes back to where the server is', () => {
  const chain = chainIn(fileIn()(), { keptAfter: 2 });
  chain.append(entry(), entry(), entry(), entry());
  const { links } = chain.unsent();
  const at = (seq: number) => {
    const link = links.find((one) => one.seq === seq);
    if (!link) throw new Error('not there');
    return { seq: link.seq, hash: link.hash };
  };
  chain.taken(at(4), null);
  expect(chain.unsent()).toMatchObject({ after: at(4), links: [{ seq: 5 }] });
  expect(chain.countUnsent()).toBe(1);
  // Entries 1 and 2 have gone, 3 and later are here.
  expect(chain.setBack(3)).toBe(true);
  expect(chain.unsent().links.map(({ seq }) => seq)).toEqual([4, 5]);
  expect(chain.setBack(1)).toBe(false);
  expect(chain.setBack(0)).toBe(false);
  expect(chain.check()).toMatchObject({ fault: null });
  chain.taken(at(5), null);
  chain.append(entry());
  expect(chain.unsent().links.map(({ seq }) => seq)).toEqual([6]);
});

test('a new chain says why, names the one before, and goes on with what was not sent', () => {
  const chain = chainIn(fileIn()());
  const kept = newId();
  chain.append(entry(), entry(kept));
  const before = { id: chain.id, key: chain.key };
  chain.setKnown(true);
  chain.beginAnew('forked', 3);
  expect(chain.id).not.toBe(before.id);
  expect(chain.key).not.toBe(before.key);
  expect(chain.isKnown).toBe(false);
  const [begin, carried, ...more] = entriesOf(chain);
  expect(begin).toMatchObject({ action: 'begin', because: 'forked', former: before.id, n: 3 });
  expect(carried).toMatchObject({ action: 'read', rows: [kept] });
  expect(more).toEqual([]);
  expect(chain.check()).toMatchObject({ checked: 2, fault: null });
  // The begin of a chain is no entry of the next one.
  chain.beginAnew('copy', 1);
  expect(entriesOf(chain).map(({ action }) => action)).toEqual(['begin', 'read']);
});

test('a machine whose own file was lost says that it begins anew', () => {
  const [begin] = entriesOf(chainIn(fileIn()(), { isAnew: true }));
  expect(begin).toMatchObject({ action: 'begin', because: 'anew', rows: [DEVICE] });
});

test('beyond its bound it counts, and says how many once there is room', () => {
  const chain = chainIn(fileIn()(), { mostUnsent: 3 });
  chain.append(entry(), entry());
  chain.append(entry());
  chain.append(entry(), entry());
  expect(chain.head.seq).toBe(3);
  chain.taken(chain.head, null);
  chain.append(entry());
  expect(entriesOf(chain).slice(3)).toMatchObject([{ action: 'lost', n: 3 }, { action: 'read' }]);
  expect(chain.check().fault).toBeNull();
});

test('what the disk does not take is counted and said later', () => {
  const database = fileIn()();
  const chain = chainIn(database);
  database.exec(
    "create trigger full before insert on read_entries begin select raise(abort, 'full'); end",
  );
  expect(() => chain.append(entry())).toThrow();
  expect(() => chain.append(entry(), entry())).toThrow();
  database.exec('drop trigger full');
  chain.append(entry());
  expect(entriesOf(chain).slice(1)).toMatchObject([{ action: 'lost', n: 3 }, { action: 'read' }]);
});

const HANDS: readonly (readonly [string, string])[] = [
  ['changed', `update read_entries set body = replace(body, 'read', 'list') where seq = 3`],
  ['deleted', 'delete from read_entries where seq = 3'],
  [
    'inserted',
    `update read_entries set seq = -seq where seq >= 3;
     update read_entries set seq = 1 - seq where seq < 0;
     insert into read_entries select 3, hash, body, at from read_entries where seq = 2`,
  ],
  [
    'moved',
    `update read_entries set seq = -1 where seq = 3; update read_entries set seq = 3 where seq = 4;
     update read_entries set seq = 4 where seq = -1`,
  ],
];

test.each(HANDS)('an entry that was %s in the file is found', (_, sql) => {
  const database = fileIn()();
  const chain = chainIn(database);
  chain.append(entry(), entry(), entry(), entry());
  database.exec(sql);
  expect(chain.check().fault).toMatchObject({ seq: 3 });
});
