import { AppError } from '#shared/errors/app-error.ts';

/** More than any export of three clinics; a larger file is parted first. */
export const MAX_FILE_BYTES = 20 * 1024 * 1024;

/**
 * The text of a file that people choose: UTF-8, UTF-16 with its mark, else the letters of Windows, in
 * which older programs write.
 * @throws AppError IMPORT_TOO_LARGE, IMPORT_EMPTY
 */
export function textOf(bytes: Uint8Array): string {
  if (bytes.length > MAX_FILE_BYTES) throw new AppError('IMPORT_TOO_LARGE');
  const text = decoded(bytes);
  if (text.trim() === '') throw new AppError('IMPORT_EMPTY');
  return text;
}

function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** True for a file that claims to be JSON, and so FHIR. */
export const isJson = (text: string): boolean => /^\uFEFF?\s*[{[]/.test(text);
