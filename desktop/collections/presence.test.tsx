import { useEffect } from 'react';
import type { ReactNode } from 'react';
import type { Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ToStore } from '#shared/ipc/port.ts';
import type { PersonHere, Screen, ShownScreen } from '#shared/ipc/presence.ts';
import { WindowDatabase } from './database.ts';
import { headlessRoot } from './headless-root.suite.ts';
import { StoreProvider } from './hooks.tsx';
import { OnScreen, usePresence, useTyping } from './presence.tsx';
import type { SharedField } from './presence.tsx';
import { StoreClient } from './store-client.ts';
import { Tables } from './tables.ts';
import { TYPING_MS } from './window-presence.ts';

const ITEM: Screen = {
  module: 'inventory',
  table: 'inventory_items',
  id: '00000000-0000-4000-8000-000000000001',
};
const person = (name: string, field: string | null, typing = false): PersonHere => ({
  user: '00000000-0000-4000-8000-000000000002',
  name,
  device: '00000000-0000-4000-8000-000000000003',
  focus: field === null ? null : { field, row: null, typing, position: null },
});

let client: StoreClient;
let database: WindowDatabase;
let root: Root;
let ports: MessagePort[] = [];
beforeEach(() => {
  client = new StoreClient();
  database = new WindowDatabase();
  root = headlessRoot();
});
afterEach(async () => {
  root.unmount();
  await database.close();
  for (const port of ports.splice(0)) port.close();
});

/** A store process as far as presence goes. */
function storeProcess() {
  const { port1, port2 } = new MessageChannel();
  ports = [...ports, port1, port2];
  const shown: (readonly ShownScreen[])[] = [];
  let watch: number | null = null;
  let n = 0;
  port1.onmessage = (event: MessageEvent) => {
    const message = ToStore.parse(event.data);
    if (message.kind === 'call') {
      shown.push((message.arg as { screens: ShownScreen[] }).screens);
      port1.postMessage({ kind: 'answer', id: message.id, value: null });
    } else if (message.kind === 'watch') {
      watch = message.id;
      n = 0;
      tell();
    }
  };
  const tell = (...people: PersonHere[]): void => {
    const others = people.length > 0 ? [{ ...ITEM, people, more: 0 }] : [];
    n += 1;
    if (watch !== null) {
      port1.postMessage({ kind: 'next', id: watch, n, json: JSON.stringify(others) });
    }
  };
  return { port: port2, shown, tell, last: () => shown.at(-1) };
}

interface Seen {
  names: string[];
  par: SharedField | null;
}
let seen: Seen = { names: [], par: null };
const note = (now: Seen): void => {
  seen = now;
};
function Inside(): ReactNode {
  const { people } = usePresence();
  const par = useTyping('par');
  useEffect(() => note({ names: people.map(({ name }) => name), par }), [people, par]);
  return null;
}
function render(isOpen: boolean): void {
  root.render(
    <StoreProvider access={{ client, database, tables: new Tables(database) }}>
      {isOpen && (
        <OnScreen screen={{ ...ITEM }}>
          <Inside />
        </OnScreen>
      )}
    </StoreProvider>,
  );
}
const nowhere = { target: new EventTarget() };

test('a mounted screen is shown until it is unmounted, with the field that the person is in', async () => {
  const { port, shown, last } = storeProcess();
  client.attach(port);
  render(true);
  await vi.waitFor(() => expect(last()).toEqual([{ ...ITEM, focus: null }]));
  seen.par?.props.onFocus(nowhere);
  const focus = { field: 'par', row: null, typing: false, position: null };
  await vi.waitFor(() => expect(last()).toEqual([{ ...ITEM, focus }]));
  seen.par?.props.onInput(nowhere);
  await vi.waitFor(() => expect(last()?.[0]?.focus?.typing).toBe(true));
  await vi.waitFor(() => expect(last()?.[0]?.focus?.typing).toBe(false), TYPING_MS + 1_000);
  seen.par?.props.onBlur();
  await vi.waitFor(() => expect(last()).toEqual([{ ...ITEM, focus: null }]));
  render(false);
  await vi.waitFor(() => expect(last()).toEqual([]));
  expect(shown).toHaveLength(6);
});

test('many keys at once are a few messages', async () => {
  const { port, shown } = storeProcess();
  client.attach(port);
  render(true);
  await vi.waitFor(() => expect(shown.length).toBeGreaterThan(0));
  const before = shown.length;
  for (let n = 0; n < 100; n += 1) seen.par?.props.onInput(nowhere);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(shown.length - before).toBeLessThanOrEqual(2);
});

test('others are seen on the screen and in their field; nobody while the store is away', async () => {
  const { port, tell, last } = storeProcess();
  client.attach(port);
  render(true);
  await vi.waitFor(() => expect(last()).toBeDefined());
  tell(person('Ana', 'par', true), person('Ben', null));
  await vi.waitFor(() => expect(seen.names).toEqual(['Ana', 'Ben']));
  expect(seen.par?.others.map(({ name }) => name)).toEqual(['Ana']);
  expect(seen.par?.typing.map(({ name }) => name)).toEqual(['Ana']);
  tell(person('Ana', 'bin'));
  await vi.waitFor(() => expect(seen.par?.others).toEqual([]));

  // A new store process knows nothing of this window: it is told anew.
  const next = storeProcess();
  client.attach(next.port);
  await vi.waitFor(() => expect(seen.names).toEqual([]));
  await vi.waitFor(() => expect(next.last()).toEqual([{ ...ITEM, focus: null }]));
});
