import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { inScope } from '#shared/access/rights.ts';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import { openRig } from '#server/testing/rig.suite.ts';
import type { Rig } from '#server/testing/rig.suite.ts';
import { createServerApi } from '../server-api.ts';
import type { MayRead } from '../purge-parts.ts';
import { untilSynced } from './clinic.suite.ts';
import { Device, fastTime } from './device.ts';

export interface RealClinic {
  readonly rig: Rig;
  /**
   * A device with a real store, speaking HTTP and WebSocket to the real server over Postgres, until the
   * test ends: those of earlier tests would all load anew when one test restores the server.
   */
  startDevice(userId: string, options?: { mayRead?: MayRead }): Promise<Device>;
  close(): Promise<void>;
}

/** A real server over a real database, and devices of any people. */
export async function openRealClinic(): Promise<RealClinic> {
  const rig = await openRig();
  const folder = mkdtempSync(join(tmpdir(), 'ganger-real-'));
  return {
    rig,
    async startDevice(userId, options = {}) {
      const deviceId = newId();
      const { token } = await rig.client(userId, { deviceId });
      const device = new Device({
        api: () =>
          createServerApi({
            baseUrl: rig.server.url,
            getToken: () => Promise.resolve(token),
            deviceId,
            log: silentLogger,
          }),
        file: join(folder, `${deviceId}.db`),
        userId,
        deviceId,
        tables: TABLE_NAMES,
        inScope,
        ...options,
        time: fastTime(1, Date.now()),
      });
      onTestFinished(() => device.stop());
      await device.start();
      await untilSynced(device);
      return device;
    },
    async close() {
      await rig.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
