import { defineConfig } from '@playwright/test';

/** Real Electron against a real server: one at a time, since each test runs several apps. */
export default defineConfig({
  testDir: 'e2e/specs',
  outputDir: 'test-results',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: 'list',
});
