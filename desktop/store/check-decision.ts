import { whyNotDecide } from '#shared/access/reviews.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { judgeDecision } from '#shared/merge/decide.ts';
import { linesOf } from '#shared/schema/review-lines.ts';
import type { Row } from '#shared/schema/define.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { Writer } from './local-write.ts';

const TABLE = { table: 'review_decisions', fields: ['lines'] } as const;

/**
 * Judges a decision of a review by what is on this device, as the server will by what it has: the
 * person hears at once that something changed, or was decided, while they were looking.
 * @throws AppError NOT_FOUND, SYNC_ROW_REFUSED, SYNC_ROW_INVALID, REVIEW_…
 */
export function checkDecision(
  decision: Row,
  database: Pick<EncryptedDatabase, 'read'>,
  writer: Pick<Writer, 'grants' | 'userId' | 'now' | 'serverNow'>,
): void {
  const find = (table: TableName, id: unknown): Row | null => {
    const [found] = database.read<{ doc: string }>(`select doc from live_${table} where id = ?`, [
      String(id),
    ]);
    return found ? (JSON.parse(found.doc) as Row) : null;
  };
  const table = decision['table_name'];
  if (!isTableName(table) || tableOf(table).kind !== 'record') throw new AppError('NOT_FOUND');
  const record = find(table, decision['row_id']);
  const reverses = decision['reverses_id'];
  const original = typeof reverses === 'string' ? find('review_decisions', reverses) : null;
  if (!record || (reverses !== null && !original)) throw new AppError('NOT_FOUND', { table });
  const reviews = new Map<string, Row>();
  for (const line of linesOf(decision)) {
    const about = find(line.about, line.about_id);
    if (!about) throw new AppError('NOT_FOUND', { table: line.about });
    if (line.about === 'review_items') reviews.set(about.id, about);
    const { userId } = writer;
    const why = whyNotDecide({ grants: writer.grants(), userId, table, record, line, about });
    if (why !== null) {
      throw new AppError(why === 'rights' ? 'SYNC_ROW_REFUSED' : 'SYNC_ROW_INVALID', {
        ...TABLE,
        fields: [...TABLE.fields],
      });
    }
  }
  const now = writer.serverNow?.() ?? writer.now();
  const fault = judgeDecision({ decision, table, record, reviews, original, now });
  if (fault) throw new AppError(fault, { ...TABLE, fields: [...TABLE.fields] });
}
