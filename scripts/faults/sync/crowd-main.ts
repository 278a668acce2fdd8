// Many light devices in one process: the replication as the app runs it over real encrypted files,
// for the tables of one screen only.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { inScope } from '#shared/access/rights.ts';
import { createServerApi } from '#desktop/replication/server-api.ts';
import { Device, fastTime } from '#desktop/replication/testing/device.ts';
import type { FromCrowd, ToCrowd } from './crowd-messages.ts';
import type { Ack } from './device-messages.ts';

interface Start {
  readonly folder: string;
  readonly serverUrl: string;
  readonly token: string;
  readonly userId: string;
  readonly devices: number;
  readonly writeEveryMs: number;
  readonly places: readonly string[];
  readonly name: string;
}

const start = JSON.parse(process.argv[2] ?? '') as Start;
const tell = (message: FromCrowd): void => void process.send?.(message);
mkdirSync(start.folder, { recursive: true });

/** When each request left, milliseconds. */
let requests: number[] = [];
const devices: Device[] = [];
const acks: Ack[] = [];
let isWriting = false;

for (let at = 0; at < start.devices; at += 1) {
  const deviceId = newId();
  const api = createServerApi({
    baseUrl: start.serverUrl,
    deviceId,
    getToken: () => Promise.resolve(start.token),
    log: silentLogger,
    fetch: (input, init) => {
      requests.push(Date.now());
      return fetch(input, init);
    },
  });
  await api.session({ id: deviceId, name: `${start.name} ${at}`, kind: 'desktop' });
  const device = new Device({
    api: () => api,
    file: path.join(start.folder, `${deviceId}.db`),
    userId: start.userId,
    deviceId,
    tables: ['locations', 'inventory_items', 'item_locations'],
    inScope,
    time: fastTime(1, Date.now()),
  });
  await device.start();
  devices.push(device);
}

async function edit(device: Device, name: string, id: string, bin: string): Promise<void> {
  try {
    const before = await device.edit('item_locations', id, { bin });
    const values = { bin };
    acks.push({
      device: name,
      table: 'item_locations',
      id,
      values,
      before: { bin: before['bin'] },
      stamps: {},
    });
  } catch (error) {
    // Somebody else's state came in between: nothing was written.
    if (!(error instanceof Error && error.message.endsWith('409'))) throw error;
  }
}

/** Each device writes at its own moments, so often on the average. */
function keepWriting(device: Device, at: number, nth: number): void {
  const wait = start.writeEveryMs * (0.5 + Math.random());
  setTimeout(() => {
    if (isWriting) {
      const id = start.places[(at * 7 + nth) % start.places.length] ?? '';
      const bin = `${start.name}.${at}.${nth}`.slice(0, 40);
      void edit(device, `${start.name} ${at}`, id, bin);
    }
    keepWriting(device, at, nth + 1);
  }, wait);
}
for (const [at, device] of devices.entries()) keepWriting(device, at, 0);

process.on('message', (raw) => {
  const message = raw as ToCrowd;
  switch (message.kind) {
    case 'write':
      isWriting = message.on;
      break;
    case 'look': {
      const settled = devices.filter(({ status }) => status.state === 'synced').length;
      const last = JSON.stringify(devices.find(({ status }) => status.state !== 'synced')?.status);
      tell({ kind: 'look', settled, of: devices.length, requests, written: acks.length, last });
      requests = [];
      break;
    }
    case 'rows':
      void Promise.all(devices.map((device) => device.all('item_locations'))).then((rows) =>
        tell({ kind: 'rows', rows, acks }),
      );
  }
});
process.on('disconnect', () => process.exit(0));
tell({ kind: 'ready' });
