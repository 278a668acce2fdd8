import type { Device } from './devices.ts';

/**
 * A scanner on the keyboard of a device: its keys come from outside of the page, each at its own time,
 * whether the page has dealt with the one before or not.
 * @param text ASCII 29 is sent as F8, as scanners do that may send no control character
 * @param options.msPerKey how fast it types
 */
export async function scan(
  device: Device,
  text: string,
  options: { msPerKey?: number; end?: 'Enter' | 'Tab' | null } = {},
): Promise<void> {
  const { msPerKey = 10, end = 'Enter' } = options;
  const keys = [...Array.from(text), ...(end ? [end] : [])];
  await device.app.evaluate(
    async ({ BrowserWindow }, job) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (!contents) throw new Error('no window');
      const start = Date.now();
      for (const [index, key] of job.keys.entries()) {
        const wait = start + index * job.msPerKey - Date.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        const keyCode = key === '\u001D' ? 'F8' : key;
        const modifiers: 'shift'[] = /^[A-Z+]$/.test(key) ? ['shift'] : [];
        contents.sendInputEvent({ type: 'keyDown', keyCode, modifiers });
        if (key.length === 1 && key !== '\u001D') {
          contents.sendInputEvent({ type: 'char', keyCode: key, modifiers });
        } else if (key === 'Enter') {
          contents.sendInputEvent({ type: 'char', keyCode: '\r' });
        }
        contents.sendInputEvent({ type: 'keyUp', keyCode, modifiers });
      }
    },
    { keys, msPerKey },
  );
}
