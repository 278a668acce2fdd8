import { readingOf } from '#shared/schema/reads.ts';
import { isTableName } from '#shared/schema/tables.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { isOpen, live } from '../views/definition.ts';
import type { Shown } from '../views/definition.ts';

/** What the bytes of a file show: as much as the record that owns it. Null where that does not count. */
export function shownFile(database: EncryptedDatabase, fileId: string): Shown | null {
  const [file] = database.read<{ owner_table: string; owner_id: string; phi_class: string }>(
    `select owner_table, owner_id, json_extract(doc, '$.phi_class') as phi_class
       from ${live('file_uploads')} where id = ?`,
    [fileId],
  );
  if (!file || (file.phi_class !== 'P2' && readingOf(file.owner_table) === null)) return null;
  const patient = patientOf(database, file.owner_table, file.owner_id);
  return { kind: 'record', table: 'file_uploads', records: [{ id: fileId, patient }] };
}

function patientOf(database: EncryptedDatabase, table: string, id: string): string | null {
  const column = readingOf(table)?.patient ?? null;
  if (column === null || !isTableName(table) || !isOpen(database.read.bind(database), table)) {
    return null;
  }
  const [owner] = database.read<{ patient: string | null }>(
    `select json_extract(doc, ?) as patient from ${live(table)} where id = ?`,
    [`$.${column}`, id],
  );
  return owner?.patient ?? null;
}
