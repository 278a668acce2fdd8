import { mkdtempSync } from 'node:fs';
import { inScope, replicaScopes } from '#shared/access/rights.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { expandAct } from '#shared/merge/expand.ts';
import { Device, fastTime } from './device.ts';
import { ITEM, SITE_A, USER_ANA, actFields, deviceId, itemRow } from './fixtures.ts';
import { MemoryServer } from './memory-server.ts';
const time = fastTime(1);
let inPull = 0;
const server = new MemoryServer({ clock: time, inScope, scopesOf: (u, t) => replicaScopes([{ role: 'MG', locationId: null, validFrom: 0, validTo: null }], u, t) });
const orig = server.api.bind(server);
server.api = (...w) => { const a = orig(...w); return { ...a, pull: async (r) => { const t = performance.now(); const x = await a.pull(r); inPull += performance.now() - t; return x; } }; };
const N = 10000;
for (let n = 0; n < N; n++) server.put('inventory_items', itemRow(derivedId('i', String(n)), `S${n}`), { silent: true });
for (let n = 0; n < N / 2; n++) {
  const act = { id: derivedId('a', String(n)), created_at: Date.UTC(2026, 0, 5), created_by: null, device_id: null, hlc: '0'.repeat(12) + '-0000-' + '0'.repeat(12), origin_seq: null, ...actFields(ITEM, SITE_A, [{ qty: 10000, lot: null }, { qty: 20000, lot: null }]) } as never;
  server.put('stock_acts', act, { silent: true });
  for (const e of expandAct('stock_acts', act)) server.put(e.table, e.row, { silent: true });
}
const device = new Device({ server, file: mkdtempSync('/tmp/repl/b') + '/x.db', userId: USER_ANA, deviceId: deviceId(1), tables: ['locations', 'inventory_items', 'item_locations', 'stock_acts', 'inventory_lots', 'stock_movements'], inScope, time });
await device.open();
const t = performance.now();
await device.startSync();
await device.replication.firstSyncDone;
const ms = performance.now() - t;
console.log((2.5 * N / ms * 1000).toFixed(0), 'rows/s', ms.toFixed(0), 'ms, in server', inPull.toFixed(0));
await device.stop();
