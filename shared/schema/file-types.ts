const MIB = 1024 * 1024;

/** What may be attached, and how large a file of each type may be, in bytes. */
export const FILE_TYPES = {
  'image/jpeg': 50 * MIB,
  'image/png': 50 * MIB,
  'image/webp': 50 * MIB,
  'image/heic': 50 * MIB,
  'image/tiff': 100 * MIB,
  'application/pdf': 250 * MIB,
} as const satisfies Record<string, number>;

export type FileType = keyof typeof FILE_TYPES;

export const FILE_ENDINGS = ['jpg', 'png', 'webp', 'heic', 'tif', 'pdf'] as const;
export type FileEnding = (typeof FILE_ENDINGS)[number];

/** What the name of a file of each type ends in. */
export const ENDING_OF: Readonly<Record<FileType, FileEnding>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/heic': 'heic',
  'image/tiff': 'tif',
  'application/pdf': 'pdf',
};

export const isFileType = (mime: string): mime is FileType => Object.hasOwn(FILE_TYPES, mime);

/** The largest file of any type, in bytes. */
export const LARGEST_FILE = Math.max(...Object.values(FILE_TYPES));

/** So many bytes at the start of a file tell its type. */
export const SNIFF_BYTES = 32;

const HEIC_BRANDS: ReadonlySet<string> = new Set(['heic', 'heix', 'heim', 'heis', 'mif1']);

/**
 * Tells what a file is by its first bytes; null for whatever may not be attached. A name or what a
 * sender says counts for nothing.
 * @param head at least `SNIFF_BYTES`, or all of a shorter file
 */
export function sniffType(head: Uint8Array): FileType | null {
  const ascii = (from: number, to: number): string =>
    String.fromCharCode(...head.subarray(from, to));
  const starts = (...bytes: readonly number[]): boolean =>
    bytes.every((byte, at) => head[at] === byte);
  if (ascii(0, 5) === '%PDF-') return 'application/pdf';
  if (starts(0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'image/webp';
  if (ascii(4, 8) === 'ftyp' && HEIC_BRANDS.has(ascii(8, 12))) return 'image/heic';
  if (starts(0x49, 0x49, 0x2a, 0x00) || starts(0x4d, 0x4d, 0x00, 0x2a)) return 'image/tiff';
  return null;
}
