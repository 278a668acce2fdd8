import type { Device } from './devices.ts';

/**
 * A scanner on the keyboard of a device: its keys come from outside of the page, each at its own time,
 * whether the page has dealt with the one before or not.
 * @param text ASCII 29 is sent by another key, as scanners do that may send no control character
 * @param options.msPerKey how fast it types
 * @param options.pause a longer time behind one of the keys, by its number
 * @param options.separator `F8`, or `alt`: the number 029 on the keypad with Alt held
 */
export async function scan(
  device: Device,
  text: string,
  options: {
    msPerKey?: number;
    end?: 'Enter' | 'Tab' | null;
    pause?: { after: number; ms: number };
    separator?: 'F8' | 'alt';
  } = {},
): Promise<void> {
  const { msPerKey = 10, end = 'Enter', separator = 'F8', pause = { after: 0, ms: 0 } } = options;
  const keys = [...Array.from(text), ...(end ? [end] : [])];
  await device.app.evaluate(
    async ({ BrowserWindow }, job) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (!contents) throw new Error('no window');
      const start = Date.now();
      for (const [index, key] of job.keys.entries()) {
        const due = index * job.msPerKey + (index > job.pause.after ? job.pause.ms : 0);
        const wait = start + due - Date.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        if (key === '\u001D' && job.separator === 'alt') {
          contents.sendInputEvent({ type: 'keyDown', keyCode: 'Alt', modifiers: ['alt'] });
          for (const digit of ['num0', 'num2', 'num9']) {
            contents.sendInputEvent({ type: 'keyDown', keyCode: digit, modifiers: ['alt'] });
            contents.sendInputEvent({ type: 'keyUp', keyCode: digit, modifiers: ['alt'] });
          }
          contents.sendInputEvent({ type: 'keyUp', keyCode: 'Alt' });
          continue;
        }
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
    { keys, msPerKey, separator, pause },
  );
}
