import { openDatabase } from './open-database.ts';
import { getRxStorageSqlite } from './rx-storage-sqlite.ts';
import { silentLogger as log } from '#shared/logging/logger.ts';
import { fillWithDefaultSettings, normalizeMangoQuery, prepareQuery } from 'rxdb/plugins/core';
import { rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
const N = Number(process.argv[2] ?? 10000),
  key = '2b'.repeat(32);
const T = { type: 'string', maxLength: 40 },
  I = { type: 'integer', minimum: 0, maximum: 9999999999999, multipleOf: 1 },
  NT = { type: ['string', 'null'], maxLength: 40 };
const schema: any = fillWithDefaultSettings<any>({
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: T,
    item_id: T,
    location_id: T,
    lot_id: NT,
    kind: T,
    qty_base: I,
    reason: T,
    hlc: T,
    origin_seq: I,
    created_at: I,
    created_by: NT,
    device_id: NT,
    note: { type: 'string' },
    ref_id: NT,
    status: T,
    active: { type: 'boolean' },
  },
  required: ['id', 'item_id', 'location_id', 'kind', 'created_at'],
  indexes: [['item_id', 'location_id'], ['created_at'], ['kind', 'created_at']],
});
const mk = (i: number): any => ({
  id: '0190aaaa-bbbb-7ccc-8ddd-' + String((i * 7919) % 1000003).padStart(12, '0'),
  item_id: '0190aaaa-bbbb-7ccc-8ddd-' + String(i % 500).padStart(12, '0'),
  location_id: 'loc' + (i % 3),
  lot_id: i % 4 ? 'lot-' + (i % 700) : null,
  kind: ['use', 'receipt', 'count'][i % 3],
  qty_base: (i % 97) * 10000,
  reason: 'reason ' + (i % 7),
  hlc: (1700000000000 + i).toString(16).padStart(12, '0') + '-0000-aaaaaaaaaaaa',
  origin_seq: i,
  created_at: 1700000000000 + i * 1000,
  created_by: '0190aaaa-bbbb-7ccc-8ddd-00000000000' + (i % 5),
  device_id: '0190aaaa-bbbb-7ccc-8ddd-00000000001' + (i % 5),
  note: 'some free text ' + i,
  ref_id: null,
  status: 'open',
  active: i % 2 === 0,
  _deleted: false,
  _rev: '1-abcdefghij',
  _meta: { lwt: 1700000000000.01 },
  _attachments: {},
});
const docs = Array.from({ length: N }, (_, i) => mk(i));
const fresh = (f: string) => {
  for (const x of ['', '-wal', '-shm']) rmSync(f + x, { force: true });
  return f;
};
const f = fresh('/tmp/storage/b.db');
let database = openDatabase({ file: f, key, log });
let storage = getRxStorageSqlite({ database, log });
const params: any = {
  databaseInstanceToken: 't',
  databaseName: 'd',
  collectionName: 'moves',
  schema,
  options: {},
  multiInstance: false,
  devMode: false,
};
let inst: any = await storage.createStorageInstance(params);
const out: any[] = [];
const ms = (x: number) => x.toFixed(2);
const time = async (fn: () => any, n = N > 20000 ? 7 : 61) => {
  const r = [];
  for (let i = 0; i < n; i++) {
    const a = performance.now();
    await fn();
    r.push(performance.now() - a);
  }
  return r.sort((a, b) => a - b)[n >> 1]!;
};
let a = performance.now();
for (let i = 0; i < N; i += 500) {
  const { error } = await inst.bulkWrite(
    docs.slice(i, i + 500).map((document) => ({ document })),
    'x',
  );
  if (error.length) throw 1;
}
const insMs = performance.now() - a;
// raw
const rf = fresh('/tmp/storage/r.db');
const raw = new Database(rf);
raw.pragma("cipher='sqlcipher'");
raw.pragma(`key="x'${key}'"`);
for (const p of [
  'journal_mode=wal',
  'synchronous=full',
  'secure_delete=on',
  'cache_size=-65536',
  'temp_store=memory',
])
  raw.pragma(p);
for (const { sql } of database.read<any>(
  "select sql from sqlite_master where tbl_name='moves' and sql is not null order by rootpage",
))
  if (!sql.includes('VIEW') && !sql.includes('view')) raw.exec(sql);
const cols = database
  .read<any>("select name from pragma_table_info('moves')")
  .map((c: any) => c.name);
const own = cols.slice(6, -1);
const ins = raw.prepare(
  `insert into moves(${cols.map((c: string) => `"${c}"`)}) values(${cols.map(() => '?')})`,
);
let seq = 0;
const put = (o: any) =>
  ins.run(
    o.id,
    o._rev,
    0,
    1,
    ++seq,
    'local',
    ...own.map((c: string) => (typeof o[c] === 'boolean' ? +o[c] : o[c])),
    JSON.stringify(o),
  );
