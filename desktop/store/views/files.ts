import type { AttachedFile } from '#shared/ipc/views.ts';
import { live } from './definition.ts';
import type { ViewDefinition } from './definition.ts';

/** More than anybody looks at; the latest count. */
const LIMIT = 500;

interface FoundFile extends Omit<AttachedFile, 'is_from_here' | 'is_refused'> {
  device_id: string | null;
  scan_status: string;
}

/**
 * The files of one record, the latest first. What several people attached is shown once: as the row whose
 * bytes are on the server, else as the oldest.
 */
export const filesOf: ViewDefinition<
  { ownerTable: string; ownerId: string; deviceId: string },
  AttachedFile[]
> = {
  reads: ['file_uploads', 'users'],
  compute: (read, { ownerTable, ownerId, deviceId }) =>
    read<FoundFile>(
      `select id, mime, size, caption, who, attached_at, device_id, upload_state, scan_status,
              kept_until
         from (
           select f.id, f.mime, f.size_bytes as size, f.caption, u.display_name as who,
                  f.created_at as attached_at, f.device_id, f.upload_state, f.scan_status,
                  f.retention_until as kept_until,
                  row_number() over (
                    partition by f.sha256
                    order by f.upload_state = 'complete' desc, f.created_at, f.id) as nth
             from ${live('file_uploads')} f
             left join ${live('users')} u on u.id = f.uploaded_by
            where f.owner_table = ? and f.owner_id = ?)
        where nth = 1
        order by attached_at desc, id limit ${LIMIT}`,
      [ownerTable, ownerId],
    ).map(({ device_id: device, scan_status: scan, ...file }) => ({
      ...file,
      is_from_here: device === deviceId,
      is_refused: scan === 'failed' || scan === 'infected',
    })),
  list: { key: ({ id }) => id },
};
