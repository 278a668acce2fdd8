import type { StockLevelRow } from '#shared/ipc/views.stock.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { ALERT_KINDS, alertsOf } from '#shared/merge/derive/stock-alerts.ts';
import type { AlertKind, StockAlert } from '#shared/merge/derive/stock-alerts.ts';
import type { TableRow } from '#shared/schema/tables.ts';

type Note = Pick<
  TableRow<'notifications'>,
  'id' | 'kind' | 'location_id' | 'ref_id' | 'recipient_id' | 'created_at'
>;
type Put = Pick<TableRow<'notification_reads'>, 'notification_id' | 'user_id' | 'snoozed_until'>;

/** An alert with who looks after it and until when it is put off. */
export interface TriagedAlert extends StockAlert {
  readonly item: StockLevelRow;
  readonly lotNo: string | null;
  /** Who was told last that it is theirs. */
  readonly ownerId: string | null;
  /** What tells this person of it, if something does. */
  readonly noteId: string | null;
  /** Put off by this person until then, milliseconds; null where it is not. */
  readonly snoozedUntil: number | null;
}

/** The kind of a notification that hands an alert to somebody. */
export const noteKind = (kind: AlertKind): string => `stock.${kind}`;
export const NOTE_KINDS = ALERT_KINDS.map(noteKind);
/** What it is about: the lot, or the item. */
export const subjectOf = (alert: Pick<StockAlert, 'lot_id' | 'item_id'>) =>
  alert.lot_id === null
    ? ({ table: 'inventory_items', id: alert.item_id } as const)
    : ({ table: 'inventory_lots', id: alert.lot_id } as const);

/**
 * All that is wrong with the stock, the most pressing first. Alerts are computed; who looks after one is
 * told by the notification that handed it over, and put off is by its reader.
 */
export function triage(of: {
  readonly levels: readonly StockLevelRow[];
  readonly notes: readonly Note[];
  readonly puts: readonly Put[];
  readonly userId: string;
  readonly today: IsoDate;
  readonly now: number;
}): TriagedAlert[] {
  const { levels, notes, puts, userId, today, now } = of;
  const keyOf = (kind: string, site: string | null, ref: string | null): string =>
    `${kind} ${site ?? ''} ${ref ?? ''}`;
  const notesOf = Map.groupBy(
    notes.toSorted((a, b) => b.created_at - a.created_at || (a.id < b.id ? -1 : 1)),
    (note) => keyOf(note.kind, note.location_id, note.ref_id),
  );
  const until = new Map(
    puts.filter(({ user_id: id }) => id === userId).map((put) => [put.notification_id, put]),
  );
  return levels
    .filter(({ status }) => status === 'active' || status === 'discontinued')
    .flatMap((item) =>
      item.sites.flatMap((site) =>
        alertsOf(
          {
            ...site,
            item_id: item.item_id,
            expiry_alert_days: item.expiry_alert_days,
            // What is not bought any more runs out on purpose.
            is_stocked: site.is_stocked && item.status === 'active',
          },
          today,
          now,
        ).map((alert): TriagedAlert => {
          const own =
            notesOf.get(keyOf(noteKind(alert.kind), alert.location_id, subjectOf(alert).id)) ?? [];
          const mine = own.filter(({ recipient_id: id }) => id === userId);
          const snoozed = Math.max(0, ...mine.map(({ id }) => until.get(id)?.snoozed_until ?? 0));
          return {
            ...alert,
            item,
            lotNo: site.lots.find(({ lot_id: id }) => id === alert.lot_id)?.lot_no ?? null,
            ownerId: own[0]?.recipient_id ?? null,
            noteId: mine[0]?.id ?? null,
            snoozedUntil: snoozed > now ? snoozed : null,
          };
        }),
      ),
    )
    .toSorted(
      (a, b) =>
        ALERT_KINDS.indexOf(a.kind) - ALERT_KINDS.indexOf(b.kind) ||
        (a.days ?? 0) - (b.days ?? 0) ||
        (a.item.name < b.item.name ? -1 : Number(a.item.name > b.item.name)) ||
        (a.key < b.key ? -1 : 1),
    );
}
