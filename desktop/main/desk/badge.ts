import { app, BrowserWindow, nativeImage } from 'electron';
import type { NativeImage } from 'electron';

/**
 * Puts a number on the icon of the app, or takes it away at 0. Windows has no numbers there: a dot stands
 * for it, with the words for a screen reader. Where the desktop shows neither, nothing happens.
 */
export function drawBadge(n: number, words: string): void {
  if (process.platform !== 'win32') {
    app.setBadgeCount(n);
    return;
  }
  for (const window of BrowserWindow.getAllWindows()) {
    window.setOverlayIcon(n > 0 ? dot() : null, n > 0 ? words : '');
  }
}

const SIZE = 16;
/** Blue, green, red and opacity of "needs you" (`--g-violet`). */
const VIOLET = [0xb6, 0x21, 0x5b, 0xff] as const;

function dot(): NativeImage {
  const pixels = Buffer.alloc(SIZE * SIZE * VIOLET.length);
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < SIZE; x += 1) {
      const fromMiddle = Math.hypot(x - SIZE / 2 + 0.5, y - SIZE / 2 + 0.5);
      if (fromMiddle <= SIZE / 2 - 1) pixels.set(VIOLET, (y * SIZE + x) * VIOLET.length);
    }
  }
  return nativeImage.createFromBitmap(pixels, { width: SIZE, height: SIZE });
}