a = performance.now();
for (let i = 0; i < N; i += 500) {
  raw.exec('begin immediate');
  for (let j = i; j < i + 500; j++) put(docs[j]);
  raw.exec('commit');
}
const rawIns = performance.now() - a;
out.push([
  'bulk insert (500 a batch) /s',
  ((N / insMs) * 1000).toFixed(0),
  ((N / rawIns) * 1000).toFixed(0),
  (rawIns / insMs).toFixed(2),
]);
let k = N;
a = performance.now();
for (let i = 0; i < 300; i++) await inst.bulkWrite([{ document: mk(k++) }], 'x');
const s1 = (performance.now() - a) / 300;
a = performance.now();
let k2 = N;
for (let i = 0; i < 300; i++) {
  raw.exec('begin immediate');
  put(mk(k2++));
  raw.exec('commit');
}
const s2 = (performance.now() - a) / 300;
out.push(['single durable insert ms', ms(s1), ms(s2), (s2 / s1).toFixed(2)]);
const ids = docs.filter((_, i) => i % Math.ceil(N / 3000) === 0).map((d) => d.id);
const g = raw.prepare('select doc from moves where id in (select value from json_each(?))').pluck();
const line = async (name: string, x: () => any, y: () => any) => {
  const p = await time(x),
    q = await time(y);
  out.push([name, ms(p), ms(q), (q / p).toFixed(2)]);
};
await line(
  `find ${ids.length} ids ms`,
  () => inst.findDocumentsById(ids, false),
  () => (g.all(JSON.stringify(ids)) as string[]).map((t) => JSON.parse(t)),
);
const prep = (q: any) => {
  q.selector = { ...q.selector, _deleted: { $eq: false } };
  return prepareQuery(schema, normalizeMangoQuery(schema, q)) as any;
};
const q = (sql: string) => raw.prepare(sql).pluck();
const js = (r: any) => (r as string[]).map((t) => JSON.parse(t));
const item = docs[7].item_id;
const q1 = prep({ selector: { item_id: { $eq: item } } }),
  r1 = q('select doc from moves where deleted=0 and item_id=? order by location_id,id');
await line(
  'find by index (' + (await inst.query(q1)).documents.length + ' docs) ms',
  () => inst.query(q1),
  () => js(r1.all(item)),
);
const q2 = prep({ selector: {}, sort: [{ created_at: 'asc' }] }),
  r2 = q('select doc from moves where deleted=0 order by created_at,id');
await line(
  'all sorted ms',
  () => inst.query(q2),
  () => js(r2.all()),
);
await line(
  'all sorted as JSON ms',
  () => inst.queryAsJson(q2),
  () => `[${r2.all().join()}]`,
);
const q3 = prep({ selector: { kind: { $eq: 'use' } } }),
  r3 = q("select count(*) from moves where deleted=0 and kind='use'");
await line(
  'count ms',
  () => inst.count(q3),
  () => r3.get(),
);
const q4 = prep({ selector: {}, sort: [{ created_at: 'desc' }], limit: 50 }),
  r4 = q('select doc from moves where deleted=0 order by created_at desc,id limit 50');
await line(
  'page of 50 ms',
  () => inst.query(q4),
  () => js(r4.all()),
);
const q5 = prep({ selector: { note: { $regex: '77$' } } });
out.push(['regex scan ms', ms(await time(() => inst.query(q5))), '', '']);
await line(
  '4 parallel queries ms',
  () => Promise.all([q1, q3, q4, q1].map((x) => inst.query(x))),
  () =>
    [
      r1.all(item),
      q("select doc from moves where deleted=0 and kind='use' order by created_at, id").all(),
      r4.all(),
      r1.all(item),
    ].map(js),
);
const prevs = docs.slice(0, 5000);
a = performance.now();
for (let i = 0; i < 5000; i += 500) {
  const { error } = await inst.bulkWrite(
    prevs
      .slice(i, i + 500)
      .map((p: any) => ({ previous: p, document: { ...p, qty_base: 1, _rev: '2-abcdefghij' } })),
    'x',
  );
  if (error.length) throw 2;
}
out.push(['bulk update /s', ((5000 / (performance.now() - a)) * 1000).toFixed(0), '', '']);
await inst.close();
database.close();
const reopen = async () => {
  const d = openDatabase({ file: f, key, log });
  const s = getRxStorageSqlite({ database: d, log });
  const i = await s.createStorageInstance(params);
  await i.count(q3);
  d.close();
};
out.push(['reopen + first count ms', ms(await time(reopen)), '', '']);
out.push([
  'file MB',
  (statSync(f).size / 1e6).toFixed(1),
  (statSync(rf).size / 1e6).toFixed(1),
  '',
]);
console.log('N', N, process.version, 'doc bytes', JSON.stringify(docs[0]).length);
for (const l of out)
  console.log(
    l[0].padEnd(36),
    String(l[1]).padStart(10),
    String(l[2]).padStart(10),
    String(l[3]).padStart(6),
  );
