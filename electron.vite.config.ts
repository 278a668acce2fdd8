import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/** Builds the three kinds of processes into `out/`. Only the native SQLite module stays outside. */
export default defineConfig({
  main: {
    build: {
      minify: true,
      rollupOptions: {
        input: {
          index: resolve('desktop/main/index.ts'),
          store: resolve('desktop/store/main.ts'),
          // Threads of the store, found by their names beside it.
          reader: resolve('desktop/store/reader/reader-worker.ts'),
          'check-worker': resolve('desktop/vault/damage/check-worker.ts'),
        },
        external: ['better-sqlite3'],
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rollupOptions: {
        input: { index: resolve('desktop/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'desktop/renderer',
    plugins: [react()],
    build: {
      minify: true,
      rollupOptions: { input: { index: resolve('desktop/renderer/index.html') } },
    },
  },
});
