import path from 'node:path';

/** Root folder of the project. */
export const ROOT = path.resolve(import.meta.dirname, '../..');
