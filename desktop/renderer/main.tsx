import './ui/styles.ts';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { callMain, connectToStore } from '#desktop/collections/connect.ts';
import { WindowDatabase } from '#desktop/collections/database.ts';
import { StoreProvider } from '#desktop/collections/hooks.tsx';
import { StoreClient } from '#desktop/collections/store-client.ts';
import { Tables } from '#desktop/collections/tables.ts';
import { toAppError } from '#shared/errors/app-error.ts';
import type { GangerBridge } from '#shared/ipc/main-contract.ts';
import { App } from './shell/app.tsx';
import { ErrorNote } from './ui/error-note.tsx';
import { I18nProvider } from './ui/i18n.tsx';
import { theme } from './ui/theme.ts';

declare global {
  interface Window {
    readonly ganger: GangerBridge;
  }
}

// The page's policy forbids making functions from text, so zod must not try.
z.config({ jitless: true });

async function start(): Promise<void> {
  const client = new StoreClient();
  const database = new WindowDatabase();
  const access = { client, database, tables: new Tables(database) };
  const [info, connected] = await Promise.allSettled([
    callMain(window.ganger, 'app.info', {}),
    connectToStore(window.ganger, {
      storage: (port) => database.attach(port),
      calls: (port) => client.attach(port),
    }),
  ]);
  const wish = info.status === 'fulfilled' ? info.value.language : null;
  const slot = info.status === 'fulfilled' ? info.value.window : 1;
  const root = document.getElementById('root');
  if (!root) return;
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <Notifications position="bottom-right" limit={3} />
        <I18nProvider wish={wish}>
          <StoreProvider access={access}>
            {connected.status === 'rejected' ? (
              <main className="g-sign-in">
                <ErrorNote
                  error={toAppError(connected.reason)}
                  retry={() => window.location.reload()}
                />
              </main>
            ) : (
              <App slot={slot} />
            )}
          </StoreProvider>
        </I18nProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

void start();
