import type { Row } from '#shared/schema/define.ts';
import type { OpenSession } from '#server/sync/ports.ts';
import { appendAudit } from './audit-chain.ts';
import type { ModelDatabase } from './database.ts';
import { ignore } from './transaction.ts';
import type { Opened } from './transaction.ts';
import { accessOf } from './rights.ts';
import { checkReferences, insertRow } from './write-rows.ts';

/** Sessions over the model. That a device was seen changes nothing that devices know: left out. */
export function modelSession(db: ModelDatabase, opened: Opened = ignore): OpenSession {
  return async (who, work) => {
    const tx = db.begin(who.userId);
    opened(tx);
    try {
      const result = await work({
        access: (deviceId) =>
          tx.statement(() => accessOf(tx, who.userId, deviceId, tx.now, db.epoch)),
        // Nobody of this world is invited: people are there from its beginning.
        acceptInvitation: () => tx.statement(() => null),
        noteSeen: () => tx.statement(() => undefined),
        enrol: (device) =>
          tx.statement(async () => {
            const row: Row = {
              id: device.id,
              created_at: tx.now,
              created_by: who.userId,
              device_id: device.id,
              kind: device.kind,
              name: device.name,
              location_id: null,
              status: 'active',
              enrolled_by: who.userId,
              grant_expires_at: null,
            };
            if (!(await insertRow(tx, 'devices', row, 'engine', true))) return;
            await checkReferences(tx, 'devices', [row]);
            await appendAudit(tx, device.id, [
              {
                action: 'insert',
                table_name: 'devices',
                row_id: device.id,
                outcome: 'ok',
                location_id: null,
                field_names: [],
                occurred_at: null,
              },
            ]);
          }),
      });
      await tx.commit();
      return result;
    } catch (error) {
      await tx.rollback();
      throw error;
    }
  };
}
