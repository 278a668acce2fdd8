import type { MessageFromRemote, MessageToRemote } from 'rxdb/plugins/storage-remote';
import { afterEach, expect, test, vi } from 'vitest';
import { createStorageChannel } from './storage-channel.ts';

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

function channel(options: Parameters<typeof createStorageChannel>[1] = {}) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const asked: unknown[] = [];
  port1.onmessage = (event: MessageEvent) => asked.push(event.data);
  const made = createStorageChannel(port2, options);
  const heard: MessageFromRemote[] = [];
  made.messages$.subscribe((message) => heard.push(message));
  const ask = (requestId: string, method = 'query') =>
    made.send({ connectionId: 'c', requestId, method, version: '', params: [] } as MessageToRemote);
  const say = (message: object) => port1.postMessage({ connectionId: 'c', ...message });
  return { made, asked, heard, ask, say };
}

test('a request without an answer fails as STORE_TIMEOUT, and its late answer is dropped', async () => {
  const { heard, ask, say } = channel({ timeoutMs: 20 });
  ask('1');
  await vi.waitFor(() =>
    expect(heard).toEqual([
      expect.objectContaining({
        answerTo: '1',
        error: { name: 'Error', message: 'STORE_TIMEOUT' },
      }),
    ]),
  );
  say({ answerTo: '1', method: 'query', return: '{}' });
  ask('2');
  say({ answerTo: '2', method: 'query', return: '{}' });
  await vi.waitFor(() => expect(heard.map(({ answerTo }) => answerTo)).toEqual(['1', '2']));
});

test('closing and removing succeed without an answer, so that RxDB frees the collection', async () => {
  const { heard, ask } = channel({ timeoutMs: 20 });
  ask('1', 'close');
  ask('2', 'remove');
  await vi.waitFor(() =>
    expect(heard.map((message) => message.error)).toEqual([undefined, undefined]),
  );
});

test('a retired channel answers what is open and what is asked later', async () => {
  const { made, heard, ask } = channel();
  ask('1');
  made.retire({ closePort: true });
  ask('2');
  await vi.waitFor(() =>
    expect(heard.map(({ answerTo, error }) => [answerTo, error?.message])).toEqual([
      ['1', 'STORE_RESTARTING'],
      ['2', 'STORE_RESTARTING'],
    ]),
  );
});

test('change events are acknowledged together', async () => {
  const { asked, heard, say } = channel();
  for (let n = 0; n < 5; n += 1) say({ answerTo: 'changestream', method: 'changeStream' });
  await vi.waitFor(() => expect(heard).toHaveLength(5));
  await vi.waitFor(() => expect(asked).toEqual([{ method: 'ack', events: 5 }]));
});

test('tells when the store has left events out', async () => {
  const onOverflow = vi.fn();
  const { say, heard } = channel({ onOverflow });
  say({ answerTo: 'changestream', method: 'overflow' });
  await vi.waitFor(() => expect(onOverflow).toHaveBeenCalledOnce());
  expect(heard).toEqual([]);
});
