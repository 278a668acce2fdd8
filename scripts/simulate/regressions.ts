import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { History } from './history/steps.ts';

const FOLDER = path.join(import.meta.dirname, 'regressions');

/** A history that once failed. */
export interface Regression {
  /** What it has shown, in words. */
  readonly shows: string;
  readonly history: History;
}

/** All that were kept, by name. */
export function keptRegressions(): (Regression & { readonly name: string })[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => ({
      name: file.slice(0, -'.json'.length),
      ...(JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as Regression),
    }));
}

/** @returns the file's path from the root of the project */
export function keepRegression(name: string, regression: Regression): string {
  const file = path.join(FOLDER, `${name}.json`);
  writeFileSync(file, `${JSON.stringify(regression, null, 2)}\n`);
  return path.relative(path.join(import.meta.dirname, '../..'), file);
}
