import { hasLanded } from '../checks/after-healing.ts';
import { mayHold } from '../checks/on-devices.ts';
import { SITES, rowAs, roleFields, simId } from '../world/clinic.ts';
import type { Person } from '../world/clinic.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { World } from '../world/world.ts';
import type { Step } from './steps.ts';
import { doWork } from './work.ts';

/** Makes one step of a history happen. */
export async function perform(world: World, step: Step): Promise<void> {
  const { tally, network, db } = world;
  switch (step.do) {
    case 'work':
      return doWork(world, world.device(step.device), step.what, step.pick);
    case 'link': {
      const { toServer, toDevice } = step;
      if (!toServer || !toDevice) {
        const way = toServer ? 'to the device' : toDevice ? 'to the server' : 'both ways';
        tally.fault(`partition ${way}`);
      }
      Object.assign(network.link(lineOf(world, step.device)), { toServer, toDevice });
      return;
    }
    case 'weather': {
      const { drop, lose, duplicate, slowMs } = step;
      Object.assign(network.link(lineOf(world, step.device)), { drop, lose, duplicate, slowMs });
      return;
    }
    case 'kill': {
      const device = world.device(step.device);
      if (!device.isOn) return;
      tally.fault('device killed');
      return world.run(device.kill());
    }
    case 'kill-soon':
      world.device(step.device).killAfter(step.commits);
      return;
    case 'restart': {
      const device = world.device(step.device);
      await world.run(device.stop());
      tally.did('device restarted');
      return world.run(device.start());
    }
    case 'start':
      return startIfOff(world, step.device);
    case 'sync': {
      await startIfOff(world, step.device);
      const device = world.device(step.device);
      device.signIn();
      if (device.isOn) device.replication.syncNow();
      return;
    }
    case 'copy-disk':
      return world.copyDisk(world.device(step.device));
    case 'bring-back-disk':
      return bringBack(world, step.device);
    case 'twin':
      return world.twin(world.device(step.device));
    case 'skew': {
      const device = world.device(step.device);
      if (step.ms !== 0) tally.fault('clock set wrong');
      device.skewMs = step.ms;
      return;
    }
    case 'crash-replica':
      tally.fault('server crashed');
      world.server(step.replica).crash();
      return;
    case 'start-replica':
      world.server(step.replica).start();
      return;
    case 'crash-database':
      tally.fault('database crashed');
      db.isDown = true;
      db.crash();
      world.time.after(step.downMs, () => {
        db.isDown = false;
      });
      return;
    case 'break-commits':
      world.breakCommits(step.lost === 'before' ? 'lost-before' : 'lost-after', step.times);
      return;
    case 'backup':
      world.backup = db.backup();
      return;
    case 'restore':
      return restore(world);
    case 'revoke':
    case 'grant':
    case 'move':
    case 'suspend':
      return changeRights(world, step.do, world.person(step.person));
    case 'decide-refused':
      return decideRefused(world, step);
  }
}

const lineOf = (world: World, device: number): number => world.device(device).options.line;

async function startIfOff(world: World, at: number): Promise<void> {
  const device = world.device(at);
  if (device.isOn) return;
  await world.run(device.stop());
  await world.run(device.start());
  world.tally.did('device started');
}

/** The machine is set back to an earlier copy of its disk. */
async function bringBack(world: World, at: number): Promise<void> {
  const device = world.device(at);
  const disk = world.disks.get(device);
  if (!disk) return;
  await world.run(device.stop());
  device.bringBackDisk(disk.file);
  world.tally.fault('disk set back');
  world.replaced.add(device);
  // What was promised since and has not reached the server is gone with the disk; nobody can help it.
  for (const promise of world.ledger.promises.slice(disk.promises)) {
    if (promise.device === device) promise.excuse = 'disk set back';
  }
  await world.run(device.start());
}

