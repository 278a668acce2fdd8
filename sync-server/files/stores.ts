import type { FilesConfig } from '../config/files-config.ts';
import type { FileStore } from './file-store.ts';
import { createFolderStore } from './folder-store.ts';
import { createSupabaseStore } from './supabase-store.ts';

/** The store that the settings name; null when they name none. */
export function createFileStore(config: FilesConfig | null): FileStore | null {
  if (config === null) return null;
  return config.kind === 'folder' ? createFolderStore(config.folder) : createSupabaseStore(config);
}
