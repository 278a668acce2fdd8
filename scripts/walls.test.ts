import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ROOT } from './dev/paths.ts';
import { brokenWall, findBrokenWalls, strangerFaults } from './walls.ts';

const planted: string[] = [];
afterEach(() => {
  for (const folder of planted.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Compiles one file as if it stood in a project of the tree, and returns what the compiler says. */
function compileIn(project: string, source: string): string {
  const folder = path.join(ROOT, project, `planted-${process.pid}-${planted.length}`);
  planted.push(folder);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'planted.ts'), source);
  const config = path.join(folder, 'tsconfig.json');
  writeFileSync(
    config,
    JSON.stringify({
      extends: '../tsconfig.json',
      compilerOptions: {
        tsBuildInfoFile: './planted.tsbuildinfo',
        outDir: './out',
      },
      include: ['planted.ts'],
      exclude: [],
      references: (project.endsWith('schema') ? [] : ['schema', 'kernel']).map((name) => ({
        path: `../../${name}`,
      })),
    }),
  );
  const tsc = path.join(ROOT, 'node_modules', '.bin', 'tsc');
  const shell = process.platform === 'win32';
  const run = spawnSync(tsc, ['-b', config, '--pretty', 'false'], { encoding: 'utf8', shell });
  return `${run.stdout}${run.stderr}`;
}

describe('walls between folders', () => {
  test('an import in the wrong direction does not compile', () => {
    const words = compileIn('shared/access', `export * from '#server/config/config.ts';\n`);
    expect(words).toMatch(/error TS(6059|6307)/);
  });

  test('an import in the right direction compiles', () => {
    expect(compileIn('shared/access', `export * from '#shared/schema/roles.ts';\n`)).toBe('');
  });

  test('a field without a merge rule or a PHI class does not compile', () => {
    const define = (options: string): string =>
      compileIn(
        'shared/access',
        `import { text } from '#shared/schema/define.ts';\nexport const f = text(${options});\n`,
      );
    expect(define(`{ phi: 'P0', merge: 'LWW', max: 5 }`)).toBe('');
    expect(define(`{ phi: 'P0', max: 5 }`)).toContain('error TS');
    expect(define(`{ merge: 'LWW', max: 5 }`)).toContain('error TS');
  });
}, 120_000);

describe('finer walls', () => {
  test('all stand', async () => expect(await findBrokenWalls(ROOT)).toEqual([]));

  test.each([
    ['desktop/renderer/modules/kiosk/view.tsx', '../inventory/receive.tsx'],
    ['desktop/renderer/modules/inventory/list.tsx', '#desktop/collections/database.ts'],
    ['shared/merge/join.ts', 'lodash'],
    ['sync-server/main.ts', '#stack/postgres.ts'],
    ['shared/kernel/ids.ts', './kernel.test.ts'],
  ])('%s may not import %s', (from, specifier) => {
    expect(brokenWall(from, specifier)).not.toBeNull();
  });

  test.each([
    ['desktop/renderer/modules/kiosk/view.tsx', '../inventory/index.ts'],
    ['desktop/renderer/modules/inventory/use-items.ts', '#desktop/collections/hooks.tsx'],
    ['shared/merge/join.ts', 'zod'],
  ])('%s may import %s', (from, specifier) => expect(brokenWall(from, specifier)).toBeNull());
});

describe('the client that a stranger wrote', () => {
  const client = 'e2e/stranger/client.mjs';
  test('uses nothing but Node’s own modules', () => {
    const good = `import { readFileSync } from 'node:fs';\nconst { x } = await import('node:path');\n`;
    expect(strangerFaults(client, good)).toEqual([]);
    const bad = [
      `import { LIMITS } from '../../shared/protocol/messages.ts';`,
      `import ws from "ws";`,
      `export * from './x.mjs';`,
      `await import('#shared/kernel/hlc.ts');`,
      `await import(name);`,
      `require('pg');`,
      `import { createRequire } from 'node:module';`,
    ];
    for (const source of bad) expect(strangerFaults(client, source), source).toHaveLength(1);
  });

  test('is short', () => {
    expect(strangerFaults(client, '1;\n'.repeat(150))).toEqual([]);
    expect(strangerFaults(client, '1;\n'.repeat(151))).toHaveLength(1);
    expect(strangerFaults(client, 'x'.repeat(121))).toHaveLength(1);
  });
});
