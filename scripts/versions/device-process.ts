import { createInterface } from 'node:readline';
import { inScope } from '#shared/access/rights.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import { isTableName } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { createServerApi } from '#desktop/replication/server-api.ts';
import { Device, fastTime } from '#desktop/replication/testing/device.ts';

/**
 * A device of ours with its real store, as a process of its own, so that devices of several builds can
 * meet: driven by lines of JSON as `e2e/stranger/README.md` has it.
 */
interface Start {
  readonly server: string;
  readonly token: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly file: string;
  readonly tables: readonly string[];
}
interface Command extends Start {
  readonly id: number;
  readonly do: string;
  readonly table: TableName;
  readonly row: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

let device: Device | null = null;
const running = (): Device => {
  if (!device) throw new Error('not started');
  return device;
};

async function start(options: Start): Promise<number> {
  const { server, token, userId, deviceId, file, tables } = options;
  const api = createServerApi({
    baseUrl: server,
    getToken: () => Promise.resolve(token),
    deviceId,
    log: silentLogger,
    timeoutMs: 5_000,
  });
  await api.session({ id: deviceId, name: 'Device', kind: 'desktop' }).catch(() => undefined);
  device = new Device({
    api: () => api,
    file,
    userId,
    deviceId,
    tables: tables.filter(isTableName),
    inScope,
    time: fastTime(1, Date.now()),
  });
  await device.start();
  return PROTOCOL_VERSION;
}

function sync(): { reached: boolean; waiting: number; refused: number; problem: string | null } {
  const { replication, status } = running();
  // Every call asks for all tables anew: who asks faster than they come would never be done.
  if (status.state !== 'syncing') replication.syncNow();
  const { waiting, needsYou, problem, state } = status;
  return { reached: state === 'synced', waiting, refused: needsYou, problem };
}

const COMMANDS: Readonly<Record<string, (command: Command) => unknown>> = {
  start,
  sync,
  insert: ({ table, fields }) => running().insert(table, fields),
  edit: ({ table, row, fields }) => running().edit(table, row, fields),
  read: ({ table }) => running().all(table),
  refused: () => running().replication.parked(),
  stop: () => running().stop(),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line) as Command;
  const answer = (value: unknown): void => {
    process.stdout.write(`${JSON.stringify({ id: command.id, ...(value as object) })}\n`, () => {
      if (command.do === 'stop') process.exit(0);
    });
  };
  Promise.resolve()
    .then(() => COMMANDS[command.do]?.(command))
    .then(
      (value) => answer({ ok: true, value: value ?? null }),
      (error: unknown) => answer({ ok: false, error: String(error) }),
    );
});