function restore(world: World): void {
  if (!world.backup) return;
  world.tally.fault('database restored from a backup');
  const landed = world.ledger.promises.flatMap((promise) => {
    const row = world.db.committed(promise.table, promise.id)?.row;
    const isOnDisk = row && mayHold(world, promise.device.options.userId, promise.table, row);
    return row && hasLanded(world, promise) ? [{ promise, row, isOnDisk }] : [];
  });
  world.db.restore(world.backup);
  for (const { promise, row, isOnDisk } of landed) {
    if (hasLanded(world, promise)) continue;
    if (isOnDisk) world.onDisksAlone.set(promise, row);
    else promise.excuse ??= 'lost with the backup';
  }
  world.restoredAt = world.time.now();
  world.restores += 1;
}

/** What a restore has lost leaves the disk that had it, when the right to it ends before it has come back. */
function forgetOnDisks(world: World): void {
  for (const [promise, row] of world.onDisksAlone) {
    const { table, device } = promise;
    if (hasLanded(world, promise)) world.onDisksAlone.delete(promise);
    else if (!mayHold(world, device.options.userId, table, row)) {
      promise.excuse ??= 'lost with the backup';
    }
  }
}

/** IT changes what somebody may do, in the database itself. */
async function changeRights(
  world: World,
  how: 'revoke' | 'grant' | 'move' | 'suspend',
  person: Person,
): Promise<void> {
  const { db, time, tally } = world;
  if (db.isDown) return;
  tally.fault(`person: ${how}`);
  world.rightsChangedAt.set(person.id, time.now());
  const now = time.now();
  const put = async (table: TableName, row: Row): Promise<void> => {
    const tx = db.begin(null);
    tx.write(table, { row: Object.freeze(row), fieldBy: {}, isDeleted: false });
    await tx.commit();
  };
  const work = async (): Promise<void> => {
    const own = db.all('user_roles').filter(({ row }) => row['user_id'] === person.id);
    const open = own.filter(({ row }) => row['valid_to'] === null);
    if (how === 'suspend') {
      const user = db.committed('users', person.id)?.row;
      const status = user?.['status'] === 'active' ? 'suspended' : 'active';
      if (user) await put('users', { ...user, status });
      return;
    }
    if (how !== 'grant') {
      for (const { row } of open) await put('user_roles', { ...row, valid_to: now });
    }
    if (how === 'revoke') return;
    const [role, site] = person.roles[0] ?? ['FD', null];
    if (how === 'grant' && open.length > 0) return;
    const other = SITES.find((id) => id !== site) ?? null;
    const place = how === 'move' && site !== null ? other : site;
    const id = simId('role', person.id, role, String(place), String(now));
    const system = { id, created_at: now, created_by: null, device_id: null };
    await put('user_roles', rowAs('user_roles', system, roleFields(person.id, role, place, now)));
  };
  await world.run(work());
  forgetOnDisks(world);
}

/** Somebody looks at what was refused. */
async function decideRefused(
  world: World,
  step: { readonly device: number; readonly how: 'discard' | 'retry'; readonly pick: number },
): Promise<void> {
  const device = world.device(step.device);
  if (!device.isOn) return;
  const refused = device.replication.parked();
  const change = refused[step.pick % Math.max(1, refused.length)];
  if (!change) return;
  const { table, id } = change;
  world.tally.did(`refused change: ${step.how}`);
  // A visit without a slot is not sent again as it is: another slot is chosen.
  if (step.how === 'retry' && change.alternatives) return;
  if (step.how === 'retry') return device.replication.retry(table, id);
  for (const promise of world.ledger.of(device)) {
    const isOf = promise.via === id || (promise.table === table && promise.id === id);
    if (isOf) promise.excuse ??= 'given up';
  }
  await world.run(device.replication.discard(table, id)).catch((error: unknown) => {
    // Killed in the middle of it, or answered meanwhile.
    world.trace('discard failed', String(error));
  });
}
