import { errorCorrection } from './reed-solomon.ts';

/** Error correction of level M by version: codewords a block, and the number of blocks. */
const CHECK_CODEWORDS = [
  10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
/** The two bits that stand for level M in the format information. */
const LEVEL_M = 0b00;
/** Blank modules around the symbol, so that a camera finds its edge. */
const QUIET_ZONE = 4;

type Grid = { size: number; dark: boolean[][]; fixed: boolean[][] };

/** Draws a text (to about 600 bytes) as a QR code (ISO/IEC 18004, level M), as an SVG image. */
export function qrCodeSvg(text: string): string {
  const dark = encodeQr(text);
  const span = dark.length + 2 * QUIET_ZONE;
  const path = dark.flatMap((row, y) =>
    row.flatMap((on, x) => (on ? [`M${x + QUIET_ZONE} ${y + QUIET_ZONE}h1v1h-1z`] : [])),
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${span} ${span}" ` +
    `width="${span * 4}" height="${span * 4}" shape-rendering="crispEdges">` +
    `<rect width="100%" height="100%" fill="white"/><path d="${path.join('')}"/></svg>`
  );
}

/** The modules of the QR code of a text, row by row; true is dark. Throws `RangeError` if long. */
export function encodeQr(text: string): boolean[][] {
  const bytes = Buffer.from(text, 'utf8');
  const version = smallestVersion(bytes.length);
  const grid = drawFixedPatterns(version);
  drawData(grid, interleave(version, dataCodewords(version, bytes)));
  const best = [0, 1, 2, 3, 4, 5, 6, 7]
    .map((mask) => masked(grid, mask))
    .toSorted((one, two) => penalty(one) - penalty(two));
  return best[0] ?? [];
}

function smallestVersion(length: number): number {
  for (let version = 1; version <= BLOCKS.length; version++) {
    const headerBits = 4 + lengthBits(version);
    if (headerBits + 8 * length <= 8 * dataCapacity(version)) return version;
  }
  throw new RangeError(`a text of ${length} bytes does not fit into a QR code`);
}

const lengthBits = (version: number): number => (version < 10 ? 8 : 16);
const sizeOf = (version: number): number => 17 + 4 * version;
const at = (list: readonly number[], index: number): number => list[index] ?? 0;
const checkCodewords = (version: number): number => at(CHECK_CODEWORDS, version - 1);
const blockCount = (version: number): number => at(BLOCKS, version - 1);

function totalCodewords(version: number): number {
  const grid = drawFixedPatterns(version);
  return Math.floor(grid.fixed.flat().filter((fixed) => !fixed).length / 8);
}

function dataCapacity(version: number): number {
  return totalCodewords(version) - checkCodewords(version) * blockCount(version);
}

/** Byte mode: four bits of mode, the length, the bytes, an end mark, and padding. */
function dataCodewords(version: number, bytes: Buffer): number[] {
  const capacity = dataCapacity(version);
  let bits = '0100' + bytes.length.toString(2).padStart(lengthBits(version), '0');
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  bits += '0'.repeat(Math.min(4, 8 * capacity - bits.length));
  bits += '0'.repeat((8 - (bits.length % 8)) % 8);
  const words = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  for (let pad = 0xec; words.length < capacity; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

/** Splits the data into blocks, the longer ones last, and deals blocks and checks out in turn. */
function interleave(version: number, words: readonly number[]): number[] {
  const count = blockCount(version);
  const shortLength = Math.floor(words.length / count);
  const longBlocks = words.length % count;
  let from = 0;
  const blocks = Array.from({ length: count }, (_, index) => {
    const length = shortLength + (index >= count - longBlocks ? 1 : 0);
    from += length;
    return words.slice(from - length, from);
  });
  const checks = blocks.map((block) => errorCorrection(block, checkCodewords(version)));
  return [...deal(blocks), ...deal(checks)];
}

function deal(blocks: readonly (readonly number[])[]): number[] {
  const longest = Math.max(...blocks.map((block) => block.length));
  return Array.from({ length: longest }, (_, index) =>
    blocks.flatMap((block) => block.slice(index, index + 1)),
  ).flat();
}

function drawFixedPatterns(version: number): Grid {
  const size = sizeOf(version);
  const empty = (): boolean[][] =>
    Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const grid: Grid = { size, dark: empty(), fixed: empty() };
  for (let i = 0; i < size; i++) {
    set(grid, 6, i, i % 2 === 0);
    set(grid, i, 6, i % 2 === 0);
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    drawFinder(grid, x, y);
  const centers = alignmentCenters(version);
  const last = centers.length - 1;
  centers.forEach((x, i) =>
    centers.forEach((y, j) => {
      const isFinder = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
      if (!isFinder) drawAlignment(grid, x, y);
    }),
  );
  drawFormat(grid, 0);
  drawVersion(grid, version);
  return grid;
}

function set(grid: Grid, x: number, y: number, dark: boolean): void {
  const row = grid.dark[y];
  const fixed = grid.fixed[y];
  if (row === undefined || fixed === undefined || x < 0 || x >= grid.size) return;
  row[x] = dark;
  fixed[x] = true;
}

function drawFinder(grid: Grid, centerX: number, centerY: number): void {
  for (let dy = -4; dy <= 4; dy++) {
    for (let dx = -4; dx <= 4; dx++) {
      const ring = Math.max(Math.abs(dx), Math.abs(dy));
      set(grid, centerX + dx, centerY + dy, ring !== 2 && ring !== 4);
    }
  }
}

function drawAlignment(grid: Grid, centerX: number, centerY: number): void {
  for (let dy = -2; dy <= 2; dy++) {
    for (let dx = -2; dx <= 2; dx++) {
      set(grid, centerX + dx, centerY + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
    }
  }
}

function alignmentCenters(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const last = sizeOf(version) - 7;
  const step = Math.ceil((last - 6) / (count - 1) / 2) * 2;
  const centers = Array.from({ length: count - 1 }, (_, index) => last - index * step);
  return [...centers, 6].toReversed();
}

function drawFormat(grid: Grid, mask: number): void {
  const data = (LEVEL_M << 3) | mask;
  let rest = data << 10;
  for (let bit = 14; bit >= 10; bit--) if ((rest >> bit) & 1) rest ^= 0x537 << (bit - 10);
  const bits = ((data << 10) | rest) ^ 0x5412;
  const { size } = grid;
  const isDark = (bit: number): boolean => ((bits >> bit) & 1) === 1;
  for (let bit = 0; bit < 15; bit++) {
    const near = bit < 6 ? bit : bit < 8 ? bit + 1 : bit === 8 ? 7 : 14 - bit;
    // One copy turns around the first corner, the other is split between the other two.
    if (bit < 8) {
      set(grid, 8, near, isDark(bit));
      set(grid, size - 1 - bit, 8, isDark(bit));
    } else {
      set(grid, near, 8, isDark(bit));
      set(grid, 8, size - 15 + bit, isDark(bit));
    }
  }
  set(grid, 8, size - 8, true);
}

function drawVersion(grid: Grid, version: number): void {
  if (version < 7) return;
  let rest = version << 12;
  for (let bit = 17; bit >= 12; bit--) if ((rest >> bit) & 1) rest ^= 0x1f25 << (bit - 12);
  const bits = (version << 12) | rest;
  for (let bit = 0; bit < 18; bit++) {
    const dark = ((bits >> bit) & 1) === 1;
    const far = grid.size - 11 + (bit % 3);
    const near = Math.floor(bit / 3);
    set(grid, far, near, dark);
    set(grid, near, far, dark);
  }
}

/** Fills the free modules in pairs of columns, from the right, upwards and downwards in turn. */
function drawData(grid: Grid, words: readonly number[]): void {
  const { size } = grid;
  let bit = 0;
  let upwards = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const y = upwards ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        const row = grid.dark[y];
        if (row === undefined || grid.fixed[y]?.[x] !== false) continue;
        row[x] = ((at(words, bit >> 3) >> (7 - (bit & 7))) & 1) === 1;
        bit++;
      }
    }
    upwards = !upwards;
  }
}

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function masked(grid: Grid, mask: number): boolean[][] {
  const flips = MASKS[mask] ?? (() => false);
  const copy: Grid = { ...grid, dark: grid.dark.map((row) => [...row]) };
  copy.dark = copy.dark.map((row, y) =>
    row.map((dark, x) => (grid.fixed[y]?.[x] === true ? dark : dark !== flips(x, y))),
  );
  drawFormat({ ...copy, fixed: grid.fixed.map((row) => [...row]) }, mask);
  return copy.dark;
}

/** How hard a camera would find a symbol to read: runs, blocks, false finders, imbalance. */
function penalty(dark: readonly (readonly boolean[])[]): number {
  const rows = dark.map((row) => row.map((on) => (on ? '1' : '0')).join(''));
  const columns = rows.map((_, x) => rows.map((row) => row[x]).join(''));
  let points = 0;
  for (const line of [...rows, ...columns]) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) points += run.length - 2;
    points += 40 * (line.match(/(?=10111010000|00001011101)/g)?.length ?? 0);
  }
  for (let y = 1; y < rows.length; y++) {
    for (let x = 1; x < rows.length; x++) {
      const square = `${rows[y]?.slice(x - 1, x + 1)}${rows[y - 1]?.slice(x - 1, x + 1)}`;
      if (square === '0000' || square === '1111') points += 3;
    }
  }
  const share = dark.flat().filter(Boolean).length / rows.length ** 2;
  return points + 10 * Math.floor(Math.abs(share * 20 - 10));
}
