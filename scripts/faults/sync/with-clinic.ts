import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import type { Rng } from '../../demo-data/rng.ts';
import { Findings } from '../fault-kind.ts';
import type { CaseResult, FaultCase, FaultContext } from '../fault-kind.ts';
import { Clinic } from './clinic.ts';
import type { ClinicOptions } from './clinic.ts';
import { endSharedCluster, sharedCluster } from './cluster.ts';
import type { Device } from './device.ts';
import type { Pool } from './device-messages.ts';

/** What a case works with. */
export interface InClinic {
  readonly found: Findings;
  readonly clinic: Clinic;
  readonly pool: Pool;
  readonly rng: Rng;
  readonly small: boolean;
  /** A folder of this case alone. */
  readonly folder: string;
  /** A machine of this case on which all has come, in a folder of its own. */
  device(name: string, options?: Parameters<Clinic['device']>[1]): Promise<Device>;
}

/** Items that the devices of a case write to; few, so that they meet. */
const ITEMS = 12;

let shared: { readonly clinic: Promise<Clinic> } | null = null;

/** Ends what the kinds of a run have shared. */
export async function endShared(): Promise<void> {
  const ending = shared;
  shared = null;
  await (await ending?.clinic)?.close();
  await endSharedCluster();
}

/**
 * A case in a clinic. In a small run those that ask for nothing special share one, with machines of
 * their own: to start it takes longer than the case.
 */
export function caseIn(
  context: FaultContext,
  name: string,
  run: (inClinic: InClinic) => Promise<void>,
  options: Omit<ClinicOptions, 'folder'> = {},
): FaultCase {
  return {
    name,
    async run(): Promise<CaseResult> {
      const found = new Findings();
      const { small } = context.sizes;
      const folder = mkdtempSync(path.join(context.folder, 'case-'));
      const isShared = small && Object.keys(options).length === 0;
      const clinic = isShared ? await sharedClinic() : await Clinic.open({ folder, ...options });
      try {
        await run({
          found,
          clinic,
          pool: await clinic.pool(ITEMS),
          rng: context.rng(name),
          small,
          folder,
          device: (called, given = {}) =>
            clinic.syncedDevice(called, { dataDir: path.join(folder, called), ...given }),
        });
      } catch (error) {
        const lines = clinic.server.lines.filter((line) => /"level":"(warn|error)"/.test(line));
        if (lines.length > 0) found.problem(`the server complained: ${lines.slice(-3).join(' ')}`);
        found.problem(`threw: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
      } finally {
        if (isShared) await clinic.endDevices();
        else await clinic.close();
      }
      return found.result();
    },
  };
}

async function sharedClinic(): Promise<Clinic> {
  shared ??= {
    clinic: sharedCluster().then((cluster) => Clinic.open({ folder: cluster.scratch() })),
  };
  return shared.clinic;
}
