import pg from 'pg';
import { test } from 'vitest';
import { SITE, openRig } from './testing/rig.suite.ts';
import * as make from './testing/rows.suite.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import { writeFileSync } from 'node:fs';

test('prof', async () => {
  const out: string[] = [];
  const rig = await openRig({ over: { poolSize: 2 } });
  const c = await rig.client(await rig.person(['CS', SITE.AA], ['CS', SITE.WX], ['MG', null]));
  const item = make.item(c);
  await c.push({ table: 'inventory_items', row: item });
  const stat = new Map<string, { n: number; ms: number }>();
  const orig = pg.Client.prototype.query as any;
  (pg.Client.prototype as any).query = function (text: any, values: any, cb: any) {
    const a = performance.now();
    const r = orig.call(this, text, values, cb);
    if (typeof text === 'string' && r?.then) r.then(() => { const k = text.replace(/\s+/g, ' ').slice(0, 90); const s = stat.get(k) ?? { n: 0, ms: 0 }; s.n++; s.ms += performance.now() - a; stat.set(k, s); }, () => {});
    return r;
  };
  const run = async (name: string, n: number, work: () => Promise<unknown>) => {
    for (let i = 0; i < 20; i++) await work();
    stat.clear();
    const t = performance.now();
    for (let i = 0; i < n; i++) await work();
    out.push(`== ${name}: ${((performance.now() - t) / n).toFixed(2)} ms each`);
    for (const [k, s] of [...stat].sort((a, b) => b[1].ms - a[1].ms).slice(0, 16)) out.push(`  ${(s.ms / n).toFixed(2)} ms x${(s.n / n).toFixed(1)} ${k}`);
  };
  await run('single item', 200, () => c.push({ table: 'inventory_items', row: make.item(c) }));
  await run('single act', 200, () => c.push({ table: 'stock_acts', row: make.act(c, SITE.AA, [make.line(item.id)]) }));
  await run('items x50', 30, () => c.push(...Array.from({ length: 50 }, () => ({ table: 'inventory_items' as const, row: make.item(c) }))));
  const d = await rig.client(await rig.person(['CS', SITE.AA], ['CS', SITE.WX]));
  const mine: Record<string, Record<string, [string, string]>> = {};
  for (;;) { const reply = await d.pull(TABLE_NAMES.map((table) => ({ table, cursors: mine[table] ?? {} }))); for (const t of reply.tables) mine[t.table] = { ...mine[t.table], ...t.cursors }; if (!reply.tables.some((t) => t.more)) break; }
  await run('idle pull', 100, () => d.pull(TABLE_NAMES.map((table) => ({ table, cursors: mine[table] ?? {} }))));
  writeFileSync('/tmp/sync/prof.txt', out.join('\n'));
  (pg.Client.prototype as any).query = orig;
  await rig.close();
}, 300_000);
