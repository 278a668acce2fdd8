import path from 'node:path';
import { z } from 'zod';

/** Where the bytes of files lie. */
export type FilesConfig =
  | { readonly kind: 'folder'; readonly folder: string }
  | {
      readonly kind: 'supabase';
      readonly url: string;
      readonly key: string;
      readonly bucket: string;
    };

/** The settings of the store of files; one of the two ways, or none. */
export const FILES_ENVIRONMENT = {
  GANGER_FILES_DIR: z
    .string()
    .refine((folder) => path.isAbsolute(folder), 'must be an absolute path')
    .optional(),
  GANGER_STORAGE_URL: z
    .string()
    .refine(isEncryptedOrHere, 'must be an https:// address')
    .optional(),
  GANGER_STORAGE_KEY: z.string().min(20, 'is too short for a key').optional(),
  GANGER_STORAGE_BUCKET: z
    .string()
    .regex(/^[a-z0-9-]{3,63}$/, 'must be 3 to 63 small letters, digits or "-"')
    .default('ganger-files'),
};

interface Given {
  readonly GANGER_FILES_DIR?: string | undefined;
  readonly GANGER_STORAGE_URL?: string | undefined;
  readonly GANGER_STORAGE_KEY?: string | undefined;
  readonly GANGER_STORAGE_BUCKET: string;
}

/** Settings that do not fit each other, as `[key, what is wrong]`; null when they do. */
export function filesProblem(given: Given): readonly [string, string] | null {
  const { GANGER_FILES_DIR: folder, GANGER_STORAGE_URL: url, GANGER_STORAGE_KEY: key } = given;
  if (folder !== undefined && url !== undefined) {
    return ['GANGER_FILES_DIR', 'and GANGER_STORAGE_URL exclude each other'];
  }
  if (url !== undefined && key === undefined) return ['GANGER_STORAGE_KEY', 'is required'];
  if (url === undefined && key !== undefined) return ['GANGER_STORAGE_URL', 'is required'];
  return null;
}

export function filesConfigOf(given: Given): FilesConfig | null {
  const { GANGER_FILES_DIR: folder, GANGER_STORAGE_URL: url, GANGER_STORAGE_KEY: key } = given;
  if (folder !== undefined) return { kind: 'folder', folder };
  if (url === undefined || key === undefined) return null;
  return { kind: 'supabase', url, key, bucket: given.GANGER_STORAGE_BUCKET };
}

/** A key that goes over an open network is anybody's. */
function isEncryptedOrHere(text: string): boolean {
  const url = URL.parse(text);
  if (url?.protocol === 'https:') return true;
  return url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}
