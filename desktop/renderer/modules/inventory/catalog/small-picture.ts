import { AppError } from '#shared/errors/app-error.ts';

/** Longest side of an item's picture, pixels: sharp in the detail, some 40 KB in a file. */
const LONGEST = 480;

/**
 * A picture as items keep it: no larger than it is shown, as WebP. What it was called and where it was
 * taken stays behind.
 * @throws AppError FILE_TYPE_REFUSED for what this window cannot read
 */
export async function smallPicture(file: Blob): Promise<File> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new AppError('FILE_TYPE_REFUSED');
  }
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.85 });
  return new File([blob], 'picture.webp', { type: blob.type });
}
