import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

const BLOCK = 4_096;
const CHUNK = 256 * 1_024;

/** A real, small file system that can be filled up and emptied again. */
export class SmallDisk {
  readonly root: string;
  #folders = 0;

  constructor(root: string) {
    this.root = root;
  }

  get #ballast(): string {
    return path.join(this.root, 'ballast');
  }

  /** Free space in bytes. */
  get free(): number {
    const { bavail, bsize } = statfsSync(this.root);
    return bavail * bsize;
  }

  /** A new empty folder on it. */
  folder(): string {
    this.#folders += 1;
    const folder = path.join(this.root, `case-${this.#folders}`);
    mkdirSync(folder);
    return folder;
  }

  remove(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
  }

  /** Fills it so that no more than the given number of blocks of 4 KiB is free. */
  fill(blocks: number): void {
    this.empty();
    const file = openSync(this.#ballast, 'w');
    let size = 0;
    try {
      for (const bytes of [CHUNK, BLOCK]) {
        const chunk = Buffer.alloc(bytes, 1);
        for (;;) {
          let written: number;
          try {
            written = writeSync(file, chunk, 0, bytes, size);
          } catch {
            break;
          }
          size += written;
          if (written < bytes) break;
        }
      }
      ftruncateSync(file, Math.max(0, size - blocks * BLOCK));
    } finally {
      closeSync(file);
    }
    if (this.free > (blocks + 1) * BLOCK) throw new Error(`not full: ${this.free} bytes are free`);
  }

  /** Gives the space back. */
  empty(): void {
    rmSync(this.#ballast, { force: true });
  }

  /** Copies a database with all that lies beside it. */
  copy(from: string, to: string): void {
    mkdirSync(path.dirname(to), { recursive: true });
    for (const side of ['', '-wal', '-shm']) {
      if (existsSync(from + side)) copyFileSync(from + side, to + side);
    }
  }
}
