import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './dev/paths.ts';
import { describeFinding, lintMigrations } from './schema/lint-migrations.ts';
import { findBrokenWalls } from './walls.ts';

/** `npm run check`: format, lint, walls, migrations, types. Each prints its complaints; all run. */
const bin = (name: string): string => path.join(ROOT, 'node_modules', '.bin', name);
const tool =
  (name: string, ...args: string[]) =>
  (): string | null => {
    const shell = process.platform === 'win32';
    const run = spawnSync(bin(name), args, { cwd: ROOT, encoding: 'utf8', shell });
    return run.status === 0 ? null : `${run.stdout ?? ''}${run.stderr ?? ''}`.trim();
  };

const CHECKS: readonly (readonly [string, () => string | null | Promise<string | null>])[] = [
  ['format', tool('oxfmt', '--check', '.')],
  ['lint', tool('oxlint', '--type-aware', '--quiet', '.')],
  [
    'walls',
    async () => {
      const broken = await findBrokenWalls(ROOT);
      return broken.length === 0 ? null : broken.join('\n');
    },
  ],
  [
    'migrations',
    async () => {
      const findings = await lintMigrations();
      return findings.length === 0 ? null : findings.map(describeFinding).join('\n');
    },
  ],
  ['types', tool('tsc', '-b', '--pretty', 'false')],
];

let failed = 0;
for (const [name, check] of CHECKS) {
  const began = performance.now();
  const complaint = await check();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${complaint === null ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (complaint !== null) {
    failed += 1;
    console.log(complaint);
  }
}
console.log(`${CHECKS.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
