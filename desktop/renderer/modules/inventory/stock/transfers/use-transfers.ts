import { useMemo } from 'react';
import { newId } from '#shared/kernel/ids.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import type { StockActLine } from '#shared/schema/tables/stock-acts.ts';
import { useStore, useView } from '#desktop/collections/hooks.tsx';
import { useSession } from '../../../../shell/session.tsx';
import { seenFrom } from './seen.ts';

const LIMIT = 500;

/** Transfers that concern the sites of this person, the latest first, as far as they see both ends. */
export function useTransfers() {
  const { mayRow } = useSession();
  const { data, error } = useView('stock.transfers', { limit: LIMIT });
  const transfers = useMemo(() => {
    const sees = (site: string): boolean =>
      mayRow('stock_movements', 'read', { location_id: site });
    return data?.map((transfer) =>
      seenFrom(transfer, {
        shipping: sees(transfer.location_id),
        receiving: sees(transfer.to_location_id),
      }),
    );
  }, [data, mayRow]);
  return { data: transfers, error };
}

export interface WantedLine {
  readonly item_id: string;
  /** 1/10,000 base units. */
  readonly qty_base: number;
}

/** What one can do with transfers. Every promise resolves when it is saved on the device. */
export function useTransferActs() {
  const { tables } = useStore();
  return {
    /** @returns the id of the draft */
    draft: async (of: {
      from: string;
      to: string;
      wanted: readonly WantedLine[];
      note: string | null;
    }): Promise<string> => {
      const id = newId();
      await tables.insert('transfers', {
        id,
        site_ids: [of.from, of.to].toSorted(),
        location_id: of.from,
        to_location_id: of.to,
        wanted: [...of.wanted],
        note: of.note,
        status: 'draft',
      });
      return id;
    },
    /** What is shipped is what is announced: the receiving site may see no more than that. */
    announce: (id: string, wanted: readonly WantedLine[]): Promise<void> =>
      tables.patch('transfers', id, { wanted: [...wanted] }),
    cancel: (id: string): Promise<void> => tables.patch('transfers', id, { status: 'cancelled' }),
    /** A difference that was looked into is closed. */
    close: (id: string): Promise<void> => tables.patch('transfers', id, { status: 'received' }),
    /** The receiving leg: one document. @throws AppError */
    receive: async (
      transfer: { readonly id: string },
      site: { readonly id: string; readonly time_zone: string },
      lines: readonly StockActLine[],
      note: string | null,
    ): Promise<void> => {
      if (lines.length === 0) throw new AppError('ROW_INVALID', { fields: ['lines'] });
      const now = Date.now();
      await tables.insert('stock_acts', {
        id: newId(),
        kind: 'transfer_in',
        location_id: site.id,
        occurred_at: now,
        local_date: clinicDate(now, site.time_zone),
        reason_code: null,
        note,
        witnessed_by: null,
        lines: lines.map((line) => ({ ...line, ref_type: 'transfer', ref_id: transfer.id })),
      });
    },
  };
}

/**
 * Whether this person may make a transfer between two sites. The database asks for the right at both:
 * stock is sent in the name of one and announced at the other.
 */
export function useMayTransfer(): (from: string, to: string) => boolean {
  const { mayRow } = useSession();
  return (from, to) =>
    [from, to].every((id) => mayRow('transfers', 'create', { site_ids: [id], status: 'draft' }));
}
