import { date, defineTable, int, oneOf, text, uuid } from '../define.ts';
import { FILE_OWNERS } from '../file-owners.ts';
import { P0 } from '../marks.ts';

/**
 * A file of a record: what it is and where its bytes are. The bytes are found by their content, so
 * the same bytes are stored once, however many rows name them. Who may know of a row follows from the
 * table that owns it (see the access matrix), who may have the bytes from the owning record itself.
 */
export const fileUploads = defineTable({
  name: 'file_uploads',
  module: 'shared',
  kind: 'record',
  scope: { location: 'location_id' },
  priority: 5,
  retentionYears: 7,
  stays: { with: 'owner_id', notBefore: 'retention_until' },
  actors: ['uploaded_by'],
  fields: {
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    /** SHA-256 of the bytes before encryption, lower-case hex. */
    sha256: text({ ...P0.ao, min: 64, max: 64 }),
    size_bytes: int({ ...P0.ao, min: 1 }),
    /** Found by looking at the bytes, never believed from a name. */
    mime: text({ ...P0.ao, min: 3, max: 120 }),
    owner_table: oneOf(FILE_OWNERS, P0.ao),
    owner_id: uuid({ ...P0.ao, nullable: true }),
    phi_class: oneOf(['P0', 'P1', 'P2'], P0.ao),
    uploaded_by: uuid({ ...P0.ao, nullable: true, references: 'users' }),
    /** The bytes may be removed after this day; null keeps them. */
    retention_until: date({ ...P0.cen, nullable: true }),
    /** The key under which the device that made it keeps it; says nothing to anybody else. */
    encryption_key_id: text({ ...P0.ao, min: 1, max: 80 }),
    storage_key: text({ phi: 'P3', merge: 'CEN', nullable: true, max: 200 }),
    /** failed: the bytes are not what the row says; a scanner of viruses says clean or infected. */
    scan_status: oneOf(['pending', 'clean', 'infected', 'failed'], P0.cen),
    /** Where the bytes are: on the device that made it, partly or wholly on the server. */
    upload_state: oneOf(['local', 'partial', 'complete'], P0.cen),
    caption: text({ ...P0.lww, nullable: true, max: 120 }),
  },
  unique: [['sha256', 'owner_table', 'owner_id', 'device_id', 'created_by']],
});
