import { useMemo } from 'react';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { newId } from '#shared/kernel/ids.ts';
import { rowIdOf } from '#shared/schema/rows.ts';
import { useQuery, useStore } from '#desktop/collections/hooks.tsx';
import { useSession } from '../../../../shell/session.tsx';
import { useNow } from '../../../../ui/use-now.ts';
import { useLevels } from '../use-levels.ts';
import { NOTE_KINDS, noteKind, subjectOf, triage } from './triage.ts';
import type { TriagedAlert } from './triage.ts';

/** What is wrong with the stock of the sites of this person. @param today the clinic's date */
export function useAlerts(today: IsoDate) {
  const { who } = useSession();
  const { data: levels, error } = useLevels(today);
  const { data: notes } = useQuery('notifications', { selector: { kind: { $in: NOTE_KINDS } } });
  const { data: puts } = useQuery('notification_reads', { selector: { user_id: who.userId } });
  const now = useNow(60_000);
  const alerts = useMemo(
    () =>
      levels &&
      triage({ levels, notes: notes ?? [], puts: puts ?? [], userId: who.userId, today, now }),
    [levels, notes, puts, who.userId, today, now],
  );
  return { alerts, error };
}

const SEVERITY = {
  negative: 'urgent',
  expired: 'urgent',
  beyond_use: 'urgent',
  low: 'warning',
  expiring: 'warning',
  overstock: 'info',
} as const;

/** What one can do with an alert. Every promise resolves when it is saved on the device. */
export function useAlertActs() {
  const { tables } = useStore();
  const { who } = useSession();
  /** @returns the id of the notification that tells somebody of it */
  const handTo = async (alert: TriagedAlert, userId: string, body: string): Promise<string> => {
    const id = newId();
    const subject = subjectOf(alert);
    await tables.insert('notifications', {
      id,
      recipient_id: userId,
      location_id: alert.location_id,
      kind: noteKind(alert.kind),
      severity: SEVERITY[alert.kind],
      ref_table: subject.table,
      ref_id: subject.id,
      body: body.slice(0, 300),
      // Handed over once more it is another message.
      dedupe_key: `stock/${id}`,
      expires_at: null,
    });
    return id;
  };
  return {
    handTo,
    /** Puts it off for this person. @param until milliseconds; null: it is shown again */
    snooze: async (alert: TriagedAlert, until: number | null, body: string): Promise<void> => {
      const note = alert.noteId ?? (await handTo(alert, who.userId, body));
      const own = { notification_id: note, user_id: who.userId };
      const id = rowIdOf('notification_reads', own) ?? newId();
      if (await tables.read('notification_reads', id)) {
        await tables.patch('notification_reads', id, { snoozed_until: until });
      } else {
        await tables.insert('notification_reads', { id, ...own, read: {}, snoozed_until: until });
      }
    },
    /** Asks for more of an item: a request that the orders take up. @returns its id */
    askForMore: async (of: {
      itemId: string;
      siteId: string;
      quantity: number;
      reason: string | null;
    }): Promise<string> => {
      const id = newId();
      await tables.insert('reorder_requests', {
        id,
        location_id: of.siteId,
        item_id: of.itemId,
        qty_base: of.quantity,
        reason: of.reason,
        order_id: null,
        status: 'pending',
      });
      return id;
    },
  };
}

/** Names of the people whom this person may see, by id. */
export function usePeopleNames(): ReadonlyMap<string, string> {
  const { data } = useQuery('users', { selector: { status: 'active' } });
  return useMemo(() => new Map(data?.map(({ id, display_name: name }) => [id, name])), [data]);
}
