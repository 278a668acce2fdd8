import { afterEach, describe, expect, test, vi } from 'vitest';
import { ToStore } from '#shared/ipc/port.ts';
import { StoreClient } from './store-client.ts';

const SYNCED = {
  state: 'synced',
  online: true,
  waiting: 0,
  needsYou: 0,
  lastSyncedAt: 1_800_000_000_000,
  firstSync: null,
  problem: null,
};

/** The store's end of a real port pair: collects what arrives and answers on demand. */
function store() {
  const { port1, port2 } = new MessageChannel();
  const received: ToStore[] = [];
  port1.onmessage = (event: MessageEvent) => {
    received.push(ToStore.parse(event.data));
  };
  opened.push(() => port1.close());
  const of = async (kind: ToStore['kind'], nth = 0) => {
    await vi.waitFor(() => expect(received.filter((m) => m.kind === kind)[nth]).toBeDefined());
    return received.filter((m) => m.kind === kind)[nth] as ToStore;
  };
  return { port: port2, received, of, send: (message: unknown) => port1.postMessage(message) };
}
const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

describe('StoreClient calls', () => {
  test('resolve with the parsed answer', async () => {
    const client = new StoreClient();
    const { port, of, send } = store();
    client.attach(port);
    const answer = client.call('sync.parked', {});
    const { id } = await of('call');
    send({ kind: 'answer', id, value: [] });
    await expect(answer).resolves.toEqual([]);
  });

  test('made before the first port are sent with it', async () => {
    const client = new StoreClient();
    const answer = client.call('sync.now', {});
    const { port, of, send } = store();
    client.attach(port);
    const { id } = await of('call');
    send({ kind: 'answer', id, value: null });
    await expect(answer).resolves.toBeNull();
  });

  test('fail with the code of the store', async () => {
    const client = new StoreClient();
    const { port, of, send } = store();
    client.attach(port);
    const answer = client.call('auth.signOut', {});
    const caught = expect(answer).rejects.toMatchObject({ code: 'STORE_NOT_OPEN' });
    const { id } = await of('call');
    send({ kind: 'failed', id, error: { code: 'STORE_NOT_OPEN', details: {} } });
    await caught;
  });

  test('fail when the answer is not of the contract', async () => {
    const client = new StoreClient();
    const { port, of, send } = store();
    client.attach(port);
    const answer = client.call('sync.parked', {});
    const caught = expect(answer).rejects.toMatchObject({ code: 'INTERNAL' });
    const { id } = await of('call');
    send({ kind: 'answer', id, value: [{ table: 'x' }] });
    await caught;
  });

  test('fail when no answer comes in time', async () => {
    const client = new StoreClient();
    client.attach(store().port);
    await expect(client.call('sync.now', {}, 20)).rejects.toMatchObject({ code: 'STORE_TIMEOUT' });
  });

  test('that are open when the store restarts fail as STORE_RESTARTING', async () => {
    const client = new StoreClient();
    client.attach(store().port);
    const answer = client.call('sync.now', {});
    const caught = expect(answer).rejects.toMatchObject({ code: 'STORE_RESTARTING' });
    client.attach(store().port);
    await caught;
  });
});

