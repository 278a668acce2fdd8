import { BrowserWindow, dialog } from 'electron';
import type { FileEnding } from '#shared/schema/file-types.ts';

export type PathWish = 'save-backup' | 'open-backup' | 'save-copy';

const BACKUP = 'ganger-backup';
const NAMES: Readonly<Record<FileEnding | typeof BACKUP, string>> = {
  [BACKUP]: 'Ganger backup',
  jpg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  heic: 'HEIC',
  tif: 'TIFF',
  pdf: 'PDF',
};

/**
 * Asks the person where a backup or a copy of a file goes, or which backup to take. The proposed name
 * holds the day and nothing about anybody.
 * @param ending of a copy
 * @returns the path, or null when they changed their mind
 */
export async function askForPath(
  wish: PathWish,
  ending: FileEnding | undefined,
): Promise<string | null> {
  const parent = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  if (!parent) return null;
  const extension = wish === 'save-copy' ? (ending ?? 'pdf') : BACKUP;
  const filters = [{ name: NAMES[extension], extensions: [extension] }];
  if (wish !== 'open-backup') {
    const day = new Date().toISOString().slice(0, 10);
    const { canceled, filePath } = await dialog.showSaveDialog(parent, {
      defaultPath: `ganger-${day}.${extension}`,
      filters,
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    });
    return canceled || filePath === '' ? null : filePath;
  }
  const { canceled, filePaths } = await dialog.showOpenDialog(parent, {
    filters,
    properties: ['openFile'],
  });
  return canceled ? null : (filePaths[0] ?? null);
}
