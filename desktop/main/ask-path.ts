import { BrowserWindow, dialog } from 'electron';

const BACKUPS = [{ name: 'Ganger backup', extensions: ['ganger-backup'] }];

/**
 * Asks the person where a backup goes, or which one to take. The proposed name holds the day and
 * nothing about anybody.
 * @returns the path, or null when they changed their mind
 */
export async function askForBackup(wish: 'save-backup' | 'open-backup'): Promise<string | null> {
  const parent = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  if (!parent) return null;
  if (wish === 'save-backup') {
    const day = new Date().toISOString().slice(0, 10);
    const { canceled, filePath } = await dialog.showSaveDialog(parent, {
      defaultPath: `ganger-${day}.ganger-backup`,
      filters: BACKUPS,
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    });
    return canceled || filePath === '' ? null : filePath;
  }
  const { canceled, filePaths } = await dialog.showOpenDialog(parent, {
    filters: BACKUPS,
    properties: ['openFile'],
  });
  return canceled ? null : (filePaths[0] ?? null);
}
