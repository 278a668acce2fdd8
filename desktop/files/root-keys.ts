import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { writeFileDurably } from '#desktop/vault/files/durable.ts';
import { onDisk, readIfThere } from '#desktop/vault/keys/files.ts';
import { checkOf, deriveKey, openBytes, sealBytes } from '#desktop/vault/keys/wrap.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { damaged } from './chunk-format.ts';

const KV_KEY = 'files.roots';
const COPY = 'roots.key';
const CONTEXT = 'ganger/file-roots/1';

const Root = z.strictObject({
  id: z.hex().length(16),
  key: z.hex().length(64),
  /** Names the data key under which it was made. */
  since: z.hex().length(32),
});
const Roots = z.array(Root).max(1_000);
type Root = z.infer<typeof Root>;

export interface RootKeys {
  /** The one for new files. */
  readonly newest: { readonly id: string; readonly key: Buffer };
  /** @throws AppError FILE_DAMAGED when no root has this id: the file was written elsewhere */
  of(id: string): Buffer;
}

/**
 * The keys from which the keys of files are made. They are random and never change, so that a new
 * data key leaves the files as they are: with the database, in which they stand, they come under the
 * new key. After each change of the data key there is a new root for new files, so that whoever had
 * the old one cannot read what comes later. A copy beside the files, sealed under the data key, keeps
 * files readable when the database is lost; it is written anew whenever it differs.
 * @param folder the files'; made when absent
 */
export function openRootKeys(
  database: EncryptedDatabase,
  folder: string,
  dataKey: string,
): RootKeys {
  const secret = Buffer.from(dataKey, 'hex');
  const copyKey = deriveKey(secret, Buffer.alloc(0), CONTEXT);
  const since = checkOf(secret, 'file-roots');
  const file = path.join(folder, COPY);
  onDisk(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  const inDatabase = parse(database.kv.get(KV_KEY) ?? '[]');
  const sealed = onDisk(() => readIfThere(file));
  const beside = sealed === null ? [] : openCopy(sealed.trim(), copyKey);
  const known = new Map<string, Root>();
  for (const root of [...(beside ?? []), ...inDatabase]) known.set(root.id, root);
  const roots = [...known.values()];
  let newest = roots.findLast((root) => root.since === since);
  if (!newest) {
    newest = { id: randomBytes(8).toString('hex'), key: randomBytes(32).toString('hex'), since };
    roots.push(newest);
  }
  if (inDatabase.length !== roots.length) database.kv.set(KV_KEY, JSON.stringify(roots));
  if (beside?.length !== roots.length) {
    // One that does not open may belong to a database that is still found: it is kept.
    if (beside === null)
      onDisk(() => renameSync(file, `${file}.other-${randomBytes(4).toString('hex')}`));
    onDisk(() =>
      writeFileDurably(file, sealBytes(copyKey, Buffer.from(JSON.stringify(roots)), CONTEXT)),
    );
  }
  const keys = new Map(roots.map(({ id, key }) => [id, Buffer.from(key, 'hex')]));
  const of = (id: string): Buffer => {
    const key = keys.get(id);
    if (!key) throw damaged('root');
    return key;
  };
  return { newest: { id: newest.id, key: of(newest.id) }, of };
}

const parse = (text: string): Root[] => {
  const parsed = Roots.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : [];
};

/** Null when it was sealed under another data key. */
function openCopy(sealed: string, key: Buffer): Root[] | null {
  const bytes = openBytes(key, sealed, CONTEXT);
  return bytes === null ? null : parse(bytes.toString('utf8'));
}