describe('StoreClient watches', () => {
  test('share one subscription and keep the last value', async () => {
    const client = new StoreClient();
    const { port, received, of, send } = store();
    client.attach(port);
    const listener = vi.fn();
    const watch = client.watch('sync.status', {});
    watch.subscribe(listener);
    client.watch('sync.status', {}).subscribe(() => undefined);
    const { id } = await of('watch');
    send({ kind: 'next', id, json: JSON.stringify(SYNCED) });
    await vi.waitFor(() => expect(listener).toHaveBeenCalled());
    expect(watch.current()).toEqual({ data: SYNCED, stale: false, error: null });
    expect(received.filter(({ kind }) => kind === 'watch')).toHaveLength(1);
  });

  test('ask again by themselves after a restart, with the old value marked stale meanwhile', async () => {
    const client = new StoreClient();
    const first = store();
    client.attach(first.port);
    const watch = client.watch('sync.status', {});
    watch.subscribe(() => undefined);
    const { id } = await first.of('watch');
    first.send({ kind: 'next', id, json: JSON.stringify(SYNCED) });
    await vi.waitFor(() => expect(watch.current().stale).toBe(false));

    const second = store();
    client.attach(second.port);
    expect(watch.current()).toEqual({ data: SYNCED, stale: true, error: null });
    const again = await second.of('watch');
    second.send({ kind: 'next', id: again.id, json: JSON.stringify({ ...SYNCED, waiting: 3 }) });
    await vi.waitFor(() => expect(watch.current().data?.waiting).toBe(3));
    expect(watch.current().stale).toBe(false);
  });

  test('that fail keep their last value and try again', async () => {
    const client = new StoreClient();
    const { port, of, send } = store();
    client.attach(port);
    const watch = client.watch('sync.status', {});
    watch.subscribe(() => undefined);
    const { id } = await of('watch');
    send({ kind: 'next', id, json: JSON.stringify(SYNCED) });
    send({ kind: 'failed', id, error: { code: 'STORE_NOT_OPEN', details: {} } });
    await vi.waitFor(() => expect(watch.current().error?.code).toBe('STORE_NOT_OPEN'));
    expect(watch.current().data).toEqual(SYNCED);
    const again = await of('watch', 1);
    send({ kind: 'next', id: again.id, json: JSON.stringify(SYNCED) });
    await vi.waitFor(() => expect(watch.current().error).toBeNull());
  });

  const ROWS = ['a', 'b', 'c'].map((id, n) => ({
    lot_id: id,
    lot_no: id.toUpperCase(),
    expiry_date: null,
    location_id: 'site',
    on_hand: n,
  }));

  async function watchedLots() {
    const client = new StoreClient();
    const { port, of, send, received } = store();
    client.attach(port);
    const watch = client.watch('inventory.lots', { itemId: 'x' });
    watch.subscribe(() => undefined);
    const { id } = await of('watch');
    send({ kind: 'next', id, n: 1, json: JSON.stringify(ROWS) });
    await vi.waitFor(() => expect(watch.current().stale).toBe(false));
    return { watch, of, send, received, id };
  }

  test('take a patch of a list: what did not change stays the same object', async () => {
    const { watch, send, id, received } = await watchedLots();
    const [first] = watch.current().data ?? [];
    const changed = { ...ROWS[2], on_hand: 7 };
    const patch = { drop: [1, 2], put: [[0, changed]], length: 2 };
    send({ kind: 'patch', id, n: 2, json: JSON.stringify(patch) });
    await vi.waitFor(() => expect(watch.current().data).toEqual([changed, ROWS[0]]));
    expect(watch.current().data?.[1]).toBe(first);
    await vi.waitFor(() => expect(received.filter(({ kind }) => kind === 'seen')).toHaveLength(2));
  });

  test.each([
    ['after a frame that was missed', 3, { drop: [], put: [], length: 3 }],
    ['that does not fit the list', 2, { drop: [], put: [[9, ROWS[0]]], length: 4 }],
    ['with a row that is not of the contract', 2, { drop: [0], put: [[0, {}]], length: 3 }],
  ])('given a patch %s ask for the whole and are stale meanwhile', async (_, n, patch) => {
    const { watch, of, send, id } = await watchedLots();
    send({ kind: 'patch', id, n, json: JSON.stringify(patch) });
    const again = await of('watch', 1);
    expect(watch.current()).toEqual({ data: ROWS, stale: true, error: null });
    send({ kind: 'next', id: again.id, n: 1, json: '[]' });
    await vi.waitFor(() =>
      expect(watch.current()).toEqual({ data: [], stale: false, error: null }),
    );
  });

  test('forget what was read when somebody else comes', async () => {
    const client = new StoreClient();
    const { port, of, send } = store();
    client.attach(port);
    const watch = client.watch('inventory.lots', { itemId: 'x' });
    watch.subscribe(() => undefined);
    const { id } = await of('watch');
    send({ kind: 'next', id, n: 1, json: JSON.stringify(ROWS) });
    await vi.waitFor(() => expect(watch.current().data).toHaveLength(3));
    client.forget();
    expect(watch.current()).toEqual({ data: undefined, stale: true, error: null });
    const again = await of('watch', 1);
    expect(again.id).not.toBe(id);
  });

  test('that nobody looks at any more end when somebody else comes, and when the store starts again', async () => {
    const client = new StoreClient();
    const first = store();
    client.attach(first.port);
    const looks = client.watch('inventory.lots', { itemId: 'seen' }).subscribe(() => undefined);
    client.watch('inventory.lots', { itemId: 'kept' }).subscribe(() => undefined);
    await first.of('watch', 1);
    // It stays warm for the way back of the same person, and of nobody else.
    looks();
    client.forget();
    const { id } = await first.of('watch', 0);
    await vi.waitFor(() => expect(first.received).toContainEqual({ kind: 'unwatch', id }));
    const second = store();
    client.attach(second.port);
    await second.of('watch');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const asked = [...first.received.slice(2), ...second.received].filter(
      (m) => m.kind === 'watch' && JSON.stringify(m.arg).includes('seen'),
    );
    expect(asked).toEqual([]);
    // Whoever looks again asks anew.
    client.watch('inventory.lots', { itemId: 'seen' }).subscribe(() => undefined);
    await second.of('watch', 1);
  });

  test('of different arguments are different', async () => {
    const client = new StoreClient();
    const { port, received } = store();
    client.attach(port);
    client.watch('inventory.lots', { itemId: 'a' }).subscribe(() => undefined);
    client.watch('inventory.lots', { itemId: 'b' }).subscribe(() => undefined);
    await vi.waitFor(() => expect(received).toHaveLength(2));
  });
});
