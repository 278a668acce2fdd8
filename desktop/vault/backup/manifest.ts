import { z } from 'zod';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { quoted } from '#desktop/storage/table-layout.ts';
import { isDeviceOnly } from '#desktop/storage/origin.ts';
import { readRegistry } from '#desktop/storage/table-registry.ts';

/** What a backup says of itself, encrypted with it. */
export const Manifest = z.strictObject({
  userId: z.string(),
  /** Milliseconds since the Unix epoch. */
  createdAt: z.number(),
  app: z.string(),
  /** Pages of 4,096 bytes. */
  pages: z.number().int().positive(),
  tables: z.array(
    z.strictObject({
      name: z.string(),
      /** Version of the table's definition. */
      version: z.number().int(),
      rows: z.number().int(),
      /** Rows that the server did not have. */
      unsent: z.number().int(),
    }),
  ),
});
export type Manifest = z.infer<typeof Manifest>;

/** First byte of a chunk: what follows it. */
export const CHUNK = { manifest: 1, pages: 2, end: 3 } as const;

/** Tables of a store with their counts; those that are never pushed are left out. */
export function tablesOf(database: EncryptedDatabase): Manifest['tables'] {
  return [...readRegistry(database).values()]
    .filter(({ name }) => !isDeviceOnly(name))
    .map(({ name, definition }) => {
      const sql = `select count(*) as n, coalesce(sum(origin = 'local'), 0) as unsent
        from ${quoted(name)}`;
      const [found] = database.read<{ n: number; unsent: number }>(sql);
      return { name, version: definition, rows: found?.n ?? 0, unsent: found?.unsent ?? 0 };
    });
}
