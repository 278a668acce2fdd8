import type { FoundLot } from '#shared/ipc/lot-views.ts';
import { normalizeLotNo } from '#shared/schema/lots.ts';
import { isOpen, live } from './definition.ts';
import type { ViewDefinition } from './definition.ts';
import { WITH_MERGED } from './merged.ts';

type LotSql = Omit<FoundLot, 'document'> & { documents: number; policy: string | null };

/**
 * Lots with the number of documents that are attached to them, or to lots of the same number that they
 * stand for. What is sought is compared as lot numbers are: in capitals, without spaces.
 */
const lotsSql = (documents: string): string => `
  ${WITH_MERGED}
  select lot.id as lot_id, lot.lot_no, lot.serial, lot.expiry_date, lot.expiry_precision,
         lot.recall_status, i.id as item_id, i.name as item_name, i.sku,
         i.document_policy as policy, ${documents} as documents
  from ${live('inventory_lots')} lot
  left join merged_lots k on k.id = lot.id
  left join merged_items g on g.id = lot.item_id
  join ${live('inventory_items')} i on i.id = coalesce(g.root_id, lot.item_id)
  where (k.root_id is null or k.root_id = lot.id)
    and (? = '' or instr(lot.lot_no, ?) or instr(upper(lot.serial), ?)
         or instr(upper(i.name || ' ' || i.sku), ?))
    and (not ? or (i.document_policy = 'required' and ${documents} = 0))
  order by lot.lot_no, lot.serial, lot.id limit ?`;
const ATTACHED = lotsSql(`(
  select count(*) from ${live('file_uploads')} f
  where f.owner_table = 'inventory_lots' and (f.owner_id = lot.id or f.owner_id in (
    select o.id from merged_lots o where o.root_id = lot.id)))`);
const UNKNOWN = lotsSql('0');

/** Lots by number, serial number or item, and whether the papers of their trade are there. */
export const lotSearch: ViewDefinition<{ q: string; missing: boolean; limit: number }, FoundLot[]> =
  {
    reads: ['inventory_lots', 'inventory_items', 'item_merges', 'file_uploads'],
    compute(read, { q, missing, limit }) {
      const number = normalizeLotNo(q);
      const words = q.trim().toUpperCase();
      const sql = isOpen(read, 'file_uploads') ? ATTACHED : UNKNOWN;
      return read<LotSql>(sql, [words, number, number, words, missing ? 1 : 0, limit]).map(
        ({ documents, policy, ...lot }) => ({
          ...lot,
          document: documents > 0 ? 'here' : policy === 'required' ? 'missing' : 'none',
        }),
      );
    },
    list: { key: ({ lot_id }) => lot_id },
  };
