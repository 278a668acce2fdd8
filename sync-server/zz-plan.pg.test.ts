import pg from 'pg';
import { test } from 'vitest';
import { SITE, openRig } from './testing/rig.suite.ts';
import * as make from './testing/rows.suite.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import { pullSql } from './sync/table-sql.ts';
import { writeFileSync } from 'node:fs';

test('plan', async () => {
  const out: string[] = [];
  const rig = await openRig({ over: { poolSize: 2 } });
  const boss = await rig.client(await rig.person(['MG', null]));
  for (let i = 0; i < 10; i++) await boss.push(...Array.from({ length: 200 }, () => ({ table: 'inventory_items' as const, row: make.item(boss) })));
  const d = await rig.client(await rig.person(['CS', SITE.AA], ['CS', SITE.WX]));
  const c = new pg.Client({ connectionString: rig.config.databaseUrl });
  await c.connect();
  await rig.db.admin.query('analyze');
  await c.query('begin');
  await c.query(`select set_config('role','authenticated',true), set_config('request.jwt.claims', $1, true)`, [JSON.stringify({ sub: d.userId, role: 'authenticated' })]);
  const parts = (t: string) => (t === 'inventory_items' ? ['org'] : ['org', `loc:${SITE.AA}`, `loc:${SITE.WX}`]);
  for (const table of ['inventory_items', 'stock_acts', 'user_roles', 'count_lines'] as const) {
    for (const big of ['9999999999', '0']) {
      const { text, values } = pullSql(table, parts(table).map((part) => ({ part, xid: big, id: '00000000-0000-0000-0000-000000000000' })), 1001);
      for (let i = 0; i < 5; i++) await c.query(text, values);
      const { rows } = await c.query('explain (analyze, costs off) ' + text, values);
      const lines = rows.map((r) => r['QUERY PLAN']);
      out.push(`${table} ${big}: ` + lines.filter((l) => /Time/.test(l)).join(' '));
      if (table === 'stock_acts' && big === '0') out.push(...lines);
      const t = performance.now();
      for (let i = 0; i < 50; i++) await c.query(text, values);
      out.push(`   ${((performance.now() - t) / 50).toFixed(2)} ms`);
    }
  }
  const t = performance.now();
  for (let i = 0; i < 100; i++) await c.query('select 1');
  out.push(`select 1: ${((performance.now() - t) / 100).toFixed(2)} ms`);
  for (const f of [`private.reaches_all('stock_acts','read')`, `private.sites('stock_acts','read')`, 'private.epoch()', `auth.uid()`]) {
    const t1 = performance.now();
    for (let i = 0; i < 100; i++) await c.query('select ' + f);
    out.push(`${f}: ${((performance.now() - t1) / 100).toFixed(2)} ms`);
  }
  // one probe
  const probes = TABLE_NAMES.map((table) => { const { text } = pullSql(table, [{ part: 'org', xid: '0', id: '0' }], 1); void text; return `exists(select from public.${table} t where (t.row_xid, t.id) > ('9999999999'::xid8, '00000000-0000-0000-0000-000000000000'::uuid) and t.row_xid < pg_snapshot_xmin(pg_current_snapshot()))`; });
  const ptext = `select array[${probes.join(',')}]`;
  for (let i = 0; i < 5; i++) await c.query(ptext);
  const t2 = performance.now();
  for (let i = 0; i < 50; i++) await c.query(ptext);
  out.push(`probe 15 x1: ${((performance.now() - t2) / 50).toFixed(2)} ms`);
  const { rows } = await c.query('explain (analyze, costs off) ' + ptext);
  out.push(...rows.map((r) => r['QUERY PLAN']).filter((l) => /Time/.test(l)));
  writeFileSync('/tmp/sync/plan.txt', out.join('\n'));
  await c.end();
  await rig.close();
}, 300_000);
