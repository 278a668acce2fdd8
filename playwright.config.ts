import { defineConfig } from '@playwright/test';

/** Real Electron against a real server: one at a time, since each test runs several apps. */
export default defineConfig({
  testDir: 'e2e/specs',
  // Walks through every screen take their time: they are for somebody who looks at the pictures.
  testIgnore: process.env['GANGER_LOOK'] === undefined ? ['**/look*.spec.ts'] : [],
  outputDir: 'test-results',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: 'list',
});
