import { defineConfig } from 'vitest/config';

const EXCLUDE = ['**/node_modules/**', 'out/**', '.cache/**'];

/** Three suites: what needs nothing, what needs a real Postgres, what needs a real Redis. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: [...EXCLUDE, '**/*.pg.test.ts', '**/*.redis.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'postgres',
          include: ['**/*.pg.test.ts'],
          exclude: EXCLUDE,
          globalSetup: ['scripts/stack/vitest-postgres.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'redis',
          include: ['**/*.redis.test.ts'],
          exclude: EXCLUDE,
          globalSetup: ['scripts/stack/vitest-postgres.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
