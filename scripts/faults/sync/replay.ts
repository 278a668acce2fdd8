import { existsSync, readFileSync } from 'node:fs';
import { PushRequest } from '#shared/protocol/messages.ts';
import type { Rng } from '../../demo-data/rng.ts';
import type { Findings } from '../fault-kind.ts';
import type { Clinic } from './clinic.ts';
import type { Device } from './device.ts';
import { lightClient } from './light-client.ts';

/** Tables in which a repeated push could leave a trace. */
const FOOTPRINT = [
  'inventory_items',
  'item_locations',
  'stock_acts',
  'inventory_lots',
  'stock_movements',
  'count_sessions',
  'count_lines',
  'transitions',
  'conflict_log',
  'review_items',
  'audit_logs',
] as const;

async function footprint({ admin }: Clinic): Promise<string> {
  const parts = FOOTPRINT.map(
    (table) =>
      `select '${table}' as t, md5(string_agg(r.id::text || r.row_xid::text || r.row_version::text,
         ',' order by r.id)) as h from public.${table} r`,
  );
  const { rows } = await admin.query(parts.join(' union all '));
  return JSON.stringify(rows);
}

/**
 * Sends pushes that a device has sent before once more, in any order: nothing may change.
 * @param recorded the file into which the device wrote its pushes
 */
export async function checkReplays(
  found: Findings,
  clinic: Clinic,
  device: Device,
  recorded: string,
  rng: Rng,
  most: number,
): Promise<void> {
  if (!existsSync(recorded)) return;
  const requests = readFileSync(recorded, 'utf8').split('\n').filter(Boolean);
  const { id } = await device.call('device', null);
  const client = await lightClient(clinic, device.person, id);
  const before = await footprint(clinic);
  for (const text of rng.sample(requests, most)) {
    // A line cut short by a kill was never sent.
    const parsed = PushRequest.safeParse(jsonOf(text));
    if (!parsed.success) continue;
    await client.api.push(parsed.data);
    found.checked('requests repeated');
  }
  if ((await footprint(clinic)) !== before) {
    found.problem(`a repeated push of ${device.name} changed something`);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
