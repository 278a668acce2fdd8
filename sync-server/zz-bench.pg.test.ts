import { test } from 'vitest';
import { SITE, openRig } from './testing/rig.suite.ts';
import * as make from './testing/rows.suite.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import { writeFileSync } from 'node:fs';

test('bench', async () => {
  const out: string[] = [];
  const rig = await openRig();
  const boss = await rig.client(await rig.person(['MG', null]));
  const item = make.item(boss);
  await boss.push({ table: 'inventory_items', row: item });
  const time = async (name: string, n: number, per: number, work: (i: number) => Promise<unknown>, par = 4) => {
    const lat: number[] = [];
    let next = 0;
    const t0 = performance.now();
    await Promise.all(Array.from({ length: par }, async () => {
      while (next < n) { const i = next++; const a = performance.now(); await work(i); lat.push(performance.now() - a); }
    }));
    const ms = performance.now() - t0;
    lat.sort((a, b) => a - b);
    out.push(`${name}: ${Math.round((n * per) / (ms / 1000))} rows/s, p50 ${lat[lat.length >> 1]!.toFixed(1)} p95 ${lat[Math.floor(lat.length * 0.95)]!.toFixed(1)} ms`);
  };
  const clients = await Promise.all([0, 1, 2, 3].map(() => rig.client(boss.userId)));
  await time('single item', 400, 1, (i) => clients[i % 4]!.push({ table: 'inventory_items', row: make.item(clients[i % 4]!) }));
  await time('items x50', 120, 50, (i) => { const c = clients[i % 4]!; return c.push(...Array.from({ length: 50 }, () => ({ table: 'inventory_items' as const, row: make.item(c) }))); });
  await time('items x200', 40, 200, (i) => { const c = clients[i % 4]!; return c.push(...Array.from({ length: 200 }, () => ({ table: 'inventory_items' as const, row: make.item(c) }))); });
  const c0 = clients[0]!;
  const its = Array.from({ length: 50 }, () => make.item(c0));
  await c0.push(...its.map((row) => ({ table: 'inventory_items' as const, row })));
  let cur = its;
  await time('updates x50', 40, 50, async () => { const nx = cur.map((r) => make.edited(r, c0, { name: `n${Math.random()}` })); await c0.push(...nx.map((row, k) => ({ table: 'inventory_items' as const, row, base: cur[k]!.field_hlc ?? null }))); cur = nx; }, 1);
  await time('acts x50 (1 line)', 60, 50, (i) => { const c = clients[i % 4]!; return c.push(...Array.from({ length: 50 }, () => ({ table: 'stock_acts' as const, row: make.act(c, SITE.AA, [make.line(item.id, { lot_no: 'A1' })]) }))); });
  await time('single act', 400, 1, (i) => { const c = clients[i % 4]!; return c.push({ table: 'stock_acts' as const, row: make.act(c, SITE.AA, [make.line(item.id)]) }); });
  await rig.db.admin.query('analyze');
  // first pull
  let cursors: Record<string, [string, string]> = {}; let rows = 0; const t0 = performance.now();
  for (;;) { const [p] = (await boss.pull([{ table: 'inventory_items', cursors }])).tables; rows += p!.rows.length; cursors = { ...cursors, ...p!.cursors }; if (!p!.more) break; }
  out.push(`pull items: ${rows} rows ${Math.round(rows / ((performance.now() - t0) / 1000))}/s`);
  const all: Record<string, Record<string, [string, string]>> = {};
  for (;;) { const reply = await boss.pull(TABLE_NAMES.map((table) => ({ table, cursors: all[table] ?? {} }))); for (const t of reply.tables) all[t.table] = { ...all[t.table], ...t.cursors }; if (!reply.tables.some((t) => t.more)) break; }
  await time('idle pull all tables (MG)', 400, 1, () => boss.pull(TABLE_NAMES.map((table) => ({ table, cursors: all[table] ?? {} }))));
  const cs = await rig.client(await rig.person(['CS', SITE.AA], ['CS', SITE.WX]));
  const mine: Record<string, Record<string, [string, string]>> = {};
  for (;;) { const reply = await cs.pull(TABLE_NAMES.map((table) => ({ table, cursors: mine[table] ?? {} }))); for (const t of reply.tables) mine[t.table] = { ...mine[t.table], ...t.cursors }; if (!reply.tables.some((t) => t.more)) break; }
  await time('idle pull all tables (CS 2 sites)', 400, 1, () => cs.pull(TABLE_NAMES.map((table) => ({ table, cursors: mine[table] ?? {} }))));
  await time('health', 2000, 1, () => fetch(rig.server.url + '/healthz').then((r) => r.text()));
  writeFileSync('/tmp/sync/bench.txt', out.join('\n'));
  await rig.close();
}, 300_000);
